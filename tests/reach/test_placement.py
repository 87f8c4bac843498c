"""Where interfaces stand: placements, members, and what lies outside the input."""

from __future__ import annotations

from auditor.model import YES, GroupAttachment, Placement, TargetKind
from auditor.tree import Gap, GapKind
from tests.reach.network import (
    AT,
    BLOCKED,
    INGRESS,
    REACHABLE,
    UNKNOWN,
    WHY,
    Links,
    acl,
    allow_in,
    allow_out,
    ask,
    both_ways,
    engine,
    entry,
    group,
    host,
    igw,
    link,
    route,
    subnet,
    table,
    unknown_subnet,
    verdict,
    vpc,
)

NETWORK = (
    vpc(),
    subnet("a", "10.0.1.0/24"),
    subnet("b", "10.0.2.0/24"),
    group("app"),
    group("db"),
    allow_out("app"),
    allow_in("db", "tcp/5432", "app"),
    host("client", "a", "app"),
)
SHUT = (acl("shut", "b"),)


def test_what_stands_in_each_of_its_subnets_is_reached_where_one_of_them_is():
    net = engine(*NETWORK, *SHUT, host("base", ("a", "b"), "db"))
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE


def test_what_stands_in_one_of_its_subnets_is_reached_for_certain_only_in_all_of_them():
    one = host("base", ("a", "b"), "db", placement=Placement.ONE)
    assert verdict(engine(*NETWORK, *SHUT, one), "client", "base", "tcp/5432") is UNKNOWN
    assert verdict(engine(*NETWORK, one), "client", "base", "tcp/5432") is REACHABLE
    shut = engine(*NETWORK, acl("shut", "a", "b"), host("base", "b", "db", placement=Placement.ONE))
    assert verdict(shut, "client", "base", "tcp/5432") is BLOCKED


def test_a_group_is_all_of_its_members():
    net = engine(*NETWORK, *SHUT, host("one", "b", "db"), host("two", "a", "db"))
    assert verdict(net, "client", "db", "tcp/5432") is REACHABLE
    assert verdict(net, "client", "one", "tcp/5432") is BLOCKED


def test_a_group_attached_by_a_resource_of_its_own_is_carried():
    attached = GroupAttachment(at=AT, group=link("db"), interface=link("base"))
    net = engine(*NETWORK, group("other"), host("base", "b", "other"), attached)
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE


def test_an_unknown_range_still_answers_what_groups_decide():
    net = engine(vpc(), unknown_subnet("a"), unknown_subnet("b"), *NETWORK[3:], host("base", "b", "db"))
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE


