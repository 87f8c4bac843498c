"""Data sources that read another root's state: its outputs, where that root is read in the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.backends import Key, state_key, text
from auditor.sources.terraform.evaluate.loops import bound
from auditor.sources.terraform.functions.unknowns import is_certainly_filled
from auditor.sources.terraform.values import reasons_of
from auditor.sources.values import identity, joined
from auditor.tree import Location, Map, Node, Reason, Scalar, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.modules.module import Module

OUTPUTS = {"terraform_remote_state": "outputs", "tfe_outputs": "values"}
SETTLED_BY = "load the root whose state this is beside it"


def outputs(module: Module, kind: str, body: Map, address: str) -> Map | None:
    """All outputs that the data source gives; None where no root of this run writes the state it reads."""
    states, writer = module.run.states, _writer(module, kind, body)
    if states is None or not writer:
        return None
    names, whole = states.names(writer)
    entries: dict[str, Node] = dict(_defaults(body))
    loose: list[Node] = []
    for name in names:
        node = states.output(module.run.name, writer, name, body.at)
        if node is None:
            entries[name] = _recurring(address, f"{OUTPUTS[kind]}.{name}", body.at)
        elif _is_null(node):
            continue
        elif isinstance(node, Unknown) and any(map(_is_null, node.options)):
            loose += [option for option in node.options if not _is_null(option)]
            loose += [entries.pop(name)] if name in entries else []
        else:
            entries[name] = node
    if not whole:
        reason = Reason(f"{address}.{OUTPUTS[kind]}", body.at, "files that parse")
        return Map(entries, body.at, more=Unknown((reason,), body.at))
    return Map(entries, body.at, more=bound(loose, body.at))


def output(module: Module, kind: str, body: Map, wanted: tuple[str, str, Location]) -> Node | None:
    """One output by the data source's address, its own name and its place of use; None as ``outputs``."""
    address, name, at = wanted
    states, writer = module.run.states, _writer(module, kind, body)
    if states is None or not writer:
        return None
    names, whole = states.names(writer)
    node: Node | None = Scalar(None, at)
    if name in names:
        node = states.output(module.run.name, writer, name, at)
    elif not whole:
        node = Unknown((Reason(f"{address}.{name}", at, "files that parse"),), at)
    if node is None:
        node = _recurring(address, f"{OUTPUTS[kind]}.{name}", at)
    return _present(module, node, _defaults(body).get(name), (name, writer, at))


def _present(module: Module, node: Node, default: Node | None, wanted: tuple[str, str, Location]) -> Node:
    """An output that is null is in no state: the default stands in for it, else it cannot be read."""
    name, writer, at = wanted
    if _is_null(node):
        if default is None:
            raise InputError(f"the root {writer} has no output {name}", at=str(at), hint="declare it there")
        return default
    if is_certainly_filled(node) or not isinstance(node, Unknown):
        return node
    reasons = reasons_of(node)
    module.run.doubt(reasons)
    if not any(map(_is_null, node.options)) and default is None:
        return node
    rest = [option for option in node.options if not _is_null(option)] or [node]
    options = (*rest, *(() if default is None else (default,)))
    return options[0] if len(options) == 1 else Unknown(reasons, node.at, node.via, options=tuple(options))


def _recurring(address: str, path: str, at: Location) -> Unknown:
    what = f"{address}.{path}"
    why = Reason(f"{what}, which depends on itself through the states of roots", at, "a state or a snapshot")
    return Unknown((why,), at, identity=identity(what))


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _defaults(body: Map) -> dict[str, Node]:
    node = body.entries.get("defaults")
    return dict(node.entries) if isinstance(node, Map) else {}


def _writer(module: Module, kind: str, body: Map) -> str:
    states, key = module.run.states, _asked(module, kind, body)
    return "" if states is None or key is None else states.writer(key)


def _asked(module: Module, kind: str, body: Map) -> Key | None:
    """The state that a data source reads; None where that is not known."""
    if kind == "tfe_outputs":
        names = {"workspaces": Map({"name": body.entries.get("workspace", Scalar("", body.at))}, body.at)}
        return state_key("remote", Map({**body.entries, **names}, body.at), "default", module.run.root)
    config = body.entries.get("config", Map({}, body.at))
    workspace = text(body, "workspace", "default")
    if not isinstance(config, Map) or not workspace:
        return None
    return state_key(text(body, "backend"), config, workspace, module.run.root)


def unread(kind: str, body: Map, address: str, at: Location) -> tuple[Reason, ...]:
    """Why the state is not known: what it is asked for by, if that is not known, else the root is missing."""
    open_ones = reasons_of(*body.entries.values())
    return joined((*open_ones, Reason(address, at, SETTLED_BY))) if kind in OUTPUTS else ()
