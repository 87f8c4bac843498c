"""Plans and state in a few words, as Terraform writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.sources import ReadOptions, read
from auditor.tree import Node, Reading, Reference, Resource, Scalar, Seq, Unknown

Values = dict[str, Any]


def change(address: str, after: Values | None = None, **more: Any) -> Values:
    """One change of a plan: created, or what ``more`` says (``actions``, ``unknown``, ``before``)."""
    module, _, own = address.rpartition("module.")
    prefix, _, rest = own.partition(".") if module or address.startswith("module.") else ("", "", own)
    words = rest if prefix else own
    name, _, key = words.partition("[")
    mode = "data" if name.startswith("data.") else "managed"
    kind, _, label = name.removeprefix("data.").partition(".")
    entry: Values = {
        "address": address,
        "mode": mode,
        "type": kind,
        "name": label,
        "change": {
            "actions": more.pop("actions", ["create"]),
            "before": more.pop("before", None),
            "after": after,
            "after_unknown": more.pop("unknown", {}),
        },
        **more,
    }
    if prefix:
        entry["module_address"] = f"{module}module.{prefix}"
    if key:
        entry["index"] = json.loads(key.removesuffix("]"))
    return entry


def block(address: str, for_each: list[str] | None = None, **references: Any) -> Values:
    """One resource of ``configuration``, its expressions given as lists of references or as constants."""
    mode = "data" if address.startswith("data.") else "managed"
    kind, _, name = address.removeprefix("data.").partition(".")
    expressions = {
        name: {"references": value} if isinstance(value, list) else {"constant_value": value}
        for name, value in references.items()
    }
    made: Values = {"mode": mode, "type": kind, "name": name, "expressions": expressions}
    return made | ({"for_each_expression": {"references": for_each}} if for_each else {})


def plan(*changes: Values, **more: Any) -> Values:
    """A whole plan; ``blocks`` are the resources of its configuration's root module."""
    root: Values = {"resources": more.pop("blocks", [])} | more.pop("root", {})
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.0",
        "resource_changes": list(changes),
        "configuration": {"root_module": root},
        **more,
    }


def reading(folder: Path, document: Values | str, name: str = "plan.json", *beside: str) -> Reading:
    """What netaudit reads in a document in a folder that holds nothing else, or ``beside`` other paths."""
    text = document if isinstance(document, str) else json.dumps(document)
    (folder / name).write_text(text, encoding="utf-8")
    return read((str(folder / name), *beside), ReadOptions())[1]


def resources(found: Reading) -> dict[str, Resource]:
    """The resources by address."""
    return {each.address: each for each in found.resources}


def attribute(found: Reading, address: str, name: str) -> Node | None:
    """An attribute of a resource; None where the body has none."""
    return resources(found)[address].body.entries.get(name)


def text(node: Node | None) -> object:
    """A node in a few words: its value, ``=target.attribute``, ``?`` with what it may be, a list of these."""
    match node:
        case Scalar():
            return node.value
        case Reference():
            return f"={node.target}.{node.attribute}"
        case Unknown():
            return "?" + "|".join(str(text(option)) for option in node.options)
        case Seq():
            return [*map(text, node.items), *(["…" + str(text(node.more))] if node.more else [])]
        case _:
            return node
