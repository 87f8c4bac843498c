"""Several roots read at once, each in a process of its own; what comes of it is the same."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from functools import partial
from typing import TypeVar

from auditor import disk
from auditor.packed import NotPackedError, pack, unpack
from auditor.sources.terraform.states import NotAloneError
from auditor.tree import Reading

T = TypeVar("T")
Returned = tuple[bytes | None, disk.Observations]


def read_apart(read: Callable[[T], Reading], inputs: Sequence[T], jobs: int) -> tuple[Reading, ...] | None:
    """What ``read`` gives for each of ``inputs``, worked out in at most ``jobs`` processes.

    None where one of them is not to be read without the others (NotAloneError), or there is no other process.
    Raises what it raises for the first of them that fails. What cannot be handed from one process to the
    other is read in this one.
    """
    try:
        with ProcessPoolExecutor(min(jobs, len(inputs)), initializer=gc.disable) as pool:
            returned = list(pool.map(partial(_in_a_process, read), inputs))
    except (NotAloneError, BrokenExecutor, ImportError, NotImplementedError, OSError):
        return None
    return tuple(_taken(read, each, *found) for each, found in zip(inputs, returned, strict=True))


def _in_a_process(read: Callable[[T], Reading], found: T) -> Returned:
    with disk.observed() as seen:
        reading = read(found)
    try:
        return pack(reading), seen
    except (NotPackedError, RecursionError):
        return None, seen


def _taken(read: Callable[[T], Reading], found: T, content: bytes | None, seen: disk.Observations) -> Reading:
    disk.include(seen)
    reading = None if content is None else unpack(content, ("auditor.tree",))
    return reading if isinstance(reading, Reading) else read(found)
