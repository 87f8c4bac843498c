"""What the internet really brings to a workload, and how much that matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum

from auditor.finding import Severity
from auditor.model import Truth, Workload
from auditor.reach import Answer, Verdict
from auditor.rules.evidence import Evidence
from auditor.rules.openings import WORLD, Width
from auditor.rules.words import some, steps
from auditor.traffic import EVERYTHING, Traffic
from auditor.tree import Reason

MOST_NAMED = 4
MOST_UNKNOWNS = 12


class Arrival(IntEnum):
    """Whether the internet arrives, the worst last; ``SOME``: from a part of its addresses only."""

    NO = 0
    SOME = 1
    PERHAPS = 2
    REQUESTS = 3
    YES = 4


SEVERITIES = {
    Arrival.NO: Severity.LOW,
    Arrival.SOME: Severity.MEDIUM,
    Arrival.PERHAPS: Severity.HIGH,
    Arrival.REQUESTS: Severity.HIGH,
    Arrival.YES: Severity.CRITICAL,
}


class Arrivals:
    """What arrives from the internet, where so many addresses of it are the world.

    Half as many addresses as the world has count as that, as some of a range are nobody's.
    """

    def __init__(self, evidence: Evidence, width: Width) -> None:
        self.evidence = evidence
        self.width = Width(width.ipv4 // 2, width.ipv6 // 2)

    def of(self, workload: Workload, asked: Traffic = EVERYTHING) -> tuple[Arrival, Answer]:
        """Whether the asked traffic arrives, with the answer that says so."""
        answer = self.evidence.from_internet(workload, asked)
        return self._arrival(answer), answer

    def may_be_wide(self, answer: Answer) -> bool:
        """Whether the sources from which something may arrive are the world."""
        return self.width.reached(answer.traffic.may.sources)

    def _arrival(self, answer: Answer) -> Arrival:
        match answer.verdict:
            case Verdict.BLOCKED:
                return Arrival.NO
            case Verdict.UNKNOWN:
                return Arrival.PERHAPS
            case Verdict.ONE_WAY:
                return Arrival.REQUESTS
            case Verdict.REACHABLE:
                if self.width.reached(answer.traffic.must.sources):
                    return Arrival.YES
                return Arrival.PERHAPS if self.may_be_wide(answer) else Arrival.SOME


def is_opened(workload: Workload, evidence: Evidence) -> bool:
    """Whether what the input says itself opens a workload to the world, whatever else is not known."""
    public = evidence.engine.carriers.public(workload)
    if public is not None and public.truth is not Truth.UNKNOWN:
        return public.truth is Truth.YES
    return lets_in_world(workload, evidence)


def lets_in_world(workload: Workload, evidence: Evidence) -> bool:
    """Whether a group that a workload carries, or may carry, is certainly open to the world."""
    opened = evidence.opens.certain(WORLD)
    return not opened.isdisjoint(evidence.engine.carriers.group_ids(workload))


def consequence(arrival: Arrival, ids: Sequence[str]) -> str:
    """What the arrival means for the workloads of these ids, in words."""
    text = named(ids)
    match arrival:
        case Arrival.YES:
            return f"the internet reaches {text}"
        case Arrival.SOME:
            return f"some addresses of the internet reach {text}"
        case Arrival.REQUESTS:
            return f"packets from the internet arrive at {text}; the replies do not get back"
        case Arrival.PERHAPS:
            return f"whether the internet reaches {text} is not known"
        case Arrival.NO:
            return f"the internet does not reach {text} directly today"


def named(ids: Sequence[str]) -> str:
    """The first few ids, and how many more there are."""
    return some(ids, MOST_NAMED)


def proof(answer: Answer) -> Iterator[str]:
    """The way that the packets take, or everything that stands in it."""
    if answer.verdict is Verdict.BLOCKED:
        yield from (blocker.text for blocker in answer.blockers)
        return
    yield from steps(answer.paths[0] if answer.paths else None)


def few(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each reason once, and not more than anybody reads."""
    return tuple(dict.fromkeys(reasons))[:MOST_UNKNOWNS]
