"""A network firewall, one packet at a time and as plainly as possible, written from the documentation.

What the documentation leaves open has two outcomes.
"""

from __future__ import annotations

from typing import NamedTuple

from auditor.model import Truth
from auditor.model.inspection import FirewallAction, FirewallPolicy, FirewallRule, FirewallRuleGroup
from auditor.traffic import ICMP, TCP, IntSet, Traffic

PASS, DROP, REJECT, FORWARD = (
    FirewallAction.PASS,
    FirewallAction.DROP,
    FirewallAction.REJECT,
    FirewallAction.FORWARD,
)
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


class Header(NamedTuple):
    """One packet's header; for ICMP the destination port is the type and code."""

    protocol: int
    source: int
    destination: int
    source_port: int
    destination_port: int

    @property
    def answer(self) -> Header:
        """What comes back."""
        if self.protocol == ICMP:
            return Header(ICMP, self.destination, self.source, self.source_port, 0)
        return Header(self.protocol, self.destination, self.source, self.destination_port, self.source_port)

    @property
    def mirrored(self) -> Header:
        """The same packet in the other direction."""
        if self.protocol == ICMP:
            return self._replace(source=self.destination, destination=self.source)
        return self.answer

    @property
    def traffic(self) -> Traffic:
        return Traffic.of(
            protocols=IntSet.single(self.protocol),
            sources=IntSet.single(self.source),
            destinations=IntSet.single(self.destination),
            source_ports=IntSet.single(self.source_port),
            destination_ports=IntSet.single(self.destination_port),
        )


class Payload(NamedTuple):
    """What a client sends: no application that anything knows (''), or one with a server's name."""

    application: str = ""
    name: str = ""


class Packet(NamedTuple):
    """A packet on its way; ``first`` of its side, ``established`` where both sides have spoken."""

    header: Header
    to_server: bool
    first: bool
    established: bool
    payload: Payload = Payload()


class Box:
    """A firewall with a policy of which everything is known."""

    def __init__(self, policy: FirewallPolicy, groups: tuple[FirewallRuleGroup, ...], home: IntSet) -> None:
        self.policy = policy
        by_id = {one.id: one for one in groups}
        self.home = policy.home.must if policy.home else home
        self.strict = policy.strict.truth is Truth.YES
        self.stateless = [
            rule
            for use in sorted(policy.stateless, key=lambda use: use.priority)
            for rule in sorted(by_id[use.group.id].rules, key=lambda rule: rule.priority)
        ]
        stateful = sorted(policy.stateful, key=lambda use: use.priority) if self.strict else policy.stateful
        self.stateful = [
            (rule, by_id[use.group.id]) for use in stateful for rule in by_id[use.group.id].rules
        ]
        if not self.strict:
            self.stateful.sort(key=lambda pair: pair[0].action is not PASS)
        self.defaults = (
            {one.removeprefix("aws:") for one in policy.stateful_defaults} if self.strict else set()
        )

    # -- the stateless rules -----------------------------------------------------------------------

    def sorted(self, header: Header) -> FirewallAction:
        for rule in self.stateless:
            if _holds(rule.traffic.must, header):
                return rule.action
        return self.policy.stateless_default

    def delivered(self, header: Header, payload: Payload) -> frozenset[bool]:
        """Whether a request is delivered and not dropped later by the rules that follow its connection."""
        match self.sorted(header):
            case FirewallAction.PASS:
                return YES
            case FirewallAction.FORWARD:
                return self.tracked(header, payload)
        return NO

    def answered(self, header: Header) -> frozenset[bool]:
        """Whether the stateless rules let the answer to a delivered request through."""
        there, back = self.sorted(header), self.sorted(header.answer)
        if back is DROP or there is DROP:
            return NO if back is DROP else EITHER
        if there is back or (there is FORWARD and header.protocol != TCP):
            return YES
        return EITHER

    # -- the stateful rules ------------------------------------------------------------------------

    def tracked(self, header: Header, payload: Payload) -> frozenset[bool]:
        """Whether a connection can be used."""
        packets = _stream(header, payload) if header.protocol == TCP else _datagram(header, payload)
        possible = YES
        for packet in packets:
            rule = next((one for one, group in self.stateful if self._fits(one, group, packet)), None)
            if rule is None:
                outcome = self._default(packet)
                if outcome == NO:
                    return NO
                possible |= outcome
            elif rule.action is not PASS:
                return NO
            elif _settles(rule) or packet.established:
                return possible
        return possible

    def _default(self, packet: Packet) -> frozenset[bool]:
        """https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html"""
        stream = packet.header.protocol == TCP
        if "drop_strict" in self.defaults:
            # A rule that has passed the request alone, and the answer: it is not said what becomes of it.
            return NO if packet.to_server else EITHER
        if "drop_established" in self.defaults:
            if stream:
                return NO if packet.established and packet.to_server else YES
            return NO if packet.to_server else YES
        applications = {"drop_established_app_layer", "drop_established_app_layer_to_server"}
        if applications & self.defaults:
            if stream:
                return NO if packet.established and packet.to_server else YES
            directed = "drop_established_app_layer_to_server" in self.defaults
            return YES if directed and not packet.to_server else EITHER
        return YES

    def _fits(self, rule: FirewallRule, group: FirewallRuleGroup, packet: Packet) -> bool:
        if rule.action is FirewallAction.ALERT:
            return False
        if (rule.established and not packet.established) or (rule.to_server and not packet.to_server):
            return False
        if rule.application:
            if rule.application != packet.payload.application or not packet.to_server:
                return False
            if rule.domains and _listed(packet.payload.name, rule.domains) == rule.negated:
                return False
        elif not (rule.established or rule.to_server or packet.first):
            return False
        return self._fits_header(rule, group, packet.header) or (
            rule.both and self._fits_header(rule, group, packet.header.mirrored)
        )

    def _fits_header(self, rule: FirewallRule, group: FirewallRuleGroup, header: Header) -> bool:
        home = group.home.must if group.home else self.home
        return (
            _holds(rule.traffic.must, header)
            and (header.source in home or not rule.home_sources)
            and (header.destination in home or not rule.home_destinations)
            and (header.source not in self.home or not rule.outside_sources)
            and (header.destination not in self.home or not rule.outside_destinations)
        )


def _stream(header: Header, payload: Payload) -> tuple[Packet, ...]:
    return (
        Packet(header, to_server=True, first=True, established=False),
        Packet(header.answer, to_server=False, first=True, established=False),
        Packet(header, to_server=True, first=False, established=True, payload=payload),
        Packet(header.answer, to_server=False, first=False, established=True),
    )


def _datagram(header: Header, payload: Payload) -> tuple[Packet, ...]:
    return (
        Packet(header, to_server=True, first=True, established=False, payload=payload),
        Packet(header.answer, to_server=False, first=True, established=True),
    )


def _settles(rule: FirewallRule) -> bool:
    return bool(rule.application) or not (rule.established or rule.to_server)


def _listed(name: str, domains: tuple[str, ...]) -> bool:
    return any(
        name == domain.removeprefix(".") or (domain.startswith(".") and name.endswith(domain))
        for domain in domains
    )


def _holds(traffic: Traffic, header: Header) -> bool:
    return any(all(value in axis for value, axis in zip(header, box, strict=True)) for box in traffic.boxes)
