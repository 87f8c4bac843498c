"""Neighbours through proxies: who comes to an end that way, and where a source gets to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.reach.ends import Ends
from auditor.reach.names import INTERNET, Endpoint, cidr_endpoint
from auditor.reach.proxies.aims import aim
from auditor.reach.proxies.chains import MOST_PROXIES, MOST_WAYS, Aim, Chain, Chains, Followed, joins
from auditor.reach.proxies.onward import Onward
from auditor.reach.proxies.proof import Doubts, Steps
from auditor.reach.verdict import DecisiveRule, End, EndpointKind, Neighbour, Verdict
from auditor.reach.walk import Outcome, together
from auditor.traffic import ANY, NOTHING, PUBLIC, Bounds, Traffic
from auditor.tree import Reason

_SHOWN = {Verdict.REACHABLE, Verdict.UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Found:
    """A neighbour that a way leads to or from, and what the first connection is let by."""

    end: End
    followed: Followed
    rules: tuple[DecisiveRule, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()


class ProxiedRows:
    """The rows of ``who-can-reach`` and ``reach-from`` that go through proxies."""

    def __init__(self, chains: Chains) -> None:
        self.chains = chains
        self.engine = chains.engine
        self._steps = Steps(chains.engine)
        self._doubts = Doubts(chains.engine)
        self._clients: dict[tuple[str, Traffic], tuple[Neighbour, ...]] = {}
        self._opened: dict[tuple[str, Traffic], tuple[Endpoint, ...]] = {}

    # -- who can reach -----------------------------------------------------------------------------

    def sources(self, endpoint: Endpoint, asked: Traffic, told: Mapping[str, int]) -> tuple[Neighbour, ...]:
        """Who can open a connection to an endpoint through proxies, a row for each source and each way.

        Those that ``told`` has at 0 are left out.
        """
        target = aim(self.engine, endpoint)
        found: list[_Found] = []
        for chain in self.chains.leading_to(target):
            for row in self._clients_of(chain[0]):
                if told.get(row.end.address or row.end.name) == 0:
                    continue
                if self._is_on_way(row.end.address, {*target.workloads, *(one.proxy for one in chain)}):
                    continue
                found.extend(self._from(row, chain, target, asked))
        return self._rows(found)

    def _is_on_way(self, address: str, way: set[str]) -> bool:
        """Whether an end is a part of a way itself, or a group of nothing but such."""
        members = self.engine.carriers.members.get(address, ())
        return address in way or (bool(members) and all(one.id in way for one in members))

    def _from(self, row: Neighbour, chain: Chain, target: Aim, asked: Traffic) -> Iterator[_Found]:
        source = self._source(row)
        if source is None:
            bounds = Bounds(NOTHING, chain[0].accepts.may)
            followed = Followed(chain, (), Outcome(bounds, bounds))
        else:
            followed = self.chains.followed(source, row.end.address or row.end.name, chain, target, asked)
            if row.verdict is Verdict.UNKNOWN:
                followed = replace(followed, outcome=followed.outcome.perhaps())
        if followed.verdict in _SHOWN:
            yield _Found(row.end, followed, row.rules, row.unknowns, row.notes)

    def _clients_of(self, onward: Onward) -> tuple[Neighbour, ...]:
        """Who can open a connection to a proxy on what a listener accepts."""
        key = (onward.proxy, onward.accepts.may)
        found = self._clients.get(key)
        if found is None:
            workload = self.engine.carriers.workloads[onward.proxy]
            if workload.placed:
                rows = self.engine.who_can_reach(
                    self.engine.names.endpoint(workload), onward.accepts.may
                ).rows
                found = tuple(row for row in rows if row.verdict in _SHOWN)
            else:
                bounds = onward.accepts
                found = (Neighbour(end=INTERNET.end, verdict=Verdict.REACHABLE, traffic=bounds),)
            self._clients[key] = found
        return found

    def _source(self, row: Neighbour) -> Ends | None:
        """The ends of a row; None where it is not known what it stands for."""
        resolved = self.engine.resolved
        match row.end.kind:
            case EndpointKind.SECURITY_GROUP | EndpointKind.WORKLOAD:
                return resolved.ends(self.engine.names.by_id(row.end.address))
            case EndpointKind.INTERNET:
                return resolved.ends(replace(INTERNET, addresses=row.traffic.may.sources & PUBLIC))
            case _:
                addresses = row.traffic.may.sources
                return None if addresses == ANY else resolved.ends(cidr_endpoint(addresses, row.end.name))

    # -- reach from --------------------------------------------------------------------------------

    def destinations(
        self, endpoint: Endpoint, asked: Traffic, told: Mapping[str, int]
    ) -> tuple[Neighbour, ...]:
        """Where an endpoint gets to through proxies, a row for each destination and each way."""
        source = aim(self.engine, endpoint)
        ways: list[Chain] = [
            (one,)
            for one in self.chains.targets.every
            if one.proxy not in source.workloads and self._opens(source, one)
        ]
        found: list[_Found] = []
        for way in ways:
            if told.get(way[-1].target) != 0:
                found.extend(self._to(source, way, asked))
            if len(way) < MOST_PROXIES and len(ways) < max(MOST_WAYS, 16 * len(self.chains.targets.every)):
                used = {*source.workloads, *(one.proxy for one in way)}
                onward = self.chains.targets.of_proxy.get(way[-1].target, ())
                ways.extend((*way, one) for one in onward if one.proxy not in used and joins(way[-1], one))
        return self._rows(found)

    def _opens(self, source: Aim, onward: Onward) -> bool:
        first = self.chains.connections.first(source.ends, source.name, onward, onward.accepts)
        return bool(first.outcome.both.may)

    def _to(self, source: Aim, way: Chain, asked: Traffic) -> Iterator[_Found]:
        for endpoint in self.ends_of(way[-1], asked):
            if endpoint.id in source.workloads or endpoint.id in {one.proxy for one in way}:
                continue
            target = aim(self.engine, endpoint)
            followed = self.chains.followed(source.ends, source.name, way, target, asked)
            if followed.verdict in _SHOWN:
                yield _Found(endpoint.end, followed)

    def ends_of(self, onward: Onward, asked: Traffic) -> tuple[Endpoint, ...]:
        """Where the traffic goes that a proxy hands on: its target, or every host that it may open it to."""
        if onward.target:
            return (self.engine.names.by_id(onward.target),)
        key = (onward.proxy, onward.opens.may & asked)
        found = self._opened.get(key)
        if found is None:
            found = self._opened[key] = tuple(self._hosts(*key))
        return found

    def _hosts(self, proxy: str, traffic: Traffic) -> Iterator[Endpoint]:
        names = self.engine.names
        workload = self.engine.carriers.workloads[proxy]
        if workload.placed:
            hosts = (EndpointKind.WORKLOAD, EndpointKind.SECURITY_GROUP)
            rows = self.engine.reach_from(names.endpoint(workload), traffic).rows
            yield from (names.by_id(row.end.address) for row in rows if row.end.kind in hosts)

    # -- rows --------------------------------------------------------------------------------------

    def _rows(self, found: Iterable[_Found]) -> tuple[Neighbour, ...]:
        """One row for each end and each order of proxies, of all that opens that way."""
        by_way: dict[tuple[End, tuple[str, ...]], list[_Found]] = {}
        for one in found:
            by_way.setdefault((one.end, one.followed.via), []).append(one)
        rows = [self._row(own) for own in by_way.values()]
        return tuple(
            sorted(rows, key=lambda row: (row.end.kind.value, row.end.name, row.end.address, row.via))
        )

    def _row(self, found: list[_Found]) -> Neighbour:
        outcome = together(one.followed.outcome for one in found)
        best = next((one for one in found if one.followed.verdict is outcome.verdict), found[0])
        unknowns: tuple[Reason, ...] = ()
        if outcome.verdict is Verdict.UNKNOWN:
            own = (reason for one in found for reason in (*one.unknowns, *self._doubts.of(one.followed)))
            unknowns = tuple(sorted(set(own)))
        made = self._steps.of(best.followed, best.rules)
        return Neighbour(
            end=best.end,
            verdict=outcome.verdict,
            traffic=outcome.both,
            rules=best.rules or (made[0].rules if made else ()),
            via=best.followed.via,
            steps=made,
            unknowns=unknowns,
            notes=best.notes,
        )
