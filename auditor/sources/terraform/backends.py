"""Where a root keeps its state, and where a data source looks for one: equal keys are one state."""

from __future__ import annotations

import os

from auditor import disk
from auditor.sources.terraform.syntax import ast
from auditor.tree import Map, Node, Scalar, Seq

Key = tuple[str, ...]
DEFAULT = "default"
HOST = "app.terraform.io"
FOLDER = "terraform.tfstate.d"
FILE = "terraform.tfstate"

# The settings by which the other backends tell states apart; what a workspace other than the default one
# makes of them is not modelled.
SETTINGS = {
    "consul": ("path",),
    "cos": ("bucket", "prefix", "key"),
    "http": ("address",),
    "oss": ("bucket", "prefix", "key"),
}


def backend_block(settings: tuple[ast.Block, ...]) -> ast.Block | None:
    """The block that says where a root keeps its state, the last one of its ``terraform`` blocks."""
    found = [
        inner
        for block in settings
        for inner in block.body.blocks
        if inner.type == "cloud" or (inner.type == "backend" and len(inner.labels) == 1)
    ]
    return found[-1] if found else None


def state_key(kind: str, config: Map, workspace: str, folder: str) -> Key | None:
    """The state of a workspace in a backend, seen from the root in ``folder``; None where it is not known.

    https://developer.hashicorp.com/terraform/language/backend, one page a backend.
    """
    match kind:
        case "local":
            return _local(config, workspace, folder)
        case "s3":
            bucket, key = text(config, "bucket"), text(config, "key")
            prefix = text(config, "workspace_key_prefix", "env:")
            return _whole(kind, bucket, key if workspace == DEFAULT else _path(prefix, workspace, key))
        case "gcs":
            name = _path(text(config, "prefix", "."), f"{workspace}.tfstate")
            return _whole(kind, text(config, "bucket"), name and os.path.normpath(name))
        case "azurerm":
            names = [text(config, name) for name in ("storage_account_name", "container_name", "key")]
            return _whole(kind, *names, DEFAULT if workspace == DEFAULT else workspace)
        case "remote" | "cloud":
            host, owner = text(config, "hostname", HOST), text(config, "organization")
            return _whole("remote", host, owner, _workspace(config, workspace))
        case _:
            known = [text(config, name, "-") for name in SETTINGS.get(kind, ())]
            return _whole(kind, *known) if known and workspace == DEFAULT else None


def text(config: Map, name: str, default: str = "") -> str:
    """The text of a setting, ``default`` where it is not given; empty where it is not known."""
    node = config.entries.get(name)
    if node is None:
        return default if config.more is None else ""
    if not isinstance(node, Scalar):
        return ""
    return default if node.value is None else str(node.value)


def _whole(*parts: str) -> Key | None:
    return parts if all(parts) else None


def _path(*parts: str) -> str:
    return "/".join(parts) if all(parts) else ""


def _local(config: Map, workspace: str, folder: str) -> Key | None:
    if workspace == DEFAULT:
        path = text(config, "path", FILE)
    else:
        path = _path(text(config, "workspace_dir", FOLDER), workspace, FILE)
    return _whole("local", path and disk.real(os.path.join(folder, path)))  # noqa: PTH118 -- a string is at hand


def _workspace(config: Map, workspace: str) -> str:
    """The name of a workspace of HCP Terraform: the one named, or the one chosen among several."""
    node = _single(config.entries.get("workspaces"))
    if not isinstance(node, Map):
        return ""
    name, prefix = text(node, "name"), text(node, "prefix")
    if name or "name" in node.entries:
        return name
    chosen = "" if workspace == DEFAULT else workspace
    if "prefix" in node.entries:
        return prefix + chosen if prefix and chosen else ""
    return chosen


def _single(node: Node | None) -> Node | None:
    if isinstance(node, Seq):
        return node.items[0] if len(node.items) == 1 and node.more is None else None
    return node
