"""The options that commands share, and what they make of them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import ParamSpec, TypeVar

import click

from auditor.errors import UsageError
from auditor.frozen import dataclass

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the shared options say: how to read, and how to print. One field an option."""

    paths: tuple[str, ...]
    variables: tuple[str, ...]
    var_files: tuple[str, ...]
    parameters: tuple[str, ...]
    parameter_files: tuple[str, ...]
    assume: tuple[str, ...]
    workspace: str | None
    strict: bool
    config: str | None
    format: str
    output: str | None
    quiet: bool
    verbose: bool
    no_color: bool
    no_cache: bool
    jobs: int
    debug: bool

    @property
    def cached(self) -> bool:
        """Whether answers may be kept in the cache, and taken from it."""
        return not self.no_cache

    @property
    def colour(self) -> bool:
        """Whether the output is for eyes that see colours: a terminal, and nobody said no."""
        refused = self.no_color or self.output is not None or os.environ.get("NO_COLOR")
        return not refused and sys.stdout.isatty()


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``--protocol`` and ``--port`` say."""

    protocol: str | None
    ports: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The traffic that is asked for, as ``tcp/443`` texts; None for any."""
        words = tuple(word.strip() for port in self.ports for word in port.split(",") if word.strip())
        if words:
            return tuple(f"{self.protocol or 'tcp'}/{word}" for word in words)
        if self.protocol is None:
            return None
        return (f"proto/{self.protocol}" if self.protocol.isdigit() else self.protocol,)


SHARED: tuple[click.Parameter, ...] = (
    click.Argument(["paths"], nargs=-1, type=click.Path()),
    click.Option(
        ["--var", "variables"], multiple=True, metavar="NAME=VALUE", help="Set an input variable. Repeatable."
    ),
    click.Option(
        ["--var-file", "var_files"],
        multiple=True,
        metavar="[ROOT=]FILE",
        help="Read variables from a file; with ROOT=, for that root of several alone. Repeatable.",
    ),
    click.Option(
        ["--parameter", "parameters"],
        multiple=True,
        metavar="[STACK.]NAME=VALUE",
        help="Set a parameter of the templates, or a pseudo parameter (AWS::Region). Repeatable.",
    ),
    click.Option(
        ["--parameters", "parameter_files"],
        multiple=True,
        metavar="[STACK=]FILE",
        help="Read parameters from a file: of the AWS CLI, of CodePipeline, a plain map, or samconfig.toml. "
        "Repeatable.",
    ),
    click.Option(
        ["--assume"],
        multiple=True,
        metavar="ADDRESS.ATTRIBUTE=VALUE",
        help="Take this value where the input says none (a data source, a computed attribute).",
    ),
    click.Option(
        ["--workspace"],
        metavar="NAME",
        help="The Terraform workspace (default: the one that is selected in each root).",
    ),
    click.Option(["--strict"], is_flag=True, help="Assume nothing about what is outside the input."),
    click.Option(
        ["--config"], type=click.Path(), help="The configuration file (default: netaudit.yaml, if any)."
    ),
    click.Option(
        ["--format", "format"],
        default="text",
        show_default=True,
        help="How to print: text, json; check also gives csv, github, gitlab, junit, markdown, sarif; diff "
        "also gives markdown.",
    ),
    click.Option(["-o", "--output"], type=click.Path(), help="Write to this file instead of printing."),
    click.Option(["-q", "--quiet"], is_flag=True, help="Print nothing; only the exit code answers."),
    click.Option(["-v", "--verbose"], is_flag=True, help="Say more: every path, every note."),
    click.Option(["--no-color"], is_flag=True, help="No colours (also: the environment's NO_COLOR)."),
    click.Option(
        ["--no-cache"], is_flag=True, help="Neither use nor write what earlier runs have worked out."
    ),
    click.Option(
        ["--jobs"],
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Read several roots in N processes. It gains where there are four cores or more.",
    ),
    click.Option(["--debug"], is_flag=True, help="Show a traceback where netaudit itself fails."),
)


