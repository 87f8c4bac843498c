from __future__ import annotations

from pathlib import Path

import pytest

from auditor.tree import GapKind, Scalar, Unknown
from tests.sources.terraform.evaluating import failure, plain, reading, resources, value, written

VPC = (
    'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n  tags = { Name = "n" }\n  extra = null\n}\n'
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_vpc.main.id", "&aws_vpc.main.id"),
        ("aws_vpc.main.arn", "&aws_vpc.main.arn"),
        ("aws_vpc.main.cidr_block", "10.0.0.0/16"),
        ('aws_vpc.main["cidr_block"]', "10.0.0.0/16"),
        ("aws_vpc.main.default_security_group_id", "&aws_vpc.main.default_security_group_id"),
        ("aws_vpc.main.extra", "&aws_vpc.main.extra"),
        ("aws_vpc.main.extra[0].deep", "&aws_vpc.main.extra[0].deep"),
        ("aws_vpc.main.tags.Name", "n"),
        ("resource.aws_vpc.main.id", "&aws_vpc.main.id"),
        ("aws_vpc.main[*].id", ["&aws_vpc.main.id"]),
        ("aws_vpc.main.list[*].id", [{"...": "&aws_vpc.main.list[*].id"}]),
        ("aws_vpc.main.id == null", False),
        ('"${aws_vpc.main.id}-x"', '?"${aws_vpc.main.id}-x"'),
        ("[for k in [aws_vpc.main] : k.id]", ["&aws_vpc.main.id"]),
    ],
)
def test_a_resources_attribute_is_what_is_configured_or_a_reference(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, VPC)) == expected


def test_a_nested_blocks_computed_attribute_is_a_reference_with_its_path(tmp_path: Path) -> None:
    declarations = 'resource "aws_instance" "i" {\n  network_interface {\n    index = 0\n  }\n}\n'
    assert plain(value(tmp_path, "aws_instance.i.network_interface[0].index", declarations)) == 0
    found = value(tmp_path, "aws_instance.i.network_interface[0].mac", declarations)
    assert plain(found) == "&aws_instance.i.network_interface[0].mac"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("var.undeclared", "there is no variable var.undeclared"),
        ("local.undeclared", "there is no local local.undeclared"),
        ("aws_vpc.other.id", "there is no resource aws_vpc.other"),
        ("module.other.id", "there is no module module.other"),
        ("data.aws_vpc.other.id", "there is no data data.aws_vpc.other"),
        ("each.key", "each is used where there is no for_each"),
        ("count.index", "count is used where there is no count"),
        ("{ a = 1 }.b", "there is no attribute or key b"),
        ("[1][1]", "there is no element 1 in a list of 1"),
        ('"a".b', "there is no attribute b here"),
        ("[1].b", "use [*] or an index"),
        ("(true ? null : 1).b", "null has no attribute b"),
        ("null[0]", "null has no elements"),
        ("0 / 0", "zero is divided by zero"),
        ('1 + "a"', ""),
        ("!1", ""),
        ("true ? 1 : nope(2)", None),
        ("nope(2)", "there is no function nope"),
        ("null ? 1 : 2", "the condition is null"),
        ("[for x in 1 : x]", "cannot be iterated over"),
        ('{ for x in [1, 2] : "k" => x }', "two elements have the key k"),
        ('"x${[1]}"', "cannot be put into a string"),
        ('"a${null}"', "null cannot be put into a string"),
        ("aws_vpc", "aws_vpc alone is no value"),
        ("path.nowhere", "there is no path.nowhere"),
        ("terraform.nothing", "there is no terraform.nothing"),
        ("cidrsubnet(1)", ""),
        ("aws_vpc.main.tags.Missing", "there is no attribute or key Missing"),
    ],
)
def test_what_is_wrong_is_one_gap_with_its_reason(tmp_path: Path, expression: str, why: str | None) -> None:
    if why is None:
        assert plain(value(tmp_path, expression, VPC)) == 1
        return
    assert why in failure(tmp_path, expression, VPC)


def test_a_gap_names_the_attribute_the_place_and_a_hint_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = 'resource "x" "y" {\n  a = 1\n  b = [var.gone]\n  c {\n    d = [][0]\n  }\n}\n'
    found = reading(tmp_path, text)
    assert [(gap.kind, gap.what, gap.at.line, gap.at.column) for gap in found.gaps] == [
        (GapKind.INVALID, "x.y.b", 3, 8),
        (GapKind.INVALID, "x.y.c.d", 5, 9),
    ]
    assert found.gaps[0].settled_by
    assert plain(found.resources[0].body) == {"a": 1, "b": "?", "c": [{"d": "?"}]}


def test_a_value_is_placed_where_it_is_used_and_keeps_its_way(tmp_path: Path) -> None:
    text = 'variable "a" {\n  default = "x"\n}\nlocals {\n  b = var.a\n}\n'
    text += 'resource "x" "y" {\n  c = local.b\n  d = "d"\n}\n'
    body = resources(reading(tmp_path, text))["x.y"].body.entries
    assert (body["c"].at.line, [place.line for place in body["c"].via]) == (8, [5, 2])
    assert (body["d"].at.line, body["d"].at.column, body["d"].via) == (9, 7, ())


