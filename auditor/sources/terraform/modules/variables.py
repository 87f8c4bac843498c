"""The values that a root module's variables are given from outside, by Terraform's precedence.

From the least to the most: the environment, ``terraform.tfvars``, ``terraform.tfvars.json``,
``*.auto.tfvars`` and ``*.auto.tfvars.json`` by name, then ``--var-file`` and ``--var``
(https://developer.hashicorp.com/terraform/language/values/variables).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.files import parse_path
from auditor.sources.terraform.evaluate.frame import Run, place_of
from auditor.sources.terraform.modules.addresses import beside
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import Primitive, TypeConstraint
from auditor.tree import Gap, GapKind, Location


@dataclass(frozen=True, slots=True)
class Text:
    """A value given as text, by ``--var`` or the environment."""

    text: str
    at: Location


@dataclass(frozen=True, slots=True)
class Given:
    """What is given to each variable; ``broken`` are files that may give more, and do not parse."""

    values: dict[str, ast.Attribute | Text] = field(default_factory=dict)
    broken: list[Location] = field(default_factory=list)


def given_values(run: Run, declared: Mapping[str, ast.Block]) -> Given:
    """The values for the declared variables; a file that does not parse is a gap.

    InputError where a file that was asked for is not there.
    """
    given = Given()
    for name in declared:
        text = run.options.environment.get(f"TF_VAR_{name}")
        if text is not None:
            given.values[name] = Text(text, Location(f"TF_VAR_{name}"))
    for path in _automatic(run.root):
        _read(run, path, given)
    for path in run.options.var_files:
        if not os.path.isfile(path):  # noqa: PTH113 -- a string is at hand
            raise InputError(
                "there is no such variables file", at=path, hint="give the path of a .tfvars file"
            )
        _read(run, path, given)
    for name, text in run.options.variables:
        if name not in declared:
            why = f"the configuration declares no variable {name}"
            hint = f"there are: {', '.join(sorted(declared)[:8]) or 'none'}"
            run.gap(Gap(GapKind.INVALID, f"var.{name}", Location(f"--var {name}"), why, hint))
        given.values[name] = Text(text, Location(f"--var {name}"))
    return given


def _automatic(root: str) -> list[str]:
    """The files that Terraform loads by itself, in their order."""
    try:
        names = sorted(os.listdir(root))  # noqa: PTH208 -- names alone are wanted
    except OSError:
        return []
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    auto = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [beside(root, name) for name in [*first, *auto]]


def _read(run: Run, path: str, given: Given) -> None:
    try:
        body = parse_path(path)
    except InputError as error:
        place = place_of(error, Location(path))
        run.gap(Gap(GapKind.SYNTAX, path, place, error.message, error.hint))
        given.broken.append(place)
        return
    for block in body.blocks:
        why = "a variables file holds name = value lines, no blocks"
        run.gap(Gap(GapKind.INVALID, block.type, block.at, why))
    for attribute in body.attributes:
        given.values[attribute.name] = attribute


def text_expression(given: Text, constraint: TypeConstraint, *, typed: bool) -> ast.Expression:
    """A text as an expression: itself where the variable is a string, number or boolean or has no type."""
    if not typed or isinstance(constraint, Primitive):
        return ast.Literal(given.text, given.at)
    from auditor.sources.terraform.syntax import parse_expression

    try:
        return parse_expression(given.text, given.at.path)
    except InputError as error:
        hint = error.hint or "write the value as in a .tfvars file"
        raise InputError(error.message, at=str(given.at), hint=hint) from None
