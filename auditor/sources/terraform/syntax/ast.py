"""Terraform's native syntax as values: bodies of attributes and blocks, and the expressions in them.

Both adapters give these, equal for equal text (the HCL native syntax specification). Parentheses are
dropped; a heredoc and a quoted string are both a ``Template``, or a ``Literal`` where nothing is
interpolated. A traversal, an operation and a conditional stand where their first operand does.
"""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.tree import Location, Precise


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, ``true``, ``false``, ``null``, or a string without interpolation (escapes resolved)."""

    value: str | int | float | bool | Precise | None
    at: Location


@dataclass(frozen=True, slots=True)
class Template:
    """A string of parts, joined as text. A template of one interpolation alone (``"${x}"``) is that
    expression itself in Terraform, and is kept as a ``Template`` of one part that the evaluator unwraps."""

    parts: tuple[Expression, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class TemplateIf:
    """``%{ if c }…%{ else }…%{ endif }``."""

    condition: Expression
    then: Expression
    otherwise: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class TemplateFor:
    """``%{ for k, v in xs }…%{ endfor }``; ``key_name`` is empty where only a value is named."""

    key_name: str
    value_name: str
    collection: Expression
    body: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class TupleExpression:
    """``[a, b]``."""

    items: tuple[Expression, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class ObjectExpression:
    """``{ k = v }``. A bare identifier as key is a ``Literal`` of its name; ``(k)`` is the expression."""

    items: tuple[tuple[Expression, Expression], ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a traversal: ``var``, ``local``, ``aws_vpc``, or a name bound by ``for``."""

    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class GetAttribute:
    """``object.name`` (legacy ``object.0`` is an ``Index`` with a number)."""

    object: Expression
    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class Index:
    """``object[key]``."""

    object: Expression
    key: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Splat:
    """``object[*].a.b`` (``full``) or ``object.*.a.b``: ``each`` is what is done with every item, written
    on ``Name("*")``, which stands for the item."""

    object: Expression
    each: Expression
    full: bool
    at: Location


@dataclass(frozen=True, slots=True)
class Call:
    """``name(arguments)``; ``expand`` where the last argument is followed by ``...``."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool
    at: Location


class Operator(StrEnum):
    """Unary and binary operators, by their spelling."""

    NOT = "!"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "%"
    ADD = "+"
    SUBTRACT = "-"
    GREATER = ">"
    GREATER_EQUAL = ">="
    LESS = "<"
    LESS_EQUAL = "<="
    EQUAL = "=="
    NOT_EQUAL = "!="
    AND = "&&"
    OR = "||"


@dataclass(frozen=True, slots=True)
class Unary:
    """``!x`` or ``-x``."""

    operator: Operator
    operand: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``."""

    operator: Operator
    left: Expression
    right: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? then : otherwise``."""

    condition: Expression
    then: Expression
    otherwise: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class ForTuple:
    """``[for k, v in xs : value if condition]``."""

    key_name: str
    value_name: str
    collection: Expression
    value: Expression
    condition: Expression | None
    at: Location


@dataclass(frozen=True, slots=True)
class ForObject:
    """``{for k, v in xs : key => value... if condition}``; ``grouped`` where ``...`` is there."""

    key_name: str
    value_name: str
    collection: Expression
    key: Expression
    value: Expression
    condition: Expression | None
    grouped: bool
    at: Location


Expression = (
    Literal
    | Template
    | TemplateIf
    | TemplateFor
    | TupleExpression
    | ObjectExpression
    | Name
    | GetAttribute
    | Index
    | Splat
    | Call
    | Unary
    | Binary
    | Conditional
    | ForTuple
    | ForObject
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = value``; ``at`` is where the name stands."""

    name: str
    value: Expression
    at: Location


@dataclass(frozen=True, slots=True)
class Block:
    """``type "label" … { body }``; ``at`` is where the type stands."""

    type: str
    labels: tuple[str, ...]
    body: Body
    at: Location


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between two braces, or in a whole file, in the order of the source."""

    attributes: tuple[Attribute, ...]
    blocks: tuple[Block, ...]
    at: Location
