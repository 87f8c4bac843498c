"""The ends of the questions that rules ask: workloads that no filter tells apart, or the world outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.frozen import dataclass
from auditor.model import Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.tiers import is_balancer
from auditor.rules.evidence import Evidence
from auditor.rules.selectors import Outside, Selector, selects
from auditor.rules.words import some

_MOST_NAMED = 4
_NAT = frozenset({"aws_nat_gateway", "AWS::EC2::NatGateway"})


@dataclass(frozen=True, slots=True)
class End:
    """Workloads that no filter tells apart; ``text`` names one, ``sure``: they are certainly meant."""

    text: str
    workloads: tuple[Workload, ...]
    sure: bool

    def ends(self, evidence: Evidence) -> Ends:
        """The end as the engine walks it."""
        engine = evidence.engine
        if self.workloads:
            return engine.resolved.ends(engine.names.endpoint(self.workloads[0]))
        return engine.resolved.ends(engine.endpoint(self.text))


class Meeting:
    """Which ends are others than one, in VPCs that anything joins with its own."""

    def __init__(self, evidence: Evidence) -> None:
        self.engine = evidence.engine
        self._vpcs: dict[str, str | None] = {}
        self._joined: dict[tuple[str | None, str | None], bool] = {}

    def near(self, ends: Iterable[End], other: End) -> list[End]:
        """Those of the ends that may meet another one."""
        there, who = self._vpc(other), other.workloads[0].id
        return [one for one in ends if one.workloads[0].id != who and self._meets(self._vpc(one), there)]

    def _vpc(self, end: End) -> str | None:
        workload = end.workloads[0]
        if workload.id not in self._vpcs:
            self._vpcs[workload.id] = self.engine.carriers.vpc(workload)
        return self._vpcs[workload.id]

    def _meets(self, one: str | None, other: str | None) -> bool:
        key = (one, other)
        if key not in self._joined:
            self._joined[key] = self.engine.joined.together(one, other)
        return self._joined[key]


def selected(selector: Selector, evidence: Evidence) -> Iterator[End]:
    """The ends that a selector means."""
    if isinstance(selector, Outside):
        yield End(selector.name, (), sure=True)
        return
    chosen = ((one, selects(selector, one, evidence)) for one in evidence.workloads)
    yield from classes(((one, truth) for one, truth in chosen if truth is not Truth.NO), evidence)


def classes(workloads: Iterable[tuple[Workload, Truth]], evidence: Evidence) -> Iterator[End]:
    """Workloads by what tells them apart, each class with whether they are certainly meant."""
    found: dict[object, list[tuple[Workload, bool]]] = {}
    for workload, chosen in workloads:
        party = evidence.engine.spots.of_workload(workload)
        sure = chosen is Truth.YES
        key = (party, workload.listens, workload.destinations, opens_by_itself(workload), sure)
        found.setdefault(key, []).append((workload, sure))
    for same in found.values():
        yield End(same[0][0].id, tuple(workload for workload, _ in same), same[0][1])


def opens_by_itself(workload: Workload) -> bool:
    """Whether a workload opens connections of its own: a load balancer hands on to its targets only."""
    return workload.initiates and not is_balancer(workload) and workload.kind not in _NAT


def named(ends: Iterable[End]) -> str:
    """The workloads of ends on one line, or the world outside."""
    given = list(ends)
    names = tuple(dict.fromkeys(one.id for end in given for one in end.workloads))
    if not names:
        return f"the {given[0].text}" if given[0].text == "internet" else f"{given[0].text} networks"
    return some(names, _MOST_NAMED)
