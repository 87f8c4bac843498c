"""The rules of one security group in one direction, compiled for questions about groups and addresses."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.frozen import dataclass
from auditor.model import Rule, Truth
from auditor.reach.index import Index
from auditor.reach.points import NONE
from auditor.traffic import ANY, EMPTY, EVERYTHING, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.tree import Location, Reason

BY_ANY_GROUP: Bounds[IntSet] = Bounds(EMPTY, ANY)
_NO_ADDRESSES: Bounds[IntSet] = exact(EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One peer of one rule: a group (``group``), or addresses; ``service`` is what passes."""

    rule: Rule
    text: str
    at: Location
    group: str = ""
    addresses: Bounds[IntSet] = _NO_ADDRESSES
    service: Bounds[Traffic]
    reasons: tuple[Reason, ...] = ()


class Side:
    """The rules of one group in one direction."""

    __slots__ = (
        "_by_range",
        "_found",
        "_index",
        "_strangers",
        "any_group",
        "by_group",
        "by_territory",
        "matches",
        "outside",
    )

    def __init__(self, matches: tuple[Match, ...], outside: tuple[Reason, ...], index: Index) -> None:
        self.matches = matches
        self.outside = outside
        self._index = index
        self._found: dict[str, Bounds[Traffic] | None] = {}
        by_group: dict[str, list[Bounds[Traffic]]] = {}
        for match in matches:
            if match.group:
                by_group.setdefault(match.group, []).append(match.service)
        self.by_group = {group: union(services) for group, services in by_group.items()}
        self._strangers = [group for group in self.by_group if group not in index.groups]
        self.any_group = Traffic.union([bounds.may for bounds in self.by_group.values()])
        self.by_territory: dict[int, Bounds[Traffic]] = {}
        self._by_range: dict[IntSet, tuple[Bounds[Traffic], bool]] = {}

    def from_group(self, group: str) -> Bounds[Traffic] | None:
        """The services that pass from or to members of a group by rules that name it, or may name it."""
        others = self._strangers if group in self._index.groups else self.by_group
        if not others:
            return self.by_group.get(group)
        if group not in self._found:
            named = [self.by_group[group]] if group in self.by_group else []
            named.extend(
                Bounds(NOTHING, self.by_group[other].may)
                for other in others
                if self._index.same_group(group, other) is Truth.UNKNOWN
            )
            self._found[group] = union(named) if named else None
        return self._found[group]

    def from_addresses(self, addresses: IntSet) -> tuple[Bounds[Traffic], bool]:
        """The services that pass from or to *every* address (``must``) and *some* address (``may``).

        The second value says whether the addresses make a difference.
        """
        found = self._by_range.get(addresses)
        if found is None:
            found = self._by_range[addresses] = self._computed(addresses)
        return found

    def _computed(self, addresses: IntSet) -> tuple[Bounds[Traffic], bool]:
        if self.outside:
            return Bounds(self._every(addresses)[0], EVERYTHING), False
        must, split = self._every(addresses)
        may = Traffic.union(
            [match.service.may for match in self.matches if match.addresses.may.overlaps(addresses)]
        )
        return Bounds(must, may), split

    def _every(self, addresses: IntSet) -> tuple[Traffic, bool]:
        whole: list[Traffic] = []
        parts: list[Traffic] = []
        split = False
        for match in self.matches:
            sure = match.addresses.must
            if match.service.must and addresses <= sure:
                whole.append(match.service.must)
            elif match.addresses.may.overlaps(addresses) and not addresses <= match.addresses.may:
                split = True
            if sure.overlaps(addresses) and not addresses <= sure:
                parts.append(match.service.must & Traffic.of(destinations=sure))
        must = Traffic.union(whole)
        if len(parts) > 1:
            must = must | Traffic.union(parts).covers_all(destinations=addresses)
        return must, split


def union(bounds: Iterable[Bounds[Traffic]]) -> Bounds[Traffic]:
    """The union of any number of bounds."""
    given = list(bounds)
    if len(given) < 2:
        return given[0] if given else NONE
    may = Traffic.union([each.may for each in given])
    if all(each.must is each.may for each in given):
        return exact(may)
    return Bounds(Traffic.union([each.must for each in given]), may)
