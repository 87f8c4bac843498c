"""A snapshot as resources and gaps."""

from __future__ import annotations

import os

from auditor.collecting import collector_off
from auditor.errors import InputError
from auditor.sources.snapshot.answers import Answers, read_answer
from auditor.sources.snapshot.coverage import Coverage
from auditor.sources.snapshot.files import MANIFEST, AnswerFile, Seen, content, files
from auditor.sources.snapshot.kinds import ITEMS
from auditor.sources.snapshot.manifest import read_manifest
from auditor.sources.snapshot.recording import read_items
from auditor.sources.snapshot.text import BrokenError, Lines, Stretch
from auditor.sources.snapshot.things import Things
from auditor.tree import Gap, GapKind, Location, Reading


def read_files(paths: tuple[str, ...]) -> Reading:
    """All that the answers in several folders and files hold."""
    things, coverage = Things(), Coverage()
    with collector_off():
        for path in paths:
            for file in files(path):
                _file(file, things, coverage)
        resources = tuple(things.resources())
    open_ = tuple(coverage.left_out(_empty(coverage, things), Location(paths[0] if paths else "")))
    gaps = (*things.gaps, *(gap for gap, _ in open_))
    return Reading((*resources, *(stand_in for _, stand_in in open_)), gaps)


def _empty(coverage: Coverage, things: Things) -> frozenset[Seen]:
    """Where there is no VPC, and so nothing else of the network."""
    there = {thing.seen for thing in things.found.values() if thing.kind == "Vpcs"}
    return frozenset(seen for seen in coverage.complete("Vpcs") if seen not in there)


def _file(file: AnswerFile, things: Things, coverage: Coverage) -> None:
    try:
        text = content(file.path)
    except InputError as error:
        things.gap(GapKind.SYNTAX, file.path, Location(file.path), error.message)
        _lost(file, coverage, error.message)
        return
    lines = Lines(file.path, text)
    answers = Answers(lines, file.seen, things, coverage)
    try:
        _read(answers, file, Stretch.whole(text))
    except BrokenError as error:
        at = lines.at(error.at)
        things.gaps.append(Gap(GapKind.SYNTAX, file.path, at, error.why, "ask AWS again"))
        _lost(file, coverage, f"{at}: {error.why}")


def _read(answers: Answers, file: AnswerFile, whole: Stretch) -> None:
    if whole.start == whole.end:
        raise BrokenError("it is empty: the call that should have written it failed", whole.start)
    if whole.first != b"{":
        raise BrokenError("it is not an answer of AWS, which is an object", whole.start)
    if os.path.basename(file.path) == MANIFEST:  # noqa: PTH119 -- as it was typed
        read_manifest(answers, whole)
        return
    members = whole.members()
    recorded = [members[key] for key in ITEMS if key in members]
    for items in recorded:
        read_items(answers, items)
    if not recorded:
        read_answer(answers, whole)


def _lost(file: AnswerFile, coverage: Coverage, why: str) -> None:
    stem = os.path.basename(file.path).partition(".")[0]  # noqa: PTH119 -- as it was typed
    coverage.lost(file.seen, stem, Location(file.path), why)
