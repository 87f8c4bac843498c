"""The files of a snapshot: which account and Region each is of, as its folders say, and what it holds."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from pathlib import PurePath

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.contents import in_utf8

MANIFEST = "netaudit-snapshot.json"
ENDINGS = (".json", ".json.gz")
LARGEST = 2_000_000_000
_GZIP = b"\x1f\x8b"
_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")


@dataclass(frozen=True, slots=True)
class Seen:
    """The account and the Region that something was seen in; empty where that is not known."""

    account: str = ""
    region: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, (self.account, self.region))) or "the snapshot"


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file with answers, and whose they are."""

    path: str
    seen: Seen


def is_account(name: str) -> bool:
    """Whether a folder's name is an account's id."""
    return _ACCOUNT.fullmatch(name) is not None


def is_region(name: str) -> bool:
    """Whether a folder's name is a Region's: ``eu-central-1``, ``us-gov-west-1``."""
    return _REGION.fullmatch(name) is not None


def files(path: str) -> Iterator[AnswerFile]:
    """The files of a snapshot, sorted; a file is the only one of its own. Hidden ones are left out."""
    if disk.kind(path) is not disk.Kind.FOLDER:
        yield AnswerFile(path, seen_by(os.path.dirname(path)))  # noqa: PTH120 -- as it was typed
        return
    for folder, below, names in disk.walk(path):
        below[:] = [name for name in below if not name.startswith(".")]
        seen = seen_by(folder)
        for name in names:
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield AnswerFile(os.path.normpath(f"{folder}{os.sep}{name}"), seen)


def seen_by(folder: str) -> Seen:
    """The account and the Region that a path's folders name, the innermost first."""
    names = PurePath(folder).parts[::-1]
    return Seen(next(filter(is_account, names), ""), next(filter(is_region, names), ""))


def content(path: str) -> bytes:
    """The text of a file, unpacked. Raises InputError where there is none."""
    try:
        found = disk.stream(path)
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", at=path) from None
    return in_utf8(_unpacked(found, path) if found.startswith(_GZIP) else found)


def head(path: str, size: int) -> bytes:
    """The beginning of a file's text; empty where it cannot be read."""
    try:
        found = disk.head(path, size)
        return in_utf8(zlib.decompressobj(31).decompress(found, size) if found.startswith(_GZIP) else found)
    except (OSError, zlib.error):
        return b""


def _unpacked(packed: bytes, path: str) -> bytes:
    unpacking = zlib.decompressobj(31)
    try:
        found = unpacking.decompress(packed, LARGEST)
    except (zlib.error, MemoryError) as error:
        raise InputError(f"it cannot be unpacked: {error}", at=path) from None
    if not unpacking.eof:
        why = "it unpacks to more than 2 GB" if unpacking.unconsumed_tail else "it is cut off"
        raise InputError(why, at=path)
    return found
