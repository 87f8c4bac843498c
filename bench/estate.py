"""Times an estate: many VPCs on one transit gateway, thousands of endpoints in hundreds of classes.

    python bench/estate.py [--vpcs 50] [--tables 10] [--endpoints 5000] [--growth]

Prints seconds and peak memory for loading, for the matrix between all classes (the security groups), and
the median of one ``can_reach``. ``--growth`` repeats it with half and with twice the endpoints.
The matrix counts each pair of classes once in each direction, and says how many are reachable.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import auditor

GROUPS_IN_A_VPC = 8
PORTS = (443, 5432, 6379, 8080, 9092, 9100)
HEAD = """\
provider "aws" {
  region = "eu-central-1"
}

resource "aws_ec2_transit_gateway" "main" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  security_group_referencing_support = "enable"
}
"""
TABLE = """
resource "aws_ec2_transit_gateway_route_table" "t{table}" {{
  transit_gateway_id = aws_ec2_transit_gateway.main.id
}}
"""
VPC = """
resource "aws_vpc" "v{vpc}" {{
  cidr_block = "10.{vpc}.0.0/16"
}}

resource "aws_subnet" "v{vpc}" {{
  count             = 3
  vpc_id            = aws_vpc.v{vpc}.id
  cidr_block        = cidrsubnet(aws_vpc.v{vpc}.cidr_block, 6, count.index)
  availability_zone = "eu-central-1${{element(["a", "b", "c"], count.index)}}"
}}

resource "aws_route_table" "v{vpc}" {{
  vpc_id = aws_vpc.v{vpc}.id

  route {{
    cidr_block         = "10.0.0.0/8"
    transit_gateway_id = aws_ec2_transit_gateway.main.id
  }}
}}

resource "aws_route_table_association" "v{vpc}" {{
  count          = 3
  subnet_id      = aws_subnet.v{vpc}[count.index].id
  route_table_id = aws_route_table.v{vpc}.id
}}

resource "aws_ec2_transit_gateway_vpc_attachment" "v{vpc}" {{
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  vpc_id             = aws_vpc.v{vpc}.id
  subnet_ids         = aws_subnet.v{vpc}[*].id

  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}}

resource "aws_ec2_transit_gateway_route_table_association" "v{vpc}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v{vpc}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t{table}.id
}}
"""
PROPAGATION = """
resource "aws_ec2_transit_gateway_route_table_propagation" "v{vpc}_t{table}" {{
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.v{vpc}.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.t{table}.id
}}
"""
GROUP = """
resource "aws_security_group" "v{vpc}_g{group}" {{
  name   = "v{vpc}-g{group}"
  vpc_id = aws_vpc.v{vpc}.id

  ingress {{
    from_port   = {port}
    to_port     = {port}
    protocol    = "tcp"
    cidr_blocks = [{cidrs}]
  }}

  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["10.0.0.0/8"]
  }}
}}

resource "aws_instance" "v{vpc}_g{group}" {{
  count                  = {count}
  ami                    = "ami-1"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.v{vpc}[count.index % 3].id
  vpc_security_group_ids = [aws_security_group.v{vpc}_g{group}.id]
}}
"""


def main() -> None:
    """Run the benchmark and print its table."""
    options = _options()
    sizes = [options.endpoints]
    if options.growth:
        sizes = [options.endpoints // 2, options.endpoints, options.endpoints * 2]
    for endpoints in sizes:
        words = [sys.executable, __file__, "--one", "--endpoints", str(endpoints)]
        words += ["--vpcs", str(options.vpcs), "--tables", str(options.tables)]
        found = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
        print(
            f"{endpoints:>6} endpoints in {found['classes']} classes, {options.vpcs} VPCs: "
            f"load {found['load']:.1f} s, matrix {found['matrix']:.1f} s ({found['pairs']:,} pairs, "
            f"{found['reachable']:,} reachable), can_reach median {found['median'] * 1000:.2f} ms, "
            f"{found['megabytes']:.0f} MB"
        )


def _options() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--vpcs", type=int, default=50)
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--endpoints", type=int, default=5000)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(options)
        raise SystemExit
    return options


def _one(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_estate(folder, options.vpcs, options.tables, options.endpoints)
        start = time.perf_counter()
        network = auditor.load(str(folder))
        loaded = time.perf_counter()
        found = Counter(verdict.value for _, _, verdict in network.matrix())
        done = time.perf_counter()
        asked = _asked(network, options)
    print(
        json.dumps(
            {
                "classes": options.vpcs * GROUPS_IN_A_VPC,
                "load": loaded - start,
                "matrix": done - loaded,
                "pairs": sum(found.values()),
                "reachable": found["reachable"],
                "median": statistics.median(asked),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def _asked(network: auditor.Network, options: argparse.Namespace) -> list[float]:
    """How long each of a thousand questions takes between random classes."""
    dice = Random(3)
    found = []
    for _ in range(1000):
        ends = [
            f"aws_security_group.v{dice.randrange(options.vpcs)}_g{dice.randrange(GROUPS_IN_A_VPC)}"
            for _ in range(2)
        ]
        start = time.perf_counter()
        network.can_reach(*ends, f"tcp/{dice.choice(PORTS)}")
        found.append(time.perf_counter() - start)
    return found


def write_estate(folder: Path, vpcs: int, tables: int, endpoints: int) -> None:
    """Write the estate as Terraform, one file a VPC."""
    dice = Random(7)
    count = max(1, endpoints // (vpcs * GROUPS_IN_A_VPC))
    (folder / "main.tf").write_text(HEAD + "".join(TABLE.format(table=table) for table in range(tables)))
    for vpc in range(vpcs):
        text = [VPC.format(vpc=vpc, table=vpc % tables)]
        text += [
            PROPAGATION.format(vpc=vpc, table=table)
            for table in range(tables)
            if table == vpc % tables or dice.random() < 0.3
        ]
        for group in range(GROUPS_IN_A_VPC):
            cidrs = ", ".join(f'"10.{dice.randrange(vpcs)}.0.0/16"' for _ in range(4))
            text.append(GROUP.format(vpc=vpc, group=group, port=dice.choice(PORTS), cidrs=cidrs, count=count))
        (folder / f"v{vpc:03d}.tf").write_text("".join(text))


if __name__ == "__main__":
    main()
