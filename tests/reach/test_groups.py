"""Security groups: what they let in and out (section 1 of the facts that decide)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import Alias, Component, Group, Lookup
from auditor.reach import Verdict
from auditor.tree import Presence
from tests.reach.network import (
    BLOCKED,
    EGRESS,
    INGRESS,
    REACHABLE,
    UNKNOWN,
    allow_in,
    allow_out,
    ask,
    codes,
    engine,
    group,
    host,
    links,
    prefix_list,
    rule,
    subnet,
    verdict,
    vpc,
)

NETWORK = (vpc(), subnet("a", "10.0.1.0/24"), subnet("b", "10.0.2.0/24"), group("app"), group("db"))


def test_a_rule_that_names_a_group_lets_its_members_in():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "app"))
    assert verdict(net, "app", "db", "tcp/5432") is REACHABLE
    assert verdict(net, "app", "db", "tcp/5433") is BLOCKED


def test_a_connection_is_answered_without_an_egress_rule_of_the_destination():
    net = engine(*NETWORK, allow_out("app", "tcp/5432", "db"), allow_in("db", "tcp/5432", "app"))
    answer = ask(net, "app", "db")
    assert answer.verdict is REACHABLE
    assert verdict(net, "db", "app") is BLOCKED


def test_a_group_without_egress_rules_opens_no_connection():
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"))
    answer = ask(net, "app", "db")
    assert (answer.verdict, codes(answer)) == (BLOCKED, ["SG_HAS_NO_RULES"])
    net = engine(*NETWORK, allow_in("db", "tcp/5432", "app"), allow_in("app", "tcp/22", "10.0.0.0/8"))
    assert codes(ask(net, "app", "db")) == ["ENI_SG_RULES_MISMATCH"]


def test_every_group_that_blocks_alone_is_named():
    net = engine(
        *NETWORK, allow_out("app", "tcp/443", "0.0.0.0/0"), allow_in("db", "tcp/5432", "10.9.0.0/16")
    )
    answer = ask(net, "app", "db", "tcp/5432")
    assert codes(answer) == ["ENI_SG_RULES_MISMATCH", "ENI_SG_RULES_MISMATCH"]
    assert [blocker.component for blocker in answer.blockers] == ["app", "db"]
    assert [blocker.at for blocker in answer.blockers] == [one.at for one in NETWORK[3:]]


def test_several_groups_on_one_interface_are_a_union():
    net = engine(
        *NETWORK,
        group("extra"),
        host("server", "a", "app", "extra"),
        allow_out("app", "tcp/443", "db"),
        allow_out("extra", "tcp/5432", "db"),
        allow_in("db", "all", "app"),
    )
    assert verdict(net, "server", "db", "tcp/443") is REACHABLE
    assert verdict(net, "server", "db", "tcp/5432") is REACHABLE
    assert verdict(net, "server", "db", "tcp/22") is BLOCKED


def test_ingress_by_group_and_egress_by_cidr_combine_on_addresses():
    net = engine(*NETWORK, allow_out("app", "tcp/5432", "10.0.2.0/24"), allow_in("db", "tcp/5432", "app"))
    assert verdict(net, "app", "db", "tcp/5432") is REACHABLE
    net = engine(*NETWORK, allow_out("app", "tcp/5432", "10.7.0.0/16"), allow_in("db", "tcp/5432", "app"))
    assert verdict(net, "app", "db", "tcp/5432") is BLOCKED


def test_an_address_that_aws_picks_is_anyones_guess():
    net = engine(
        *NETWORK,
        host("server", "a", "app"),
        host("base", "b", "db"),
        allow_out("app"),
        allow_in("db", "tcp/5432", "10.0.1.0/25"),
    )
    answer = ask(net, "server", "base", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["the address of server in 10.0.1.0/24"]


def test_two_halves_of_a_range_cover_every_address_that_aws_may_pick():
    net = engine(
        *NETWORK,
        host("server", "a", "app"),
        allow_out("app"),
        allow_in("db", "tcp/5432", "10.0.1.0/25", "10.0.1.128/25"),
    )
    assert verdict(net, "server", "db", "tcp/5432") is REACHABLE


def test_a_given_address_decides():
    net = engine(
        *NETWORK,
        host("server", "a", "app", address="10.0.1.9"),
        host("other", "a", "app", address="10.0.1.200"),
        allow_out("app"),
        allow_in("db", "tcp/5432", "10.0.1.0/25"),
    )
    assert verdict(net, "server", "db") is REACHABLE
    assert verdict(net, "other", "db") is BLOCKED


def test_a_rule_that_may_not_exist_leaves_the_question_open():
    possible = rule("db", INGRESS, "tcp/5432", "app", presence=Presence.POSSIBLE)
    net = engine(*NETWORK, allow_out("app"), possible)
    answer = ask(net, "app", "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["var.x"]


def test_an_unknown_cidr_leaves_the_question_open_and_names_what_settles_it():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "?"))
    answer = ask(net, "app", "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert [(reason.what, reason.settled_by) for reason in answer.unknowns] == [("var.x", "--var x=…")]


def test_a_peer_that_the_input_does_not_name_may_be_any_group():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "??"))
    assert verdict(net, "app", "db", "tcp/5432") is UNKNOWN
    assert verdict(net, "app", "db", "tcp/22") is BLOCKED


def test_a_prefix_list_stands_for_its_entries():
    facts = (*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "pl-1"))
    assert verdict(engine(*facts, prefix_list("pl-1", "10.0.0.0/16")), "app", "db") is REACHABLE
    assert verdict(engine(*facts, prefix_list("pl-1", "10.9.0.0/16")), "app", "db") is BLOCKED
    assert verdict(engine(*facts, prefix_list("pl-1", is_open=True)), "app", "db") is UNKNOWN
    assert verdict(engine(*facts), "app", "db") is UNKNOWN


def test_ipv4_rules_say_nothing_about_ipv6():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "::/0"))
    assert verdict(net, "app", "db") is BLOCKED


def test_a_group_outside_the_input_may_hold_any_rule():
    net = engine(*NETWORK, host("base", "b", "data.aws_security_group.shared"), allow_out("app"))
    answer = ask(net, "app", "base")
    assert answer.verdict is UNKNOWN
    assert any("data.aws_security_group.shared" in reason.what for reason in answer.unknowns)


SHARED = "data.aws_security_group.shared"


@pytest.mark.parametrize("named", [SHARED, "var.shared", "sg-0123456789abcdef0"])
def test_a_group_that_is_named_by_an_id_from_elsewhere_may_be_any_of_the_input(named: str):
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", named))
    answer = ask(net, "app", "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert f"whether app is {named}" in [reason.what for reason in answer.unknowns]
    assert verdict(net, "app", "db", "tcp/22") is BLOCKED
    assert verdict(net, named, "db", "tcp/5432") is UNKNOWN


def test_a_workload_in_a_group_from_elsewhere_may_be_in_one_of_the_input():
    stranger = host("stranger", "a", "var.shared")
    net = engine(*NETWORK, stranger, allow_out("app"), allow_in("db", "tcp/5432", "app"))
    assert verdict(net, "stranger", "db", "tcp/5432") is UNKNOWN


APP = replace(group("app"), called="app")
LITERAL = Alias(id="sg-00000000000000001", of="app")


@pytest.mark.parametrize(
    ("named", "known", "expected"),
    [
        (SHARED, (Lookup(id=SHARED, name="shared"),), UNKNOWN),
        (SHARED, (Lookup(id=SHARED, name="shared"), APP), BLOCKED),
        (SHARED, (Lookup(id=SHARED, name="app"), APP), UNKNOWN),
        (SHARED, (Lookup(id=SHARED, name="default"), APP), BLOCKED),
        (SHARED, (Lookup(id=SHARED, vpc="vpc"),), UNKNOWN),
        (SHARED, (Lookup(id=SHARED, vpc="other"), vpc("other", "10.9.0.0/16")), BLOCKED),
        (SHARED, (Lookup(id=SHARED, vpc="var.vpc"),), UNKNOWN),
        ("sg-00000000000000001", (LITERAL,), REACHABLE),
        ("sg-00000000000000002", (LITERAL,), BLOCKED),
        ("var.shared", (LITERAL,), UNKNOWN),
    ],
)
def test_a_group_from_elsewhere_is_not_one_with_another_name_vpc_or_id(
    named: str, known: tuple[Component, ...], expected: Verdict
):
    replaced = {each.id for each in known if isinstance(each, Group)}
    kept = [each for each in NETWORK if not (isinstance(each, Group) and each.id in replaced)]
    net = engine(*kept, *known, allow_out("app"), allow_in("db", "tcp/5432", named))
    assert verdict(net, "app", "db", "tcp/5432") is expected


def test_a_workload_whose_groups_are_not_known_may_carry_the_one_that_is_let_in():
    from tests.reach.network import WHY, Links

    open_groups = host("server", "a")
    open_groups = type(open_groups)(
        id="server",
        kind="aws_instance",
        at=open_groups.at,
        subnets=links("a"),
        groups=Links(open=(WHY,)),
    )
    net = engine(*NETWORK, open_groups, allow_out("app"), allow_in("db", "tcp/5432", "app"))
    answer = ask(net, "server", "db", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert [reason.what for reason in answer.unknowns] == ["var.x"]


def test_a_workload_that_names_no_group_has_the_default_group_of_its_vpc():
    net = engine(*NETWORK, host("one", "a"), host("two", "b"), host("other", "b", "db"))
    assert verdict(net, "one", "two", "tcp/22") is REACHABLE
    assert verdict(net, "other", "two") is BLOCKED
    adopted = engine(*NETWORK, group("default", default=True), host("one", "a"), host("two", "b"))
    assert verdict(adopted, "one", "two", "tcp/22") is BLOCKED


def test_what_has_no_groups_filters_nothing():
    net = engine(*NETWORK, host("balancer", "a", filtered=False), allow_out("app"))
    assert verdict(net, "app", "balancer", "tcp/443") is REACHABLE


def test_what_cannot_open_connections_is_blocked_as_a_source():
    net = engine(
        *NETWORK,
        host("endpoint", "a", "app", initiates=False),
        allow_out("app"),
        allow_in("db", "all", "app"),
    )
    answer = ask(net, "endpoint", "db")
    assert (answer.verdict, codes(answer)) == (BLOCKED, ["VPCE_INTRA_VPC_TRAFFIC"])


def test_what_accepts_no_connections_is_blocked_as_a_destination():
    net = engine(
        *NETWORK, host("function", "b", "db", accepts=False), allow_out("app"), allow_in("db", "all", "app")
    )
    answer = ask(net, "app", "function")
    assert answer.verdict is BLOCKED
    assert "accepts none" in answer.blockers[0].text


def test_a_rule_on_a_group_outside_the_input_counts_for_certain():
    net = engine(
        *NETWORK,
        host("base", "b", "data.sg.shared"),
        allow_out("app"),
        rule("data.sg.shared", INGRESS, "tcp/5432", "app"),
    )
    assert verdict(net, "app", "base", "tcp/5432") is REACHABLE
    assert verdict(net, "app", "base", "tcp/22") is UNKNOWN


def test_icmp_is_matched_by_type_and_code():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "icmp/8", "app"))
    assert verdict(net, "app", "db", "icmp/8:0") is REACHABLE
    assert verdict(net, "app", "db", "icmp/0:0") is BLOCKED


def test_a_hypothetical_member_is_said_to_be_one():
    net = engine(*NETWORK, allow_out("app"), allow_in("db", "tcp/5432", "app"), host("base", "b", "db"))
    notes = ask(net, "app", "db").notes
    assert [note for note in notes if "hypothetical" in note] == [
        "app has no member in the input: a hypothetical one stands in each subnet"
    ]


def test_egress_by_group_counts_membership_of_the_destination():
    net = engine(*NETWORK, rule("app", EGRESS, "tcp/5432", "db"), allow_in("db", "all", "10.0.0.0/8"))
    assert verdict(net, "app", "db", "tcp/5432") is REACHABLE
    assert verdict(net, "app", "app", "tcp/5432") is BLOCKED
