"""The JSON Schema of a rule file, for the completion that editors give."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from auditor.finding import Severity
from auditor.rules.definition import FAMILIES, Expectation
from auditor.rules.loading import FRAMEWORKS, predicate_names

_TEXT = {"type": "string"}
_TEXTS = {"type": ["array", "string"], "items": {"type": "string"}}


def rule_schema() -> Mapping[str, object]:
    """The schema (draft 2020-12): each predicate says of its own parameters what they may be."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of netaudit",
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
            "title": _TEXT,
            "family": {"enum": list(FAMILIES)},
            "severity": {"enum": [each.value for each in Severity]},
            "why": _TEXT,
            "fix": _TEXT,
            "references": _TEXTS,
            "frameworks": {
                "type": "object",
                "properties": {name: {"type": ["array", "string", "number"]} for name in FRAMEWORKS},
                "additionalProperties": False,
            },
            "yields_to": _TEXTS,
            "question": _question(),
            "examples": {"type": "array", "items": _example(), "minItems": 3},
        },
        "required": ["id", "title", "severity", "why", "fix", "references", "question", "examples"],
        "additionalProperties": False,
    }


def _question() -> Mapping[str, object]:
    names = predicate_names()
    modules = {name: importlib.import_module(f"auditor.rules.predicates.{name}") for name in names}
    return {
        "type": "object",
        "properties": {name: module.SCHEMA for name, module in modules.items()},
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }


def _example() -> Mapping[str, object]:
    return {
        "type": "object",
        "properties": {
            "name": _TEXT,
            "expect": {"enum": [each.value for each in Expectation]},
            "terraform": _TEXT,
        },
        "required": ["name", "expect", "terraform"],
        "additionalProperties": False,
    }
