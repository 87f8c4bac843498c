"""Workloads that face the internet: by an address of their own, or all of a VPC's by where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Fact, Family, Truth, Workload
from auditor.reach.exposure import faces_internet
from auditor.reach.spot import Spot
from auditor.rules.arrivals import MOST_NAMED, few, named
from auditor.rules.concerns import EXEMPTIONS, Exemption, exempt, read_exemptions
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.traffic import EVERYTHING
from auditor.tree import Location, Reason


class Sign(StrEnum):
    """By what a workload faces the internet, and whose fault that is: its own, or its VPC's."""

    ADDRESS = "address"
    SUBNETS = "subnets"


_FEWEST = 2
"""One workload alone is no network that anybody has forgotten to divide."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The sign to look for, and who may show it."""

    by: Sign
    exemptions: tuple[Exemption, ...]


SCHEMA = {
    "type": "object",
    "properties": {"by": {"enum": ["address", "subnets"]}, "except": EXEMPTIONS},
    "required": ["by"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``by``: ``address``, told of each, or ``subnets``, told of a VPC where all show it; ``except``."""
    return Parameters(Sign(section.choice("by", tuple(Sign))), read_exemptions(section))


@dataclass(frozen=True, slots=True)
class Facing:
    """A workload, whether it shows the sign, and whether anything of it is addressed from outside."""

    workload: Workload
    shown: Fact
    other: Fact


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each place that gives addresses, or for each VPC."""
    found = _facing(parameters, evidence)
    if parameters.by is Sign.ADDRESS:
        yield from _by_address(found)
    else:
        yield from _by_vpc(found, evidence)


def _facing(parameters: Parameters, evidence: Evidence) -> Iterator[Facing]:
    engine = evidence.engine
    held = {one.id for ones in engine.carriers.interfaces.values() for one in ones}
    known: dict[object, tuple[Fact, Fact]] = {}
    for workload in evidence.workloads:
        if workload.id in held:
            continue
        spared = exempt(parameters.exemptions, workload, EVERYTHING, evidence)
        if spared.truth is Truth.YES:
            continue
        party = engine.spots.of_workload(workload)
        if party not in known:
            spots = [spot for spot in party.spots if spot.family is Family.IPV4]
            where = _used(evidence, spots) if parameters.by is Sign.ADDRESS else _stands(evidence, spots)
            known[party] = _address(spots, one=party.one), where
        address, stands = (_unless(spared, workload, fact) for fact in known[party])
        shown, other = (address, stands) if parameters.by is Sign.ADDRESS else (stands, address)
        yield Facing(workload, shown, other)


def _unless(spared: Fact, workload: Workload, fact: Fact) -> Fact:
    if spared.truth is Truth.NO or fact.truth is Truth.NO:
        return fact
    why = Reason(f"whether {workload.id} is meant for the public", workload.at)
    return Fact(Truth.UNKNOWN, fact.at, (*fact.reasons, *spared.reasons, why))


def _address(spots: Iterable[Spot], *, one: bool) -> Fact:
    """Whether an interface has a public address, and what gives it; ``one``: it is in one of the places."""
    facts = [spot.public if spot.certain else _perhaps(spot) for spot in spots]
    sure = [fact for fact in facts if fact.truth is Truth.YES]
    if sure and (not one or len(sure) == len(facts)):
        return sure[0]
    return _either(facts)


def _perhaps(spot: Spot) -> Fact:
    if spot.public.truth is Truth.NO:
        return spot.public
    return Fact(Truth.UNKNOWN, spot.public.at, (*spot.public.reasons, *spot.reasons))


def _used(evidence: Evidence, spots: Iterable[Spot]) -> Fact:
    """Whether a subnet where an interface may have a public address routes to an internet gateway."""
    addressed = (spot for spot in spots if spot.public.truth is not Truth.NO)
    return _either(faces_internet(evidence.engine, spot) for spot in addressed)


def _stands(evidence: Evidence, spots: Iterable[Spot]) -> Fact:
    """Whether all subnets route to an internet gateway."""
    facts = [faces_internet(evidence.engine, spot) for spot in spots]
    if facts and all(fact.truth is Truth.YES for fact in facts):
        return facts[0]
    if not facts or any(fact.truth is Truth.NO for fact in facts):
        return Fact(Truth.NO)
    return _either(facts)


def _either(facts: Iterable[Fact]) -> Fact:
    """Perhaps, where one says yes or perhaps; else no."""
    open_ = [fact for fact in facts if fact.truth is not Truth.NO]
    if not open_:
        return Fact(Truth.NO)
    reasons = tuple(dict.fromkeys(reason for fact in open_ for reason in fact.reasons))
    return Fact(Truth.UNKNOWN, open_[0].at, reasons)


def _by_address(found: Iterable[Facing]) -> Iterator[Judged]:
    causes: dict[tuple[Location, Truth], list[Facing]] = {}
    for one in found:
        if one.shown.truth is not Truth.NO:
            causes.setdefault((one.shown.at or one.workload.at, one.shown.truth), []).append(one)
    for (at, truth), together in causes.items():
        unknown = truth is Truth.UNKNOWN
        ids = [one.workload.id for one in together]
        have = "may have" if unknown else "has" if len(ids) == 1 else "have"
        routed = any(one.other.truth is not Truth.NO for one in together)
        reach = "" if routed else ", which no route to an internet gateway makes use of"
        reasons = (why for one in together for why in one.shown.reasons)
        yield Judged(
            judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
            component=ids[0],
            at=at,
            fact=f"public addresses of {', '.join(ids)}",
            message=f"{named(ids)} {have} a public address{reach}.",
            severity=Severity.LOW if routed else Severity.INFO,
            related=tuple(_places(together, at)),
            unknowns=few(reasons) if unknown else (),
        )


def _by_vpc(found: Iterable[Facing], evidence: Evidence) -> Iterator[Judged]:
    vpcs: dict[str | None, list[Facing]] = {}
    for one in found:
        vpcs.setdefault(evidence.engine.carriers.vpc(one.workload), []).append(one)
    for identity, together in vpcs.items():
        truths = {one.shown.truth for one in together}
        if len(together) < _FEWEST or Truth.NO in truths:
            continue
        unknown = Truth.UNKNOWN in truths
        vpc = evidence.engine.index.vpcs.get(identity or "")
        at = vpc.at if vpc else together[0].workload.at
        ids = [one.workload.id for one in together]
        exposed = any(one.other.truth is not Truth.NO for one in together)
        exposed = exposed and not _is_divided(evidence, identity)
        stand = "may all stand" if unknown else "all stand"
        yield Judged(
            judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
            component=vpc.id if vpc else identity or ids[0],
            at=at,
            fact=f"in public subnets: {', '.join(ids)}",
            message=f"{named(ids)} {stand} in subnets that route to an internet gateway.",
            severity=_severity(exposed=exposed, unknown=unknown, here=vpc is not None),
            proof=tuple(_proof(together)),
            related=tuple(_places(together, at)),
            unknowns=_unrouted(together) if unknown else (),
        )


def _is_divided(evidence: Evidence, vpc: str | None) -> bool:
    """Whether a VPC has private subnets, too, where other inputs may have put what is not for the public."""
    spots = evidence.engine.spots.in_vpc(vpc)
    return any(faces_internet(evidence.engine, spot).truth is Truth.NO for spot in spots if spot.subnet)


def _severity(*, exposed: bool, unknown: bool, here: bool) -> Severity:
    """``here``: whether the VPC is in the input, whose routes others may have."""
    if unknown:
        return Severity.LOW if here else Severity.INFO
    return Severity.MEDIUM if exposed else Severity.LOW


def _unrouted(together: Iterable[Facing]) -> tuple[Reason, ...]:
    """Why it is not known of some whether their subnets route to an internet gateway."""
    open_ = [one for one in together if one.shown.truth is Truth.UNKNOWN]
    own = (
        Reason(f"whether the subnets of {one.workload.id} route to an internet gateway", one.workload.at)
        for one in open_
    )
    return few([why for one in open_ for why in one.shown.reasons] or own)


def _proof(together: Iterable[Facing]) -> Iterator[str]:
    for one in tuple(together)[:MOST_NAMED]:
        if one.shown.truth is Truth.YES:
            place = f" ({one.shown.at})" if one.shown.at else ""
            yield f"{one.workload.id} stands in subnets with a route to an internet gateway{place}"


def _places(together: Iterable[Facing], at: Location) -> Iterator[Related]:
    for one in tuple(together)[:MOST_NAMED]:
        if one.workload.at != at:
            yield Related(at=one.workload.at, text=one.workload.id)
