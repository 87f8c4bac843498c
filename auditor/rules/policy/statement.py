"""What a policy says, as typed values: names as they are written, with their places."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from auditor.finding import Severity
from auditor.frozen import dataclass
from auditor.traffic import Traffic
from auditor.tree import Location


class Kind(StrEnum):
    """What a statement wants of the connections that it is about.

    ``deny``: there are none. ``only``: there are none but those from its sources, or, where it names
    what they go through, none but by those ways. ``require``: each source can open them to each destination.
    ``allow``: no ``deny`` and no ``only`` of the same policy is about them.
    """

    ALLOW = "allow"
    DENY = "deny"
    REQUIRE = "require"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it is written, and where."""

    text: str
    at: Location


Names = tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Connections that a statement is not about.

    ``either`` are names of which one at either end suffices; ``sources`` and ``destinations`` are all where
    they are empty; ``traffic`` is all where it is None.
    """

    either: Names = ()
    sources: Names = ()
    destinations: Names = ()
    traffic: Traffic | None = None
    through: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy.

    ``text`` is the statement as people read it; ``asked`` what of all traffic it is about, None for all.
    An ``optional`` one says nothing where the input has not what it names.
    """

    name: str
    text: str
    kind: Kind
    at: Location
    sources: Names = ()
    destinations: Names = ()
    asked: Traffic | None = None
    through: Names = ()
    exemptions: tuple[Exemption, ...] = ()
    severity: Severity = Severity.HIGH
    owner: str = ""
    why: str = ""
    fix: str = ""
    optional: bool = False

    @property
    def id(self) -> str:
        """The id of the statement's findings."""
        return f"policy/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The statements of a file, in its order, and the names that it defines."""

    path: str = ""
    names: Mapping[str, Names]
    statements: tuple[Statement, ...] = ()
