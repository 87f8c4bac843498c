"""The published schema of rule files says what loading takes, and refuses what loading refuses."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from auditor.rules.loading import load_file, predicate_names
from auditor.rules.schema import rule_schema

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(RULES.glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(rule_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_of_the_catalogue_is_valid(path: Path):
    errors = [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(path.read_text("utf-8")))]
    assert errors == []
    assert load_file(path).id == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_parameter_that_there_is_not_is_no_valid_one(path: Path):
    rule = yaml.safe_load(path.read_text("utf-8"))
    (parameters,) = rule["question"].values()
    parameters["no-such-parameter"] = "x"
    assert not VALIDATOR.is_valid(rule)


def test_every_predicate_has_its_place_in_the_schema():
    question = json.loads(json.dumps(rule_schema()))["properties"]["question"]
    assert tuple(question["properties"]) == predicate_names()
    for parameters in question["properties"].values():
        assert parameters["additionalProperties"] is False


def test_the_rules_of_the_catalogue_have_a_family():
    assert [path.stem for path in FILES if load_file(path).family == "own"] == []
