"""Ways into other networks: by peerings, transit gateways, Cloud WAN, VPNs and Direct Connect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach.spot import Spot
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.leads import OUTSIDE, Lead, Leads
from auditor.rules.parties import End, named
from auditor.rules.words import listed, service_text, some, steps
from auditor.traffic import Traffic
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exit:
    """A way of some workloads into another network, and the rule of a group, or the route, that lets it."""

    end: End
    lead: Lead
    sure: bool
    passes: Traffic
    component: str
    at: Location
    rule: str
    reasons: tuple[Reason, ...]
    foreign: bool


def into_networks(sources: Iterable[End], evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule of a group that lets workloads into other networks, certain or perhaps.

    The rule is what there is to mend: replies need none, but they do need the routes. Networks outside the
    input, and those of other accounts, weigh more than the VPCs beside the workload's own.
    """
    leads = Leads(evidence)
    found: dict[tuple[bool, str, Location], list[_Exit]] = {}
    for end in sources:
        for one in _exits(end, leads, evidence):
            found.setdefault((one.sure, one.component, one.at), []).append(one)
    for (sure, *rest), exits in found.items():
        if sure or (True, *rest) not in found:
            yield _judged(exits, evidence)


def _exits(end: End, leads: Leads, evidence: Evidence) -> Iterator[_Exit]:
    spots = tuple(end.ends(evidence).spots)
    for lead in leads.of(end):
        foreign = lead.network == OUTSIDE or _of_others(end, lead.network, evidence)
        if lead.rule is not None:
            rule, sure = lead.rule, end.sure and bool(lead.traffic.must)
            yield _Exit(
                end=end,
                lead=lead,
                sure=sure,
                passes=lead.traffic.may,
                component=rule.component,
                at=rule.at or end.workloads[0].at,
                rule=rule.rule,
                reasons=lead.unknowns,
                foreign=foreign,
            )
            continue
        for spot in spots:
            yield from _let_out(end, spot, lead, evidence, foreign=foreign)


def _let_out(end: End, spot: Spot, lead: Lead, evidence: Evidence, *, foreign: bool) -> Iterator[_Exit]:
    """What the groups on an interface let out by a way, with the first rule that does."""
    point = evidence.engine.borders.group_point(spot, Direction.EGRESS, None)
    passes = lead.traffic if point is None else lead.traffic & point.passes
    if not passes.may:
        return
    clause = point.decisive(passes.must or passes.may) if point else None
    yield _Exit(
        end=end,
        lead=lead,
        sure=end.sure and bool(passes.must),
        passes=passes.may,
        component=point.component if point and clause else lead.route.component,
        at=(clause.at if clause else lead.route.at) or end.workloads[0].at,
        rule=clause.text if clause else lead.route.rule,
        reasons=(*lead.unknowns, *(point.reasons(passes.may) if point else ())),
        foreign=foreign,
    )


def _of_others(end: End, vpc: str, evidence: Evidence) -> bool:
    """Whether a VPC certainly is of another account than the workloads."""
    own, other = end.workloads[0].scope.account, evidence.engine.index.vpcs[vpc].scope.account
    return bool(own and other) and own != other


def _judged(exits: list[_Exit], evidence: Evidence) -> Judged:
    first = exits[0]
    unknown = not first.sure
    routes = tuple(dict.fromkeys(_sends(one.lead) for one in exits))
    networks = tuple(dict.fromkeys(one.lead.network for one in exits))
    services = service_text(Traffic.union(one.passes for one in exits))
    can = "may be able to open" if unknown else "can open"
    who = named(dict.fromkeys(one.end for one in exits))
    severity = Severity.MEDIUM if any(one.foreign for one in exits) else Severity.LOW
    rule = f"{first.component} allows: {first.rule} ({first.at})"
    proof = tuple(steps(first.lead.path))
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=first.component,
        at=first.at,
        fact=f"{first.rule} into {listed(sorted(networks))} by {listed(sorted(routes))}",
        message=f"{who} {can} {services} to {some(networks, _MOST_NAMED)} by the rule {first.rule}: "
        f"{some(routes, _MOST_NAMED)}.",
        severity=Severity.LOW if unknown else severity,
        fix=f"Take the rule {first.rule} out of {evidence.group_name(first.component)}, or keep it to "
        "the hosts that are meant: replies need no rule.",
        proof=proof if first.lead.rule else (rule, *proof),
        related=tuple(dict.fromkeys(_related(exits))),
        unknowns=_reasons(exits) if unknown else (),
    )


def _sends(lead: Lead) -> str:
    return f"{lead.route.component} sends {lead.route.rule}"


def _reasons(exits: list[_Exit]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for one in exits for reason in one.reasons))[:_MOST_UNKNOWNS]


def _related(exits: list[_Exit]) -> Iterator[Related]:
    for one in exits:
        if one.lead.route.at is not None and one.lead.route.at != one.at:
            yield Related(at=one.lead.route.at, text=_sends(one.lead))
    for one in exits:
        for workload in one.end.workloads[:_MOST_NAMED]:
            yield Related(at=workload.at, text=workload.id)
