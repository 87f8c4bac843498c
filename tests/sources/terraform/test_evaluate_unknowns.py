from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sources.terraform import TerraformOptions
from auditor.tree import Map, Presence, Unknown
from tests.sources.terraform.evaluating import plain, reading, resources, value

CREATE = 'variable "create" { type = bool }\n'
COUNT = 'variable "n" { type = number }\n'
IDS = 'variable "ids" { type = list(string) }\n'
NAMES = 'variable "names" { type = set(string) }\n'
MAYBE = CREATE + 'resource "aws_subnet" "maybe" {\n  count = var.create ? 1 : 0\n}\n'
MANY = COUNT + 'resource "aws_subnet" "many" {\n  count = var.n\n}\n'
TWO = 'resource "aws_subnet" "two" {\n  for_each = { a = 1, b = 2 }\n  number = each.value\n}\n'


def test_an_unset_variable_keeps_its_name_through_locals_attributes_and_indexes(tmp_path: Path) -> None:
    declarations = 'variable "net" {}\nlocals {\n  net = var.net\n}\n'
    found = value(tmp_path, "local.net.subnets[0].id", declarations)
    assert plain(found) == "?var.net.subnets[0].id"


def test_an_unknown_says_what_is_missing_where_and_what_would_settle_it(tmp_path: Path) -> None:
    found = value(tmp_path, "var.net", 'variable "net" {}')
    assert isinstance(found, Unknown)
    (reason,) = found.reasons
    assert (reason.what, reason.at.line, reason.settled_by) == ("var.net", 1, "--var net=…")


def test_equal_expressions_over_one_unknown_are_one_value(tmp_path: Path) -> None:
    assert plain(value(tmp_path, "lower(var.a)", 'variable "a" {}')) == "?lower(var.a)"
    assert (
        plain(value(tmp_path, 'var.a == lower("X") || lower(var.a) == lower(var.a)', 'variable "a" {}'))
        is True
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('var.create ? "a" : "b"', {"?": ["a", "b"]}),
        ('var.create ? "a" : "a"', "a"),
        ('"${var.create ? "a" : "b"}-z"', {"?": ["a-z", "b-z"]}),
        ('upper(var.create ? "a" : "b")', {"?": ["A", "B"]}),
        ("(var.create ? 1 : 2) + 1", {"?": [2, 3]}),
        ("(var.create ? 1 : 2) > 0", True),
        ('var.create ? "a" : (var.create ? "b" : "c")', {"?": ["a", "b", "c"]}),
        ('(var.create ? { k = "x" } : { k = "y" }).k', {"?": ["x", "y"]}),
        ('(var.create ? ["x"] : ["y", "z"])[0]', {"?": ["x", "y"]}),
        ('(var.create ? ["x"] : ["y", "z"])[*]', {"?": [["x"], ["y", "z"]]}),
        ('[for s in(var.create ? ["x"] : []) : upper(s)]', {"?": [["X"], []]}),
        ('coalesce(var.create ? null : "c", "d")', {"?": ["d", "c"]}),
        ('(var.create ? ["only"] : [])[0]', "only"),
        ("var.create && false", False),
        ("var.create || true", True),
        ("false && var.create", False),
        ("!var.create", "?!var.create"),
    ],
)
def test_a_choice_that_the_input_does_not_make_keeps_both_sides(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, CREATE)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[for i in var.ids : i]", [{"...": "?"}]),
        ('[for i in concat(["a"], ["b"]) : i if i == "a" || var.ids[0] == i]', ["a", {"...": "b"}]),
        ("{ for i in var.ids : i => 1 }", {"...": 1}),
        ("{ for k, v in { a = 1 } : (var.ids[0]) => v }", {"...": 1}),
        ("var.ids[*]", [{"...": "?"}]),
        ('{ (var.ids[0]) = "x", b = "y" }', {"b": "y", "...": "x"}),
    ],
)
def test_a_collection_of_unknown_length_bounds_what_may_be_in_it(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, IDS)) == expected


def test_an_element_that_may_be_left_out_does_not_give_its_index_to_the_next(tmp_path: Path) -> None:
    declarations = CREATE + 'locals {\n  l = [for i in ["a", "b"] : i if i == "b" || var.create]\n}\n'
    assert plain(value(tmp_path, "local.l", declarations)) == ["b", {"...": "a"}]
    assert plain(value(tmp_path, "local.l[0]", declarations)) == {"?": ["b", "a"]}


def test_a_resource_that_may_be_there_is_possible(tmp_path: Path) -> None:
    (subnet,) = reading(tmp_path, MAYBE).resources
    assert (subnet.address, subnet.presence) == ("aws_subnet.maybe[0]", Presence.POSSIBLE)
    assert [reason.what for reason in subnet.reasons] == ["var.create"]


