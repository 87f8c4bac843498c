"""The inputs of the benchmarks in which much reaches much: the same bytes at every run.

    python bench/dense.py FOLDER INSTANCES [--public]

writes INSTANCES instances of three tiers in two environments into FOLDER; 120 groups, of which each instance
carries one to three, let each other and ranges in. With ``--public`` all instances have public addresses in
public subnets, and most groups are open to the world on some ports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

TIERS = ("public", "app", "data")
ENVIRONMENTS = ("production", "staging")
PORTS = (22, 80, 443, 3306, 3389, 5432, 6379, 8080, 8443, 9092, 9200, 11211)
GROUPS_OF_A_ZONE = 20
RULES_IN_A_GROUP = 8
INSTANCES_IN_A_FILE = 100

NETWORK = """\
provider "aws" {
  region = "eu-central-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.production_public[0].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}
"""
SUBNETS = """
resource "aws_subnet" "{zone}" {{
  count                   = 2
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet("10.0.{third}.0/20", 1, count.index)
  availability_zone       = "eu-central-1${{element(["a", "b"], count.index)}}"
  map_public_ip_on_launch = {public}

  tags = {{
    Tier        = "{tier}"
    Environment = "{environment}"
  }}
}}

resource "aws_route_table_association" "{zone}" {{
  count          = 2
  subnet_id      = aws_subnet.{zone}[count.index].id
  route_table_id = aws_route_table.{table}.id
}}
"""
GROUP = """\
resource "aws_security_group" "{name}" {{
  name   = "{name}"
  vpc_id = aws_vpc.main.id
{rules}
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["{towards}"]
  }}
}}
"""
RULE = """
  ingress {{
    from_port       = {port}
    to_port         = {port}
    protocol        = "tcp"
    {peer}
  }}
"""
INSTANCE = """\
resource "aws_instance" "{zone}_{number}" {{
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.{zone}[{subnet}].id
  vpc_security_group_ids = [{groups}]

  tags = {{
    Tier        = "{tier}"
    Environment = "{environment}"
  }}
}}
"""
ZONES = tuple((tier, environment) for environment in ENVIRONMENTS for tier in TIERS)


def write_dense(folder: Path, instances: int, *, public: bool = False, seed: int = 7) -> None:
    """Write the network, its groups, one file a tier of an environment, and its instances."""
    dice = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.tf").write_text(NETWORK + "".join(_subnets(public=public)))
    for tier, environment in ZONES:
        groups = (_group(dice, name, public=public) for name in _names(tier, environment))
        (folder / f"groups_{environment}_{tier}.tf").write_text("\n".join(groups))
    for first in range(0, instances, INSTANCES_IN_A_FILE):
        numbers = range(first, min(first + INSTANCES_IN_A_FILE, instances))
        text = "\n".join(_instance(dice, number) for number in numbers)
        (folder / f"instances_{first // INSTANCES_IN_A_FILE:03d}.tf").write_text(text)


def _subnets(*, public: bool) -> Iterator[str]:
    for place, (tier, environment) in enumerate(ZONES):
        yield SUBNETS.format(
            zone=f"{environment}_{tier}",
            third=16 * place,
            public=str(public or tier == "public").lower(),
            table="public" if public or tier == "public" else "private",
            tier=tier,
            environment=environment,
        )


def _names(tier: str, environment: str) -> list[str]:
    return [f"{environment}_{tier}_{number}" for number in range(GROUPS_OF_A_ZONE)]


def _group(dice: Random, name: str, *, public: bool) -> str:
    open_ports = dice.sample(PORTS, dice.randrange(1, 4)) if public and dice.random() < 0.9 else []
    rules = [RULE.format(port=port, peer='cidr_blocks     = ["0.0.0.0/0"]') for port in open_ports]
    rules += [RULE.format(port=dice.choice(PORTS), peer=_peer(dice)) for _ in range(RULES_IN_A_GROUP)]
    towards = "0.0.0.0/0" if dice.random() < 0.5 else "10.0.0.0/16"
    return GROUP.format(name=name, rules="".join(rules), towards=towards)


def _peer(dice: Random) -> str:
    if dice.random() < 0.6:
        tier, environment = dice.choice(ZONES)
        return f"security_groups = [aws_security_group.{dice.choice(_names(tier, environment))}.id]"
    cidr = f"10.0.{8 * dice.randrange(12)}.0/21" if dice.random() < 0.8 else "10.0.0.0/16"
    return f'cidr_blocks     = ["{cidr}"]'


def _instance(dice: Random, number: int) -> str:
    tier, environment = ZONES[number % len(ZONES)]
    groups = dice.sample(_names(tier, environment), dice.randrange(1, 4))
    return INSTANCE.format(
        zone=f"{environment}_{tier}",
        number=number,
        subnet=dice.randrange(2),
        groups=", ".join(f"aws_security_group.{name}.id" for name in groups),
        tier=tier,
        environment=environment,
    )


if __name__ == "__main__":
    write_dense(Path(sys.argv[1]), int(sys.argv[2]), public="--public" in sys.argv[3:])
