"""Values that the user has netaudit take where the input says none (``--assume``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.assumed import OPTION, unused
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.syntax import ast, parse_expression
from auditor.tree import Gap, Location, Map, Node, Reference, Scalar, Unknown

# By these the resources of the input are told apart and joined.
IDENTITIES = frozenset({"id", "arn"})
# Computed attributes that say where a thing stands, whether or not another one refers to them.
COMPUTED = frozenset(
    {
        "associate_public_ip_address",
        "cidr_block",
        "ipv6_addresses",
        "ipv6_cidr_block",
        "port",
        "private_ip",
        "private_ips",
        "public_ip",
        "security_groups",
        "subnet_id",
        "subnet_ids",
        "vpc_id",
        "vpc_security_group_ids",
    }
)
_WRITTEN = (
    ast.Literal,
    ast.Template,
    ast.TupleExpression,
    ast.ObjectExpression,
    ast.Call,
    ast.ForTuple,
    ast.ForObject,
)


class Assumptions:
    """The assumed values by the names of what they stand for, and which of them were of use."""

    __slots__ = ("_met", "_used", "_values")

    def __init__(self, given: Iterable[tuple[str, str]], frame: Frame) -> None:
        self._values = {name: _value(name, text, frame) for name, text in given}
        self._used: set[str] = set()
        self._met: set[str] = set()

    def settle(self, node: Node) -> Node:
        """The value to take for ``node``: itself where the input decides it or nothing is assumed."""
        match node:
            case Unknown(identity=name) if name:
                return self.named(name, node)
            case Reference(target=target, attribute=attribute) if attribute not in IDENTITIES:
                return self.named(f"{target}.{attribute}", node)
            case _:
                return node

    def named(self, name: str, node: Node) -> Node:
        """The value to take for ``node``, which goes by ``name`` and which the input leaves open."""
        self._met.add(name)
        value = self._values.get(name)
        if value is None:
            return node
        self._used.add(name)
        return value

    def known(self, address: str, body: Map) -> Map:
        """A resource's body with the assumed values of those of its attributes that are not known."""
        open_ones = {name: node for name, node in body.entries.items() if _is_open(node)}
        if not open_ones:
            return body
        settled = {name: self.named(f"{address}.{name}", node) for name, node in open_ones.items()}
        return replace(body, entries={**body.entries, **settled})

    def computed(self, address: str, body: Map) -> Map:
        """A resource's body with the assumed values of the attributes that only its creation fills in."""
        extra: dict[str, Node] = {}
        for name in self._values:
            attribute = name.removeprefix(f"{address}.")
            if (
                attribute != name
                and attribute.isidentifier()
                and attribute not in {*body.entries, *IDENTITIES}
            ):
                extra[attribute] = self._values[name]
                if attribute in COMPUTED:
                    self._used.add(name)
        return replace(body, entries={**body.entries, **extra}) if extra else body

    def unused(self) -> Iterator[Gap]:
        """A gap for each assumption that nothing in the input asked for."""
        return unused(self._values, self._used, self._met)


def _is_open(node: Node) -> bool:
    return isinstance(node, Unknown) or (isinstance(node, Scalar) and node.value is None)


def _value(name: str, text: str, frame: Frame) -> Node:
    """A text as a value of Terraform's, if it is written as one, else as the string that it is."""
    at = Location(f"{OPTION} {name}")
    try:
        expression = parse_expression(text, at.path)
    except InputError:
        return Scalar(text, at)
    if isinstance(expression, ast.Unary) and isinstance(expression.operand, ast.Literal):
        return evaluate(expression, frame)
    if not isinstance(expression, _WRITTEN) or _is_no_number(expression, text):
        return Scalar(text, at)
    return evaluate(expression, frame)


def _is_no_number(expression: ast.Expression, text: str) -> bool:
    """Whether digits are a name, as an account's: leading zeros would be lost."""
    value = expression.value if isinstance(expression, ast.Literal) else None
    return isinstance(value, int | float) and not isinstance(value, bool) and str(value) != text.strip()
