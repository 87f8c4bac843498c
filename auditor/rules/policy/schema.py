"""What the JSON Schema of ``netaudit.yaml`` says of the names and the policy."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.finding import Severity
from auditor.rules.policy.reading import NAME
from auditor.rules.policy.sentences import FORMS
from auditor.rules.policy.statement import Kind

Schema = Mapping[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_NAMES: Schema = {"type": ["string", "array"], "minLength": 1, "items": _TEXT, "minItems": 1}
_TRAFFIC: Schema = {"type": ["string", "integer", "array"], "items": {"type": ["string", "integer"]}}
_ENDS: Mapping[str, Schema] = {"from": _NAMES, "to": _NAMES, "through": _NAMES, "on": _TRAFFIC}
_PREFIX = r"^([Mm]ust\s+stay\s+reachable|[Ss]tays?\s+reachable)$"


def policy_schema() -> Mapping[str, Schema]:
    """The schemas of ``names`` and ``policy``."""
    return {
        "names": {"type": ["object", "null"], "additionalProperties": _NAMES},
        "policy": {"type": ["array", "null"], "items": {"anyOf": [_sentence(), _prefixed(), *_mappings()]}},
    }


def _sentence() -> Schema:
    return {"type": "string", "minLength": 1, "description": "; ".join(FORMS)}


def _prefixed() -> Schema:
    """What YAML makes of a sentence that begins with words and a colon."""
    return {
        "type": "object",
        "patternProperties": {_PREFIX: _TEXT},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _mappings() -> tuple[Schema, ...]:
    kinds = (_mapping(kind.value, _kind(kind), "name") for kind in Kind)
    return (_mapping("say", _sentence()), *kinds)


def _mapping(key: str, value: Schema, *more: str) -> Schema:
    beside: dict[str, Schema] = {
        "name": {"type": "string", "pattern": f"^{NAME}$"},
        "owner": _TEXT,
        "severity": {"enum": [each.value for each in Severity]},
        "why": _TEXT,
        "fix": _TEXT,
        "optional": {"enum": [True, False, "true", "false"]},
    }
    return {
        "type": "object",
        "properties": {key: value, **beside},
        "required": [key, *more],
        "additionalProperties": False,
    }


def _kind(kind: Kind) -> Schema:
    """What is said below a kind: what it must name depends on the kind."""
    known = dict(_ENDS) if kind is Kind.ALLOW else {**_ENDS, "except": _exceptions()}
    found: dict[str, object] = {"type": "object", "properties": known, "additionalProperties": False}
    match kind:
        case Kind.REQUIRE | Kind.ALLOW:
            return found | {"required": ["from", "to"]}
        case Kind.ONLY:
            return found | {"required": ["to"], "anyOf": [{"required": ["from"]}, {"required": ["through"]}]}
        case Kind.DENY:
            return found | {"anyOf": [{"required": ["from"]}, {"required": ["to"]}]}


def _exceptions() -> Schema:
    one = {
        "type": ["string", "object"],
        "minLength": 1,
        "properties": dict(_ENDS),
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [one, {"type": "array", "items": one}]}
