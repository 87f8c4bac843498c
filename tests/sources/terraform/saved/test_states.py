"""State: ids are references to their owners, and what one resource declares another one's report does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor import aws
from auditor.tree import Map, Reading, Seq
from tests.sources.terraform.saved.writing import attribute, change, plan, reading, resources, text

VPC = "vpc-0123456789abcdef0"
GROUP, OTHER = "sg-0123456789abcdef0", "sg-0123456789abcdef1"


def state(*found: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A state file with resources by ``type.name``."""
    listed = [
        {
            "mode": "managed",
            "type": address.partition(".")[0],
            "name": address.partition(".")[2],
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"attributes": attributes}],
        }
        for address, attributes in found
    ]
    return {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "lineage": "x",
        "resources": listed,
        **more,
    }


def stated(folder: Path, *found: tuple[str, dict[str, Any]]) -> Reading:
    return reading(folder, state(*found), "terraform.tfstate")


def test_an_id_is_a_reference_to_the_resource_that_has_it(tmp_path: Path):
    found = stated(
        tmp_path,
        ("aws_vpc.main", {"id": VPC, "default_security_group_id": OTHER}),
        ("aws_security_group.a", {"id": GROUP, "vpc_id": VPC, "description": f"in {VPC}"}),
        ("aws_instance.x", {"vpc_security_group_ids": [GROUP, OTHER, "sg-00000000000000000"]}),
    )
    assert text(attribute(found, "aws_security_group.a", "vpc_id")) == "=aws_vpc.main.id"
    assert text(attribute(found, "aws_security_group.a", "description")) == f"in {VPC}"
    assert text(attribute(found, "aws_instance.x", "vpc_security_group_ids")) == [
        "=aws_security_group.a.id",
        "=aws_vpc.main.default_security_group_id",
        "sg-00000000000000000",
    ]
    assert text(attribute(found, "aws_vpc.main", "id")) == VPC


def test_instances_that_are_deposed_or_empty_are_not_there(tmp_path: Path):
    document = state(("aws_vpc.main", {"id": VPC}))
    document["resources"][0]["instances"] = [
        {"attributes": {"id": VPC}, "deposed": "1a2b"},
        {"index_key": "a", "attributes": {"id": "vpc-1"}},
        {"index_key": 1, "attributes": None},
    ]
    document["resources"][0]["module"] = 'module.net["x"]'
    assert list(resources(reading(tmp_path, document, "terraform.tfstate"))) == [
        'module.net["x"].aws_vpc.main["a"]'
    ]


def test_shown_state_and_the_state_file_are_one(tmp_path: Path):
    shown = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "child_modules": [
                    {
                        "address": "module.net[0]",
                        "resources": [{"type": "aws_vpc", "name": "main", "values": {"id": VPC}}],
                    }
                ]
            }
        },
    }
    document = state(("aws_vpc.main", {"id": VPC}))
    document["resources"][0]["module"] = "module.net[0]"
    one, other = reading(tmp_path, shown, "a.json"), reading(tmp_path, document, "a.tfstate")
    assert [each.address for each in one.resources] == [each.address for each in other.resources]


@pytest.mark.parametrize(
    "content", ['{"format_version":"1.0"}', '{"version":4,"terraform_version":"1","resources":[]}']
)
def test_state_of_nothing_is_a_network_of_nothing(tmp_path: Path, content: str):
    assert reading(tmp_path, content, "empty.json") == Reading()


INLINE = {
    "cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"],
    "ipv6_cidr_blocks": [],
    "prefix_list_ids": [],
    "security_groups": [OTHER],
    "self": True,
    "protocol": "tcp",
    "from_port": 443,
    "to_port": 443,
    "description": "",
}
RULE = {"security_group_id": GROUP, "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
KIND = "aws_vpc_security_group_ingress_rule"


def peers(found: Reading) -> list[dict[str, object]]:
    """What is left of the group's own ingress rules."""
    node = attribute(found, "aws_security_group.a", "ingress")
    assert isinstance(node, Seq)
    rules = [item for item in node.items if isinstance(item, Map)]
    names = ("cidr_blocks", "security_groups", "self")
    return [{name: text(rule.entries.get(name)) for name in names} for rule in rules]


@pytest.mark.parametrize(
    ("declared", "left"),
    [
        ([], [{"cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"], "security_groups": [OTHER], "self": True}]),
        (
            [(KIND, {**RULE, "cidr_ipv4": "10.0.0.0/8"})],
            [{"cidr_blocks": ["10.1.0.0/16"], "security_groups": [OTHER], "self": True}],
        ),
        (
            [(KIND, {**RULE, "referenced_security_group_id": GROUP})],
            [{"cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"], "security_groups": [OTHER], "self": False}],
        ),
        (
            [
                (
                    "aws_security_group_rule",
                    {
                        "security_group_id": GROUP,
                        "type": "ingress",
                        "protocol": "6",
                        "from_port": 443,
                        "to_port": 443,
                        "cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"],
                        "self": True,
                    },
                ),
                (KIND, {**RULE, "referenced_security_group_id": f"123456789012/{OTHER}"}),
            ],
            [],
        ),
        # Another port, another direction and another group's rule are other rules.
        (
            [
                (KIND, {**RULE, "cidr_ipv4": "10.0.0.0/8", "to_port": 444}),
                ("aws_vpc_security_group_egress_rule", {**RULE, "cidr_ipv4": "10.0.0.0/8"}),
                (KIND, {**RULE, "cidr_ipv4": "10.0.0.0/8", "security_group_id": OTHER}),
            ],
            [{"cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"], "security_groups": [OTHER], "self": True}],
        ),
    ],
)
def test_a_rule_that_a_resource_declares_is_not_the_groups_own_too(
    tmp_path: Path, declared: list[tuple[str, dict[str, Any]]], left: list[dict[str, object]]
):
    rules = [(f"{kind}.r{place}", values) for place, (kind, values) in enumerate(declared)]
    group = ("aws_security_group.a", {"id": GROUP, "vpc_id": VPC, "ingress": [INLINE], "egress": []})
    assert peers(stated(tmp_path, group, *rules)) == left


