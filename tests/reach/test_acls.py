"""Network ACLs (section 3 of the facts that decide)."""

from __future__ import annotations

from auditor.model import Direction
from tests.reach.network import (
    BLOCKED,
    EGRESS,
    INGRESS,
    ONE_WAY,
    REACHABLE,
    UNKNOWN,
    WHY,
    acl,
    allow_in,
    allow_out,
    ask,
    both_ways,
    codes,
    engine,
    entry,
    group,
    host,
    subnet,
    verdict,
    vpc,
)

OPEN = (
    vpc(),
    subnet("a", "10.0.1.0/24"),
    subnet("b", "10.0.2.0/24"),
    group("all"),
    allow_in("all", "all", "0.0.0.0/0"),
    allow_out("all"),
    host("client", "a", "all"),
    host("server", "b", "all"),
)


def test_a_subnet_without_an_association_has_the_default_acl_which_allows_all():
    assert verdict(engine(*OPEN), "client", "server", "tcp/443") is REACHABLE


def test_an_edited_default_acl_is_in_effect_where_none_is_associated():
    net = engine(*OPEN, acl("default", default=True))
    assert verdict(net, "client", "server", "tcp/443") is BLOCKED


def test_an_acl_without_entries_denies_everything():
    net = engine(*OPEN, acl("own", "b"))
    answer = ask(net, "client", "server", "tcp/443")
    assert answer.verdict is BLOCKED
    assert [(blocker.code.value, blocker.leg.value) for blocker in answer.blockers] == [
        ("SUBNET_ACL_RESTRICTION", "request"),
        ("SUBNET_ACL_RESTRICTION", "reply"),
    ]


def test_a_deny_below_an_allow_loses_and_above_it_wins():
    after = engine(
        *OPEN, acl("own", "b"), both_ways("own", 100, "allow"), entry("own", INGRESS, 200, "deny", "tcp/443")
    )
    before = engine(
        *OPEN, acl("own", "b"), both_ways("own", 100, "allow"), entry("own", INGRESS, 50, "deny", "tcp/443")
    )
    assert verdict(after, "client", "server", "tcp/443") is REACHABLE
    assert verdict(before, "client", "server", "tcp/443") is BLOCKED


def test_the_entry_that_denies_is_named_with_its_place():
    deny = entry("own", INGRESS, 50, "deny", "tcp/443")
    net = engine(*OPEN, acl("own", "b"), both_ways("own", 100, "allow"), deny)
    answer = ask(net, "client", "server", "tcp/443")
    assert [(blocker.at, "deny" in blocker.text) for blocker in answer.blockers] == [(deny.at, True)]


def test_a_reply_that_is_dropped_makes_a_way_one_way():
    net = engine(*OPEN, acl("own", "b"), entry("own", INGRESS, 100, "allow"))
    answer = ask(net, "client", "server", "tcp/443")
    assert answer.verdict is ONE_WAY
    assert [(one.code.value, one.leg.value) for one in answer.blockers] == [
        ("SUBNET_ACL_RESTRICTION", "reply")
    ]


def test_the_reply_crosses_both_borders_again():
    for holder, missing in (("own", EGRESS), ("own", INGRESS)):
        kept = Direction.INGRESS if missing is EGRESS else EGRESS
        subnet_of = "b" if missing is EGRESS else "a"
        net = engine(*OPEN, acl(holder, subnet_of), entry(holder, kept, 100, "allow"))
        assert verdict(net, "client", "server", "tcp/443") is ONE_WAY


def test_the_whole_ephemeral_range_lets_replies_back():
    net = engine(
        *OPEN,
        acl("own", "b"),
        entry("own", INGRESS, 100, "allow", "tcp/443"),
        entry("own", EGRESS, 100, "allow", "tcp/1024-65535"),
    )
    assert verdict(net, "client", "server", "tcp/443") is REACHABLE


