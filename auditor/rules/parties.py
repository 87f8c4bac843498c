"""The ends of the questions that rules ask: workloads that no filter tells apart, or the world outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.frozen import dataclass
from auditor.model import Fact, Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.environments import Environment
from auditor.reach.tagged import one_value
from auditor.reach.tiers import Tier, is_balancer
from auditor.rules.evidence import Evidence
from auditor.rules.selectors import ByEnvironment, ByTier, Outside, Selector, means
from auditor.rules.words import some
from auditor.tree import Reason

_MOST_NAMED = 4
_NAT = frozenset({"aws_nat_gateway", "AWS::EC2::NatGateway"})


@dataclass(frozen=True, slots=True)
class End:
    """Workloads that no filter tells apart; ``text`` names one, ``sure``: they are certainly meant.

    ``reasons`` say why they may not be meant.
    """

    text: str
    workloads: tuple[Workload, ...]
    sure: bool
    reasons: tuple[Reason, ...] = ()

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
    chosen = ((one, means(selector, one, evidence)) for one in evidence.workloads)
    yield from classes(((one, fact) for one, fact in chosen if fact.truth is not Truth.NO), evidence)


def classes(workloads: Iterable[tuple[Workload, Fact]], evidence: Evidence) -> Iterator[End]:
    """Workloads by what tells them apart, each class with whether they are certainly meant."""
    found: dict[object, list[tuple[Workload, Fact]]] = {}
    for workload, chosen in workloads:
        party = evidence.engine.spots.of_workload(workload)
        told = (chosen.truth, chosen.reasons)
        key = (party, workload.listens, workload.opens, opens_by_itself(workload), told)
        found.setdefault(key, []).append((workload, chosen))
    for same in found.values():
        first, fact = same[0]
        yield End(first.id, tuple(one for one, _ in same), fact.truth is Truth.YES, fact.reasons)


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


def of_one_sort(ends: tuple[End, End], selectors: tuple[Selector, Selector], evidence: Evidence) -> bool:
    """Whether one unknown says of both ends what they are, and nothing beside it tells them apart."""
    one, other = (each.workloads[0] for each in ends)
    match selectors:
        case ByTier(first), ByTier(second) if first is not second:
            tiers = evidence.tiers
            alike = _name(tiers.of(one)) == _name(tiers.of(other))
            return alike and one_value(tiers.signs(one), tiers.signs(other))
        case ByEnvironment(first), ByEnvironment(second) if first is not second:
            environments = evidence.environments
            alike = _name(environments.of(one)) == _name(environments.of(other))
            return alike and one_value(environments.signs(one), environments.signs(other))
        case _:
            return False


def _name(told: Tier | Environment | None) -> str:
    return "" if told is None else told.name.value
