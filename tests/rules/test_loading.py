"""Rule files: what is right gives typed values, what is wrong is told at once with its place."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.errors import RuleError, UsageError
from auditor.finding import Severity
from auditor.rules import Expectation, load_file, load_folders, loading
from auditor.rules.loading import predicate_names

EXAMPLES = """\
examples:
  - name: yes
    expect: violated
    terraform: |
      resource "aws_vpc" "main" {} # flagged
  - name: no
    expect: satisfied
    terraform: |
      resource "aws_vpc" "main" {}
  - name: perhaps
    expect: undetermined
    terraform: |
      resource "aws_vpc" "main" {} # flagged
"""
RULE = """\
id: no-lateral-movement
title: The public tier reaches the data tier
severity: high
why: It must not.
fix: Take the rule away.
references: [https://example.com]
frameworks:
  PCI DSS 4.0: [1.3.1]
question:
  reachable:
    from: tier:public
    to: tier:data
    blame: rule
"""


def written(folder: Path, text: str, name: str = "rule.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_file_gives_typed_values(tmp_path: Path):
    rule = load_file(written(tmp_path, RULE + EXAMPLES))
    assert (rule.id, rule.severity, rule.predicate) == ("no-lateral-movement", Severity.HIGH, "reachable")
    assert rule.frameworks == (("PCI DSS 4.0", ("1.3.1",)),)
    assert [example.expect for example in rule.examples] == list(Expectation)
    assert [example.flagged for example in rule.examples] == [(1,), (), (1,)]


@pytest.mark.parametrize(
    ("old", "new", "at", "message", "hint"),
    [
        ("title: The", "titel: The", "1:1", "title is missing", ""),
        ("severity: high", "severity: hihg", "3:11", "'hihg' is none of", "did you mean high?"),
        ("id: no-lateral-movement", "id: No_Lateral", "1:5", "is not an id", ""),
        ("  reachable:", "  reachabel:", "10:3", "unknown key 'reachabel'", "did you mean reachable?"),
        ("from: tier:public", "from: tier:pulbic", "11:11", "selects nothing", "tier:data"),
        ("blame: rule", "blame: route-table", "13:12", "is none of", "did you mean route?"),
        ("    blame: rule", "    blam: rule", "13:5", "unknown key 'blam'", "did you mean blame?"),
        ("to: tier:data", "to: [a, b]", "12:9", "expected a text", ""),
        ("  PCI DSS 4.0:", "  PCI DSS 40:", "8:3", "unknown key 'PCI DSS 40'", "did you mean PCI DSS 4.0?"),
        ("why: It must not.", "why: It must not.\nwhy: Twice.", "5:1", "stands here twice", ""),
        ("question:\n", "question:\n  covers: {}\n", "10:3", "expected one predicate", "one of covers, "),
        ("references: [https://example.com]", "references: {a: b}", "6:13", "expected a list of texts", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, at: str, message: str, hint: str
):
    assert old in RULE
    path = written(tmp_path, RULE.replace(old, new) + EXAMPLES)
    with pytest.raises(RuleError) as caught:
        load_file(path)
    told = str(caught.value)
    assert f"{path}:" in told
    assert f":{at}" in told
    assert message in told
    assert hint in told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("expect: satisfied", "expect: violated", "a line must end with `# flagged`"),
        ("expect: undetermined", "expect: satisfied", "no line must end with `# flagged`"),
        ("expect: undetermined", "expect: violated", "none is undetermined"),
        ("expect: violated", "expect: broken", "none of violated, satisfied, undetermined"),
        ("- name: no\n", "- nmae: no\n", "did you mean name?"),
    ],
)
def test_examples_must_prove_the_rule(tmp_path: Path, old: str, new: str, message: str):
    assert old in EXAMPLES
    path = written(tmp_path, RULE + EXAMPLES.replace(old, new, 1))
    with pytest.raises(RuleError, match=r"rule\.yaml") as caught:
        load_file(path)
    assert message in str(caught.value)


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path):
    text = RULE.replace("severity: high", "severity: hihg").replace("title:", "titel:")
    with pytest.raises(RuleError) as caught:
        load_file(written(tmp_path, text))
    told = str(caught.value).splitlines()
    assert "4 things are wrong" in told[0]
    assert len(told) == 5


@pytest.mark.parametrize("text", ["", "[]", "just text", "id: [", "\t"])
def test_what_is_no_rule_at_all_is_one_clear_error(tmp_path: Path, text: str):
    with pytest.raises(RuleError, match=r"rule\.yaml"):
        load_file(written(tmp_path, text))


def test_bytes_that_are_no_text_are_one_clear_error(tmp_path: Path):
    path = tmp_path / "rule.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="not UTF-8"):
        load_file(path)


def test_a_missing_file_and_a_missing_folder_are_clear_errors(tmp_path: Path):
    with pytest.raises(RuleError, match="cannot read"):
        load_file(tmp_path / "none.yaml")
    with pytest.raises(RuleError, match="no such folder"):
        load_folders([tmp_path / "none"])


def test_two_rules_of_one_id_are_refused(tmp_path: Path):
    written(tmp_path, RULE + EXAMPLES, "a.yaml")
    written(tmp_path, RULE + EXAMPLES, "b.yaml")
    with pytest.raises(RuleError, match="defined twice"):
        load_folders([tmp_path])


def test_predicates_are_found_by_their_folder():
    folder = Path(loading.__file__).parent / "predicates"
    assert predicate_names() == tuple(sorted(path.stem for path in folder.glob("[a-z]*.py")))
    assert {"covers", "open", "reachable"} <= set(predicate_names())


def test_rules_are_chosen_by_their_ids():
    everything = [rule.id for rule in pipeline.rules()]
    assert [rule.id for rule in pipeline.rules(only=[everything[1]])] == [everything[1]]
    assert [rule.id for rule in pipeline.rules(skip=[everything[1]])] == [everything[0], *everything[2:]]
    with pytest.raises(UsageError, match="data-tier-egres'") as caught:
        pipeline.rules(only=["data-tier-egres"])
    assert caught.value.hint == "did you mean data-tier-egress?"


def test_a_new_rule_is_one_file(tmp_path: Path):
    network = """\
        resource "aws_vpc" "main" {
          cidr_block = "10.0.0.0/16"
        }

        resource "aws_subnet" "a" {
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.0.0/24"
        }

        resource "aws_security_group" "web" {
          vpc_id = aws_vpc.main.id

          egress {
            protocol    = "tcp"
            from_port   = 5432
            to_port     = 5432
            cidr_blocks = ["10.0.0.0/16"]
          }
        }

        resource "aws_instance" "web" {
          subnet_id              = aws_subnet.a.id
          vpc_security_group_ids = [aws_security_group.web.id]
          tags                   = { Tier = "public" }
        }

        resource "aws_security_group" "db" {
          vpc_id = aws_vpc.main.id

          ingress {
            protocol        = "tcp"
            from_port       = 5432
            to_port         = 5432
            security_groups = [aws_security_group.web.id] # here
          }
        }

        resource "aws_instance" "db" {
          subnet_id              = aws_subnet.a.id
          vpc_security_group_ids = [aws_security_group.db.id]
          tags                   = { Tier = "data" }
        }
        """
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "main.tf").write_text(textwrap.dedent(network), encoding="utf-8")
    written(tmp_path, RULE + EXAMPLES)
    rules = pipeline.rules([str(tmp_path)], only=["no-lateral-movement"])
    (finding,) = pipeline.check(pipeline.load(str(folder)), rules)
    assert (finding.rule, finding.severity) == ("no-lateral-movement", Severity.HIGH)
    assert finding.message.startswith("aws_instance.web can open tcp/5432 to aws_instance.db")
