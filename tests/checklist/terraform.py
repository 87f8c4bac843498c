"""Pieces of Terraform as people write it, and the questions that the tests put to them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from auditor import load
from auditor.pipeline import Network
from auditor.reach import Answer, Verdict
from auditor.sources import ReadOptions

REACHABLE, ONE_WAY, UNKNOWN, BLOCKED = (
    Verdict.REACHABLE,
    Verdict.ONE_WAY,
    Verdict.UNKNOWN,
    Verdict.BLOCKED,
)

VPC = """
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
"""

PUBLIC = """
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
"""

PRIVATE = """
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}
"""

NAT = """
resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""

DUAL = """
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "dual" {
  vpc_id                          = aws_vpc.main.id
  cidr_block                      = "10.0.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)
  assign_ipv6_address_on_creation = true
}

resource "aws_route_table_association" "dual" {
  subnet_id      = aws_subnet.dual.id
  route_table_id = aws_route_table.dual.id
}
"""

NETWORK = VPC + PUBLIC + PRIVATE + NAT
ANYWHERE = 'cidr_blocks = ["0.0.0.0/0"]'
ALL_OUT = f"""
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    {ANYWHERE}
  }}"""


def rule(ports: str, peers: str, direction: str = "ingress", protocol: str = "tcp") -> str:
    """An inline rule; ``ports`` is ``22`` or ``8000-8100``."""
    low, _, high = ports.partition("-") if not ports.startswith("-") else (ports, "", ports)
    return f"""
  {direction} {{
    from_port = {low}
    to_port   = {high or low}
    protocol  = "{protocol}"
    {peers}
  }}"""


def out(ports: str, peers: str, protocol: str = "tcp") -> str:
    """An inline egress rule."""
    return rule(ports, peers, "egress", protocol)


def members(*groups: str) -> str:
    """The peers of an inline rule that names groups."""
    return f"security_groups = [{', '.join(f'aws_security_group.{one}.id' for one in groups)}]"


def cidrs(*texts: str) -> str:
    """The peers of an inline rule that names IPv4 ranges."""
    return "cidr_blocks = [" + ", ".join(f'"{one}"' for one in texts) + "]"


def group(name: str, *rules: str, vpc: str = "main") -> str:
    """A security group with these inline rules."""
    return f"""
resource "aws_security_group" "{name}" {{
  name   = "{name}"
  vpc_id = aws_vpc.{vpc}.id
{"".join(rules)}
}}
"""


def instance(name: str, subnet: str, *groups: str, more: str = "") -> str:
    """An instance in a subnet, carrying groups."""
    named = ", ".join(f"aws_security_group.{one}.id" for one in groups)
    return f"""
resource "aws_instance" "{name}" {{
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.{subnet}.id
  vpc_security_group_ids = [{named}]
  {more}
}}
"""


def acl(name: str, *entries: str, subnets: str) -> str:
    """A network ACL of some subnets."""
    named = ", ".join(f"aws_subnet.{one}.id" for one in subnets.split())
    return f"""
resource "aws_network_acl" "{name}" {{
  vpc_id     = aws_vpc.main.id
  subnet_ids = [{named}]
{"".join(entries)}
}}
"""


def entry(
    direction: str,
    number: int,
    action: str,
    ports: str = "0-0",
    cidr: str = "0.0.0.0/0",
    protocol: str = "-1",
) -> str:
    """An entry of an ACL."""
    low, _, high = ports.partition("-")
    return f"""
  {direction} {{
    rule_no    = {number}
    action     = "{action}"
    protocol   = "{protocol}"
    from_port  = {low}
    to_port    = {high or low}
    cidr_block = "{cidr}"
  }}"""


PASS_IN, PASS_OUT = entry("ingress", 100, "allow"), entry("egress", 100, "allow")


def network(text: str, *, modules: dict[str, str] | None = None, **variables: str) -> Network:
    """The network that a text describes; ``modules`` are the texts of local modules by folder."""
    with TemporaryDirectory(prefix="netaudit-") as folder:
        Path(folder, "main.tf").write_text(text, encoding="utf-8")
        for name, module in (modules or {}).items():
            Path(folder, name).mkdir(parents=True)
            Path(folder, name, "main.tf").write_text(module, encoding="utf-8")
        options = ReadOptions(variables=tuple(variables.items())) if variables else None
        return load(folder, options=options)


def ask(text: str, source: str, destination: str, traffic: str | None = None) -> Answer:
    """The answer to one question about a text."""
    return network(text).can_reach(source, destination, traffic)


def verdict(text: str, source: str, destination: str, traffic: str | None = None) -> Verdict:
    """The verdict on one question about a text."""
    return ask(text, source, destination, traffic).verdict


def codes(answer: Answer) -> list[str]:
    """The codes of what blocks, each once."""
    return list(dict.fromkeys(one.code.value for one in answer.blockers))


def legs(answer: Answer) -> list[tuple[str, str]]:
    """The codes of what blocks, each with the packet that it blocks."""
    return list(dict.fromkeys((one.code.value, one.leg.value) for one in answer.blockers))


def why(answer: Answer) -> str:
    """What would decide an unknown answer, in one text."""
    return "; ".join(f"{reason.what} at {reason.at.line}" for reason in answer.unknowns)
