"""How few connections lead from the internet to something: by proxies, and by hosts that are taken over."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Fact, Truth, Workload
from auditor.reach import Hop, Leg, Neighbour, Path, Verdict
from auditor.reach.asked import Ways
from auditor.reach.further import Further
from auditor.reach.points import BY_PORTS
from auditor.reach.verdict import EndpointKind
from auditor.rules.arrivals import is_opened
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.parties import End, named
from auditor.rules.selectors import Selector, means
from auditor.rules.words import listed, service_text
from auditor.tree import Location, Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12
_SHOWN = frozenset({Verdict.REACHABLE, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Chain:
    """A row of the closure that leads to workloads that are meant, and what lets its last connection in."""

    row: Neighbour
    workloads: tuple[Workload, ...]
    sure: bool
    component: str
    at: Location
    doubts: tuple[Reason, ...]


def within(selector: Selector, most: int, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each rule that lets the last of at most so many connections in, the surest.

    Nothing is asked where no workload is meant, or where nothing is open to the internet.
    """
    meant: dict[str, Fact] = {
        one.id: fact
        for one in evidence.workloads
        if (fact := means(selector, one, evidence)).truth is not Truth.NO
    }
    if not meant:
        return
    ways = Ways(through_proxies=True, lateral=most if most > 1 else 0)
    rows = Further(evidence.engine).reach_from("internet", None, ways).rows
    found: dict[tuple[bool, str, Location], list[_Chain]] = {}
    for row in rows:
        if row.verdict in _SHOWN and row.hops <= most:
            for chain in _chains(row, meant, evidence):
                found.setdefault((chain.sure, chain.component, chain.at), []).append(chain)
    for (sure, component, at), chains in found.items():
        if sure or (True, component, at) not in found:
            yield _judged(sorted(chains, key=lambda one: one.row.hops), evidence)


def _chains(row: Neighbour, meant: dict[str, Fact], evidence: Evidence) -> Iterator[_Chain]:
    """The chain of a row, if it leads to something that is meant."""
    members = tuple(one for one in _workloads(row, evidence) if one.id in meant)
    if not members:
        return
    sure = row.verdict is Verdict.REACHABLE and all(meant[one.id].truth is Truth.YES for one in members)
    doubts = tuple(reason for one in members for reason in meant[one.id].reasons)
    source = row.steps[-1].source if row.steps else "internet"
    answer = evidence.engine.can_reach(source, members[0].id)
    hop = next((each for path in answer.paths if (each := _admission(path)) is not None), None)
    if hop is None or hop.at is None or not hop.at.path:
        yield _Chain(row, members, sure, members[0].id, members[0].at, doubts)
    else:
        yield _Chain(row, members, sure, hop.component, hop.at, doubts)


def _workloads(row: Neighbour, evidence: Evidence) -> tuple[Workload, ...]:
    carriers = evidence.engine.carriers
    match row.end.kind:
        case EndpointKind.SECURITY_GROUP:
            return tuple(carriers.members.get(row.end.address, ()))
        case EndpointKind.WORKLOAD if row.end.address in carriers.workloads:
            return (carriers.workloads[row.end.address],)
        case _:
            return ()


def _admission(path: Path) -> Hop | None:
    hops = [hop for hop in path.hops if hop.kind == "security-group" and hop.leg is Leg.REQUEST]
    return hops[-1] if hops else None


def _severity(chains: list[_Chain], evidence: Evidence) -> Severity | None:
    """The rule's own, where something in the input opens the way; through hosts it is for information."""
    first = chains[0]
    if first.row.hosts:
        return Severity.INFO
    behind = first.sure or first.row.hops > 1
    opened = behind or any(is_opened(one, evidence) for chain in chains for one in chain.workloads)
    return None if opened else Severity.LOW


def _judged(chains: list[_Chain], evidence: Evidence) -> Judged:
    first = chains[0]
    row = first.row
    who = named([End("", tuple(one for chain in chains for one in chain.workloads), sure=True)])
    last = (row.steps[-1].traffic if row.steps else row.traffic).may
    services = service_text((last & BY_PORTS) or last)
    through = [one for one in row.via if one not in row.hosts]
    steps = [f"by {listed(through)}"] if through else []
    steps += [f"from {listed(row.hosts)} once taken over"] if row.hosts else []
    how = f", {listed(steps)}" if steps else ""
    verb = ("leads" if row.hops == 1 else "lead") if first.sure else "may lead"
    count = "one connection" if row.hops == 1 else f"{row.hops} connections"
    reasons: list[Reason] = [reason for one in chains for reason in (*one.doubts, *one.row.unknowns)]
    return Judged(
        judgement=Judgement.VIOLATED if first.sure else Judgement.UNDETERMINED,
        component=first.component,
        at=first.at,
        fact=f"{services} in {row.hops}",
        message=f"{count} {verb} from the internet to {who}{how}; the last is {services}.",
        severity=_severity(chains, evidence),
        proof=tuple(
            f"{step.source} to {step.destination}: {service_text(step.traffic)}" for step in row.steps
        ),
        related=tuple(
            Related(at=one.at, text=one.id) for chain in chains for one in chain.workloads[:_MOST_NAMED]
        ),
        unknowns=() if first.sure else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
