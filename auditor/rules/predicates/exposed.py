"""A service's own setting lets the internet come to it: what is left then is its groups, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Severity
from auditor.frozen import dataclass
from auditor.model import YES, Fact, Truth, Workload
from auditor.reach import Answer
from auditor.rules.arrivals import SEVERITIES, Arrival, Arrivals, consequence, few, lets_in_world, proof
from auditor.rules.concerns import any_of, read_selectors
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.openings import WORLD
from auditor.rules.section import Section
from auditor.rules.selectors import SELECTOR_PATTERN, Selector
from auditor.tree import Presence, Reason


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which workloads, and whether only those count that anybody may use without a name."""

    to: tuple[Selector, ...]
    anonymous: bool


SCHEMA = {
    "type": "object",
    "properties": {
        "to": {"type": "array", "items": {"type": "string", "pattern": SELECTOR_PATTERN}},
        "callers": {"enum": ["any", "anonymous"]},
    },
    "required": ["to"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``to``: selectors; ``callers: anonymous``: only what asks nobody who they are."""
    to = read_selectors(section, "to", required=True)
    return Parameters(to, section.choice("callers", ("any", "anonymous"), "any") == "anonymous")


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each workload that its own setting opens to the internet, or may."""
    arrivals = Arrivals(evidence, WORLD)
    for workload in evidence.engine.inventory.workloads:
        chosen = any_of(parameters.to, workload, evidence)
        if chosen.truth is not Truth.NO:
            opened = _opened(workload, parameters, chosen)
            if opened.truth is not Truth.NO:
                yield _judged(workload, opened, parameters, arrivals)


def _opened(workload: Workload, parameters: Parameters, chosen: Fact) -> Fact:
    """Whether all of a workload's own settings let the internet come."""
    facts = [workload.public or Fact(Truth.UNKNOWN, workload.at), _from_everywhere(workload)]
    if parameters.anonymous:
        facts.append(_asks_nobody(workload))
    if any(fact.truth is Truth.NO for fact in facts):
        return Fact(Truth.NO)
    at = next((fact.at for fact in reversed(facts) if fact.at), workload.at)
    reasons = tuple(reason for fact in (chosen, *facts) for reason in fact.reasons)
    if (
        chosen.truth is Truth.YES
        and workload.presence is Presence.CERTAIN
        and all(fact.truth is Truth.YES for fact in facts)
    ):
        return Fact(Truth.YES, at)
    return Fact(Truth.UNKNOWN, at, reasons or (Reason(f"whether {workload.id} is there", workload.at),))


def _from_everywhere(workload: Workload) -> Fact:
    """Whether the addresses that a workload in no VPC accepts from are the world."""
    sources = workload.sources
    if sources is None or WORLD.reached(sources.must):
        return YES
    if not WORLD.reached(sources.may):
        return Fact(Truth.NO)
    return Fact(Truth.UNKNOWN, None, (Reason(f"from which addresses {workload.id} accepts", workload.at),))


def _asks_nobody(workload: Workload) -> Fact:
    asks = workload.authenticates
    if asks is None:
        return Fact(Truth.NO)
    truths = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
    return Fact(truths[asks.truth], asks.at, asks.reasons)


def _judged(workload: Workload, opened: Fact, parameters: Parameters, arrivals: Arrivals) -> Judged:
    arrival, answer = arrivals.of(workload)
    undetermined = opened.truth is Truth.UNKNOWN
    what = _what(workload, parameters)
    told = f"; {consequence(arrival, [workload.id])}" if workload.placed else ""
    return Judged(
        judgement=Judgement.UNDETERMINED if undetermined else Judgement.VIOLATED,
        component=workload.id,
        at=opened.at or workload.at,
        fact=what,
        message=f"{workload.id} {'may be' if undetermined else 'is'} {what}{told}.",
        severity=_severity(workload, (arrival, answer), arrivals, undetermined=undetermined),
        proof=tuple(proof(answer)),
        unknowns=few((*opened.reasons, *answer.unknowns)) if undetermined else (),
    )


def _what(workload: Workload, parameters: Parameters) -> str:
    if workload.placed:
        return "publicly accessible"
    if not parameters.anonymous and _is_asked(workload):
        return "open to the internet, and lets in those whom its policy names"
    asked = " without being asked who they are" if parameters.anonymous else ""
    return f"open to everybody on the internet{asked}"


def _is_asked(workload: Workload) -> bool:
    return workload.authenticates is not None and workload.authenticates.truth is Truth.YES


def _severity(
    workload: Workload, found: tuple[Arrival, Answer], arrivals: Arrivals, *, undetermined: bool
) -> Severity:
    """What arrives decides; outside VPCs the service itself still stands in between.

    Less where neither the setting nor a group says that the world may come.
    """
    arrival, answer = found
    if arrival is Arrival.PERHAPS:
        if not arrivals.may_be_wide(answer):
            arrival = Arrival.SOME
        elif undetermined and workload.placed and not lets_in_world(workload, arrivals.evidence):
            return Severity.MEDIUM
    if not workload.placed and _is_asked(workload):
        return Severity.MEDIUM
    if undetermined or not workload.placed:
        arrival = min(arrival, Arrival.REQUESTS)
    return SEVERITIES[arrival]
