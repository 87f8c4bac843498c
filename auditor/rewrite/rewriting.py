"""Findings become rewrites of files, or the reason why they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from auditor import disk
from auditor.finding import (
    AdmitReplies,
    ByHand,
    Finding,
    Judgement,
    ReferenceGroup,
    Remedy,
    RemoveRule,
)
from auditor.frozen import dataclass
from auditor.rewrite import entries, references, removals
from auditor.rewrite.addresses import address
from auditor.rewrite.edits import Edit, RefusedError, applied, overlap
from auditor.rewrite.layout import aligned
from auditor.rewrite.modules import Code
from auditor.tree import Location


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A finding, what mends it, and the edits that do."""

    finding: Finding
    remedy: Remedy
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding that is not rewritten, and why."""

    finding: Finding
    why: str


def rewrites(
    findings: Iterable[Finding], uses: Mapping[Location, int]
) -> tuple[tuple[Rewrite, ...], tuple[Refusal, ...]]:
    """The rewrites of the findings that have a remedy, and those that are refused.

    ``uses`` says how many rules are made of what stands at a place: text that makes several is not
    rewritten for one. Of two that touch one piece of text the first is taken.
    """
    done: list[Rewrite] = []
    refused: list[Refusal] = []
    taken: list[Edit] = []
    code = Code()
    rules = _Rules()
    for finding in findings:
        if finding.remedy is None or finding.judgement is not Judgement.VIOLATED:
            continue
        try:
            edits = tuple(_edits(finding.remedy, uses, code))
        except RefusedError as error:
            refused.append(Refusal(finding, str(error)))
            continue
        if overlap((*taken, *edits)):
            refused.append(Refusal(finding, "another rewrite changes the same text: run fix again"))
            continue
        if why := rules.why_not(finding.remedy):
            refused.append(Refusal(finding, why))
            continue
        taken.extend(edits)
        rules.note(finding.remedy)
        done.append(Rewrite(finding, finding.remedy, edits))
    return tuple(done), tuple(refused)


class _Rules:
    """The rules that are taken away, in whole or in part, and those that stay in their place."""

    def __init__(self) -> None:
        self.gone: set[Location] = set()
        self.staying: set[Location] = set()

    def why_not(self, remedy: Remedy) -> str:
        """Why a rule is not taken away beside others in one run; empty: nothing speaks against it."""
        if not isinstance(remedy, RemoveRule) or remedy.at == remedy.beside:
            return ""
        if remedy.at in self.gone | self.staying or remedy.beside in self.gone:
            return "another rewrite rests on the same rules: run fix again"
        return ""

    def note(self, remedy: Remedy) -> None:
        """Count a removal as made."""
        if isinstance(remedy, RemoveRule):
            self.gone.add(remedy.at)
            self.staying.add(remedy.beside)


def _edits(remedy: Remedy, uses: Mapping[Location, int], code: Code) -> Iterator[Edit]:
    for name, at, what in _places(remedy):
        if uses.get(at, 0) > 1:
            raise RefusedError(
                f"{what}, at {at}, is made several times: by a loop, a module, or several inputs"
            )
        if "[" in address(name).module:
            raise RefusedError(f"{what} is made by a module in a loop, or on a condition")
    match remedy:
        case ReferenceGroup():
            yield from references.edits(remedy, code)
        case RemoveRule():
            yield from removals.edits(remedy, code)
        case AdmitReplies():
            yield from entries.edits(remedy, code)
        case ByHand():
            raise RefusedError(remedy.why)
        case _:
            assert_never(remedy)


def _places(remedy: Remedy) -> Iterator[tuple[str, Location, str]]:
    """What a remedy changes or rests on: the address, where it is written, and what it is called."""
    match remedy:
        case ReferenceGroup():
            yield from ((remedy.own, at, text) for at, text in remedy.places)
        case RemoveRule():
            yield remedy.rule, remedy.at, remedy.rule
            yield remedy.other, remedy.beside, remedy.other
        case AdmitReplies():
            yield remedy.acl, remedy.at, remedy.acl
            yield from ((remedy.acl, entry.requests, "its entry") for entry in remedy.entries)
        case ByHand():
            return
        case _:
            assert_never(remedy)


def rewritten(done: Sequence[Rewrite]) -> dict[str, tuple[str, str]]:
    """Each file that the rewrites change: its text before, and after, laid out as ``terraform fmt`` does."""
    edits: dict[str, list[Edit]] = {}
    for rewrite in done:
        for edit in rewrite.edits:
            edits.setdefault(edit.path, []).append(edit)
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(edits):
        before = disk.content(path).decode("utf-8")
        ends = "\r\n" if "\r\n" in before else "\n"
        own = [replace(edit, text=edit.text.replace("\n", ends)) for edit in edits[path]]
        after, begins = applied(before, own)
        found[path] = before, aligned(path, after, begins)
    return found
