"""Rules for groups that are gone, or may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.finding import Judgement, Severity
from auditor.model import GroupPeer, Rule
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import peer_word, service_text
from auditor.tree import Location, Reason

_LITERAL = "sg-"
_ALL = "[*]"


def missing_peers(group: str, rule: Rule, evidence: Evidence) -> Iterator[Judged]:
    """What a rule names and that is not there, or may not be."""
    if rule.for_groups and not rule.peers:
        name = evidence.group_name(group)
        yield replace(
            of_peer(group, rule, rule.at, f"{peer_word(rule.direction)} nobody"),
            judgement=Judgement.UNDETERMINED if rule.reasons else Judgement.VIOLATED,
            message=f"The rule for {service_text(rule.service)} of {name} is for groups of which none "
            f"is left: it {'may match' if rule.reasons else 'matches'} nothing.",
            fix="Remove the rule, or name who it is for.",
            unknowns=rule.reasons,
        )
    for peer in rule.peers:
        if isinstance(peer, GroupPeer):
            identity = evidence.engine.index.canonical(peer.group.id)
            if identity.startswith(_LITERAL) and identity not in evidence.engine.index.groups:
                yield _perhaps_gone(group, rule, peer, identity)
            elif peer.group.id.endswith(_ALL) and not peer.group.certain:
                yield _perhaps_none(group, rule, peer, evidence.group_name(group))


def _perhaps_none(group: str, rule: Rule, peer: GroupPeer, name: str) -> Judged:
    """All instances of a group of which nobody knows how many there are."""
    what = peer.group.id.removesuffix(_ALL)
    return replace(
        of_peer(group, rule, peer.at, f"{peer_word(rule.direction)} {what}"),
        judgement=Judgement.UNDETERMINED,
        severity=Severity.LOW,
        message=f"The rule for {service_text(rule.service)} of {name} is for all of {what}; whether there is "
        "any is not known.",
        fix=f"Make the rule only where {what} is made.",
        unknowns=peer.group.reasons,
    )


def _perhaps_gone(group: str, rule: Rule, peer: GroupPeer, identity: str) -> Judged:
    what = f"{peer_word(rule.direction)} {identity}"
    why = Reason(
        f"whether the group {identity} still exists", peer.at, "a snapshot, or the input that defines it"
    )
    return replace(
        of_peer(group, rule, peer.at, what),
        judgement=Judgement.UNDETERMINED,
        message=f"{group} names {identity} by its id, and the input holds no such group: it may be gone.",
        fix="Refer to the group itself (a resource, a data source or an output), so that its end is noticed.",
        unknowns=(why,),
    )


def of_peer(group: str, rule: Rule, at: Location, what: str) -> Judged:
    """What is said of one peer of a rule."""
    services = service_text(rule.service)
    return Judged(
        judgement=Judgement.VIOLATED,
        component=group,
        at=at,
        fact=f"{rule.direction.value} {services} {what}",
        message="",
    )
