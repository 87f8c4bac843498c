"""What a network ACL does that nobody wants: replies that it drops, entries that never match."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.finding import ByHand, Judgement, Related, Remedy, Severity
from auditor.frozen import dataclass
from auditor.model import Acl, Direction, Truth
from auditor.reach.acls import Screen
from auditor.reach.points import requests_of
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.replies import Unanswered, reply_entries
from auditor.rules.section import Section
from auditor.rules.shadowing import shadowed
from auditor.rules.stated import Stated, screen, stated
from auditor.rules.words import listed, peer_word, service_text, some
from auditor.traffic import TCP, UDP, Bounds, IntSet, Traffic, exact, service
from auditor.tree import Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12

# Ports that every range of ephemeral ports holds: clients use them, and what opens them is there for replies.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
_CLIENTS = IntSet.of((49152, 60999))
_OTHER = {Direction.INGRESS: Direction.EGRESS, Direction.EGRESS: Direction.INGRESS}


class Flaw(StrEnum):
    """What can be wrong with a network ACL."""

    DROPS_REPLIES = "drops-replies"
    SHADOWED = "shadowed"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is looked for."""

    flaw: Flaw


SCHEMA = {
    "type": "object",
    "properties": {"flaw": {"enum": ["drops-replies", "shadowed"]}},
    "required": ["flaw"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``flaw``: drops-replies or shadowed."""
    return Parameters(Flaw(section.choice("flaw", tuple(Flaw))))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each ACL that drops replies, or for each entry that never matches."""
    index = evidence.engine.index
    used = {index.canonical(one.acl.id) for one in index.inventory.acl_associations}
    for acl in index.acls.values():
        if not acl.default and acl.id not in used:
            continue
        if parameters.flaw is Flaw.DROPS_REPLIES:
            yield from _dropping(acl, evidence)
        else:
            for direction in Direction:
                yield from shadowed(acl, tuple(stated(acl, direction, evidence)))


# -- replies -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lost:
    """What an entry lets pass and of which no reply comes back; ``sure`` where that is certain.

    ``for_replies`` where the entry is one that is there for replies itself, to requests that do not pass.
    """

    stated: Stated
    protocol: int
    service: Traffic
    for_replies: bool
    sure: bool
    reasons: tuple[Reason, ...]


def _dropping(acl: Acl, evidence: Evidence) -> Iterator[Judged]:
    found = [
        lost
        for direction in Direction
        if not screen(acl, _OTHER[direction], evidence).opens_all
        for one in stated(acl, direction, evidence)
        for lost in _lost(acl, one, evidence)
    ]
    certain = [one for one in found if one.sure]
    if found:
        yield _drops(acl, certain or found, _remedy(acl, certain, evidence) if certain else None)


def _remedy(acl: Acl, certain: list[Lost], evidence: Evidence) -> Remedy:
    if strange := next((one.stated.entry for one in certain if one.for_replies), None):
        return ByHand(why=f"its entry at {strange.at} lets all ports of clients pass: requests, or replies?")
    entries = evidence.engine.index.acl_entries.get(acl.id, ())
    return reply_entries(acl, entries, [Unanswered(one.stated.entry, one.protocol) for one in certain])


def _lost(acl: Acl, one: Stated, evidence: Evidence) -> Iterator[Lost]:
    direction = one.entry.direction
    back = screen(acl, _OTHER[direction], evidence)
    passing = one.clause.region & screen(acl, direction, evidence).passes
    for protocol in (TCP, UDP):
        requests = passing & exact(service(protocol) & Traffic.of(source_ports=_CLIENTS))
        if one.entry.allow.truth is Truth.NO or not requests.may:
            continue
        for_replies = requests.may.destination_ports >= _CLIENTS
        if for_replies:
            answered = _between_the_same(requests, direction, back.passes)
        else:
            answered = requests & requests_of(back.passes)
        if answered.must or (for_replies and answered.may):
            continue
        sure = bool(requests.must) and not answered.may
        reasons = one.clause.reasons + _open(back)
        yield Lost(
            one,
            protocol,
            one.entry.service.may & service(protocol),
            for_replies,
            sure,
            () if sure else reasons,
        )


def _between_the_same(
    requests: Bounds[Traffic], direction: Direction, back: Bounds[Traffic]
) -> Bounds[Traffic]:
    """All that passes the other way between the ends of the requests: what they may be the replies of."""
    egress = direction is Direction.EGRESS
    peers = requests.may.destinations if egress else requests.may.sources
    facing = Traffic.of(sources=peers) if egress else Traffic.of(destinations=peers)
    protocols = Traffic.of(protocols=requests.may.protocols)
    return back & exact(facing & protocols)


def _open(screen: Screen) -> tuple[Reason, ...]:
    """What is not known of the entries of a direction."""
    return tuple(reason for clause in screen.clauses for reason in clause.reasons)


def _drops(acl: Acl, found: list[Lost], remedy: Remedy | None) -> Judged:
    sure = found[0].sure
    texts = dict.fromkeys(_traffic(one) for one in found)
    may = "" if sure else "may "
    what = some(texts, _MOST_NAMED)
    return Judged(
        judgement=Judgement.VIOLATED if sure else Judgement.UNDETERMINED,
        component=acl.id,
        at=acl.at,
        fact=f"no replies to {listed(sorted(texts))}",
        message=f"{acl.id} lets {what}, and {may}let{'s' if sure else ''} no reply back.",
        severity=None if sure else Severity.LOW,
        fix=f"Allow {listed(dict.fromkeys(_mending(one) for one in found))} in {acl.id}.",
        proof=tuple(step for one in found for step in _proof(one)),
        related=tuple(
            Related(at=one.stated.entry.at, text=f"lets requests {_way(one)}: {one.stated.clause.text}")
            for one in found
            if one.stated.entry.at != acl.at
        ),
        unknowns=tuple(dict.fromkeys(reason for one in found for reason in one.reasons))[:_MOST_UNKNOWNS],
        remedy=remedy,
    )


def _way(lost: Lost) -> str:
    return "in" if lost.stated.entry.direction is Direction.INGRESS else "out"


def _traffic(lost: Lost) -> str:
    entry = lost.stated.entry
    return f"{service_text(lost.service)} {_way(lost)} {peer_word(entry.direction)} {entry.peer.text}"


def _mending(lost: Lost) -> str:
    entry = lost.stated.entry
    other = _OTHER[entry.direction]
    protocols = sorted({text.partition("/")[0] for text in service_text(lost.service).split(", ")})
    ports = " and ".join(f"{protocol}/1024-65535" for protocol in protocols)
    return f"{ports} {peer_word(other)} {entry.peer.text} ({other.value})"


def _proof(lost: Lost) -> Iterator[str]:
    clause, entry = lost.stated.clause, lost.stated.entry
    other = _OTHER[entry.direction]
    yield f"{entry.component} allows {entry.direction.value} by {clause.text} ({entry.at})"
    ends = f"{peer_word(other)} {entry.peer.text}"
    yield f"{entry.component} allows no {other.value} {ends} on the ports 1024-65535 that replies go to"
