"""Small networks as Terraform, and what the rules find in them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from auditor import pipeline
from auditor.finding import Finding

NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
"""


def group(name: str, *rules: str) -> str:
    """A security group with these rules in it."""
    body = textwrap.indent("\n".join(rules), "  ")
    return f'resource "aws_security_group" "{name}" {{\n  vpc_id = aws_vpc.main.id\n{body}\n}}\n'


def rule(peer: str, port: int = 22, *, direction: str = "ingress") -> str:
    """An inline rule on a TCP port."""
    return f'{direction} {{\n  protocol  = "tcp"\n  from_port = {port}\n  to_port   = {port}\n  {peer}\n}}'


def instance(name: str, groups: str, *, subnet: str = "a", more: str = "") -> str:
    """An instance that carries groups."""
    named = ", ".join(f"aws_security_group.{each}.id" for each in groups.split())
    return (
        f'resource "aws_instance" "{name}" {{\n  subnet_id = aws_subnet.{subnet}.id\n'
        f"  vpc_security_group_ids = [{named}]\n{more}\n}}\n"
    )


PUBLIC = "  associate_public_ip_address = true"
PRIVATE = "  associate_public_ip_address = false"


def findings(
    folder: Path, only: str, *parts: str, tiers: dict[str, str] | None = None
) -> tuple[Finding, ...]:
    """What one rule finds in the network that the parts describe."""
    (folder / "main.tf").write_text("\n".join(parts), encoding="utf-8")
    network = pipeline.load(str(folder))
    assert network.inventory.gaps == ()
    return pipeline.check(network, pipeline.rules(only=[only]), tiers)
