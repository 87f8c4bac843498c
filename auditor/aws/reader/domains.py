"""Lists of domains, as the rules that AWS makes of them.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html
https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.nodes import texts, why
from auditor.model import FirewallAction, FirewallRule
from auditor.traffic import TCP, IntSet, Traffic, exact
from auditor.tree import Reason, Scalar, Seq

_APPLICATIONS = {"TLS_SNI": "tls", "HTTP_HOST": "http"}
_ACTIONS = {
    "ALLOWLIST": FirewallAction.PASS,
    "DENYLIST": FirewallAction.DROP,
    "REJECTLIST": FirewallAction.REJECT,
    "ALERTLIST": FirewallAction.ALERT,
}
_TRAFFIC = exact(Traffic.of(protocols=IntSet.single(TCP)))
_PRIORITY = 1


def listed_rules(listed: Block, unknown: list[Reason]) -> Iterator[FirewallRule]:
    """The rules of a list: from HOME_NET to elsewhere, for the names, once a connection is established.

    A list of what is allowed also drops what else there is of the protocols that it is about.
    """
    kind, types = listed.text("generated_rules_type"), _types(listed)
    action = _ACTIONS.get(kind)
    if action is None or types is None:
        known = Reason(
            "the kind of a list of domains", listed.at, "give generated_rules_type and target_types"
        )
        unknown += listed.why("generated_rules_type", "target_types") or (known,)
        return
    domains, others = _names(listed)
    for type_ in types:
        text, application = f"{kind} {type_}", _APPLICATIONS[type_]
        if domains:
            yield _rule(listed, action, f"{text}: {', '.join(domains)}", application, domains)
        if others:
            yield replace(_rule(listed, action, text, application), undecided=others)
    if action is FirewallAction.PASS:
        for type_ in types:
            yield _rule(listed, FirewallAction.DROP, f"not in {kind} {type_}", _APPLICATIONS[type_])


def _types(listed: Block) -> tuple[str, ...] | None:
    """What the list is compared with; None where that is not all known."""
    node = listed.get("target_types")
    words = [texts(item) for item in node.items] if isinstance(node, Seq) and node.more is None else [None]
    found = [str(next(iter(word))) for word in words if word is not None and len(word) == 1]
    known = len(found) == len(words) and all(word in _APPLICATIONS for word in found)
    return tuple(sorted(set(found), reverse=True)) if known else None


def _names(listed: Block) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The names that are known, and why there may be others."""
    node = listed.get("targets")
    if not isinstance(node, Seq):
        return (), why(node) if node is not None else ()
    names = [str(item.value).lower() for item in node.items if isinstance(item, Scalar)]
    rest = [reason for item in node.items if not isinstance(item, Scalar) for reason in why(item)]
    return tuple(dict.fromkeys(names)), (*rest, *(() if node.more is None else why(node.more)))


def _rule(
    listed: Block, action: FirewallAction, text: str, application: str, domains: tuple[str, ...] = ()
) -> FirewallRule:
    return FirewallRule(
        at=listed.at,
        text=text,
        action=action,
        traffic=_TRAFFIC,
        priority=_PRIORITY,
        application=application,
        domains=domains,
        home_sources=True,
        outside_destinations=True,
        established=True,
        to_server=True,
    )
