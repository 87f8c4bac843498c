"""The files of one folder: which of them Terraform reads, and what they hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.places import place_of
from auditor.sources.terraform.syntax import ast
from auditor.tree import Gap, GapKind, Location

LARGEST_FILE = 50_000_000
SUFFIXES = (".tf.json", ".tofu.json", ".tf", ".tofu")


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The bodies of a folder's files in Terraform's order, the overriding ones apart, and what is broken."""

    bodies: list[ast.Body] = field(default_factory=list)
    overrides: list[ast.Body] = field(default_factory=list)
    broken: list[Location] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def suffix_of(name: str) -> str:
    """Which of Terraform's suffixes a file's name ends with; empty where it is no file of Terraform's."""
    if name.startswith((".", "#")) or name.endswith(("~", "#")):
        return ""
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def configuration_names(folder: str) -> list[str]:
    """The names of the files in a folder that Terraform (or OpenTofu) reads, in its order; may raise OSError.

    A ``.tofu`` file stands in for the ``.tf`` file of the same name, as OpenTofu has it.
    """
    names = [name for name, _ in disk.entries(folder) if suffix_of(name)]
    present = set(names)
    return [name for name in names if _tofu_name(name) not in present]


def _tofu_name(name: str) -> str:
    suffix = suffix_of(name)
    if suffix not in {".tf", ".tf.json"}:
        return ""
    return name.removesuffix(suffix) + suffix.replace(".tf", ".tofu")


def overrides(name: str) -> bool:
    """Whether a file of that name overrides what the others declare."""
    stem = name.removesuffix(suffix_of(name))
    return stem == "override" or stem.endswith("_override")


def read_bytes(path: str) -> bytes:
    """A file's content; InputError where it is too large or cannot be read."""
    try:
        return disk.content(path, LARGEST_FILE)
    except (IsADirectoryError, disk.NotRegularError) as error:
        what = "a folder" if isinstance(error, IsADirectoryError) else "no regular file"
        raise InputError(f"it has the name of a file of Terraform's, and is {what}", at=path) from None
    except disk.FileTooLargeError:
        hint = "split it, or leave it out"
        raise InputError(
            f"the file is larger than {LARGEST_FILE // 1_000_000} MB", at=path, hint=hint
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"the file cannot be read: {getattr(error, 'strerror', None) or error}", at=path
        ) from None


def parse_path(path: str) -> ast.Body:
    """The body of a file, native or JSON by its name; InputError where it does not parse."""
    return parse_text(read_bytes(path), path)


def parse_text(text: bytes, path: str) -> ast.Body:
    """The body of a file whose content is at hand; InputError where it does not parse."""
    from auditor.sources.terraform.syntax import parse_file_text

    try:
        return parse_file_text(text, path)
    except RecursionError:
        raise InputError("the file is nested too deeply", at=path) from None


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is put over a folder's files: the files of other folders, and texts by name."""

    folders: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)


NO_OVERLAY = Overlay()


def read_folder(folder: str, only: tuple[str, ...] = (), over: Overlay = NO_OVERLAY) -> SourceFiles:
    """All that a folder's files hold, or, where they are given, the files ``only``.

    A file that does not parse is a gap; it may declare more, as may the files that are left out.
    """
    found = SourceFiles()
    try:
        paths = _paths(folder, over)
    except OSError as error:
        why = f"the folder cannot be read: {error.strerror}"
        found.gaps.append(Gap(GapKind.INVALID, folder, Location(folder), why))
        return found
    if only and not set(paths) <= set(only):
        found.broken.append(Location(folder))
        paths = {name: path for name, path in paths.items() if name in only}
    for name, path in paths.items():
        try:
            body = parse_text(over.texts[name], path) if name in over.texts else parse_path(path)
        except InputError as error:
            place = place_of(error, Location(path))
            found.broken.append(place)
            found.gaps.append(Gap(GapKind.SYNTAX, path, place, error.message, error.hint))
            continue
        (found.overrides if overrides(name) else found.bodies).append(body)
    return found


def _paths(folder: str, over: Overlay) -> dict[str, str]:
    """The paths of the files by name, in Terraform's order; may raise OSError."""
    paths: dict[str, str] = {}
    for each in (folder, *over.folders):
        for name in configuration_names(each):
            paths[name] = os.path.join(each, name) if each != "." else name  # noqa: PTH118 -- a string is at hand
    if not over.folders and not over.texts:
        return paths
    last = over.folders[-1] if over.folders else folder
    paths.update({name: f"{last}/{name}" for name in over.texts})
    return {name: paths[name] for name in sorted(paths)}
