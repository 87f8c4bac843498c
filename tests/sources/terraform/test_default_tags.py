"""The tags that a provider gives to everything that it makes."""

from __future__ import annotations

from pathlib import Path

import auditor
from auditor.tree import Presence
from tests.sources.terraform.evaluating import plain, reading, resources

GIVEN = """
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = {
      environment = "production"
      owner       = "network"
    }
  }
}
"""
NET = 'resource "aws_vpc" "net" {\n  cidr_block = "10.3.0.0/16"\n}\n'


def tags(folder: Path, text: str, **files: str) -> dict[str, object]:
    found = resources(reading(folder, text, None, **files))
    return {address: plain(each.body.entries.get("tags_all")) for address, each in found.items()}


def test_a_resource_has_its_providers_tags_below_its_own(tmp_path: Path) -> None:
    text = """
resource "aws_vpc" "plain" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "own" {
  cidr_block = "10.1.0.0/16"
  tags = {
    environment = "staging"
    tier        = "data"
  }
}
"""
    assert tags(tmp_path, GIVEN + text) == {
        "aws_vpc.plain": {"environment": "production", "owner": "network"},
        "aws_vpc.own": {"environment": "staging", "owner": "network", "tier": "data"},
    }


def test_each_configuration_of_a_provider_gives_its_own_and_hands_them_to_the_modules_it_goes_to(
    tmp_path: Path,
) -> None:
    text = """
provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}
resource "aws_vpc" "other" {
  provider   = aws.other
  cidr_block = "10.0.0.0/16"
}
module "with" {
  source = "./net"
}
module "without" {
  source    = "./net"
  providers = { aws = aws.other }
}
"""
    assert tags(tmp_path, GIVEN + text, net__main_tf=NET) == {
        "aws_vpc.other": None,
        "module.with.aws_vpc.net": {"environment": "production", "owner": "network"},
        "module.without.aws_vpc.net": None,
    }


def test_the_resources_that_the_provider_leaves_out_have_none(tmp_path: Path) -> None:
    text = GIVEN + 'resource "aws_autoscaling_group" "it" {\n  max_size = 1\n  min_size = 1\n}\n'
    assert tags(tmp_path, text) == {"aws_autoscaling_group.it": None}


def test_what_a_provider_gives_is_among_the_tags_of_the_model(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(GIVEN + NET)
    (vpc,) = auditor.load(str(tmp_path)).inventory.vpcs
    assert vpc.presence is Presence.CERTAIN
    assert vpc.tags == (("environment", "production"), ("owner", "network"))
    assert vpc.open_tags == ()


def test_a_value_that_is_not_known_is_told_and_own_tags_that_are_not_known_leave_nothing_certain(
    tmp_path: Path,
) -> None:
    text = """
variable "environment" {
  type = string
}
variable "own" {
  type = map(string)
}
provider "aws" {
  default_tags {
    tags = {
      environment = var.environment
      owner       = "network"
    }
  }
}
resource "aws_vpc" "plain" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "own" {
  cidr_block = "10.1.0.0/16"
  tags       = var.own
}
"""
    (tmp_path / "main.tf").write_text(text)
    found = {one.id: one for one in auditor.load(str(tmp_path)).inventory.vpcs}
    plain_, own = found["aws_vpc.plain"], found["aws_vpc.own"]
    assert plain_.tags == (("owner", "network"),)
    assert [(tag.key, tag.values, tag.reasons[0].what) for tag in plain_.open_tags] == [
        ("environment", ("*",), "var.environment")
    ]
    assert own.tags == ()
    assert {"", "environment", "owner"} == {tag.key for tag in own.open_tags}
