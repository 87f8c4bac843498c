"""``netaudit check`` as a gate: suppressions, the baseline, and what a change touches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from auditor import report
from tests.cli.running import Ran, process
from tests.cli.test_diff_revisions import committed, git
from tests.webnetwork import DATABASE, WEB

SCHEMA = json.loads((Path(report.__file__).parent / "schemas" / "findings.json").read_text("utf-8"))
ONLY = ("--only", "cidr-instead-of-group")
DB = DATABASE.lstrip()
LINE = '    cidr_blocks = ["10.0.1.0/24"]'


def written(folder: Path, db: str = DB, **files: str) -> Path:
    (folder / "web.tf").write_text(WEB, encoding="utf-8")
    (folder / "db.tf").write_text(db, encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def checked(folder: Path, *words: str, only: tuple[str, ...] = ONLY) -> Ran:
    return process("check", *only, *words, cwd=folder)


def document(folder: Path, *words: str) -> dict[str, Any]:
    ran = checked(folder, "--format", "json", *words)
    assert ran.code in {0, 1}, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def rules(found: dict[str, Any]) -> list[str]:
    return [each["rule"] for each in found["findings"]]


# -- suppressions -------------------------------------------------------------------------------------------

IGNORE = 'netaudit:ignore cidr-instead-of-group reason="the old client has no group"'


@pytest.mark.parametrize(
    "db",
    [
        DB.replace(LINE, f"{LINE} # {IGNORE}"),
        DB.replace(LINE, f"    # {IGNORE}\n{LINE}"),
        DB.replace(LINE, f"    // {IGNORE}\n    # and another comment\n{LINE}"),
        DB.replace(LINE, f"    /* {IGNORE} */\n{LINE}"),
        DB.replace("  ingress {", f"  # {IGNORE}\n  ingress {{"),
        DB.replace('"db" {', f'"db" {{ # {IGNORE}'),
        f"# {IGNORE} until=2999-12-31 owner=platform\n{DB}",
    ],
    ids=["behind", "above", "slashes", "stars", "block", "first-line", "resource"],
)
def test_a_comment_answers_for_its_line_or_its_block(tmp_path: Path, db: str):
    found = document(written(tmp_path, db), "--fail-on", "medium")
    assert rules(found) == []
    (suppressed,) = found["suppressed"]
    assert suppressed["finding"]["component"] == "aws_security_group.db"
    assert suppressed["by"]["reason"] == "the old client has no group"
    assert checked(tmp_path, "--fail-on", "medium").code == 0
    assert "1 suppressed" in checked(tmp_path).out


@pytest.mark.parametrize(
    "db",
    [
        DB.replace("  vpc_id =", f"  # {IGNORE}\n  vpc_id ="),
        DB + f"\n# {IGNORE}\n",
        DB.replace('name   = "db"', f'name   = "db # {IGNORE.replace(chr(34), "")}"'),
        DB.replace(LINE, f"{LINE} # netaudit:ignored {IGNORE.split(' ', 1)[1]}"),
    ],
    ids=["another-line", "end-of-file", "in-a-string", "another-word"],
)
def test_a_comment_elsewhere_answers_for_nothing(tmp_path: Path, db: str):
    found = document(written(tmp_path, db))
    assert "cidr-instead-of-group" in rules(found)
    assert found["suppressed"] == []


def test_a_suppression_that_has_expired_is_a_finding_beside_the_one_that_is_back(tmp_path: Path):
    db = DB.replace(LINE, f"{LINE} # {IGNORE} until=2020-01-31 owner=shop")
    found = document(written(tmp_path, db))
    assert sorted(rules(found)) == ["cidr-instead-of-group", "suppression-expired"]
    told = next(each for each in found["findings"] if each["rule"] == "suppression-expired")
    assert "2020-01-31" in told["message"]
    assert "shop" in told["message"]
    assert told["at"].startswith("db.tf:9:")


def test_a_suppression_of_nothing_is_told_where_its_rule_ran(tmp_path: Path):
    clean = DB.replace(LINE, '    cidr_blocks = ["192.0.2.0/24"] # ' + IGNORE)
    assert rules(document(written(tmp_path, clean))) == ["suppression-unused"]
    assert checked(tmp_path, "--fail-on", "low").code == 0
    other = checked(tmp_path, "--format", "json", only=("--only", "data-tier-egress"))
    assert json.loads(other.out)["findings"] == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("cidr-instead-of-group", "it gives no reason"),
        ('cidr-instead-of-groups reason="x"', "no rule is called cidr-instead-of-groups"),
        ('reason="x"', "it names no rule"),
        ('cidr-instead-of-group reason="x" until=soon', "soon is no date"),
        ('cidr-instead-of-group reason="x" untill=2030-01-01', "untill is nothing that it can say"),
    ],
)
def test_what_is_no_suppression_suppresses_nothing_and_says_why(tmp_path: Path, words: str, why: str):
    found = document(written(tmp_path, DB.replace(LINE, f"{LINE} # netaudit:ignore {words}")))
    assert sorted(rules(found)) == ["cidr-instead-of-group", "suppression-invalid"]
    told = next(each for each in found["findings"] if each["rule"] == "suppression-invalid")
    assert why in told["message"]


def test_the_configuration_answers_for_components(tmp_path: Path):
    ignore = """\
