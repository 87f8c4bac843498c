"""``netaudit check`` and ``netaudit rules`` as users type them: exit codes, options, what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli import cli
from auditor.rules import load_catalogue
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, group, instance, rule

FIXTURES = Path(__file__).parents[2] / "fixtures"
WORLD = rule('cidr_blocks = ["0.0.0.0/0"]', 8080)
UNKNOWN = 'variable "clients" {\n  type = string\n}\n'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def network(folder: Path, *parts: str) -> Path:
    (folder / "main.tf").write_text("\n".join((NETWORK, *parts)), encoding="utf-8")
    return folder


@pytest.fixture
def careless(tmp_path: Path) -> Path:
    """A network with one finding of low severity."""
    return network(tmp_path, group("g", WORLD), instance("i", "g", more=PRIVATE))


@pytest.fixture
def undecided(tmp_path: Path) -> Path:
    """A network with findings that depend on a variable."""
    return network(
        tmp_path, UNKNOWN, group("g", rule("cidr_blocks = [var.clients]")), instance("i", "g", more=PUBLIC)
    )


def test_no_findings_exit_with_0():
    assert run("check", FIXTURES / "three-tier" / "terraform").exit_code == 0
    done = run("check", FIXTURES / "three-tier" / "terraform", "--only", "data-tier-egress")
    assert done.exit_code == 0
    assert "no findings; " in done.output
    assert run("check", FIXTURES / "three-tier" / "terraform").exit_code == 0


def test_findings_at_or_above_the_default_severity_exit_with_1():
    assert run("check", FIXTURES / "three-tier-broken" / "terraform").exit_code == 1


@pytest.mark.parametrize(("severity", "code"), [("info", 1), ("low", 1), ("medium", 0), ("critical", 0)])
def test_the_severity_that_fails_can_be_chosen(careless: Path, severity: str, code: int):
    assert run("check", careless, "--fail-on", severity).exit_code == code
    assert run("check", careless).exit_code == 0


def test_the_configuration_chooses_the_severity_and_the_command_line_overrides_it(
    careless: Path, tmp_path: Path
):
    settings = tmp_path / "netaudit.yaml"
    settings.write_text("fail-on: low\n", encoding="utf-8")
    assert run("check", careless, "--config", settings).exit_code == 1
    assert run("check", careless, "--config", settings, "--fail-on", "high").exit_code == 0


def test_a_severity_in_the_configuration_that_there_is_not_is_refused(careless: Path, tmp_path: Path):
    settings = tmp_path / "netaudit.yaml"
    settings.write_text("fail-on: dreadful\n", encoding="utf-8")
    done = run("check", careless, "--config", settings)
    assert "'dreadful' is no severity" in str(done.exception)


@pytest.mark.parametrize(
    ("choice", "code", "shown"), [("fail", 3, True), ("show", 0, True), ("hide", 0, False)]
)
def test_undecided_findings_are_failed_shown_or_hidden(undecided: Path, choice: str, code: int, shown: bool):
    done = run("check", undecided, "--unknown", choice, "--only", "internal-service-open-to-world")
    assert done.exit_code == code
    assert ("undetermined" in done.output) is shown
    assert ("var.clients" in done.output) is shown


def test_findings_go_before_what_is_undecided(tmp_path: Path):
    folder = network(
        tmp_path,
        UNKNOWN,
        group("g", WORLD, rule("cidr_blocks = [var.clients]", 23)),
        instance("i", "g", more=PUBLIC),
    )
    assert run("check", folder, "--unknown", "fail").exit_code == 1


def test_a_file_that_does_not_parse_exits_with_2_and_the_rest_is_judged(careless: Path):
    (careless / "broken.tf").write_text('resource "aws_vpc" {{{\n', encoding="utf-8")
    done = run("check", careless)
    assert done.exit_code == 2
    assert "internal-service-open-to-world" in done.output
    assert "broken.tf:1" in done.output
    assert run("check", careless, "--allow-parse-errors").exit_code == 0


def test_rules_are_chosen_and_left_out(careless: Path):
    assert "no findings" in run("check", careless, "--only", "data-tier-egress").output
    assert "internal-service-open-to-world" in run("check", careless).output
    skipped = run("check", careless, "--skip", "internal-service-open-to-world").output
    assert "internal-service-open-to-world" not in skipped


def test_a_folder_of_ones_own_rules_runs_beside_the_others(careless: Path, tmp_path: Path):
    folder = tmp_path / "own"
    folder.mkdir()
    text = (FIXTURES.parent / "rules" / "internal-service-open-to-world.yaml").read_text("utf-8")
    own = text.replace("id: internal-service-open-to-world", "id: our-own").replace("ipv4: /2", "ipv4: /0")
    (folder / "own.yaml").write_text(own, encoding="utf-8")
    done = run("check", careless, "--rules", folder, "--format", "json")
    found = {each["rule"] for each in json.loads(done.output)["findings"]}
    assert found >= {"our-own", "internal-service-open-to-world"}


def test_the_tiers_of_the_configuration_count(tmp_path: Path):
    folder = network(tmp_path, group("g", WORLD), instance("i", "g", more=PUBLIC))
    settings = tmp_path / "netaudit.yaml"
    settings.write_text("tiers:\n  aws_instance.i: public\n", encoding="utf-8")
    assert run("check", folder).exit_code == 1
    assert run("check", folder, "--config", settings).exit_code == 0


def test_the_text_shows_the_line_of_each_finding():
    done = run("check", FIXTURES / "three-tier-broken" / "terraform")
    assert '162 |   cidr_ipv4         = "10.0.10.0/24"' in done.output


@pytest.mark.parametrize("name", ["three-tier-broken", "unknowns"])
def test_the_json_is_what_its_schema_says(name: str):
    import jsonschema

    schema = FIXTURES.parent / "auditor" / "report" / "schemas" / "findings.json"
    done = run("check", FIXTURES / name / "terraform", "--format", "json")
    document = json.loads(done.output)
    jsonschema.validate(document, json.loads(schema.read_text("utf-8")))
    assert document["findings"]


def test_the_rules_are_listed_and_shown():
    listed = run("rules", "list")
    assert [line.split()[0] for line in listed.output.splitlines()] == [one.id for one in load_catalogue()]
    shown = run("rules", "show", "data-tier-egress")
    assert "fix: Take the default route out" in shown.output
    assert "PCI DSS 4.0: 1.3.2" in shown.output


def test_ones_own_rule_is_run_against_its_examples(tmp_path: Path):
    text = (FIXTURES.parent / "rules" / "data-tier-egress.yaml").read_text("utf-8")
    right, wrong = tmp_path / "right.yaml", tmp_path / "wrong.yaml"
    right.write_text(text, encoding="utf-8")
    wrong.write_text(text.replace("from: tier:data", "from: tier:app"), encoding="utf-8")
    assert run("rules", "test", right).exit_code == 0
    done = run("rules", "test", right, wrong)
    assert done.exit_code == 1
    assert "data-tier-egress: 8 examples, 6 failing" in done.output
    assert "expected undetermined at line 22, found nothing" in done.output
