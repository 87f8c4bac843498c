"""The options that commands share, and what they make of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import click

from auditor.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the shared options say: how to read, and how to print."""

    paths: tuple[str, ...]
    variables: tuple[str, ...]
    var_files: tuple[str, ...]
    assume: tuple[str, ...]
    workspace: str
    strict: bool
    config: str | None
    format: str
    output: str | None
    quiet: bool
    verbose: bool
    colour: bool


def paths_argument(command: Callable[P, R]) -> Callable[P, R]:
    """The PATHS that a command reads."""
    return click.argument("paths", nargs=-1, type=click.Path())(command)


def traffic_options(command: Callable[P, R]) -> Callable[P, R]:
    """``--protocol`` and ``--port``."""
    command = click.option("--port", "ports", multiple=True, help="A port or a range (443, 8000-8100). Repeatable.")(
        command
    )
    return click.option("--protocol", help="tcp (the default with --port), udp, icmp, icmpv6, a number, or all.")(command)


def asked(protocol: str | None, ports: tuple[str, ...]) -> tuple[str, ...] | None:
    """The traffic that ``--protocol`` and ``--port`` name, as texts; None for any."""
    words = tuple(word.strip() for port in ports for word in port.split(",") if word.strip())
    if words:
        return tuple(f"{protocol or 'tcp'}/{word}" for word in words)
    if protocol is None:
        return None
    return (f"proto/{protocol}" if protocol.isdigit() else protocol,)


_READING = (
    click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set an input variable. Repeatable."),
    click.option("--var-file", "var_files", multiple=True, type=click.Path(), help="Read variables from a file."),
    click.option(
        "--assume",
        multiple=True,
        metavar="ADDRESS.ATTRIBUTE=VALUE",
        help="Take this value where the input does not say one (a data source, a computed attribute). Repeatable.",
    ),
    click.option("--workspace", default="default", show_default=True, help="The Terraform workspace."),
    click.option("--strict", is_flag=True, help="Assume nothing about what is outside the input."),
    click.option("--config", type=click.Path(), help="The configuration file (default: ./netaudit.yaml, if any)."),
)
_PRINTING = (
    click.option("--format", "format_", default="text", show_default=True, help="How to print: text, json, …"),
    click.option("-o", "--output", type=click.Path(), help="Write to this file instead of printing."),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing; only the exit code answers."),
    click.option("-v", "--verbose", is_flag=True, help="Say more: every hop, every note."),
    click.option("--no-color", is_flag=True, help="No colours (also: the environment's NO_COLOR)."),
    click.option("--debug", is_flag=True, help="Show a traceback when netaudit itself fails."),
)


def shared_options(command: Callable[Concatenate[Settings, P], R]) -> Callable[..., R]:
    """Give ``command`` the shared options, as one ``Settings`` before its own parameters."""

    @wraps(command)
    def with_settings(  # noqa: PLR0913 - one parameter an option, gathered here and nowhere else
        *arguments: P.args,
        paths: tuple[str, ...],
        variables: tuple[str, ...],
        var_files: tuple[str, ...],
        assume: tuple[str, ...],
        workspace: str,
        strict: bool,
        config: str | None,
        format_: str,
        output: str | None,
        quiet: bool,
        verbose: bool,
        no_color: bool,
        debug: bool,  # noqa: ARG001 - read in main, before click
        **options: P.kwargs,
    ) -> R:
        settings = Settings(
            paths=paths,
            variables=variables,
            var_files=var_files,
            assume=assume,
            workspace=workspace,
            strict=strict,
            config=config,
            format=format_,
            output=output,
            quiet=quiet,
            verbose=verbose,
            colour=_wants_colour(no_color=no_color, to_file=output is not None),
        )
        return command(settings, *arguments, **options)

    decorated: Callable[..., R] = with_settings
    for option in reversed((*_READING, *_PRINTING)):
        decorated = option(decorated)
    return decorated


def pairs(words: tuple[str, ...], option: str) -> tuple[tuple[str, str], ...]:
    """``NAME=VALUE`` words as pairs. Raises UsageError for one without ``=``."""
    split = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{option} {word}: expected NAME=VALUE")
        split.append((name, value))
    return tuple(split)


def _wants_colour(*, no_color: bool, to_file: bool) -> bool:
    return not (no_color or to_file or os.environ.get("NO_COLOR")) and sys.stdout.isatty()
