"""What a list of rules, asked in order, does with packets: passes them, drops them, or leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from auditor.frozen import dataclass
from auditor.reach.points import ALL, NONE
from auditor.traffic import NOTHING, Bounds, Traffic, exact


@dataclass(frozen=True, slots=True)
class Fate:
    """The packets that some rules decide about; all others are left to what comes after them."""

    passed: Bounds[Traffic]
    dropped: Bounds[Traffic]

    def then(self, other: Fate) -> Fate:
        """What both do, where ``other`` is asked about what is left."""
        return Fate(
            _joined(self.passed, _without(other.passed, self.dropped)),
            _joined(self.dropped, _without(other.dropped, self.passed)),
        )


LEFT = Fate(NONE, NONE)


def in_order(fates: Sequence[Fate]) -> Fate:
    """What rules do whose first match wins."""
    return _halved([_together(list(run)) for _, run in groupby(fates, _kind)])


def within(one: Bounds[Traffic], other: Bounds[Traffic]) -> Bounds[Traffic]:
    """What lies in both."""
    # Most is all or nothing here, and cutting everything with everything costs as much as anything else.
    if one is ALL or not other.may:
        return other
    return one if other is ALL or not one.may else one & other


def rest_of(default: Bounds[Traffic], fate: Fate) -> Bounds[Traffic]:
    """What passes where ``default`` passes of what the rules leave."""
    return _joined(fate.passed, _without(default, fate.dropped)) if default.may else fate.passed


def perhaps(region: Bounds[Traffic]) -> Bounds[Traffic]:
    """The same where nothing of it is certain."""
    return Bounds(NOTHING, region.may)


def union(regions: Sequence[Bounds[Traffic]]) -> Bounds[Traffic]:
    """Any of the regions."""
    may = Traffic.union([one.may for one in regions])
    if all(one.must is one.may for one in regions):
        return exact(may)
    return Bounds(Traffic.union([one.must for one in regions]), may)


def _kind(fate: Fate) -> tuple[bool, bool]:
    return bool(fate.passed.may), bool(fate.dropped.may)


def _together(run: list[Fate]) -> Fate:
    """Neighbours of which all pass or all drop: their order makes no difference."""
    if len(run) == 1 or (run[0].passed.may and run[0].dropped.may):
        return _halved(run)
    return Fate(union([one.passed for one in run]), union([one.dropped for one in run]))


def _halved(fates: list[Fate]) -> Fate:
    # Halves of like size keep the differences between large sets few.
    if len(fates) < 2:
        return fates[0] if fates else LEFT
    middle = len(fates) // 2
    return _halved(fates[:middle]).then(_halved(fates[middle:]))


def _joined(one: Bounds[Traffic], other: Bounds[Traffic]) -> Bounds[Traffic]:
    if not other.may or one is ALL:
        return one
    return other if other is ALL or not one.may else one | other


def _without(one: Bounds[Traffic], other: Bounds[Traffic]) -> Bounds[Traffic]:
    return one - other if one.may and other.may else one
