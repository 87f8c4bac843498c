"""Versions of modules and the constraints that calls put on them.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from itertools import zip_longest

from auditor.frozen import dataclass

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.~-]+))?(?:\+[0-9A-Za-z.~-]+)?")
_CONDITION = re.compile(r"\s*(>=|<=|!=|~>|=|>|<|)\s*(\S+)\s*")
_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its numbers as written, and what stands behind a ``-`` before the release."""

    numbers: tuple[int, ...]
    pre: str = ""

    def key(self) -> tuple[tuple[int, ...], bool, tuple[tuple[int, int, str], ...]]:
        """What versions are ordered by: one before the release comes first, its parts as numbers or text."""
        parts = tuple(
            (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in self.pre.split(".")
        )
        return _padded(self.numbers), not self.pre, parts


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return numbers + (0,) * (_SEGMENTS - len(numbers))


def parse_version(text: str) -> Version | None:
    """The version that a text is; None where it is none."""
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        return None
    return Version(tuple(int(number) for number in found[1].split(".")), found[2] or "")


def satisfies(version: Version, constraint: str) -> bool | None:
    """Whether a version meets all conditions of a constraint as ``~> 5.0, != 5.3``; None if that is none."""
    verdicts = []
    for part in constraint.split(","):
        found = _CONDITION.fullmatch(part)
        wanted = parse_version(found[2]) if found else None
        if found is None or wanted is None:
            return None
        verdicts.append(_meets(version, found[1] or "=", wanted))
    return all(verdicts)


def _meets(version: Version, operator: str, wanted: Version) -> bool:
    here, there = version.key(), wanted.key()
    match operator:
        case "=":
            return here == there
        case "!=":
            return here != there
        case _ if version.pre and (not wanted.pre or here[0] != there[0]):
            return False  # what comes before a release must be asked for by its name
        case ">=":
            return here >= there
        case "<=":
            return here <= there
        case ">":
            return here > there
        case "<":
            return here < there
        case _:
            fixed = wanted.numbers[:-1]
            same = all(a == b for a, b in zip_longest(fixed, version.numbers[: len(fixed)], fillvalue=0))
            return here >= there and same
