"""Network firewalls: the examples of AWS's documentation, and what people trip over."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

from auditor.model.inspection import FirewallAction
from auditor.reach.firewalls import Inspection
from auditor.traffic import (
    EVERYTHING,
    NOTHING,
    IntSet,
    Traffic,
    exact,
    parse_cidr,
    parse_traffic,
    traffic_text,
)
from auditor.tree import Presence
from tests.reach.firewalls.policies import firewalls, group, inspect, inspected, names, policy, rule
from tests.reach.network import WHY

INSIDE, ELSEWHERE, INTERNET = "10.0.1.5/32", "10.9.0.5/32", "93.184.216.34/32"


def between(source: str, destination: str, service: str) -> Traffic:
    """One connection, from a port that systems pick for clients."""
    ends = Traffic.of(
        sources=parse_cidr(source),
        destinations=parse_cidr(destination),
        source_ports=IntSet.single(50000),
    )
    return parse_traffic(service) & ends


def said(found: Inspection, service: str, source: str = INSIDE, destination: str = INTERNET) -> str:
    asked = between(source, destination, service)
    if asked <= found.passes.must:
        return "passes"
    return "perhaps" if asked & found.passes.may else "blocked"


def told(found: Inspection, service: str, source: str = INSIDE, destination: str = INTERNET) -> list[str]:
    asked = between(source, destination, service)
    return [one.text for one in found.conditions if one.traffic & asked]


def test_a_strict_list_of_names_with_established_connections_dropped_filters_tls_and_drops_the_rest():
    found = inspected(names("pass", "tls", ".openai.com", "example.com"), default="drop_established")
    assert said(found, "tcp/443") == "passes"
    assert told(found, "tcp/443") == ["only *.openai.com, example.com by TLS SNI"]
    assert said(found, "udp/53") == "blocked"
    assert said(found, "icmp/8:0") == "blocked"


def test_home_net_is_the_vpc_of_the_firewall_and_lists_do_not_see_other_vpcs():
    lists = names("pass", "tls", ".openai.com")
    assert said(inspected(lists, default="drop_established"), "tcp/443", source=ELSEWHERE) == "blocked"
    wide = inspected(lists, default="drop_established", home=exact(parse_cidr("10.0.0.0/8")))
    assert said(wide, "tcp/443", source=ELSEWHERE) == "passes"


def test_a_list_of_denied_names_does_not_see_other_vpcs_either():
    found = inspected(names("drop", "tls", "evil.com"))
    assert told(found, "tcp/443") == ["all but evil.com by TLS SNI"]
    assert told(found, "tcp/443", source=ELSEWHERE) == []
    assert said(found, "tcp/443", source=ELSEWHERE) == "passes"


def test_an_allow_list_in_the_order_of_actions_leaves_other_protocols_alone():
    found = inspected(names("pass", "tls", ".openai.com"), names("drop", "tls"))
    assert said(found, "tcp/443") == "passes"
    assert told(found, "tcp/443") == ["TLS only to *.openai.com by SNI; other protocols pass"]
    assert said(found, "udp/53") == "passes"
    assert told(found, "udp/53") == []


def test_lists_for_both_protocols_are_told_together():
    found = inspected(
        names("pass", "tls", ".a.com"), names("pass", "http", "b.org"), default="drop_established"
    )
    assert told(found, "tcp/80") == ["only *.a.com by TLS SNI or b.org by HTTP host"]


def test_many_names_are_cut_short():
    found = inspected(names("pass", "tls", *(f"n{i:02}.com" for i in range(20))), default="drop_established")
    (text,) = told(found, "tcp/443")
    assert text.endswith("n07.com and 12 more by TLS SNI")


def test_a_pass_rule_for_a_port_wins_before_a_rule_above_it_sees_a_name():
    """The example "application-layer rules never fire" of AWS's best practices for rules."""
    evil = names("reject", "http", "baddomain.com")
    found = inspected(evil, rule("pass", "tcp/80"), default="drop_strict")
    assert (said(found, "tcp/80"), told(found, "tcp/80")) == ("passes", [])
    found = inspected(evil, rule("pass", "tcp/80", to_server=True), default="drop_established")
    assert (said(found, "tcp/80"), told(found, "tcp/80")) == (
        "passes",
        ["all but baddomain.com by HTTP host"],
    )


def test_names_are_never_seen_where_the_handshake_is_dropped():
    assert said(inspected(names("pass", "tls", "a.com"), default="drop_strict"), "tcp/443") == "blocked"


def test_without_a_default_action_strict_order_passes_all():
    assert inspected(default="none").passes == exact(EVERYTHING)


def test_the_order_of_actions_asks_all_pass_rules_first():
    rules = (rule("drop", "tcp/22"), rule("pass", "tcp/22", sources=INSIDE))
    found = inspected(*rules)
    assert said(found, "tcp/22") == "passes"
    assert said(found, "tcp/22", source=ELSEWHERE) == "blocked"
    assert said(inspected(*rules, default="none"), "tcp/22") == "blocked"


