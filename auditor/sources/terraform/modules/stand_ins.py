"""What stands in for a public module that is not on disk: what its call alone says of the network.

``stand_ins/<namespace>/<name>.hcl`` is found by that path. It says, in Terraform's own language, what every
version that it was checked against makes of the arguments, with the addresses that the module itself uses.
``data``, ``locals``, ``module`` and ``resource`` are Terraform's; the other blocks are a module's
``variable`` and ``output`` in short:

- ``stand_in``: ``versions``, those that it was checked against; ``unset``, the arguments without a default;
  ``ignored``, patterns of the arguments that bear on nothing that is declared here;
- ``defaults``: arguments and what they are where they are not given, with a label of the versions of which
  that is true, if it is not true of all;
- ``given "name"``: a variable that has its default only where no argument of the patterns ``arguments`` is
  given;
- ``outputs``: the outputs that are known.

A variable without a default is not known where it is not given, and ``var.anything`` is another unknown each
time that it is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import Declarations, declarations, find
from auditor.sources.terraform.configuration.files import SourceFiles, parse_path
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.modules.addresses import Call
from auditor.sources.terraform.modules.blocks import CALL_ARGUMENTS
from auditor.sources.terraform.modules.installed import SETTLED_BY
from auditor.sources.terraform.modules.published import published
from auditor.sources.terraform.modules.ranges import Versions, admitted
from auditor.sources.terraform.syntax import ast
from auditor.sources.values import identity
from auditor.tree import Location, Node, Reason, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

ANYTHING = "anything"
FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "stand_ins")  # noqa: PTH118, PTH120 -- strings are quick to join
T = TypeVar("T")
_FIELDS: dict[type, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A module's stand-in for one call: all of it is placed where the call is.

    ``open`` are the variables that are not known whatever default they have, ``beyond`` whether the call
    admits versions that were not checked.
    """

    declarations: Declarations
    checked: str
    open: frozenset[str]
    beyond: bool

    @property
    def told(self) -> str:
        """What an answer that rests on it should say."""
        others = ", though others are admitted" if self.beyond else ""
        return f"what its versions {self.checked} make of the call is taken{others}, and the rest is unknown"

    def value(self, name: str, block: ast.Block, given: Node | None, module: Module) -> Node:
        """The value of a variable: what is given, else its default, and unknown where there is neither.

        A null is as good as nothing given to some versions, and a null to others.
        """
        if given is not None and not _may_be_null(given):
            return given
        default = find(block.body, "default")
        if default is not None and name not in self.open:
            value = evaluate(default.value, Frame(module, {}, isolated=True))
            if given is None or (isinstance(value, Scalar) and value.value is None):
                return value if given is None else given
        if name == ANYTHING:
            return Unknown((Reason(module.address.removesuffix("."), module.at, SETTLED_BY),), module.at)
        label = f"{module.address}var.{name}"
        return Unknown((Reason(label, module.at, SETTLED_BY),), module.at, identity=identity(label))


def further(address: str, at: Location) -> Unknown:
    """The outputs of the module at ``address`` beside those that its stand-in knows."""
    return Unknown((Reason(address.removesuffix("."), at, SETTLED_BY),), at, identity=identity(address))


def named(node: Node, name: str) -> Node:
    """The value of an output; an unknown that is none of the call's is told apart by the output's name."""
    if isinstance(node, Unknown) and not (node.identity or node.options):
        return replace(node, identity=identity(name))
    return node


