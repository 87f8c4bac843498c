"""What a path holds: Terraform roots, found as a person would find them."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.folders import folders_below

_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_STANDARD_INPUT = "-"


class InputKind(StrEnum):
    """The language of an input."""

    TERRAFORM = "terraform"


@dataclass(frozen=True, slots=True)
class Input:
    """One root: ``path`` as the user would type it; ``files`` where only these of its files are meant."""

    path: str
    kind: InputKind
    files: tuple[str, ...] = ()


def find_inputs(paths: tuple[str, ...]) -> tuple[Input, ...]:
    """The roots in ``paths``, sorted and each once; the current folder where no path is given.

    A folder with Terraform in it is a root. One without is searched, hidden folders and what git ignores
    left out; a module that another root calls is no root of its own. Raises InputError for a path that is
    not there, cannot be read, or holds nothing that netaudit reads.
    """
    found: dict[str, Input] = {}
    files: dict[str, set[str]] = {}
    for path in paths or (".",):
        _require_path(path)
        if Path(path).is_dir():
            for each in _folder_inputs(os.path.normpath(path)):
                found.setdefault(os.path.realpath(each.path), each)
        else:
            folder, name = _terraform_file(path)
            files.setdefault(folder, set()).add(name)
    for folder, names in files.items():
        found.setdefault(os.path.realpath(folder), Input(folder, InputKind.TERRAFORM, tuple(sorted(names))))
    return tuple(sorted(found.values(), key=lambda each: each.path))


def _require_path(path: str) -> None:
    if path == _STANDARD_INPUT:
        raise InputError("standard input is not read", at=path, hint="give a folder or *.tf files")
    if "\0" in path or not os.path.lexists(path):
        raise InputError("no such file or folder", at=path)


def _terraform_file(path: str) -> tuple[str, str]:
    """A file as its folder and its name."""
    if not path.endswith(_TERRAFORM):
        hint = "give *.tf or *.tf.json files, or a folder"
        raise InputError("not a kind of file that netaudit reads", at=path, hint=hint)
    if not Path(path).is_file():
        what = "a broken link" if Path(path).is_symlink() else "neither a file nor a folder"
        raise InputError(f"{what}: it cannot be read", at=path)
    folder, name = os.path.split(os.path.normpath(path))
    return folder or ".", name


def _folder_inputs(path: str) -> tuple[Input, ...]:
    if _holds_terraform(path):
        return (Input(path, InputKind.TERRAFORM),)
    folders = tuple(each.path for each in folders_below(path) if any(map(_is_terraform, each.files)))
    if not folders:
        raise InputError(
            "no Terraform here",
            at=path,
            hint="netaudit looks for *.tf and *.tf.json, here and in the folders below",
        )
    from auditor.sources.terraform import called_modules, uncalled

    roots = uncalled({folder: called_modules(folder) for folder in folders})
    return tuple(Input(folder, InputKind.TERRAFORM) for folder in roots)


def _is_terraform(name: str) -> bool:
    return name.endswith(_TERRAFORM) and not name.startswith(".")


def _holds_terraform(folder: str) -> bool:
    # What has such a name and is no readable file is Terraform's too: reading it says what is wrong.
    try:
        with os.scandir(folder) as entries:
            return any(_is_terraform(entry.name) and not entry.is_dir() for entry in entries)
    except OSError as error:
        raise InputError(f"cannot read the folder: {error.strerror}", at=folder) from error
