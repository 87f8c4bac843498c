"""Room for values that depend on one another in long chains."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
DEEPEST = 60_000
STACK = 512 * 1024 * 1024


def deep(compute: Callable[[], T]) -> T:
    """What ``compute`` gives, with room for long chains of values: on a thread with a stack of its own."""
    results: list[T] = []
    failures: list[BaseException] = []

    def target() -> None:
        try:
            results.append(compute())
        except BaseException as error:  # raised again where it is waited for
            failures.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        threading.stack_size(STACK)
        thread = threading.Thread(target=copy_context().run, args=(target,), name="reading")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if failures:
        raise failures[0]
    return results[0]
