"""A pattern as a tree."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: in one of the ``ranges`` or general ``categories`` (each with whether it is negated).

    With ``fold``, whatever its case; ``negated``, none of these.
    """

    ranges: Ranges
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False
    fold: bool = False


class Edge(StrEnum):
    """What takes no character but stands between two."""

    BEGIN_TEXT = "begin text"
    END_TEXT = "end text"
    BEGIN_LINE = "begin line"
    END_LINE = "end line"
    WORD = "word boundary"
    NO_WORD = "no word boundary"


@dataclass(frozen=True, slots=True)
class Group:
    """A group that captures, by its number from 1 on."""

    number: int
    body: Part


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """One of several, the first one that leads to a match."""

    ways: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Several times, ``most`` is None where there is no limit."""

    body: Part
    least: int
    most: int | None
    lazy: bool = False


Part = Chars | Edge | Group | Sequence | Alternation | Repeat


def inner(part: Part) -> tuple[Part, ...]:
    """The parts that a part is made of."""
    match part:
        case Group(body=body) | Repeat(body=body):
            return (body,)
        case Sequence(parts=parts) | Alternation(ways=parts):
            return parts
        case _:
            return ()
