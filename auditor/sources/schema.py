"""The JSON Schema of ``netaudit.yaml``, but for the policy: of the same keys that the readers know."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.sources.checking import IGNORED, RULES, SEVERITIES
from auditor.sources.config import KEYS, POLICY_KEYS, ROOT_KEYS, STACK_KEYS, TIERS

Schema = Mapping[str, object]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": ["array", "null"], "items": _TEXT}
_WORDS: Schema = {"type": ["array", "string"], "items": _TEXT}
_SEVERITY: Schema = {"enum": list(SEVERITIES)}


def _pairs(value: Schema) -> Schema:
    """``name: value`` pairs, the names free."""
    return {"type": ["object", "null"], "additionalProperties": value}


def _map(keys: tuple[str, ...], known: Mapping[str, Schema], *required: str) -> dict[str, object]:
    """``name: value`` pairs of known names."""
    return {
        "type": ["object", "null"],
        "properties": {key: known[key] for key in keys},
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
    }


_PARAMETERS = _pairs({"type": ["string", "number", "boolean", "array"]})
_ROOT = {"var-files": _TEXTS, "variables": _pairs({}), "workspace": _TEXT}
_STACK = {"parameters": _PARAMETERS, "parameter-files": _TEXTS}
_CHOICE = {"folders": _TEXTS, "only": _TEXTS, "skip": _TEXTS, "severity": _pairs(_SEVERITY)}
_ENTRY = {
    "rule": _WORDS,
    "rules": _WORDS,
    "component": {"type": "string", "minLength": 1},
    "reason": _TEXT,
    "until": {"type": "string", "format": "date"},
    "owner": _TEXT,
}


def configuration_schema(policy: Mapping[str, Schema]) -> Schema:
    """The schema (draft 2020-12); ``policy`` is what the keys say that the rules read for themselves."""
    settings: dict[str, Schema] = {
        "modules": _pairs(_TEXT),
        "roots": _pairs(_map(ROOT_KEYS, _ROOT)),
        "parameters": _PARAMETERS,
        "parameter-files": _TEXTS,
        "stacks": _pairs(_map(STACK_KEYS, _STACK)),
        "tiers": _pairs({"enum": list(TIERS)}),
        "fail-on": _SEVERITY,
        "rules": _map(RULES, _CHOICE),
        "ignore": {
            "type": ["array", "null"],
            "items": _map(IGNORED, _ENTRY, "component", "reason") | {"type": "object"},
        },
        "baseline": _TEXT,
        **{key: policy[key] for key in POLICY_KEYS},
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of netaudit",
    }
    return head | _map(KEYS, settings)
