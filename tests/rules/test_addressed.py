"""What faces the internet by its own address, and VPCs whose workloads all stand where it may come."""

from __future__ import annotations

from pathlib import Path

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, findings, group, instance

GROUP = group("g")
APART = """\
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/24"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""


def addressed(folder: Path, *parts: str, tiers: dict[str, str] | None = None) -> tuple[Finding, ...]:
    return findings(folder, "workload-with-public-address", NETWORK, GROUP, *parts, tiers=tiers)


def together(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "everything-in-public-subnets", NETWORK, GROUP, *parts)


def test_an_address_that_no_route_makes_use_of_is_told_for_information(tmp_path: Path):
    (finding,) = addressed(tmp_path, APART, instance("i", "g", subnet="private", more=PUBLIC))
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.INFO)


def test_what_the_configuration_calls_public_may_have_an_address(tmp_path: Path):
    parts = (instance("i", "g", more=PUBLIC),)
    assert addressed(tmp_path, *parts, tiers={"aws_instance.i": "public"}) == ()


def test_an_interface_of_an_instance_is_told_once(tmp_path: Path):
    interface = """\
resource "aws_network_interface" "n" {
  subnet_id       = aws_subnet.a.id
  security_groups = [aws_security_group.g.id]
}

resource "aws_instance" "i" {
  network_interface {
    network_interface_id = aws_network_interface.n.id
    device_index         = 0
  }
}

resource "aws_eip" "e" {
  network_interface = aws_network_interface.n.id
}
"""
    (finding,) = addressed(tmp_path, interface)
    assert finding.component == "aws_instance.i"


def test_each_instance_that_asks_for_an_address_itself_is_told(tmp_path: Path):
    found = addressed(tmp_path, *(instance(name, "g", more=PUBLIC) for name in ("i", "j")))
    assert [each.component for each in found] == ["aws_instance.i", "aws_instance.j"]


def test_one_more_workload_in_a_public_subnet_is_another_fact(tmp_path: Path):
    (before,) = together(tmp_path, *(instance(name, "g", more=PUBLIC) for name in ("i", "j")))
    (after,) = together(tmp_path, *(instance(name, "g", more=PUBLIC) for name in ("i", "j", "k")))
    assert before.component == after.component == "aws_vpc.main"
    assert before.fingerprint != after.fingerprint


def test_a_vpc_of_public_subnets_without_an_address_is_low(tmp_path: Path):
    (finding,) = together(tmp_path, *(instance(name, "g", more=PRIVATE) for name in ("i", "j")))
    assert finding.severity is Severity.LOW
    assert any("aws_instance.i stands in subnets with a route" in step for step in finding.proof)


def test_a_vpc_that_has_private_subnets_for_others_is_low(tmp_path: Path):
    members = [instance(name, "g", more=PUBLIC) for name in ("i", "j")]
    (divided,) = together(tmp_path, APART, *members)
    (whole,) = together(tmp_path, *members)
    assert (divided.severity, whole.severity) == (Severity.LOW, Severity.MEDIUM)


def test_one_workload_in_a_private_subnet_is_enough(tmp_path: Path):
    members = instance("i", "g", more=PUBLIC), instance("j", "g", more=PUBLIC)
    apart = instance("k", "g", subnet="private", more=PRIVATE)
    assert together(tmp_path, APART, *members, apart) == ()


def test_a_default_route_to_an_interface_is_no_direct_one(tmp_path: Path):
    middle = """\
resource "aws_network_interface" "n" {
  subnet_id       = aws_subnet.a.id
  security_groups = [aws_security_group.g.id]
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_network_interface.n.id
}
"""
    members = (instance(name, "g", subnet="private", more=PRIVATE) for name in ("i", "j"))
    assert together(tmp_path, APART, middle, *members) == ()


def test_the_address_of_one_interface_of_several_is_made_use_of_by_its_own_subnet(tmp_path: Path):
    pieces = """\
resource "aws_network_interface" "outside" {
  subnet_id       = aws_subnet.a.id
  security_groups = [aws_security_group.g.id]
}

resource "aws_network_interface" "inside" {
  subnet_id       = aws_subnet.private.id
  security_groups = [aws_security_group.g.id]
}

resource "aws_instance" "i" {
  network_interface {
    network_interface_id = aws_network_interface.outside.id
    device_index         = 0
  }

  network_interface {
    network_interface_id = aws_network_interface.inside.id
    device_index         = 1
  }
}

resource "aws_eip" "e" {
  network_interface = aws_network_interface.outside.id
}
"""
    (finding,) = addressed(tmp_path, APART, pieces)
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.LOW)
    assert finding.message == "aws_instance.i has a public address."
