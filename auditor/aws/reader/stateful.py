"""Stateful firewall rules: given one by one, or as the text of many.

https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StatefulRule.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.nodes import texts, why
from auditor.aws.reader.suricata import Header, Option, Selections, lines_of, option_of, parsed, rules_of
from auditor.model import FirewallAction, FirewallRule
from auditor.traffic import EVERYTHING, NOTHING, Bounds
from auditor.tree import GapKind, Location, Presence, Reason, Scalar, Seq

_HINT = "write the rule as Suricata takes it"


def rules_in(
    block: Block, path: str, selections: Selections, unknown: list[Reason]
) -> Iterator[FirewallRule]:
    """The rules in a text; one that is none is a gap by its line, and leaves the group open."""
    node = block.get(path)
    if node is None:
        return
    if not isinstance(node, Scalar):
        unknown += why(node)
        return
    for line in lines_of(str(node.value)):
        found = rules_of(line, selections, node.at)
        if isinstance(found, str):
            what = f"line {line.number} of {path} of {block.address}"
            block.flag(GapKind.INVALID, what, found, node.at, _HINT)
            unknown.append(Reason(what, node.at, _HINT))
        else:
            yield from found


def structured_rules(source: Block, selections: Selections, unknown: list[Reason]) -> Iterator[FirewallRule]:
    """The rules that stand in blocks of their own."""
    for rule in source.blocks("stateful_rule"):
        header = next(rule.blocks("header"), None)
        if header is None or rule.body.more is not None:
            unknown += rule.reasons or (Reason("a stateful rule", rule.at, "a snapshot"),)
            continue
        found = _structured(rule, header, selections)
        if isinstance(found, str):
            rule.flag(GapKind.INVALID, rule.address, found, rule.at, _HINT)
            unknown.append(Reason(f"a stateful rule: {found}", rule.at, _HINT))
            continue
        sure = source.holds(rule)
        for one in found:
            yield replace(
                one,
                reasons=(*one.reasons, *(() if sure else rule.reasons)),
                presence=Presence.CERTAIN if sure else rule.presence,
            )


_WORDS = ("protocol", "source", "source_port", "destination", "destination_port")


def _structured(rule: Block, header: Block, selections: Selections) -> tuple[FirewallRule, ...] | str:
    action = rule.text("action")
    words = [header.text(name) for name in _WORDS]
    options = tuple(_options(rule))
    direction = header.text("direction").upper()
    known = action and all(words) and direction in {"ANY", "FORWARD"}
    if not known or None in options:
        return (_unknown(rule, header),)
    protocol, source, source_port, destination, destination_port = words
    written = Header(
        action=action,
        protocol=protocol,
        source=source,
        source_port=source_port,
        destination=destination,
        destination_port=destination_port,
        both=direction == "ANY",
    )
    selected = selections.of(written)
    if isinstance(selected, str):
        return selected
    given = tuple(option for option in options if option is not None)
    told = "; ".join(f"{one.keyword}:{one.value}" if one.value else one.keyword for one in given)
    return parsed(selected, given, rule.at, f"{written} ({told};)" if told else str(written))


def _options(rule: Block) -> Iterator[Option | None]:
    """The options, None for one that is not known. A setting may stand beside its keyword, or in it."""
    for option in rule.blocks("rule_option"):
        keyword, settings = option.text("keyword"), option.get("settings")
        if not keyword or not rule.holds(option) or not (settings is None or isinstance(settings, Seq)):
            yield None
            continue
        words = [texts(item) for item in (settings.items if isinstance(settings, Seq) else ())]
        if any(word is None or len(word) != 1 for word in words):
            yield None
            continue
        values = ",".join(str(next(iter(word))) for word in words if word)
        yield option_of(f"{keyword}:{values}" if values else keyword)


def _unknown(rule: Block, header: Block) -> FirewallRule:
    """A rule of which too little is known to say what it fits."""
    names = {name: FirewallAction(name) for name in ("pass", "drop", "reject", "alert")}
    reasons = (*rule.why("action"), *header.why(*_WORDS, "direction"))
    return FirewallRule(
        at=rule.at,
        text="a stateful rule",
        action=names.get(rule.text("action").lower(), FirewallAction.UNKNOWN),
        traffic=Bounds(NOTHING, EVERYTHING),
        undecided=reasons or (_not_known(rule.at),),
    )


def _not_known(at: Location) -> Reason:
    return Reason("what a stateful rule asks for", at, "give all of its header and its options")
