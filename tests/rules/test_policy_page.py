"""The page on policy: its examples are read, and give what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.cli.scopes import scopes_of
from auditor.rules.policy import configured_rules, read_policy
from auditor.rules.policy.sentences import parse_sentence

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The examples in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_gives_what_the_page_says(tmp_path: Path):
    (network,) = blocks("hcl")
    (told,) = blocks("text")
    (tmp_path / "main.tf").write_text(network, encoding="utf-8")
    (tmp_path / "netaudit.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    rules = configured_rules(str(tmp_path / "netaudit.yaml"))
    found = [
        f"{each.severity} {each.judgement} {each.rule} at line {each.at.line}\n{each.message}\n"
        for each in pipeline.check(pipeline.load(str(tmp_path)), rules)
    ]
    assert "".join(found) == told


@pytest.mark.parametrize("example", blocks("yaml"))
def test_every_example_of_a_policy_is_one(tmp_path: Path, example: str):
    (tmp_path / "netaudit.yaml").write_text(example, encoding="utf-8")
    assert read_policy(str(tmp_path / "netaudit.yaml")).statements


def test_the_example_of_a_scope_is_one(tmp_path: Path):
    (example,) = blocks("json")
    assert json.loads(example)
    (tmp_path / "scope.json").write_text(example, encoding="utf-8")
    (scope,) = scopes_of([str(tmp_path / "scope.json")])
    assert len(scope.matches) == len(scope.excludes) == 1
    assert scope.open == ()


def test_every_form_of_a_sentence_is_understood():
    forms = [
        form
        for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
        for form in re.findall(r"`(.+?)`", row)
    ]
    sentences = [re.sub(r"[\[\]]", "", form).replace("T", "443").replace("PORT", "443") for form in forms]
    asked = [each for each in sentences if " " in each]
    assert len(asked) >= 7
    for each in asked:
        assert parse_sentence(each).destinations
