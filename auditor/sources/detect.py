"""What a path holds: Terraform roots, found as a person would find them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import InputError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")


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
    left out; a module that another root calls is no root of its own.
    """
    found: dict[str, Input] = {}
    files: dict[str, list[str]] = {}
    for path in paths or (".",):
        if Path(path).is_file():
            folder, name = os.path.split(path)
            _require_terraform_file(path)
            files.setdefault(folder or ".", []).append(name)
        else:
            found |= {each.path: each for each in _folder_inputs(path)}
    for folder, names in files.items():
        found.setdefault(folder, Input(folder, InputKind.TERRAFORM, tuple(sorted(set(names)))))
    return tuple(found[path] for path in sorted(found))


def _require_terraform_file(path: str) -> None:
    if not path.endswith(_TERRAFORM):
        raise InputError(
            "not a kind of file that netaudit reads", at=path, hint="give *.tf files or a folder"
        )


def _folder_inputs(path: str) -> tuple[Input, ...]:
    if not Path(path).exists():
        raise InputError("no such file or folder", at=path)
    if _holds_terraform(path):
        return (Input(path, InputKind.TERRAFORM),)
    folders = tuple(_terraform_folders(path))
    if not folders:
        raise InputError(
            "no Terraform here",
            at=path,
            hint="netaudit looks for *.tf and *.tf.json, here and in the folders below",
        )
    return tuple(Input(folder, InputKind.TERRAFORM) for folder in _without_called(folders))


def _holds_terraform(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.name.endswith(_TERRAFORM) and entry.is_file() for entry in entries)


def _terraform_folders(top: str) -> Iterator[str]:
    """Folders below ``top`` that hold Terraform, sorted."""
    ignored: list[tuple[str, GitIgnoreSpec]] = []
    for folder, below, names in os.walk(top):
        if ".gitignore" in names:
            ignored.append((folder, _git_ignore(folder)))
        below[:] = sorted(
            name
            for name in below
            if not name.startswith(".") and not _is_ignored(f"{folder}{os.sep}{name}", ignored)
        )
        if folder != top and any(name.endswith(_TERRAFORM) for name in names):
            yield folder


def _git_ignore(folder: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    text = Path(folder, ".gitignore").read_text(encoding="utf-8", errors="replace")
    return GitIgnoreSpec.from_lines(text.splitlines())


def _is_ignored(folder: str, ignored: list[tuple[str, GitIgnoreSpec]]) -> bool:
    return any(
        spec.match_file(os.path.relpath(folder, base) + "/")
        for base, spec in ignored
        if folder.startswith(base + os.sep)
    )


def _without_called(folders: tuple[str, ...]) -> tuple[str, ...]:
    from auditor.sources.terraform import called_modules

    called = {os.path.realpath(each) for folder in folders for each in called_modules(folder)}
    roots = tuple(folder for folder in folders if os.path.realpath(folder) not in called)
    return roots or folders
