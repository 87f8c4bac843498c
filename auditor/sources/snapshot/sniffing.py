"""What looks like AWS answers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from auditor import disk
from auditor.sources.snapshot.files import ENDINGS, MANIFEST, head, is_account, is_region
from auditor.sources.snapshot.kinds import ITEMS, KINDS, KINDS_BY_KEY, LISTS, PARTS_BY_KEY, TAGS

_HEAD = 4096
_FEW = 20
_DEEPEST = 4
_THINGS = (b"[", b"{")
_WRAPPED = {*PARTS_BY_KEY, *KINDS_BY_KEY, TAGS}
_FIRST = re.compile(rb'\s*\{\s*"([^"\\]+)"\s*:\s*(\S)')
_NAMES = re.compile(rb'"([A-Za-z][A-Za-z0-9-]*)"\s*:')
_BESIDE = {"NextToken", "ResponseMetadata", "failures", "Marker", "nextToken", "NextMarker", "IsTruncated"}
_TELLING = {
    name.rstrip("?") for kind in KINDS for field in (*kind.id, *kind.tells) for name in field.split("|")
} - {"Name", "Id", "name", "arn", "Arn"}


def is_snapshot(path: str) -> bool:
    """Whether a folder, or a file, looks as if it held AWS answers; the heads of a few files are read.

    A folder does where some of its own files do, or those in its folders for accounts and Regions, or
    where it has nothing but folders that do.
    """
    if disk.kind(path) is not disk.Kind.FOLDER:
        return _is_answer(path)
    return _is_folder(path, 0)


def _is_folder(path: str, depth: int) -> bool:
    try:
        entries = [(name, kind) for name, kind in disk.entries(path) if not name.startswith(".")]
    except OSError:
        return False
    names = [name for name, kind in entries if kind is disk.Kind.FILE]
    if MANIFEST in names:
        return True
    answers = [name for name in names if name.lower().endswith(ENDINGS)]
    if any(_is_answer(f"{path}{os.sep}{name}") for name in answers[:_FEW]):
        return True
    if depth == _DEEPEST:
        return False
    below = [name for name, kind in entries if kind is disk.Kind.FOLDER]
    scopes = [name for name in below if is_account(name) or is_region(name)]
    if any(_is_folder(f"{path}{os.sep}{name}", depth + 1) for name in scopes[:_FEW]):
        return True
    return bool(below) and not names and all(_is_folder(f"{path}{os.sep}{name}", depth + 1) for name in below)


def _is_answer(path: str) -> bool:
    beginning = head(path, _HEAD)
    first = _FIRST.match(beginning)
    if first is None:
        return False
    names = [name.decode() for name in _NAMES.findall(beginning)]
    key, lists = first[1].decode(errors="replace"), first[2] == b"["
    if key in ITEMS or (key == "fileVersion" and _any(names, ITEMS)):
        return True
    if key in _BESIDE:
        return _any(names, KINDS_BY_KEY) and _any(names, _TELLING)
    if key in KINDS_BY_KEY or key in LISTS:
        empty = lists and beginning[first.end() :].lstrip().startswith(b"]")
        return empty or (first[2] in _THINGS and _any(names, _TELLING))
    return lists and _any(names[1:], _WRAPPED) and _any(names, _TELLING)


def _any(names: Iterable[str], known: Iterable[str]) -> bool:
    return not set(known).isdisjoint(names)
