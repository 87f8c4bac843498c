"""``netaudit diff``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from auditor import report
from tests.cli.running import FIXTURES, NETWORK, THREE_TIER, UNKNOWNS, called, process, written

BROKEN = str(FIXTURES / "three-tier-broken" / "terraform")
STATE = str(FIXTURES / "unknowns" / "state" / "terraform.tfstate")
SCHEMA = json.loads((Path(report.__file__).parent / "schemas" / "diff.json").read_text("utf-8"))
EXPECTED = Path(__file__).parent / "expected"

OPENED = NETWORK.replace('["10.0.0.0/16"]', '["10.0.0.0/16", "203.0.113.0/24"]')


@pytest.mark.parametrize(
    ("base", "head"), [(THREE_TIER, BROKEN), (BROKEN, THREE_TIER), (UNKNOWNS, STATE), (BROKEN, BROKEN)]
)
def test_the_document_is_as_its_schema_says(base: str, head: str):
    ran = called("diff", base, head, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert (document["base"], document["head"]) == ([base], [head])


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "diff": ("three-tier/terraform", "three-tier-broken/terraform"),
        "diff-back": ("three-tier-broken/terraform", "three-tier/terraform"),
        "diff-unknown": ("unknowns/terraform", "unknowns/state"),
    }.items(),
)
def test_the_text_is_what_it_was(name: str, words: tuple[str, str], request: pytest.FixtureRequest):
    ran = process("diff", *words, cwd=FIXTURES)
    assert (ran.code, ran.err) == (0, "")
    expected = EXPECTED / f"{name}.txt"
    if request.config.getoption("--update"):
        expected.write_text(ran.out, encoding="utf-8")
    assert ran.out == expected.read_text("utf-8")
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "diff": ("three-tier/terraform", "three-tier-broken/terraform"),
        "diff-unknown": ("unknowns/terraform", "unknowns/state"),
    }.items(),
)
def test_the_comment_is_what_it_was(name: str, words: tuple[str, str], request: pytest.FixtureRequest):
    ran = process("diff", *words, "--format", "markdown", cwd=FIXTURES)
    assert (ran.code, ran.err) == (0, "")
    expected = EXPECTED / f"{name}.md"
    if request.config.getoption("--update"):
        expected.write_text(ran.out, encoding="utf-8")
    assert ran.out == expected.read_text("utf-8")


def test_new_reachability_fails_a_run_that_says_so():
    assert called("diff", THREE_TIER, BROKEN).code == 0
    assert called("diff", THREE_TIER, BROKEN, "--fail-on-new").code == 1
    assert called("diff", "--fail-on-new", THREE_TIER, BROKEN).code == 1


def test_what_ceased_is_nothing_new():
    assert called("diff", BROKEN, THREE_TIER, "--fail-on-new").code == 0


def test_what_may_be_new_is_undecided():
    assert called("diff", UNKNOWNS, STATE).code == 0
    assert called("diff", UNKNOWNS, STATE, "--fail-on-new").code == 3


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("internet", 1),
        ("data", 1),
        ("internet,data", 1),
        ("sg-cache-redis", 0),
        ("sg-bastion", 0),
        ("jobs", 1),
    ],
)
def test_only_what_is_named_counts(names: str, code: int):
    assert called("diff", THREE_TIER, BROKEN, f"--fail-on-new={names}").code == code
    assert called("diff", THREE_TIER, BROKEN, "--fail-on-new", names).code == code
    assert called("diff", "--fail-on-new", names, THREE_TIER, BROKEN).code == code


def test_a_name_that_neither_network_has_is_a_usage_error():
    ran = called("diff", THREE_TIER, BROKEN, "--fail-on-new=nobody-at-all")
    assert ran.code == 2
    assert "nobody-at-all" in ran.err


def test_one_side_alone_is_a_usage_error():
    assert called("diff", BROKEN).code == 2


def test_a_rule_by_which_nothing_arrives_changes_nothing(tmp_path: Path):
    base = written(tmp_path / "base", main_tf=NETWORK)
    head = written(tmp_path / "head", main_tf=OPENED)
    document = json.loads(called("diff", base, head, "--format", "json").out)
    assert (document["changes"], document["undecided"]) == ([], [])  # the VPC has no gateway


def test_the_code_of_a_plan_is_read_with_it():
    code, plan = (str(FIXTURES / "three-tier" / each) for each in ("terraform", "plan"))
    alone = json.loads(called("diff", code, plan, "--format", "json").out)
    beside = json.loads(called("diff", code, plan, "--with-head", code, "--format", "json").out)
    assert alone["undecided"]
    assert (beside["changes"], beside["undecided"]) == ([], [])


def test_sarif_says_that_it_cannot_say_this():
    ran = called("diff", THREE_TIER, BROKEN, "--format", "sarif")
    assert ran.code == 2
    assert "only check gives it" in ran.err


def test_a_value_for_one_side_alone_settles_what_that_side_leaves_open():
    value = ("--var", "office_cidr=198.51.100.0/24")
    left = json.loads(called("diff", UNKNOWNS, STATE, "--format", "json").out)["undecided"]
    settled = called("diff", UNKNOWNS, STATE, "--format", "json", *value)
    assert (settled.code, settled.err) == (0, "")
    names = [
        [each["source"]["name"] for each in told] for told in (left, json.loads(settled.out)["undecided"])
    ]
    assert "198.51.100.0/24" in names[0]
    assert "198.51.100.0/24" not in names[1]


def test_a_value_that_neither_side_takes_is_a_usage_error():
    ran = called("diff", THREE_TIER, BROKEN, "--var", "no_such_variable=1")
    assert ran.code == 2
    assert "no_such_variable" in ran.err
