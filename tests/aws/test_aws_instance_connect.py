"""EC2 Instance Connect Endpoints: they open SSH and RDP, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor.traffic import traffic_text

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "connect" {
  vpc_id = aws_vpc.main.id

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_security_group" "server" {
  vpc_id = aws_vpc.main.id

  ingress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    security_groups = [aws_security_group.connect.id]
  }
}

resource "aws_ec2_instance_connect_endpoint" "it" {
  subnet_id          = aws_subnet.a.id
  security_group_ids = [aws_security_group.connect.id]
  preserve_client_ip = false
}

resource "aws_instance" "server" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.server.id]
}
"""
SOURCE, SERVER = "aws_ec2_instance_connect_endpoint.it", "aws_instance.server"


@pytest.fixture
def network(tmp_path: Path) -> auditor.Network:
    (tmp_path / "main.tf").write_text(NETWORK, encoding="utf-8")
    return auditor.load(str(tmp_path))


@pytest.mark.parametrize(
    ("service", "verdict"),
    [("tcp/22", "reachable"), ("tcp/3389", "reachable"), ("tcp/5432", "blocked"), ("udp/3389", "blocked")],
)
def test_an_endpoint_opens_connections_to_two_ports(network: auditor.Network, service: str, verdict: str):
    assert network.can_reach(SOURCE, SERVER, service).verdict.value == verdict


def test_what_blocks_says_so_and_nothing_would_open_it(network: auditor.Network):
    answer = network.can_reach(SOURCE, SERVER, "tcp/5432")
    assert [(one.code.value, one.text) for one in answer.blockers] == [
        ("TARGET_PORT_RESTRICTION", f"{SOURCE} opens tcp/22, tcp/3389 only")
    ]
    assert answer.changes == ()


def test_the_rows_of_who_can_reach_tell_the_two_ports(network: auditor.Network):
    (row,) = [each for each in network.who_can_reach(SERVER) if "connect" in each.end.address]
    assert row.verdict.value == "reachable"
    assert traffic_text(row.traffic.may) == ("tcp/22", "tcp/3389")
