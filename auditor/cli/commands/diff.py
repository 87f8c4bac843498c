"""``netaudit diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings
from auditor.cli.outcome import Outcome, answered

if TYPE_CHECKING:
    from auditor.difference import Difference
    from auditor.pipeline import Network
    from auditor.sources.revisions import Revision

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

    Each of the two is code, a plan, state, or a folder of them, in any of the languages that netaudit reads,
    or a revision of git: origin/main, HEAD~1:infra. A revision without a path is read where the other side
    stands; the working tree is not touched. Things are matched by ids, names and places. What one of the two
    does not decide is listed apart, and is no change.

    Exit codes: 0 done, 1 new reachability under --fail-on-new, 3 undecided under --fail-on-new.
    """
    from auditor import pipeline
    from auditor.cli.run import outcome, progress, sides
    from auditor.report import DifferenceDocument

    base, head = sides(
        settings,
        tuple(
            (side, more) for side, more in zip(_sides(settings.paths), (with_base, with_head), strict=True)
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


def _sides(texts: tuple[str, ...]) -> tuple[str | Revision, ...]:
    """What is compared: paths, and what is none as a revision, of the other side's path where it has none.

    Raises UsageError for what is neither.
    """
    from auditor.sources.revisions import revision

    are_paths = [_is_path(text) for text in texts]
    beside = next((text for text, is_path in zip(texts, are_paths, strict=True) if is_path), None)
    return tuple(
        text if is_path else revision(text, beside if beside != "-" else None)
        for text, is_path in zip(texts, are_paths, strict=True)
    )


def _is_path(text: str) -> bool:
    from auditor import disk

    return text == "-" or "\0" in text or disk.is_link(text) or disk.kind(text) is not disk.Kind.ABSENT


def _exit_code(sides: tuple[Network, Network], found: Difference, matters: str) -> int:
    from auditor import pipeline

    names = tuple(name.strip() for name in matters.split(",") if name.strip() not in {"", _ANYTHING})
    new, perhaps = pipeline.new_reachability(sides[0], sides[1], found, names)
    if new:
        return NEW
    return UNDECIDED if perhaps else 0
