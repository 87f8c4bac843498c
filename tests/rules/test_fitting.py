"""Which group could stand for a range in a rule, and where none can; and what is one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Severity
from tests.rules.networks import NETWORK, findings, group, instance, rule

ANYTHING_OUT = 'egress {\n protocol = "-1"\n from_port = 0\n to_port = 0\n cidr_blocks = ["0.0.0.0/0"]\n}'
WEB = group("web", ANYTHING_OUT)
ANY_WEB = (WEB, instance("web", "web"))


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "cidr-instead-of-group", NETWORK, *parts)


def ingress(cidr: str, port: int = 5432) -> str:
    return rule(f"cidr_blocks = [{cidr}]", port)


def test_several_groups_that_can_use_a_range_are_all_named(tmp_path: Path):
    members = [instance("web", "web"), instance("job", "job")]
    (finding,) = found(
        tmp_path, WEB, group("job", ANYTHING_OUT), *members, group("db", ingress('"10.0.0.0/24"'))
    )
    assert "holds all members of web and job" in finding.message
    assert finding.fix == "Reference web and job, or those of them that need it, in place of 10.0.0.0/24."


def test_several_groups_do_not_fit_a_range_that_reaches_beyond_the_vpc(tmp_path: Path):
    members = [instance("web", "web"), instance("job", "job")]

    def severity(cidr: str) -> tuple[Severity, bool]:
        (finding,) = found(
            tmp_path, WEB, group("job", ANYTHING_OUT), *members, group("db", ingress(f'"{cidr}"'))
        )
        assert "web and job" in finding.message
        return finding.severity, "For what of it lies outside the VPC no group fits." in finding.message

    assert severity("10.0.0.0/8") == (Severity.LOW, True)
    assert severity("10.0.0.0/16") == (Severity.MEDIUM, False)


EACH_PORT = """
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id

  dynamic "ingress" {
    for_each = [%s]

    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.0.0.0/16"]
    }
  }
}
"""


ELSEWHERE = """
variable "other" {}
variable "others" {}

resource "aws_instance" "x" {
  vpc_security_group_ids = %s
  subnet_id              = %s
}
"""


def test_the_rules_that_one_block_makes_for_a_range_are_one_finding(tmp_path: Path):
    def ports(*given: int) -> Finding:
        (finding,) = found(tmp_path, *ANY_WEB, EACH_PORT % ", ".join(map(str, given)))
        return finding

    three = ports(5432, 6379, 9092)
    assert "db lets tcp/5432, tcp/6379, tcp/9092 in from 10.0.0.0/16" in three.message
    assert ports(1, 3, 5, 7, 9, 11).fingerprint != ports(1, 3, 5, 7, 9, 13).fingerprint
    (nobody,) = found(tmp_path, *ANY_WEB, (EACH_PORT % "80, 443").replace("10.0.0.0/16", "10.0.1.0/24"))
    assert "lets tcp/80, tcp/443 in from 10.0.1.0/24, which holds nobody" in nobody.message


def test_the_rules_of_several_blocks_for_a_range_are_each_a_finding(tmp_path: Path):
    db = group("db", ingress('"10.0.0.0/16"'), ingress('"10.0.0.0/16"', 6379))
    assert len(found(tmp_path, *ANY_WEB, db)) == 2


@pytest.mark.parametrize(
    ("others", "held"),
    [
        (
            [instance("a", "app"), instance("b", "app", subnet="b")],
            "all members of web and some members of app.",
        ),
        ([ELSEWHERE % ("[aws_security_group.app.id]", "var.other")], "web. It may hold members of app, too."),
        ([ELSEWHERE % ("[var.other]", "aws_subnet.a.id")], "web. It may hold members of var.other, too."),
        (
            [ELSEWHERE % ("var.others", "aws_subnet.a.id")],
            "web. It may hold members of groups that are not known, too.",
        ),
    ],
)
def test_a_group_does_not_stand_for_members_of_others_that_are_or_may_be_in_the_range(
    tmp_path: Path, others: list[str], held: str
):
    app = group("app", ANYTHING_OUT)
    (finding,) = found(tmp_path, *ANY_WEB, app, *others, group("db", ingress('"10.0.0.0/24"')))
    assert held in finding.message
    assert "or those of them that need it" in finding.fix
    assert finding.remedy is None


def test_a_group_stands_for_members_that_carry_others_beside_it(tmp_path: Path):
    every = group("every", ANYTHING_OUT)
    members = [instance("w", "web every"), instance("b", "every", subnet="b")]
    (finding,) = found(
        tmp_path, group("web", ANYTHING_OUT), every, *members, group("db", ingress('"10.0.0.0/24"'))
    )
    assert finding.fix == "Reference web in place of 10.0.0.0/24."
    assert finding.remedy is not None


def test_a_group_that_is_only_perhaps_in_a_range_weighs_little(tmp_path: Path):
    silent = (group("web"), instance("web", "web"))
    app = group("app", ANYTHING_OUT) + ELSEWHERE % ("[aws_security_group.app.id]", "var.other")
    (finding,) = found(tmp_path, *silent, app, group("db", ingress('"10.0.0.0/24"')))
    assert (finding.severity, finding.fix) == (
        Severity.LOW,
        "Reference app, or those of them that need it, in place of 10.0.0.0/24.",
    )
