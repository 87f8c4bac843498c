"""What Terraform applies runs as the code says: collected from an imitation of AWS, it differs in nothing.

Where the imitation makes of the code what AWS would not, the difference is listed with its reason, and must
be there. It takes two minutes, most of them the provider's waits for databases.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from live import Live, needs, running, running_fixture
from record import FIXTURES

import auditor
from auditor.difference import Difference
from auditor.sources.options import ReadOptions
from tests.cli.running import process, written
from tests.compare.showing import mirrored, open_questions, shown

pytestmark = pytest.mark.terraform


@dataclass(frozen=True, slots=True)
class Caused:
    """Lines of a difference that the imitation causes, or that no input decides."""

    pattern: str
    why: str


def at(*names: str) -> str:
    """Lines with one of these ends."""
    return rf"(^|: |-> )({'|'.join(names)})( -> |: |$)"


NAT = Caused(
    at(r"eni-\w+", "default"),
    "the interface of a NAT gateway says nothing of it, and carries the default group of the VPC",
)
LAUNCHED = Caused(at("app"), "instances of a scaling group are in the default group, not in their template's")
CACHES = Caused(at("redis", "redis-001"), "replication groups and their nodes have no groups and no subnets")
ENDPOINT = Caused(
    r"^removed: (sg-worker -> queue|sg-notebook -> platform-endpoint): tcp/443$",
    "the interface of an endpoint is in the default group of the VPC",
)
PEERING = Caused(r"^unknown: .*: tcp/(9100|8443)$", "a peering is not read on either side")
SERVICES = Caused(r"^unknown: .* -> service:", "neither side knows the addresses of AWS's own services")
SHARED = Caused("^only-head: vpc: vpc-", "the VPC of another root, whose state the code names")
MONITORING = Caused(at("monitoring"), "a group that the code names, and somebody else's code defines")
DECIDED = Caused("^now-decided: ", "the code leaves it to what is around, which runs")
PLATFORM = Caused("^only-head: (vpc: platform|subnet: subnet-)", "what is around, and the code does not say")

CAUSED = {
    "three-tier": (NAT, LAUNCHED, CACHES),
    "three-tier-broken": (NAT, LAUNCHED, CACHES),
    "variables": (NAT, LAUNCHED, CACHES),
    "microservices": (NAT,),
    "two-vpcs": (NAT, ENDPOINT, PEERING, SERVICES),
    "staging-to-production": (),
    "analytics-privatelink": (ENDPOINT,),
    "isolated-tiers": (),
    "unknowns": (NAT, SHARED, MONITORING, DECIDED, PEERING),
    "service-only": (DECIDED, PLATFORM),
}
# Each is applied at once with the others of its row, which takes as long as the slowest of them.
TOGETHER = (
    ("three-tier", "three-tier-broken", "two-vpcs"),
    ("microservices", "service-only", "unknowns", "variables"),
    ("analytics-privatelink", "isolated-tiers", "staging-to-production"),
)


def lines(code: auditor.Network, runs: auditor.Network) -> list[str]:
    return told_of(auditor.diff(code, runs))


def told_of(found: Difference) -> list[str]:
    alone = [
        f"only-{side}: {end.kind.value}: {end.name}"
        for side, ends in (("base", found.only_before), ("head", found.only_after))
        for end in ends
    ]
    return [*shown(found), *open_questions(found), *alone]


def strange(name: str, told: list[str]) -> list[str]:
    """What is told of a fixture and not listed, and what is listed and not told."""
    matches = {one: [line for line in told if re.search(one.pattern, line)] for one in CAUSED[name]}
    listed = {line for several in matches.values() for line in several}
    absent = [f"not there: {one.why}" for one, several in matches.items() if not several]
    return [f"{name}: {line}" for line in (*(one for one in told if one not in listed), *absent)]


def applied(name: str, scratch: Path) -> tuple[str, tuple[str, ...]]:
    """What runs once a fixture is applied, as a snapshot, and the file with the values that it was given."""
    with running_fixture(name, scratch) as live:
        given = (str(live.folder / "given.auto.tfvars.json"),) if live.values else ()
        return live.collected(), given


def compared(name: str, runs: str, given: tuple[str, ...]) -> list[str]:
    """What is wrong with the difference between a fixture's code and what runs."""
    code = str(FIXTURES / name / "terraform")
    networks = auditor.load(code, options=ReadOptions(var_files=given)), auditor.load(runs)
    found = auditor.diff(*networks)
    wrong = strange(name, told_of(found))
    options = [word for file in given for word in ("--var-file", file)]
    ran = process("diff", *options, "--format", "json", code, runs)
    if ran.code != 0 or len(json.loads(ran.out)["changes"]) != len(found.changes):
        wrong.append(f"{name}: the command says otherwise: {ran.err}")
    if shown(auditor.diff(*reversed(networks))) != sorted(map(mirrored, shown(found))):
        wrong.append(f"{name}: seen from the other side it is not the mirror of this")
    return wrong


