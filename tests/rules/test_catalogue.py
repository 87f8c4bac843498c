"""Every rule of the catalogue proves itself by its own examples; whole networks give the planted findings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.finding import Finding, Judgement, Severity
from auditor.rules import Example, RuleDefinition, load_catalogue

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
CATALOGUE = load_catalogue()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in CATALOGUE
    for number, example in enumerate(rule.examples)
]


def found_in(folder: Path, *, only: str = "") -> tuple[Finding, ...]:
    rules = [rule for rule in CATALOGUE if not only or rule.id == only]
    return pipeline.check(pipeline.load(str(folder)), rules)


def small_network(folder: Path, text: str) -> Path:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_alone_says_of_its_example_what_it_must(
    rule: RuleDefinition, example: Example, tmp_path: Path
):
    network = pipeline.load(str(small_network(tmp_path, example.terraform)))
    assert network.inventory.gaps == ()
    found = pipeline.check(network, [rule])
    assert {each.at.line for each in found} == set(example.flagged), [each.message for each in found]
    assert {each.judgement.value for each in found} <= {example.expect.value}


def test_the_examples_of_the_catalogue_prove_it_on_the_command_line_too():
    assert {rule.id: list(pipeline.failing_examples(rule)) for rule in CATALOGUE} == {
        rule.id: [] for rule in CATALOGUE
    }


@pytest.mark.parametrize("name", ["three-tier", "microservices", "service-only", "variables"])
def test_a_sound_network_has_no_finding_that_matters(name: str):
    assert [each for each in found_in(FIXTURES / name / "terraform") if matters(each)] == []


def matters(finding: Finding) -> bool:
    return finding.severity.rank >= Severity.MEDIUM.rank


def test_the_planted_faults_are_found_at_their_lines():
    folder = FIXTURES / "three-tier-broken"
    known = {rule.id for rule in CATALOGUE}
    faults = json.loads((folder / "expected.json").read_text("utf-8"))["findings"]
    planted = {(fault["rule"], fault["planted"]) for fault in faults if fault["rule"] in known}
    assert len(planted) >= 4
    found = found_in(folder / "terraform")
    places = {(each.rule, f"{Path(each.at.path).name}:{each.at.line}"): each for each in found}
    assert planted <= places.keys()
    assert {place for place, each in places.items() if matters(each)} <= planted
    assert {places[place].judgement for place in planted} == {Judgement.VIOLATED}


def test_the_severity_follows_what_the_internet_reaches():
    found = found_in(FIXTURES / "three-tier-broken" / "terraform", only="internal-service-open-to-world")
    assert {each.component: each.severity for each in found} == {
        "aws_security_group.admin_metrics": Severity.CRITICAL,
        "aws_security_group.internal_reports": Severity.LOW,
    }


def test_the_range_of_a_database_names_the_one_group_that_uses_it():
    (finding,) = found_in(FIXTURES / "three-tier-broken" / "terraform", only="cidr-instead-of-group")
    assert "all members of sg-bastion and sg-jobs" in finding.message
    assert finding.fix == "Reference sg-jobs in place of 10.0.10.0/24."


def test_the_way_out_of_the_data_tier_is_proved_and_leads_back_to_the_group():
    (finding,) = found_in(FIXTURES / "three-tier-broken" / "terraform", only="data-tier-egress")
    assert finding.component == "aws_route_table.data"
    assert any("aws_nat_gateway.main" in step for step in finding.proof)
    assert "aws_security_group.database_postgres" in finding.related[0].text


def test_findings_stand_worst_first_and_two_runs_are_equal():
    folder = FIXTURES / "three-tier-broken" / "terraform"
    found = found_in(folder)
    ranks = [each.severity.rank for each in found]
    assert ranks == sorted(ranks, reverse=True)
    assert found == found_in(folder)


def test_a_fingerprint_does_not_change_when_lines_move(tmp_path: Path):
    for rule in CATALOGUE:
        text = next(e for e in rule.examples if e.flagged).terraform
        before = found_in(small_network(tmp_path, text), only=rule.id)
        moved = "\n\n# moved\n" + re.sub(r"\n\n", "\n\n\n", text)
        after = found_in(small_network(tmp_path, moved), only=rule.id)
        assert {each.at.line for each in before}.isdisjoint(each.at.line for each in after)
        assert [each.fingerprint for each in before] == [each.fingerprint for each in after]


def test_findings_of_different_facts_have_different_fingerprints():
    found = found_in(FIXTURES / "three-tier-broken" / "terraform")
    assert len({each.fingerprint for each in found}) == len(found)


WITHOUT_A_CLAUSE = {
    "blackhole-route",
    "dns-off-with-private-endpoint",
    "eks-subnet-tags-missing",
    "lambda-in-public-subnet",
    "load-balancer-target-unreachable",
    "nat-without-internet-route",
    "overlapping-cidrs",
    "private-workload-without-egress",
    "route-one-way",
}
"""What is an outage and no exposure: no clause of the frameworks says anything of it."""


def test_every_rule_of_the_catalogue_says_which_clauses_it_serves():
    assert [rule.id for rule in CATALOGUE if not rule.references] == []
    assert {rule.id for rule in CATALOGUE if not rule.frameworks} == WITHOUT_A_CLAUSE
