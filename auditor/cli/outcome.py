"""What a command comes to, and the same again without the work while nothing has changed."""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import click

from auditor.cli.options import Settings
from auditor.cli.output import deliver, width
from auditor.frozen import dataclass

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a run of a command leaves: its output, its exit code, and what it says on standard error."""

    text: str
    code: int = 0
    warning: str = ""


def answered(
    command: Callable[Concatenate[Settings, P], Outcome],
) -> Callable[Concatenate[Settings, P], None]:
    """A command whose outcome is delivered, and remembered unless ``--no-cache`` is given.

    Only for commands that do nothing but answer: at the second run the command is not called.
    """

    @wraps(command)
    def run(settings: Settings, /, *arguments: P.args, **options: P.kwargs) -> None:
        def compute() -> Outcome:
            return command(settings, *arguments, **options)

        given = (repr(arguments), repr(sorted(options.items())), repr(settings))
        # What is answered for holds until a day: no answer of yesterday's is given today.
        asked = (command.__module__, *given, time.strftime("%Y-%m-%d"))
        outcome = _remembered(asked, compute, settings) if settings.cached else compute()
        deliver(outcome.text, settings)
        if outcome.warning:
            click.echo(outcome.warning, err=True)
        sys.exit(outcome.code)

    return run


def _remembered(asked: tuple[str, ...], compute: Callable[[], Outcome], settings: Settings) -> Outcome:
    from auditor.cache.folder import NoCacheError, cache_folder
    from auditor.cache.remembered import remembered

    if settings.debug:
        try:
            cache_folder(os.environ)
        except NoCacheError as error:
            click.echo(f"netaudit: no cache: {error}", err=True)
    return remembered(
        ("outcome", *asked, settings.colour, width()),
        compute,
        environment=os.environ,
        to_bytes=lambda outcome: marshal.dumps((outcome.text, outcome.code, outcome.warning)),
        from_bytes=_outcome,
    )


def _outcome(kept: bytes) -> Outcome | None:
    match marshal.loads(kept):  # noqa: S302 - its digest and its folder are checked
        case (str(text), int(code), str(warning)):
            return Outcome(text, code, warning)
        case _:
            return None
