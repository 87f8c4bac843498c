"""The one door to the disk: whoever reads it looks through here, and every look can be written down.

A look is asked again by its name and its arguments, so what was read of a disk can be compared with what the
disk holds later: ``observed`` takes down all looks of a piece of work, ``still_so`` says whether each would
give the same today. What cannot be asked again (standard input) makes the notes ``unrepeatable``.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from _blake2 import blake2b  # hashlib would load OpenSSL, which takes 4 MB
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from auditor.frozen import dataclass

Look = tuple[str, ...]
Seen = str | bytes | tuple[tuple[str, str], ...] | None
S = TypeVar("S", str, bytes, tuple[tuple[str, str], ...], str | None)


class Kind(StrEnum):
    """What stands at a path, links followed."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Observations:
    """Looks, variables, and what was seen of them; ``unrepeatable`` holds why that is not all."""

    looks: dict[Look, Seen] = field(default_factory=dict)
    environment: dict[str, str | None] = field(default_factory=dict)
    unrepeatable: list[str] = field(default_factory=list)

    def note(self, look: Look, seen: Seen) -> None:
        """Take down one look. Two that differ mean that the disk changed meanwhile."""
        if self.looks.setdefault(look, seen) != seen:
            self.unrepeatable.append(f"{look[1]} changed while it was read")

    def note_variable(self, name: str, value: str | None) -> None:
        """Take down a variable. Two values that differ mean that there is more than one environment."""
        if self.environment.setdefault(name, value) != value:
            self.unrepeatable.append(f"{name} has two values")

    def add(self, other: Observations) -> None:
        """Take down all that ``other`` holds."""
        for look, seen in other.looks.items():
            self.note(look, seen)
        for name, value in other.environment.items():
            self.note_variable(name, value)
        self.unrepeatable.extend(other.unrepeatable)


# What stands there is another thing in another run: /dev/stdin, /dev/fd/63.
_OF_THE_PROCESS = ("/dev/", "/proc/")
_NOTES: ContextVar[tuple[Observations, ...]] = ContextVar("notes", default=())
_IN_PLACE: ContextVar[Mapping[str, bytes] | None] = ContextVar("in place", default=None)


@contextmanager
def observed() -> Iterator[Observations]:
    """All looks of this thread while the block runs; what an outer block observes includes them."""
    notes = Observations()
    token = _NOTES.set((*_NOTES.get(), notes))
    try:
        yield notes
    finally:
        _NOTES.reset(token)


@contextmanager
def in_place(files: Mapping[str, bytes]) -> Iterator[None]:
    """While the block runs, these are what the files hold, by their real paths: no disk is written."""
    token = _IN_PLACE.set(files)
    try:
        yield
    finally:
        _IN_PLACE.reset(token)


def include(known: Observations) -> None:
    """Count ``known`` as looked at now, by whoever observes."""
    for notes in _NOTES.get():
        notes.add(known)


def still_so(known: Observations, environment: Mapping[str, str], again: dict[Look, Seen]) -> bool:
    """Whether every look gives what it gave; ``again`` keeps what was looked at, for further notes."""
    if any(environment.get(name) != value for name, value in known.environment.items()):
        return False
    for look, seen in known.looks.items():
        if look not in again:
            again[look] = _looked(look)
        if again[look] != seen:
            return False
    return not known.unrepeatable


def content(path: str, largest: int = sys.maxsize) -> bytes:
    """The bytes of a regular file.

    Raises OSError where it cannot be read: IsADirectoryError for a folder, FileTooLargeError beyond
    ``largest`` bytes, NotRegularError for a device or a pipe.
    """
    return _observed(("content", path, str(largest)), lambda: _content(path, largest))


def head(path: str, size: int) -> bytes:
    """The first ``size`` bytes of a regular file. Raises OSError where it cannot be read."""
    return _observed(("head", path, str(size)), lambda: _content(path, sys.maxsize, size))


def _observed(look: Look, read: Callable[[], bytes]) -> bytes:
    """What ``read`` gives, noted by its digest, or by why it fails."""
    try:
        found = read()
    except (OSError, ValueError) as error:
        _note(look, _failure(error))
        raise
    if _NOTES.get():
        _note(look, _digest(found))
    return found


def stream(path: str) -> bytes:
    """All that a path gives which the user has named: a file, or a pipe, which gives it once.

    Raises OSError where it cannot be read.
    """
    if kind(path) is not Kind.OTHER and not os.path.abspath(path).startswith(_OF_THE_PROCESS):
        return content(path)
    unrepeatable(f"{path} is read once")
    with open(path, "rb") as file:
        return file.read()