def _joined(args: list[str], alone: Mapping[str, str]) -> list[str]:
    """Words of which those that may do without a value take the next one as theirs."""
    words: list[str] = []
    before = ""
    for word in (*args, "-"):
        if before in alone and not word.startswith("-"):
            words[-1], before = f"{before}={word}", ""
            continue
        if before in alone:
            words[-1] = f"{before}={alone[before]}"
        words.append(word)
        before = word
    return words[:-1]


class NetworkCommand(click.Command):
    """A command that reads a network: it takes PATHS and the shared options, and gets them as ``Settings``
    (``@click.pass_obj``) before its own parameters. One that compares takes BASE and HEAD in place of PATHS.
    """

    @property
    def shared(self) -> tuple[click.Parameter, ...]:
        """The shared parameters that it takes."""
        return SHARED[1:] if self._sides else SHARED

    @property
    def _sides(self) -> tuple[str, ...]:
        """The names of its own arguments that say what is read."""
        return tuple(each.name for each in self.params if each.name in {"base", "head"})

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own parameters, the shared ones, and --help last."""
        own = super().get_params(ctx)
        return [*own[:-1], *self.shared, own[-1]]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words. An option that may do without a value has one only behind ``=``.

        Where there is a word more than the command has arguments, it is the value if it stands behind it.
        """
        alone = {
            name: option.flag_value
            for option in self.params
            if isinstance(option, click.Option) and isinstance(option.flag_value, str)
            for name in option.opts
        }
        words = [f"{word}={alone[word]}" if word in alone else word for word in args]
        if alone.keys() & set(args) and self.make_parser(ctx).parse_args(list(words))[1]:
            words = _joined(args, alone)
        return super().parse_args(ctx, words)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command with the shared options gathered."""
        if self._sides:
            ctx.params["paths"] = tuple(ctx.params.pop(name) for name in self._sides)
        given = {field.name: ctx.params.pop(field.name) for field in fields(Settings)}
        ctx.obj = Settings(**given)
        result: object = super().invoke(ctx)
        return result


def traffic_options(command: Callable[P, R]) -> Callable[P, R]:
    """``--protocol`` and ``--port``."""
    port = click.option(
        "--port", "ports", multiple=True, help="A port or a range (443, 8000-8100). Repeatable."
    )
    protocol = click.option(
        "--protocol", help="tcp (the default with --port), udp, icmp, icmpv6, a number, or all."
    )
    return protocol(port(command))


def every_option(command: Callable[P, R]) -> Callable[P, R]:
    """``--all``."""
    return click.option(
        "--all", "every", is_flag=True, help="Answer for each thing that an ambiguous name stands for."
    )(command)


def proxies_option(command: Callable[P, R]) -> Callable[P, R]:
    """``--through-proxies``."""
    return click.option(
        "--through-proxies",
        is_flag=True,
        help="Count what comes through load balancers, APIs and endpoints too; --port is what arrives.",
    )(command)


def ways_options(command: Callable[P, R]) -> Callable[P, R]:
    """``--through-proxies`` and ``--lateral``."""
    lateral = click.option(
        "--lateral",
        type=click.IntRange(min=1),
        is_flag=False,
        flag_value="3",
        metavar="[=HOPS]",
        help="Go on from every host reached, as an attacker who holds it would: at most so many connections "
        "in a row (3 where no number is given).",
    )
    return proxies_option(lateral(command))


_KEYS = re.compile(r'\["[^"]*"\]')


def pairs(words: tuple[str, ...], option: str) -> tuple[tuple[str, str], ...]:
    """``NAME=VALUE`` words as pairs; a ``=`` in a key (``["a=b"]``) is the name's.

    Raises UsageError for one without ``=``.
    """
    split = []
    for word in words:
        masked = _KEYS.sub(lambda key: "_" * len(key[0]), word)
        name, value = word[: masked.find("=")].strip(), word[masked.find("=") + 1 :]
        if "=" not in masked or not name:
            raise UsageError(f"{option} {word}: expected NAME=VALUE")
        split.append((name, value))
    return tuple(split)
