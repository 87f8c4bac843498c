"""Root modules written to a folder and read, and values as plain Python."""

from __future__ import annotations

from pathlib import Path

from auditor.sources.terraform import TerraformOptions, read
from auditor.tree import Map, Node, Reading, Reference, Resource, Scalar, Seq, Unknown

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with the files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def reading(folder: Path, text: str = "", options: TerraformOptions | None = None, **files: str) -> Reading:
    """What a root module declares; ``files`` are further ones, ``__`` for ``/`` and ``_tf`` for ``.tf``."""
    named = {name.replace("__", "/").replace("_tf", ".tf"): content for name, content in files.items()}
    written(folder, {"main.tf": text, **named})
    return read(str(folder), options or TerraformOptions())


def resources(found: Reading) -> dict[str, Resource]:
    """The resources by address."""
    return {resource.address: resource for resource in found.resources}


def value(folder: Path, expression: str, declarations: str = "") -> Node:
    """The value of one expression beside the declarations; it must leave no gap."""
    text = f'{declarations}\nresource "x_probe" "it" {{\n  value = {expression}\n}}\n'
    found = reading(folder, text)
    assert found.gaps == ()
    return resources(found)["x_probe.it"].body.entries["value"]


def failure(folder: Path, expression: str, declarations: str = "") -> str:
    """Why an expression cannot be evaluated: the only gap; its value is unknown."""
    text = f'{declarations}\nresource "x_probe" "it" {{\n  value = {expression}\n}}\n'
    found = reading(folder, text)
    assert isinstance(resources(found)["x_probe.it"].body.entries["value"], Unknown)
    assert len(found.gaps) == 1
    return found.gaps[0].why


def plain(node: Node) -> Plain:
    """A value as Python has it: ``?identity`` or its options for an unknown, ``&target.attribute``."""
    match node:
        case Scalar():
            return node.value
        case Seq():
            more: list[Plain] = [] if node.more is None else [{"...": plain(node.more)}]
            return [plain(item) for item in node.items] + more
        case Map():
            rest: dict[str, Plain] = {} if node.more is None else {"...": plain(node.more)}
            return {key: plain(item) for key, item in node.entries.items()} | rest
        case Reference():
            return f"&{node.target}.{node.attribute}"
        case Unknown(options=()):
            return f"?{node.identity}"
        case Unknown():
            return {"?": [plain(option) for option in node.options]}
