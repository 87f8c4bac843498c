"""The closure over compromise: what an attacker who holds each host reached could open next.

Computed on groups and workloads, breadth first: each is asked once, or once more where it turns out to be
reached for certain and not just perhaps. What opens no connections by itself, and what AWS runs for its
customers as a proxy, is nothing that an attacker goes on from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Direction, Workload
from auditor.reach.ends import Ends
from auditor.reach.engine import Engine
from auditor.reach.names import Endpoint
from auditor.reach.spot import Spot
from auditor.reach.tiers import is_balancer
from auditor.reach.verdict import EndpointKind, Neighbour, Step, Verdict
from auditor.traffic import EVERYTHING, NOTHING, Bounds, Traffic

DEFAULT_HOPS = 3

_RANKS = {Verdict.REACHABLE: 0, Verdict.UNKNOWN: 1}
_ALL = {"0.0.0.0/0", "::/0"}
_HOSTS = {EndpointKind.SECURITY_GROUP, EndpointKind.WORKLOAD}

Asking = Callable[[Endpoint, Traffic | None, Mapping[str, int]], tuple[Neighbour, ...]]
"""The neighbours of an endpoint; those that the mapping has at 0 need not be told again."""


@dataclass(frozen=True, slots=True)
class _Host:
    """A host, or hosts alike, that can be taken over, and the row that told of it."""

    endpoint: Endpoint
    row: Neighbour


class Closure:
    """One closure, backwards from a target (``INGRESS``) or forwards from a source."""

    def __init__(self, engine: Engine, direction: Direction, ask: Asking, proxies: Iterable[str]) -> None:
        self.engine = engine
        self.direction = direction
        self.ask = ask
        self.proxies = frozenset(proxies)

    def rows(self, start: Endpoint, direct: tuple[Neighbour, ...], hops: int) -> tuple[Neighbour, ...]:
        """The rows beyond the direct ones that at most so many connections lead to, shortest first."""
        best: dict[str, int] = {}
        self._cover(best, start, 0)
        found: dict[tuple[str, int], Neighbour] = {}
        frontier: list[_Host] = []
        for row in direct:
            if _improves(best, row):
                frontier.extend(self._hosts(start, self._stepped(start, row), best))
        for _ in range(hops - 1):
            following: list[_Host] = []
            for host in frontier:
                for row in self.ask(host.endpoint, None, best):
                    if start.kind is EndpointKind.INTERNET and row.end.name in _ALL:
                        continue
                    joined = self._joined(host, self._stepped(host.endpoint, row))
                    if _improves(best, joined):
                        found[_name(row), _RANKS[joined.verdict]] = joined
                        following.extend(self._hosts(host.endpoint, joined, best))
            frontier = following
        return tuple(found.values())

    def _cover(self, best: dict[str, int], endpoint: Endpoint, rank: int) -> None:
        """Note what has been found: an endpoint, and the members of a group with it."""
        members = (one.id for one in self.engine.carriers.members.get(endpoint.id, ()))
        for name in (endpoint.text, *endpoint.members, *members):
            best[name] = min(rank, best.get(name, rank))

    # -- who can be held ---------------------------------------------------------------------------

    def _hosts(self, near: Endpoint, row: Neighbour, best: dict[str, int]) -> Iterator[_Host]:
        """What of a neighbour an attacker can hold, noted as found."""
        for host in self._held_of(near, row):
            self._cover(best, host.endpoint, _RANKS[host.row.verdict])
            yield host

    def _held_of(self, near: Endpoint, row: Neighbour) -> Iterator[_Host]:
        """The hosts of a neighbour: a group as one where all of its members do the same."""
        if row.end.kind not in _HOSTS or not row.end.address:
            return
        endpoint = self.engine.names.by_id(row.end.address)
        if endpoint.kind is EndpointKind.WORKLOAD:
            if self._held(self.engine.carriers.workloads[endpoint.id]):
                yield _Host(endpoint, row)
            return
        members = self.engine.carriers.members.get(endpoint.id, ())
        held = [one for one in members if self._held(one)]
        verdicts = self._told_apart(near, held) if len(held) > 1 and row.via == row.hosts else {}
        if len(held) == len(members) and len(set(verdicts.values())) < 2:
            yield _Host(endpoint, row)
            return
        for member in held:
            verdict = max(verdicts.get(member.id, row.verdict), row.verdict, key=_rank)
            if verdict in _RANKS:
                yield _Host(self.engine.names.endpoint(member), replace(row, verdict=verdict))

    def _told_apart(self, near: Endpoint, members: list[Workload]) -> dict[str, Verdict]:
        """The verdict with each of several members of a group, those alike asked once."""
        ends = self.engine.resolved.ends(near)
        kept: dict[tuple[Spot, ...], Verdict] = {}
        found: dict[str, Verdict] = {}
        for member in members:
            party = self.engine.spots.of_workload(member)
            verdict = kept.get(party.spots)
            if verdict is None:
                own = Ends(parties=(party,))
                verdict = self.engine.met(ends, own, self.direction, EVERYTHING).verdict
                kept[party.spots] = verdict
            found[member.id] = verdict
        return found

    def _held(self, workload: Workload) -> bool:
        return workload.initiates and workload.id not in self.proxies and not is_balancer(workload)

    # -- rows --------------------------------------------------------------------------------------

    def _joined(self, host: _Host, row: Neighbour) -> Neighbour:
        """What a neighbour of a host becomes, seen from where the search began."""
        middle = host.endpoint.text
        first, second = (row, host.row) if self.direction is Direction.INGRESS else (host.row, row)
        sure = Verdict.REACHABLE is row.verdict is host.row.verdict
        verdict = max(row.verdict, host.row.verdict, key=_rank)
        return replace(
            row,
            verdict=verdict,
            traffic=first.traffic if sure else Bounds(NOTHING, first.traffic.may),
            rules=first.rules,
            via=(*first.via, middle, *second.via),
            hosts=(*first.hosts, middle, *second.hosts),
            steps=(*first.steps, *second.steps),
            unknowns=tuple(dict.fromkeys((*first.unknowns, *second.unknowns))),
            notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
        )

    def _stepped(self, near: Endpoint, row: Neighbour) -> Neighbour:
        """A row with its one connection as a step."""
        if row.steps:
            return row
        ends = (row.end.address or row.end.name, near.text)
        source, destination = ends if self.direction is Direction.INGRESS else ends[::-1]
        step = Step(
            source=source,
            destination=destination,
            verdict=row.verdict,
            traffic=row.traffic,
            rules=row.rules,
        )
        return replace(row, steps=(step,))


def _rank(verdict: Verdict) -> int:
    return _RANKS.get(verdict, len(_RANKS))


def _name(row: Neighbour) -> str:
    return row.end.address or row.end.name


def _improves(best: dict[str, int], row: Neighbour) -> bool:
    """Whether a row tells of something new, or of something for certain that was only perhaps so."""
    rank = _rank(row.verdict)
    if rank >= min(best.get(_name(row), len(_RANKS)), len(_RANKS)):
        return False
    best[_name(row)] = rank
    return True
