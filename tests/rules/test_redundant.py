"""Rules that grant what others of the group grant, and rules that are written as they should not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.finding import Finding, Judgement
from tests.rules.networks import NETWORK, findings, group, instance, rule

WIDE = rule('cidr_blocks = ["10.0.0.0/8"]', 443)
OFFICE = 'variable "office" {\n  type = string\n}\n'


def found(folder: Path, name: str, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, name, NETWORK, *parts)


@pytest.mark.parametrize(
    ("peers", "port", "told"),
    [
        ('cidr_blocks = ["10.1.0.0/16"]', 443, 1),
        ('cidr_blocks = ["10.1.0.0/16"]', 444, 0),
        ('cidr_blocks = ["11.1.0.0/16"]', 443, 0),
        ('cidr_blocks = ["8.0.0.0/6"]', 443, 1),
        ("self = true", 443, 0),
    ],
)
def test_a_range_inside_another_on_the_same_port_is_needless(
    tmp_path: Path, peers: str, port: int, told: int
):
    told_of = found(tmp_path, "rule-redundant", group("g", WIDE, rule(peers, port)))
    assert len(told_of) == told
    assert all(each.judgement is Judgement.VIOLATED for each in told_of)


def test_the_same_grant_is_a_duplicate_and_not_inside_another(tmp_path: Path):
    twice = group("g", WIDE, rule('cidr_blocks = ["10.0.0.0/8"]', 443))
    assert found(tmp_path, "rule-redundant", twice) == ()
    (finding,) = found(tmp_path, "rule-duplicate", twice)
    assert finding.related[0].at < finding.at


def test_an_unknown_range_may_be_inside_a_known_one_and_is_never_called_needless(tmp_path: Path):
    (finding,) = found(
        tmp_path, "rule-redundant", OFFICE, group("g", WIDE, rule("cidr_blocks = [var.office]", 443))
    )
    assert finding.judgement is Judgement.UNDETERMINED
    assert "var.office" in {each.what for each in finding.unknowns}


def test_everything_covers_what_is_not_known(tmp_path: Path):
    world = rule('cidr_blocks = ["0.0.0.0/0"]', 443)
    (finding,) = found(
        tmp_path, "rule-redundant", OFFICE, group("g", world, rule("cidr_blocks = [var.office]", 443))
    )
    assert finding.judgement is Judgement.VIOLATED


def test_a_rule_that_may_not_be_there_makes_none_needless(tmp_path: Path):
    switch = 'variable "on" {\n  type = bool\n}\n'
    part = (
        'resource "aws_vpc_security_group_ingress_rule" "r" {\n  count = var.on ? 1 : 0\n'
        "  security_group_id = aws_security_group.g.id\n"
        '  cidr_ipv4 = "0.0.0.0/0"\n  ip_protocol = "-1"\n}\n'
    )
    (finding,) = found(tmp_path, "rule-redundant", switch, group("g", WIDE), part)
    assert finding.judgement is Judgement.UNDETERMINED


def test_what_lies_inside_one_rule_is_one_finding(tmp_path: Path):
    two = rule('cidr_blocks = ["10.1.0.0/16", "10.2.0.0/16"]', 443)
    (finding,) = found(tmp_path, "rule-redundant", group("g", WIDE, two))
    assert "10.1.0.0/16 and 10.2.0.0/16" in finding.message


@pytest.mark.parametrize(
    ("first", "last", "told"), [(0, 65535, 1), (1, 65535, 0), (1024, 65535, 0), (443, 443, 0)]
)
def test_all_ports_are_all_of_them(tmp_path: Path, first: int, last: int, told: int):
    text = rule('cidr_blocks = ["10.0.0.0/8"]', 1).replace("from_port = 1", f"from_port = {first}")
    text = text.replace("to_port   = 1", f"to_port   = {last}")
    assert len(found(tmp_path, "all-ports-open", group("g", text))) == told


def test_aws_s_own_rule_for_all_traffic_out_needs_no_description(tmp_path: Path):
    everything = (
        'egress {\n  protocol = "-1"\n  from_port = 0\n  to_port = 0\n  cidr_blocks = ["0.0.0.0/0"]\n}'
    )
    assert found(tmp_path, "rule-without-description", group("g", everything)) == ()
    assert len(found(tmp_path, "rule-without-description", group("g", everything, WIDE))) == 1


def test_a_group_in_a_module_s_output_is_not_called_unused(tmp_path: Path):
    assert len(found(tmp_path, "unused-group", group("g", WIDE))) == 1
    named = 'output "g" {\n  value = { id = aws_security_group.g.id }\n}\n'
    (finding,) = found(tmp_path, "unused-group", group("g", WIDE), named)
    assert finding.judgement is Judgement.UNDETERMINED
    assert "output.g" in finding.unknowns[0].what
    assert found(tmp_path, "unused-group", group("g", WIDE), instance("i", "g"), named) == ()


def test_a_group_that_allows_itself_only_has_no_user(tmp_path: Path):
    assert len(found(tmp_path, "unused-group", group("g", rule("self = true")))) == 1


def test_a_module_of_which_nothing_is_known_may_make_the_flow_log(tmp_path: Path):
    module = 'module "logs" {\n  source = "example.com/logs"\n  vpc_id = aws_vpc.main.id\n}\n'
    (tmp_path / "main.tf").write_text(NETWORK + module, encoding="utf-8")
    (finding,) = pipeline.check(pipeline.load(str(tmp_path)), pipeline.rules(only=["flow-logs-missing"]))
    assert finding.judgement is Judgement.UNDETERMINED
    assert "module.logs, which is not read" in {reason.what for reason in finding.unknowns}


def test_a_flow_log_of_a_vpc_that_is_not_known_may_be_of_this_one(tmp_path: Path):
    log = 'variable "vpc" {\n  type = string\n}\nresource "aws_flow_log" "l" {\n  vpc_id = var.vpc\n}\n'
    (finding,) = found(tmp_path, "flow-logs-missing", log)
    assert finding.judgement is Judgement.UNDETERMINED
