"""What a function takes and gives, read off the Python function that does its work."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.values import (
    AnyType,
    CallSite,
    TypeConstraint,
    convert,
    parse_type_text,
    unknown_call,
)
from auditor.sources.terraform.values.numbers import whole_of
from auditor.sources.terraform.values.primitive import whole
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Map, Node, Precise, Reference, Scalar, Seq, Unknown

_TAKES_REST = 0x04
_LONGEST_TEXT = 20_000_000
_TYPES = {
    "str": "string",
    "int": "number",
    "Number": "number",
    "bool": "bool",
    "tuple[str, ...]": "list(string)",
    "tuple[int, ...]": "list(number)",
    "tuple[Number, ...]": "list(number)",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``whole`` where it takes whole numbers only, ``nullable`` where null is a value of it."""

    name: str
    type: TypeConstraint
    whole: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of Terraform's. ``rest`` is the parameter that takes all further arguments.

    ``body`` gives the result for a place of call and its arguments, already of the parameters' types.
    """

    name: str
    parameters: tuple[Parameter, ...]
    rest: Parameter | None
    body: Callable[[CallSite, tuple[Node, ...]], Node]

    def accept(self, site: CallSite, arguments: tuple[Node, ...]) -> tuple[Node, ...]:
        """The arguments as the parameters ask; InputError, naming the argument, where they do not fit."""
        if len(arguments) < len(self.parameters):
            missing = self.parameters[len(arguments)].name
            raise InputError(f'not enough arguments: missing value for "{missing}"')
        if self.rest is None and len(arguments) > len(self.parameters):
            raise InputError(f"too many arguments: it takes {len(self.parameters)}")
        rest = () if self.rest is None else (self.rest,) * (len(arguments) - len(self.parameters))
        pairs = zip(arguments, (*self.parameters, *rest), strict=True)
        return tuple(_fit(argument, parameter, site.at) for argument, parameter in pairs)


def _fit(argument: Node, parameter: Parameter, at: Location) -> Node:
    if isinstance(argument, Scalar) and argument.value is None:
        if parameter.nullable:
            return argument
        raise InputError(f'invalid value for "{parameter.name}" parameter: argument must not be null')
    try:
        fitting = convert(argument, parameter.type, at)
    except InputError as problem:
        message = f'invalid value for "{parameter.name}" parameter: {problem.message}'
        raise InputError(message, hint=problem.hint) from None
    return _whole(fitting, parameter) if parameter.whole else fitting


def _whole(node: Node, parameter: Parameter) -> Node:
    if not isinstance(node, Scalar) or isinstance(node.value, int):
        return node
    number = whole_of(node.value)
    if number is None:
        raise InputError(f'invalid value for "{parameter.name}" parameter: value must be a whole number')
    return Scalar(number, node.at, node.via)


def over_values(work: Callable[..., Any]) -> Function:
    """A function over known values: unknown where an argument is not wholly known.

    ``work`` takes Python values (strings, numbers, booleans, tuples, dictionaries), as its annotations say,
    after a ``CallSite`` where its first parameter is ``site``; its result may be any of those or a node.
    """
    parameters, rest = _parameters(work, {}, ())
    returns = _TYPES.get(str(work.__annotations__["return"]), "")
    wants_site = _wants_site(work)

    def body(site: CallSite, arguments: tuple[Node, ...]) -> Node:
        if not all(is_wholly_known(argument) for argument in arguments):
            return unknown_call(site, arguments, returns)
        values = tuple(to_python(argument) for argument in arguments)
        return to_node(work(site, *values) if wants_site else work(*values), site.at)

    return Function(name=_name(work), parameters=parameters, rest=rest, body=body)


def over_nodes(
    types: Mapping[str, str] | None = None, *, nullable: Sequence[str] = ()
) -> Callable[[Callable[..., Node]], Function]:
    """A function that handles unknowns itself: its ``work`` takes a ``CallSite`` and nodes.

    ``types`` gives the types of parameters other than ``any``, ``nullable`` the parameters that take null.
    """

    def wrap(work: Callable[..., Node]) -> Function:
        parameters, rest = _parameters(work, types or {}, nullable)

        def body(site: CallSite, arguments: tuple[Node, ...]) -> Node:
            return work(site, *arguments)

        return Function(name=_name(work), parameters=parameters, rest=rest, body=body)

    return wrap


def _name(work: Callable[..., Any]) -> str:
    return work.__name__.rstrip("_")


def _wants_site(work: Callable[..., Any]) -> bool:
    return work.__code__.co_varnames[:1] == ("site",)


def _parameters(
    work: Callable[..., Any], types: Mapping[str, str], nullable: Sequence[str]
) -> tuple[tuple[Parameter, ...], Parameter | None]:
    code = work.__code__
    takes_rest = bool(code.co_flags & _TAKES_REST)
    names = code.co_varnames[_wants_site(work) : code.co_argcount + takes_rest]
    made = []
    for name in names:
        annotation = str(work.__annotations__[name])
        text = types.get(name) or _TYPES.get(annotation, "")
        type_: TypeConstraint = parse_type_text(text) if text else AnyType()
        made.append(Parameter(name.rstrip("_"), type_, annotation == "int", name in nullable))
    return (tuple(made[:-1]), made[-1]) if takes_rest else (tuple(made), None)


def to_python(node: Node) -> Any:
    """A wholly known value as a Python value: sequences as tuples, maps as dictionaries."""
    match node:
        case Scalar(value=value):
            return value
        case Seq(items=items):
            return tuple(to_python(item) for item in items)
        case Map(entries=entries):
            return {key: to_python(item) for key, item in entries.items()}
        case _:
            raise TypeError(node)


def to_node(value: Any, at: Location) -> Node:
    """A Python value as a node; text in Unicode's normal form C, as all of Terraform's strings are."""
    match value:
        case str() if len(value) > _LONGEST_TEXT:
            raise InputError(f"a text of more than {_LONGEST_TEXT} characters is not kept here")
        case str():
            return Scalar(value if value.isascii() else unicodedata.normalize("NFC", value), at)
        case None | bool() | int() | float() | Precise():
            return Scalar(whole(value) if isinstance(value, float) else value, at)
        case Mapping():
            return Map({str(key): to_node(item, at) for key, item in value.items()}, at)
        case Scalar() | Seq() | Map() | Unknown() | Reference():
            return value
        case Sequence():
            return Seq(tuple(to_node(item, at) for item in value), at)
        case _:
            raise TypeError(value)
