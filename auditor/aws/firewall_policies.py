"""Firewall policies: which rule groups are asked, in which order, and what is done with what none decides.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-settings.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.stateless import action_of
from auditor.aws.reader.variables import home_of, variables_listed
from auditor.model import FirewallPolicy, GroupUse
from auditor.tree import Presence, Reason, Resource

POLICY = "aws_networkfirewall_firewall_policy"


def read_policy(block: Block) -> Iterator[FirewallPolicy]:
    """A policy with the groups that it uses, by their ARNs; those of AWS itself are in no input."""
    bodies = list(block.blocks("firewall_policy"))
    if len(bodies) == 1 and block.holds(bodies[0]) and bodies[0].body.more is None:
        yield _policy(block, bodies[0])
        return
    reason = Reason(f"{block.address}.firewall_policy", block.place("firewall_policy"), "a snapshot")
    yield FirewallPolicy(
        id=block.address,
        at=block.at,
        names=block.names("name"),
        open=block.why("firewall_policy") or (reason,),
        presence=block.presence,
    )


def _policy(block: Block, body: Block) -> FirewallPolicy:
    return FirewallPolicy(
        id=block.address,
        at=block.at,
        names=block.names("name"),
        stateless=tuple(_uses(body, "stateless_rule_group_reference")),
        stateless_default=action_of(body.get("stateless_default_actions")),
        stateful=tuple(_uses(body, "stateful_rule_group_reference")),
        strict=body.says("stateful_engine_options.rule_order", "STRICT_ORDER"),
        stateful_defaults=_defaults(body),
        home=home_of(body),
        presence=block.presence,
    )


def _uses(body: Block, name: str) -> Iterator[GroupUse]:
    """The groups of one kind. One whose actions are overridden, drops becoming alerts, may drop nothing."""
    for one in body.blocks(name):
        sure = body.holds(one) and not one.has("override")
        yield GroupUse(
            group=one.target("resource_arn"),
            at=one.at,
            priority=one.integer("priority"),
            presence=Presence.CERTAIN if sure else Presence.POSSIBLE,
        )


def _defaults(body: Block) -> tuple[str, ...]:
    """The default actions of strict order, ``unknown`` among them where there may be another."""
    found = body.links("stateful_default_actions")
    known = tuple(link.id for link in found.items if link.certain and link.id.startswith("aws:"))
    return known if len(known) == len(found.items) and not found.open else (*known, "unknown")


READERS = {POLICY: read_policy}


def _with_variables(resource: Resource) -> Iterator[Resource]:
    yield variables_listed(resource, "firewall_policy", policy_variables__rule_variables="ip_set")


_POLICY = Spelling(
    kind=POLICY,
    renamed={
        "FirewallPolicyName": "name",
        "FirewallPolicy.StatelessRuleGroupReferences": "stateless_rule_group_reference",
        "FirewallPolicy.StatefulRuleGroupReferences": "stateful_rule_group_reference",
    },
    attributes={"FirewallPolicyArn": "arn", "FirewallPolicyId": "id"},
    then=_with_variables,
)
SPELLINGS = {"AWS::NetworkFirewall::FirewallPolicy": _POLICY, "FirewallPolicies": _POLICY}
