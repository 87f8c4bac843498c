"""What is known of a value that may not be known: the least and the most it can be."""

from __future__ import annotations

from typing import Final, Generic, Protocol, Self, TypeVar


class Algebra(Protocol):
    """Anything with union, intersection and difference."""

    def __or__(self, other: Self, /) -> Self: ...
    def __and__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...


T = TypeVar("T", bound=Algebra)


class Bounds(Generic[T]):
    """A set of which all of ``must`` is in it and nothing outside ``may`` is; ``must`` lies within ``may``.

    Operations give the bounds of the result: whatever sets lie between the operands' bounds, the result lies
    between the new ones.
    """

    __slots__ = ("may", "must")

    def __init__(self, must: T, may: T) -> None:
        self.must: Final = must
        self.may: Final = may

    @property
    def known(self) -> bool:
        """Whether the bounds meet, so that the value is certain."""
        return self.must is self.may or self.must == self.may

    def __or__(self, other: Bounds[T]) -> Bounds[T]:
        may = self.may | other.may
        if self.must is self.may and other.must is other.may:
            return Bounds(may, may)
        return Bounds(self.must | other.must, may)

    def __and__(self, other: Bounds[T]) -> Bounds[T]:
        may = self.may & other.may
        if self.must is self.may and other.must is other.may:
            return Bounds(may, may)
        return Bounds(self.must & other.must, may)

    def __sub__(self, other: Bounds[T]) -> Bounds[T]:
        may = self.may - other.must
        if self.must is self.may and other.must is other.may:
            return Bounds(may, may)
        return Bounds(self.must - other.may, may)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bounds):
            return NotImplemented
        return bool(self.must == other.must and self.may == other.may)

    def __hash__(self) -> int:
        return hash((self.must, self.may))

    def __repr__(self) -> str:
        return f"Bounds({self.must!r}, {self.may!r})"


def exact(value: T) -> Bounds[T]:
    """The bounds of a known value."""
    return Bounds(value, value)
