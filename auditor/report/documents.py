"""What can be printed: one type a question."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from auditor.baseline import Entry
from auditor.difference import Difference
from auditor.finding import Finding
from auditor.frozen import dataclass
from auditor.model import Inventory, Workload
from auditor.reach.verdict import Answer, Neighbours
from auditor.suppression import Suppressed
from auditor.tree import Gap, Reason

if TYPE_CHECKING:
    from auditor.reach.environments import Environment
    from auditor.reach.exposure import Exposed
    from auditor.reach.tiers import Tier


class Question(StrEnum):
    """Which way a list of neighbours was asked for."""

    WHO_CAN_REACH = "who-can-reach"
    REACH_FROM = "reach-from"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDocument:
    """The answer to ``can-reach``; ``names`` are the two ends as people say them, where that says more."""

    answer: Answer
    names: tuple[str, str] = ("", "")
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighboursDocument:
    """The answer to ``who-can-reach`` or ``reach-from``."""

    neighbours: Neighbours
    question: Question
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryDocument:
    """What was read. ``public`` are the workloads that the internet can address, or perhaps can.

    ``kinds`` are the languages of the inputs, in their order; ``tiers`` and ``environments`` the workloads
    that lie in a VPC, each with its tier or environment, if anything says, and why it may be another one.
    """

    inventory: Inventory
    public: tuple[Exposed, ...]
    inputs: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    tiers: tuple[tuple[Workload, Tier | None, tuple[Reason, ...]], ...] = ()
    environments: tuple[tuple[Workload, Environment | None, tuple[Reason, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSummary:
    """What a report says of a rule that ran. ``frameworks`` are clauses: ``PCI DSS 4.0 1.3.1``."""

    id: str
    title: str
    severity: str
    why: str
    fix: str
    references: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsDocument:
    """The findings of ``check``, the rules that ran, and what could not be read.

    ``excerpts`` holds the source line of each place that a finding names, as (place, line) pairs.
    ``suppressed`` are findings that somebody has answered for, ``known`` those of the baseline, ``gone`` what
    of the baseline is there no more. ``spent`` are the seconds that each rule took.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleSummary, ...]
    gaps: tuple[Gap, ...]
    inputs: tuple[str, ...]
    excerpts: tuple[tuple[str, str], ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    known: tuple[Finding, ...] = ()
    gone: tuple[Entry, ...] = ()
    spent: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralDocument:
    """The answers for everything that an ambiguous name stands for (``--all``)."""

    documents: tuple[AnswerDocument | NeighboursDocument, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceDocument:
    """What ``diff`` found. ``sides`` are the inputs of the base and of the head."""

    difference: Difference
    inputs: tuple[str, ...]
    sides: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A finding and what becomes of it: ``refused`` says why nothing does; empty where it is rewritten."""

    finding: Finding
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewritesDocument:
    """What ``fix`` rewrites, as a patch, and the difference in reachability that it makes.

    ``written`` where the files were changed. ``suppressed`` findings that could be rewritten are left, and
    ``others`` have no one right rewrite. ``code`` where the input holds Terraform code, which alone is
    rewritten, and ``saved`` where it holds plans or states in its place.
    """

    rewritings: tuple[Rewriting, ...]
    patch: str
    difference: Difference
    written: bool
    inputs: tuple[str, ...]
    suppressed: int = 0
    others: int = 0
    code: bool = True
    saved: bool = False


Document = (
    AnswerDocument
    | NeighboursDocument
    | InventoryDocument
    | FindingsDocument
    | SeveralDocument
    | DifferenceDocument
    | RewritesDocument
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How text is to look: in colour or not, how much of it, how wide in characters."""

    colour: bool = False
    verbose: bool = False
    width: int = 80
