"""What a path holds: Terraform roots, plans and state, found as a person would find them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.contents import is_document
from auditor.sources.folders import Folder, folders_below

_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_TERRAGRUNT = ("terragrunt.hcl", "terragrunt.stack.hcl")
_SAVED = (".json", ".tfstate")
STANDARD_INPUT = "-"
NO_ENVIRONMENT: Mapping[str, str] = {}


class InputKind(StrEnum):
    """The language of an input."""

    TERRAFORM = "terraform"
    TERRAGRUNT = "terragrunt"
    SAVED = "plan or state"  # which of them, its content says when it is read
    PLAN = "plan"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Input:
    """One root, or a document: ``path`` as the user would type it, ``-`` for standard input; ``files`` where
    only these of a root's files are meant."""

    path: str
    kind: InputKind
    files: tuple[str, ...] = ()


def find_inputs(paths: tuple[str, ...], environment: Mapping[str, str] = NO_ENVIRONMENT) -> tuple[Input, ...]:
    """The roots in ``paths``, sorted and each once; the current folder where no path is given.

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
            for each in _folder_inputs(os.path.normpath(path), environment):
                found.setdefault(disk.real(each.path), each)
        elif os.path.basename(path) in _TERRAGRUNT and disk.kind(path) is disk.Kind.FILE:  # noqa: PTH119 -- as the user types it
            folder = os.path.dirname(os.path.normpath(path)) or "."  # noqa: PTH120 -- as above
            found.setdefault(disk.real(folder), Input(folder, InputKind.TERRAGRUNT))
        elif not path.endswith(_TERRAFORM):
            _require_there(path)
            found.setdefault(disk.real(path), Input(os.path.normpath(path), InputKind.SAVED))
        else:
            folder, name = _terraform_file(path)
            files.setdefault(folder, set()).add(name)
    for folder, names in files.items():
        found.setdefault(disk.real(folder), Input(folder, InputKind.TERRAFORM, tuple(sorted(names))))
    return tuple(sorted(found.values(), key=lambda each: each.path))


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


def _folder_inputs(path: str, environment: Mapping[str, str]) -> tuple[Input, ...]:
    kind = _kind(Folder(path, _files(path)))
    if kind is not None and not (kind is InputKind.TERRAGRUNT and _TERRAGRUNT[0] not in _files(path)):
        return (Input(path, kind),)
    below = tuple(folders_below(path))
    kinds = {each.path: kind for each in below if (kind := _kind(each)) is not None}
    documents = tuple(
        Input(document, InputKind.SAVED) for each in below for document in _documents(each, kinds)
    )
    if not kinds and not documents:
        raise InputError(
            "no Terraform here",
            at=path,
            hint="netaudit looks for *.tf, terragrunt.hcl, plans and state, here and in the folders below",
        )
    from auditor.sources.terraform import uncalled

    roots = uncalled({folder: _called(folder, kind, environment) for folder, kind in kinds.items()})
    return (*(Input(folder, kinds[folder]) for folder in roots), *documents)


def _documents(folder: Folder, kinds: Mapping[str, InputKind]) -> Iterator[str]:
    """The plans and state in a folder; beside code they are its own, and say what it says already."""
    for name in folder.files if folder.path not in kinds else ():
        path = os.path.normpath(os.path.join(folder.path, name))  # noqa: PTH118 -- as the user types it
        if name.endswith(_SAVED) and is_document(path):
            yield path


def _kind(folder: Folder) -> InputKind | None:
    """What is in a folder itself."""
    if any(name in folder.files for name in _TERRAGRUNT):
        from auditor.sources import terragrunt

        if terragrunt.is_unit(folder.path, folder.files):
            return InputKind.TERRAGRUNT
    return InputKind.TERRAFORM if any(map(_is_terraform, folder.files)) else None


def _called(folder: str, kind: InputKind, environment: Mapping[str, str]) -> frozenset[str]:
    from auditor.sources import terraform, terragrunt

    if kind is InputKind.TERRAGRUNT:
        return terragrunt.called_modules(folder, environment)
    return terraform.called_modules(folder)


def _is_terraform(name: str) -> bool:
    return name.endswith(_TERRAFORM) and not name.startswith(".")


def _files(folder: str) -> tuple[str, ...]:
    # What has such a name and is no readable file is Terraform's too: reading it says what is wrong.
    try:
        return tuple(name for name, kind in disk.entries(folder) if kind is not disk.Kind.FOLDER)
    except OSError as error:
        raise InputError(f"cannot read the folder: {error.strerror}", at=folder) from error
