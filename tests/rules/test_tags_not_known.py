"""Ends that are named by a tag of which the value is not known: neither meant nor left out for certain."""

from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor import pipeline
from auditor.finding import Finding, Judgement
from auditor.reach import Verdict
from auditor.rules import load_catalogue
from tests.rules.networks import NETWORK, PRIVATE, group, instance
from tests.rules.policies import APP, FROM_APP, FROM_BATCH, OUT, database, found, says

ROLE = 'variable "role" {}\nvariable "tags" { type = map(string) }\n'
PROVEN = [Judgement.VIOLATED]
OPEN = [Judgement.UNDETERMINED]


def batch(tags: str) -> str:
    return group("batch", OUT) + instance("batch", "batch", subnet="b", more=f"tags = {tags}")


def judgements(findings: tuple[Finding, ...]) -> list[Judgement]:
    return [finding.judgement for finding in findings]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ('{ Role = "batch" }', PROVEN),
        ('{ Role = "web" }', []),
        ("{ Role = var.role }", OPEN),
        ("var.tags", OPEN),
        ('merge(var.tags, { Role = "web" })', []),
        ('{ Role = "${var.role}-batch" }', OPEN),
    ],
)
def test_what_may_have_a_tag_may_break_a_policy(tmp_path: Path, tags: str, expected: list[Judgement]):
    policy = says("tag:Role=batch never reaches aws_instance.db")
    named = instance("other", "app", more='tags = { Role = "batch" }')
    findings = found(tmp_path, policy, ROLE, APP, named, batch(tags), database(FROM_BATCH))
    assert judgements(findings) == expected
    if expected == OPEN:
        assert "var." in " ".join(reason.what for reason in findings[0].unknowns)


@pytest.mark.parametrize(
    ("tags", "expected"), [('{ Role = "batch" }', []), ("{ Role = var.role }", OPEN), ("{}", PROVEN)]
)
def test_what_may_have_a_tag_may_be_allowed_by_it(tmp_path: Path, tags: str, expected: list[Judgement]):
    policy = says("only tag:Role=batch reaches aws_instance.db on 5432")
    named = instance("other", "app", more='tags = { Role = "batch" }')
    findings = found(tmp_path, policy, ROLE, APP, named, batch(tags), database(FROM_BATCH))
    assert judgements(findings) == expected


def test_a_pattern_meets_the_known_part_of_a_value(tmp_path: Path):
    policy = says("tag:Role=*-batch never reaches aws_instance.db")
    findings = found(
        tmp_path, policy, ROLE, APP, batch('{ Role = "${var.role}-batch" }'), database(FROM_BATCH)
    )
    assert judgements(findings) == OPEN


def test_a_tier_that_a_tag_says_is_not_known_with_it(tmp_path: Path):
    policy = says("aws_instance.app never reaches tier:data")
    db = group("db", FROM_APP) + instance("db", "db", subnet="b", more="tags = { Tier = var.role }")
    findings = found(tmp_path, policy, ROLE, APP, db)
    assert judgements(findings) == OPEN
    assert "var.role" in " ".join(reason.what for reason in findings[0].unknowns)


def test_a_tier_as_an_end_of_a_question_has_those_that_may_be_of_it(tmp_path: Path):
    db = group("db", FROM_APP) + instance("db", "db", subnet="b", more="tags = { Tier = var.role }")
    (tmp_path / "main.tf").write_text("\n".join((NETWORK, ROLE, APP, db)), encoding="utf-8")
    answer = auditor.load(str(tmp_path)).can_reach("aws_instance.app", "tier:data")
    assert answer.verdict is Verdict.UNKNOWN
    assert "var.role" in " ".join(reason.what for reason in answer.unknowns)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ('"staging"', '"production"', PROVEN),
        ('"staging"', "var.role", OPEN),
        ("var.role", "var.role", []),
        ("var.role", "var.second", OPEN),
        ('"${var.role}-staging"', '"${var.role}-production"', OPEN),
    ],
)
def test_one_value_is_one_environment_whatever_it_is(
    tmp_path: Path, one: str, other: str, expected: list[Judgement]
):
    app = group("app", OUT) + instance("app", "app", more=f"tags = {{ Environment = {one} }}")
    db = group("db", FROM_APP) + instance("db", "db", subnet="b", more=f"tags = {{ Environment = {other} }}")
    text = "\n".join((NETWORK, ROLE, 'variable "second" {}', app, db))
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    rules = [rule for rule in load_catalogue() if rule.id == "non-prod-reaches-prod"]
    assert judgements(pipeline.check(pipeline.load(str(tmp_path)), rules)) == expected


def fleet(value: str) -> str:
    template = (
        'resource "aws_launch_template" "f" {\n  vpc_security_group_ids = [aws_security_group.app.id]\n}\n'
    )
    return f"""{template}
resource "aws_autoscaling_group" "app" {{
  max_size            = 2
  min_size            = 1
  vpc_zone_identifier = [aws_subnet.a.id]
  launch_template {{
    id = aws_launch_template.f.id
  }}
  tag {{
    key                 = "Environment"
    value               = {value}
    propagate_at_launch = true
  }}
}}
"""


@pytest.mark.parametrize(
    ("fleets", "vpcs", "names", "expected"),
    [
        ("var.role", "var.role", "db", []),
        ("var.second", "var.role", "db", OPEN),
        ("var.role", "var.second", "db", OPEN),
        ("var.role", "var.role", "db-production", OPEN),
    ],
)
def test_one_value_on_tags_of_several_things_is_one_environment(
    tmp_path: Path, fleets: str, vpcs: str, names: str, expected: list[Judgement]
):
    tagged = NETWORK.replace('"10.0.0.0/16"', f'"10.0.0.0/16"\n  tags = {{ Environment = {vpcs} }}', 1)
    tags = f'tags = {{\n  Environment = var.role\n  Name = "{names}"\n}}'
    db = group("db", FROM_APP) + instance("db", "db", subnet="b", more=tags)
    text = "\n".join((tagged, ROLE, 'variable "second" {}', group("app", OUT), fleet(fleets), db))
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    rules = [rule for rule in load_catalogue() if rule.id == "non-prod-reaches-prod"]
    assert judgements(pipeline.check(pipeline.load(str(tmp_path)), rules)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [('"a"', '"b"', PROVEN), ('"a"', "var.role", OPEN), ("var.role", "var.role", [])],
)
def test_one_value_is_one_service_whatever_it_is(
    tmp_path: Path, one: str, other: str, expected: list[Judgement]
):
    itself = 'ingress {\n from_port = 0\n to_port = 0\n protocol = "-1"\n self = true\n}'
    hosts = "".join(
        instance(name, "common", more=f"tags = {{ Service = {value} }}\n{PRIVATE}")
        for name, value in (("one", one), ("two", other))
    )
    text = "\n".join((NETWORK, ROLE, group("common", itself), hosts))
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    rules = [rule for rule in load_catalogue() if rule.id == "group-shared-by-services"]
    assert judgements(pipeline.check(pipeline.load(str(tmp_path)), rules)) == expected
