"""What is wrong with a route: no way back, a target that takes nothing, a way out that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import permutations

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import NatGateway, Peering, TargetKind, TransitAttachment, Truth
from auditor.reach import Verdict
from auditor.reach.tables import Table, Way
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.leading import Lead, Leading
from auditor.rules.section import Section
from auditor.rules.ways_out import LEADING_ON, leads_out
from auditor.rules.words import listed
from auditor.traffic import cidrs
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_GATEWAYS = frozenset({TargetKind.INTERNET_GATEWAY, TargetKind.EGRESS_ONLY_GATEWAY, TargetKind.VPN_GATEWAY})
_OUT = LEADING_ON | {TargetKind.INTERNET_GATEWAY}


class Flaw(StrEnum):
    """What can be wrong with a route."""

    ONE_WAY = "one-way"
    BLACKHOLE = "blackhole"
    NAT_WITHOUT_INTERNET = "nat-without-internet"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is looked for."""

    flaw: Flaw


SCHEMA = {
    "type": "object",
    "properties": {"flaw": {"enum": ["one-way", "blackhole", "nat-without-internet"]}},
    "required": ["flaw"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``flaw``: one-way, blackhole or nat-without-internet."""
    return Parameters(Flaw(section.choice("flaw", tuple(Flaw))))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each pair of VPCs, each route, or each NAT gateway."""
    leading = Leading(evidence.engine)
    match parameters.flaw:
        case Flaw.ONE_WAY:
            yield from _one_way_peerings(leading)
            yield from _one_way_transit(leading)
        case Flaw.BLACKHOLE:
            yield from _black_holes(leading)
        case Flaw.NAT_WITHOUT_INTERNET:
            for nat in evidence.engine.inventory.nat_gateways:
                yield from _without_internet(nat, evidence)


# -- no way back ------------------------------------------------------------------------------------------


def _one_way_peerings(leading: Leading) -> Iterator[Judged]:
    for peering in leading.peerings.values():
        if peering.active.truth is Truth.NO:
            continue
        for one, other in permutations(leading.ends(peering)):
            if one not in leading.index.vpcs:
                continue
            there = tuple(leading.through_peering(one, peering, leading.ranges(other)))
            back = tuple(leading.through_peering(other, peering, leading.ranges(one)))
            if there and not any(lead.sure for lead in back):
                reasons = _why_back(other, one, back, leading)
                yield _one_way((one, other), there, reasons, leading)


def _one_way_transit(leading: Leading) -> Iterator[Judged]:
    attached = [one for one in leading.transit.attachments.values() if one.vpc is not None]
    by_gateway: dict[str, list[TransitAttachment]] = {}
    for one in attached:
        by_gateway.setdefault(leading.index.canonical(one.gateway.id), []).append(one)
    for gateway, ends in by_gateway.items():
        for one, other in permutations(ends, 2):
            yield from _one_way_across(gateway, one, other, leading)


def _one_way_across(
    gateway: str, one: TransitAttachment, other: TransitAttachment, leading: Leading
) -> Iterator[Judged]:
    names = [leading.index.canonical(end.vpc.id) if end.vpc else "" for end in (one, other)]
    if names[0] == names[1] or any(name not in leading.index.vpcs for name in names):
        return
    there = tuple(leading.through_gateway(gateway, one, other))
    if not there or leading.serves(gateway, one, other):
        return
    back = tuple(leading.through_gateway(gateway, other, one))
    if any(lead.sure for lead in back):
        return
    answer = leading.between(there[0].table, names[1])
    if answer is None or answer.verdict in {Verdict.REACHABLE, Verdict.BLOCKED}:
        return
    judged = _one_way((names[0], names[1]), there, answer.unknowns, leading)
    stops = tuple(f"{stop.component}: {stop.text}" for stop in answer.blockers)
    if leading.sends(names[1], gateway, leading.ranges(names[0])):
        target = ", ".join(cidrs(leading.ranges(names[0]))[:_MOST_NAMED])
        tables = listed(leading.lookups(gateway, other) or (gateway,))
        judged = replace(judged, fix=f"Add a route to {target} to {tables}, or remove the route there.")
    yield replace(judged, proof=(judged.proof[0], *stops)) if stops else judged


def _why_back(vpc: str, to: str, back: tuple[Lead, ...], leading: Leading) -> tuple[Reason, ...]:
    """Why packets may come back nevertheless; none where they certainly do not."""
    if vpc not in leading.index.vpcs:
        return (Reason(f"the routes of {vpc}", Location(""), "the input that defines it, or a snapshot"),)
    found = [reason for lead in back for reason in lead.reasons]
    if back and not found:
        found = [Reason(f"what {lead.through} passes on from {vpc}", lead.at) for lead in back]
    return tuple(dict.fromkeys((*found, *leading.otherwise(vpc, leading.ranges(to)))))


def _one_way(
    vpcs: tuple[str, str], there: tuple[Lead, ...], reasons: tuple[Reason, ...], leading: Leading
) -> Judged:
    one, other = vpcs
    first, *others = sorted(there, key=lambda lead: (lead.at.path, lead.at.line))
    unknown = bool(reasons) or not any(lead.sure for lead in there)
    target = ", ".join(cidrs(leading.index.ranges(one).may)[:_MOST_NAMED])
    tables = [table.component for table in leading.tables(other)][:_MOST_NAMED]
    back = f"no route of {other} leads back to {target}"
    may = "whether a route leads back is not known"
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.table.component,
        at=first.at,
        fact=f"{first.through}: {one} to {other}",
        message=f"{first.way.text} of {one} leads to {other} through {first.through}, and "
        f"{may if unknown else back}.",
        severity=Severity.LOW if unknown else None,
        fix=f"Add a route to {target} through {first.through} to {listed(tables) if tables else other}, "
        "or remove the route there.",
        proof=(
            f"{first.table.component}: {first.way.text} to {first.through} ({first.at})",
            *(
                ()
                if unknown
                else (f"{table.component}: no route to {target}" for table in leading.tables(other))
            ),
        ),
        related=tuple(Related(at=lead.at, text=f"leads there, too: {lead.way.text}") for lead in others)
        + tuple(Related(at=table.at, text="has no way back") for table in leading.tables(other) if table.at),
        unknowns=(*reasons, *(reason for lead in there for reason in lead.reasons)) if unknown else (),
    )


# -- targets that take nothing -------------------------------------------------------------------------------


def _black_holes(leading: Leading) -> Iterator[Judged]:
    for identity in (*leading.index.tables, *leading.index.implicit_tables):
        known = leading.index.tables.get(identity)
        vpc = leading.index.canonical(known.vpc.id) if known else None
        table = leading.engine.borders.tables.table(identity, vpc)
        for way in table.ways:
            found = _dead(way, vpc, leading)
            if found is not None:
                yield _black_hole(table, way, *found)


def _dead(way: Way, vpc: str | None, leading: Leading) -> tuple[str, tuple[Reason, ...]] | None:
    """Why a route drops what it takes, and what that depends on; None where it does not."""
    kind, link = way.target.kind, way.target.link
    if kind is TargetKind.BLACKHOLE:
        return "its target is gone", ()
    if link is None or not link.certain or vpc not in leading.index.vpcs:
        return None
    identity = leading.index.canonical(link.id)
    if kind in _GATEWAYS and leading.index.attached(identity, vpc) is Truth.NO:
        return f"{identity} is not attached to {vpc}", ()
    peering = leading.peerings.get(identity)
    if kind is TargetKind.VPC_PEERING and peering is not None:
        return _dead_peering(peering, vpc, leading)
    return None


def _dead_peering(
    peering: Peering, vpc: str | None, leading: Leading
) -> tuple[str, tuple[Reason, ...]] | None:
    named = not any(link.any for link in (peering.requester, peering.accepter))
    if named and all(leading.index.same_vpc(end, vpc) is Truth.NO for end in leading.ends(peering)):
        return f"{peering.id} joins other VPCs than {vpc}", ()
    match peering.active.truth:
        case Truth.NO:
            return f"{peering.id} is not active", ()
        case Truth.UNKNOWN:
            return f"{peering.id} is not active until it is accepted", peering.active.reasons
        case Truth.YES:
            return None


def _black_hole(table: Table, way: Way, why: str, reasons: tuple[Reason, ...]) -> Judged:
    unknown = bool(reasons) or not way.destination.must
    name = way.target.link.id if way.target.link else way.target.kind.value
    at = way.at or table.at or Location("")
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=table.component,
        at=at,
        fact=f"{way.text} to {name}",
        message=f"{way.text} of {table.component} {'may drop' if unknown else 'drops'} "
        f"all that it takes: {why}.",
        severity=Severity.LOW if unknown else None,
        proof=(f"{table.component}: {way.text} to {name} ({at})", why),
        unknowns=(*reasons, *way.reasons) if unknown else (),
    )


