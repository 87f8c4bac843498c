"""The list that ``netaudit snapshot`` writes beside what it collects: above all, of what it was denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.snapshot.answers import Answers
from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import KINDS
from auditor.sources.snapshot.text import BrokenError, Stretch
from auditor.tree import Location

SCHEMA = "netaudit/snapshot/1"


def read_manifest(answers: Answers, whole: Stretch) -> None:
    """Note every call that was denied: what it would have told is open. BrokenError for another schema."""
    value = whole.value()
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise BrokenError(f"its schema is not {SCHEMA}", whole.start)
    denied = value.get("denied", [])
    if not isinstance(denied, list) or not all(isinstance(each, dict) for each in denied):
        raise BrokenError("its list of denied calls is none", whole.start)
    for each in denied:
        _denied(answers, each, answers.lines.at(whole.start))


def _denied(answers: Answers, denied: Mapping[str, Any], at: Location) -> None:
    account, region, operation, why = (
        str(denied.get(name) or "") for name in ("account", "region", "operation", "error")
    )
    for what in _kinds(operation) or (operation or "a call",):
        reason = why or "the call was denied"
        answers.coverage.denied(Seen(account, region), what, at, reason, "credentials that may ask for it")


def _kinds(operation: str) -> tuple[str, ...]:
    """The kinds that an operation tells of: ``ec2.DescribeVpcs``, ``ec2 describe-vpcs``, ``DescribeVpcs``."""
    asked = _letters(operation)
    return tuple(
        dict.fromkeys(
            kind.name
            for kind in KINDS
            for answer in kind.answers
            if asked
            in {_letters(answer.partition(":")[0]), _letters(answer.partition(":")[0].partition(".")[2])}
        )
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
