"""Something stands in one Availability Zone alone, or several zones depend on what does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from fnmatch import fnmatchcase

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import NatGateway, Placement, Profile, TargetKind, Truth, Workload
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.rules.words import listed, some
from auditor.rules.zones import Spread, Standing, plain, spread, standing
from auditor.tree import Location, Presence

_MOST_NAMED = 6
_MOST_UNKNOWNS = 12


class Subject(StrEnum):
    """What is looked at."""

    SERVICES = "services"
    SUBNET_GROUPS = "subnet-groups"
    NAT_GATEWAYS = "nat-gateways"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is looked at, and the kinds of services that should never have one subnet alone."""

    of: Subject
    kinds: tuple[str, ...]


SCHEMA = {
    "type": "object",
    "properties": {
        "of": {"enum": ["services", "subnet-groups", "nat-gateways"]},
        "kinds": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["of"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``of``: services, subnet-groups or nat-gateways. ``kinds``: types, ``*`` and ``?`` as in file names.

    Of services, those of these kinds are looked at in any case, others where they name several subnets.
    """
    return Parameters(Subject(section.choice("of", tuple(Subject))), section.texts("kinds", required=False))


@dataclass(frozen=True, slots=True)
class Case:
    """Something, and where it stands, or where those stand that depend on it."""

    id: str
    at: Location
    spread: Spread
    via: tuple[Related, ...] = ()
    zone: str = ""


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each thing that is in one zone; those that hang on the same unknowns are one."""
    unknown: dict[tuple[str, ...], list[Case]] = {}
    for case in _cases(parameters, evidence):
        if case.spread.truth is Truth.UNKNOWN:
            unknown.setdefault(tuple(sorted(one.what for one in case.spread.reasons)), []).append(case)
        elif (case.spread.truth is Truth.YES) is (parameters.of is Subject.NAT_GATEWAYS):
            yield _violated(parameters.of, case)
    for cases in unknown.values():
        yield _undetermined(parameters.of, cases)


def _cases(parameters: Parameters, evidence: Evidence) -> Iterator[Case]:
    match parameters.of:
        case Subject.SERVICES:
            yield from _services(parameters.kinds, evidence)
        case Subject.SUBNET_GROUPS:
            yield from _subnet_groups(parameters.kinds, evidence)
        case Subject.NAT_GATEWAYS:
            yield from _nat_gateways(evidence)


def _services(kinds: tuple[str, ...], evidence: Evidence) -> Iterator[Case]:
    for workload in evidence.workloads:
        found = _service(workload, kinds, evidence)
        if found is not None:
            yield Case(workload.id, workload.at, found)


def _service(workload: Workload, kinds: tuple[str, ...], evidence: Evidence) -> Spread | None:
    named = any(fnmatchcase(workload.kind, kind) for kind in kinds)
    if not workload.modelled or not (named or workload.placement is Placement.EACH):
        return None
    links = evidence.engine.carriers.subnets(workload)
    where = standing(links, evidence.engine.index)
    if not named and len(where) < 2 and not links.open and all(one.sure for one in where):
        return None
    return spread(where, links.open)


def _subnet_groups(kinds: tuple[str, ...], evidence: Evidence) -> Iterator[Case]:
    for profile in evidence.engine.inventory.profiles:
        if any(fnmatchcase(profile.kind, kind) for kind in kinds) and _has_subnets(profile):
            where = standing(profile.subnets, evidence.engine.index)
            yield Case(profile.id, profile.at, spread(where, profile.subnets.open))


def _has_subnets(profile: Profile) -> bool:
    return bool(profile.subnets.items or profile.subnets.open)


def _nat_gateways(evidence: Evidence) -> Iterator[Case]:
    index = evidence.engine.index
    users = _users(evidence)
    for gateway in evidence.engine.inventory.nat_gateways:
        found, via = users.get(gateway.id, ([], []))
        if len(found) > 1 and gateway.regional.truth is not Truth.YES:
            known = index.subnets.get(index.canonical(gateway.subnet.id))
            zone = plain(known.zone) if known else ""
            yield Case(gateway.id, gateway.at, _shared(gateway, found), tuple(dict.fromkeys(via)), zone)


def _shared(gateway: NatGateway, users: list[Standing]) -> Spread:
    found = spread(users)
    if found.truth is not Truth.YES or gateway.regional.truth is Truth.NO:
        return found
    return Spread(found.standings, Truth.UNKNOWN, gateway.regional.reasons)


def _users(evidence: Evidence) -> dict[str, tuple[list[Standing], list[Related]]]:
    """The subnets that route to each NAT gateway, and the routes."""
    index, tables = evidence.engine.index, evidence.engine.borders.tables
    found: dict[str, tuple[list[Standing], list[Related]]] = {}
    for subnet in index.subnets.values():
        in_effect = tables.in_effect(subnet.id, index.canonical(subnet.vpc.id))
        certain = len(in_effect) == 1 and subnet.presence is Presence.CERTAIN
        for table in in_effect:
            for way in table.ways:
                link = way.target.link
                if way.target.kind is not TargetKind.NAT_GATEWAY or link is None or not way.region.may:
                    continue
                sure = certain and link.certain and bool(way.region.must)
                places, via = found.setdefault(index.canonical(link.id), ([], []))
                places.append(Standing(subnet.id, subnet.zone, subnet.at, sure))
                via.append(Related(at=way.at or subnet.at, text=f"{table.component} routes {way.text} to it"))
    return found


_FIXES = {
    Subject.SERVICES: "Name a subnet of a second zone for {id}, too.",
    Subject.SUBNET_GROUPS: "Add a subnet of a second zone to {id}.",
    Subject.NAT_GATEWAYS: (
        "Put a NAT gateway into each zone and let the subnets of each route to their own, or use one regional"
        " NAT gateway; where one zone's loss may be borne, as in a test network, ignore this."
    ),
}


def _violated(of: Subject, case: Case) -> Judged:
    zones = listed(case.spread.zones)
    if of is Subject.NAT_GATEWAYS:
        message = f"Subnets of {zones} route to {case.id}{_in(case.zone)}: all lose their way out with it."
    else:
        nouns = "its subnet lies" if len(case.spread.standings) == 1 else "all its subnets lie"
        message = f"{case.id} stands in one zone: {nouns} in {zones}."
    return Judged(
        judgement=Judgement.VIOLATED,
        component=case.id,
        at=case.at,
        fact=f"in {zones}",
        message=message,
        fix=_FIXES[of].format(id=case.id),
        proof=case.spread.proof,
        related=case.via or tuple(one for one in case.spread.related if one.at != case.at),
    )


def _in(zone: str) -> str:
    return f" in {zone}" if zone else ""


def _undetermined(of: Subject, cases: Iterable[Case]) -> Judged:
    first, *others = cases
    verb = "route to it" if of is Subject.NAT_GATEWAYS else "are named"
    what = some((one.id for one in (first, *others)), _MOST_NAMED)
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=first.id,
        at=first.at,
        fact="zones not known",
        message=f"{what}: whether the subnets that {verb} lie in several zones is not known.",
        severity=Severity.INFO,
        fix=_FIXES[of].format(id=first.id),
        proof=first.spread.proof,
        related=tuple(Related(at=one.at, text=f"{one.id}, too") for one in others if one.at != first.at),
        unknowns=first.spread.reasons[:_MOST_UNKNOWNS],
    )