def _may_be_null(node: Node) -> bool:
    options = node.options if isinstance(node, Unknown) and node.options else (node,)
    return any(isinstance(option, Scalar) and option.value is None for option in options)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why the stand-in of a module does not do for a call of it."""

    why: str


def stand_in(folder: str, asked_for: Call, call: ast.Block) -> StandIn | Misfit | None:
    """The stand-in for a call of the module that it asks for; None where ``folder`` has none for that."""
    module = published(asked_for.source, asked_for.version)
    if module is None:
        return None
    found = _parsed(os.path.join(folder or FOLDER, *f"{module.name}.hcl".split("/")))  # noqa: PTH118 -- as above
    if found is None:
        return None
    about = next(block.body for block in found.blocks if block.type == "stand_in")
    checked, asked = _text(about, "versions"), admitted(module.constraint)
    versions = asked.shared(admitted(checked))
    if versions is None:
        return Misfit(f"of it the versions {checked} are known, and not {module.constraint}")
    known = [*_variables(found, about), *_texts(about, "ignored"), *CALL_ARGUMENTS]
    known += [pattern for block in found.blocks for pattern in _opening(block)]
    for attribute in call.body.attributes:
        if not _named(attribute.name, known):
            return Misfit(f"its argument {attribute.name} is not one that is known of it")
    return StandIn(
        declarations=declarations(SourceFiles([_placed(_written_out(found, about, versions), call.at)])),
        checked=checked,
        open=frozenset(_open(found, call.body)),
        beyond=not asked.within(admitted(checked)),
    )


@cache
def _parsed(path: str) -> ast.Body | None:
    return parse_path(path) if disk.kind(path) is disk.Kind.FILE else None


def _variables(found: ast.Body, about: ast.Body) -> dict[str, None]:
    """The names of all variables, whichever versions have a default for them."""
    names = [ANYTHING, *_texts(about, "unset")]
    for block in found.blocks:
        if block.type == "defaults":
            names += [attribute.name for attribute in block.body.attributes]
    return dict.fromkeys(names)


def _written_out(found: ast.Body, about: ast.Body, versions: Versions) -> ast.Body:
    """The stand-in as a module of Terraform's, with the defaults that all of the versions have."""
    defaults: dict[str, ast.Expression] = {}
    blocks = [block for block in found.blocks if block.type in {"data", "locals", "module", "resource"}]
    for block in found.blocks:
        values = block.body.attributes
        if block.type == "defaults" and versions.within(admitted("".join(block.labels))):
            defaults.update({each.name: each.value for each in values})
        elif block.type == "outputs":
            blocks += [_one("output", each.name, "value", each.value) for each in values]
    blocks += [_one("variable", name, "default", defaults.get(name)) for name in _variables(found, about)]
    return ast.Body((), tuple(blocks), found.at)


def _one(sort: str, name: str, attribute: str, value: ast.Expression | None) -> ast.Block:
    at = Location("") if value is None else value.at
    attributes = () if value is None else (ast.Attribute(attribute, value, at),)
    return ast.Block(sort, (name,), ast.Body(attributes, (), at), at)


def _open(found: ast.Body, call: ast.Body) -> Iterator[str]:
    for block in found.blocks:
        if any(_named(each.name, _opening(block)) for each in call.attributes):
            yield block.labels[0]


def _opening(block: ast.Block) -> list[str]:
    """The patterns of arguments that a block takes to leave a variable open."""
    return _texts(block.body, "arguments") if block.type == "given" else []


def _named(name: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _text(body: ast.Body, name: str) -> str:
    attribute = find(body, name)
    value = attribute.value.value if attribute and isinstance(attribute.value, ast.Literal) else None
    return value if isinstance(value, str) else ""


def _texts(body: ast.Body, name: str) -> list[str]:
    attribute = find(body, name)
    items = attribute.value.items if attribute and isinstance(attribute.value, ast.TupleExpression) else ()
    return [str(item.value) for item in items if isinstance(item, ast.Literal)]


def _placed(node: T, at: Location) -> T:
    """The same syntax, all of it written at one place."""
    if isinstance(node, Location):
        return at  # type: ignore[return-value] # T is Location here, which mypy does not narrow
    if isinstance(node, tuple):
        return tuple([_placed(each, at) for each in node])  # type: ignore[return-value] # as above
    kind = type(node)
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple([each.name for each in fields(node)]) if is_dataclass(node) else ()
    return kind(*[_placed(getattr(node, name), at) for name in names]) if names else node
