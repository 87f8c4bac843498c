"""What is known of a data source without asking AWS."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sources import ReadOptions, read
from tests.sources.terraform.evaluating import plain, value, written

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
resource "aws_security_group" "app" {
  name_prefix = "app-"
  vpc_id      = aws_vpc.main.id
}
variable "other" {
  type = bool
}
data "aws_vpc" "by_id" {
  id = aws_vpc.main.id
}
data "aws_vpc" "by_filter" {
  filter {
    name   = "vpc-id"
    values = [aws_subnet.s[0].vpc_id]
  }
}
data "aws_vpc" "tagged" {
  tags = { Name = "main" }
}
data "aws_vpc" "either" {
  id = var.other ? aws_vpc.main.id : "vpc-0123456789abcdef0"
}
data "aws_subnet" "each" {
  for_each = { for number, subnet in aws_subnet.s : number => subnet.id }
  id       = each.value
}
data "aws_subnets" "all" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.main.id]
  }
}
data "aws_security_group" "app" {
  id = aws_security_group.app.id
}
data "aws_route_table" "wrong" {
  route_table_id = aws_vpc.main.id
}
"""

OTHER = """
resource "aws_vpc" "v" {
  cidr_block = "10.9.0.0/16"
}
output "id" {
  value = aws_vpc.v.id
}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("data.aws_vpc.by_id.id", "&aws_vpc.main.id"),
        ("data.aws_vpc.by_id.cidr_block", "10.0.0.0/16"),
        ("data.aws_vpc.by_id.main_route_table_id", "&aws_vpc.main.main_route_table_id"),
        ("data.aws_vpc.by_filter.id", "&aws_vpc.main.id"),
        ("data.aws_vpc.by_filter.cidr_block", "10.0.0.0/16"),
        ("[for s in data.aws_subnet.each : s.cidr_block]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("data.aws_subnet.each[1].vpc_id", "&aws_vpc.main.id"),
        ("data.aws_security_group.app.name", "&aws_security_group.app.name"),
        ("data.aws_vpc.tagged.id", "?data.aws_vpc.tagged.id"),
        ("data.aws_vpc.either.id", {"?": ["&aws_vpc.main.id", "vpc-0123456789abcdef0"]}),
        ("data.aws_vpc.either.cidr_block", "?data.aws_vpc.either.cidr_block"),
        ("data.aws_subnets.all.ids", "?data.aws_subnets.all.ids"),
        ("data.aws_route_table.wrong.vpc_id", "?data.aws_route_table.wrong.vpc_id"),
    ],
)
def test_a_data_source_that_goes_by_the_id_of_a_resource_is_that_resource_and_no_other_one_is(
    tmp_path: Path, expression: str, expected: object
) -> None:
    assert plain(value(tmp_path, expression, NETWORK)) == expected


def test_a_data_source_finds_its_resource_in_another_module(tmp_path: Path) -> None:
    written(tmp_path, {"net/main.tf": OTHER})
    text = 'module "net" {\n  for_each = toset(["a.b"])\n  source = "./net"\n}\n'
    text += 'data "aws_vpc" "v" {\n  id = module.net["a.b"].id\n}\n'
    assert plain(value(tmp_path, "data.aws_vpc.v.cidr_block", text)) == "10.9.0.0/16"


def test_a_data_source_finds_its_resource_in_another_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = 'data "terraform_remote_state" "net" {\n  backend = "local"\n'
    app += '  config = { path = "../net/terraform.tfstate" }\n}\n'
    app += 'data "aws_vpc" "v" {\n  id = data.terraform_remote_state.net.outputs.id\n}\n'
    app += 'resource "x_probe" "it" {\n  value = [data.aws_vpc.v.id, data.aws_vpc.v.cidr_block]\n}\n'
    written(tmp_path, {"net/main.tf": OTHER, "app/main.tf": app})
    _, found = read(("app", "net"), ReadOptions())
    (probe,) = (each for each in found.resources if each.kind == "x_probe")
    assert plain(probe.body.entries["value"]) == ["&net:aws_vpc.v.id", "10.9.0.0/16"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('provider "aws" {\n  region = "eu-west-1"\n}\n', "com.amazonaws.eu-west-1.s3"),
        ('provider "aws" {\n  region = "cn-north-1"\n}\n', "?data.aws_vpc_endpoint_service.s.service_name"),
        ("", "?data.aws_vpc_endpoint_service.s.service_name"),
    ],
)
def test_an_endpoint_service_of_aws_is_named_by_region_and_service(
    tmp_path: Path, text: str, expected: str
) -> None:
    text += 'data "aws_vpc_endpoint_service" "s" {\n  service = "s3"\n}\n'
    assert plain(value(tmp_path, "data.aws_vpc_endpoint_service.s.service_name", text)) == expected
