"""The versions that a constraint admits, as far as bounds tell them."""

from __future__ import annotations

import re

from auditor.frozen import dataclass

Edge = tuple[int, ...]
_CONDITION = re.compile(r"(=|!=|>=|<=|>|<|~>|)\s*v?(\d+(?:\.\d+){0,2})(?:[-+][\w.+-]*)?")
_NO_END: Edge = (1 << 30,)


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions from ``first`` up to, and without, ``end``. An edge is a version's three numbers; where a
    1 follows them, it lies just above that version."""

    first: Edge = (0, 0, 0)
    end: Edge = _NO_END

    def within(self, other: Versions) -> bool:
        """Whether each of these is one of the others."""
        return self.first >= other.first and self.end <= other.end

    def shared(self, other: Versions) -> Versions | None:
        """The versions that are in both; None where there are none."""
        first, end = max(self.first, other.first), min(self.end, other.end)
        return Versions(first, end) if first < end else None


EVERY_VERSION = Versions()


def admitted(constraint: str) -> Versions:
    """What a constraint such as ``>= 2.0, < 7.0`` admits at most; every version where it is not understood.

    ``!=`` excludes single versions only, and is passed over
    (https://developer.hashicorp.com/terraform/language/expressions/version-constraints).
    """
    found: Versions | None = EVERY_VERSION
    for condition in filter(None, (part.strip() for part in constraint.split(","))):
        matched = _CONDITION.fullmatch(condition)
        if matched is None or found is None:
            return EVERY_VERSION
        found = found.shared(_one(matched[1], tuple(map(int, matched[2].split(".")))))
    return EVERY_VERSION if found is None else found


def _one(operator: str, given: Edge) -> Versions:
    exact = (*given, 0, 0)[:3]
    above = (*exact, 1)
    match operator:
        case ">=":
            return Versions(first=exact)
        case ">":
            return Versions(first=above)
        case "<":
            return Versions(end=exact)
        case "<=":
            return Versions(end=above)
        case "~>":
            kept = given[: max(1, len(given) - 1)]
            return Versions(exact, (*kept[:-1], kept[-1] + 1, 0, 0)[:3])
        case "!=":
            return EVERY_VERSION
        case _:
            return Versions(exact, above)
