"""Firewalls by hand: one policy, its groups and the firewall that uses it."""

from __future__ import annotations

from auditor.model import NO, YES, Inventory, Vpc
from auditor.model.inspection import (
    Firewall,
    FirewallAction,
    FirewallEndpoint,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    GroupUse,
)
from auditor.reach.firewalls import Firewalls, Inspection
from auditor.reach.index import Index
from auditor.traffic import Traffic, exact, parse_cidr, parse_traffic
from tests.reach.network import at, link

VPC = Vpc(id="vpc", at=at(), cidrs=exact(parse_cidr("10.0.0.0/16")))


def rule(
    action: str, service: str = "all", *, sources: str = "", destinations: str = "", **more
) -> FirewallRule:
    """``rule("pass", "tcp/443", sources="10.0.0.0/8")``; further fields by name."""
    traffic = parse_traffic(service)
    if sources:
        traffic &= Traffic.of(sources=parse_cidr(sources))
    if destinations:
        traffic &= Traffic.of(destinations=parse_cidr(destinations))
    return FirewallRule(
        at=at(), text=f"{action} {service}", action=FirewallAction(action), traffic=exact(traffic), **more
    )


def names(action: str, application: str, *domains: str, **more) -> FirewallRule:
    """A rule for the names of servers, as a domain list makes them: from HOME_NET to EXTERNAL_NET."""
    given = {
        "home_sources": True,
        "outside_destinations": True,
        "to_server": True,
        "established": True,
    } | more
    return rule(action, "tcp", application=application, domains=domains, **given)


def group(name: str, *rules: FirewallRule, stateful: bool = True, **more) -> FirewallRuleGroup:
    return FirewallRuleGroup(id=name, at=at(), stateful=stateful, rules=rules, **more)


def uses(*groups: FirewallRuleGroup | str) -> tuple[GroupUse, ...]:
    """The groups, or the ids of groups that are nowhere defined, in the order of their priorities."""
    named = (one if isinstance(one, str) else one.id for one in groups)
    return tuple(GroupUse(group=link(one), at=at(), priority=place) for place, one in enumerate(named, 1))


def policy(
    *groups: FirewallRuleGroup | str, default: str = "", stateless: tuple[FirewallRuleGroup, ...] = (), **more
) -> FirewallPolicy:
    """In strict order with a default action (``drop_established``), in the order of actions without."""
    given = {
        "stateless_default": FirewallAction.FORWARD,
        "strict": YES if default else NO,
        "stateful_defaults": () if default in {"", "none"} else (f"aws:{default}",),
    }
    return FirewallPolicy(
        id="policy", at=at(), stateful=uses(*groups), stateless=uses(*stateless), **(given | more)
    )


def firewalls(policies: tuple[FirewallPolicy, ...], groups: tuple[FirewallRuleGroup | str, ...]) -> Firewalls:
    """A firewall ``firewall`` with the endpoint ``endpoint`` in ``VPC``, which uses the policy ``policy``."""
    firewall = Firewall(
        id="firewall",
        at=at(),
        vpc=link("vpc"),
        policy=link("policy"),
        endpoints=(FirewallEndpoint(id="endpoint", at=at(), subnet=link("subnet")),),
    )
    inventory = Inventory(
        vpcs=(VPC,),
        firewalls=(firewall,),
        firewall_policies=policies,
        firewall_rule_groups=tuple(one for one in groups if not isinstance(one, str)),
    )
    return Firewalls(Index(inventory))


def inspect(policy: FirewallPolicy, *groups: FirewallRuleGroup | str) -> Inspection:
    """What the firewall lets pass with that policy and those groups."""
    found = firewalls((policy,), groups)
    firewall = found.find("endpoint")
    assert firewall is not None
    return found.inspection(firewall)


def inspected(
    *rules: FirewallRule, default: str = "", stateless: tuple[FirewallRule, ...] = (), **more
) -> Inspection:
    """The same for the rules of one stateful and one stateless group."""
    stateful, less = group("stateful", *rules), group("stateless", *stateless, stateful=False)
    stateless_groups = (less,) if stateless else ()
    return inspect(policy(stateful, default=default, stateless=stateless_groups, **more), stateful, less)
