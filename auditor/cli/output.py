"""Where what a command says goes: the terminal, a file, or nowhere."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from auditor.cli.options import Settings
from auditor.errors import InputError


def width() -> int:
    """How many columns the output may take."""
    return max(shutil.get_terminal_size((80, 24)).columns, 60)


def deliver(text: str, settings: Settings) -> None:
    """Print ``text``, or write it to the file that the options name. Raises InputError where it cannot."""
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
