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
class AdmitReplies:
    """The rewrite of a network ACL: one more entry that allows ``service`` from or to ``cidr``."""

    acl: str
    at: Location
    egress: bool
    protocol: str
    ports: tuple[int, int]
    cidr: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRule:
    """The rewrite of a rule that grants what another grants already: to take it away."""

    rule: str
    at: Location


Remedy = ReferenceGroup | AdmitReplies | RemoveRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule, one component, one place. Findings sort by severity, then place.

    ``remedy`` is the one right rewrite, where there is one. ``fingerprint`` is stable under reformatting and
    moves within a file: it holds the rule, the component and the fact that it is about, and no line number.
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
