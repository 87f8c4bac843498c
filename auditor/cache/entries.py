"""The files of the cache: whole or absent, named by what they hold, and never more than fits.

``<key>.index`` tells, for one question, the sets of observations that it was answered under, the newest
first, and where each answer lies; ``<digest of its bytes>.answer`` is an answer. A file is written beside and
then renamed, so that a reader finds the old one or the new one. One that is not what its digest says is
removed.
"""

from __future__ import annotations

import marshal
import os
from _blake2 import blake2b  # hashlib would load OpenSSL, which takes 4 MB
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from auditor import disk
from auditor.frozen import dataclass

LARGEST = 512 * 1024 * 1024
MOST_RECORDS = 8  # states of one input that are worth returning to: the branches that one works on
_SIZE = 32

Record = tuple[dict[disk.Look, disk.Seen], dict[str, str | None], str]


@dataclass(frozen=True, slots=True)
class Entries:
    """What is kept in ``folder``, in ``largest`` bytes at most."""

    folder: str
    largest: int = LARGEST

    def recall(self, key: str, environment: Mapping[str, str]) -> bytes | None:
        """The answer to ``key`` that was found when the disk and the environment were as they are now."""
        again: dict[disk.Look, disk.Seen] = {}
        for looks, variables, name in self._records(key):
            known = disk.Observations(looks, variables)
            if disk.still_so(known, environment, again):
                answer = self._answer(name)
                if answer is not None:
                    self._use(f"{key}.index", f"{name}.answer")
                    disk.include(known)
                    return answer
        return None

    def keep(self, key: str, seen: disk.Observations, answer: bytes) -> None:
        """Keep an answer with what it rests on; nothing where the folder cannot take it."""
        name = _digest(answer).hex()
        newest: Record = (seen.looks, seen.environment, name)
        older = [record for record in self._records(key) if record[:2] != newest[:2]]
        records = marshal.dumps([newest, *older[: MOST_RECORDS - 1]])
        with suppress(OSError):
            self._write(f"{name}.answer", answer)
            self._write(f"{key}.index", _digest(records) + records)
            self._make_room()

    def forget(self, key: str) -> None:
        """Remove all that is known of ``key``."""
        self._remove(f"{key}.index")

    def _records(self, key: str) -> list[Record]:
        text = self._read(f"{key}.index")
        if text is None:
            return []
        if _digest(text[_SIZE:]) != text[:_SIZE]:
            self.forget(key)
            return []
        records: list[Record] = marshal.loads(text[_SIZE:])  # noqa: S302 - its digest and its folder are checked
        return records

    def _answer(self, name: str) -> bytes | None:
        answer = self._read(f"{name}.answer")
        if answer is not None and _digest(answer).hex() != name:
            self._remove(f"{name}.answer")
            return None
        return answer

    def _read(self, name: str) -> bytes | None:
        try:
            return Path(self.folder, name).read_bytes()
        except OSError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        path = f"{self.folder}/new-{os.getpid()}-{os.urandom(8).hex()}"
        try:
            with open(path, "xb", opener=_for_the_user_alone) as file:
                file.write(content)
            os.replace(path, f"{self.folder}/{name}")  # noqa: PTH105 -- strings are at hand
        except OSError:
            self._remove(path)
            raise

    def _use(self, *names: str) -> None:
        """Mark files as used now: what was not used for longest goes first."""
        for name in names:
            with suppress(OSError):
                os.utime(Path(self.folder, name))

    def _remove(self, name: str) -> None:
        with suppress(OSError):
            Path(self.folder, name).unlink()

    def _make_room(self) -> None:
        files = sorted(self._files(), reverse=True)
        total = 0
        for _, size, name in files:
            total += size
            if total > self.largest:
                self._remove(name)

    def _files(self) -> Iterator[tuple[float, int, str]]:
        with os.scandir(self.folder) as found:
            for entry in found:
                with suppress(OSError):
                    if entry.name.endswith((".index", ".answer")) or entry.name.startswith("new-"):
                        status = entry.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, entry.name


def _for_the_user_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_SIZE).digest()
