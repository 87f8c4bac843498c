"""Questions whose answers go further than one connection: through proxies, and from host to host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice

from auditor.model import Direction, Workload
from auditor.reach.asked import Ways
from auditor.reach.engine import Engine
from auditor.reach.lateral import Closure
from auditor.reach.names import Endpoint
from auditor.reach.proxies.aims import aim
from auditor.reach.proxies.chains import MOST_WAYS, Aim, Chain, Chains, Followed
from auditor.reach.proxies.proof import doubts, rules_of, stops, unused, whole_path
from auditor.reach.proxies.rows import ProxiedRows
from auditor.reach.verdict import NOTHING_OPENS, Answer, Blocker, Neighbour, Neighbours, Verdict
from auditor.reach.walk import together
from auditor.traffic import EVERYTHING, Traffic
from auditor.tree import Location, Reason

_BEST = {Verdict.REACHABLE: 0, Verdict.UNKNOWN: 1, Verdict.ONE_WAY: 2, Verdict.BLOCKED: 3}
_MOST_PATHS = 8
_DIRECT = Ways()
_MOST_BLOCKERS = 24


class Further:
    """The engine's questions, with ways of several connections; without the flags, the engine's answers.

    Traffic that is asked for is what arrives at the destination; what a row tells is what its source sends.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @cached_property
    def chains(self) -> Chains:
        """The ways through proxies."""
        return Chains(self.engine)

    @cached_property
    def _proxied(self) -> ProxiedRows:
        return ProxiedRows(self.chains)

    # -- neighbours --------------------------------------------------------------------------------

    def who_can_reach(
        self, target: str | Endpoint, asked: Traffic | None = None, ways: Ways = _DIRECT
    ) -> Neighbours:
        """Every source that can open a connection to ``target``, in the ways that count.

        Raises:
            UsageError: the text names nothing, or several things.
        """
        return self._neighbours(self.engine.endpoint(target), asked, Direction.INGRESS, ways)

    def reach_from(
        self, source: str | Endpoint, asked: Traffic | None = None, ways: Ways = _DIRECT
    ) -> Neighbours:
        """Every destination that ``source`` can open a connection to; otherwise as ``who_can_reach``."""
        return self._neighbours(self.engine.endpoint(source), asked, Direction.EGRESS, ways)

    def _neighbours(
        self, end: Endpoint, asked: Traffic | None, direction: Direction, ways: Ways
    ) -> Neighbours:
        ingress = direction is Direction.INGRESS
        ask = self.engine.who_can_reach if ingress else self.engine.reach_from
        found = ask(end, asked)
        if not ingress:
            handed = self._beyond_proxy(end, asked, far=ways.through_proxies)
            found = replace(found, rows=(*found.rows, *handed))
        if not (ways.through_proxies or ways.lateral):
            return replace(found, notes=(*found.notes, *self._hint(end))) if ingress else found

        def rows(
            endpoint: Endpoint, traffic: Traffic | None, told: Mapping[str, int]
        ) -> tuple[Neighbour, ...]:
            direct = found.rows if endpoint is end else ask(endpoint, traffic).rows
            if not ways.through_proxies:
                return direct
            return (*direct, *self._through(endpoint, traffic, direction, told))

        near = rows(end, asked, {})
        if ways.lateral:
            closure = Closure(self.engine, direction, rows, self.chains.targets.listeners)
            near = (*near, *closure.rows(end, near, ways.lateral))
        return replace(found, rows=tuple(sorted(near, key=_order)))

    def _beyond_proxy(self, endpoint: Endpoint, asked: Traffic | None, *, far: bool) -> Iterator[Neighbour]:
        """What a proxy in no VPC opens connections to for its clients, and ``far`` what is behind that."""
        proxy = self._handing(endpoint)
        ids = [proxy.id] if proxy else []
        ends: dict[str, Endpoint] = {}
        for name in ids:
            for onward in self.chains.targets.of_proxy.get(name, ()):
                for end in self._proxied.ends_of(onward, EVERYTHING if asked is None else asked):
                    if end.id not in {*ids, *ends}:
                        ends[end.id] = end
                        ids.extend([end.id] if far else [])
        for end in ends.values():
            answer = self.can_reach(endpoint, end, asked, through_proxies=far)
            if answer.verdict is not Verdict.BLOCKED and answer.paths:
                best = answer.paths[0]
                yield Neighbour(
                    end=end.end,
                    verdict=answer.verdict,
                    traffic=answer.traffic,
                    rules=rules_of(best),
                    via=best.via,
                    unknowns=answer.unknowns,
                )

    def _handing(self, endpoint: Endpoint) -> Workload | None:
        """A proxy in no VPC, which opens connections for its clients only."""
        found = self.engine.resolved.ends(endpoint).unplaced
        return None if found is None or found.initiates else found

    def _through(
        self, endpoint: Endpoint, asked: Traffic | None, direction: Direction, told: Mapping[str, int]
    ) -> tuple[Neighbour, ...]:
        traffic = EVERYTHING if asked is None else asked
        if direction is Direction.INGRESS:
            return self._proxied.sources(endpoint, traffic, told)
        return self._proxied.destinations(endpoint, traffic, told)

    def _hint(self, end: Endpoint) -> Iterator[str]:
        """The proxies that lead to an end, as a note."""
        inventory = self.engine.inventory
        if not (inventory.proxy_targets or inventory.endpoint_services):
            return
        to_target = self.chains.targets.to_target
        target = aim(self.engine, end)
        proxies = sorted({one.proxy for each in target.workloads for one in to_target.get(each, ())})
        if proxies:
            more = f" and {len(proxies) - 3} more" if len(proxies) > 3 else ""
            yield f"{', '.join(proxies[:3])}{more} may lead here as well: see --through-proxies"

    # -- can reach ---------------------------------------------------------------------------------

    def can_reach(
        self,
        source: str | Endpoint,
        destination: str | Endpoint,
        asked: Traffic | None = None,
        *,
        through_proxies: bool = True,
    ) -> Answer:
        """Whether ``source`` can open a connection to ``destination``, directly or through proxies.

        The verdict is the best of all ways. What a proxy in no VPC opens for its clients is its own, also
        where ways through others do not count. Raises UsageError as the engine does.
        """
        start, end = self.engine.endpoint(source), self.engine.endpoint(destination)
        direct = self.engine.can_reach(start, end, asked)
        direct = self._handed(direct, start, end, far=through_proxies)
        if not through_proxies:
            return direct
        target = aim(self.engine, end)
        ways = self.chains.leading_to(target)
        followed = self._followed(start, ways, (target, direct.asked))
        answer = self._better(direct, followed)
        if len(ways) == MOST_WAYS and answer.verdict is not Verdict.REACHABLE:
            why = Reason(f"the ways through proxies beyond the first {MOST_WAYS}", end.at or Location(""))
            unknowns = (*answer.unknowns, why)
            return replace(
                answer, verdict=Verdict.UNKNOWN, blockers=(), opening=NOTHING_OPENS, unknowns=unknowns
            )
        if answer.verdict is Verdict.BLOCKED:
            more = (
                *(stop for one in followed for stop in stops(self.engine, one)),
                *unused(self.chains, tuple(target.workloads), ways),
            )
            return replace(answer, blockers=_told_once((*direct.blockers, *more)))
        return answer

    def _handed(self, direct: Answer, start: Endpoint, end: Endpoint, *, far: bool) -> Answer:
        """The answer about a proxy in no VPC, which opens connections for its clients only."""
        proxy = self._handing(start)
        if proxy is None or direct.verdict is Verdict.REACHABLE:
            return direct
        found = self.chains.handed(proxy.id, aim(self.engine, end), direct.asked, far=far)
        opened = sorted((one for one in found if one.outcome.both.may), key=lambda one: _BEST[one.verdict])
        if not opened:
            return direct
        paths = (whole_path(self.engine, one, direct.source, direct.destination) for one in opened)
        outcome = together(one.outcome for one in opened)
        unsure = outcome.verdict is Verdict.UNKNOWN
        return replace(
            direct,
            verdict=outcome.verdict,
            traffic=outcome.both,
            paths=tuple([replace(one, via=one.via[1:]) for one in islice(paths, _MOST_PATHS)]),
            blockers=(),
            opening=NOTHING_OPENS,
            unknowns=tuple(sorted({*_doubts_on(self.engine, opened)})) if unsure else (),
            remarks=(f"{proxy.id} opens connections for its clients only", *direct.remarks),
        )

    def _followed(
        self, start: Endpoint, ways: tuple[Chain, ...], what: tuple[Aim, Traffic]
    ) -> tuple[Followed, ...]:
        target, asked = what
        source = aim(self.engine, start)
        found = (
            self.chains.followed(source.ends, source.name, way, target, asked)
            for way in ways
            if source.workloads.keys().isdisjoint(one.proxy for one in way)
        )
        return tuple(sorted(found, key=lambda one: _BEST[one.verdict]))

    def _better(self, direct: Answer, followed: tuple[Followed, ...]) -> Answer:
        """The answer with the ways through proxies that open, or may."""
        opened = [one for one in followed if one.outcome.both.may]
        if not opened:
            return direct
        paths = (
            whole_path(self.engine, one, direct.source, direct.destination) for one in opened[:_MOST_PATHS]
        )
        outcome = together(one.outcome for one in opened)
        verdict = min(direct.verdict, outcome.verdict, key=lambda one: _BEST[one])
        best = _BEST[outcome.verdict] < _BEST[direct.verdict]
        through = ", then ".join(opened[0].via)
        note = f"through {through}" if best else f"{through} leads there as well"
        unknowns = direct.unknowns
        if verdict is Verdict.UNKNOWN:
            own = (reason for one in opened for reason in doubts(self.engine, one))
            unknowns = tuple(sorted({*unknowns, *own}))
        both = tuple(paths)
        return replace(
            direct,
            verdict=verdict,
            traffic=outcome.both if best else direct.traffic,
            paths=((*both, *direct.paths) if best else (*direct.paths, *both))[:_MOST_PATHS],
            blockers=() if best else direct.blockers,
            opening=NOTHING_OPENS if best else direct.opening,
            unknowns=unknowns if verdict is Verdict.UNKNOWN else (),
            remarks=(note, *direct.remarks),
        )


def _order(row: Neighbour) -> tuple[int, int, str, str, str, tuple[str, ...]]:
    end = row.end
    return (row.hops, bool(row.via), end.kind.value, end.name, end.address, row.via)


def _doubts_on(engine: Engine, opened: Iterable[Followed]) -> Iterator[Reason]:
    for one in opened:
        yield from doubts(engine, one)


def _told_once(blockers: tuple[Blocker, ...]) -> tuple[Blocker, ...]:
    found = {(one.code, one.component, one.leg, one.text): one for one in blockers}
    return tuple(found.values())[:_MOST_BLOCKERS]
