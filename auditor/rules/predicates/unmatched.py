"""A rule that matches nothing, or something else than it says: by its peers, or by its ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from auditor.finding import Judgement, Severity
from auditor.frozen import dataclass
from auditor.model import (
    NO,
    AddressPeer,
    Direction,
    Fact,
    GroupPeer,
    Rule,
    TargetKind,
    Truth,
    Workload,
)
from auditor.reach.tiers import is_balancer
from auditor.rules.around import Around
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.gone import missing_peers, of_peer
from auditor.rules.ports import by_ports
from auditor.rules.section import Section
from auditor.rules.words import listed, peer_word, service_text
from auditor.traffic import IntSet, parse_cidr

_INSIDE = IntSet.union(
    parse_cidr(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""The addresses of private networks: RFC 1918, RFC 6598, RFC 4193."""


class By(StrEnum):
    """What of a rule is looked at."""

    PEER = "peer"
    MISSING_PEER = "missing-peer"
    PORTS = "ports"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What of a rule is looked at."""

    by: By


SCHEMA = {
    "type": "object",
    "properties": {"by": {"enum": ["peer", "missing-peer", "ports"]}},
    "required": ["by"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``by``: peer, missing-peer or ports."""
    return Parameters(By(section.choice("by", tuple(By))))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each peer that a rule can not match, or for each rule by its ports."""
    index = evidence.engine.index
    seen = Seen(evidence, Around(evidence.engine))
    written = [(group, rule) for group, rules in index.rules.items() for rule in rules if not rule.implicit]
    for group, rule in written:
        match parameters.by:
            case By.PEER:
                yield from _unmatched(group, rule, seen)
            case By.MISSING_PEER:
                yield from missing_peers(group, rule, evidence)
            case By.PORTS:
                yield from by_ports(group, rule)
    if parameters.by is By.PORTS:
        for acl, entries in index.acl_entries.items():
            yield from (judged for entry in entries for judged in by_ports(acl, entry))


@dataclass(frozen=True, slots=True)
class Seen:
    """The network, and what lies around its VPCs."""

    evidence: Evidence
    around: Around

    def vpcs(self, group: str) -> tuple[str | None, ...]:
        """The VPCs in which a group is used."""
        return tuple(vpc for vpc, _ in self.evidence.engine.index.vpcs_of_group(group))


# -- peers that nothing can be ----------------------------------------------------------------------------


def _unmatched(group: str, rule: Rule, seen: Seen) -> Iterator[Judged]:
    for peer in rule.peers:
        match peer:
            case GroupPeer(link, _) if link.certain:
                other = seen.evidence.engine.index.canonical(link.id)
                yield from _elsewhere(group, rule, peer, (other, seen))
                yield from _public_balancer(group, rule, peer, (other, seen))
            case AddressPeer():
                yield from _nobody(group, rule, peer, seen)
            case _:
                continue


def _elsewhere(group: str, rule: Rule, peer: GroupPeer, at: tuple[str, Seen]) -> Iterator[Judged]:
    """A group of another VPC, from which nothing comes by which rules may name groups."""
    other, seen = at
    index, pairs = seen.evidence.engine.index, _pairs(group, other, seen)
    if other not in index.groups or not pairs:
        return
    if any(index.same_vpc(*pair) is not Truth.NO for pair in pairs):
        return
    ties = [tie for pair in pairs for tie in seen.around.ties(*pair)]
    facts = [tie.inbound if rule.direction is Direction.INGRESS else tie.outbound for tie in ties]
    if any(fact.truth is Truth.YES for fact in facts):
        return
    reasons = tuple(reason for fact in facts for reason in fact.reasons)
    names = (seen.evidence.group_name(other), f"another VPC than {seen.evidence.group_name(group)}")
    joint = ", ".join(dict.fromkeys(tie.id for tie in ties))
    across = f"{joint} does not let rules name groups of the other side"
    why = across if ties else "no peering connection or transit gateway joins the two"
    message = f"{names[0]} is of {names[1]}, and {why}: the rule matches nothing."
    yield replace(
        of_peer(group, rule, peer.at, f"{peer_word(rule.direction)} {names[0]}"),
        judgement=Judgement.UNDETERMINED if reasons else Judgement.VIOLATED,
        message=message
        if not reasons
        else f"{names[0]} is of {names[1]}; whether the rule matches is not known.",
        fix="Join the VPCs by an active peering connection, name the addresses that the members of "
        f"{names[0]} have, or remove the rule.",
        proof=(*_lying(other, seen), *_lying(group, seen), *(() if reasons else (why,))),
        unknowns=reasons,
    )


def _pairs(group: str, other: str, seen: Seen) -> list[tuple[str | None, str | None]]:
    return [(one, two) for one in seen.vpcs(group) for two in seen.vpcs(other)]


def _lying(group: str, seen: Seen) -> Iterator[str]:
    known = seen.evidence.engine.index.groups.get(group)
    if known is not None:
        vpcs = listed(vpc or "an unknown VPC" for vpc in seen.vpcs(group))
        yield f"{seen.evidence.group_name(group)} is a group of {vpcs} ({known.at})"


def _public_balancer(group: str, rule: Rule, peer: GroupPeer, at: tuple[str, Seen]) -> Iterator[Judged]:
    """Clients inside reach an internet-facing balancer by its public addresses, which are in no group.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    other, seen = at
    ingress = rule.direction is Direction.INGRESS
    balancers, clients = (group, other) if ingress else (other, group)
    facing = _public_balancers(balancers, seen)
    if group == other or facing.truth is Truth.NO or not _all_hosts(clients, seen):
        return
    unknown = facing.truth is Truth.UNKNOWN
    names = (seen.evidence.group_name(clients), seen.evidence.group_name(balancers))
    open_too = service_text(rule.service)
    members = [one.id for one in seen.evidence.engine.carriers.members[balancers]]
    yield replace(
        of_peer(group, rule, peer.at, f"{peer_word(rule.direction)} {seen.evidence.group_name(other)}"),
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        severity=Severity.LOW if unknown else None,
        message=f"{names[0]} {'may reach' if unknown else 'reaches'} {listed(members[:3])} by a public "
        f"address, which is in no group: the rule for {open_too} between {names[0]} and {names[1]} "
        f"{'may match' if unknown else 'matches'} nothing.",
        fix="Make the balancer internal, or name the public addresses that the clients come by (those of "
        "their NAT gateway).",
        proof=()
        if unknown
        else (f"{listed(members[:3])} faces the internet: its name stands for public addresses everywhere",),
        unknowns=facing.reasons if unknown else (),
    )


