"""Whether things stand in one Availability Zone, by the zones of their subnets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from auditor.finding import Related
from auditor.frozen import dataclass
from auditor.model import Links, Truth
from auditor.reach import Index
from auditor.reach.forwarding.zones import same_zone
from auditor.tree import Location, Reason

# An item of the list of a Region's zones, which names each once.
_ITEM = re.compile(
    r"(?P<list>(?:module\.[^\s()]+\.)?data\.aws_availability_zones\..+\.(?:names|zone_ids))\[(?P<place>\d+)\]"
    r'|Select\("(?P<number>\d+)", (?P<zones>GetAZs\(.*\))\)'
)
# ``element`` begins anew at the end of the list; a Region has three zones or more.
# https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/availability-zones.html
_ELEMENT = re.compile(
    r"element\((?P<list>(?:module\.[^\s()]+\.)?data\.aws_availability_zones\..+\.(?:names|zone_ids)),"
    r" (?P<place>[01])\)"
)
# The name of a Region that is not known, and the letter of a zone.
_LETTER = re.compile(r'(?P<region>.*(?:\}|\+ ")|.*\+ ")(?P<letter>[a-z])"')


@dataclass(frozen=True, slots=True)
class Standing:
    """A subnet and its zone (``""``: not known); ``sure`` where something certainly stands in it."""

    subnet: str
    zone: str
    at: Location | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Spread:
    """Whether standings are spread over several zones, and why that is not known where it is not."""

    standings: tuple[Standing, ...]
    truth: Truth
    reasons: tuple[Reason, ...] = ()

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones, as the input calls them."""
        return tuple(dict.fromkeys(one.zone for one in self.standings if one.zone))

    @property
    def proof(self) -> tuple[str, ...]:
        """Which subnet lies in which zone."""
        return tuple(
            f"{one.subnet} lies in {one.zone or 'a zone that is not known'}{f' ({one.at})' if one.at else ''}"
            for one in self.standings
        )

    @property
    def related(self) -> tuple[Related, ...]:
        """The subnets."""
        found = (
            Related(at=one.at, text=f"{one.subnet} in {one.zone or 'an unknown zone'}")
            for one in self.standings
            if one.at
        )
        return tuple(dict.fromkeys(found))


# A name, or nothing where that is an id, as the public module for VPCs asks.
_NAME_OR_ID = re.compile(
    r'\(\(length\(regexall\("\^\[a-z\]\{2\}-", (?P<zone>.+)\)\) > 0\) \? (?P=zone) : null\)'
)


def plain(zone: str) -> str:
    """The zone that a value names which is either its name or nothing."""
    found = _NAME_OR_ID.fullmatch(zone)
    return found["zone"] if found else zone


def same(one: str, other: str) -> Truth:
    """Whether two zones are one; items of one list at different places are not, nor letters of one Region."""
    if not one or not other or one == other:
        return same_zone(one, other)
    for form in (_ITEM, _ELEMENT, _LETTER):
        found = [form.fullmatch(zone) for zone in (one, other)]
        if found[0] and found[1]:
            texts = [[part for part in each.groups() if part is not None] for each in found if each]
            differing = sum(a != b for a, b in zip(*texts, strict=True))
            if differing == 1 and _by_place(texts[0], texts[1]):
                return Truth.NO
    return same_zone(one, other)


def _by_place(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two items differ in the place (the shorter part), and not in what they are items of."""
    longest = max(range(len(one)), key=lambda part: len(one[part]))
    return one[longest] == other[longest]


def standing(links: Links, index: Index) -> tuple[Standing, ...]:
    """Where something stands that names these subnets."""
    found = []
    for link in links.items:
        identity = index.canonical(link.id)
        subnet = index.subnets.get(identity)
        zone, at = (subnet.zone, subnet.at) if subnet else ("", None)
        found.append(Standing(identity, zone, at, link.certain))
    return tuple(dict.fromkeys(found))


def spread(standings: Sequence[Standing], open_: Iterable[Reason] = ()) -> Spread:
    """Whether the standings certainly lie in several zones (YES), in one (NO), or that is not known.

    ``open_`` says why there may be others.
    """
    given = tuple(replace(one, zone=plain(one.zone)) for one in standings)
    why = tuple(open_)
    sure = tuple(dict.fromkeys(one.zone for one in given if one.sure))
    if any(same(one, other) is Truth.NO for one, other in combinations(sure, 2)):
        return Spread(given, Truth.YES)
    if why or "" in sure or len(sure) > 1 or not all(one.sure for one in given):
        return Spread(given, Truth.UNKNOWN, tuple(dict.fromkeys((*why, *_reasons(given)))))
    return Spread(given, Truth.NO)


def _reasons(given: Iterable[Standing]) -> Iterable[Reason]:
    for one in given:
        at = one.at or Location("")
        if not one.sure:
            yield Reason(f"whether anything of it stands in {one.subnet}", at)
        elif not one.zone:
            how = "give availability_zone" if one.at else "the input that defines the subnet, or a snapshot"
            yield Reason(f"the zone of {one.subnet}", at, how)
        else:
            yield Reason(f"which zone {one.zone} is", at, "a value for it, or a snapshot")
