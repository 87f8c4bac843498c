"""Every fact has a test."""

from __future__ import annotations

from tests.checklist.facts import collected, expected


def test_every_fact_has_a_test_and_no_test_names_another_fact():
    assert sorted(collected()) == sorted(expected())
