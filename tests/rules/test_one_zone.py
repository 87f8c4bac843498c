"""Zones: when two of them are one, and who stands in one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from auditor.model import Truth
from auditor.rules.zones import Standing, same, spread
from tests.rules.networks import findings

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
ZONES = "data.aws_availability_zones.available.names"


def subnet(name: str, number: int, zone: str) -> str:
    return (
        f'resource "aws_subnet" "{name}" {{\n  vpc_id = aws_vpc.main.id\n'
        f'  cidr_block = "10.0.{number}.0/24"\n  availability_zone = {zone}\n}}\n'
    )


def balancer(*subnets: str) -> str:
    named = ", ".join(f"aws_subnet.{each}.id" for each in subnets)
    return f'resource "aws_lb" "l" {{\n  load_balancer_type = "network"\n  subnets = [{named}]\n}}\n'


@pytest.mark.parametrize(
    ("one", "other", "truth"),
    [
        ("eu-west-1a", "eu-west-1a", Truth.YES),
        ("eu-west-1a", "eu-west-1b", Truth.NO),
        ("eu-west-1a", "euw1-az1", Truth.UNKNOWN),
        (f"{ZONES}[0]", f"{ZONES}[0]", Truth.YES),
        (f"{ZONES}[0]", f"{ZONES}[1]", Truth.NO),
        (f"module.net.{ZONES}[0]", f"module.net.{ZONES}[1]", Truth.NO),
        (f"module.net.{ZONES}[0]", f"module.other.{ZONES}[1]", Truth.UNKNOWN),
        (f"element(module.net.{ZONES}, 0)", f"element(module.net.{ZONES}, 1)", Truth.NO),
        (f"{ZONES}[0]", "data.aws_availability_zones.other.names[1]", Truth.UNKNOWN),
        (f"element({ZONES}, 0)", f"element({ZONES}, 1)", Truth.NO),
        (f"element({ZONES}, 0)", f"element({ZONES}, 6)", Truth.UNKNOWN),
        ("var.zones[0]", "var.zones[1]", Truth.UNKNOWN),
        ('"${var.region}a"', '"${var.region}b"', Truth.NO),
        ('"${var.region}a"', '"${var.other}b"', Truth.UNKNOWN),
        ('Select("0", GetAZs(t/AWS::Region))', 'Select("1", GetAZs(t/AWS::Region))', Truth.NO),
        ('Select("0", GetAZs(t/AWS::Region))', 'Select("1", GetAZs(u/AWS::Region))', Truth.UNKNOWN),
        ("", "eu-west-1a", Truth.UNKNOWN),
    ],
)
def test_two_zones_are_one_where_that_is_certain(one: str, other: str, truth: Truth):
    assert same(one, other) is truth
    assert same(other, one) is truth


def test_what_may_stand_elsewhere_too_is_not_decided():
    here = Standing("a", "eu-west-1a", None)
    perhaps = Standing("b", "eu-west-1b", None, sure=False)
    assert spread((here,)).truth is Truth.NO
    assert spread((here, perhaps)).truth is Truth.UNKNOWN
    assert spread((here, Standing("c", "", None))).truth is Truth.UNKNOWN
    assert spread((here, Standing("c", "eu-west-1c", None), perhaps)).truth is Truth.YES


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "single-az-service", VPC, *parts)


def test_one_zone_is_told_with_its_subnets(tmp_path: Path):
    (finding,) = found(
        tmp_path, subnet("a", 1, '"eu-west-1a"'), subnet("b", 2, '"eu-west-1a"'), balancer("a", "b")
    )
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.MEDIUM)
    assert [step.split(" (")[0] for step in finding.proof] == [
        "aws_subnet.a lies in eu-west-1a",
        "aws_subnet.b lies in eu-west-1a",
    ]


def test_services_of_the_same_unknown_zones_are_one_finding(tmp_path: Path):
    variable = 'variable "zone" {\n  type = string\n}\n'
    parts = [variable, subnet("a", 1, '"eu-west-1a"'), subnet("b", 2, "var.zone"), balancer("a", "b")]
    parts.append(balancer("b", "a").replace('"l"', '"m"'))
    (finding,) = found(tmp_path, *parts)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.INFO)
    assert "aws_lb.l and aws_lb.m" in finding.message


def test_an_interface_endpoint_with_one_subnet_is_nobody_s_fault(tmp_path: Path):
    endpoint = (
        'resource "aws_vpc_endpoint" "e" {\n  vpc_id = aws_vpc.main.id\n  vpc_endpoint_type = "Interface"\n'
        '  service_name = "com.amazonaws.eu-west-1.ssm"\n  subnet_ids = [aws_subnet.a.id]\n}\n'
    )
    assert found(tmp_path, subnet("a", 1, '"eu-west-1a"'), endpoint) == ()
