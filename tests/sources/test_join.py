from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor.errors import UsageError

NETWORK = """
variable "office" {{
  type = string
}}

resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}

resource "aws_subnet" "a" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}}

resource "aws_security_group" "{name}" {{
  name   = "{name}"
  vpc_id = aws_vpc.main.id

  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = ["10.0.0.0/16", var.office]
  }}
}}
"""


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> auditor.Network:
    monkeypatch.chdir(tmp_path)
    for folder, name, port in (("shop", "db", 5432), ("blog", "web", 443)):
        Path(folder).mkdir()
        Path(folder, "main.tf").write_text(NETWORK.format(name=name, port=port), encoding="utf-8")
    return auditor.load("shop", "blog")


def test_several_inputs_are_one_network(network: auditor.Network):
    assert network.input_names == ("blog", "shop")
    assert [vpc.id for vpc in network.inventory.vpcs] == ["blog:aws_vpc.main", "shop:aws_vpc.main"]


def test_references_stay_within_their_input(network: auditor.Network):
    subnets = {subnet.id: subnet.vpc.id for subnet in network.inventory.subnets}
    assert subnets["shop:aws_subnet.a"] == "shop:aws_vpc.main"
    assert subnets["blog:aws_subnet.a"] == "blog:aws_vpc.main"


def test_unknowns_of_two_inputs_are_two(network: auditor.Network):
    (db,) = (row for row in network.who_can_reach("db") if "office" in row.end.name)
    (web,) = (row for row in network.who_can_reach("web") if "office" in row.end.name)
    assert [reason.at.path for reason in (*db.unknowns, *web.unknowns)] == ["shop/main.tf", "blog/main.tf"]


def test_an_address_that_only_one_input_has_needs_no_input_before_it(network: auditor.Network):
    assert network.who_can_reach("aws_security_group.db") == network.who_can_reach(
        "shop:aws_security_group.db"
    )


def test_an_address_that_several_inputs_have_is_told_apart_by_its_input(network: auditor.Network):
    with pytest.raises(UsageError, match=r"blog:aws_vpc\.main, shop:aws_vpc\.main"):
        network.who_can_reach("aws_vpc.main")
    assert network.engine.endpoint("shop:aws_vpc.main").id == "shop:aws_vpc.main"


def test_one_input_alone_keeps_its_addresses(tmp_path: Path):
    (tmp_path / "main.tf").write_text(NETWORK.format(name="db", port=1), encoding="utf-8")
    assert [vpc.id for vpc in auditor.load(str(tmp_path)).inventory.vpcs] == ["aws_vpc.main"]
