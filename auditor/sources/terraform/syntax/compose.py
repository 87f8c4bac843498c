"""What a piece of syntax means once it is known: traversals, operators, numbers, keys."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.syntax.ast import (
    Expression,
    GetAttribute,
    Index,
    Literal,
    Name,
    Operator,
    Splat,
)
from auditor.tree import Location, Precise

DEPTH_LIMIT = 100
DEEP = "split it up with local values"
_DIGITS_LIMIT = 400
_FLOAT_DIGITS = 15
KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
OPERATORS = {operator.value: operator for operator in Operator}


@dataclass(frozen=True, slots=True)
class AttributeStep:
    """``.name``."""

    name: str


@dataclass(frozen=True, slots=True)
class IndexStep:
    """``[key]``, or ``.0`` (``legacy``)."""

    key: Expression
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class SplatStep:
    """``[*]`` (``full``) or ``.*``."""

    full: bool
    at: Location


Step = AttributeStep | IndexStep | SplatStep


def traverse(base: Expression, steps: Sequence[Step]) -> Expression:
    """``base`` followed by ``steps``.

    A full splat takes all that follows it into each item; ``.*`` takes the ``.name`` and ``.0`` that follow,
    and a ``[key]`` after those is of the whole list (HCL native syntax specification, splat operators).
    """
    for number, step in enumerate(steps):
        match step:
            case AttributeStep(name):
                base = GetAttribute(base, name, base.at)
            case IndexStep(key):
                base = Index(base, key, base.at)
            case SplatStep(full=True, at=at):
                return Splat(base, traverse(Name("*", at), steps[number + 1 :]), full=True, at=base.at)
            case SplatStep(at=at):
                end = _end_of_attribute_splat(steps, number + 1)
                each = traverse(Name("*", at), steps[number + 1 : end])
                return traverse(Splat(base, each, full=False, at=base.at), steps[end:])
    return base


def _end_of_attribute_splat(steps: Sequence[Step], begin: int) -> int:
    for number in range(begin, len(steps)):
        match steps[number]:
            case AttributeStep() | IndexStep(legacy=True):
                continue
            case _:
                return number
    return len(steps)


def key(expression: Expression, *, parenthesised: bool, references: bool = False) -> Expression:
    """The key of an object's item.

    Raises ``InputError`` for an ambiguous one (``a.b = 1``), but where keys are ``references``.
    """
    if parenthesised:
        return expression
    match expression:
        case Name(name, at):
            return Literal(name, at)
        case Literal(value=None | bool() as value, at=at):
            return Literal({None: "null", True: "true", False: "false"}[value], at)
        case GetAttribute() if references:
            return expression
        case GetAttribute() | Index():
            message = "this key could be a reference or a name with dots"
            hint = "write (a.b) for the reference's value, or put it in quotes"
            raise InputError(message, at=str(expression.at), hint=hint)
        case _:
            return expression


def number(text: str, at: Location) -> int | float | Precise:
    """The number that a literal spells, an ``int`` where integral. Raises ``InputError`` if too large."""
    if text.isdecimal() and len(text) <= _DIGITS_LIMIT:
        return int(text)
    try:
        exact = Decimal(text)
        if exact and abs(exact.adjusted()) > _DIGITS_LIMIT:
            raise InputError("this number is out of range", at=str(at))
    except InvalidOperation:
        raise InputError(f"{text[:40]!r} is not a number", at=str(at)) from None
    if len(text) <= _FLOAT_DIGITS and exact.adjusted() > -_FLOAT_DIGITS:
        return int(exact) if exact == int(exact) else float(text)
    from auditor.sources.terraform.values.numbers import of_text

    return of_text(text)


def negated(value: float | Precise) -> int | float | Precise:
    """The number with the other sign."""
    if isinstance(value, Precise):
        return Precise(-value.significand, value.exponent, value.precision)
    return -value if value else _zero(-float(value))


def _zero(value: float) -> int | float:
    return value if str(value) == "-0.0" else 0


def too_deep(at: Location) -> InputError:
    """The error for expressions or blocks in more than ``DEPTH_LIMIT`` levels."""
    message = f"nested more than {DEPTH_LIMIT} levels deep"
    return InputError(message, at=str(at), hint=DEEP)