def test_a_resource_of_unknown_count_is_there_any_number_of_times(tmp_path: Path) -> None:
    (subnet,) = reading(tmp_path, MANY).resources
    assert (subnet.address, subnet.presence) == ("aws_subnet.many[*]", Presence.MANY)


def test_a_count_of_two_or_one_makes_the_first_certain_and_the_second_possible(tmp_path: Path) -> None:
    text = CREATE + 'resource "aws_subnet" "s" {\n  count = var.create ? 2 : 1\n}\n'
    found = {each.address: each.presence for each in reading(tmp_path, text).resources}
    assert found == {"aws_subnet.s[0]": Presence.CERTAIN, "aws_subnet.s[1]": Presence.POSSIBLE}


def test_a_map_of_known_keys_and_unknown_values_has_known_instances(tmp_path: Path) -> None:
    text = IDS + 'resource "aws_subnet" "s" {\n  for_each = { a = var.ids[0] }\n  id_of = each.value\n}\n'
    (subnet,) = reading(tmp_path, text).resources
    assert (subnet.address, subnet.presence) == ('aws_subnet.s["a"]', Presence.CERTAIN)
    assert plain(subnet.body.entries["id_of"]) == "?var.ids[0]"


def test_a_set_of_unknown_strings_has_any_number_of_instances(tmp_path: Path) -> None:
    text = IDS + 'resource "aws_subnet" "s" {\n  for_each = toset(["a", var.ids[0]])\n  key = each.key\n}\n'
    found = resources(reading(tmp_path, text))
    assert found["aws_subnet.s[*]"].presence is Presence.MANY
    assert plain(found["aws_subnet.s[*]"].body.entries["key"]) != "a"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_subnet.maybe[0].id", "&aws_subnet.maybe[0].id"),
        ("aws_subnet.maybe[*].id", {"?": [[], ["&aws_subnet.maybe[0].id"]]}),
        ('try(aws_subnet.maybe[0].id, "none")', {"?": ["&aws_subnet.maybe[0].id", "none"]}),
        ("one(aws_subnet.maybe[*].id)", {"?": [None, "&aws_subnet.maybe[0].id"]}),
        ("can(aws_subnet.maybe[0].id)", "?can(aws_subnet.maybe[0].id)"),
        ("length(aws_subnet.maybe)", {"?": [0, 1]}),
        ('concat(aws_subnet.maybe[*].id, ["x"])', {"?": [["x"], ["&aws_subnet.maybe[0].id", "x"]]}),
    ],
)
def test_a_resource_that_may_be_there_is_referred_to_with_both_outcomes(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, MAYBE)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_subnet.many[*].id", [{"...": "&aws_subnet.many[*].id"}]),
        ("[for s in aws_subnet.many : s.id]", [{"...": "&aws_subnet.many[*].id"}]),
        ("aws_subnet.many[3].id", {"?": ["&aws_subnet.many[*].id"]}),
        ('try(aws_subnet.many[3].id, "none")', {"?": [{"?": ["&aws_subnet.many[*].id"]}, "none"]}),
    ],
)
def test_a_resource_of_unknown_count_is_referred_to_as_many(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, MANY)) == expected


def test_two_elements_of_a_resource_of_unknown_count_are_not_one_value(tmp_path: Path) -> None:
    assert plain(value(tmp_path, "aws_subnet.many[0].id == aws_subnet.many[1].id", MANY)) is not True


def test_an_unknown_key_picks_one_of_the_instances(tmp_path: Path) -> None:
    found = value(tmp_path, "aws_subnet.two[var.k].id", TWO + 'variable "k" {}\n')
    assert plain(found) == {"?": ['&aws_subnet.two["a"].id', '&aws_subnet.two["b"].id']}


def test_try_over_an_unknown_may_give_its_fallback(tmp_path: Path) -> None:
    found = value(tmp_path, 'try(var.net.id, "none")', 'variable "net" {}')
    assert plain(found) == {"?": ["?var.net.id", "none"]}


def test_try_of_what_cannot_fail_is_that_value(tmp_path: Path) -> None:
    declarations = 'resource "aws_vpc" "main" {}\n'
    assert plain(value(tmp_path, 'try(aws_vpc.main.id, "none")', declarations)) == "&aws_vpc.main.id"


def test_an_attribute_that_may_be_null_may_be_computed(tmp_path: Path) -> None:
    declarations = CREATE + 'resource "aws_vpc" "main" {\n  name = var.create ? "a" : null\n}\n'
    assert plain(value(tmp_path, "aws_vpc.main.name", declarations)) == {"?": ["a", "&aws_vpc.main.name"]}


def test_more_than_sixteen_options_are_given_up_not_cut_short(tmp_path: Path) -> None:
    chain = "0"
    for number in range(1, 20):
        chain = f"(var.b{number} ? {number} : {chain})"
    declarations = "".join(f'variable "b{number}" {{}}\n' for number in range(1, 20))
    found = value(tmp_path, chain, declarations)
    assert isinstance(found, Unknown)
    assert any(isinstance(option, Unknown) and option.options == () for option in found.options)


