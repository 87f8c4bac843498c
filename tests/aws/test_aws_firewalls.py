"""Network firewalls, their policies and rule groups, in three dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import (
    FirewallAction,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    Inventory,
    TargetKind,
    Truth,
)
from auditor.traffic import (
    ANY,
    EMPTY,
    EVERYTHING,
    NOTHING,
    PROTOCOLS,
    TCP,
    UDP,
    WITH_PORTS,
    Bounds,
    IntSet,
    Traffic,
    exact,
    parse_cidr,
)
from auditor.tree import GapKind, Location, Presence, Resource
from tests.aws.build import at, collected, node, open_list, possible, read, ref, resource, templated, unknown

TEN, ELEVEN = parse_cidr("10.0.0.0/8"), parse_cidr("11.0.0.0/8")
WEB = IntSet.of((80, 80), (443, 443))
ONLY_TCP = IntSet.single(TCP)
MANAGED = "arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/BotNetCommandAndControlDomains"
SURICATA = """
# what goes out
pass tls $HOME_NET any -> $EXTERNAL_NET 443 (tls.sni; dotprefix; content:".openai.com"; endswith; sid:1;)
drop tcp $SERVERS any -> any $BAD (msg:"no"; sid:2;)
"""


def group(**body: object) -> FirewallRuleGroup:
    found = read(resource("aws_networkfirewall_rule_group.g", **{"type_": "STATEFUL", **body}))
    return found.firewall_rule_groups[0]


def sourced(**source: object) -> FirewallRuleGroup:
    return group(rule_group=[{"rules_source": [source]}])


def stateless(**match: object) -> FirewallRule:
    definition = {"actions": ["aws:pass"], "match_attributes": [match]}
    rule = {"priority": 7, "rule_definition": [definition]}
    found = group(
        type_="STATELESS",
        rule_group=[{"rules_source": [{"stateless_rules_and_custom_actions": [{"stateless_rule": [rule]}]}]}],
    )
    assert (found.stateful, found.open) == (False, ())
    return found.rules[0]


def test_a_stateless_rule_is_about_addresses_ports_and_protocols():
    found = stateless(
        source=[{"address_definition": "10.0.0.0/8"}],
        destination=[{"address_definition": "11.0.0.0/8"}],
        destination_port=[{"from_port": 80, "to_port": 80}, {"from_port": 443, "to_port": 443}],
        protocols=[6],
    )
    assert (found.action, found.priority, found.undecided) == (FirewallAction.PASS, 7, ())
    assert found.traffic == exact(
        Traffic.of(protocols=ONLY_TCP, sources=TEN, destinations=ELEVEN, destination_ports=WEB)
    )


def test_a_stateless_rule_without_attributes_fits_everything():
    assert stateless().traffic == exact(EVERYTHING)


def test_ports_without_a_protocol_certainly_fit_what_has_ports():
    found = stateless(destination_port=[{"from_port": 80, "to_port": 80}, {"from_port": 443, "to_port": 443}])
    assert found.traffic == Bounds(
        Traffic.of(protocols=WITH_PORTS, destination_ports=WEB),
        Traffic.of(protocols=PROTOCOLS, destination_ports=WEB),
    )


def test_flags_leave_a_stateless_rule_undecided():
    assert stateless(protocols=[6], tcp_flag=[{"flags": ["SYN"], "masks": ["SYN", "ACK"]}]).undecided


def test_what_a_stateless_rule_does_not_say_is_bounded():
    found = stateless(source=[{"address_definition": unknown("var.source")}], protocols=[17])
    udp = IntSet.single(UDP)
    assert found.traffic == Bounds(NOTHING, Traffic.of(protocols=udp))
    assert found.reasons
    assert stateless(protocols=unknown("var.protocols")).traffic == Bounds(NOTHING, EVERYTHING)
    some = stateless(source=open_list({"address_definition": "10.0.0.0/8"}, more=unknown()))
    assert some.traffic == Bounds(Traffic.of(sources=TEN), EVERYTHING)


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["aws:pass"], FirewallAction.PASS),
        (["aws:drop", "count"], FirewallAction.DROP),
        (["aws:forward_to_sfe"], FirewallAction.FORWARD),
        ([], FirewallAction.UNKNOWN),
        (unknown("var.actions"), FirewallAction.UNKNOWN),
        ([unknown("var.action")], FirewallAction.UNKNOWN),
    ],
)
def test_a_stateless_action_is_the_one_of_aws_s_own(actions: object, action: FirewallAction):
    rule = {"priority": 1, "rule_definition": [{"actions": actions, "match_attributes": [{}]}]}
    found = sourced(stateless_rules_and_custom_actions=[{"stateless_rule": [rule]}])
    assert found.rules[0].action is action


def header(**other: object) -> dict[str, object]:
    return {
        "protocol": "TCP",
        "source": "10.0.0.0/8",
        "source_port": "ANY",
        "destination": "$EXTERNAL_NET",
        "destination_port": "[80,443]",
        "direction": "FORWARD",
        **other,
    }


def stateful(action: object = "DROP", **other: object) -> FirewallRule:
    options = [{"keyword": "sid", "settings": ["1"]}]
    rule = {"action": action, "header": [header(**other)], "rule_option": options}
    return sourced(stateful_rule=[rule]).rules[0]


def test_a_stateful_rule_is_what_its_header_says():
    found = stateful()
    assert found.action is FirewallAction.DROP
    assert found.traffic == exact(Traffic.of(protocols=ONLY_TCP, sources=TEN, destination_ports=WEB))
    assert (found.outside_destinations, found.both, found.undecided) == (True, False, ())
    assert found.text == "drop tcp 10.0.0.0/8 any -> $EXTERNAL_NET [80,443] (sid:1;)"


def test_a_stateful_rule_may_be_for_both_directions_or_for_an_application():
    assert stateful(direction="ANY").both
    assert stateful(protocol="TLS", destination_port="ANY").application == "tls"


@pytest.mark.parametrize("name", ["source", "protocol", "direction", "destination_port"])
def test_a_stateful_rule_that_is_not_known_may_fit_anything(name: str):
    found = stateful(**{name: unknown(f"var.{name}")})
    assert found.traffic == Bounds(NOTHING, EVERYTHING)
    assert found.undecided


def test_a_stateful_rule_whose_action_is_not_known_may_do_anything():
    assert stateful(action=unknown("var.action")).action is FirewallAction.UNKNOWN


@pytest.mark.parametrize(
    "options",
    [
        [{"keyword": "flow", "settings": ["established", "to_server"]}],
        [{"keyword": "flow:established,to_server"}],
    ],
)
def test_options_stand_beside_their_keyword_or_in_it(options: list[object]):
    rule = {"action": "PASS", "header": [header()], "rule_option": options}
    (found,) = sourced(stateful_rule=[rule]).rules
    assert (found.established, found.to_server, found.undecided) == (True, True, ())


def domains(kind: object, *targets: object, types: object = ("TLS_SNI", "HTTP_HOST")) -> FirewallRuleGroup:
    given = node(list(targets)) if targets else node([])
    return sourced(
        rules_source_list=[{"generated_rules_type": kind, "target_types": types, "targets": given}]
    )


def test_a_list_of_what_is_allowed_drops_the_rest_of_its_protocols():
    found = domains("ALLOWLIST", ".openai.com", "Example.com").rules
    assert [(one.action, one.application, one.domains) for one in found] == [
        (FirewallAction.PASS, "tls", (".openai.com", "example.com")),
        (FirewallAction.PASS, "http", (".openai.com", "example.com")),
        (FirewallAction.DROP, "tls", ()),
        (FirewallAction.DROP, "http", ()),
    ]
    for one in found:
        assert (one.home_sources, one.outside_destinations) == (True, True)
        assert (one.established, one.to_server, one.priority) == (True, True, 1)
        assert one.traffic == exact(Traffic.of(protocols=ONLY_TCP))


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("DENYLIST", FirewallAction.DROP),
        ("REJECTLIST", FirewallAction.REJECT),
        ("ALERTLIST", FirewallAction.ALERT),
    ],
)
def test_a_list_of_what_is_denied_leaves_the_rest(kind: str, action: FirewallAction):
    found = domains(kind, ".evil.io", types=["TLS_SNI"]).rules
    assert [(one.action, one.application, one.domains) for one in found] == [(action, "tls", (".evil.io",))]


def test_a_list_of_nothing_allows_nothing():
    assert [one.action for one in domains("ALLOWLIST", types=["TLS_SNI"]).rules] == [FirewallAction.DROP]
    assert domains("DENYLIST").rules == ()


def test_a_name_that_is_not_known_may_be_any():
    known, other, rest = domains("ALLOWLIST", "a.io", unknown("var.name"), types=["TLS_SNI"]).rules
    assert (known.domains, known.undecided) == (("a.io",), ())
    assert (other.domains, bool(other.undecided)) == ((), True)
    assert (rest.action, rest.undecided) == (FirewallAction.DROP, ())


@pytest.mark.parametrize(
    "found",
    [
        domains(unknown("var.kind"), "a.io"),
        domains("ALLOWLIST", "a.io", types=unknown("var.types")),
        sourced(rules_string=unknown("data.http.rules.body")),
        group(rules=unknown("var.rules")),
        group(rule_group=unknown("var.group")),
        group(),
        sourced(stateful_rule=open_list(more=unknown("var.rule"))),
        sourced(rules_string="no rule at all"),
    ],
)
def test_a_group_of_which_not_all_is_known_is_open(found: FirewallRuleGroup):
    assert found.open


def test_what_is_no_rule_is_a_gap_with_its_line():
    body = {"type_": "STATEFUL", "rules": "drop ip any any -> any any (sid:1;)\n\ndrop it all\n"}
    found = read(resource("aws_networkfirewall_rule_group.g", **body))
    (gap,) = found.gaps
    assert gap.kind is GapKind.INVALID
    assert gap.what == "line 3 of rules of aws_networkfirewall_rule_group.g"
    assert [one.action for one in found.firewall_rule_groups[0].rules] == [FirewallAction.DROP]


def policy(**body: object) -> FirewallPolicy:
    found = read(resource("aws_networkfirewall_firewall_policy.p", firewall_policy=[body]))
    assert found.gaps == ()
    return found.firewall_policies[0]


def test_a_policy_uses_groups_by_priority_with_default_actions():
    found = policy(
        stateless_default_actions=["aws:forward_to_sfe"],
        stateless_rule_group_reference=[
            {"priority": 3, "resource_arn": ref("aws_networkfirewall_rule_group.a.arn")}
        ],
        stateful_engine_options=[{"rule_order": "STRICT_ORDER"}],
        stateful_default_actions=["aws:drop_established", "aws:alert_established"],
        stateful_rule_group_reference=[
            {"priority": 1, "resource_arn": ref("aws_networkfirewall_rule_group.b.arn")},
            {"priority": 2, "resource_arn": MANAGED, "override": [{"action": "DROP_TO_ALERT"}]},
        ],
    )
    assert found.stateless_default is FirewallAction.FORWARD
    assert [(use.group.id, use.priority) for use in found.stateless] == [
        ("aws_networkfirewall_rule_group.a", 3)
    ]
    assert [(use.group.id, use.priority, use.presence) for use in found.stateful] == [
        ("aws_networkfirewall_rule_group.b", 1, Presence.CERTAIN),
        (MANAGED, 2, Presence.POSSIBLE),
    ]
    assert (found.strict.truth, found.open, found.home) == (Truth.YES, (), None)
    assert found.stateful_defaults == ("aws:drop_established", "aws:alert_established")


def test_a_policy_without_an_order_has_the_one_of_actions():
    assert policy(stateless_default_actions=["aws:pass"]).strict.truth is Truth.NO


def test_default_actions_that_are_not_known_are_not_left_out():
    found = policy(
        stateless_default_actions=unknown("var.x"),
        stateful_default_actions=open_list("aws:drop_strict", more=unknown("var.y")),
    )
    assert found.stateless_default is FirewallAction.UNKNOWN
    assert found.stateful_defaults == ("aws:drop_strict", "unknown")


def test_a_policy_that_is_not_known_is_open():
    body = unknown("var.policy")
    found = read(resource("aws_networkfirewall_firewall_policy.p", firewall_policy=body)).firewall_policies
    assert found[0].open


def test_groups_that_may_be_used_are_possible():
    named = {"resource_arn": "arn:x", "priority": 1}
    found = policy(
        stateless_default_actions=["aws:pass"],
        stateful_rule_group_reference=open_list(more=named),
    )
    assert [use.presence for use in found.stateful] == [Presence.POSSIBLE]


def test_a_policy_says_what_home_is():
    variables = [{"rule_variables": [{"key": "HOME_NET", "ip_set": [{"definition": ["10.0.0.0/8"]}]}]}]
    assert policy(stateless_default_actions=["aws:pass"], policy_variables=variables).home == exact(TEN)


def test_a_reference_to_a_prefix_list_is_what_that_holds():
    reference = {
        "key": "L",
        "ip_set_reference": [{"reference_arn": ref("aws_ec2_managed_prefix_list.l.arn")}],
    }
    rules = "pass ip @L any -> any any (sid:1;)"
    one = resource(
        "aws_networkfirewall_rule_group.g",
        type_="STATEFUL",
        rule_group=[
            {
                "reference_sets": [{"ip_set_references": [reference]}],
                "rules_source": [{"rules_string": rules}],
            }
        ],
    )
    entries = resource("aws_ec2_managed_prefix_list.l", name="l", entry=[{"cidr": "10.0.0.0/8"}])
    (found,) = read(one, entries).firewall_rule_groups[0].rules
    assert found.traffic == exact(Traffic.of(sources=TEN))
    (other,) = read(one).firewall_rule_groups[0].rules
    assert other.traffic == Bounds(Traffic.of(sources=EMPTY), Traffic.of(sources=ANY))
    assert other.reasons


SETS = {
    "ip_sets": [
        {"key": "HOME_NET", "ip_set": [{"definition": ["10.0.0.0/8", "11.0.0.0/8"]}]},
        {"key": "SERVERS", "ip_set": [{"definition": ["10.1.0.0/16"]}]},
    ],
    "port_sets": [{"key": "BAD", "port_set": [{"definition": ["22", "3389:3390"]}]}],
}
VARIABLES = {
    "IPSets": {
        "HOME_NET": {"Definition": ["10.0.0.0/8", "11.0.0.0/8"]},
        "SERVERS": {"Definition": ["10.1.0.0/16"]},
    },
    "PortSets": {"BAD": {"Definition": ["22", "3389:3390"]}},
}
STATELESS_GROUP = {
    "RulesSource": {
        "StatelessRulesAndCustomActions": {
            "StatelessRules": [
                {
                    "Priority": 10,
                    "RuleDefinition": {
                        "Actions": ["aws:drop"],
                        "MatchAttributes": {
                            "Sources": [{"AddressDefinition": "10.9.0.0/16"}],
                            "DestinationPorts": [{"FromPort": 22, "ToPort": 22}],
                            "Protocols": [6],
                            "TCPFlags": [{"Flags": ["SYN"]}],
                        },
                    },
                }
            ]
        }
    }
}
LIST_GROUP = {
    "RulesSource": {
        "RulesSourceList": {
            "GeneratedRulesType": "ALLOWLIST",
            "TargetTypes": ["TLS_SNI"],
            "Targets": [".openai.com"],
        }
    }
}
TUPLE_GROUP = {
    "RulesSource": {
        "StatefulRules": [
            {
                "Action": "DROP",
                "Header": {
                    "Protocol": "TCP",
                    "Source": "ANY",
                    "SourcePort": "ANY",
                    "Direction": "FORWARD",
                    "Destination": "10.1.0.0/16",
                    "DestinationPort": "22",
                },
                "RuleOptions": [{"Keyword": "sid", "Settings": ["5"]}],
            }
        ]
    }
}
TEXT_GROUP = {"RuleVariables": VARIABLES, "RulesSource": {"RulesString": SURICATA}}

MINE = (
    resource(
        "aws_networkfirewall_firewall.f",
        name="f",
        vpc_id="vpc-1",
        firewall_policy_arn=ref("aws_networkfirewall_firewall_policy.p.arn"),
        subnet_mapping=[{"subnet_id": "subnet-1"}, {"subnet_id": "subnet-2"}],
    ),
    resource(
        "aws_networkfirewall_firewall_policy.p",
        name="p",
        firewall_policy=[
            {
                "stateless_default_actions": ["aws:forward_to_sfe"],
                "stateless_fragment_default_actions": ["aws:drop"],
                "stateless_rule_group_reference": [
                    {"priority": 1, "resource_arn": ref("aws_networkfirewall_rule_group.stateless.arn")}
                ],
                "stateful_engine_options": [{"rule_order": "STRICT_ORDER"}],
                "stateful_default_actions": ["aws:drop_strict"],
                "stateful_rule_group_reference": [
                    {"priority": 1, "resource_arn": ref("aws_networkfirewall_rule_group.text.arn")},
                    {"priority": 2, "resource_arn": MANAGED},
                ],
                "policy_variables": [
                    {"rule_variables": [{"key": "HOME_NET", "ip_set": [{"definition": ["10.0.0.0/8"]}]}]}
                ],
            }
        ],
    ),
    resource(
        "aws_networkfirewall_rule_group.stateless",
        name="stateless",
        type_="STATELESS",
        rule_group=[
            {
                "rules_source": [
                    {
                        "stateless_rules_and_custom_actions": [
                            {
                                "stateless_rule": [
                                    {
                                        "priority": 10,
                                        "rule_definition": [
                                            {
                                                "actions": ["aws:drop"],
                                                "match_attributes": [
                                                    {
                                                        "source": [{"address_definition": "10.9.0.0/16"}],
                                                        "destination_port": [
                                                            {"from_port": 22, "to_port": 22}
                                                        ],
                                                        "protocols": [6],
                                                        "tcp_flag": [{"flags": ["SYN"]}],
                                                    }
                                                ],
                                            }
                                        ],
                                    }
                                ]
                            }
                        ]
                    }
                ]
            }
        ],
    ),
    resource(
        "aws_networkfirewall_rule_group.text",
        name="text",
        type_="STATEFUL",
        rule_group=[{"rule_variables": [SETS], "rules_source": [{"rules_string": SURICATA}]}],
    ),
    resource(
        "aws_networkfirewall_rule_group.list",
        name="list",
        type_="STATEFUL",
        rule_group=[
            {
                "rules_source": [
                    {
                        "rules_source_list": [
                            {
                                "generated_rules_type": "ALLOWLIST",
                                "target_types": ["TLS_SNI"],
                                "targets": [".openai.com"],
                            }
                        ]
                    }
                ]
            }
        ],
    ),
    resource(
        "aws_networkfirewall_rule_group.tuple",
        name="tuple",
        type_="STATEFUL",
        rule_group=[
            {
                "rules_source": [
                    {
                        "stateful_rule": [
                            {
                                "action": "DROP",
                                "header": [
                                    {
                                        "protocol": "TCP",
                                        "source": "ANY",
                                        "source_port": "ANY",
                                        "direction": "FORWARD",
                                        "destination": "10.1.0.0/16",
                                        "destination_port": "22",
                                    }
                                ],
                                "rule_option": [{"keyword": "sid", "settings": ["5"]}],
                            }
                        ]
                    }
                ]
            }
        ],
    ),
)
GROUPS = (
    ("stateless", "STATELESS", STATELESS_GROUP),
    ("text", "STATEFUL", TEXT_GROUP),
    ("list", "STATEFUL", LIST_GROUP),
    ("tuple", "STATEFUL", TUPLE_GROUP),
)


def policy_in(stateless_arn: object, text_arn: object) -> dict[str, object]:
    return {
        "StatelessDefaultActions": ["aws:forward_to_sfe"],
        "StatelessFragmentDefaultActions": ["aws:drop"],
        "StatelessRuleGroupReferences": [{"Priority": 1, "ResourceArn": stateless_arn}],
        "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER"},
        "StatefulDefaultActions": ["aws:drop_strict"],
        "StatefulRuleGroupReferences": [
            {"Priority": 1, "ResourceArn": text_arn},
            {"Priority": 2, "ResourceArn": MANAGED},
        ],
        "PolicyVariables": {"RuleVariables": {"HOME_NET": {"Definition": ["10.0.0.0/8"]}}},
    }


MAPPINGS = [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2", "IPAddressType": "IPV4"}]
TEMPLATE = (
    templated(
        "AWS::NetworkFirewall::Firewall",
        "f",
        FirewallName="f",
        VpcId="vpc-1",
        FirewallPolicyArn=at("p"),
        SubnetMappings=MAPPINGS,
    ),
    templated(
        "AWS::NetworkFirewall::FirewallPolicy",
        "p",
        FirewallPolicyName="p",
        FirewallPolicy=policy_in(at("stateless"), at("text", "RuleGroupArn")),
    ),
    *(
        templated("AWS::NetworkFirewall::RuleGroup", name, RuleGroupName=name, Type=type_, RuleGroup=body)
        for name, type_, body in GROUPS
    ),
)
ARN = "arn:aws:network-firewall:eu-west-1:111122223333:"


def group_arn(name: str, type_: str) -> str:
    return f"{ARN}{type_.lower()}-rulegroup/{name}"


SNAPSHOT = (
    collected(
        "Firewalls",
        f"{ARN}firewall/f",
        FirewallName="f",
        FirewallArn=f"{ARN}firewall/f",
        FirewallPolicyArn=f"{ARN}firewall-policy/p",
        VpcId="vpc-1",
        SubnetMappings=MAPPINGS,
        FirewallStatus={
            "Status": "READY",
            "SyncStates": {
                "eu-west-1a": {
                    "Attachment": {"SubnetId": "subnet-1", "EndpointId": "vpce-0a", "Status": "READY"},
                    "Config": {f"{ARN}firewall-policy/p": {"SyncStatus": "IN_SYNC"}},
                },
                "eu-west-1b": {
                    "Attachment": {"SubnetId": "subnet-2", "EndpointId": "vpce-0b", "Status": "READY"}
                },
            },
        },
    ),
    collected(
        "FirewallPolicies",
        f"{ARN}firewall-policy/p",
        FirewallPolicyName="p",
        FirewallPolicyArn=f"{ARN}firewall-policy/p",
        FirewallPolicy=policy_in(group_arn("stateless", "STATELESS"), group_arn("text", "STATEFUL")),
    ),
    *(
        collected(
            "RuleGroups",
            group_arn(name, type_),
            RuleGroupName=name,
            RuleGroupArn=group_arn(name, type_),
            Type=type_,
            RuleGroup=body,
        )
        for name, type_, body in GROUPS
    ),
)


def told(found: Inventory) -> tuple[object, ...]:
    """What firewalls consist of, by names, without places."""
    assert found.gaps == ()
    called = {one.id: one.names[0] for one in (*found.firewalls, *found.firewall_policies)}
    called |= {one.id: one.names[0] for one in found.firewall_rule_groups}
    firewalls = [
        (
            one.names[0],
            one.vpc.id,
            called[one.policy.id],
            [each.subnet.id for each in one.endpoints],
            one.open,
        )
        for one in found.firewalls
    ]
    policies = [
        (
            one.names[0],
            one.stateless_default,
            one.strict.truth,
            one.stateful_defaults,
            one.home,
            [
                (called.get(use.group.id, use.group.id), use.priority, use.presence)
                for use in (*one.stateless, *one.stateful)
            ],
        )
        for one in found.firewall_policies
    ]
    groups = [
        (one.names[0], one.stateful, one.home, one.open, [_plain(rule) for rule in one.rules])
        for one in found.firewall_rule_groups
    ]
    return firewalls, policies, groups


def _plain(rule: FirewallRule) -> FirewallRule:
    nowhere = Location("")
    undecided = tuple(replace(reason, at=nowhere) for reason in rule.undecided)
    return replace(rule, at=nowhere, undecided=undecided)


@pytest.mark.parametrize("resources", [TEMPLATE, SNAPSHOT], ids=["template", "snapshot"])
def test_a_firewall_is_the_same_in_all_dialects(resources: tuple[Resource, ...]):
    assert told(read(*resources)) == told(read(*MINE))


def test_what_the_dialects_agree_on_is_right():
    groups = {one.names[0]: one for one in read(*TEMPLATE).firewall_rule_groups}
    (pass_, drop) = groups["text"].rules
    assert groups["text"].home == exact(TEN | ELEVEN)
    assert (pass_.domains, pass_.home_sources, pass_.outside_destinations) == ((".openai.com",), True, True)
    assert drop.traffic.must.sources == parse_cidr("10.1.0.0/16")
    assert drop.traffic.must.destination_ports == IntSet.of((22, 22), (3389, 3390))
    assert not groups["stateless"].stateful
    assert groups["stateless"].rules[0].undecided
    assert [one.action for one in groups["list"].rules] == [FirewallAction.PASS, FirewallAction.DROP]


def test_the_endpoints_of_a_snapshot_are_its_firewall_s():
    theirs = collected(
        "VpcEndpoints",
        "vpce-0a",
        VpcId="vpc-1",
        VpcEndpointType="GatewayLoadBalancer",
        ServiceName="com.amazonaws.vpce.eu-west-1.vpce-svc-1",
        State="available",
        SubnetIds=["subnet-1"],
    )
    found = read(*SNAPSHOT, theirs)
    firewall = f"{ARN}firewall/f"
    aliases = {alias.id: alias.of for alias in found.aliases}
    assert aliases["vpce-0a"] == f"{firewall}/subnet-1"
    assert aliases["vpce-0b"] == f"{firewall}/subnet-2"
    assert (found.vpc_endpoints, found.workloads) == ((), ())


def test_a_subnet_that_is_not_known_leaves_a_firewall_open():
    found = read(
        resource(
            "aws_networkfirewall_firewall.f",
            vpc_id="vpc-1",
            firewall_policy_arn="arn:p",
            subnet_mapping=open_list({"subnet_id": "subnet-1"}, more={"subnet_id": unknown()}),
        )
    ).firewalls[0]
    assert [one.subnet.id for one in found.endpoints] == ["subnet-1"]
    assert found.open


def associated(sure: bool) -> Inventory:
    one = resource(
        "aws_networkfirewall_vpc_endpoint_association.a",
        firewall_arn=ref("aws_networkfirewall_firewall.f.arn"),
        vpc_id="vpc-2",
        subnet_mapping=[{"subnet_id": "subnet-9"}],
    )
    return read(*MINE, one if sure else possible(one))


def test_an_endpoint_that_is_associated_is_the_firewall_s_too():
    found = associated(sure=True)
    (firewall,) = found.firewalls
    assert [one.subnet.id for one in firewall.endpoints] == ["subnet-1", "subnet-2", "subnet-9"]
    assert firewall.open == ()
    own = f"{firewall.id}/subnet-9"
    assert own in {alias.of for alias in found.aliases}
    assert associated(sure=False).firewalls[0].open


def routed(target: object, *subnets: str) -> Inventory:
    mappings = [{"subnet_id": subnet} for subnet in subnets]
    firewall = resource(
        "aws_networkfirewall_firewall.f", vpc_id="vpc-1", firewall_policy_arn="p", subnet_mapping=mappings
    )
    route = resource(
        "aws_route.r", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0", vpc_endpoint_id=target
    )
    return read(firewall, route)


STATUS = "firewall_status[0].sync_states[*].attachment[0].endpoint_id"
FIREWALL = "aws_networkfirewall_firewall.f"


def test_a_route_to_the_only_endpoint_leads_there():
    (route,) = routed(ref(f"{FIREWALL}.id"), "subnet-1").routes
    assert route.target.kind is TargetKind.VPC_ENDPOINT
    made = unknown("", ref_to(STATUS))
    (route,) = routed(made, "subnet-1").routes
    assert route.target.link is not None
    assert (route.target.link.id, route.target.link.certain) == (f"{FIREWALL}/subnet-1", True)


def ref_to(attribute: str) -> object:
    return replace(ref("x.y"), target=FIREWALL, attribute=attribute)


def test_a_route_to_one_of_several_endpoints_may_lead_to_any():
    for made in (ref_to(STATUS), unknown("", ref_to(STATUS)), unknown(f"one({FIREWALL}.firewall_status)")):
        (route,) = routed(made, "subnet-1", "subnet-2").routes
        link = route.target.link
        assert route.target.kind is TargetKind.VPC_ENDPOINT
        assert link is not None
        assert link.id.startswith((FIREWALL, f"one({FIREWALL}"))
        assert (link.certain, link.any) == (False, False)
        assert link.among == (f"{FIREWALL}/subnet-1", f"{FIREWALL}/subnet-2")
        assert link.reasons


def test_a_value_that_may_come_from_elsewhere_is_not_the_firewall_s():
    made = unknown("", ref_to(STATUS), "vpce-9")
    (route,) = routed(made, "subnet-1").routes
    assert route.target.link is not None
    assert f"{FIREWALL}/subnet-1" not in (route.target.link.id, *route.target.link.among)


@pytest.mark.parametrize(
    "identity",
    [
        f"data.{FIREWALL}.firewall_status[0]",
        f"module.other.{FIREWALL}.firewall_status[0]",
        f"coalesce(var.endpoint, {FIREWALL}.firewall_status[0])",
        f'coalesce("vpce-0123456789abcdef0", {FIREWALL}.firewall_status[0])',
        f"{FIREWALL}2.firewall_status[0]",
    ],
)
def test_an_expression_that_names_something_else_is_not_the_firewall_s(identity: str):
    (route,) = routed(unknown(identity), "subnet-1").routes
    assert route.target.link is not None
    assert f"{FIREWALL}/subnet-1" not in (route.target.link.id, *route.target.link.among)
