"""What is evaluated is what ``terraform plan`` plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement import NOT_NETWORK, differences, planned_resources
from planning import plan

from auditor.sources import terraform

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.terraform
@pytest.mark.parametrize("name", ["three-tier", "three-tier-broken", "microservices", "variables"])
def test_the_plan_and_the_evaluation_agree_on_every_attribute(name: str, tmp_path: Path) -> None:
    configuration = FIXTURES / name / "terraform"
    planned = planned_resources(plan(configuration, tmp_path))
    reading = terraform.read(str(configuration), terraform.TerraformOptions())
    evaluated = {
        each.address: each for each in reading.resources if not each.kind.startswith(("data.", NOT_NETWORK))
    }
    assert reading.gaps == ()
    assert sorted(evaluated) == sorted(planned)
    found = [
        line for address in sorted(planned) for line in differences(evaluated[address], planned[address])
    ]
    assert found == []


DEFAULT_TAGS = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  default_tags {
    tags = {
      environment = "production"
      owner       = "network"
    }
  }
}

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


@pytest.mark.terraform
def test_the_plan_and_the_evaluation_agree_on_the_tags_that_a_provider_gives(tmp_path: Path) -> None:
    configuration = tmp_path / "tagged"
    configuration.mkdir()
    (configuration / "main.tf").write_text(DEFAULT_TAGS)
    planned = planned_resources(plan(configuration, tmp_path))
    reading = terraform.read(str(configuration), terraform.TerraformOptions())
    assert {each.address for each in reading.resources if "tags_all" in each.body.entries} == set(planned)
    assert [line for each in reading.resources for line in differences(each, planned[each.address])] == []
