"""One fault is told once: by the more specific rule, unless another one has worse to say."""

from __future__ import annotations

from pathlib import Path

from auditor import pipeline
from auditor.finding import Finding, Judgement, Severity
from auditor.rules import load_catalogue
from auditor.rules.precedence import spoken
from auditor.tree import Location
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, group, instance, rule

OPEN = {rule.id for rule in load_catalogue() if rule.predicate == "open"}
WORLD = 'cidr_blocks = ["0.0.0.0/0"]'


def told(folder: Path, *parts: str) -> list[tuple[str, Severity]]:
    """The rules about what is open to the world that speak, each with its severity."""
    (folder / "main.tf").write_text("\n".join((NETWORK, *parts)), encoding="utf-8")
    found = pipeline.check(pipeline.load(str(folder)))
    return sorted((each.rule, each.severity) for each in found if each.rule in OPEN)


def test_ssh_on_a_bastion_is_the_bastions_fault(tmp_path: Path):
    parts = group("g", rule(WORLD, 22)), instance("bastion", "g", more=PUBLIC)
    assert told(tmp_path, *parts) == [("bastion-open-to-world", Severity.CRITICAL)]


def test_ssh_elsewhere_is_told_as_a_port_of_administration(tmp_path: Path):
    parts = group("g", rule(WORLD, 22)), instance("web", "g", more=PUBLIC)
    assert told(tmp_path, *parts) == [("admin-port-from-internet", Severity.CRITICAL)]


def test_a_port_that_no_rule_knows_is_an_internal_service(tmp_path: Path):
    parts = group("g", rule(WORLD, 9090)), instance("web", "g", more=PUBLIC)
    assert told(tmp_path, *parts) == [("internal-service-open-to-world", Severity.CRITICAL)]


def test_each_rule_of_a_group_is_told_by_the_rule_that_knows_its_port(tmp_path: Path):
    rules = rule(WORLD, 22), rule(WORLD, 5432), rule(WORLD, 9090)
    assert told(tmp_path, group("g", *rules), instance("web", "g", more=PUBLIC)) == [
        ("admin-port-from-internet", Severity.CRITICAL),
        ("database-port-from-internet", Severity.CRITICAL),
        ("internal-service-open-to-world", Severity.CRITICAL),
    ]


def test_the_general_rule_speaks_where_it_has_worse_to_say(tmp_path: Path):
    parts = (
        group("g", rule(WORLD, 9090)),
        instance("bastion", "g", more=PRIVATE),
        instance("web", "g", more=PUBLIC),
    )
    assert told(tmp_path, *parts) == [("internal-service-open-to-world", Severity.CRITICAL)]


def test_a_rule_that_is_left_out_silences_nothing(tmp_path: Path):
    parts = NETWORK, group("g", rule(WORLD, 22)), instance("web", "g", more=PUBLIC)
    (tmp_path / "main.tf").write_text("\n".join(parts), encoding="utf-8")
    chosen = pipeline.rules(skip=["admin-port-from-internet"])
    found = pipeline.check(pipeline.load(str(tmp_path)), chosen)
    assert "internal-service-open-to-world" in {each.rule for each in found}


def finding(rule: str, severity: Severity, judgement: Judgement, line: int = 1) -> Finding:
    at = Location("main.tf", line)
    return Finding(rule=rule, severity=severity, judgement=judgement, component="g", at=at, message=rule)


def test_what_is_certain_is_not_silenced_by_what_is_not():
    sure = finding("internal-service-open-to-world", Severity.HIGH, Judgement.VIOLATED)
    perhaps = finding("admin-port-from-internet", Severity.HIGH, Judgement.UNDETERMINED)
    assert spoken((sure, perhaps), load_catalogue()) == (sure,)


def test_findings_at_other_places_are_left_alone():
    one = finding("internal-service-open-to-world", Severity.LOW, Judgement.VIOLATED)
    other = finding("admin-port-from-internet", Severity.HIGH, Judgement.VIOLATED, line=2)
    assert spoken((one, other), load_catalogue()) == (one, other)


def test_a_rule_yields_to_rules_that_there_are():
    known = {rule.id for rule in load_catalogue()}
    assert {each for rule in load_catalogue() for each in rule.yields_to} <= known


def test_no_two_rules_yield_to_each_other():
    yields = {rule.id: set(rule.yields_to) for rule in load_catalogue()}
    assert [rule for rule, others in yields.items() for other in others if rule in yields[other]] == []
