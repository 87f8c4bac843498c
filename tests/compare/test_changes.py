"""Each sort of change, on networks small enough to see it."""

from __future__ import annotations

from auditor.compare import compare
from auditor.difference import Difference, Doubt
from auditor.model import Component, Inventory, TargetKind
from auditor.reach import Engine, Verdict
from tests.compare.showing import open_questions, shown
from tests.reach.network import (
    EGRESS,
    INGRESS,
    YES,
    Presence,
    acl,
    allow_in,
    allow_out,
    both_ways,
    entry,
    group,
    host,
    igw,
    route,
    rule,
    subnet,
    table,
    vpc,
)

BASE: list[Component] = [
    vpc(),
    subnet("s1", "10.0.1.0/24"),
    subnet("s2", "10.0.2.0/24"),
    group("app"),
    group("db"),
    host("a", "s1", "app"),
    host("d", "s2", "db"),
    allow_out("app"),
]
OPEN = allow_in("db", "tcp/5432", "app")


def found(before: list[Component], after: list[Component]) -> Difference:
    return compare(Engine(Inventory.of(before)), Engine(Inventory.of(after)))


def changes(before: list[Component], after: list[Component]) -> list[str]:
    return shown(found(before, after))


def test_what_was_blocked_and_is_not_is_added():
    assert changes(BASE, [*BASE, OPEN]) == ["added: app -> db: tcp/5432"]


def test_what_passes_no_more_is_removed():
    assert changes([*BASE, OPEN], BASE) == ["removed: app -> db: tcp/5432"]


def test_more_of_it_is_widened_and_less_narrowed():
    more = allow_in("db", "tcp/22", "app")
    assert changes([*BASE, OPEN], [*BASE, OPEN, more]) == ["widened: app -> db: tcp/22"]
    assert changes([*BASE, OPEN, more], [*BASE, OPEN]) == ["narrowed: app -> db: tcp/22"]


def test_another_port_in_place_of_one_is_both():
    other = allow_in("db", "tcp/3306", "app")
    assert changes([*BASE, OPEN], [*BASE, other]) == [
        "narrowed: app -> db: tcp/5432",
        "widened: app -> db: tcp/3306",
    ]


def test_replies_that_are_dropped_make_a_connection_one_way():
    silent = [
        *acl("n", "s2"),
        entry("n", INGRESS, 100, "allow"),
        entry("n", EGRESS, 100, "deny"),
    ]
    answering = [*acl("n", "s2"), *both_ways("n", 100, "allow")]
    one, other = [*BASE, OPEN, *answering], [*BASE, OPEN, *silent]
    assert changes(one, other) == ["now-one-way: app -> db: tcp/5432"]
    assert changes(other, one) == ["now-answered: app -> db: tcp/5432"]
    assert changes([*BASE, *silent], other) == ["added one-way: app -> db: tcp/5432"]


def test_a_rule_that_may_not_be_there_cannot_be_compared():
    perhaps = rule("db", INGRESS, "tcp/5432", "app", presence=Presence.POSSIBLE)
    for before, after, doubt, opens in (
        (BASE, [*BASE, perhaps], Doubt.NOW_UNKNOWN, True),
        ([*BASE, perhaps], BASE, Doubt.NOW_DECIDED, False),
        ([*BASE, perhaps], [*BASE, OPEN], Doubt.NOW_DECIDED, True),
        ([*BASE, OPEN], [*BASE, perhaps], Doubt.NOW_UNKNOWN, False),
    ):
        difference = found(before, after)
        assert difference.changes == ()
        (undecided,) = difference.undecided
        assert (undecided.doubt, undecided.opens) == (doubt, opens)
        assert [why.what for why in undecided.unknowns] == ["var.x"]
        assert Verdict.UNKNOWN in {undecided.before, undecided.after}


