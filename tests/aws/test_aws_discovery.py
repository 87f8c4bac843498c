"""Readers found by folder, resources that none reads, and data sources."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from auditor import aws
from auditor.model import Lookup
from auditor.tree import GapKind, Presence, Reading, Resource, Scope
from tests.aws.build import HERE, VPC, possible, read, ref, resource, unknown

DUMMY = """
from auditor.model import Alias

def read(block):
    yield Alias(id="dummy", of=block.address)

READERS = {"aws_dummy": read}
"""


def test_a_module_in_the_folder_is_found_without_being_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "dummy_area.py").write_text(DUMMY)
    monkeypatch.setattr(aws, "__path__", [*aws.__path__, str(tmp_path)])
    found = read(resource("aws_dummy.a"))
    sys.modules.pop("auditor.aws.dummy_area")
    assert [(alias.id, alias.of) for alias in found.aliases] == [("dummy", "aws_dummy.a")]


def test_without_its_module_a_type_is_not_read():
    assert read(resource("aws_dummy.a")).aliases == ()


def test_no_type_is_read_by_two_rows():
    known = aws.readers(tuple(aws.__path__))
    of_things = {
        kind: [one for one in found if getattr(one, "__module__", "") != "auditor.aws.naming"]
        for kind, found in known.exact.items()
    }
    twice = {kind: len(found) for kind, found in of_things.items() if len(found) > 1}
    assert twice == dict.fromkeys(
        (
            "aws_autoscaling_group",
            "aws_db_proxy",
            "aws_default_vpc",
            "aws_ecs_service",
            "aws_ecs_task_set",
            "aws_vpc",
        ),
        2,
    )


def test_a_resource_of_an_unknown_type_with_a_group_is_shown():
    found = read(
        resource("aws_new_service.s", deep=[{"security_group_ids": [ref("aws_security_group.g.id")]}])
    )
    (shown,) = found.workloads
    assert (shown.modelled, [link.id for link in shown.groups.items]) == (False, ["aws_security_group.g"])
    assert [reason.what for reason in shown.subnets.open] == [
        "where aws_new_service is placed is not modelled"
    ]


def test_a_group_is_found_under_any_attribute():
    found = read(resource("aws_new_service.s", firewall={"x": ref("aws_security_group.g.id")}))
    assert [link.id for link in found.workloads[0].groups.items] == ["aws_security_group.g"]


def test_the_subnets_of_an_unknown_type_are_found():
    body = {"config": [{"subnet_ids": [ref("aws_subnet.a.id")], "security_groups": ["sg-1"]}]}
    (shown,) = read(resource("aws_new_service.s", **body)).workloads
    assert ([link.id for link in shown.subnets.items], shown.subnets.open) == (["aws_subnet.a"], ())


def test_a_group_that_is_unknown_shows_the_resource_too():
    (shown,) = read(resource("aws_new_service.s", security_group_ids=unknown("var.groups"))).workloads
    assert shown.groups.open


@pytest.mark.parametrize("address", ["aws_iam_role.r", "aws_s3_bucket.b", "null_resource.n", "random_id.r"])
def test_what_bears_on_no_network_is_passed_over(address: str):
    found = read(resource(address, name="x"))
    assert (found.workloads, found.gaps) == ((), ())


@pytest.mark.parametrize("address", ["aws_ssm_parameter.p", "null_resource.n"])
def test_the_id_of_a_group_as_data_makes_no_workload(address: str):
    assert read(resource(address, value=ref("aws_security_group.g.id"))).workloads == ()


@pytest.mark.parametrize(
    "kind",
    [
        "aws_ec2_transit_gateway_policy_table",
        "aws_networkmanager_prefix_list_association",
        "aws_verifiedaccess_endpoint",
    ],
)
def test_what_could_carry_traffic_and_is_not_read_is_a_gap(kind: str):
    (gap,) = read(resource(f"{kind}.x", security_group_ids=["sg-1"])).gaps
    assert (gap.kind, gap.at) == (GapKind.RESOURCE, HERE)
    assert kind in gap.what


IN_MAIN = {"vpc_id": ref("aws_vpc.main.id")}


def selected(*resources: Resource) -> dict[str, str]:
    aliases = {alias.id: alias.of for alias in read(*resources).aliases}
    return {
        name.removeprefix("data."): of for name, of in aliases.items() if re.match(r"data\..*\.id$", name)
    }


def by_filter(kind: str, **criteria: object) -> Resource:
    filters = [{"name": name.replace("__", "."), "values": [value]} for name, value in criteria.items()]
    return resource(
        f"data.{kind}.d", filter=[{**one, "name": one["name"].replace("_", "-")} for one in filters]
    )


def test_a_group_of_a_name_in_a_vpc_of_the_input_is_the_one_of_the_input():
    group = resource("aws_security_group.g", name="db", **IN_MAIN)
    found = selected(VPC, group, resource("data.aws_security_group.d", name="db", **IN_MAIN))
    assert found == {"aws_security_group.d.id": "aws_security_group.g"}
    filtered = by_filter("aws_security_group", group_name="db", vpc_id=ref("aws_vpc.main.id"))
    assert selected(VPC, group, filtered) == {"aws_security_group.d.id": "aws_security_group.g"}


def test_a_group_of_a_name_in_one_unknown_vpc_is_the_one_of_the_input_there():
    there = {"vpc_id": unknown("var.vpc")}
    group, wanted = (
        resource(address, name="db", **there)
        for address in ("aws_security_group.g", "data.aws_security_group.d")
    )
    assert selected(group, wanted) == {"aws_security_group.d.id": "aws_security_group.g"}


def test_the_default_group_and_the_main_table_are_those_of_their_vpc():
    group = resource("data.aws_security_group.d", name="default", **IN_MAIN)
    assert selected(VPC, group) == {"aws_security_group.d.id": "aws_vpc.main.default_security_group_id"}
    table = by_filter("aws_route_table", association__main="true", vpc_id=ref("aws_vpc.main.id"))
    assert selected(VPC, table) == {"aws_route_table.d.id": "aws_vpc.main.main_route_table_id"}


def test_what_there_can_be_but_once_is_the_one_of_the_input():
    subnet = resource("aws_subnet.a", cidr_block="10.0.1.0/24", **IN_MAIN)
    found = selected(VPC, subnet, resource("data.aws_subnet.d", cidr_block="10.0.1.0/24", **IN_MAIN))
    assert found == {"aws_subnet.d.id": "aws_subnet.a"}
    gateway = resource("aws_internet_gateway.g", **IN_MAIN)
    wanted = by_filter("aws_internet_gateway", attachment__vpc_id=ref("aws_vpc.main.id"))
    assert selected(VPC, gateway, wanted) == {"aws_internet_gateway.d.id": "aws_internet_gateway.g"}
    balancer = resource("aws_lb.a", name="web")
    assert selected(balancer, resource("data.aws_lb.d", name="web")) == {"aws_lb.d.id": "aws_lb.a"}
    default = resource("aws_default_vpc.d")
    assert selected(default, resource("data.aws_vpc.v", default=True)) == {
        "aws_vpc.v.id": "aws_default_vpc.d"
    }


BY_NAME = resource("data.aws_security_group.d", name="db")


@pytest.mark.parametrize(
    "parts",
    [
        (resource("aws_vpc.main", tags={"Name": "main"}), resource("data.aws_vpc.v", tags={"Name": "main"})),
        (resource("aws_security_group.g", name="db"), BY_NAME),
        (
            resource("aws_security_group.g", name="db", vpc_id=ref("aws_vpc.main.id")),
            resource("data.aws_security_group.d", name="db", vpc_id=unknown("var.vpc")),
        ),
        (
            possible(resource("aws_security_group.g", name="db", **IN_MAIN)),
            resource("data.aws_security_group.d", name="db", **IN_MAIN),
        ),
        (
            resource("aws_security_group.g", name="d*", **IN_MAIN),
            by_filter("aws_security_group", group_name="d*", vpc_id=ref("aws_vpc.main.id")),
        ),
        (
            *(resource(f"aws_security_group.{label}", name="db", **IN_MAIN) for label in "ab"),
            resource("data.aws_security_group.d", name="db", **IN_MAIN),
        ),
    ],
)
def test_what_may_be_something_else_is_a_thing_of_its_own(parts: tuple[Resource, ...]):
    assert selected(*parts) == {}


def test_what_a_group_is_looked_up_by_is_told_where_it_may_be_another_of_the_input():
    named = resource("aws_security_group.g", name="db", vpc_id=ref("aws_vpc.other.id"))
    wanted = resource("data.aws_security_group.d", name="db", **IN_MAIN)
    found = read(VPC, named, wanted, by_filter("aws_security_group", group_name="web"))
    assert found.lookups == (
        Lookup(id="data.aws_security_group.d.id", name="db", vpc="aws_vpc.main"),
        Lookup(id="data.aws_security_group.d.id", name="web"),
    )
    assert [group.called for group in found.groups if not group.default] == ["db"]


def test_a_data_source_of_another_account_selects_nothing():
    def scoped(one: Resource, **scope: str) -> Resource:
        return Resource(one.kind, one.address, one.body, one.at, scope=Scope(**scope))

    balancer, wanted = resource("aws_lb.a", name="web"), resource("data.aws_lb.d", name="web")
    here, there = {"account": "1", "region": "r"}, {"account": "2", "region": "r"}
    assert selected(scoped(balancer, **here), scoped(wanted, **there)) == {}
    assert selected(scoped(balancer, **here), scoped(wanted, **here)) != {}
    assert selected(scoped(balancer, input="a", **here), scoped(wanted, input="b", **here)) != {}
    assert selected(scoped(balancer, input="a"), scoped(wanted, input="b")) == {}


def test_the_same_names_in_two_inputs_are_two_things():
    def in_input(one: Resource, name: str) -> Resource:
        address = f"{name}:{one.address}"
        return Resource(one.kind, address, one.body, one.at, scope=Scope(input=name))

    parts = [
        resource("aws_db_subnet_group.data", name="data", subnet_ids=["subnet-1"]),
        resource("aws_db_instance.d", db_subnet_group_name="data", engine="postgres"),
    ]
    found = aws.inventory(Reading(tuple(in_input(one, name) for name in ("a", "b") for one in parts)))
    assert [[link.id for link in one.profiles] for one in found.workloads] == [
        ["a:aws_db_subnet_group.data"],
        ["b:aws_db_subnet_group.data"],
    ]


def test_a_vpc_that_may_be_there_gives_parts_that_may_be_there():
    found = read(possible(VPC))
    assert {found.groups[0].presence, found.acls[0].presence, found.tables[0].presence} == {Presence.POSSIBLE}
