"""A finding: what a rule says of one place in the input."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.tree import Location, Reason


class Severity(StrEnum):
    """How much a finding matters, least first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """The place in the order of severities, from 0."""
        return tuple(Severity).index(self)


class Judgement(StrEnum):
    """What a rule says: it is violated, or that depends on something the input does not say."""

    VIOLATED = "violated"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that bears on a finding, and why."""

    at: Location
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceGroup:
    """The rewrite of a rule: to reference ``group`` in place of the ranges that are written at ``places``.

    ``own`` is the group whose rule it is.
    """

    own: str
    group: str
    places: tuple[tuple[Location, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyEntry:
    """An entry that a network ACL lacks: it allows the replies to what the entry at ``requests`` allows.

    ``ports`` are the first and the last one, ``cidr`` the range of that entry.
    """

    egress: bool
    protocol: str
    ports: tuple[int, int]
    cidr: str
    number: int
    requests: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitReplies:
    """The rewrite of a network ACL: the entries that it lacks.

    ``inline`` where its entries are written in it, and not as resources of their own.
    """

    acl: str
    at: Location
    inline: bool
    entries: tuple[ReplyEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRule:
    """The rewrite of a rule that grants what the ``other`` one, at ``beside``, grants: to take it away.

    ``ends`` are the places of its ends that are needless, each with the place of the end that covers it;
    ``whole`` where it has no others.
    """

    rule: str
    at: Location
    other: str
    beside: Location
    ends: tuple[tuple[Location, Location], ...]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """No rewrite, where there could have been one, and why."""

    why: str


Remedy = ReferenceGroup | AdmitReplies | RemoveRule | ByHand


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule, one component, one place. Findings sort by severity, then place.

    ``remedy`` is the one right rewrite, where there is one, or why there is none. ``fingerprint`` is stable
    under reformatting and moves within a file: it holds the rule, the component and the fact that it is
    about, and no line number.
    """

    rule: str
    severity: Severity
    judgement: Judgement
    component: str
    at: Location
    message: str
    fix: str = ""
    proof: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    remedy: Remedy | None = None
    fingerprint: str = ""


def fingerprint(rule: str, *identity: str) -> str:
    """What tells a finding of ``rule`` from others, in 32 hexadecimal digits."""
    from hashlib import sha256

    return sha256("\0".join((rule, *identity)).encode()).hexdigest()[:32]
