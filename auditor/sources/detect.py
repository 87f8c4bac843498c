"""What the paths that a user gives hold: roots, documents, templates, found as a person would find them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from auditor import disk
from auditor.errors import InputError
from auditor.sources.cloudformation.sniffing import MANIFEST, is_assembly
from auditor.sources.cloudformation.syntax.sniff import is_template
from auditor.sources.contents import opening
from auditor.sources.inputs import STANDARD_INPUT, Input, InputKind
from auditor.sources.search import NO_ENVIRONMENT, TERRAFORM, TERRAGRUNT, folder_inputs

_YAML = (".yaml", ".yml", ".template")


def find_inputs(paths: tuple[str, ...], environment: Mapping[str, str] = NO_ENVIRONMENT) -> tuple[Input, ...]:
    """The inputs in ``paths``, sorted and each once; the current folder where no path is given.

    A folder with Terraform in it is a root, one with a unit of Terragrunt's is that unit. One without is
    searched, hidden folders and what git ignores left out; a module that another root calls is no root of
    its own. Raises InputError for a path that is not there, cannot be read, or holds nothing that netaudit
    reads.
    """
    found: dict[str, Input] = {}
    files: dict[str, set[str]] = {}
    for path in paths or (".",):
        _require_path(path)
        if path == STANDARD_INPUT:
            found.setdefault(path, Input(path, InputKind.SAVED))
        elif disk.kind(path) is disk.Kind.FOLDER:
            for each in folder_inputs(os.path.normpath(path), environment):
                found.setdefault(disk.real(each.path), each)
        elif path.endswith(TERRAFORM):
            folder, name = _terraform_file(path)
            files.setdefault(folder, set()).add(name)
        else:
            each = _file_input(path)
            found.setdefault(disk.real(each.path), each)
    for folder, names in files.items():
        found.setdefault(disk.real(folder), Input(folder, InputKind.TERRAFORM, tuple(sorted(names))))
    return tuple(sorted(found.values(), key=lambda each: each.path))


def _file_input(path: str) -> Input:
    """A file that is named: what stands for its folder, or a document that its content tells from others."""
    folder, name = os.path.split(os.path.normpath(path))
    folder = folder or "."
    if disk.kind(path) is not disk.Kind.FILE:
        _require_there(path)
        return Input(os.path.normpath(path), InputKind.SAVED)
    if name in TERRAGRUNT:
        return Input(folder, InputKind.TERRAGRUNT)
    if name == MANIFEST and is_assembly(folder, (name,)):
        return Input(folder, InputKind.CDK)
    if name.endswith(_YAML) or is_template(opening(path)):
        return Input(os.path.normpath(path), InputKind.CLOUDFORMATION)
    return Input(os.path.normpath(path), InputKind.SNAPSHOT if _is_snapshot(path) else InputKind.SAVED)


def _is_snapshot(path: str) -> bool:
    from auditor.sources.snapshot import is_snapshot

    return path.endswith((".json", ".json.gz")) and is_snapshot(path)


def _require_path(path: str) -> None:
    if path != STANDARD_INPUT and ("\0" in path or not (disk.is_link(path) or _is_there(path))):
        raise InputError("no such file or folder", at=path)


def _is_there(path: str) -> bool:
    return disk.kind(path) is not disk.Kind.ABSENT


def _require_there(path: str) -> None:
    """A document may come through a pipe that has a name: ``<(terraform show -json plan)``."""
    if not _is_there(path):
        raise InputError("a broken link: it cannot be read", at=path)


def _require_file(path: str) -> None:
    if disk.kind(path) is not disk.Kind.FILE:
        what = "a broken link" if disk.is_link(path) else "neither a file nor a folder"
        raise InputError(f"{what}: it cannot be read", at=path)


def _terraform_file(path: str) -> tuple[str, str]:
    """A file as its folder and its name."""
    _require_file(path)
    folder, name = os.path.split(os.path.normpath(path))
    return folder or ".", name
