"""Which tier a workload belongs to: the strongest sign, and the reason that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.reach.tiers import Sign, Tier
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, group, instance

NAT = """
resource "aws_subnet" "nat" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.7.0/24"
}

resource "aws_nat_gateway" "out" {
  subnet_id         = aws_subnet.a.id
  connectivity_type = "public"
}

resource "aws_route_table" "out" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.out.id
  }
}

resource "aws_route_table_association" "out" {
  subnet_id      = aws_subnet.nat.id
  route_table_id = aws_route_table.out.id
}
"""


def tier(
    folder: Path, *parts: str, tiers: dict[str, str] | None = None, of: str = "aws_instance.one"
) -> Tier | None:
    """The tier of one workload."""
    (folder / "main.tf").write_text("\n".join((NETWORK, group("g"), *parts)), encoding="utf-8")
    network = pipeline.Network(pipeline.load(str(folder)).inventory, tiers=tuple((tiers or {}).items()))
    (one,) = (each for each in network.inventory.workloads if each.id == of)
    return network.engine.tiers.of(one)


def test_a_public_address_where_the_routes_lead_to_the_internet_is_public(tmp_path: Path):
    found = tier(tmp_path, instance("one", "g", more=PUBLIC))
    assert found is not None
    assert (found.name.value, found.sign) == ("public", Sign.ROUTE)
    assert found.reason == "a public address, and aws_subnet.a routes to an internet gateway"


def test_without_a_public_address_the_routes_to_an_internet_gateway_say_nothing(tmp_path: Path):
    assert tier(tmp_path, instance("one", "g", more=PRIVATE)) is None


def test_routes_by_a_nat_gateway_alone_say_app(tmp_path: Path):
    found = tier(tmp_path, NAT, instance("one", "g", subnet="nat", more=PRIVATE))
    assert found is not None
    assert (found.name.value, found.reason) == ("app", "aws_subnet.nat routes to the outside by nat-gateway")


def test_routes_that_are_not_known_say_nothing(tmp_path: Path):
    unknown = NAT.replace("aws_nat_gateway.out.id", "var.nat") + '\nvariable "nat" { type = string }\n'
    perhaps = unknown.replace("aws_route_table.out.id", "var.table") + 'variable "table" { type = string }'
    assert tier(tmp_path, perhaps, instance("one", "g", subnet="nat", more=PRIVATE)) is None


@pytest.mark.parametrize("word", ["data", "app", "internal", "external", "public"])
def test_every_sign_goes_before_the_routes(tmp_path: Path, word: str):
    tagged = instance("one", "g", more=f'{PUBLIC}\n  tags = {{ Name = "{word}-1" }}')
    found = tier(tmp_path, tagged)
    assert found is not None
    assert (found.name.value, found.sign) == (word, Sign.NAME)
    assert found.reason == f"its name: {word}-1"


def test_the_configuration_goes_before_every_sign(tmp_path: Path):
    tagged = instance("one", "g", more=f'{PUBLIC}\n  tags = {{ Tier = "data" }}')
    found = tier(tmp_path, tagged, tiers={"one": "external"})
    assert found is not None
    assert (found.name.value, found.sign) == ("external", Sign.CONFIGURATION)
    assert found.reason == "the configuration says so of one"


def test_the_tiers_of_the_configuration_are_ends_of_questions(tmp_path: Path):
    (tmp_path / "main.tf").write_text("\n".join((NETWORK, group("g"), instance("one", "g"))))
    network = pipeline.Network(pipeline.load(str(tmp_path)).inventory, tiers=(("one", "data"),))
    assert network.can_reach("tier:data", "internet").source == "tier:data"


def test_a_function_that_is_called_after_data_holds_none(tmp_path: Path):
    function = """\
resource "aws_lambda_function" "rds_rotation" {
  function_name = "rds-rotation"

  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.g.id]
  }
}
"""
    assert tier(tmp_path, function, of="aws_lambda_function.rds_rotation") is None
