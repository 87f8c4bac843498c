"""Which folders are root modules, and which are called by others."""

from __future__ import annotations

from auditor.sources.terraform.configuration.declarations import declarations, find
from auditor.sources.terraform.configuration.files import read_folder
from auditor.sources.terraform.modules.installed import beside, holds_configuration, is_local
from auditor.sources.terraform.syntax import ast


def is_root(folder: str) -> bool:
    """Whether a folder holds Terraform or OpenTofu files, so that it can be read as a root module."""
    return holds_configuration(folder)


def called_modules(folder: str) -> frozenset[str]:
    """The folders that the configuration in ``folder`` calls as local modules, seen from where it is seen."""
    found: set[str] = set()
    for block in declarations(read_folder(folder)).blocks["module"].values():
        source = find(block.body, "source")
        if source is None or not isinstance(source.value, ast.Literal):
            continue
        text = source.value.value
        if isinstance(text, str) and is_local(text):
            found.add(beside(folder, text))
    return frozenset(found)
