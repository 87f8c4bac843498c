"""What a baseline covers: the same finding, no surer and no more severe than it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.baseline import compared, entries, of_text, text_of
from auditor.finding import Finding, Judgement, Severity
from auditor.tree import Location

FINDING = Finding(
    rule="r",
    severity=Severity.MEDIUM,
    judgement=Judgement.VIOLATED,
    component="aws_security_group.a",
    at=Location("main.tf", 3, 1),
    message="open",
    fingerprint="a" * 32,
)
UNDETERMINED = replace(FINDING, judgement=Judgement.UNDETERMINED)


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        (FINDING, FINDING, True),
        (FINDING, replace(FINDING, at=Location("other.tf", 90, 5)), True),
        (FINDING, replace(FINDING, severity=Severity.LOW), True),
        (FINDING, replace(FINDING, severity=Severity.CRITICAL), False),
        (FINDING, UNDETERMINED, True),
        (UNDETERMINED, FINDING, False),
        (FINDING, replace(FINDING, fingerprint="b" * 32), False),
    ],
)
def test_a_finding_is_known_while_it_is_no_worse(before: Finding, after: Finding, known: bool):
    found = compared([after], entries([before]), ["r"])
    assert bool(found.known) is known
    assert bool(found.new) is not known


def test_a_baseline_comes_back_from_its_file():
    kept = entries([FINDING, UNDETERMINED])
    assert of_text(text_of(kept), "b.json") == kept
