"""The outputs of the units that one depends on, by the code of these, where it is read in the same run.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#dependency
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.modules.addresses import beside
from auditor.sources.terraform.states import States
from auditor.sources.terraform.syntax import ast
from auditor.sources.terragrunt.units import UNIT_FILE
from auditor.tree import Location, Map, Node, Reason, Scalar, Unknown

_SETTLED_BY = "--assume {name}…=VALUE"


def open_map(
    name: str, at: Location, settled_by: str = "", *, entries: Mapping[str, Node] | None = None
) -> Node:
    """What can have any attribute, none of them known but ``entries``."""
    reasons = (Reason(name, at, settled_by or _SETTLED_BY.format(name=f"{name}.")),)
    return Map(dict(entries or {}), at, more=Unknown(reasons, at, identity=f"{name}."))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who names other units: in which frame, by paths from which folders, and as which unit of ``states``."""

    frame: Frame
    folders: tuple[str, ...]
    own: str
    states: States | None


def dependency(block: ast.Block, asking: Asking) -> Node:
    """What a ``dependency`` block gives: the outputs of the unit that it names.

    Mocks are never taken: what the other unit's code has stands in the state of an applied network, and what
    it lacks is unknown.
    """
    name = f"dependency.{block.labels[0] if block.labels else ''}"
    if any(find(block.body, each) for each in ("count", "for_each")):
        return open_map(name, block.at)
    outputs, settled_by = f"{name}.outputs", ""
    entries: dict[str, Node] = {}
    folder = _folder(block, asking)
    if folder and _is_asked(block, asking.frame):
        writer = "" if asking.states is None else asking.states.at(folder)
        if asking.states is not None and writer:
            entries = _outputs(asking.states, (asking.own, writer), block, asking.frame)
        else:
            shown = os.path.normpath(folder)
            settled_by = f"give {shown} as well, or {_SETTLED_BY.format(name=f'{outputs}.')}"
    found = open_map(outputs, block.at, settled_by, entries=entries)
    return open_map(name, block.at, entries={"outputs": found})


def _outputs(states: States, ends: tuple[str, str], block: ast.Block, frame: Frame) -> dict[str, Node]:
    """The outputs that are certainly in the state of the unit, by name: none that may be null.

    Maps are left out where mocks are merged into them.
    """
    asker, writer = ends
    if asker == writer:
        return {}
    at, maps = block.at, not _merges_maps(block, frame)
    names, _ = states.names(writer)
    found = {}
    for name in names:
        try:
            node = states.output(asker, writer, name, at)
        except InputError:
            continue
        if node is None or _may_be_null(node) or (isinstance(node, Map) and not maps):
            continue
        found[name] = node
    return found


def _may_be_null(node: Node) -> bool:
    if isinstance(node, Unknown):
        return any(map(_may_be_null, node.options))
    return isinstance(node, Scalar) and node.value is None


def _folder(block: ast.Block, asking: Asking) -> str:
    """The folder of the unit that is named; empty where it is not known, or there is none on disk."""
    path = _value(block, asking.frame, "config_path")
    if not isinstance(path, Scalar) or not isinstance(path.value, str) or not path.value:
        return ""
    text = os.path.dirname(path.value) if path.value.endswith(".hcl") else path.value  # noqa: PTH120 -- a string is at hand
    found = {
        disk.real(where): where
        for where in (os.path.join(folder, text) for folder in asking.folders)  # noqa: PTH118 -- strings are at hand
        if disk.kind(beside(where, UNIT_FILE)) is disk.Kind.FILE
    }
    return next(iter(found.values())) if len(found) == 1 else ""


def _is_asked(block: ast.Block, frame: Frame) -> bool:
    """Whether the outputs are certainly those of the state: neither skipped nor switched off."""
    return all(
        find(block.body, name) is None or _is(_value(block, frame, name), wanted)
        for name, wanted in (("skip_outputs", False), ("enabled", True))
    )


def _merges_maps(block: ast.Block, frame: Frame) -> bool:
    """Whether mocks may be merged into what the state has."""
    name = "mock_outputs_merge_strategy_with_state"
    if find(block.body, name) is None:
        return False
    strategy = _value(block, frame, name)
    return not any(_is(strategy, plain) for plain in ("no_merge", "shallow"))


def _is(node: Node | None, value: object) -> bool:
    return isinstance(node, Scalar) and node.value == value


def _value(block: ast.Block, frame: Frame, name: str) -> Node | None:
    attribute = find(block.body, name)
    try:
        return None if attribute is None else evaluate(attribute.value, frame)
    except InputError:
        return None
