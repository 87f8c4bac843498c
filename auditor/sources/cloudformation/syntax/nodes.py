"""What a CloudFormation template is written in: scalars, lists, maps and calls of intrinsic functions."""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.tree import Gap, Location, Scalar


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Syntax, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a map and its value. ``at`` is the place of the key."""

    key: str
    at: Location
    value: Syntax


@dataclass(frozen=True, slots=True)
class Entries:
    """A map, its keys in the order of the text; no key stands twice."""

    entries: tuple[Entry, ...]
    at: Location

    def get(self, name: str) -> Entry | None:
        """The entry of one key, ``None`` where there is none."""
        for entry in self.entries:
            if entry.key == name:
                return entry
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """An intrinsic function under its full name (``Ref``, ``Condition``, ``Fn::GetAtt``).

    A short tag is one, and so is a map whose only key is ``Ref`` or begins with ``Fn::``. A short tag's
    argument is as it was written: ``!GetAtt a.b`` has the scalar ``a.b``.
    """

    name: str
    argument: Syntax
    at: Location


Syntax = Scalar | Items | Entries | Call


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text holds. ``root`` is ``None`` where it holds no map; ``gaps`` then says why."""

    root: Entries | None
    gaps: tuple[Gap, ...] = ()