def _public_balancers(group: str, seen: Seen) -> Fact:
    """Whether all members of a group are balancers that face the internet."""
    carriers = seen.evidence.engine.carriers
    members = carriers.members.get(group, ())
    facing = [carriers.public(one) for one in members if is_balancer(one)]
    known = [fact for fact in facing if fact is not None and fact.truth is not Truth.NO]
    if not members or len(known) != len(members):
        return NO
    reasons = tuple(reason for fact in known for reason in fact.reasons)
    return next((replace(fact, reasons=reasons) for fact in known if fact.truth is Truth.UNKNOWN), known[0])


def _all_hosts(group: str, seen: Seen) -> bool:
    members: list[Workload] = seen.evidence.engine.carriers.members.get(group, [])
    return bool(members) and not any(is_balancer(one) or "link" in one.kind for one in members)


def _nobody(group: str, rule: Rule, peer: AddressPeer, seen: Seen) -> Iterator[Judged]:
    """A range of private addresses that no subnet has and from which nothing is brought to the VPC.

    One that is not known is taken for one of the internet where that is attached.
    """
    index = seen.evidence.engine.index
    vpcs = [vpc for vpc in seen.vpcs(group) if vpc is not None and vpc in index.vpcs]
    if not vpcs or len(vpcs) != len(seen.vpcs(group)):
        return
    sure = peer.addresses.known and peer.addresses.may <= _INSIDE
    if peer.addresses.known and not sure:
        return
    taken = IntSet.union(_addresses(vpc, seen) for vpc in vpcs)
    if (peer.addresses.known and peer.addresses.may.overlaps(taken)) or peer.addresses.must.overlaps(taken):
        return
    facts = [seen.around.outside(vpc) for vpc in vpcs]
    if any(fact.truth is Truth.YES for fact in facts):
        return
    reasons = (*peer.reasons, *(reason for fact in facts for reason in fact.reasons))
    if not sure and any(index.gateways(vpc, TargetKind.INTERNET_GATEWAY) is not Truth.NO for vpc in vpcs):
        return
    name = seen.evidence.group_name(group)
    unknown = not sure or any(fact.truth is Truth.UNKNOWN for fact in facts)
    nobody = f"no subnet of {listed(map(str, vpcs))} has addresses in {peer.text}"
    where = f"{nobody}, and nothing brings others"
    yield replace(
        of_peer(group, rule, peer.at, f"{peer_word(rule.direction)} {peer.text}"),
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        severity=Severity.LOW,
        message=f"{name}: whether anything has an address in {peer.text} is not known."
        if unknown
        else f"{name}: {where}: the rule matches nothing.",
        fix="Name the range that is meant, or remove the rule.",
        proof=(f"{where} (no peering, transit gateway, VPN or appliance)",),
        unknowns=reasons if unknown else (),
    )


def _addresses(vpc: str, seen: Seen) -> IntSet:
    """The addresses that something in a VPC may have: those of its subnets, of all where it has none.

    A subnet of which the range is not known lies within its VPC.
    """
    index = seen.evidence.engine.index
    subnets, most = index.subnets_of.get(vpc, []), index.ranges(vpc).may
    return (
        IntSet.union(one.cidrs.may if one.cidrs.known else one.cidrs.may & most for one in subnets)
        if subnets
        else most
    )
