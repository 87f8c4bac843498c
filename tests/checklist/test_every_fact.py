"""Every fact has a test, but those that are said to wait for one."""

from __future__ import annotations

from tests.checklist.facts import AWAITED, collected, expected


def test_every_fact_has_a_test_and_no_test_names_another_fact():
    assert sorted({*collected(), *AWAITED}) == sorted(expected())
    assert sorted(AWAITED & collected().keys()) == []
