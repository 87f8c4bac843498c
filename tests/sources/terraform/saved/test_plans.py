"""Plans as JSON: what is there once they are applied, and what of it only the apply will tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.pipeline import load
from auditor.tree import Map, Presence, Reading, Seq
from tests.sources.terraform.saved.writing import attribute, block, change, plan, reading, resources, text

VPC = change("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}, unknown={"id": True, "arn": True})
VPC_BLOCK = block("aws_vpc.main", cidr_block="10.0.0.0/16")


@pytest.mark.parametrize(
    ("actions", "there"),
    [
        (["create"], True),
        (["no-op"], True),
        (["update"], True),
        (["delete", "create"], True),
        (["create", "delete"], True),
        (["delete"], False),
        (["forget"], True),
    ],
)
def test_what_a_plan_deletes_is_gone_and_all_else_is_there(tmp_path: Path, actions: list[str], there: bool):
    values = {"cidr_block": "10.0.0.0/16"}
    after = None if actions in (["delete"], ["forget"]) else values
    found = reading(tmp_path, plan(change("aws_vpc.main", after, actions=actions, before=values)))
    assert ("aws_vpc.main" in resources(found)) is there
    if there:
        assert text(attribute(found, "aws_vpc.main", "cidr_block")) == "10.0.0.0/16"


def test_the_former_one_of_two_is_not_there(tmp_path: Path):
    old = change(
        "aws_vpc.main", None, actions=["delete"], before={"cidr_block": "10.9.0.0/16"}, deposed="1a2b"
    )
    found = reading(tmp_path, plan(VPC, old))
    assert text(attribute(found, "aws_vpc.main", "cidr_block")) == "10.0.0.0/16"
    assert len(found.resources) == 1


def test_keys_of_instances_and_modules_are_part_of_the_address(tmp_path: Path):
    changes = [
        change('aws_vpc.a["x.y"]', {}),
        change("aws_vpc.b[1]", {}),
        change('module.net["p"].module.inner[0].aws_vpc.c', {}),
    ]
    assert sorted(resources(reading(tmp_path, plan(*changes)))) == [
        'aws_vpc.a["x.y"]',
        "aws_vpc.b[1]",
        'module.net["p"].module.inner[0].aws_vpc.c',
    ]


def test_an_id_that_only_the_apply_will_tell_is_a_reference_to_its_owner(tmp_path: Path):
    subnet = change("aws_subnet.a", {"cidr_block": "10.0.1.0/24"}, unknown={"id": True, "vpc_id": True})
    blocks = [
        VPC_BLOCK,
        block("aws_subnet.a", vpc_id=["aws_vpc.main.id", "aws_vpc.main"], cidr_block="10.0.1.0/24"),
    ]
    found = reading(tmp_path, plan(VPC, subnet, blocks=blocks))
    assert text(attribute(found, "aws_subnet.a", "vpc_id")) == "=aws_vpc.main.id"


def test_an_attribute_that_nothing_configures_is_left_to_aws(tmp_path: Path):
    found = reading(tmp_path, plan(VPC, blocks=[VPC_BLOCK]))
    assert attribute(found, "aws_vpc.main", "arn") is None


def test_one_of_several_instances_is_one_of_them(tmp_path: Path):
    subnets = [change(f"aws_subnet.a[{place}]", {}, unknown={"id": True}) for place in range(2)]
    one = change("aws_instance.x", {}, unknown={"subnet_id": True})
    blocks = [block("aws_subnet.a"), block("aws_instance.x", subnet_id=["aws_subnet.a", "var.place"])]
    found = reading(tmp_path, plan(*subnets, one, blocks=blocks))
    assert text(attribute(found, "aws_instance.x", "subnet_id")) == "?=aws_subnet.a[0].id|=aws_subnet.a[1].id"


def test_a_list_may_hold_more_than_its_references(tmp_path: Path):
    group = change("aws_security_group.a", {}, unknown={"id": True})
    one = change("aws_instance.x", {}, unknown={"vpc_security_group_ids": True})
    names = ["aws_security_group.a.id", "aws_security_group.a"]
    blocks = [block("aws_security_group.a"), block("aws_instance.x", vpc_security_group_ids=names)]
    found = reading(tmp_path, plan(group, one, blocks=blocks))
    assert text(attribute(found, "aws_instance.x", "vpc_security_group_ids")) == [
        "=aws_security_group.a.id",
        "…?",
    ]


def test_a_value_that_a_local_leads_to_may_be_any(tmp_path: Path):
    subnet = change("aws_subnet.a", {}, unknown={"vpc_id": True})
    blocks = [VPC_BLOCK, block("aws_subnet.a", vpc_id=["local.vpc", "aws_vpc.main.id", "aws_vpc.main"])]
    found = reading(tmp_path, plan(VPC, subnet, blocks=blocks))
    assert text(attribute(found, "aws_subnet.a", "vpc_id")) == "?"


def test_references_are_followed_through_modules_both_ways(tmp_path: Path):
    inner = change("module.net.aws_vpc.main", {}, unknown={"id": True})
    subnet = change("module.app.aws_subnet.a", {}, unknown={"vpc_id": True})
    calls = {
        "net": {
            "module": {
                "resources": [block("aws_vpc.main")],
                "outputs": {"vpc": {"expression": {"references": ["aws_vpc.main.id", "aws_vpc.main"]}}},
            }
        },
        "app": {
            "expressions": {"vpc": {"references": ["module.net.vpc", "module.net"]}},
            "module": {"resources": [block("aws_subnet.a", vpc_id=["var.vpc"])]},
        },
    }
    found = reading(tmp_path, plan(inner, subnet, root={"module_calls": calls}))
    assert text(attribute(found, "module.app.aws_subnet.a", "vpc_id")) == "=module.net.aws_vpc.main.id"


def test_what_each_element_leads_to_is_what_for_each_goes_through(tmp_path: Path):
    subnets = [change(f'aws_subnet.a["{key}"]', {}, unknown={"id": True}) for key in "xy"]
    one = change('aws_instance.x["x"]', {}, unknown={"subnet_id": True})
    blocks = [
        block("aws_subnet.a"),
        block("aws_instance.x", ["aws_subnet.a"], subnet_id=["each.value.id", "each.value"]),
    ]
    found = reading(tmp_path, plan(*subnets, one, blocks=blocks))
    assert (
        text(attribute(found, 'aws_instance.x["x"]', "subnet_id"))
        == '?=aws_subnet.a["x"].id|=aws_subnet.a["y"].id'
    )


def test_a_part_of_a_text_is_not_taken_for_the_text(tmp_path: Path):
    two = change("aws_subnet.a", {}, unknown={"cidr_block": True})
    blocks = [VPC_BLOCK, block("aws_subnet.a", cidr_block=["aws_vpc.main.cidr_block", "aws_vpc.main"])]
    found = reading(tmp_path, plan(VPC, two, blocks=blocks))
    assert text(attribute(found, "aws_subnet.a", "cidr_block")) == "?"


def test_data_sources_that_were_read_come_with_what_they_said(tmp_path: Path):
    prior = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [
                    {
                        "address": "data.aws_vpc.main",
                        "mode": "data",
                        "type": "aws_vpc",
                        "name": "main",
                        "values": {"id": "vpc-0123456789abcdef0", "cidr_block": "10.8.0.0/16"},
                    }
                ]
            }
        },
    }
    found = reading(tmp_path, plan(prior_state=prior))
    assert text(attribute(found, "data.aws_vpc.main", "cidr_block")) == "10.8.0.0/16"
    assert resources(found)["data.aws_vpc.main"].kind == "data.aws_vpc"


def test_what_a_partial_plan_leaves_out_may_be_there(tmp_path: Path):
    blocks = [VPC_BLOCK, block("aws_security_group_rule.open", type="ingress")]
    found = reading(tmp_path, plan(VPC, blocks=blocks, complete=False))
    rest = resources(found)["aws_security_group_rule.open[*]"]
    assert rest.presence is Presence.MANY
    assert rest.body.more is not None
    assert [gap.why for gap in found.gaps] == ["the plan leaves out a part (-target, or put off)"]


def test_what_a_partial_plan_deletes_does_not_come_back_from_the_state(tmp_path: Path):
    state = {"resources": [{"mode": "managed", "type": "aws_vpc", "name": "main", "values": {"id": "vpc-1"}}]}
    prior = {"format_version": "1.0", "values": {"root_module": state}}
    gone = change("aws_vpc.main", None, actions=["delete"], before={"id": "vpc-1"})
    assert resources(reading(tmp_path, plan(gone, complete=False, prior_state=prior))) == {}


def test_a_change_that_is_put_off_is_for_any_number_of_instances(tmp_path: Path):
    deferred = [{"reason": "instance_count_unknown", "resource_change": VPC}]
    found = resources(reading(tmp_path, plan(deferred_changes=deferred)))["aws_vpc.main"]
    assert found.presence is Presence.MANY
    assert [reason.what for reason in found.reasons] == ["instance_count_unknown"]


CODE = """
variable "cidr" {
  type = string
}

