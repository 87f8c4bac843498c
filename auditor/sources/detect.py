"""What a path holds: Terraform roots, plans and state, found as a person would find them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.contents import is_document
from auditor.sources.folders import Folder, folders_below

_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_TERRAGRUNT = ("terragrunt.hcl", "terragrunt.stack.hcl")
_SAVED = (".json", ".tfstate")
STANDARD_INPUT = "-"


class InputKind(StrEnum):
    """The language of an input."""

    TERRAFORM = "terraform"
    TERRAGRUNT = "terragrunt"
    SAVED = "terraform-saved"  # a plan or state: which, its content says


@dataclass(frozen=True, slots=True)
class Input:
    """One root, or a document: ``path`` as the user would type it, ``-`` for standard input; ``files`` where
    only these of a root's files are meant."""

    path: str
    kind: InputKind
    files: tuple[str, ...] = ()


def find_inputs(paths: tuple[str, ...]) -> tuple[Input, ...]:
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
        elif Path(path).is_dir():
            for each in _folder_inputs(os.path.normpath(path)):
                found.setdefault(os.path.realpath(each.path), each)
        elif os.path.basename(path) in _TERRAGRUNT and Path(path).is_file():  # noqa: PTH119 -- as the user types it
            folder = os.path.dirname(os.path.normpath(path)) or "."  # noqa: PTH120 -- as above
            found.setdefault(os.path.realpath(folder), Input(folder, InputKind.TERRAGRUNT))
        elif not path.endswith(_TERRAFORM):
            _require_there(path)
            found.setdefault(os.path.realpath(path), Input(os.path.normpath(path), InputKind.SAVED))
        else:
            folder, name = _terraform_file(path)
            files.setdefault(folder, set()).add(name)
    for folder, names in files.items():
        found.setdefault(os.path.realpath(folder), Input(folder, InputKind.TERRAFORM, tuple(sorted(names))))
    return tuple(sorted(found.values(), key=lambda each: each.path))


def _require_path(path: str) -> None:
    if path != STANDARD_INPUT and ("\0" in path or not os.path.lexists(path)):
        raise InputError("no such file or folder", at=path)


def _require_there(path: str) -> None:
    """A document may come through a pipe that has a name: ``<(terraform show -json plan)``."""
    if not Path(path).exists():
        raise InputError("a broken link: it cannot be read", at=path)


def _require_file(path: str) -> None:
    if not Path(path).is_file():
        what = "a broken link" if Path(path).is_symlink() else "neither a file nor a folder"
        raise InputError(f"{what}: it cannot be read", at=path)


def _terraform_file(path: str) -> tuple[str, str]:
    """A file as its folder and its name."""
    _require_file(path)
    folder, name = os.path.split(os.path.normpath(path))
    return folder or ".", name


def _folder_inputs(path: str) -> tuple[Input, ...]:
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

    roots = uncalled({folder: _called(folder, kind) for folder, kind in kinds.items()})
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


def _called(folder: str, kind: InputKind) -> frozenset[str]:
    from auditor.sources import terraform, terragrunt

    if kind is InputKind.TERRAGRUNT:
        return terragrunt.called_modules(folder)
    return terraform.called_modules(folder)


def _is_terraform(name: str) -> bool:
    return name.endswith(_TERRAFORM) and not name.startswith(".")


def _files(folder: str) -> tuple[str, ...]:
    # What has such a name and is no readable file is Terraform's too: reading it says what is wrong.
    try:
        with os.scandir(folder) as entries:
            return tuple(entry.name for entry in entries if not entry.is_dir())
    except OSError as error:
        raise InputError(f"cannot read the folder: {error.strerror}", at=folder) from error
