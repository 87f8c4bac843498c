"""The inputs of the benchmarks: networks of any number of groups, the same bytes at every run.

    python bench/inputs.py FOLDER GROUPS [--separate]

writes GROUPS security groups with ten rules each, three groups a file, into FOLDER.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

GROUPS_IN_A_FILE = 3
RULES_IN_A_GROUP = 10

NETWORK = """\
provider "aws" {
  region = "eu-central-1"
}

variable "environment" {
  type    = string
  default = "production"
}

locals {
  tags = { Environment = var.environment }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = merge(local.tags, { Name = "main" })
}

resource "aws_subnet" "app" {
  count             = 3
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = "eu-central-1${element(["a", "b", "c"], count.index)}"
  tags              = merge(local.tags, { Name = "app-${count.index}" })
}
"""


def write_groups(folder: Path, groups: int, *, separate: bool = False, seed: int = 7) -> None:
    """Write the network and its groups; rules inline, or each a resource of its own (``separate``)."""
    dice = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.tf").write_text(NETWORK)
    for first in range(0, groups, GROUPS_IN_A_FILE):
        members = range(first, min(first + GROUPS_IN_A_FILE, groups))
        text = "\n".join(_group(dice, number, groups, separate=separate) for number in members)
        (folder / f"groups_{first // GROUPS_IN_A_FILE:05d}.tf").write_text(text)


def _group(dice: Random, number: int, groups: int, *, separate: bool) -> str:
    inline = "" if separate else "".join(_inline(dice, groups) for _ in range(RULES_IN_A_GROUP - 1)) + _EGRESS
    own = (
        "".join(_separate(dice, number, place, groups) for place in range(RULES_IN_A_GROUP))
        if separate
        else ""
    )
    return f"""\
resource "aws_security_group" "service_{number}" {{
  name        = "service-{number}"
  description = "What may talk to service {number}"
  vpc_id      = aws_vpc.main.id
{inline}
  tags = merge(local.tags, {{
    Name    = "sg-service-{number}"
    Service = "service-{number}"
  }})
}}
{own}"""


_EGRESS = """
  egress {
    description = "All"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
"""


def _inline(dice: Random, groups: int) -> str:
    port = dice.randrange(1024, 65000)
    if dice.random() < 0.5:
        peer = f"security_groups = [aws_security_group.service_{dice.randrange(groups)}.id]"
    else:
        peer = f'cidr_blocks     = ["10.0.{dice.randrange(3)}.0/24"]'
    return f"""
  ingress {{
    description     = "Clients on {port}"
    from_port       = {port}
    to_port         = {port + dice.randrange(3)}
    protocol        = "tcp"
    {peer}
  }}
"""


@dataclass(frozen=True)
class Ingress:
    """A rule of its own: a port, and the CIDR or the number of the group that may come in by it."""

    port: int
    cidr: str = ""
    group: int = -1


def ingress(dice: Random, groups: int) -> Ingress:
    """The next rule."""
    port = dice.randrange(1024, 65000)
    if dice.random() < 0.5:
        return Ingress(port, group=dice.randrange(groups))
    return Ingress(port, cidr=f"10.0.{dice.randrange(3)}.0/24")


def _separate(dice: Random, number: int, place: int, groups: int) -> str:
    if place == 0:
        return f"""
resource "aws_vpc_security_group_egress_rule" "service_{number}_{place}" {{
  security_group_id = aws_security_group.service_{number}.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}}
"""
    rule = ingress(dice, groups)
    peer = (
        f'cidr_ipv4                    = "{rule.cidr}"'
        if rule.cidr
        else f"referenced_security_group_id = aws_security_group.service_{rule.group}.id"
    )
    return f"""
resource "aws_vpc_security_group_ingress_rule" "service_{number}_{place}" {{
  security_group_id            = aws_security_group.service_{number}.id
  description                  = "Clients on {rule.port}"
  from_port                    = {rule.port}
  to_port                      = {rule.port}
  ip_protocol                  = "tcp"
  {peer}
}}
"""


if __name__ == "__main__":
    write_groups(Path(sys.argv[1]), int(sys.argv[2]), separate="--separate" in sys.argv[3:])
