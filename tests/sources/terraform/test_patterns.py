"""Regular expressions: the syntax, which match counts, and that none takes long.

That they are Go's is tested by the table (``regex``, ``regexall`` and ``replace`` in console.json).
"""

from __future__ import annotations

import contextlib
import random
import time

import pytest

from auditor.errors import InputError
from auditor.sources.terraform.patterns import Undecided, compiled
from auditor.sources.terraform.patterns.machine import Budget, Machine
from auditor.sources.terraform.patterns.program import program
from auditor.sources.terraform.patterns.syntax import Reader

HOSTILE = [
    ("(a+)+$", "a" * 100_000 + "b"),
    ("(a|a)*$", "a" * 5_000 + "b"),
    ("(.*)(.*)(.*)(.*)(.*)x", "a" * 3_000),
    (".*.*.*=.*", "x" * 200_000),
    (r"(\w+\s?)*$", "abc " * 20_000 + "!"),
    ("(?i)(x+x+)+y", "x" * 3_000),
    ("((((((a*)*)*)*)*)*)*b", "a" * 3_000),
    ("(?:a?){500}a{500}", "a" * 499),
    ("(a?){1000}(a?){1000}b", "a" * 1_000),
    ("(|a)+", "a" * 100_000),
    (r"\pL+", "é" * 1_000_000),
    (r"(?i)é[^x]*y", "é" * 100_000),
    ("(" * 40 + "a" + ")*" * 40 + "b", "a" * 20_000),
    ("(" * 5_000 + "a" + ")" * 5_000, "a"),
    ("a?" * 5_000, "a" * 5_000),
    ("x" * 1_000_000, "x"),
    ("((a{1,10}){1,10}){1,10}" * 20, "a" * 1_000),
]


def spans(pattern: str, text: str) -> list[tuple[int, ...]]:
    return list(compiled(pattern).matches(text))


@pytest.mark.parametrize(("pattern", "text"), HOSTILE, ids=[pattern[:20] for pattern, _ in HOSTILE])
def test_a_hostile_pattern_is_decided_or_given_up_and_never_explodes(pattern: str, text: str) -> None:
    """Each takes well under a second; one that explodes takes hours, whatever else the machine does."""
    started = time.process_time()
    with contextlib.suppress(Undecided):
        spans(pattern, text)
    assert time.process_time() - started < 20


def test_what_can_be_decided_quickly_is() -> None:
    assert spans("(a+)+$", "a" * 1_000 + "b") == []
    assert len(spans("[a-z]+", "abc def " * 50_000)) == 100_000


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a|ab", "ab", [(0, 1)]),
        ("(a|ab)(c|bcd)", "abcd", [(0, 4, 0, 1, 1, 4)]),
        ("|a", "a", [(0, 0), (1, 1)]),
        ("a*", "baac", [(0, 0), (1, 3), (4, 4)]),
        ("a$", "a\n", []),
        ("(?m)a$", "a\n", [(0, 1)]),
        ("(a*)+", "b", [(0, 0, 0, 0), (1, 1, 1, 1)]),
        (r"\bé", "aé", [(1, 2)]),
        ("(?i)k", "\u212a", [(0, 1)]),
        (r"(?i)\W", "s\u017f", []),
    ],
)
def test_the_match_is_the_one_that_go_finds(pattern: str, text: str, found: list[tuple[int, ...]]) -> None:
    assert spans(pattern, text) == found


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[a", "a**", "(?=a)", r"\1", "x{1001}", "(?z)", r"\pQ", "*", r"\C"]
)
def test_a_pattern_that_go_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="invalid regexp pattern"):
        compiled(pattern)


def test_a_script_is_not_known_rather_than_wrong() -> None:
    with pytest.raises(Undecided, match="script"):
        compiled(r"\p{Greek}")


PIECES = [
    "a",
    "b",
    "ab",
    ".",
    "[ab]",
    "[^a]",
    "^",
    "$",
    r"\b",
    r"\w",
    "(?:a|b)",
    "(a)",
    "(a|ab)",
    "(?i:B)",
    "(?s:.)",
]
TIMES = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}"]


def random_pattern(dice: random.Random) -> str:
    parts = [dice.choice(PIECES) + dice.choice(TIMES) for _ in range(dice.randint(1, 4))]
    if dice.random() < 0.3:
        parts.insert(dice.randrange(len(parts)), "|")
    return "".join(parts)


def test_both_engines_find_the_same_matches() -> None:
    dice = random.Random(7)
    quick = 0
    for _ in range(3_000):
        pattern, text = (
            random_pattern(dice),
            "".join(dice.choice("aab\nc ") for _ in range(dice.randint(0, 9))),
        )
        reader = Reader(pattern)
        machine = Machine(*program(reader.read()), len(reader.names))
        found = compiled(pattern)
        if not found._is_quick(text):
            continue
        quick += 1
        for start in range(len(text) + 1):
            expected = machine.search(text, start, Budget())
            assert found._quickly(text, start, Budget()) == expected, (pattern, text)
    assert quick > 1_000
