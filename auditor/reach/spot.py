"""One place for an interface: the class on which every question is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace

from auditor.frozen import dataclass
from auditor.model import NO, Accelerated, Fact, Family, Truth
from auditor.traffic import Bounds, IntSet, Traffic
from auditor.tree import Location, Reason

_MOST_REASONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One interface in one address family, or many that no filter tells apart.

    ``addresses`` holds every private address that it may have: AWS or the input picks one of them, unless
    ``chosen``, where the question is about any of them. ``subnet`` None is a subnet not known. ``groups``
    are carried for certain, ``possible`` perhaps, and any other where ``open`` has a reason. ``certain`` is
    false where the spot itself may not exist. ``opens`` bounds the requests that it may send;
    ``listens`` holds the services that are accepted there, None where all may be. ``accelerated`` is what
    comes from the internet without its gateway's routes. ``owner`` names one of those that stand here.
    """

    vpc: str | None
    subnet: str | None
    family: Family
    addresses: IntSet
    chosen: bool = False
    groups: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    open: tuple[Reason, ...] = ()
    filtered: bool = True
    public: Fact = field(default=NO)
    certain: bool = True
    initiates: bool = True
    accepts: bool = True
    opens: Bounds[Traffic] | None = None
    listens: Traffic | None = None
    hypothetical: bool = False
    accelerated: tuple[Accelerated, ...] = ()
    reasons: tuple[Reason, ...] = ()
    range_reasons: tuple[Reason, ...] = ()
    owner: str = field(default="", compare=False)
    at: Location | None = field(default=None, compare=False)

    @property
    def hidden(self) -> bool:
        """Whether nothing on the internet can name it by an IPv4 address, its own or an accelerator's."""
        return self.public.truth is Truth.NO and not self.accelerated

    @property
    def selectable(self) -> bool:
        """Whether the asker has several addresses to choose among."""
        return self.chosen and self.addresses.size > 1


@dataclass(frozen=True, slots=True)
class Party:
    """Spots of one end: all of them exist, or (``one``) the interface is in one of their subnets.

    ``kin`` is one of the spots where all are alike but for their places, and ``territory`` a number for
    those places.
    """

    spots: tuple[Spot, ...]
    one: bool = False
    kin: Spot | None = None
    territory: int = 0

    @property
    def is_free(self) -> bool:
        """Whether nothing but groups and the network says what its spots may connect to."""
        return self.kin is None or self.kin.opens is None


def merged(parties: Iterable[Party]) -> Iterator[Party]:
    """The same spots with all that certainly exist side by side in one party, each class once."""
    spots: dict[Spot, None] = {}
    alone: dict[Party, None] = {}
    for party in parties:
        if party.one:
            alone[party] = None
        else:
            spots.update(dict.fromkeys(party.spots))
    if spots:
        yield Party(tuple(spots))
    yield from alone


def by_kind(party: Party) -> Iterator[Party]:
    """The same spots, those of one address family that accept the same as a party: only they can be alike."""
    kinds = dict.fromkeys((spot.family, spot.listens) for spot in party.spots)
    if party.one or len(kinds) < 2:
        yield party
        return
    for kind in kinds:
        yield Party(tuple([spot for spot in party.spots if (spot.family, spot.listens) == kind]))


def perhaps_public(spots: Iterable[Spot], group: str, at: Location | None) -> Iterator[Spot]:
    """The spots of a group's members that the input does not have: they may be public.

    What a subnet does on launch, each interface in it may do otherwise.
    """
    settled_by = "the input that has its members, or a snapshot"
    why = Reason(f"whether a member of {group} has a public address", at or Location(""), settled_by)
    for spot in spots:
        told = spot.public.truth is Truth.YES or spot.family is not Family.IPV4
        yield spot if told else replace(spot, public=Fact(Truth.UNKNOWN, at, (why,)))


def alike(one: Spot, other: Spot) -> bool:
    """Whether two spots certainly exist and only their places differ."""
    return (
        other.certain
        and not other.selectable
        and one.opens == other.opens
        and (one.vpc, one.family, one.groups, one.possible, one.open)
        == (other.vpc, other.family, other.groups, other.possible, other.open)
        and (one.filtered, one.initiates, one.accepts) == (other.filtered, other.initiates, other.accepts)
        and one.listens == other.listens
    )


def by_owner(spots: Iterable[Spot]) -> list[list[Spot]]:
    """The spots of each owner; hypothetical ones are one owner's."""
    owners: dict[str, list[Spot]] = {}
    for spot in spots:
        owners.setdefault("" if spot.hypothetical else spot.owner, []).append(spot)
    return list(owners.values())


def as_member(spot: Spot, group: str) -> Spot:
    """A spot that may carry a group, as it is where it does."""
    if group in spot.groups:
        return spot
    why = spot.open or (Reason(f"whether {spot.owner} carries {group}", spot.at or Location("")),)
    return replace(
        spot,
        groups=spot.groups | {group},
        possible=spot.possible - {group},
        certain=False,
        reasons=spot.reasons + why,
    )


def as_one(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """Any one of many spots, one of each family that may stand wherever any of them does.

    Told apart, each would have to be met by every one of the other end, to come to the same "perhaps".
    """
    found: dict[Family, list[Spot]] = {}
    for spot in spots:
        found.setdefault(spot.family, []).append(spot)
    return tuple(
        Spot(
            vpc=None,
            subnet=None,
            family=family,
            addresses=IntSet.union(spot.addresses for spot in each),
            open=_some(reason for spot in each for reason in spot.open),
            public=_either([spot.public for spot in each]),
            accelerated=tuple(dict.fromkeys(one for spot in each for one in spot.accelerated)),
            certain=False,
            initiates=any(spot.initiates for spot in each),
            accepts=any(spot.accepts for spot in each),
            reasons=_some(reason for spot in each for reason in spot.reasons),
            owner=each[0].owner,
            at=each[0].at,
        )
        for family, each in found.items()
    )


def _some(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))[:_MOST_REASONS]


def _either(facts: list[Fact]) -> Fact:
    """What is known of one that is any of several: what holds for all of them."""
    if len({fact.truth for fact in facts}) == 1:
        return facts[0]
    return Fact(Truth.UNKNOWN, facts[0].at, _some(reason for fact in facts for reason in fact.reasons))