def test_a_rule_of_all_traffic_is_one_however_its_ports_are_written(tmp_path: Path):
    inline = INLINE | {"protocol": "-1", "from_port": 0, "to_port": 0, "security_groups": [], "self": False}
    rule = {"security_group_id": GROUP, "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}
    group = ("aws_security_group.a", {"id": GROUP, "ingress": [inline]})
    found = stated(tmp_path, group, (f"{KIND}.r", rule))
    assert [each["cidr_blocks"] for each in peers(found)] == [["10.1.0.0/16"]]


def test_a_rule_that_nothing_declares_counts(tmp_path: Path):
    """Somebody made it by hand: the network has it, whatever the code says."""
    group = {"id": GROUP, "vpc_id": VPC, "ingress": [INLINE], "egress": []}
    code = tmp_path / "main.tf"
    code.write_text('resource "aws_security_group" "a" {\n  vpc_id = "vpc-0123456789abcdef0"\n}\n')
    assert len(aws.inventory(stated(tmp_path, ("aws_security_group.a", group))).rules) == 1


def test_a_rule_that_code_writes_twice_is_there_twice(tmp_path: Path):
    """Inline and as a resource of its own: the two fight, which only the code can show."""
    (tmp_path / "main.tf").write_text(
        """
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id = aws_security_group.a.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}
"""
    )
    inline = INLINE | {"cidr_blocks": ["10.0.0.0/8"], "security_groups": [], "self": False}
    found = stated(
        tmp_path,
        ("aws_security_group.a", {"id": GROUP, "ingress": [inline], "egress": []}),
        (f"{KIND}.r", {**RULE, "cidr_ipv4": "10.0.0.0/8"}),
    )
    rules = aws.inventory(found).rules
    assert [str(rule.at).rpartition("/")[2] for rule in rules] == ["main.tf:3:3", "main.tf:10:1"]


def test_routes_and_acl_entries_that_resources_declare_are_theirs(tmp_path: Path):
    found = stated(
        tmp_path,
        (
            "aws_route_table.a",
            {
                "id": "rtb-0123456789abcdef0",
                "vpc_id": VPC,
                "route": [
                    {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-0123456789abcdef0"},
                    {"cidr_block": "10.9.0.0/16", "gateway_id": "igw-0123456789abcdef0"},
                ],
            },
        ),
        (
            "aws_route.r",
            {
                "route_table_id": "rtb-0123456789abcdef0",
                "destination_cidr_block": "0.0.0.0/0",
                "gateway_id": "igw-0123456789abcdef0",
            },
        ),
        (
            "aws_network_acl.a",
            {
                "id": "acl-0123456789abcdef0",
                "vpc_id": VPC,
                "ingress": [
                    {"rule_no": 100, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"},
                    {"rule_no": 110, "action": "deny", "protocol": "-1", "cidr_block": "10.0.0.0/8"},
                ],
                "egress": [{"rule_no": 100, "action": "allow", "protocol": "-1", "cidr_block": "0.0.0.0/0"}],
            },
        ),
        (
            "aws_network_acl_rule.r",
            {
                "network_acl_id": "acl-0123456789abcdef0",
                "rule_number": 100,
                "egress": False,
                "rule_action": "allow",
                "protocol": "-1",
                "cidr_block": "0.0.0.0/0",
            },
        ),
    )
    facts = aws.inventory(found)
    assert sorted(str(route.id) for route in facts.routes) == ["aws_route.r", "aws_route_table.a.route[0]"]
    assert sorted((entry.number or 0, entry.direction.value) for entry in facts.acl_entries) == [
        (100, "egress"),
        (100, "ingress"),
        (110, "ingress"),
    ]


def test_the_account_and_region_are_those_of_the_arns(tmp_path: Path):
    arn = f"arn:aws:ec2:eu-west-1:123456789012:vpc/{VPC}"
    found = stated(tmp_path, ("aws_vpc.main", {"id": VPC, "arn": arn}), ("aws_subnet.a", {"vpc_id": VPC}))
    assert {(each.scope.account, each.scope.region) for each in found.resources} == {
        ("123456789012", "eu-west-1")
    }


def test_a_plan_on_state_knows_the_ids_that_there_are(tmp_path: Path):
    group = change("aws_security_group.a", {"id": GROUP, "ingress": [INLINE]}, actions=["no-op"])
    rule = change(f"{KIND}.r", {**RULE, "cidr_ipv4": "10.0.0.0/8"}, actions=["no-op"])
    new = change(f"{KIND}.s", {"ip_protocol": "-1", "cidr_ipv4": "10.2.0.0/16", "security_group_id": GROUP})
    found = reading(tmp_path, plan(group, rule, new))
    assert text(attribute(found, f"{KIND}.s", "security_group_id")) == "=aws_security_group.a.id"
    assert [each["cidr_blocks"] for each in peers(found)] == [["10.1.0.0/16"]]


@pytest.mark.parametrize("actions", [["update"], ["delete", "create"], ["delete"], ["no-op"]])
def test_a_plan_reports_no_rule_that_it_changes_or_deletes(tmp_path: Path, actions: list[str]):
    """The group's own list is from before the plan: it still has the rule as it was."""
    group = change("aws_security_group.a", {"id": GROUP, "ingress": [INLINE]}, actions=["no-op"])
    before = {**RULE, "cidr_ipv4": "10.0.0.0/8"}
    after = {**RULE, "cidr_ipv4": "10.77.0.0/16"} if "no-op" not in actions else before
    rule = change(f"{KIND}.r", after if actions != ["delete"] else None, actions=actions, before=before)
    found = reading(tmp_path, plan(group, rule))
    assert [each["cidr_blocks"] for each in peers(found)] == [["10.1.0.0/16"]]
    cidrs = [] if actions == ["delete"] else [text(attribute(found, f"{KIND}.r", "cidr_ipv4"))]
    assert cidrs == ([] if actions == ["delete"] else [after["cidr_ipv4"]])


def test_a_plan_reports_no_route_that_it_deletes(tmp_path: Path):
    route = {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-0123456789abcdef0"}
    table = change("aws_route_table.a", {"id": "rtb-0123456789abcdef0", "route": [route]}, actions=["no-op"])
    gone = {"route_table_id": "rtb-0123456789abcdef0", "destination_cidr_block": "0.0.0.0/0"}
    found = reading(tmp_path, plan(table, change("aws_route.r", None, actions=["delete"], before=gone)))
    assert aws.inventory(found).routes == ()


def test_a_state_file_is_found_in_a_folder_without_code(tmp_path: Path):
    from auditor.sources import find_inputs

    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "terraform.tfstate").write_text(json.dumps(state(("aws_vpc.main", {"id": VPC}))))
    (tmp_path / "prod" / "package.json").write_text('{"name": "x", "version": "1"}')
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").write_text("")
    (tmp_path / "code" / "terraform.tfstate").write_text("{}")
    found = [each.path.removeprefix(f"{tmp_path}/") for each in find_inputs((str(tmp_path),))]
    assert found == ["code", "prod/terraform.tfstate"]


def test_who_adopts_a_part_of_a_vpc_has_its_id_and_names_the_vpc(tmp_path: Path):
    """The VPC's main routes and default ACL are those of the resources that adopt them."""
    acl, table, gateway = "acl-0123456789abcdef0", "rtb-0123456789abcdef0", "igw-0123456789abcdef0"
    own = {
        "id": VPC,
        "default_network_acl_id": acl,
        "default_route_table_id": table,
        "main_route_table_id": table,
    }
    route = {"cidr_block": "0.0.0.0/0", "gateway_id": gateway}
    found = stated(
        tmp_path,
        ("aws_vpc.main", {**own, "cidr_block": "10.0.0.0/16"}),
        ("aws_internet_gateway.main", {"id": gateway, "vpc_id": VPC}),
        ("aws_default_network_acl.it", {"id": acl, "default_network_acl_id": acl, "vpc_id": VPC}),
        ("aws_default_route_table.it", {"id": table, "default_route_table_id": table, "route": [route]}),
    )
    inventory = aws.inventory(found)
    assert [(each.id, each.vpc.id) for each in inventory.acls] == [
        ("aws_default_network_acl.it", "aws_vpc.main")
    ]
    assert [(each.id, each.vpc.id) for each in inventory.tables] == [
        ("aws_default_route_table.it", "aws_vpc.main")
    ]
    assert inventory.acl_entries == ()
