"""What a unit comes to when all that it includes is merged in.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#include
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import reasons_of
from auditor.sources.terragrunt.file import ConfigFile, Include
from auditor.tree import Location, Map, Node, Reason, Scalar, Seq, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of a file, with the file that it is evaluated in."""

    file: ConfigFile
    block: ast.Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A unit's module source (None where it has none), its inputs, and its blocks by type and label.

    Where ``open`` has reasons, there may be further inputs.
    """

    source: Node | None
    inputs: Mapping[str, Node]
    open: tuple[Reason, ...] = ()
    blocks: Mapping[tuple[str, str], Block] = field(default_factory=dict)


def merged(file: ConfigFile) -> Merged:
    """A file with the files that it includes: what is nearer counts more."""
    whole = _own(file)
    for include in file.includes:
        if include.strategy != "no_merge":
            whole = _over(whole, merged(include.file), include)
    return whole


def _own(file: ConfigFile) -> Merged:
    inputs, rest = _inputs(file)
    unread = tuple(
        Reason("include", block.at, "a file that is there, and parses") for block in file.unread_includes()
    )
    source = None
    blocks = {}
    for block in file.body.blocks:
        if block.type == "terraform":
            source = _source(file, block)
            for inner in block.body.blocks:
                if inner.type == "extra_arguments":
                    blocks[inner.type, " ".join(inner.labels)] = Block(file=file, block=inner)
        elif block.type == "generate":
            blocks[block.type, " ".join(block.labels)] = Block(file=file, block=block)
    return Merged(source=source, inputs=inputs, open=(*rest, *unread), blocks=blocks)


def _source(file: ConfigFile, block: ast.Block) -> Node | None:
    attribute = find(block.body, "source")
    if attribute is None:
        return None
    try:
        return evaluate(attribute.value, file.frame)
    except InputError as error:
        return file.module.run.invalid(error, "terraform.source", attribute.at)


def _inputs(file: ConfigFile) -> tuple[dict[str, Node], tuple[Reason, ...]]:
    """The inputs that a file gives, and why there may be more. One that fails spoils no other."""
    attribute = find(file.body, "inputs")
    if attribute is None:
        return {}, ()
    run = file.module.run
    if isinstance(attribute.value, ast.ObjectExpression):
        found: dict[str, Node] = {}
        for key, value in attribute.value.items:
            try:
                name = evaluate(key, file.frame)
            except InputError as error:
                name = run.invalid(error, "inputs", key.at)
            if not isinstance(name, Scalar):
                return found, reasons_of(name)
            try:
                found[str(name.value)] = evaluate(value, file.frame)
            except InputError as error:
                found[str(name.value)] = run.invalid(error, f"inputs.{name.value}", value.at)
        return found, ()
    try:
        node = evaluate(attribute.value, file.frame)
    except InputError as error:
        node = run.invalid(error, "inputs", attribute.at)
    return _opened(node, attribute.at)


def _opened(node: Node, at: Location) -> tuple[dict[str, Node], tuple[Reason, ...]]:
    if isinstance(node, Map):
        return dict(node.entries), reasons_of(node.more) if node.more is not None else ()
    return {}, reasons_of(node) or (Reason("inputs", at),)


def _over(near: Merged, far: Merged, include: Include) -> Merged:
    """What is nearer over what is farther; what may be among the nearer makes a farther one unknown."""
    deep = include.strategy == "deep"
    inputs = {name: _doubted(name, node, near) for name, node in far.inputs.items()}
    for name, node in near.inputs.items():
        inputs[name] = _deep(inputs[name], node) if deep and name in inputs else node
    return Merged(
        source=near.source if near.source is not None else far.source,
        inputs=inputs,
        open=(*near.open, *far.open),
        blocks={**far.blocks, **near.blocks},
    )


def _doubted(name: str, node: Node, near: Merged) -> Node:
    if not near.open or name in near.inputs:
        return node
    return Unknown(near.open, node.at, options=())


def _deep(far: Node, near: Node) -> Node:
    """Maps merged key by key, lists one after the other, all else the nearer."""
    match far, near:
        case Map(more=None), Map(more=None):
            entries = {**far.entries}
            for name, node in near.entries.items():
                entries[name] = _deep(entries[name], node) if name in entries else node
            return Map(entries, near.at, near.via)
        case Seq(more=None), Seq(more=None):
            return Seq((*far.items, *near.items), near.at, near.via)
        case (Scalar(), _) | (_, Scalar()):
            return near
        case _:
            return Unknown(reasons_of(far, near), near.at)