def test_every_fixture_is_applied() -> None:
    applicable = {path.parent.parent.name for path in FIXTURES.glob("*/plan/plan.json")}
    assert {name for row in TOGETHER for name in row} == applicable == set(CAUSED)


@pytest.mark.parametrize("names", TOGETHER, ids=" ".join)
def test_what_is_applied_differs_from_the_code_in_nothing_but_what_the_imitation_causes(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    needs()
    with ThreadPoolExecutor(len(names)) as pool:
        ran = list(pool.map(applied, names, [tmp_path] * len(names)))
    assert [line for name, one in zip(names, ran, strict=True) for line in compared(name, *one)] == []


SHOP = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
resource "aws_vpc" "shop" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "shop" }
}
resource "aws_subnet" "web" {
  vpc_id                  = aws_vpc.shop.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "jobs" {
  vpc_id                  = aws_vpc.shop.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}
resource "aws_internet_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_route_table" "each" {
  for_each = { web = aws_subnet.web.id, jobs = aws_subnet.jobs.id }
  vpc_id   = aws_vpc.shop.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.shop.id
  }
  tags = { Name = each.key }
}
resource "aws_route_table_association" "each" {
  for_each       = { web = aws_subnet.web.id, jobs = aws_subnet.jobs.id }
  route_table_id = aws_route_table.each[each.key].id
  subnet_id      = each.value
}
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.shop.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "jobs" {
  name   = "jobs"
  vpc_id = aws_vpc.shop.id
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.web.id
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "web" }
}
resource "aws_instance" "jobs" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.jobs.id
  vpc_security_group_ids = [aws_security_group.jobs.id]
  tags                   = { Name = "jobs" }
}
"""


# The services whose addresses AWS lists for routes and rules, though not where the code can see them.
LISTED = (
    *("cloudfront.origin-facing", "dynamodb", "groundstation"),
    *("ipv6.vpc-lattice", "s3", "vpc-lattice"),
)


def open_ssh(live: Live) -> None:
    """One more rule for the web servers, made by hand."""
    ec2 = live.client("ec2")
    group = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])
    ec2.authorize_security_group_ingress(
        GroupId=group["SecurityGroups"][0]["GroupId"],
        IpProtocol="tcp",
        FromPort=22,
        ToPort=22,
        CidrIp="0.0.0.0/0",
    )


def cut_off_jobs(live: Live) -> None:
    """The route of the jobs to the internet, deleted by hand."""
    ec2 = live.client("ec2")
    table = ec2.describe_route_tables(Filters=[{"Name": "tag:Name", "Values": ["jobs"]}])
    ec2.delete_route(RouteTableId=table["RouteTables"][0]["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")


def test_what_is_changed_by_hand_is_told_and_nothing_else(tmp_path: Path) -> None:
    needs()
    code = written(tmp_path / "shop", main_tf=SHOP)
    with running(Path(code), tmp_path, "eu-central-1") as live:
        before = live.collected("before")
        open_ssh(live)
        cut_off_jobs(live)
        after = live.collected("after")
    for base in (code, before):
        assert lines(auditor.load(base), auditor.load(after)) == [
            "removed: jobs -> internet: tcp/443",
            "widened: internet -> web: tcp/22",
            *(f"now-decided: jobs -> service:{name}: tcp/443" for name in LISTED),
        ]
    assert lines(auditor.load(code), auditor.load(before)) == []
    told = process("diff", "--fail-on-new=internet", code, after)
    assert told.code == 1
    said = [" ".join(line.split()) for line in told.out.splitlines()]
    assert said[0] == "reachability: 1 new, 1 gone, 6 cannot be compared"
    assert "+ internet tcp/22 widened" in said
    assert "- jobs tcp/443 removed" in said
    assert any(re.fullmatch(r"stopped by rtb-\w+ has no route to it", line) for line in said)
    assert "? jobs → 6 services of AWS tcp/443 unknown, now blocked" in said
