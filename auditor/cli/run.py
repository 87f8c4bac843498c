"""What every command does around its question: read the network, print the document, choose the exit code."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from auditor import pipeline
from auditor.cli.options import Asked, Settings, pairs
from auditor.cli.outcome import Outcome
from auditor.cli.output import deliver, width
from auditor.errors import UsageError
from auditor.reach.asked import Ways, asked_traffic
from auditor.reach.names import Endpoint
from auditor.report import Document, NeighboursDocument, Question, Style, render, require_format, several
from auditor.sources import ReadOptions
from auditor.sources.config import Configuration, read_configuration

if TYPE_CHECKING:
    from auditor.sources.revisions import Revision

_PROGRESS_AFTER = 1.0  # seconds: shorter runs say nothing


def configuration(settings: Settings) -> Configuration:
    """The configuration file that applies: the one named, else ``netaudit.yaml`` here, else none."""
    return read_configuration(settings.config)


def network(
    settings: Settings, paths: tuple[str, ...] | None = None, *, shared: bool = False, fresh: bool = False
) -> pipeline.Network:
    """The network that the command's paths describe, or these.

    ``shared`` values may be for others alone. With ``fresh`` nothing is taken from the cache.
    """
    require_format(settings.format)
    given = configuration(settings)
    options = ReadOptions(
        variables=pairs(settings.variables, "--var"),
        var_files=settings.var_files,
        assumed=pairs(settings.assume, "--assume"),
        workspace=settings.workspace,
        modules=given.modules,
        roots=given.roots,
        parameters=pairs(settings.parameters, "--parameter"),
        parameter_files=settings.parameter_files,
        given=given.parameters,
        environment=dict(os.environ),
        shared=shared,
    )
    with progress("reading the input", quiet=settings.quiet):
        read = pipeline.load(
            *(settings.paths if paths is None else paths),
            options=options,
            strict=settings.strict,
            cache=settings.cached and not fresh,
            jobs=settings.jobs,
        )
    return replace(read, tiers=tuple(given.tiers.items()))


def sides(
    settings: Settings, asked: tuple[tuple[str | Revision, tuple[str, ...]], ...]
) -> tuple[pipeline.Network, ...]:
    """A network for each of several sides: a path or a revision, and the paths that are read with it.

    Raises UsageError for a value that none takes.
    """
    found: list[pipeline.Network] = []
    refused: list[UsageError] = []
    for side, more in asked:
        try:
            found.append(_side(settings, side, more))
        except UsageError as error:
            refused.append(error)
            found.append(_side(settings, side, more, shared=True))
    if len(refused) == len(asked) and len({_option(error) for error in refused}) == 1:
        raise refused[0]
    return tuple(found)


def _side(
    settings: Settings, side: str | Revision, more: tuple[str, ...], *, shared: bool = False
) -> pipeline.Network:
    if isinstance(side, str):
        return network(settings, (side, *more), shared=shared)
    from auditor.cli.revisions import network_at

    return network_at(settings, side, more, shared=shared)


def _option(error: UsageError) -> str:
    """The option and the value that an error is about: what stands before its explanation."""
    return str(error).partition(": ")[0]


def endpoints(read: pipeline.Network, name: str, *, every: bool) -> tuple[Endpoint, ...]:
    """What ``name`` stands for: one thing, or, with ``every``, each of several.

    Raises UsageError where it is several without ``every``: all are listed.
    """
    found = read.engine.endpoints(name)
    if len(found) > 1 and not every:
        listed = "".join(f"\n  {each.text}  {each.at or ''}".rstrip() for each in found)
        raise UsageError(f"{name!r} names several things:{listed}", hint="name one of these, or give --all")
    return found


def neighbours(
    settings: Settings, question: Question, name: str, asked: tuple[Asked, Ways], *, every: bool
) -> Outcome:
    """The answer to ``who-can-reach`` or ``reach-from``."""
    traffic = asked_traffic(asked[0].texts)
    read = network(settings)
    ask = read.further.who_can_reach if question is Question.WHO_CAN_REACH else read.further.reach_from
    with progress("following the packets", quiet=settings.quiet):
        documents = tuple(
            NeighboursDocument(
                neighbours=ask(end, traffic, asked[1]), question=question, inputs=read.input_names
            )
            for end in endpoints(read, name, every=every)
        )
    return outcome(several(documents, every=every), settings)


def outcome(document: Document, settings: Settings, code: int = 0, warning: str = "") -> Outcome:
    """What a command comes to that shows ``document`` in the format asked for."""
    style = Style(colour=settings.colour, verbose=settings.verbose, width=width())
    return Outcome(render(document, settings.format, style), code, warning)


def show(document: Document, settings: Settings) -> None:
    """Print ``document`` in the format asked for, or write it to the file named."""
    deliver(outcome(document, settings).text, settings)


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Say ``what`` on stderr once it has taken more than a second, if a person is there to read it."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(_PROGRESS_AFTER, click.echo, (f"netaudit: {what} …",), {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
