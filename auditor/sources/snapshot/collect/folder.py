"""The folder that a snapshot is written to: whole files, for the user's eyes alone, and the manifest of them.

This is the one place that writes, and it writes below its folder only. A file is written beside and then
renamed, so that whatever interrupts a run leaves none that is cut off.
"""

from __future__ import annotations

import base64
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.snapshot.collect.refusals import Reason

SCHEMA = "netaudit/snapshot/1"
MANIFEST = "netaudit-snapshot.json"
_LACKS = ("denied", "not_offered")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Collected:
    """A file of the snapshot, by its path below the folder, and how many objects it holds."""

    account: str
    region: str
    operation: str
    file: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Denied:
    """A call that was not answered, whose answer the file lacks; ``reason`` is one of ``Reason``."""

    account: str
    region: str
    operation: str
    error: str
    reason: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds, what it lacks and why, and when its collection began (UTC).

    In the file, what a Region does not offer stands apart, under ``not_offered``: there is none of it there.
    """

    netaudit: str
    started: str
    collected: tuple[Collected, ...] = ()
    denied: tuple[Denied, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one snapshot."""

    path: str

    def objects(self, file: str) -> list[Any]:
        """The objects in a file that was collected earlier. Raises InputError where it cannot be read."""
        content = self._json(file)
        found: Any = next(iter(content.values()), []) if isinstance(content, dict) else []
        return found if isinstance(found, list) else [found]

    def holds(self, file: str) -> bool:
        """Whether a file is there."""
        return disk.kind(self._at(file)) is disk.Kind.FILE

    def manifest(self) -> Manifest | None:
        """The manifest that an earlier run left, or None. Raises InputError where the file is another."""
        if not self.holds(MANIFEST):
            return None
        try:
            content = self._json(MANIFEST)
            if content["schema"] != SCHEMA:
                raise InputError(f"its schema is not {SCHEMA}", at=self._at(MANIFEST))
            return Manifest(
                netaudit=str(content["netaudit"]),
                started=str(content["started"]),
                collected=tuple(Collected(**each) for each in content["collected"]),
                denied=tuple(Denied(**each) for name in _LACKS for each in content[name]),
            )
        except (KeyError, TypeError) as error:
            raise InputError("it is not the manifest of a snapshot", at=self._at(MANIFEST)) from error

    def write(self, file: str, content: Any) -> None:
        """Write a file, whole. Raises InputError where the disk does not take it."""
        target = Path(self.path, file)
        beside = target.with_name(f".new-{os.getpid()}-{os.urandom(8).hex()}")
        text = json.dumps(content, indent=1, ensure_ascii=False, default=_plain) + "\n"
        try:
            _make_folders(target.parent)
            try:
                new = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(new, "w", encoding="utf-8", errors="replace") as out:
                    out.write(text)
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", at=str(target)) from error

    def write_manifest(self, manifest: Manifest) -> None:
        """Write what has been collected so far, in a stable order."""
        lacks: dict[str, list[object]] = {name: [] for name in _LACKS}
        for each in sorted(manifest.denied):
            lacks["not_offered" if each.reason == Reason.NOT_OFFERED else "denied"].append(_row(each, Denied))
        collected = [_row(each, Collected) for each in sorted(manifest.collected)]
        told = {"schema": SCHEMA, "netaudit": manifest.netaudit, "started": manifest.started}
        self.write(MANIFEST, {**told, "collected": collected, **lacks})

    def _json(self, file: str) -> Any:
        path = self._at(file)
        try:
            return json.loads(disk.content(path))
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", at=path) from error
        except ValueError as error:
            raise InputError(f"it is no JSON: {error}", at=path) from error

    def _at(self, file: str) -> str:
        return str(Path(self.path, file))


def _row(row: Collected | Denied, of: type[Collected | Denied]) -> dict[str, object]:
    return {name: getattr(row, name) for name in of.__slots__}


def _make_folders(path: Path) -> None:
    """The folder and those above it; those that are new are the user's alone, not the last only."""
    if disk.kind(str(path)) is not disk.Kind.FOLDER:
        _make_folders(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def _plain(value: object) -> str:
    """What JSON has no word for, as the AWS command line writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"an answer holds a {type(value).__name__}")


def path_of(account: str, region: str, file: str) -> str:
    """Where a piece of an account and a Region stands below the folder."""
    return f"{account}/{region}/{file}.json"
