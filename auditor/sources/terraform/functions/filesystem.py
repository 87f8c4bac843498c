"""Functions that read files: only below the root's folder or the module's own; elsewhere they are unknown.

A relative path starts at the root's folder, where Terraform runs.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from pathlib import Path

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.functions.encoding import encoded
from auditor.sources.terraform.functions.hashing import digest
from auditor.sources.terraform.functions.signature import over_nodes, over_values, to_node
from auditor.sources.terraform.values import CallSite, unknown_call
from auditor.sources.terraform.values.compare import make_set
from auditor.tree import Node, Reason, Scalar, Unknown

_OUTSIDE = "a path below the root's folder: no other is read"
_MOST_FILES = 100_000


def _locate(site: CallSite, path: Node) -> Path | None:
    """The real place of a path; None where it is not known or outside the folders that may be read."""
    if not isinstance(path, Scalar) or not isinstance(path.value, str) or path.value.startswith("~"):
        return None
    place = Path(disk.real(str(Path(site.root_folder, path.value))))
    folders = (Path(disk.real(folder)) for folder in (site.root_folder, site.module_folder))
    return place if any(place.is_relative_to(folder) for folder in folders) else None


def _unread(site: CallSite, path: Node, type_: str, *others: Node) -> Unknown:
    if isinstance(path, Scalar):
        reason = Reason(f'{site.name}("{path.value}")', site.at, _OUTSIDE)
        return Unknown((reason,), site.at, identity=unknown_call(site, (path, *others)).identity, type=type_)
    return unknown_call(site, (path, *others), type_)


def _over_content(site: CallSite, path: Node, work: Callable[[bytes], str]) -> Node:
    place = _locate(site, path)
    if place is None:
        return _unread(site, path, "string")
    try:
        return to_node(work(site.read_file(str(place))), site.at)
    except PermissionError:
        return _unread(site, path, "string")
    except OSError:
        shown = path.value if isinstance(path, Scalar) else place
        message = f'invalid value for "path" parameter: no file exists at "{shown}"'
        hint = "this function works only with files that are part of the configuration"
        raise InputError(message, hint=hint) from None


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InputError("contents of the file are not valid UTF-8; use the filebase64 function") from None


@over_nodes({"path": "string"})
def file(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, _text)


@over_nodes({"path": "string"})
def filebase64(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, encoded)


@over_nodes({"path": "string"})
def filebase64sha256(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: encoded(digest("sha256", content)))


@over_nodes({"path": "string"})
def filebase64sha512(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: encoded(digest("sha512", content)))


@over_nodes({"path": "string"})
def filemd5(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: digest("md5", content).hex())


@over_nodes({"path": "string"})
def filesha1(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: digest("sha1", content).hex())


@over_nodes({"path": "string"})
def filesha256(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: digest("sha256", content).hex())


@over_nodes({"path": "string"})
def filesha512(site: CallSite, path: Node) -> Node:
    return _over_content(site, path, lambda content: digest("sha512", content).hex())


@over_nodes({"path": "string"})
def fileexists(site: CallSite, path: Node) -> Node:
    place = _locate(site, path)
    if place is None:
        return _unread(site, path, "bool")
    found = disk.kind(str(place))
    if found is disk.Kind.ABSENT:
        return Scalar(value=False, at=site.at)
    if found is not disk.Kind.FILE:
        raise InputError("the path is a folder or another thing that is not a regular file")
    return Scalar(value=True, at=site.at)


@over_nodes({"path": "string", "pattern": "string"})
def fileset(site: CallSite, path: Node, pattern: Node) -> Node:
    """The files below a folder that match a pattern with ``*``, ``**``, ``?``, ``[a-z]`` and ``{a,b}``."""
    if not isinstance(path, Scalar) or not isinstance(pattern, Scalar):
        return _unread(site, path if isinstance(pattern, Scalar) else pattern, "set(string)")
    up, rest = _climbing(posixpath.normpath(str(pattern.value)))
    folder = _locate(site, Scalar(posixpath.join(str(path.value), up), site.at))
    if folder is None:
        return _unread(site, path, "set(string)")
    matcher = _glob(rest)
    found = [up + name for name in _files_below(folder) if matcher.fullmatch(name)]
    return make_set([to_node(name, site.at) for name in found], site.at)


def _climbing(pattern: str) -> tuple[str, str]:
    """A pattern's steps up to the parents, and the rest of it."""
    up = re.match(r"(?:\.\./)*", pattern)
    steps = up.group() if up else ""
    return steps, pattern[len(steps) :]


def _files_below(folder: Path) -> list[str]:
    found: list[str] = []
    for parent, _, names in disk.walk(str(folder)):
        found += (Path(parent, name).relative_to(folder).as_posix() for name in names)
        if len(found) > _MOST_FILES:
            raise InputError(f"more than {_MOST_FILES} files are below the folder")
    return [name for name in found if disk.kind(str(Path(folder, name))) is disk.Kind.FILE]


_GLOB = r"\*\*/|\*\*|\*|\?|\[\^?[^\]]+\]|[{},]|\\.|."
_GLOB_PARTS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def _glob(pattern: str) -> re.Pattern[str]:
    text, depth = [], 0
    for part in re.findall(_GLOB, pattern, re.DOTALL):
        depth += (part == "{") - (part == "}")
        if part == "," and depth:
            text.append("|")
        elif part in _GLOB_PARTS:
            text.append(_GLOB_PARTS[part])
        elif part.startswith("[") and len(part) > 1:
            text.append(f"[^{part[2:]}" if part[1] == "^" else part)
        elif part == "[":
            raise InputError(f'failed to glob pattern "{pattern}": syntax error in pattern')
        else:
            text.append(re.escape(part[-1]))
    try:
        return re.compile("".join(text), re.DOTALL)
    except re.error:
        raise InputError(f'failed to glob pattern "{pattern}": syntax error in pattern') from None


@over_values
def basename(path: str) -> str:
    trimmed = path.rstrip("/")
    return trimmed.rpartition("/")[2] if trimmed else ("/" if path else ".")


@over_values
def dirname(path: str) -> str:
    return posixpath.normpath(path.rpartition("/")[0] + ("/" if path.startswith("/") else "")).replace(
        "//", "/"
    )


@over_values
def abspath(site: CallSite, path: str) -> str:
    return os.path.abspath(Path(site.root_folder, path)).replace("\\", "/")  # noqa: PTH100 -- keeps links, as Go does


@over_nodes({"path": "string"})
def pathexpand(site: CallSite, path: Node) -> Node:
    """The path itself; unknown below ``~``, since the home folder is that of who runs Terraform."""
    if isinstance(path, Scalar) and not str(path.value).startswith("~"):
        return path
    return _unread(site, path, "string")
