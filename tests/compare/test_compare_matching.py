"""What is known again in another network, by which sign, and what is not."""

from __future__ import annotations

from dataclasses import replace

from auditor.compare.matching import Matching
from auditor.compare.things import Sort, things
from auditor.model import Alias, Component, Inventory
from auditor.reach import Engine
from tests.reach.network import acl, allow_in, group, host, nat, subnet, table, vpc


def matched(before: list[Component], after: list[Component]) -> Matching:
    sides = [things(Engine(Inventory.of(each))) for each in (before, after)]
    return Matching(sides[0], sides[1])


def counterparts(matching: Matching, sort: Sort) -> dict[str, str]:
    return {one.id: other.id for one, other in matching.pairs if one.sort is sort}


def named(component: Component, *names: str, tag: str = "") -> Component:
    tags = (("Name", tag),) if tag else ()
    return replace(component, names=names, tags=tags)  # type: ignore[call-arg]


def test_the_same_address_is_the_same_thing_whatever_its_name():
    before, after = named(group("g"), "old"), named(group("g"), "new")
    assert counterparts(matched([vpc(), before], [vpc(), after]), Sort.GROUP)["g"] == "g"


def test_an_id_that_aws_gave_joins_two_dialects():
    before = [vpc(), group("aws_security_group.web"), Alias(id="sg-0abc", of="aws_security_group.web")]
    after = [vpc("vpc-1"), group("sg-0abc", vpc="vpc-1")]
    assert counterparts(matched(before, after), Sort.GROUP)["aws_security_group.web"] == "sg-0abc"


def test_cloudformation_s_tags_name_the_stack_and_the_logical_id():
    tags = (("aws:cloudformation:stack-name", "net"), ("aws:cloudformation:logical-id", "WebGroup"))
    after = replace(group("sg-0abc"), tags=tags)
    found = matched([vpc(), group("net/WebGroup"), group("net/Other")], [vpc(), after])
    assert counterparts(found, Sort.GROUP)["net/WebGroup"] == "sg-0abc"


def test_a_vpc_is_known_by_its_ranges_and_a_subnet_by_its_own_in_it():
    before = [vpc("a", "10.0.0.0/16"), subnet("a1", "10.0.1.0/24", vpc="a")]
    after = [
        vpc("x", "10.9.0.0/16"),
        vpc("y", "10.0.0.0/16"),
        subnet("y1", "10.0.1.0/24", vpc="y"),
        subnet("x1", "10.9.1.0/24", vpc="x"),
    ]
    found = matched(before, after)
    assert counterparts(found, Sort.VPC) == {"a": "y"}
    assert counterparts(found, Sort.SUBNET) == {"a1": "y1"}


def test_a_group_s_own_name_counts_before_tags():
    before = [vpc(), named(group("a"), "web", tag="app")]
    after = [vpc(), named(group("x"), "web", tag="other"), named(group("y"), "else", tag="app")]
    assert counterparts(matched(before, after), Sort.GROUP)["a"] == "x"


def test_case_and_separators_count_only_where_no_name_fits_exactly():
    before = [vpc(), named(group("a"), "sg-app-server")]
    after = [vpc("v"), named(group("x", vpc="v"), "AppServer")]
    assert counterparts(matched(before, after), Sort.GROUP)["a"] == "x"


def test_one_name_in_two_vpcs_is_told_apart_by_the_vpc():
    before = [vpc("a", "10.0.0.0/16"), vpc("b", "10.1.0.0/16")]
    before += [named(group("ga", vpc="a"), "web"), named(group("gb", vpc="b"), "web")]
    after = [vpc("x", "10.1.0.0/16"), vpc("y", "10.0.0.0/16")]
    after += [named(group("gx", vpc="x"), "web"), named(group("gy", vpc="y"), "web")]
    found = counterparts(matched(before, after), Sort.GROUP)
    assert (found["ga"], found["gb"]) == ("gy", "gx")


def test_tables_acls_and_nat_gateways_are_known_by_their_subnets():
    def network(prefix: str) -> list[Component]:
        subnets = [subnet(f"{prefix}{number}", f"10.0.{number}.0/24") for number in (1, 2)]
        rest = (*table(f"{prefix}t", f"{prefix}1"), *acl(f"{prefix}acl", f"{prefix}2"))
        return [vpc(), *subnets, *rest, nat(f"{prefix}nat", f"{prefix}2")]

    found = matched(network("a"), network("x"))
    assert counterparts(found, Sort.TABLE)["at"] == "xt"
    assert counterparts(found, Sort.ACL)["aacl"] == "xacl"
    assert counterparts(found, Sort.GATEWAY)["anat"] == "xnat"


def test_a_workload_without_a_name_is_known_by_where_it_stands():
    before = [vpc(), subnet("s", "10.0.1.0/24"), group("g"), group("h"), host("a", "s", "g")]
    after = [*before[:4], host("i-1", "s", "g"), host("i-2", "s", "h")]
    assert counterparts(matched(before, after), Sort.WORKLOAD) == {"a": "i-1"}


def test_a_group_without_a_name_is_known_by_its_members_or_by_who_names_it():
    base = [vpc(), subnet("s", "10.0.1.0/24"), host("a", "s", "g")]
    before = [*base, group("g"), group("t"), allow_in("t", "tcp/443", "asked")]
    after = [*base[:2], host("a", "s", "sg-1"), group("sg-1"), group("t")]
    after.append(allow_in("t", "tcp/443", "sg-2"))
    found = counterparts(matched(before, after), Sort.GROUP)
    assert (found["g"], found["asked"]) == ("sg-1", "sg-2")


def test_two_that_could_be_it_are_matched_with_nothing_and_told():
    before = [vpc(), subnet("s", "10.0.1.0/24"), group("g"), host("a", "s", "g"), host("b", "s", "g")]
    after = [*before[:3], host("i-1", "s", "g"), host("i-2", "s", "g")]
    found = matched(before, after)
    assert counterparts(found, Sort.WORKLOAD) == {}
    ((one, other),) = [(each.before, each.after) for each in found.likenesses()]
    assert [thing.id for thing in one] == ["a", "b"]
    assert [thing.id for thing in other] == ["i-1", "i-2"]


def test_two_kinds_are_two_things_even_of_one_name():
    before = [vpc(), subnet("s", "10.0.1.0/24"), named(host("a", "s"), "web")]
    after = [*before[:2], replace(named(host("x", "s"), "web"), kind="aws_lb")]  # type: ignore[call-arg]
    assert counterparts(matched(before, after), Sort.WORKLOAD) == {}


def test_a_name_that_two_things_share_by_two_names_each_is_no_sign():
    before = [vpc(), named(group("a"), "one", "two")]
    after = [vpc(), named(group("x"), "one"), named(group("y"), "two")]
    assert "a" not in counterparts(matched(before, after), Sort.GROUP)


def test_a_name_does_not_join_what_lies_in_two_known_vpcs():
    before = [vpc("a", "10.0.0.0/16"), vpc("b", "10.1.0.0/16"), named(group("g", vpc="a"), "web")]
    after = [vpc("a", "10.0.0.0/16"), vpc("b", "10.1.0.0/16"), named(group("h", vpc="b"), "web")]
    assert "g" not in counterparts(matched(before, after), Sort.GROUP)