# -- a NAT gateway that does not get out --------------------------------------------------------------


def _without_internet(nat: NatGateway, evidence: Evidence) -> Iterator[Judged]:
    index = evidence.engine.index
    subnet = index.canonical(nat.subnet.id)
    if nat.public.truth is Truth.NO or subnet not in index.subnets:
        return
    tables = evidence.engine.borders.tables.in_effect(subnet, index.vpc_of_subnet(subnet))
    found = [leads_out(table, _OUT) for table in tables]
    if all(fact.truth is Truth.YES for fact in found):
        return
    unsure = [nat.subnet.reasons, nat.public.reasons, *(fact.reasons for fact in found)]
    reasons = tuple(dict.fromkeys(reason for each in unsure for reason in each))
    unknown = not nat.subnet.certain or nat.public.truth is Truth.UNKNOWN
    unknown = unknown or any(fact.truth is not Truth.NO for fact in found)
    reasons = reasons or (
        Reason(f"which route table {subnet} uses", nat.at, "an association that is certain"),
    )
    names = listed(table.component for table in tables)
    yield Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=nat.id,
        at=nat.at,
        fact=f"{subnet} without a route to an internet gateway",
        message=f"{nat.id} stands in {subnet}, whose route table {names} "
        f"{'may have' if unknown else 'has'} no route to an internet gateway: nothing gets out through it.",
        severity=Severity.LOW if unknown else None,
        fix=f"Put {nat.id} into a subnet that routes 0.0.0.0/0 to an internet gateway, "
        f"or add that route to {names}.",
        proof=tuple(f"{table.component}: {_routes(table)}" for table in tables),
        related=tuple(Related(at=table.at, text="has no such route") for table in tables if table.at),
        unknowns=reasons if unknown else (),
    )


def _routes(table: Table) -> str:
    texts = [
        f"{way.text} to {way.target.link.id if way.target.link else way.target.kind.value}"
        for way in table.ways
    ]
    return listed(texts[:_MOST_NAMED]) if texts else "no route but the local one"
