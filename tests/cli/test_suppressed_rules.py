"""Suppressions of rules that the catalogue does not have: folders, packages, the policy, scopes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, process
from tests.cli.test_check_gate import DB, LINE, written

ROOT = Path(__file__).resolve().parents[2]
REASON = 'reason="the old client has no group"'
OWN_RULE = (
    (ROOT / "rules" / "cidr-instead-of-group.yaml")
    .read_text("utf-8")
    .replace("id: cidr-instead-of-group", "id: acme-ranges")
)
POLICY = """\
names:
  db: aws_security_group.db
policy:
  - name: closed
    deny: { from: aws_instance.web, to: db }
"""
MORE = """\
resource "aws_vpc_security_group_egress_rule" "web" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "-1"
}

resource "aws_instance" "db" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.web.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""
SCOPE = {"MatchPaths": [{"Source": {"ResourceStatement": {"ResourceTypes": ["AWS::EC2::Instance"]}}}]}


def ignoring(rule: str) -> str:
    return DB.replace(LINE, f"{LINE} # netaudit:ignore {rule} {REASON}")


def told(folder: Path, *words: str) -> dict[str, Any]:
    ran = process("check", "--format", "json", *words, cwd=folder)
    assert ran.code in {0, 1}, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def rules(found: dict[str, Any]) -> list[str]:
    return [each["rule"] for each in found["findings"]]


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "acme-ranges.yaml").write_text(OWN_RULE, encoding="utf-8")
    return tmp_path


def test_a_rule_of_a_folder_is_known_to_comments(own_folder: Path):
    written(own_folder, ignoring("acme-ranges"))
    found = told(own_folder, "--rules", "own", "--only", "acme-ranges")
    assert rules(found) == []
    assert [each["finding"]["rule"] for each in found["suppressed"]] == ["acme-ranges"]


def test_a_rule_of_a_folder_that_no_longer_finds_anything_leaves_its_comment_unused(own_folder: Path):
    written(own_folder, ignoring("acme-ranges").replace("10.0.1.0/24", "192.0.2.0/24"))
    assert rules(told(own_folder, "--rules", "own", "--only", "acme-ranges")) == ["suppression-unused"]


def test_a_rule_of_a_package_is_known_to_comments(tmp_path: Path):
    package = tmp_path / "site-packages"
    (package / "acme_rules-1.dist-info").mkdir(parents=True)
    (package / "acme_rules-1.dist-info" / "METADATA").write_text("Name: acme-rules\nVersion: 1\n", "utf-8")
    (package / "acme_rules-1.dist-info" / "entry_points.txt").write_text(
        "[netaudit.rules]\nacme = acme_rules:rules\n", "utf-8"
    )
    (package / "acme_rules.py").write_text(
        "from dataclasses import replace\n"
        "from auditor.rules import load_catalogue\n"
        "(found,) = (one for one in load_catalogue() if one.id == 'cidr-instead-of-group')\n"
        "rules = replace(found, id='acme-packaged', at='acme_rules.py')\n",
        "utf-8",
    )
    folder = tmp_path / "code"
    folder.mkdir()
    written(folder, ignoring("acme-packaged"))
    paths = f"{ROOT}:{package}"
    ran = process("check", "--format", "json", "--only", "acme-packaged", cwd=folder, PYTHONPATH=paths)
    found = json.loads(ran.out)
    assert [each["finding"]["rule"] for each in found["suppressed"]] == ["acme-packaged"]
    assert rules(found) == []


def test_a_statement_of_the_policy_is_known_to_comments(tmp_path: Path):
    written(tmp_path, netaudit_yaml=POLICY, more_tf=MORE)
    (finding,) = told(tmp_path, "--only", "policy/closed")["findings"]
    file, line, _ = finding["at"].split(":")
    lines = (tmp_path / file).read_text("utf-8").splitlines()
    lines[int(line) - 1] += f" # netaudit:ignore policy/closed {REASON}"
    (tmp_path / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = told(tmp_path, "--only", "policy/closed")
    assert rules(found) == []
    assert [each["finding"]["rule"] for each in found["suppressed"]] == ["policy/closed"]


def test_a_statement_of_the_policy_is_known_to_the_configuration(tmp_path: Path):
    ignore = "ignore:\n  - { rule: policy/closed, component: '*', reason: agreed }\n"
    written(tmp_path, netaudit_yaml=POLICY + ignore, more_tf=MORE)
    found = told(tmp_path, "--only", "policy/closed")
    assert rules(found) == []
    assert found["suppressed"]


def test_a_scope_is_known_to_comments_whether_this_run_asks_for_it_or_not(tmp_path: Path):
    (tmp_path / "scope.json").write_text(json.dumps(SCOPE), encoding="utf-8")
    written(tmp_path, ignoring("access-scope/scope"))
    assert "suppression-invalid" not in rules(told(tmp_path, "--scope", "scope.json"))
    assert "suppression-invalid" not in rules(told(tmp_path))


def test_a_name_that_no_rule_of_the_run_has_is_told_with_the_nearest(own_folder: Path):
    written(own_folder, ignoring("acme-rages"), netaudit_yaml=POLICY)
    (wrong,) = (
        each
        for each in told(own_folder, "--rules", "own")["findings"]
        if each["rule"] == "suppression-invalid"
    )
    assert "no rule is called acme-rages" in wrong["message"]
    assert wrong["fix"] == "did you mean acme-ranges?"


def test_what_the_command_line_names_runs_though_the_configuration_skips_it(tmp_path: Path):
    written(tmp_path, netaudit_yaml="rules:\n  skip: [cidr-instead-of-group]\n")
    assert "cidr-instead-of-group" not in rules(told(tmp_path))
    assert rules(told(tmp_path, "--only", "cidr-instead-of-group")) == ["cidr-instead-of-group"]


def opened_rule_files(folder: Path) -> list[str]:
    """The rule files that one check opens, in order, by the audit hook of Python."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == 'open' else None)\n"
        "from auditor.cli import run\n"
        "run(['check', '--no-cache', '-q', '.'])\n"
        "print('\\n'.join(one for one in opened if '/rules/' in one and one.endswith('.yaml')))\n"
    )
    ran = _python(code, folder)
    assert ran.code == 0, ran.err
    return ran.out.split()


def _python(code: str, folder: Path) -> Ran:
    import os
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_one_check_opens_each_rule_file_once(tmp_path: Path):
    opened = opened_rule_files(written(tmp_path))
    assert len(opened) > 50
    assert len(opened) == len(set(opened))