resource "aws_vpc" "main" {
  cidr_block = var.cidr
}

resource "aws_subnet" "a" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(var.cidr, 8, count.index)
}

resource "aws_route_table_association" "a" {
  count          = 2
  subnet_id      = aws_subnet.a[1 - count.index].id
  route_table_id = "rtb-0123456789abcdef0"
}
"""


def planned_code() -> dict[str, object]:
    subnets = [
        change(
            f"aws_subnet.a[{place}]",
            {"cidr_block": f"10.0.{place}.0/24"},
            unknown={"id": True, "vpc_id": True},
        )
        for place in range(2)
    ]
    links = [
        change(
            f"aws_route_table_association.a[{place}]",
            {"route_table_id": "rtb-0123456789abcdef0"},
            unknown={"subnet_id": True},
        )
        for place in range(2)
    ]
    blocks = [
        block("aws_vpc.main", cidr_block=["var.cidr"]),
        block(
            "aws_subnet.a", vpc_id=["aws_vpc.main.id", "aws_vpc.main"], cidr_block=["var.cidr", "count.index"]
        ),
        block("aws_route_table_association.a", subnet_id=["aws_subnet.a", "count.index"]),
    ]
    return plan(VPC, *subnets, *links, blocks=blocks, variables={"cidr": {"value": "10.0.0.0/16"}})


@pytest.mark.parametrize("given", [True, False])
def test_the_code_places_a_plan_and_tells_what_it_leaves_open(tmp_path: Path, given: bool):
    code = tmp_path / ("code" if given else ".")
    code.mkdir(exist_ok=True)
    (code / "main.tf").write_text(CODE)
    found = reading(tmp_path, planned_code(), "plan.json", *([str(code)] if given else []))
    assert sorted(resources(found)) == [
        "aws_route_table_association.a[0]",
        "aws_route_table_association.a[1]",
        "aws_subnet.a[0]",
        "aws_subnet.a[1]",
        "aws_vpc.main",
    ]
    assert text(attribute(found, "aws_route_table_association.a[0]", "subnet_id")) == "=aws_subnet.a[1].id"
    cidr = attribute(found, "aws_subnet.a[1]", "cidr_block")
    assert (text(cidr), str(cidr.at if cidr else "")) == ("10.0.1.0/24", f"{code / 'main.tf'}:13:16")
    assert str(resources(found)["aws_vpc.main"].at) == f"{code / 'main.tf'}:6:1"


def test_code_that_a_plan_is_not_of_is_a_network_of_its_own(tmp_path: Path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.tf").write_text('resource "aws_vpc" "other" {\n  cidr_block = "10.5.0.0/16"\n}\n')
    found = reading(tmp_path, planned_code(), "plan.json", str(code))
    assert f"{code}:aws_vpc.other" in resources(found)


def test_code_that_has_changed_since_is_told_and_not_mixed_in(tmp_path: Path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.tf").write_text(CODE + 'resource "aws_vpc" "new" {\n  cidr_block = "10.5.0.0/16"\n}\n')
    found = reading(tmp_path, planned_code(), "plan.json", str(code))
    assert f"{code}:aws_vpc.new" in resources(found)
    assert [gap.why for gap in found.gaps] == [
        f"the code in {code} is not the code of this plan: only one of both has aws_vpc.new"
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"format_version": "1.2", "resource_changes": [', "not JSON"),
        ('{"format_version": "1.2", "resource_changes": 7}', "not as Terraform writes it"),
        ('{"format_version": "1.2",\n "resource_changes": [}', ":2:23: not JSON"),
        ('{"@level":"info","@message":"Terraform 1.11"}\n', "the log of a run"),
        ("PK\x03\x04", "Terraform's own format"),
        ('{"hello": 1}', "not a kind of file"),
        ('{"encrypted_data": "x", "meta": {}}', "encrypted"),
        ('{"version": 3, "modules": []}', "version 3"),
        ("[" * 100_000, "not a kind of file"),
        ('{"format_version": "1.2", "resource_changes": ' + "[" * 100_000, "not"),
    ],
)
def test_what_is_no_plan_is_refused_with_what_to_do(tmp_path: Path, content: str, says: str):
    with pytest.raises(InputError) as refused:
        reading(tmp_path, content)
    said = f"{refused.value.at}: {refused.value.message}"
    assert says in said
    assert str(tmp_path / "plan.json") in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_a_plan_that_powershell_wrote_is_read(tmp_path: Path, encoding: str):
    (tmp_path / "written.json").write_bytes(json.dumps(plan(VPC)).encode(encoding))
    from auditor.sources import ReadOptions, read

    assert len(read((str(tmp_path / "written.json"),), ReadOptions())[1].resources) == 1


GROUP = change("aws_security_group.lb", {}, unknown={"id": True})
RULE = {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": []}
OPEN_RULE = [{"cidr_blocks": [], "security_groups": True}]


def _peers_of_the_only_rule(found: Reading) -> object:
    rules = attribute(found, "aws_security_group.app", "ingress")
    assert isinstance(rules, Seq)
    (rule,) = rules.items
    assert isinstance(rule, Map)
    return text(rule.entries["security_groups"])


def test_what_a_block_that_is_an_attribute_leaves_open_is_what_its_one_expression_refers_to(tmp_path: Path):
    app = change("aws_security_group.app", {"ingress": [RULE]}, unknown={"ingress": OPEN_RULE})
    names = ["aws_security_group.lb.id", "aws_security_group.lb"]
    blocks = [block("aws_security_group.lb"), block("aws_security_group.app", ingress=names)]
    found = reading(tmp_path, plan(GROUP, app, blocks=blocks))
    assert _peers_of_the_only_rule(found) == ["=aws_security_group.lb.id", "…?"]


def test_what_a_dynamic_block_leaves_open_may_be_anything(tmp_path: Path):
    """A plan has no expression of what ``dynamic`` makes."""
    app = change("aws_security_group.app", {"ingress": [RULE]}, unknown={"ingress": OPEN_RULE})
    blocks = [block("aws_security_group.lb"), block("aws_security_group.app")]
    found = reading(tmp_path, plan(GROUP, app, blocks=blocks))
    assert _peers_of_the_only_rule(found) == ["…?"]


def test_no_group_is_shut_out_by_a_rule_that_a_dynamic_block_makes(tmp_path: Path):
    vpc = [change("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}, unknown={"id": True})]
    subnet = change("aws_subnet.a", {"cidr_block": "10.0.1.0/24"}, unknown={"id": True, "vpc_id": True})
    out = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}
    own = {"id": True, "vpc_id": True}
    lb = change("aws_security_group.lb", {"egress": [out]}, unknown=own)
    app = change("aws_security_group.app", {"ingress": [RULE]}, unknown={**own, "ingress": OPEN_RULE})
    named = {"vpc_id": ["aws_vpc.main.id", "aws_vpc.main"]}
    blocks = [
        VPC_BLOCK,
        *(block(f"aws_{each}", **named) for each in ("subnet.a", "security_group.lb", "security_group.app")),
    ]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(*vpc, subnet, lb, app, blocks=blocks)))
    network = load(str(path))
    answer = network.can_reach("aws_security_group.lb", "aws_security_group.app", "tcp/80")
    assert answer.verdict.value == "unknown"
