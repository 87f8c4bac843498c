"""Routes without a way back, routes into nothing, NAT gateways that do not get out."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement
from tests.rules.networks import findings

VPCS = """
resource "aws_vpc" "one" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "two" {
  cidr_block = "10.2.0.0/16"
}

resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.one.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_subnet" "two" {
  vpc_id     = aws_vpc.two.id
  cidr_block = "10.2.1.0/24"
}

resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.one.id
  peer_vpc_id = aws_vpc.two.id
  auto_accept = true
}
"""


def table(name: str, *routes: str, used: bool = True) -> str:
    """A route table of a VPC, which its subnet uses."""
    body = "".join(f"  route {{\n    {route}\n  }}\n" for route in routes)
    text = f'resource "aws_route_table" "{name}" {{\n  vpc_id = aws_vpc.{name}.id\n{body}}}\n'
    if not used:
        return text
    return text + (
        f'resource "aws_route_table_association" "{name}" {{\n  subnet_id = aws_subnet.{name}.id\n'
        f"  route_table_id = aws_route_table.{name}.id\n}}\n"
    )


def to(cidr: str, target: str = "vpc_peering_connection_id = aws_vpc_peering_connection.p.id") -> str:
    return f'cidr_block = "{cidr}"\n    {target}'


def one_way(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "route-one-way", VPCS, *parts)


def test_a_route_to_a_part_of_the_other_vpc_is_a_way_there(tmp_path: Path):
    (finding,) = one_way(tmp_path, table("one", to("10.2.1.0/24")), table("two"))
    assert finding.component == "aws_route_table.one"
    assert "Add a route to 10.1.0.0/16" in finding.fix
    assert "aws_route_table.two" in finding.fix


def test_a_default_route_over_the_peering_is_a_way_back(tmp_path: Path):
    assert one_way(tmp_path, table("one", to("10.2.0.0/16")), table("two", to("0.0.0.0/0"))) == ()


def test_a_way_back_in_a_table_that_no_subnet_uses_leaves_it_open(tmp_path: Path):
    unused = table("two", to("10.1.0.0/16"), used=False)
    (finding,) = one_way(tmp_path, table("one", to("10.2.0.0/16")), unused)
    assert finding.judgement is Judgement.UNDETERMINED
    assert [reason.what for reason in finding.unknowns] == ["which subnets use aws_route_table.two"]


def test_a_way_back_through_an_appliance_leaves_it_open(tmp_path: Path):
    back = table("two", to("10.1.0.0/16", 'network_interface_id = "eni-0123456789abcdef0"'))
    (finding,) = one_way(tmp_path, table("one", to("10.2.0.0/16")), back)
    assert finding.judgement is Judgement.UNDETERMINED


def test_no_route_at_all_is_nothing_half_done(tmp_path: Path):
    assert one_way(tmp_path, table("one"), table("two")) == ()


def test_two_tables_of_one_vpc_are_one_finding(tmp_path: Path):
    more = """
    resource "aws_subnet" "more" {
      vpc_id     = aws_vpc.one.id
      cidr_block = "10.1.2.0/24"
    }

    resource "aws_route_table" "more" {
      vpc_id = aws_vpc.one.id

      route {
        cidr_block                = "10.2.0.0/16"
        vpc_peering_connection_id = aws_vpc_peering_connection.p.id
      }
    }

    resource "aws_route_table_association" "more" {
      subnet_id      = aws_subnet.more.id
      route_table_id = aws_route_table.more.id
    }
    """
    (finding,) = one_way(tmp_path, table("one", to("10.2.0.0/16")), table("two"), more)
    assert sum(each.text.startswith("leads there, too") for each in finding.related) == 1


GATEWAY = """
resource "aws_internet_gateway" "g" {%s
}
"""


@pytest.mark.parametrize(
    ("attached", "count"), [("", 1), ("\n  vpc_id = aws_vpc.one.id", 0), ("\n  vpc_id = aws_vpc.two.id", 1)]
)
def test_a_gateway_takes_what_comes_from_its_own_vpc(tmp_path: Path, attached: str, count: int):
    route = table("one", to("0.0.0.0/0", "gateway_id = aws_internet_gateway.g.id"))
    assert len(findings(tmp_path, "blackhole-route", VPCS, GATEWAY % attached, route)) == count


def test_a_gateway_that_is_attached_by_a_resource_of_its_own_is_attached(tmp_path: Path):
    attachment = """
    resource "aws_internet_gateway_attachment" "a" {
      internet_gateway_id = aws_internet_gateway.g.id
      vpc_id              = aws_vpc.one.id
    }
    """
    route = table("one", to("0.0.0.0/0", "gateway_id = aws_internet_gateway.g.id"))
    assert findings(tmp_path, "blackhole-route", VPCS, GATEWAY % "", attachment, route) == ()


NAT = """
resource "aws_nat_gateway" "n" {
  subnet_id         = aws_subnet.one.id
  connectivity_type = "%s"
}
"""


@pytest.mark.parametrize(("kind", "count"), [("public", 1), ("private", 0)])
def test_a_private_nat_gateway_needs_no_internet(tmp_path: Path, kind: str, count: int):
    found = findings(tmp_path, "nat-without-internet-route", VPCS, NAT % kind, table("one"))
    assert len(found) == count


def test_a_nat_gateway_behind_a_firewall_gets_out_through_it(tmp_path: Path):
    route = table("one", to("0.0.0.0/0", 'vpc_endpoint_id = "vpce-0123456789abcdef0"'))
    assert findings(tmp_path, "nat-without-internet-route", VPCS, NAT % "public", route) == ()
