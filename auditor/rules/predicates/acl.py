"""What a network ACL does that nobody wants: replies that it drops, entries that never match."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Acl, AclEntry, Direction, Truth
from auditor.reach.acls import Screen
from auditor.reach.points import Clause, requests_of
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
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


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry of an ACL with the clause that it is in the engine."""

    entry: AclEntry
    clause: Clause


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
                yield from _shadowed(acl, tuple(_stated(acl, direction, evidence)))


def _screen(acl: Acl, direction: Direction, evidence: Evidence) -> Screen:
    return evidence.engine.borders.acls.screen(acl.id, direction)


def _stated(acl: Acl, direction: Direction, evidence: Evidence) -> Iterator[Stated]:
    entries = [one for one in evidence.engine.index.acl_entries.get(acl.id, ()) if one.direction is direction]
    for entry, clause in zip(entries, _screen(acl, direction, evidence).clauses, strict=True):
        yield Stated(entry, clause)


# -- replies -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lost:
    """What an entry lets pass and of which no reply comes back; ``sure`` where that is certain."""

    stated: Stated
    service: Traffic
    sure: bool
    reasons: tuple[Reason, ...]


def _dropping(acl: Acl, evidence: Evidence) -> Iterator[Judged]:
    found = [
        lost
        for direction in Direction
        if not _screen(acl, _OTHER[direction], evidence).opens_all
        for stated in _stated(acl, direction, evidence)
        for lost in _lost(acl, stated, evidence)
    ]
    certain = [one for one in found if one.sure]
    if found:
        yield _drops(acl, certain or found)


def _lost(acl: Acl, stated: Stated, evidence: Evidence) -> Iterator[Lost]:
    direction = stated.entry.direction
    back = _screen(acl, _OTHER[direction], evidence)
    passing = stated.clause.region & _screen(acl, direction, evidence).passes
    for protocol in (TCP, UDP):
        requests = passing & exact(service(protocol) & Traffic.of(source_ports=_CLIENTS))
        if stated.entry.allow.truth is Truth.NO or not requests.may:
            continue
        for_replies = requests.may.destination_ports >= _CLIENTS
        if for_replies:
            answered = _between_the_same(requests, direction, back.passes)
        else:
            answered = requests & requests_of(back.passes)
        if answered.must or (for_replies and answered.may):
            continue
        sure = bool(requests.must) and not answered.may
        reasons = stated.clause.reasons + _open(back)
        yield Lost(stated, stated.entry.service.may & service(protocol), sure, () if sure else reasons)


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


def _drops(acl: Acl, found: list[Lost]) -> Judged:
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
    stated = lost.stated
    entry = stated.entry
    other = _OTHER[entry.direction]
    yield f"{entry.component} allows {entry.direction.value} by {stated.clause.text} ({entry.at})"
    ends = f"{peer_word(other)} {entry.peer.text}"
    yield f"{entry.component} allows no {other.value} {ends} on the ports 1024-65535 that replies go to"


# -- entries that never match --------------------------------------------------------------------------


def _shadowed(acl: Acl, stated: tuple[Stated, ...]) -> Iterator[Judged]:
    for position, one in enumerate(stated):
        region = one.clause.region
        if not region.may:
            continue
        others = [each for number, each in enumerate(stated) if number != position]
        sure = _covering(region.may, [each for each in others if _surely_before(each, one)], must=True)
        if sure:
            yield _never(acl, one, sure, certain=True)
            continue
        perhaps = _perhaps_covering(one, [each for each in others if _perhaps_before(each, one)])
        if perhaps and any(_contrary(each, one) for each in perhaps):
            yield _never(acl, one, perhaps, certain=False)


def _perhaps_covering(one: Stated, before: list[Stated]) -> tuple[Stated, ...]:
    """The entries that take at the least what an entry is for; any that it meets where that is nothing."""
    region, entry = one.clause.region, one.entry
    least = region.may if entry.service.known and entry.peer.addresses.known else region.must
    if least:
        return _covering(least, before, must=False)
    return tuple(each for each in before if each.clause.region.may & region.may)


def _surely_before(one: Stated, other: Stated) -> bool:
    known = one.entry.allow.truth is not Truth.UNKNOWN
    first, second = one.entry.number, other.entry.number
    return known and first is not None and second is not None and first < second


def _perhaps_before(one: Stated, other: Stated) -> bool:
    first, second = one.entry.number, other.entry.number
    return first is None or second is None or first < second


def _contrary(one: Stated, other: Stated) -> bool:
    truths = {one.entry.allow.truth, other.entry.allow.truth}
    return len(truths) > 1 or Truth.UNKNOWN in truths


def _covering(region: Traffic, before: list[Stated], *, must: bool) -> tuple[Stated, ...]:
    """The entries that take all of a region: the first that does alone, else all that do together."""
    taken = [(one, one.clause.region.must if must else one.clause.region.may) for one in before]
    alone = next(((one,) for one, traffic in taken if region <= traffic), None)
    if alone:
        return alone
    meeting = [(one, traffic) for one, traffic in taken if traffic & region]
    if meeting and region <= Traffic.union(traffic for _, traffic in meeting):
        return tuple(one for one, _ in meeting)
    return ()


def _never(acl: Acl, one: Stated, before: tuple[Stated, ...], *, certain: bool) -> Judged:
    entry, contrary = one.entry, any(_contrary(each, one) for each in before)
    names = listed(f"{each.clause.text!r}" for each in before[:_MOST_NAMED])
    comes = "comes" if len(before) == 1 else "come"
    reasons = [reason for each in (one, *before) for reason in each.clause.reasons]
    reasons += [_number_of(each) for each in (one, *before) if each.entry.number is None]
    return Judged(
        judgement=Judgement.VIOLATED if certain else Judgement.UNDETERMINED,
        component=acl.id,
        at=entry.at,
        fact=f"{entry.direction.value} {one.clause.text}",
        message=f"The {entry.direction.value} entry {one.clause.text!r} of {acl.id} "
        f"{'never matches' if certain else 'may never match'}: {names} {comes} before it.",
        severity=None if contrary and certain else Severity.LOW,
        fix=_renumbered(before) if contrary else "Remove the entry: what it says is said before it.",
        proof=tuple(
            f"{acl.id}, {entry.direction.value}: {each.clause.text} ({each.entry.at})" for each in before
        ),
        related=tuple(
            Related(at=each.entry.at, text=f"matches first: {each.clause.text}") for each in before
        ),
        unknowns=() if certain else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )


def _number_of(one: Stated) -> Reason:
    return Reason(f"the number of the entry for {one.entry.peer.text}", one.entry.at, "give its number")


def _renumbered(before: tuple[Stated, ...]) -> str:
    numbers = [each.entry.number for each in before if each.entry.number is not None]
    if not numbers:
        return "Give the entries numbers in the order in which they are meant."
    return f"Give the entry a number below {min(numbers)} if it is meant, and remove it if it is not."
