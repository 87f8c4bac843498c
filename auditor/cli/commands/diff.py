"""``netaudit diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings
from auditor.cli.outcome import Outcome, answered

if TYPE_CHECKING:
    from auditor.difference import Difference
    from auditor.pipeline import Network

NEW, UNDECIDED = 1, 3
_ANYTHING = "anything"


@click.command("diff", cls=NetworkCommand)
@click.argument("base")
@click.argument("head")
@click.option(
    "--fail-on-new",
    "matters",
    is_flag=False,
    flag_value=_ANYTHING,
    metavar="[=NAME,...]",
    help="Exit 1 if something is reachable that was not, 3 if that is undecided; with names (internet, "
    "a tier, a group), only if it begins or ends there.",
)
@click.option("--with-base", multiple=True, metavar="PATH", help="Read this with BASE. Repeatable.")
@click.option(
    "--with-head",
    multiple=True,
    metavar="PATH",
    help="Read this with HEAD: the code of a plan, another root. Repeatable.",
)
@click.pass_obj
@answered
def command(
    settings: Settings,
    /,
    *,
    matters: str | None,
    with_base: tuple[str, ...],
    with_head: tuple[str, ...],
) -> Outcome:
    """Tell what became reachable from BASE to HEAD, and what ceased to be.

    Each of the two is code, a plan, state, or a folder of them, in any of the languages that netaudit reads:
    the code that a change leaves behind, or what runs beside what the code says. Things are matched by ids,
    names and places. What one of the two does not decide is listed apart, and is no change.

    Exit codes: 0 done, 1 new reachability under --fail-on-new, 3 undecided under --fail-on-new.
    """
    from auditor import pipeline
    from auditor.cli.run import outcome, progress, sides
    from auditor.report import DifferenceDocument

    base, head = sides(
        settings,
        tuple(
            (_path(path), *more) for path, more in zip(settings.paths, (with_base, with_head), strict=True)
        ),
    )
    with progress("comparing", quiet=settings.quiet):
        found = pipeline.diff(base, head)
        code = 0 if matters is None else _exit_code((base, head), found, matters)
    document = DifferenceDocument(
        difference=found,
        inputs=tuple(dict.fromkeys((*base.input_names, *head.input_names))),
        sides=(base.input_names, head.input_names),
    )
    return outcome(document, settings, code)


def _path(text: str) -> str:
    """A side of the comparison. Raises UsageError where it is no path: it may be meant as a git revision."""
    from auditor import disk
    from auditor.errors import UsageError

    if text == "-" or "\0" in text or disk.is_link(text) or disk.kind(text) is not disk.Kind.ABSENT:
        return text
    raise UsageError(
        f"{text!r} is no path",
        hint="git revisions are not read yet: git worktree add ../base REVISION, and name that folder",
    )


def _exit_code(sides: tuple[Network, Network], found: Difference, matters: str) -> int:
    from auditor import pipeline

    names = tuple(name.strip() for name in matters.split(",") if name.strip() not in {"", _ANYTHING})
    new, perhaps = pipeline.new_reachability(sides[0], sides[1], found, names)
    if new:
        return NEW
    return UNDECIDED if perhaps else 0
