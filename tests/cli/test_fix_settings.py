"""``netaudit fix`` keeps to suppressions and to the configuration, and says what it does not rewrite."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.running import FIXTURES, Ran, process
from tests.cli.test_check_gate import DB, LINE, TEMPLATE, WEB, written
from tests.cli.test_fix_command import SCHEMA
from tests.cli.test_suppressed_rules import OWN_RULE, POLICY
from tests.oracle import planning

RULE = "cidr-instead-of-group"
USED = (
    WEB
    + """
resource "aws_vpc_security_group_egress_rule" "web" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "-1"
}
"""
)
IGNORED = DB.replace(LINE, f'{LINE} # netaudit:ignore {RULE} reason="the old client"')
SETTING = f"ignore:\n  - {{ rule: {RULE}, component: aws_security_group.db, reason: the old client }}\n"


def network(folder: Path, db: str = DB, **files: str) -> Path:
    written(folder, db, **files)
    (folder / "web.tf").write_text(USED, encoding="utf-8")
    return folder


def ran(folder: Path, *words: str) -> Ran:
    return process("fix", *words, cwd=folder)


def document(folder: Path, *words: str) -> dict[str, Any]:
    found = ran(folder, "--format", "json", *words)
    assert (found.code, found.err) == (0, "")
    made: dict[str, Any] = json.loads(found.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def rewritten(folder: Path, *words: str) -> list[str]:
    return [each["rule"] for each in document(folder, *words)["rewrites"]]


def test_without_settings_the_range_is_rewritten(tmp_path: Path):
    assert RULE in rewritten(network(tmp_path))


@pytest.mark.parametrize(
    ("db", "files"),
    [(IGNORED, {}), (DB, {"netaudit_yaml": SETTING})],
    ids=["a-comment", "the-configuration"],
)
def test_what_is_suppressed_is_counted_and_told_where_it_is_asked_for(
    tmp_path: Path, db: str, files: dict[str, str]
):
    folder = network(tmp_path, db, **files)
    found = document(folder)
    assert RULE not in [
        each["rule"] for each in (*found["rewrites"], *(one["finding"] for one in found["refused"]))
    ]
    assert found["suppressed"] == 1
    assert "1 suppressed: left as it is" in ran(folder).out
    (told,) = document(folder, "--only", RULE)["refused"]
    assert told["finding"]["rule"] == RULE
    assert told["why"].startswith("it is suppressed at ")
    assert told["why"].endswith("the old client")
    ran(folder, "--write")
    assert (folder / "db.tf").read_text("utf-8") == db


def test_a_suppression_that_has_expired_does_not_keep_it(tmp_path: Path):
    assert RULE in rewritten(network(tmp_path, IGNORED.replace('client"', 'client" until=2020-01-01')))


def test_the_rules_of_the_configuration_are_those_that_are_rewritten_for(tmp_path: Path):
    folder = network(tmp_path, netaudit_yaml=f"rules:\n  skip: [{RULE}]\n")
    assert RULE not in rewritten(folder)
    assert rewritten(folder, "--only", RULE) == [RULE]
    network(tmp_path, netaudit_yaml="rules:\n  only: [rule-duplicate]\n")
    assert rewritten(folder) == []


def test_rules_of_folders_have_the_same_remedies(tmp_path: Path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "acme-ranges.yaml").write_text(OWN_RULE, encoding="utf-8")
    folder = network(tmp_path)
    assert rewritten(folder, "--rules", "own", "--only", "acme-ranges") == ["acme-ranges"]
    network(tmp_path, netaudit_yaml="rules:\n  folders: [own]\n  only: [acme-ranges]\n")
    assert rewritten(folder) == ["acme-ranges"]


def test_a_policy_stands_in_the_way_of_nothing(tmp_path: Path):
    folder = network(tmp_path, netaudit_yaml=POLICY.replace("aws_instance.web", "aws_instance.none"))
    assert RULE in rewritten(folder)


# -- what is not rewritten ----------------------------------------------------------------------------------


def test_of_a_template_it_says_that_it_is_not_rewritten_and_what_to_write(tmp_path: Path):
    (tmp_path / "network.yaml").write_text(TEMPLATE, encoding="utf-8")
    out = ran(tmp_path).out
    assert out.startswith(
        "nothing to rewrite: fix rewrites Terraform code (*.tf) alone, and there is none here\n"
    )
    (refused,) = document(tmp_path)["refused"]
    assert (
        refused["why"] == "it stands in a template of CloudFormation, and fix rewrites Terraform code alone"
    )
    assert refused["finding"]["fix"] in " ".join(out.split())
    ran(tmp_path, "--write")
    assert (tmp_path / "network.yaml").read_text("utf-8") == TEMPLATE


def test_of_a_template_beside_terraform_it_says_so_for_the_template_alone(tmp_path: Path):
    for name in ("code", "stack"):
        (tmp_path / name).mkdir()
    network(tmp_path / "code")
    (tmp_path / "stack" / "network.yaml").write_text(TEMPLATE, encoding="utf-8")
    found = document(tmp_path, "code", "stack", "--only", RULE)
    assert [each["at"].split("/")[0] for each in found["rewrites"]] == ["code"]
    assert [each["finding"]["at"].split("/")[0] for each in found["refused"]] == ["stack"]
    assert "template of CloudFormation" in found["refused"][0]["why"]


def test_a_clean_template_is_no_silent_nothing(tmp_path: Path):
    clean = TEMPLATE.replace("10.0.1.0/24 }\n", "192.0.2.0/24 }\n")
    assert clean != TEMPLATE
    (tmp_path / "network.yaml").write_text(clean, encoding="utf-8")
    assert "fix rewrites Terraform code (*.tf) alone" in ran(tmp_path).out


def test_a_snapshot_is_no_code():
    out = process("fix", "three-tier-broken/snapshot", "--only", RULE, cwd=FIXTURES).out
    assert "fix rewrites Terraform code (*.tf) alone" in out
    assert "it stands in no code" in " ".join(out.split())


def test_a_plan_without_its_code_is_no_code(tmp_path: Path):
    shutil.copytree(FIXTURES / "three-tier-broken" / "plan", tmp_path / "plan")
    found = document(tmp_path, "plan", "--only", "nacl-drops-replies")
    assert found["rewrites"] == []
    (refused,) = found["refused"]
    assert refused["why"] == "it stands in no code, and fix rewrites Terraform code alone"


def test_of_code_with_its_plan_and_state_it_says_where_the_finding_comes_from(tmp_path: Path):
    for name in ("terraform", "plan", "state"):
        shutil.copytree(FIXTURES / "three-tier-broken" / name, tmp_path / name)
    found = document(tmp_path, "--only", RULE)
    assert found["rewrites"] == []
    whys = [each["why"] for each in found["refused"]]
    assert [why.partition(", which stays as it is")[0] for why in whys] == [
        "it is found in the plan plan/plan.json",
        "it is found in the state state/terraform.tfstate",
    ]
    assert all(each["finding"]["at"].startswith("terraform/") for each in found["refused"])
    out = ran(tmp_path, "--only", RULE).out
    assert "what is read is a plan or a state, and fix" in out
    assert "there is none here" not in out
    assert [each["rule"] for each in document(tmp_path, "terraform", "--only", RULE)["rewrites"]] == [RULE]


def test_code_beside_the_plan_of_other_code_is_rewritten(tmp_path: Path):
    (tmp_path / "web").mkdir()
    network(tmp_path / "web")
    for name in ("terraform", "plan"):
        shutil.copytree(FIXTURES / "three-tier-broken" / name, tmp_path / name)
    found = document(tmp_path, "--only", RULE)
    assert [each["at"].split("/")[0] for each in found["rewrites"]] == ["web"]
    assert [each["why"].partition(",")[0] for each in found["refused"]] == [
        "it is found in the plan plan/plan.json"
    ]


def test_what_has_no_one_right_rewrite_is_counted(tmp_path: Path):
    nothing, _, rest = ran(network(tmp_path), "--only", "rule-without-description").out.splitlines()
    assert nothing == "nothing to rewrite"
    assert rest == "2 other findings without one right rewrite: netaudit check tells what to do"


# -- the broken fixture -------------------------------------------------------------------------------------


def test_the_broken_network_gets_the_entry_for_replies_that_lets_nothing_else_pass():
    found = document(FIXTURES, "three-tier-broken/terraform", "--only", "nacl-drops-replies")
    assert "+  ingress {\n+    rule_no    = 110\n" in found["patch"]
    assert [each["kind"] for each in found["difference"]["changes"]] == ["now-answered"]
    (left,) = found["refused"]
    assert "it would let requests pass, not replies alone: tcp/8080" in left["why"]


@pytest.mark.terraform
def test_all_that_is_written_is_formatted_and_planned(tmp_path: Path):
    folder = Path(shutil.copytree(FIXTURES / "three-tier-broken" / "terraform", tmp_path / "network"))
    assert "2 rewrites written" in ran(folder, "--write").out
    assert planning.terraform(folder, "fmt", "-check", "-diff") == ""
    assert planning.plan(folder, tmp_path / "scratch")["resource_changes"]
    assert ran(folder, "--only", "cidr-instead-of-group").out == "nothing to rewrite\n"
