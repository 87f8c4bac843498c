"""Rules that are for other ports than they seem to be: port 0 alone, and ports that AWS ignores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from auditor.finding import Judgement, Severity
from auditor.model import (
    AclEntry,
    AddressPeer,
    Direction,
    GroupPeer,
    Peer,
    PrefixListPeer,
    Rule,
    UnknownPeer,
)
from auditor.rules.definition import Judged
from auditor.rules.words import listed, peer_word, service_text
from auditor.traffic import EVERYTHING, PRIVATE, TCP, UDP, service

_ZERO = service(TCP, 0, 0) | service(UDP, 0, 0)


def by_ports(holder: str, rule: Rule | AclEntry) -> Iterator[Judged]:
    """What is wrong with the ports of a rule or an entry of ``holder``.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    yield from _port_zero(holder, rule)
    if rule.zero_open and rule.service.may & _ZERO:
        yield _perhaps_zero(holder, rule)
    if isinstance(rule, Rule) and rule.ignored_ports:
        yield _ignored(holder, rule)


def _ignored(holder: str, rule: Rule) -> Judged:
    unknown, ports = bool(rule.ports_open), rule.ignored_ports
    if not unknown:
        said = f"names port {ports}, and the protocol -1 for all: AWS ignores the port, and lets all pass"
    elif rule.service.must == EVERYTHING:
        said = "names ports that are not known, and the protocol -1 for all: AWS ignores the ports"
    else:
        said = f"names port {ports}, and the protocol may be -1 for all: AWS would ignore the port"
    wide = Severity.HIGH if _is_wide(rule) else None
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=holder,
        at=rule.at,
        fact=f"{rule.direction.value} all traffic {_ends(rule)}, written as port {ports}",
        message=f"{rule.component} {said}.",
        severity=Severity.LOW if unknown else wide,
        fix="Give the protocol that is meant: tcp for " + ("a port." if "?" in ports else f"port {ports}."),
        proof=(f"{rule.component}: {service_text(rule.service)} ({rule.at})",),
        unknowns=rule.ports_open,
    )


def _perhaps_zero(holder: str, rule: Rule | AclEntry) -> Judged:
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=holder,
        at=rule.at,
        fact=f"{rule.direction.value} port 0 {_ends(rule)}",
        message=f"{rule.component} is for ports 0 to 0 of a protocol that is not known: of tcp and udp "
        "that is port 0 alone, which nothing uses.",
        severity=Severity.LOW,
        fix="Write from_port 0 and to_port 65535 if all ports are meant, or the protocol -1.",
        unknowns=rule.zero_open,
    )


def _is_wide(rule: Rule) -> bool:
    return rule.direction is Direction.INGRESS and any(
        isinstance(peer, AddressPeer) and not peer.addresses.must <= PRIVATE for peer in rule.peers
    )


def _port_zero(holder: str, rule: Rule | AclEntry) -> Iterator[Judged]:
    for protocol, word in ((TCP, "tcp"), (UDP, "udp")):
        zero, rest = service(protocol, 0, 0), service(protocol, 1, 65535)
        if not zero <= rule.service.must or rule.service.must & rest:
            continue
        unknown = bool(rule.service.may & rest)
        yield Judged(
            judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
            component=holder,
            at=rule.at,
            fact=f"{rule.direction.value} {word}/0 {_ends(rule)}",
            message=f"{rule.component} begins at port 0 of {word}; whether it ends there is not known."
            if unknown
            else f"{rule.component} is for {word} port 0 alone, which nothing uses: "
            "from 0 to 0 are not all ports.",
            fix=f"Write from_port 0 and to_port 65535 if all of {word} is meant, else the port that is.",
            proof=(f"{rule.component} selects {service_text(rule.service)} ({rule.at})",),
            unknowns=rule.reasons if unknown else (),
        )


def _ends(rule: Rule | AclEntry) -> str:
    """The other ends of a rule in words that stay the same when lines move."""
    peers = rule.peers if isinstance(rule, Rule) else (rule.peer,)
    names = sorted(_end(peer) for peer in peers)
    return f"{peer_word(rule.direction)} {listed(names)}" if names else ""


def _end(peer: Peer) -> str:
    match peer:
        case AddressPeer(_, text):
            return text
        case GroupPeer(link) | PrefixListPeer(link):
            return link.id
        case UnknownPeer():
            return "somebody"
        case _:
            assert_never(peer)