def test_a_rule_that_passes_what_goes_out_may_let_connections_in():
    """ "EXTERNAL_NET was also able to initiate a connection back", of the page on troubleshooting rules."""
    out = rule("pass", "tcp", home_sources=True, outside_destinations=True)
    found = inspected(out, default="drop_established")
    assert said(found, "tcp/22", source=INTERNET, destination=INSIDE) == "perhaps"
    found = inspected(replace(out, to_server=True), default="drop_established")
    assert said(found, "tcp/22", source=INTERNET, destination=INSIDE) == "blocked"


def test_stateless_rules_pass_requests_and_lose_the_replies_that_they_do_not_pass():
    passing = rule("pass", "tcp/443", priority=1)
    found = inspected(stateless=(passing,), stateless_default=FirewallAction.DROP)
    assert said(found, "tcp/443") == "passes"
    assert not between(INSIDE, INTERNET, "tcp/443") & found.replies.may
    back = replace(passing, traffic=exact(passing.traffic.may.reversed()), priority=2)
    found = inspected(stateless=(passing, back), stateless_default=FirewallAction.DROP)
    assert between(INSIDE, INTERNET, "tcp/443") <= found.replies.must


def test_stateless_rules_are_asked_by_priority_and_forwarded_packets_meet_the_stateful_ones():
    order = (rule("drop", "tcp", priority=20), rule("forward", "tcp/443", priority=10))
    found = inspected(rule("pass", "tcp/443"), default="drop_strict", stateless=order)
    assert (said(found, "tcp/443"), said(found, "tcp/80")) == ("passes", "blocked")
    # The replies go to the client's port: the rule that drops is the first to fit them.
    assert not between(INSIDE, INTERNET, "tcp/443") & found.replies.may


def test_what_is_not_followed_never_blocks_and_never_passes_for_certain():
    doubtful = {"undecided": (WHY,)}
    assert said(inspected(rule("drop", "tcp/443", **doubtful)), "tcp/443") == "perhaps"
    assert said(inspected(rule("pass", "tcp/443", **doubtful), default="drop_strict"), "tcp/443") == "perhaps"
    assert said(inspected(rule("drop", "tcp/443", presence=Presence.POSSIBLE)), "tcp/443") == "perhaps"
    assert said(inspected(rule("unknown", "tcp/443")), "tcp/443") == "perhaps"


def test_a_rule_group_outside_the_input_may_do_anything_and_says_why():
    found = inspect(policy("elsewhere", default="drop_strict"))
    assert (found.passes.must, found.passes.may) == (NOTHING, EVERYTHING)
    assert [reason.what for clause in found.clauses for reason in clause.reasons] == [
        "the rules of elsewhere"
    ]


def test_a_rule_group_of_aws_itself_may_drop_and_passes_nothing():
    managed = "arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/MalwareDomainsStrictOrder"
    assert said(inspect(policy(managed, default="none")), "tcp/443") == "perhaps"
    assert said(inspect(policy(managed, default="drop_strict")), "tcp/443") == "blocked"


def test_a_policy_outside_the_input_decides_nothing():
    found = firewalls((), ())
    firewall = found.find("firewall")
    assert firewall is not None
    inspection = found.inspection(firewall)
    assert (inspection.passes.must, inspection.passes.may) == (NOTHING, EVERYTHING)
    assert inspection.clauses[0].reasons[0].what == "the policy policy"


def test_a_firewall_is_found_by_its_endpoint_and_nothing_else_is():
    found = firewalls((), ())
    assert found.find("endpoint") is found.find("firewall") is not None
    assert found.find("eni") is None


def test_the_clause_that_decides_is_the_rule_with_its_place():
    passing = rule("pass", "tcp/443")
    found = inspected(rule("drop", "tcp/22"), passing, default="drop_strict")
    (clause,) = [one for one in found.clauses if one.at == passing.at]
    assert clause.allows
    assert clause.text == "pass tcp/443"


def test_a_group_with_its_own_home_net_is_asked_about_that():
    lists = group("lists", names("pass", "tls", "a.com"), home=exact(parse_cidr("10.9.0.0/16")))
    found = inspect(policy(lists, default="drop_established"), lists)
    assert said(found, "tcp/443", source=ELSEWHERE) == "passes"
    assert said(found, "tcp/443", source=INSIDE) == "blocked"


def test_thousands_of_rules_take_seconds():
    many = [
        rule("pass" if i % 3 else "drop", "tcp/443", destinations=f"100.{i >> 8}.{i & 255}.0/24")
        for i in range(5000)
    ]
    start = process_time()
    found = inspected(*many, default="drop_established")
    assert process_time() - start < 10
    assert traffic_text(found.passes.must) == ("tcp/443",)
