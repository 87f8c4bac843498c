"""Rule groups of network firewalls: stateless ones, and stateful ones in each of their three forms.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-groups.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.domains import listed_rules
from auditor.aws.reader.stateful import rules_in, structured_rules
from auditor.aws.reader.stateless import stateless_rules
from auditor.aws.reader.suricata import Selections
from auditor.aws.reader.variables import HOME, sets_of, variables_listed
from auditor.model import FirewallRule, FirewallRuleGroup, Truth
from auditor.tree import Reason, Resource

GROUP = "aws_networkfirewall_rule_group"


def read_group(block: Block) -> Iterator[FirewallRuleGroup]:
    """A rule group with its rules; open where some of them are not known."""
    bodies = list(block.blocks("rule_group"))
    unknown: list[Reason] = []
    rules: list[FirewallRule] = []
    home = None
    if block.has("rules"):
        rules += rules_in(block, "rules", Selections(sets_of(block)), unknown)
    for body in bodies:
        if not block.holds(body) or body.body.more is not None:
            unknown += body.reasons or block.why("rule_group")
        sets = sets_of(body)
        home = home or sets.addresses.get(HOME)
        for source in body.blocks("rules_source"):
            if not body.holds(source) or source.body.more is not None:
                unknown += source.reasons
            rules += _rules(source, Selections(sets), unknown)
    if not bodies and not block.has("rules"):
        unknown.append(Reason(f"the rules of {block.address}", block.at, "a snapshot that describes it"))
    yield FirewallRuleGroup(
        id=block.address,
        at=block.at,
        stateful=block.says("type", "STATELESS").truth is not Truth.YES,
        rules=tuple(rules),
        names=block.names("name"),
        home=None if home is None else home.numbers,
        open=tuple(dict.fromkeys(unknown)),
        presence=block.presence,
    )


def _rules(source: Block, selections: Selections, unknown: list[Reason]) -> Iterator[FirewallRule]:
    """The rules of a source, in whichever form they stand there; why there may be others to ``unknown``."""
    yield from stateless_rules(source, unknown)
    yield from rules_in(source, "rules_string", selections, unknown)
    yield from structured_rules(source, selections, unknown)
    for listed in source.blocks("rules_source_list"):
        unknown += () if source.holds(listed) else listed.reasons
        yield from listed_rules(listed, unknown)


READERS = {GROUP: read_group}


def _with_variables(resource: Resource) -> Iterator[Resource]:
    yield variables_listed(
        resource,
        "rule_group",
        rule_variables__ip_sets="ip_set",
        rule_variables__port_sets="port_set",
        reference_sets__ip_set_references="ip_set_reference",
    )


_SOURCES = "RuleGroup.RulesSource"
_STATELESS = f"{_SOURCES}.StatelessRulesAndCustomActions.StatelessRules"
_MATCH = f"{_STATELESS}.RuleDefinition.MatchAttributes"
_GROUP = Spelling(
    kind=GROUP,
    renamed={
        "RuleGroupName": "name",
        f"{_SOURCES}.StatefulRules": "stateful_rule",
        f"{_SOURCES}.StatefulRules.RuleOptions": "rule_option",
        _STATELESS: "stateless_rule",
        f"{_MATCH}.Sources": "source",
        f"{_MATCH}.Destinations": "destination",
        f"{_MATCH}.SourcePorts": "source_port",
        f"{_MATCH}.DestinationPorts": "destination_port",
        f"{_MATCH}.TCPFlags": "tcp_flag",
    },
    attributes={"RuleGroupArn": "arn", "RuleGroupId": "id"},
    then=_with_variables,
)
SPELLINGS = {"AWS::NetworkFirewall::RuleGroup": _GROUP, "RuleGroups": _GROUP}
