"""No input gives a traceback: whatever is cut from, doubled in or mixed into a configuration, it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.sources.terraform import TerraformOptions, read
from auditor.tree import Reading
from tests.sources.terraform.evaluating import written

TEXT = """
variable "create" { type = bool }
variable "n" { type = number }
variable "ids" { type = list(string) }
variable "rules" {
  type    = map(object({ port = number, cidr = optional(string, "10.0.0.0/8") }))
  default = { a = { port = 80 }, b = { port = 443, cidr = "1.2.3.4/32" } }
}
locals {
  x    = { for k, v in var.rules : k => v.port if v.port > 80 }
  y    = [for i, id in var.ids : "${i}-${id}"]
  z    = merge(local.x, { c = length(local.y) }, null)
  text = <<-EOT
    %{ for k, v in local.z ~}
    ${k} = ${v}
    %{ endfor ~}
  EOT
}
resource "aws_subnet" "maybe" {
  count      = var.create ? 1 : 0
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_subnet" "many" {
  for_each = toset(var.ids)
  name     = each.key
}
resource "aws_security_group" "g" {
  vpc_id = try(data.aws_vpc.v[0].id, module.m.out, null)
  tags   = { (local.text) = jsonencode(local.z) }
  dynamic "ingress" {
    for_each = var.rules
    content {
      port        = ingress.value.port
      cidr_blocks = concat([ingress.value.cidr], values(aws_subnet.many)[*].cidr_block)
      self        = ingress.key == "a" && !var.create || aws_subnet.maybe[0].id != ""
    }
  }
}
data "aws_vpc" "v" { count = var.n % 2 == 0 ? -var.n : 1 }
module "m" {
  source   = "./m"
  for_each = local.x
  v        = each.value
}
provider "aws" {
  alias  = "x"
  region = var.ids[0]
}
"""
MODULE = (
    'variable "v" {}\nresource "aws_vpc" "v" {\n  a = var.v\n}\noutput "out" {\n  value = aws_vpc.v.id\n}\n'
)
WORDS = [
    *(
        "null",
        "[]",
        "{}",
        '""',
        "var.ids",
        "local.x",
        "aws_subnet.many",
        "each",
        "[*]",
        ".a",
        "[0]",
        "?",
        ":",
    ),
    *(
        "...",
        "for",
        "count",
        "for_each",
        "toset(",
        "{",
        "}",
        "(",
        ")",
        '"',
        "${",
        "%{ if ",
        "<<EOT\n",
        "\n",
        "=",
    ),
    *("1e999", "-1", "99999999999999999999", "\\", "é", "\x00", "module.m", "data.aws_vpc.v", "keys(", "//"),
    *("path.module", "self", "/*"),
]
PIECES = [TEXT[start : start + 12] for start in range(0, len(TEXT), 12)]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = TEXT
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(st.sampled_from(WORDS) | st.sampled_from(PIECES)) + text[end:]
    return text


@given(text=mutated())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_configuration_is_read_without_a_traceback(tmp_path: Path, text: str) -> None:
    written(tmp_path, {"main.tf": text, "m/main.tf": MODULE})
    assert isinstance(read(str(tmp_path), TerraformOptions(variables=(("n", "3"),))), Reading)


@given(expression=st.lists(st.sampled_from([*WORDS, "a", "1", " ", ",", "=="]), max_size=8).map("".join))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_expression_is_read_without_a_traceback(tmp_path: Path, expression: str) -> None:
    written(
        tmp_path, {"main.tf": TEXT + f'\nresource "x" "y" {{\n  v = {expression}\n}}\n', "m/main.tf": MODULE}
    )
    assert isinstance(read(str(tmp_path), TerraformOptions()), Reading)


@pytest.mark.parametrize(
    "text", ["", "\x00", "{", '{"resource": 1}', '{"resource": {"x": [1]}}', '{"a": {"b": null}}']
)
def test_a_json_file_of_any_shape_is_read_without_a_traceback(tmp_path: Path, text: str) -> None:
    written(tmp_path, {"main.tf.json": text})
    assert isinstance(read(str(tmp_path), TerraformOptions()), Reading)
