"""How many there are of what AWS allows only so many of."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, findings, group, instance, rule


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "group-near-limit", NETWORK, *parts)


def ranges(count: int) -> str:
    return ", ".join(f'"10.1.{number}.0/24"' for number in range(count))


@pytest.mark.parametrize(
    ("count", "severity"), [(53, None), (54, Severity.LOW), (60, Severity.LOW), (61, Severity.MEDIUM)]
)
def test_each_range_counts_as_a_rule(tmp_path: Path, count: int, severity: Severity | None):
    told = found(tmp_path, group("g", rule(f"cidr_blocks = [{ranges(count)}]")))
    assert [each.severity for each in told] == ([] if severity is None else [severity])


def test_families_and_directions_count_by_themselves(tmp_path: Path):
    six = ", ".join(f'"2001:db8:{number:x}::/48"' for number in range(40))
    both = rule(f"cidr_blocks = [{ranges(40)}]\n  ipv6_cidr_blocks = [{six}]")
    assert found(tmp_path, group("g", both, rule(f"cidr_blocks = [{ranges(40)}]", direction="egress"))) == ()


def listed_as(size: str) -> str:
    return (
        'resource "aws_ec2_managed_prefix_list" "l" {\n  name = "l"\n  address_family = "IPv4"\n'
        f'  max_entries = {size}\n  entry {{\n    cidr = "10.9.0.0/16"\n  }}\n}}\n'
    )


NAMED = rule("prefix_list_ids = [aws_ec2_managed_prefix_list.l.id]")


def test_a_prefix_list_counts_as_what_it_may_hold(tmp_path: Path):
    (finding,) = found(tmp_path, listed_as("58"), group("g", NAMED))
    assert "has 58 of the 60 ingress rules" in finding.message
    assert found(tmp_path, listed_as("20"), group("g", NAMED)) == ()


def test_a_prefix_list_whose_size_is_not_known_is_undetermined(tmp_path: Path):
    variable = 'variable "size" {\n  type = number\n}\n'
    (finding,) = found(tmp_path, variable, listed_as("var.size"), group("g", NAMED))
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.INFO)
    assert "aws_ec2_managed_prefix_list.l" in finding.unknowns[0].what


def test_one_range_that_is_not_known_is_one(tmp_path: Path):
    variable = 'variable "office" {\n  type = string\n}\n'
    assert found(tmp_path, variable, group("g", rule("cidr_blocks = [var.office]"))) == ()


@pytest.mark.parametrize(("count", "severities"), [(4, []), (5, [Severity.LOW]), (6, [Severity.MEDIUM])])
def test_groups_of_an_interface_count(tmp_path: Path, count: int, severities: list[Severity]):
    names = [f"g{number}" for number in range(count)]
    told = found(tmp_path, *map(group, names), instance("i", " ".join(names)))
    assert [each.severity for each in told] == severities


def test_a_workload_that_names_no_group_carries_one(tmp_path: Path):
    plain = 'resource "aws_instance" "i" {\n  subnet_id = aws_subnet.a.id\n}\n'
    assert found(tmp_path, plain) == ()


def room(folder: Path, size: int, count: int) -> tuple[Finding, ...]:
    small = (
        f'resource "aws_subnet" "s" {{\n  vpc_id = aws_vpc.main.id\n  cidr_block = "10.0.9.0/{size}"\n}}\n'
        f'resource "aws_instance" "i" {{\n  count = {count}\n  subnet_id = aws_subnet.s.id\n}}\n'
    )
    return findings(folder, "subnet-too-small", NETWORK, small)


@pytest.mark.parametrize(("size", "count", "told"), [(28, 11, 0), (28, 12, 1), (27, 27, 0), (27, 28, 1)])
def test_aws_keeps_five_addresses_of_a_subnet(tmp_path: Path, size: int, count: int, told: int):
    assert len(room(tmp_path, size, count)) == told


def test_the_size_that_is_needed_is_named(tmp_path: Path):
    (finding,) = room(tmp_path, 28, 12)
    assert "Give aws_subnet.s a /27 or more" in finding.fix
