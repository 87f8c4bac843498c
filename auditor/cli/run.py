"""What every command does around its question: read the network, print the document, choose the exit code."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from auditor import pipeline
from auditor.cli.options import Asked, Settings, pairs
from auditor.errors import InputError, UsageError
from auditor.reach.names import Endpoint
from auditor.report import Document, NeighboursDocument, Question, Style, render, require_format, several
from auditor.sources import ReadOptions
from auditor.sources.config import Configuration, read_configuration

_PROGRESS_AFTER = 1.0  # seconds: shorter runs say nothing


def configuration(settings: Settings) -> Configuration:
    """The configuration file that applies: the one named, else ``netaudit.yaml`` here, else none."""
    return read_configuration(settings.config)


def network(settings: Settings) -> pipeline.Network:
    """The network that the command's paths describe."""
    require_format(settings.format)
    given = configuration(settings)
    options = ReadOptions(
        variables=pairs(settings.variables, "--var"),
        var_files=settings.var_files,
        assumed=pairs(settings.assume, "--assume"),
        workspace=settings.workspace,
        modules=given.modules,
        roots=given.roots,
        environment=dict(os.environ),
    )
    with progress("reading the input", quiet=settings.quiet):
        return pipeline.load(*settings.paths, options=options, strict=settings.strict)


def endpoints(read: pipeline.Network, name: str, *, every: bool) -> tuple[Endpoint, ...]:
    """What ``name`` stands for: one thing, or, with ``every``, each of several.

    Raises UsageError where it is several without ``every``: all are listed.
    """
    found = read.engine.endpoints(name)
    if len(found) > 1 and not every:
        listed = "".join(f"\n  {each.text}  {each.at or ''}".rstrip() for each in found)
        raise UsageError(f"{name!r} names several things:{listed}", hint="name one of these, or give --all")
    return found


def neighbours(settings: Settings, question: Question, name: str, asked: Asked, *, every: bool) -> None:
    """Answer ``who-can-reach`` or ``reach-from``."""
    traffic = pipeline.asked_traffic(asked.texts)
    read = network(settings)
    ask = read.engine.who_can_reach if question is Question.WHO_CAN_REACH else read.engine.reach_from
    with progress("following the packets", quiet=settings.quiet):
        documents = tuple(
            NeighboursDocument(neighbours=ask(end, traffic), question=question, inputs=read.input_names)
            for end in endpoints(read, name, every=every)
        )
    show(several(documents, every=every), settings)


def show(document: Document, settings: Settings) -> None:
    """Print ``document`` in the format asked for, or write it to the file named."""
    width = shutil.get_terminal_size((80, 24)).columns
    style = Style(colour=settings.colour, verbose=settings.verbose, width=max(width, 60))
    text = render(document, settings.format, style)
    if settings.output not in {None, "-"}:
        _write(str(settings.output), text)
    elif not settings.quiet:
        _print(text, colour=settings.colour)


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", at=path) from error


def _print(text: str, *, colour: bool) -> None:
    try:
        click.echo(text, nl=False, color=colour)
    except BrokenPipeError:
        # The reader has seen enough: nothing is wrong, and the exit code is still the answer's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