def test_one_unknown_on_both_sides_is_no_difference():
    perhaps = rule("db", INGRESS, "tcp/5432", "app", presence=Presence.POSSIBLE)
    assert found([*BASE, perhaps], [*BASE, perhaps, allow_in("app", "tcp/1", "10.9.9.0/24")]).undecided == ()


def test_a_rule_for_a_range_opens_it_to_the_range_and_to_who_stands_in_it():
    ranged = allow_in("db", "tcp/5432", "10.0.1.0/24")
    assert changes(BASE, [*BASE, ranged]) == [
        "added: 10.0.1.0/24 -> db: tcp/5432",
        "added: app -> db: tcp/5432",
    ]


def test_a_range_that_shrinks_is_narrowed_by_what_it_loses():
    wide, narrow = allow_in("db", "tcp/5432", "10.0.0.0/16"), allow_in("db", "tcp/5432", "10.0.1.0/24")
    assert changes([*BASE, wide], [*BASE, narrow]) == ["narrowed: 10.0.0.0/16 -> db: tcp/5432"]


def test_a_range_inside_of_another_is_told_alone():
    wide, narrow = allow_in("db", "tcp/5432", "10.0.0.0/16"), allow_in("db", "tcp/22", "10.0.1.0/24")
    assert changes([*BASE, wide], [*BASE, wide, narrow]) == [
        "widened: 10.0.1.0/24 -> db: tcp/22",
        "widened: app -> db: tcp/22",
    ]


def test_a_route_to_the_internet_answers_what_the_groups_let_in():
    public = [*BASE[:-3], host("a", "s1", "app"), host("d", "s2", "db", public=YES), BASE[-1]]
    before = [*public, allow_in("db", "tcp/443", "0.0.0.0/0"), igw(), *table("t", "s2")]
    after = [*before, route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw")]
    assert changes(before, after) == ["now-answered: internet -> db: tcp/443"]


def test_a_new_workload_brings_what_it_reaches():
    after = [*BASE, OPEN, group("job"), host("j", "s1", "job"), allow_out("job")]
    after.append(allow_in("db", "tcp/22", "job"))
    difference = found([*BASE, OPEN], after)
    assert shown(difference) == ["added: job -> db: tcp/22"]
    (change,) = difference.changes
    assert change.before is None
    assert {end.address for end in difference.only_after} == {"job", "j"}


def test_instances_that_carry_the_groups_of_a_fleet_are_compared_with_it():
    fleet = [*BASE[:5], host("asg", ("s1", "s2"), "app"), *BASE[6:], OPEN]
    running = [*BASE[:5], host("i-1", "s1", "app"), host("i-2", "s2", "app"), *BASE[6:], OPEN]
    assert changes(fleet, running) == []
    assert changes(fleet, running[:-1]) == ["removed: app -> db: tcp/5432"]


def test_a_change_that_all_members_share_is_told_of_their_group():
    several = [*BASE, host("a2", "s1", "app"), host("a3", "s2", "app")]
    assert changes(several, [*several, OPEN]) == ["added: app -> db: tcp/5432"]


def test_a_change_of_one_member_is_told_of_it_alone():
    several = [*BASE, host("a2", "s2", "app")]
    ranged = allow_in("db", "tcp/5432", "10.0.1.0/24")
    assert "added: a -> db: tcp/5432" in changes(several, [*several, ranged])


def test_a_group_without_members_is_compared_by_its_hypothetical_one():
    bare = [each for each in BASE if getattr(each, "id", "") != "a"]
    assert changes(bare, [*bare, OPEN]) == ["added: app -> db: tcp/5432"]


def test_a_vpc_outside_both_inputs_is_no_obstacle():
    bare = [group("app", vpc="var.vpc"), group("db", vpc="var.vpc"), allow_out("app")]
    assert changes(bare, [*bare, OPEN]) == ["added: app -> db: tcp/5432"]
    assert open_questions(found(bare, [*bare, OPEN])) == []