ignore:
  - rule: cidr-instead-of-group
    component: aws_security_group.*
    reason: the vendor's module
    until: 2999-12-31
"""
    found = document(written(tmp_path, netaudit_yaml=ignore))
    assert rules(found) == []
    (suppressed,) = found["suppressed"]
    assert suppressed["by"]["at"] == "netaudit.yaml:2:5"
    assert suppressed["by"]["until"] == "2999-12-31"


@pytest.mark.parametrize(
    ("ignore", "message"),
    [
        ("ignore:\n  - { rule: cidr-instead-of-group, component: x }\n", "it gives no reason"),
        ("ignore:\n  - { rule: cidr-insted-of-group, component: x, reason: y }\n", "did you mean"),
        ("ignore:\n  - { rule: cidr-instead-of-group, reason: y }\n", "component is missing"),
        ("ignore:\n  - { rules: [a], componnt: x, reason: y }\n", "did you mean component?"),
        ("rules:\n  only: [no-such-rule]\n", "no rule is called 'no-such-rule'"),
        ("rules:\n  severity: { cidr-instead-of-group: hihg }\n", "did you mean high?"),
        ("rules:\n  onyl: []\n", "did you mean only?"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_one_clear_error(tmp_path: Path, ignore: str, message: str):
    ran = process("check", cwd=written(tmp_path, netaudit_yaml=ignore))
    assert ran.code == 2
    assert "netaudit.yaml:" in ran.err
    assert message in ran.err


def test_the_configuration_gives_severities_and_chooses_rules(tmp_path: Path):
    given = "rules:\n  only: [cidr-instead-of-group]\n  severity: { cidr-instead-of-group: critical }\n"
    ran = process("check", "--format", "json", cwd=written(tmp_path, netaudit_yaml=given))
    found = json.loads(ran.out)
    assert ran.code == 1
    assert [each["id"] for each in found["rules"]] == ["cidr-instead-of-group"]
    assert [each["severity"] for each in found["findings"]] == ["critical"]


TEMPLATE = """\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24 }
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties: { GroupDescription: web, VpcId: !Ref Vpc }
  Server:
    Type: AWS::EC2::Instance
    Properties: { SubnetId: !Ref Subnet, SecurityGroupIds: [!GetAtt Web.GroupId] }
  Database:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: db
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.1.0/24 }
"""
METADATA = """\
    Metadata:
      netaudit:
        ignore:
          - { rules: [cidr-instead-of-group], reason: the old client, owner: shop }
