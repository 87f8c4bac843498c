"""Two networks compared: what became reachable, what ceased to be, and what cannot be compared."""

from __future__ import annotations

from auditor.compare.matching import Matching
from auditor.compare.matters import Matters
from auditor.compare.telling import difference
from auditor.compare.things import things
from auditor.difference import Apart, Change, Difference, Doubt, Evidence, Kind, Named, Undecided
from auditor.reach import Engine

__all__ = [
    "Apart",
    "Change",
    "Difference",
    "Doubt",
    "Evidence",
    "Kind",
    "Matters",
    "Named",
    "Undecided",
    "compare",
]


def compare(before: Engine, after: Engine) -> Difference:
    """The difference in reachability between two networks, which may come from two dialects.

    Things are matched by what they are called and where they stand; what cannot be told apart is matched with
    nothing. Two answers are compared by what they say of matched ends, never by addresses that AWS picks.
    """
    return difference((before, after), Matching(things(before), things(after)))