def test_a_long_way_is_cut_after_six_places(tmp_path: Path) -> None:
    lines = [
        "locals {",
        '  l0 = "x"',
        *[f"  l{number} = local.l{number - 1}" for number in range(1, 20)],
        "}",
    ]
    found = value(tmp_path, "local.l19", "\n".join(lines))
    assert isinstance(found, Scalar)
    assert len(found.via) == 6


@pytest.mark.parametrize(
    "text",
    [
        'locals {\n  a = local.b\n  b = local.a\n}\nresource "x" "y" {\n  v = local.a\n}\n',
        'resource "x" "y" {\n  v = x.z.v\n}\nresource "x" "z" {\n  v = x.y.v\n}\n',
        'resource "x" "y" {\n  v = x.y.v\n}\n',
        'resource "x" "y" {\n  count = length(x.y)\n  v = 1\n}\n',
        'module "m" {\n  source = "./m"\n  v = module.m.v\n}\nresource "x" "y" {\n  v = module.m.v\n}\n',
        'resource "x" "y" {\n  v = local.a\n}\nlocals {\n  a = x.y.v\n}\n',
    ],
)
def test_a_cycle_is_one_gap_that_names_it(tmp_path: Path, text: str) -> None:
    module = 'variable "v" {}\noutput "v" {\n  value = var.v\n}\n'
    found = reading(tmp_path, text, None, m__main_tf=module)
    (gap,) = found.gaps
    assert "depends on itself" in gap.why
    assert " -> " in gap.why
    assert gap.at.line > 0


def test_groups_that_name_each_others_ids_are_no_cycle_to_us(tmp_path: Path) -> None:
    text = 'resource "x" "y" {\n  v = x.z.id\n}\nresource "x" "z" {\n  v = x.y.id\n}\n'
    assert reading(tmp_path, text).gaps == ()


def test_a_chain_of_two_thousand_values_is_followed(tmp_path: Path) -> None:
    lines = [
        "locals {",
        '  l0 = "x"',
        *[f'  l{n} = "${{lower(local.l{n - 1})}}"' for n in range(1, 2000)],
        "}",
    ]
    assert plain(value(tmp_path, "local.l1999", "\n".join(lines))) == "x"


def test_a_chain_of_two_thousand_resources_is_followed(tmp_path: Path) -> None:
    first = 'resource "x" "r0" {\n  v = "x"\n}\n'
    chain = "".join(f'resource "x" "r{n}" {{\n  v = x.r{n - 1}.v\n}}\n' for n in range(1, 2000))
    assert plain(value(tmp_path, "x.r1999.v", first + chain)) == "x"


def test_a_chain_that_is_too_long_is_a_gap(tmp_path: Path) -> None:
    lines = ["locals {", '  l0 = "x"', *[f"  l{n} = local.l{n - 1}" for n in range(1, 9000)], "}"]
    text = "\n".join(lines) + '\nresource "x" "y" {\n  v = local.l8999\n}\n'
    found = reading(tmp_path, text)
    assert ["in one chain" in gap.why for gap in found.gaps] == [True]


def test_a_string_that_doubles_itself_is_a_gap_and_no_flood(tmp_path: Path) -> None:
    lines = [
        "locals {",
        '  l0 = "xxxxxxxxxx"',
        *[f'  l{n} = "${{local.l{n - 1}}}${{local.l{n - 1}}}"' for n in range(1, 60)],
    ]
    text = "\n".join(lines) + '\n}\nresource "x" "y" {\n  v = local.l59\n}\n'
    found = reading(tmp_path, text)
    assert ["longer than" in gap.why for gap in found.gaps] == [True]


def test_a_template_file_sees_its_variables_alone(tmp_path: Path) -> None:
    written(tmp_path, {"t.tftpl": "%{ for p in ports ~}\n${p};\n%{ endfor ~}\n", "bad.tftpl": "${local.x}"})
    expression = 'templatefile("${path.module}/t.tftpl", { ports = [1, 2] })'
    assert plain(value(tmp_path, expression)) == "1;\n2;\n"
    assert "local" in failure(
        tmp_path, 'templatefile("${path.module}/bad.tftpl", {})', "locals {\n  x = 1\n}\n"
    )


def test_a_template_string_is_evaluated(tmp_path: Path) -> None:
    assert (
        plain(value(tmp_path, 'templatestring(local.t, { a = "x" })', 'locals {\n  t = "$${a}-y"\n}\n'))
        == "x-y"
    )


def test_a_value_that_nobody_uses_is_not_evaluated(tmp_path: Path) -> None:
    assert reading(tmp_path, "locals {\n  unused = var.gone\n}\n").gaps == ()


def test_an_error_in_a_branch_that_may_not_be_taken_is_an_unknown_option(tmp_path: Path) -> None:
    found = value(tmp_path, 'var.c ? "a" : [][0]', 'variable "c" {}\n')
    assert isinstance(found, Unknown)
    assert plain(found) == {"?": ["a", "?"]}
