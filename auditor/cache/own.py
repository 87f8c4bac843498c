"""What netaudit itself consists of: an answer of other code is not this code's answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGE = str(Path(__file__).parents[1])


@cache
def own_code() -> tuple[str, ...]:
    """The Python that runs, the files of the package, and the versions of what is installed beside it.

    A file counts as changed when its size or its time of change is another: by the same signs Python
    decides whether a compiled module is still good (PEP 552).
    """
    return (sys.version, sys.byteorder, *_files(_PACKAGE), *_installed())


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from _files(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _installed() -> Iterator[str]:
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 -- names alone are wanted
        except OSError:
            continue
        yield from sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
