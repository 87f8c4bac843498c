"""Things of the input that cannot both hold: addresses, definitions, settings of DNS."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Subnet, Truth, Vpc, VpcEndpoint
from auditor.rules.around import Around
from auditor.rules.defined import Defined, defined_twice
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.rules.words import listed, some
from auditor.traffic import Bounds, IntSet, cidrs
from auditor.tree import Location, Presence, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


class Of(StrEnum):
    """What may conflict."""

    ADDRESSES = "addresses"
    DEFINITIONS = "definitions"
    DNS_SETTINGS = "dns-settings"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What may conflict."""

    of: Of


SCHEMA = {
    "type": "object",
    "properties": {"of": {"enum": ["addresses", "definitions", "dns-settings"]}},
    "required": ["of"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``of``: addresses, definitions or dns-settings."""
    return Parameters(Of(section.choice("of", tuple(Of))))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each thing that others are in conflict with."""
    match parameters.of:
        case Of.ADDRESSES:
            yield from _vpcs(evidence)
            yield from _subnets(evidence)
        case Of.DEFINITIONS:
            for found in defined_twice(evidence.engine.index):
                yield _twice(found)
        case Of.DNS_SETTINGS:
            yield from _unresolved(evidence)


# -- addresses --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something whose addresses meet those of another; ``joint`` is what joins the two."""

    other: Vpc | Subnet
    addresses: Bounds[IntSet]
    joint: str = ""


def _vpcs(evidence: Evidence) -> Iterator[Judged]:
    around = Around(evidence.engine)
    ranges = evidence.engine.index.ranges
    found: dict[str, list[Meeting]] = {}
    for one, other in combinations(evidence.engine.index.vpcs.values(), 2):
        shared = ranges(one.id) & ranges(other.id)
        ties = around.ties(one.id, other.id) if shared.may else iter(())
        tie = next((each for each in ties if each.joins is Truth.YES), None)
        if tie is not None:
            first, later = sorted((one, other), key=_order)
            certain = (
                shared if tie.active.truth is Truth.YES else Bounds(shared.must - shared.may, shared.may)
            )
            found.setdefault(later.id, []).append(Meeting(first, certain, tie.id))
    for identity, meetings in found.items():
        vpc = evidence.engine.index.vpcs[identity]
        reasons = [reason for each in meetings for reason in evidence.engine.index.vpc_reasons(each.other.id)]
        yield _overlapping(vpc, meetings, (*evidence.engine.index.vpc_reasons(identity), *reasons))


def _subnets(evidence: Evidence) -> Iterator[Judged]:
    """Subnets of one VPC that share addresses, of which AWS makes the first alone."""
    for subnets in evidence.engine.index.subnets_of.values():
        widest: Subnet | None = None
        for one in sorted(
            (each for each in subnets if _sure(each)), key=lambda each: each.cidrs.must.intervals
        ):
            shared = one.cidrs & widest.cidrs if widest else None
            if widest and shared and shared.must:
                first, later = sorted((one, widest), key=_order)
                yield _overlapping(later, [Meeting(first, shared)], ())
            if widest is None or one.cidrs.must.intervals[-1][1] > widest.cidrs.must.intervals[-1][1]:
                widest = one
        yield from _perhaps_within(subnets)


def _perhaps_within(subnets: list[Subnet]) -> Iterator[Judged]:
    """Subnets of which the range is not known, and that may share addresses with others: told as one."""
    there = sorted(
        (one for one in subnets if one.presence is Presence.CERTAIN and one.vpc.certain), key=_order
    )
    unknown = [one for one in there if one.cidrs.may and not one.cidrs.must]
    for one in unknown[-1:]:
        shared = [(other, one.cidrs & other.cidrs) for other in there if other is not one]
        meetings = [Meeting(other, addresses) for other, addresses in shared if addresses.may]
        if meetings:
            yield _overlapping(one, meetings, tuple(_range_of(each) for each in unknown))


def _sure(subnet: Subnet) -> bool:
    return bool(subnet.cidrs.must) and subnet.presence is Presence.CERTAIN and subnet.vpc.certain


def _order(one: Vpc | Subnet) -> tuple[str, int, str]:
    return (one.at.path, one.at.line, one.id)


def _overlapping(one: Vpc | Subnet, meetings: list[Meeting], reasons: tuple[Reason, ...]) -> Judged:
    sure = [each for each in meetings if each.addresses.must]
    shown = sure or meetings
    names = listed([each.other.id for each in shown][:_MOST_NAMED])
    ranges = [text for each in sure for text in cidrs(each.addresses.must)][:_MOST_NAMED]
    joints = dict.fromkeys(each.joint for each in shown if each.joint)
    joined = f", to which {listed(joints)} joins it" if joints else ""
    what = listed(dict.fromkeys(ranges)) if ranges else "addresses"
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=one.id,
        at=one.at,
        fact=f"{what} shared with {names}",
        message=f"{one.id} {'shares' if sure else 'may share'} {what} with {names}{joined}.",
        severity=None if sure else Severity.LOW,
        fix=f"Give {one.id} a range that none of those that it is joined to has."
        if joints
        else f"Give {one.id} a range that no other subnet has: AWS refuses this one.",
        proof=tuple(
            f"{each.other.id} has {listed(cidrs(each.addresses.must)[:_MOST_NAMED])}, too ({each.other.at})"
            for each in sure
        ),
        related=tuple(
            Related(at=each.other.at, text=each.other.id) for each in shown if each.other.at != one.at
        ),
        unknowns=() if sure else tuple(dict.fromkeys(reasons or (_range_of(one),)))[:_MOST_UNKNOWNS],
    )


def _range_of(one: Vpc | Subnet) -> Reason:
    return Reason(f"the range of {one.id}", one.at, "give its range, or a snapshot")


# -- definitions --------------------------------------------------------------------------------------------


def _twice(found: Defined) -> Judged:
    parts = tuple(dict.fromkeys(part.component for part in found.parts))
    names = some(parts, _MOST_NAMED)
    return Judged(
        judgement=Judgement.VIOLATED if found.sure else Judgement.UNDETERMINED,
        component=found.holder,
        at=found.at,
        fact=f"{found.noun} in itself and in {listed(sorted(parts))}",
        message=f"{found.holder} lists its {found.noun} itself, and {names} "
        f"{'adds' if len(parts) == 1 else 'add'} others: Terraform removes and adds them in turns.",
        severity=None if found.sure else Severity.LOW,
        fix=f"Write all {found.noun} of {found.holder} as resources of their own, or all of them in it.",
        proof=tuple(f"{part.component} ({part.at})" for part in found.parts[:_MOST_NAMED]),
        related=tuple(
            Related(at=part.at, text=f"adds to {found.holder}") for part in found.parts[:_MOST_NAMED]
        ),
        unknowns=() if found.sure else found.reasons[:_MOST_UNKNOWNS],
    )


# -- settings of DNS ---------------------------------------------------------------------------------------


def _unresolved(evidence: Evidence) -> Iterator[Judged]:
    """VPCs in which the names that interface endpoints take over are not resolved.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    index = evidence.engine.index
    found: dict[str, list[VpcEndpoint]] = {}
    for endpoint in index.inventory.vpc_endpoints:
        vpc = index.canonical(endpoint.vpc.id)
        if vpc in index.vpcs and endpoint.private_dns.truth is not Truth.NO:
            found.setdefault(vpc, []).append(endpoint)
    for identity, endpoints in found.items():
        yield from _off(index.vpcs[identity], endpoints)


def _off(vpc: Vpc, endpoints: list[VpcEndpoint]) -> Iterator[Judged]:
    switches = {"enable_dns_support": vpc.dns_support, "enable_dns_hostnames": vpc.dns_names}
    off = [name for name, fact in switches.items() if fact.truth is Truth.NO]
    open_ = [name for name, fact in switches.items() if fact.truth is Truth.UNKNOWN]
    sure = [one for one in endpoints if _certainly_private(one)]
    if not off and not open_:
        return
    unknown = not off or not sure
    shown = sure or endpoints
    names = listed([one.id for one in shown][:_MOST_NAMED])
    reasons = [reason for name in open_ for reason in switches[name].reasons]
    reasons += [reason for one in endpoints for reason in (*one.private_dns.reasons, *one.vpc.reasons)]
    yield Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=vpc.id,
        at=vpc.at,
        fact=f"{listed(off or open_)} off with private DNS of {listed(sorted(one.id for one in shown))}",
        message=f"{listed(off or open_)} of {vpc.id}: {'perhaps ' if unknown else ''}off. The private DNS of "
        f"{names} needs both DNS settings on: the service's own name does not lead there.",
        severity=Severity.LOW if unknown else None,
        fix=f"Set {listed(f'{name} = true' for name in off or open_)} on {vpc.id}.",
        proof=tuple(f"{one.id}: private DNS on ({one.private_dns.at or one.at})" for one in sure),
        related=tuple(
            Related(at=_place(one), text=f"private DNS of {one.id}") for one in shown[:_MOST_NAMED]
        ),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS] if unknown else (),
    )


def _certainly_private(one: VpcEndpoint) -> bool:
    return one.private_dns.truth is Truth.YES and one.presence is Presence.CERTAIN and one.vpc.certain


def _place(one: VpcEndpoint) -> Location:
    return one.private_dns.at or one.at
