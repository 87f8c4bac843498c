"""The address families of interfaces in subnets that the input does not have."""

from __future__ import annotations

import pytest

from auditor.model import Direction
from auditor.reach.spot import Spot
from auditor.traffic import IPV6
from tests.reach.network import (
    BLOCKED,
    REACHABLE,
    UNKNOWN,
    YES,
    acl,
    allow_in,
    allow_out,
    ask,
    engine,
    entry,
    group,
    host,
    subnet,
    verdict,
    vpc,
)

HERE = "subnet-0123456789abcdef0"
OUTSIDE = (host("app", "var.a", "app"), host("db", "var.b", "db"), group("app"), group("db"))


@pytest.mark.parametrize("source", ["app", "app-host"], ids=["group", "workload"])
def test_a_subnet_outside_the_input_may_give_the_addresses_of_ipv6_that_a_rule_lets_in(source: str) -> None:
    facts = (host("app-host", "var.a", "app"), *OUTSIDE[1:])
    net = engine(*facts, allow_out("app"), allow_in("db", "tcp/5432", "::/0"))
    answer = ask(net, source, "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert "gives IPv6 addresses" in " ".join(one.what for one in answer.unknowns)


def test_a_hypothetical_member_may_have_addresses_of_ipv6() -> None:
    net = engine(group("app"), group("db"), allow_out("app"), allow_in("db", "tcp/5432", "::/0"))
    assert verdict(net, "app", "db", "tcp/5432") is UNKNOWN


def test_ipv6_that_one_end_alone_lets_pass_by_addresses_meets_the_references_of_the_other() -> None:
    net = engine(*OUTSIDE, allow_out("app", "all", "db"), allow_in("db", "tcp/5432", "::/0"))
    assert verdict(net, "app", "db", "tcp/5432") is UNKNOWN
    net = engine(*OUTSIDE, allow_out("app", "all", "::/0"), allow_in("db", "tcp/5432", "app"))
    assert verdict(net, "app", "db", "tcp/5432") is UNKNOWN


def test_hosts_of_ipv6_outside_reach_what_a_rule_lets_them_into() -> None:
    net = engine(*OUTSIDE, allow_in("db", "tcp/5432", "::/0"))
    assert verdict(net, "2a00::/16", "db", "tcp/5432") is UNKNOWN
    assert verdict(net, "2a00::/16", "db", "tcp/22") is BLOCKED


def test_without_rules_for_ipv6_a_subnet_outside_the_input_leaves_nothing_open() -> None:
    net = engine(*OUTSIDE, allow_out("app"), allow_in("db", "tcp/5432", "app", "10.0.0.0/8"))
    assert verdict(net, "app", "db", "tcp/5432") is REACHABLE
    assert verdict(net, "app", "db", "tcp/22") is BLOCKED
    assert verdict(net, "2a00::/16", "db") is BLOCKED
    assert not [spot for spot in net.spots.of_workload(net.inventory.workloads[1]).spots if _is_ipv6(spot)]


def test_a_vpc_of_the_input_without_ipv6_has_none_in_any_subnet() -> None:
    net = engine(vpc(), *OUTSIDE, allow_out("app"), allow_in("db", "tcp/5432", "::/0"))
    assert verdict(net, "app", "db", "tcp/5432") is BLOCKED


def test_an_acl_may_keep_ipv4_out_and_let_ipv6_in() -> None:
    net = engine(
        vpc("vpc", "10.0.0.0/16", "2600:1f18::/56"),
        subnet(HERE, "10.0.1.0/24", "2600:1f18:0:1::/64", ipv6=YES),
        acl("six", HERE),
        *(entry("six", direction, 1, "allow", cidr="::/0") for direction in Direction),
        group("app"),
        group("db"),
        host("app", "subnet-0aaaaaaaaaaaaaaaa", "app"),
        host("db", HERE, "db"),
        allow_out("app", "all", "db"),
        allow_in("db", "tcp/5432", "app"),
    )
    assert verdict(net, "app", "db", "tcp/5432") is UNKNOWN


def _is_ipv6(spot: Spot) -> bool:
    return bool(spot.addresses & IPV6)