"""


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE + METADATA,
        TEMPLATE.replace("  Database:", f"  # {IGNORE}\n  Database:"),
        TEMPLATE.replace("CidrIp: 10.0.1.0/24 }", f"CidrIp: 10.0.1.0/24 }} # {IGNORE}"),
    ],
    ids=["metadata", "above", "behind"],
)
def test_templates_answer_by_metadata_and_comments(tmp_path: Path, text: str):
    (tmp_path / "network.yaml").write_text(TEMPLATE, encoding="utf-8")
    assert rules(document(tmp_path)) == ["cidr-instead-of-group"]
    (tmp_path / "network.yaml").write_text(text, encoding="utf-8")
    found = document(tmp_path)
    assert rules(found) == []
    assert len(found["suppressed"]) == 1


# -- the baseline -------------------------------------------------------------------------------------------


def test_what_is_in_the_baseline_does_not_fail_wherever_it_moves(tmp_path: Path):
    written(tmp_path)
    assert checked(tmp_path, "--fail-on", "medium").code == 1
    assert checked(tmp_path, "--write-baseline", "baseline.json", "--fail-on", "medium").code == 1
    words = ("--baseline", "baseline.json", "--fail-on", "medium")
    assert checked(tmp_path, *words).code == 0
    (tmp_path / "db.tf").unlink()
    (tmp_path / "moved.tf").write_text("\n\n# moved\n" + DB.replace("    ", "      "), encoding="utf-8")
    found = document(tmp_path, *words)
    assert rules(found) == []
    assert [each["rule"] for each in found["baseline"]["known"]] == ["cidr-instead-of-group"]
    assert found["baseline"]["gone"] == []
    assert checked(tmp_path, *words).code == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("to_port     = 5432", "to_port     = 5433"),
        ("10.0.1.0/24", "10.0.0.0/16"),
        ('protocol    = "tcp"', 'protocol    = "-1"'),
    ],
)
def test_a_wider_grant_is_no_part_of_the_baseline(tmp_path: Path, old: str, new: str):
    written(tmp_path)
    checked(tmp_path, "--write-baseline", "baseline.json")
    wider = DB.replace(old, new)
    if "-1" in new:
        wider = wider.replace("= 5432", "= 0")
    assert wider != DB
    (tmp_path / "db.tf").write_text(wider, encoding="utf-8")
    found = document(tmp_path, "--baseline", "baseline.json")
    assert rules(found) == ["cidr-instead-of-group"]
    (gone,) = found["baseline"]["gone"]
    assert gone == {"rule": "cidr-instead-of-group", "component": "aws_security_group.db"}


def test_the_baseline_of_the_configuration_counts(tmp_path: Path):
    written(tmp_path)
    checked(tmp_path, "--write-baseline", "baseline.json")
    written(tmp_path, netaudit_yaml="baseline: baseline.json\n")
    assert checked(tmp_path, "--fail-on", "medium").code == 0


def test_a_baseline_is_written_every_time_that_it_is_asked_for(tmp_path: Path):
    written(tmp_path)
    words = ("--write-baseline", "baseline.json")
    checked(tmp_path, *words)
    first = (tmp_path / "baseline.json").read_text("utf-8")
    (tmp_path / "baseline.json").unlink()
    checked(tmp_path, *words)
    assert (tmp_path / "baseline.json").read_text("utf-8") == first


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "netaudit/baseline/2", "findings": []}', None])
def test_what_is_no_baseline_is_one_clear_error(tmp_path: Path, text: str | None):
    written(tmp_path)
    if text is not None:
        (tmp_path / "b.json").write_text(text, encoding="utf-8")
    ran = checked(tmp_path, "--baseline", "b.json")
    assert ran.code == 2
    assert "b.json" in ran.err
    assert "Traceback" not in ran.err


# -- what a change touches ----------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    committed(tmp_path, {"infra/web.tf": WEB, "infra/db.tf": DB})
    return tmp_path


SINCE = ("--changed-since", "main", "--fail-on", "medium")


def test_what_was_there_and_is_not_touched_is_not_told(repository: Path):
    assert checked(repository, "infra").out != checked(repository, "infra", *SINCE).out
    assert checked(repository, "infra", *SINCE).code == 0
    assert checked(repository / "infra", *SINCE).code == 0


def test_what_a_change_touches_is_told(repository: Path):
    (repository / "infra" / "db.tf").write_text(DB.replace(LINE, LINE + " # web"), encoding="utf-8")
    assert checked(repository, "infra", *SINCE).code == 1
    (repository / "infra" / "db.tf").write_text("# moved down\n" + DB, encoding="utf-8")
    assert checked(repository, "infra", *SINCE).code == 0


def test_what_a_change_elsewhere_makes_is_told(repository: Path):
    harmless = DB.replace("10.0.1.0/24", "10.0.9.0/24")
    committed(repository, {"infra/db.tf": harmless})
    moved = WEB.replace("10.0.1.0/24", "10.0.9.0/24")
    (repository / "infra" / "web.tf").write_text(moved, encoding="utf-8")
    ran = checked(repository / "infra", *SINCE)
    assert ran.code == 1
    assert "db.tf:9:" in ran.out


def test_a_folder_that_the_revision_does_not_have_is_new(repository: Path):
    (repository / "more").mkdir()
    written(repository / "more")
    assert checked(repository, "more", *SINCE).code == 1


def test_verbose_tells_the_time_of_each_rule(tmp_path: Path):
    assert " s  cidr-instead-of-group" in checked(written(tmp_path), "--verbose").out