def test_a_part_of_the_ephemeral_range_depends_on_the_client():
    net = engine(
        *OPEN,
        acl("own", "b"),
        entry("own", INGRESS, 100, "allow", "tcp/443"),
        entry("own", EGRESS, 100, "allow", "tcp/32768-65535"),
    )
    answer = ask(net, "client", "server", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["the client's ephemeral port (1024-65535)"]


def test_an_acl_is_not_asked_between_hosts_of_one_subnet():
    net = engine(*OPEN, host("near", "a", "all"), acl("own", "a"))
    assert verdict(net, "client", "near", "tcp/443") is REACHABLE
    assert verdict(net, "client", "server", "tcp/443") is BLOCKED


def test_ipv4_entries_say_nothing_about_ipv6():
    net = engine(
        vpc("vpc", "10.0.0.0/16", "2001:db8::/56"),
        subnet("a", "10.0.1.0/24", "2001:db8::/64", ipv6=_yes()),
        subnet("b", "10.0.2.0/24", "2001:db8:0:1::/64", ipv6=_yes()),
        group("all"),
        allow_in("all", "all", "::/0"),
        allow_out("all"),
        host("client", "a", "all"),
        host("server", "b", "all"),
        acl("own", "b"),
        both_ways("own", 100, "allow"),
    )
    assert verdict(net, "client", "server") is BLOCKED


def _yes():
    from auditor.model import YES

    return YES


def test_an_entry_of_unknown_number_may_stand_anywhere():
    net = engine(
        *OPEN, acl("own", "b"), both_ways("own", 100, "allow"), entry("own", INGRESS, None, "deny", "tcp/443")
    )
    answer = ask(net, "client", "server", "tcp/443")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns
    assert verdict(net, "client", "server", "tcp/80") is REACHABLE


def test_an_allow_of_unknown_number_without_a_deny_is_certain():
    net = engine(
        *OPEN, acl("own", "b"), entry("own", INGRESS, None, "allow"), entry("own", EGRESS, 1, "allow")
    )
    assert verdict(net, "client", "server", "tcp/443") is REACHABLE


def test_an_entry_of_unknown_action_leaves_the_question_open():
    net = engine(
        *OPEN, acl("own", "b"), both_ways("own", 100, "allow"), entry("own", INGRESS, 50, "?", "tcp/443")
    )
    assert verdict(net, "client", "server", "tcp/443") is UNKNOWN


def test_entries_on_the_default_acl_of_a_vpc_come_before_what_it_allows():
    net = engine(*OPEN, entry("vpc.default_network_acl_id", INGRESS, 50, "deny", "tcp/443"))
    assert verdict(net, "client", "server", "tcp/443") is BLOCKED
    assert verdict(net, "client", "server", "tcp/80") is REACHABLE


def test_the_fast_way_and_the_folded_walk_agree_where_addresses_split():
    net = engine(
        *OPEN,
        acl("own", "b"),
        entry("own", INGRESS, 100, "allow", "tcp/443", "10.0.1.0/25"),
        entry("own", EGRESS, 100, "allow"),
        group("half"),
        allow_in("half", "tcp/443", "10.0.1.128/25"),
        host("split", "b", "half"),
    )
    assert verdict(net, "client", "split", "tcp/443") is BLOCKED
    assert verdict(net, "client", "server", "tcp/443") is UNKNOWN
    assert codes(ask(net, "client", "split", "tcp/443")) == ["NO_PATH"]


def test_a_message_of_icmp_needs_no_reply_and_an_echo_does():
    net = engine(*OPEN, acl("own", "b"), entry("own", INGRESS, 100, "allow"))
    assert verdict(net, "client", "server", "icmp/3") is REACHABLE
    assert verdict(net, "client", "server", "icmp/8") is ONE_WAY
    assert verdict(net, "client", "server") is ONE_WAY


def test_the_ports_that_are_not_let_back_are_named():
    net = engine(
        *OPEN,
        acl("own", "b"),
        entry("own", INGRESS, 100, "allow", "tcp/443"),
        entry("own", EGRESS, 90, "deny", "tcp/3389"),
        entry("own", EGRESS, 100, "allow", "all"),
    )
    (reason,) = ask(net, "client", "server", "tcp/443").unknowns
    assert reason.settled_by == "let the whole range back, 3389 too"
