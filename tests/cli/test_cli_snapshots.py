"""The text that people read, as a whole. ``pytest --update`` writes it anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import FIXTURES, process

EXPECTED = Path(__file__).parent / "expected"
QUESTIONS = {
    "who-can-reach": ("three-tier", "who-can-reach", "sg-database-postgres"),
    "who-can-reach-unknown": ("unknowns", "who-can-reach", "sg-database"),
    "reach-from": ("three-tier", "reach-from", "sg-app-server"),
    "can-reach": ("three-tier", "can-reach", "sg-app-server", "sg-database-postgres", "--port", "5432"),
    "can-reach-blocked": ("three-tier", "can-reach", "internet", "sg-database-postgres"),
    "can-reach-unknown": ("unknowns", "can-reach", "internet", "sg-bastion", "--port", "22"),
    "show": ("three-tier-broken", "show"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_text_is_what_it_was(name: str, request: pytest.FixtureRequest):
    fixture, *words = QUESTIONS[name]
    ran = process(*words, cwd=FIXTURES / fixture / "terraform")
    assert (ran.code, ran.err) == (0, "")
    expected = EXPECTED / f"{name}.txt"
    if request.config.getoption("--update"):
        expected.write_text(ran.out, encoding="utf-8")
    assert ran.out == expected.read_text("utf-8")


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_line_is_wider_than_eighty_columns(name: str):
    lines = (EXPECTED / f"{name}.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 80] == []
