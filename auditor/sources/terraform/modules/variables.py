"""The values that a root module's variables are given from outside, by Terraform's precedence.

From the least to the most: what the root is called with, the environment, ``terraform.tfvars``,
``terraform.tfvars.json``, ``*.auto.tfvars`` and ``*.auto.tfvars.json`` by name, what ``netaudit.yaml`` says
of the root, then ``--var-file`` and ``--var`` (https://developer.hashicorp.com/terraform/language/values/variables).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor import disk
from auditor.errors import InputError, RuleError, nearest
from auditor.frozen import dataclass
from auditor.sources.places import place_of
from auditor.sources.terraform.configuration.files import parse_path
from auditor.sources.terraform.evaluate.frame import Run
from auditor.sources.terraform.modules.addresses import beside
from auditor.sources.terraform.modules.texts import Passed, Text
from auditor.sources.terraform.syntax import ast
from auditor.tree import Gap, GapKind, Location, Node


@dataclass(frozen=True, slots=True)
class Given:
    """What is given to each variable; ``broken`` are files that may give more, and do not parse."""

    values: dict[str, ast.Attribute | Text | Passed | Node] = field(default_factory=dict)
    broken: list[Location] = field(default_factory=list)


def given_values(run: Run, declared: Mapping[str, ast.Block], *, whole: bool) -> Given:
    """The values for the declared variables, all that there are if they are ``whole``.

    A file that does not parse is a gap. InputError where a file that was asked for is not there, RuleError
    where the configuration gives a variable that there is not.
    """
    options = run.options
    given = Given(broken=list(options.unread))
    given.values.update({name: Passed(node) for name, node in options.inputs.entries.items()})
    for name in declared:
        text = disk.variable(options.environment, f"TF_VAR_{name}")
        if text is not None:
            given.values[name] = Text(text, Location(f"TF_VAR_{name}"))
    for path in automatic_files(run.root, *options.overlaid):
        _read(run, path, given)
    _read_all(run, options.settings.var_files, given)
    if whole:
        _require_declared(run, declared)
    given.values.update(options.settings.variables)
    _read_all(run, options.var_files, given)
    for name, text in options.variables:
        if name not in declared:
            why = f"the configuration declares no variable {name}"
            at = Location(f"--var {name}")
            run.gap(Gap(GapKind.INVALID, f"var.{name}", at, why, _nearest(name, declared)))
        given.values[name] = Text(text, Location(f"--var {name}"))
    return given


def _require_declared(run: Run, declared: Mapping[str, ast.Block]) -> None:
    for name, node in run.options.settings.variables.items():
        if name not in declared:
            hint = _nearest(name, declared)
            raise RuleError(f"{run.root} declares no variable {name}", at=str(node.at), hint=hint)


def _nearest(name: str, declared: Mapping[str, ast.Block]) -> str:
    return nearest(name, declared) or f"there are: {', '.join(sorted(declared)[:8]) or 'none'}"


def _read_all(run: Run, paths: tuple[str, ...], given: Given) -> None:
    for path in paths:
        if disk.kind(path) is not disk.Kind.FILE:
            inside = beside(run.root, path)
            there = disk.kind(inside) is disk.Kind.FILE
            hint = f"did you mean {inside}?" if there else "give the path of a .tfvars file"
            raise InputError("there is no such variables file", at=path, hint=hint)
        _read(run, path, given)


def automatic_files(*folders: str) -> list[str]:
    """The files that Terraform loads by itself, in their order; a later folder's instead of an earlier's."""
    places: dict[str, str] = {}
    for folder in folders:
        try:
            places.update({name: beside(folder, name) for name, _ in disk.entries(folder)})
        except OSError:
            continue
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in places]
    auto = sorted(name for name in places if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return [places[name] for name in [*first, *auto]]


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
