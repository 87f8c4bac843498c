"""Values that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is worked out once, at the first call; two are equal where their values are."""

    __slots__ = ("_value", "_work")

    def __init__(self, work: Callable[[], T]) -> None:
        self._work: Callable[[], T] | None = work

    def __call__(self) -> T:
        """The value."""
        if self._work is not None:
            self._value = self._work()
            self._work = None
        return self._value

    def __eq__(self, other: object) -> bool:
        """Whether the values are equal, which works them out."""
        return isinstance(other, Later) and self() == other()

    def __hash__(self) -> int:
        """That of the value."""
        return hash(self())

    def __repr__(self) -> str:
        """That of the value."""
        return repr(self())
