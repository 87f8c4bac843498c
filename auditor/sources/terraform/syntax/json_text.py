"""JSON text as values that know where they stand."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.sources.json_text import Forms
from auditor.sources.json_text import read_json as read
from auditor.sources.terraform.syntax.compose import DEEP, negated, number
from auditor.sources.twin import twin
from auditor.tree import Location, Precise


@dataclass(frozen=True, slots=True)
class JsonScalar:
    """A string, a number, ``true``, ``false`` or ``null``."""

    value: str | int | float | bool | Precise | None
    at: Location


@dataclass(frozen=True, slots=True)
class JsonArray:
    """``[a, b]``."""

    items: tuple[JsonValue, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class JsonMember:
    """``"name": value``."""

    name: str
    at: Location
    value: JsonValue


@dataclass(frozen=True, slots=True)
class JsonObject:
    """``{"a": b}``; of equal names every one is kept."""

    members: tuple[JsonMember, ...]
    at: Location


JsonValue = JsonScalar | JsonArray | JsonObject


def read_json(text: str | bytes, path: str) -> JsonValue:
    """The value that a JSON text (RFC 8259) holds. Raises ``InputError`` at the first error."""
    return read(text, path, _FORMS)


def _number(digits: str, at: Location) -> JsonValue:
    value = negated(number(digits[1:], at)) if digits.startswith("-") else number(digits, at)
    return JsonScalar(value, at)


_FORMS: Forms[JsonValue, JsonMember] = Forms(
    twin(JsonScalar), _number, twin(JsonArray), twin(JsonMember), twin(JsonObject), DEEP
)