def test_dynamic_blocks_over_an_unknown_may_be_there_beside_the_static_ones(tmp_path: Path) -> None:
    text = (
        IDS
        + """
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = { a = 80, b = 443 }
    content {
      port = ingress.value
      name = ingress.key
    }
  }
  ingress {
    port = 22
  }
  dynamic "ingress" {
    for_each = var.ids
    iterator = it
    content {
      cidr = it.value
    }
  }
}
"""
    )
    (group,) = reading(tmp_path, text).resources
    assert plain(group.body.entries["ingress"]) == [
        {"port": 80, "name": "a"},
        {"port": 443, "name": "b"},
        {"port": 22},
        {"...": {"cidr": "?"}},
    ]


def test_a_dynamic_block_that_cannot_be_expanded_leaves_blocks_that_may_be_anything(tmp_path: Path) -> None:
    text = """
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = null
    content {}
  }
}
"""
    found = reading(tmp_path, text)
    assert plain(found.resources[0].body.entries["ingress"]) == [{"...": "?"}]
    assert len(found.gaps) == 1


def test_a_data_source_gives_back_its_arguments_and_names_all_else(tmp_path: Path) -> None:
    declarations = 'variable "vpc" {}\ndata "aws_vpc" "main" {\n  id = var.vpc\n}\n'
    assert plain(value(tmp_path, "data.aws_vpc.main.id", declarations)) == "?var.vpc"
    found = value(tmp_path, "data.aws_vpc.main.cidr_block", declarations)
    assert plain(found) == "?data.aws_vpc.main.cidr_block"
    assert isinstance(found, Unknown)
    assert "snapshot" in found.reasons[0].settled_by


def test_a_data_source_is_passed_on_as_a_resource(tmp_path: Path) -> None:
    (source,) = reading(tmp_path, 'data "aws_vpc" "main" {\n  default = true\n}\n').resources
    assert (source.kind, source.address) == ("data.aws_vpc", "data.aws_vpc.main")


def test_the_output_of_another_root_is_an_unknown_of_its_own_name(tmp_path: Path) -> None:
    declarations = 'data "terraform_remote_state" "net" {\n  backend = "s3"\n}\n'
    found = value(tmp_path, "data.terraform_remote_state.net.outputs.vpc_id", declarations)
    assert plain(found) == "?data.terraform_remote_state.net.outputs.vpc_id"


def test_the_region_is_known_from_the_provider(tmp_path: Path) -> None:
    declarations = 'provider "aws" {\n  region = "eu-west-1"\n}\ndata "aws_region" "now" {}\n'
    assert plain(value(tmp_path, "data.aws_region.now.name", declarations)) == "eu-west-1"


def test_the_zones_of_a_region_are_told_apart_by_their_index(tmp_path: Path) -> None:
    declarations = 'data "aws_availability_zones" "up" {\n  state = "available"\n}\n'
    found = value(tmp_path, "data.aws_availability_zones.up.names[1]", declarations)
    assert plain(found) == "?data.aws_availability_zones.up.names[1]"


def test_a_file_that_does_not_parse_makes_what_it_may_declare_unknown(tmp_path: Path) -> None:
    text = 'resource "aws_subnet" "s" {\n  vpc_id = aws_vpc.main.id\n}\n'
    found = reading(tmp_path, text, None, broken_tf='resource "aws_vpc" "main" {\n  cidr_block =\n')
    (gap,) = found.gaps
    assert (gap.kind.value, gap.at.path.endswith("broken.tf"), gap.at.line > 0) == ("syntax", True, True)
    assert plain(found.resources[0].body.entries["vpc_id"]) == "?aws_vpc.main.id"


def test_a_value_from_outside_settles_the_unknown(tmp_path: Path) -> None:
    options = TerraformOptions(variables=(("create", "true"),))
    (subnet,) = reading(tmp_path, MAYBE, options).resources
    assert subnet.presence is Presence.CERTAIN


def test_a_list_of_which_the_order_is_not_known_has_no_known_keys(tmp_path: Path) -> None:
    for expression in ('sort(concat(["b"], var.ids))', "keys(merge({ b = 1 }, { (var.ids[0]) = 2 }))"):
        found = value(tmp_path, f"{{ for number, one in {expression} : number => one }}", IDS)
        assert isinstance(found, Map)
        assert found.entries == {}
        assert found.more is not None


def test_a_choice_between_values_of_the_same_keys_leaves_no_doubt_about_the_instances(tmp_path: Path) -> None:
    text = (
        CREATE + 'resource "x" "y" {\n  for_each = var.create ? { a = 1 } : { a = 2 }\n  n = each.value\n}\n'
    )
    assert plain(value(tmp_path, "{ for key, one in x.y : key => one.n }", text)) == {"a": {"?": [1, 2]}}
