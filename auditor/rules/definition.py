"""A rule of the catalogue as typed values: what its file says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from auditor.finding import Judgement, Related, Remedy, Severity
from auditor.frozen import dataclass
from auditor.rules.evidence import Evidence
from auditor.tree import Location, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a predicate says of one place.

    ``fact`` is what the finding is about, in words that stay the same when lines move. ``severity`` and
    ``fix`` are given where they differ from the rule's own; ``remedy`` where there is one right rewrite.
    """

    judgement: Judgement
    component: str
    at: Location
    fact: str
    message: str
    severity: Severity | None = None
    fix: str = ""
    proof: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    remedy: Remedy | None = None


FAMILIES: Mapping[str, str] = {
    "exposure": "Exposure",
    "segmentation": "Segmentation",
    "egress": "Egress",
    "design": "Broken by design",
    "capacity": "Capacity and resilience",
    "hygiene": "Hygiene",
    "own": "Of one's own",
}

Judge = Callable[[Evidence], Iterable[Judged]]


class Expectation(StrEnum):
    """What an example must give."""

    VIOLATED = "violated"
    SATISFIED = "satisfied"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small network and what the rule must say of it; ``flagged`` are the marked lines, from 1."""

    name: str
    expect: Expectation
    terraform: str
    flagged: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDefinition:
    """One rule: its words, its question ready to be asked, and the examples that prove it.

    ``family`` is a key of FAMILIES. ``frameworks`` are pairs of a framework's name and its clauses.
    ``predicate`` is the name of the question. ``yields_to`` are the rules that speak in its
    place where they see the same fault.
    """

    id: str
    title: str
    family: str
    severity: Severity
    why: str
    fix: str
    references: tuple[str, ...]
    frameworks: tuple[tuple[str, tuple[str, ...]], ...]
    predicate: str
    judge: Judge
    examples: tuple[Example, ...]
    at: str
    yields_to: tuple[str, ...] = ()