def kind(path: str) -> Kind:
    """What stands at ``path``, links followed; ABSENT also where that cannot be told."""
    return Kind(_note(("kind", path), _kind(path)))


def is_link(path: str) -> bool:
    """Whether ``path`` is a symbolic link, wherever it leads."""
    return _note(("link", path), _link(path)) is not None


def entries(folder: str) -> tuple[tuple[str, Kind], ...]:
    """The names in a folder, sorted, each with what it is; a link counts as what it leads to.

    Raises OSError where the folder cannot be read.
    """
    look = ("entries", folder)
    try:
        found = _entries(folder)
    except (OSError, ValueError) as error:
        _note(look, _failure(error))
        raise
    _note(look, found)
    return tuple((name, Kind(what)) for name, what in found)


def walk(top: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder from ``top`` down, with the names of the folders and of all else in it, sorted.

    As with ``os.walk``, names that are taken out of the list of folders are not walked into, nor are links,
    and a folder that cannot be read is left out.
    """
    try:
        found = entries(top)
    except (OSError, ValueError):
        return
    below = [name for name, what in found if what is Kind.FOLDER]
    yield top, below, [name for name, what in found if what is not Kind.FOLDER]
    for name in below:
        path = os.path.join(top, name)
        if not is_link(path):
            yield from walk(path)


def real(path: str) -> str:
    """The path with its links resolved."""
    return _note(("real", path), os.path.realpath(path)) or path


def standard_input() -> bytes:
    """All that is left of standard input, which nobody can look at twice."""
    unrepeatable("standard input was read")
    return sys.stdin.buffer.read()


def unrepeatable(why: str) -> None:
    """Say that the work depends on something that no look can tell again."""
    for notes in _NOTES.get():
        notes.unrepeatable.append(why)


def variable(environment: Mapping[str, str], name: str) -> str | None:
    """A variable of an environment; None where it is not set."""
    value = environment.get(name)
    for notes in _NOTES.get():
        notes.note_variable(name, value)
    return value


class FileTooLargeError(OSError):
    """The file is larger than its reader takes."""


class NotRegularError(OSError):
    """What is there is neither a file nor a folder."""


def _note(look: Look, seen: S) -> S:
    for notes in _NOTES.get():
        notes.note(look, seen)
    return seen


def _looked(look: Look) -> Seen:
    """What a look gives now, as it is noted."""
    try:
        match look:
            case ("content", path, largest):
                return _digest(_content(path, int(largest)))
            case ("head", path, size):
                return _digest(_content(path, sys.maxsize, int(size)))
            case ("entries", path):
                return _entries(path)
            case ("kind", path):
                return _kind(path)
            case ("link", path):
                return _link(path)
            case ("real", path):
                return os.path.realpath(path)
            case _:
                return f"no look is called {look[0]}"
    except (OSError, ValueError) as error:
        return _failure(error)


def _failure(error: OSError | ValueError) -> str:
    return f"{type(error).__name__} {getattr(error, 'errno', None)}"


def _digest(found: bytes) -> bytes:
    return blake2b(found, digest_size=32).digest()


def _content(path: str, largest: int, size: int = -1) -> bytes:
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", path)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "it is no regular file", path)
    if status.st_size > largest:
        raise FileTooLargeError(errno.EFBIG, f"it is larger than {largest // 1_000_000} MB", path)
    given = _IN_PLACE.get()
    if given and (real_path := os.path.realpath(path)) in given:
        return given[real_path][: None if size < 0 else size]
    with open(path, "rb") as file:
        return file.read(size)


def _entries(folder: str) -> tuple[tuple[str, str], ...]:
    with os.scandir(folder) as found:
        return tuple(sorted((entry.name, _kind_of_entry(entry)) for entry in found))


def _kind_of_entry(entry: os.DirEntry[str]) -> str:
    if entry.is_dir():
        return Kind.FOLDER.value
    return Kind.FILE.value if entry.is_file() else Kind.OTHER.value


def _kind(path: str) -> str:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return Kind.ABSENT.value
    if stat.S_ISREG(mode):
        return Kind.FILE.value
    return Kind.FOLDER.value if stat.S_ISDIR(mode) else Kind.OTHER.value


def _link(path: str) -> str | None:
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None