def test_an_unknown_range_within_a_rules_range_is_certain():
    facts = (
        vpc(),
        unknown_subnet("a"),
        subnet("b", "10.0.2.0/24"),
        group("app"),
        group("db"),
        allow_out("app"),
    )
    hosts = (host("client", "a", "app"), host("base", "b", "db"))
    net = engine(*facts, *hosts, allow_in("db", "tcp/5432", "10.0.0.0/8"))
    assert verdict(net, "client", "base", "tcp/5432") is REACHABLE
    net = engine(*facts, *hosts, allow_in("db", "tcp/5432", "10.0.9.0/24"))
    answer = ask(net, "client", "base", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns
    net = engine(*facts, *hosts, allow_in("db", "tcp/5432", "192.168.0.0/16"))
    assert verdict(net, "client", "base", "tcp/5432") is BLOCKED


EXTERNAL = (
    group("app", vpc="var.vpc_id"),
    group("db", vpc="var.vpc_id"),
    allow_out("app"),
    allow_in("db", "tcp/5432", "app"),
)


def test_who_stands_in_a_subnet_that_is_not_known_may_stand_in_any_of_its_vpc():
    front = (
        *(vpc(), igw(), subnet("a", "10.0.1.0/24"), table("public", "a")),
        route("public", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        *(group("web"), allow_in("web", "tcp/443", "0.0.0.0/0")),
    )
    balancer = host("balancer", Links(open=(WHY,)), "web", public=YES)
    answer = ask(engine(*front, balancer), "internet", "a", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns
    assert verdict(engine(*front, balancer), "internet", "vpc:vpc", "tcp/443") is UNKNOWN
    assert verdict(engine(*front, balancer), "internet", "a", "tcp/80") is BLOCKED
    elsewhere = host("balancer", Links(open=(WHY,)), "other", public=YES)
    other = (
        vpc("second", "10.9.0.0/16"),
        group("other", vpc="second"),
        allow_in("other", "all", "0.0.0.0/0"),
    )
    assert verdict(engine(*front, *other, elsewhere), "internet", "a", "tcp/443") is BLOCKED


def test_two_groups_of_one_vpc_outside_the_input_reach_each_other():
    net = engine(*EXTERNAL, host("client", "var.subnet", "app"), host("base", "var.other", "db"))
    answer = ask(net, "client", "base", "tcp/5432")
    assert answer.verdict is REACHABLE
    assert verdict(net, "base", "client", "tcp/5432") is BLOCKED


def test_what_is_assumed_of_subnets_outside_the_input_is_said():
    net = engine(*EXTERNAL, host("client", "var.subnet", "app"), host("base", "var.other", "db"))
    notes = ask(net, "client", "base", "tcp/5432").notes
    assert [note for note in notes if "assumed" in note] == [
        "the network ACL of var.subnet is outside the input: AWS's default, allow all, is assumed",
        "the network ACL of var.other is outside the input: AWS's default, allow all, is assumed",
    ]


def test_strict_makes_an_assumption_an_unknown():
    hosts = (host("client", "var.subnet", "app"), host("base", "var.other", "db"))
    answer = ask(engine(*EXTERNAL, *hosts, strict=True), "client", "base", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert any("network ACL of var.other" in reason.what for reason in answer.unknowns)


def test_two_vpcs_that_may_be_one_leave_the_question_open():
    net = engine(
        group("app", vpc="var.vpc_id"),
        group("db", vpc="data.aws_vpc.main.id"),
        allow_out("app"),
        allow_in("db", "tcp/5432", "app"),
    )
    answer = ask(net, "app", "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert any("are one VPC" in reason.what for reason in answer.unknowns)


def test_a_group_in_a_vpc_without_subnets_stands_somewhere_in_it():
    net = engine(vpc(), *NETWORK[3:7])
    assert verdict(net, "app", "db", "tcp/5432") is REACHABLE


def test_a_subnet_that_is_not_known_may_be_any_of_those_that_are():
    somewhere = host("base", Links(open=(WHY,)), "db")
    assert verdict(engine(*NETWORK, somewhere), "client", "base", "tcp/5432") is REACHABLE
    answer = ask(engine(*NETWORK, acl("shut", "b"), somewhere), "client", "base", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns


def test_a_cidr_stands_for_hosts_in_the_subnets_that_it_holds():
    net = engine(*NETWORK, allow_in("db", "tcp/22", "10.0.1.0/28"), host("base", "b", "db"))
    assert verdict(net, "10.0.1.5", "base", "tcp/22") is REACHABLE
    assert verdict(net, "10.0.1.77", "base", "tcp/22") is BLOCKED
    assert verdict(net, "10.0.1.0/24", "base", "tcp/22") is REACHABLE
    assert verdict(net, "10.0.1.5", "base", "tcp/5432") is BLOCKED


def test_a_private_address_outside_every_vpc_is_blocked_without_a_route():
    net = engine(*NETWORK, allow_in("db", "tcp/22", "192.168.0.0/16"), host("base", "b", "db"))
    assert verdict(net, "192.168.1.1", "base", "tcp/22") is BLOCKED
    assert verdict(net, "on-premises", "base", "tcp/22") is BLOCKED
    gateway = (table("t", "b"), route("t", "192.168.0.0/16", TargetKind.TRANSIT_GATEWAY, "tgw"))
    net = engine(*NETWORK, *gateway, allow_in("db", "tcp/22", "192.168.0.0/16"), host("base", "b", "db"))
    assert verdict(net, "192.168.1.1", "base", "tcp/22") is UNKNOWN
    assert verdict(net, "on-premises", "base", "tcp/22") is UNKNOWN


def test_a_public_cidr_is_a_part_of_the_internet():
    net = engine(
        *NETWORK,
        igw(),
        table("t", "b"),
        route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        allow_in("db", "tcp/22", "203.0.113.0/29"),
        host("base", "b", "db", public=YES),
    )
    assert verdict(net, "203.0.113.1", "base", "tcp/22") is REACHABLE
    assert verdict(net, "203.0.113.9", "base", "tcp/22") is BLOCKED
    assert verdict(net, "internet", "base", "tcp/22") is REACHABLE


def test_a_function_in_no_vpc_reaches_the_internet_and_no_private_address():
    function = host("function", (), accepts=False, placed=False)
    net = engine(*NETWORK, function, host("base", "b", "db"))
    assert verdict(net, "function", "internet", "tcp/443") is REACHABLE
    assert verdict(net, "function", "base", "tcp/5432") is BLOCKED
    answer = ask(net, "client", "function", "tcp/443")
    assert answer.verdict is BLOCKED
    assert any("no VPC" in one.text for one in answer.blockers)


def test_a_service_of_aws_is_reached_where_all_of_the_internet_is():
    net = engine(
        *NETWORK,
        igw(),
        table("t", "a"),
        route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        host("out", "a", "app", public=YES),
    )
    assert verdict(net, "out", "service:s3", "tcp/443") is REACHABLE
    assert verdict(net, "client", "service:s3", "tcp/443") is BLOCKED


def test_gaps_are_told_in_the_notes():
    gap = Gap(GapKind.MODULE, "module.vpc", AT, "not on disk")
    net = engine(*NETWORK, gaps=(gap,))
    assert "1 part of the input was not read (netaudit show lists them)" in ask(net, "app", "db").notes


def test_a_path_names_every_control_point_with_its_place():
    ingress = allow_in("db", "tcp/6000", "app")
    net = engine(*NETWORK, ingress, host("base", "b", "db"), acl("own", "b"), both_ways("own", 100, "allow"))
    (path,) = ask(net, "client", "base", "tcp/6000").paths
    assert [hop.kind for hop in path.hops] == [
        "interface",
        "security-group",
        "route-table",
        "network-acl",
        "network-acl",
        "security-group",
        "interface",
        "route-table",
        "network-acl",
        "network-acl",
    ]
    assert path.hops[5].at == ingress.peers[0].at
    assert "100: allow all" in path.hops[4].rule


def test_an_allow_added_never_removes_reachability():
    base = (*NETWORK, acl("own", "b"), entry("own", INGRESS, 100, "allow", "tcp/5432"))
    before = verdict(engine(*base, host("base", "b", "db")), "client", "base")
    after = verdict(engine(*base, host("base", "b", "db"), *both_ways("own", 200, "allow")), "client", "base")
    assert before is not BLOCKED
    assert after is REACHABLE


def test_the_decisive_rule_is_the_one_for_what_arrives():
    net = engine(
        *NETWORK,
        host("base", "b", "db"),
        acl("own", "b"),
        entry("own", INGRESS, 100, "allow", "tcp/443"),
        entry("own", INGRESS, 110, "allow", "tcp/5432"),
        both_ways("own", 200, "allow"),
    )
    (path,) = ask(net, "client", "base").paths
    assert path.hops[4].rule == "110: allow tcp/5432 from 0.0.0.0/0"
