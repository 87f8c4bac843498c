"""Stateless firewall rules: each packet on its own, by addresses, ports, protocols and TCP flags.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-standard.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.nodes import number, why
from auditor.aws.reader.suricata import Place, Sets
from auditor.model import FirewallAction, FirewallRule
from auditor.traffic import (
    ANY,
    EMPTY,
    EVERYTHING,
    NOTHING,
    PORTS,
    PROTOCOLS,
    WITH_PORTS,
    Bounds,
    IntSet,
    Traffic,
    exact,
)
from auditor.tree import GapKind, Map, Node, Presence, Reason, Scalar, Seq

ACTIONS = {
    "aws:pass": FirewallAction.PASS,
    "aws:drop": FirewallAction.DROP,
    "aws:forward_to_sfe": FirewallAction.FORWARD,
}
_SETS = Sets()
_LIVE = "a test with live traffic"
_LAST = 65535


def action_of(node: Node | None) -> FirewallAction:
    """The one action of AWS's own in a list; the others, of one's own, only count packets."""
    if not isinstance(node, Seq) or node.more is not None:
        return FirewallAction.UNKNOWN
    words = [item.value if isinstance(item, Scalar) else None for item in node.items]
    found = [ACTIONS[word] for word in words if isinstance(word, str) and word in ACTIONS]
    return found[0] if len(found) == 1 and None not in words else FirewallAction.UNKNOWN


def stateless_rules(source: Block, unknown: list[Reason]) -> Iterator[FirewallRule]:
    """The stateless rules in a source of a group; why there may be others goes to ``unknown``."""
    for sources in source.blocks("stateless_rules_and_custom_actions"):
        unknown += () if source.holds(sources) else sources.reasons
        for rule in sources.blocks("stateless_rule"):
            if rule.body.more is not None:
                unknown += rule.reasons
            else:
                yield from _rules(rule, sure=source.holds(rule))


def _rules(rule: Block, *, sure: bool) -> Iterator[FirewallRule]:
    for definition in rule.blocks("rule_definition"):
        matches = list(definition.blocks("match_attributes"))
        known = len(matches) == 1 and definition.holds(matches[0]) and matches[0].body.more is None
        flags = tuple(Reason("TCP flags", one.at, _LIVE) for one in matches if one.has("tcp_flag"))
        yield FirewallRule(
            at=rule.at,
            text=_text(rule),
            action=action_of(definition.get("actions")),
            traffic=_traffic(matches[0]) if known else Bounds(NOTHING, EVERYTHING),
            priority=rule.integer("priority"),
            undecided=flags,
            reasons=tuple(dict.fromkeys((*rule.reasons, *_why(matches)))),
            presence=Presence.CERTAIN if sure else rule.presence,
        )


def _text(rule: Block) -> str:
    number_ = rule.integer("priority")
    return "a stateless rule" if number_ is None else f"stateless rule {number_}"


def _why(matches: list[Block]) -> Iterator[Reason]:
    for match in matches:
        for name, node in match.body.entries.items():
            if name != "tcp_flag":
                yield from _within(node)


def _within(node: Node) -> tuple[Reason, ...]:
    """Why something in a node is not known."""
    match node:
        case Map():
            return (*why(node), *(reason for inner in node.entries.values() for reason in _within(inner)))
        case Seq():
            return (*why(node), *(reason for inner in node.items for reason in _within(inner)))
        case _:
            return why(node)


def _traffic(match: Block) -> Bounds[Traffic]:
    protocols = _protocols(match.get("protocols"))
    ends = [
        _any_of(match, "source", ANY, _addresses),
        _any_of(match, "destination", ANY, _addresses),
        _any_of(match, "source_port", PORTS, _ports),
        _any_of(match, "destination_port", PORTS, _ports),
    ]
    least = protocols.must
    if any(one.must != PORTS for one in ends[2:]):
        least = least & WITH_PORTS
    return Bounds(
        _product(least, [one.must for one in ends]), _product(protocols.may, [one.may for one in ends])
    )


def _product(protocols: IntSet, ends: list[IntSet]) -> Traffic:
    return Traffic.of(
        protocols=protocols,
        sources=ends[0],
        destinations=ends[1],
        source_ports=ends[2],
        destination_ports=ends[3],
    )


def _protocols(node: Node | None) -> Bounds[IntSet]:
    """The protocols by number; all where none is named."""
    if node is None or (isinstance(node, Seq) and not node.items and node.more is None):
        return exact(PROTOCOLS)
    if not isinstance(node, Seq):
        return Bounds(EMPTY, PROTOCOLS)
    found = [number(item) for item in node.items]
    known = IntSet.union(IntSet.single(one) for one in found if one is not None and one in PROTOCOLS)
    sure = node.more is None and None not in found
    return Bounds(known, known if sure else PROTOCOLS)


def _any_of(
    match: Block, name: str, everything: IntSet, read: Callable[[Block], Bounds[IntSet]]
) -> Bounds[IntSet]:
    """What the blocks of one type select together; everything where there is none."""
    parts = [(read(one), match.holds(one)) for one in match.blocks(name)]
    if not parts:
        return exact(everything)
    if not any(sure for _, sure in parts):
        return Bounds(EMPTY, everything)
    must = IntSet.union(bounds.must for bounds, sure in parts if sure)
    return Bounds(must, IntSet.union(bounds.may for bounds, _ in parts))


def _addresses(one: Block) -> Bounds[IntSet]:
    node = one.get("address_definition")
    found = _SETS.address(str(node.value)) if isinstance(node, Scalar) else ""
    if isinstance(found, Place):
        return found.numbers
    if isinstance(node, Scalar):
        one.flag(GapKind.INVALID, one.address, found, node.at, "write a CIDR such as 10.0.0.0/16")
    return Bounds(EMPTY, ANY)


def _ports(one: Block) -> Bounds[IntSet]:
    low, high = one.integer("from_port"), one.integer("to_port")
    if not one.has("to_port"):
        high = low
    if low is None or high is None or not 0 <= low <= high <= _LAST:
        return Bounds(EMPTY, PORTS)
    return exact(IntSet.of((low, high)))
