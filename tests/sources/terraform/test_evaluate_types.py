"""Both sides of a conditional have one type, as do the elements of a set; ``terraform`` gave the values."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.tree import Reading, Reference, Seq, Unknown
from tests.sources.terraform.evaluating import failure, plain, reading, value

UNKNOWN = 'variable "b" {\n  type = bool\n}\n'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('true ? 1 : "a"', "1"),
        ('false ? "a" : true', "true"),
        ('true ? [1, null] : ["a"]', ["1", None]),
        ('true ? [[1], ["a"]] : []', [["1"], ["a"]]),
        ('true ? { a = 1, b = "x", c = true } : {}', {"a": "1", "b": "x", "c": "true"}),
        ('true ? { a = 1, b = null } : { a = "x", b = "y" }', {"a": "1", "b": None}),
        ('true ? [{ a = 1 }, { a = "b" }] : []', [{"a": "1"}, {"a": "b"}]),
        ('true ? [{ a = 1 }, { a = "b", c = 1 }] : []', [{"a": "1"}, {"a": "b", "c": "1"}]),
        ("true ? 1 : null", 1),
        ("true ? null : [1]", None),
        ("true ? toset([1]) : []", [1]),
        ('true ? toset([1]) : toset(["b"])', ["1"]),
        ('false ? { a = null, b = "x" } : { c = { d = 1 } }', {"c": {"d": 1}}),
        ("true ? 1 : [1][3]", 1),
        ("true ? { x = { p = [1] }, y = { p = 2 } } : tomap({})", {"x": {"p": [1]}, "y": {"p": 2}}),
        ('true ? jsondecode("{\\"a\\":1,\\"b\\":[]}") : tomap({})', {"a": 1, "b": []}),
    ],
)
def test_the_side_that_is_taken_has_the_type_of_both(
    expression: str, expected: object, tmp_path: Path
) -> None:
    assert plain(value(tmp_path, expression)) == expected


@pytest.mark.parametrize(
    "expression",
    ['true ? "a" : []', "true ? [1] : {}", "true ? 1 : true", "true ? { a = 1, b = [] } : {}"],
)
def test_a_conditional_whose_sides_have_no_common_type_is_an_error(expression: str, tmp_path: Path) -> None:
    assert failure(tmp_path, expression) == "the two results of a conditional must have one type"


def test_a_tuple_beside_a_set_becomes_a_set(tmp_path: Path) -> None:
    found = value(tmp_path, 'true ? ["b", "a", "b"] : toset(["a"])')
    assert isinstance(found, Seq)
    assert (found.unordered, plain(found)) == (True, ["a", "b"])


@pytest.mark.parametrize("other", ["toset([var.x])", "toset(var.xs)"])
def test_a_tuple_beside_a_set_of_what_is_not_known_becomes_a_set(other: str, tmp_path: Path) -> None:
    declarations = 'variable "x" {}\nvariable "xs" {\n  type = list(string)\n}\n'
    found = value(tmp_path, f'true ? ["b", "a"] : {other}', declarations)
    assert isinstance(found, Seq)
    assert (found.unordered, plain(found)) == (True, ["a", "b"])


def test_nothing_beside_the_set_of_a_null_list_makes_no_instance(tmp_path: Path) -> None:
    text = """
variable "ids" {
  type    = list(string)
  default = null
}
resource "aws_security_group_rule" "from" {
  for_each = var.ids == null ? [] : toset(var.ids)
  cidr     = each.value
}
"""
    assert reading(tmp_path, text) == Reading()


def test_both_sides_have_one_type_where_the_condition_is_not_known(tmp_path: Path) -> None:
    assert plain(value(tmp_path, 'var.b ? 1 : "a"', UNKNOWN)) == {"?": ["1", "a"]}


def test_an_unknown_side_that_is_taken_has_the_type_of_both(tmp_path: Path) -> None:
    found = value(tmp_path, 'true ? !var.b : "a"', UNKNOWN)
    assert isinstance(found, Unknown)
    assert found.type == "string"


def test_what_is_stripped_to_nothing_still_makes_a_string_of_a_template(tmp_path: Path) -> None:
    assert plain(value(tmp_path, r'"\n${~ 2.5 ~}"')) == "2.5"
    assert plain(value(tmp_path, '"${~ 2.5 ~}"')) == 2.5


def test_setproduct_converts_the_elements_of_each_argument_to_one_type(tmp_path: Path) -> None:
    assert plain(value(tmp_path, 'setproduct(["true", false], [1])')) == [["true", 1], ["false", 1]]


def test_a_set_of_maps_is_gone_through_by_the_text_of_their_keys(tmp_path: Path) -> None:
    found = value(tmp_path, "tolist(toset([{}, { web = 80 }, { web = 7, db = 1 }]))")
    assert plain(found) == [{"web": 7, "db": 1}, {"web": 80}, {}]


@pytest.mark.parametrize("path", ['tags_all["k"]', "tags_all.k", "identity[0]"])
def test_a_part_of_what_is_known_after_apply_may_not_be_there(path: str, tmp_path: Path) -> None:
    declared = 'resource "aws_eks_cluster" "it" {\n}\n'
    found = value(tmp_path, f'try(aws_eks_cluster.it.{path}, "none")', declared)
    assert isinstance(found, Unknown)
    assert [isinstance(option, Reference) for option in found.options] == [True, False]
    assert isinstance(value(tmp_path, f"can(aws_eks_cluster.it.{path})", declared), Unknown)
    assert isinstance(value(tmp_path, 'try(aws_eks_cluster.it.name, "none")', declared), Reference)


def test_what_is_not_known_to_the_end_keeps_all_that_it_may_hold(tmp_path: Path) -> None:
    declared = 'variable "m" {\n  type = map(string)\n}\nresource "x_net" "each" {\n  for_each = var.m\n}\n'
    found = value(tmp_path, 'can((false ? {} : { for k, v in x_net.each : k => v.name })["b"])', declared)
    assert isinstance(found, Unknown)
    found = value(tmp_path, "true ? [x_net.one] : [{ a = 1 }]", 'resource "x_net" "one" {\n  name = "n"\n}\n')
    assert plain(found) == [{"name": "n", "...": "&x_net.one."}]
