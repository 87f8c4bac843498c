"""The proof of a way through proxies: each connection's own, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auditor.reach.engine import Engine
from auditor.reach.journey import Journey
from auditor.reach.paths import ways
from auditor.reach.proof import blockers, unknowns
from auditor.reach.proxies.chains import Chain, Chains, Followed, joins
from auditor.reach.proxies.connections import Opened
from auditor.reach.proxies.onward import How, Onward
from auditor.reach.verdict import Blocker, Code, DecisiveRule, Leg, Path, Step, Verdict
from auditor.traffic import traffic_text
from auditor.tree import Reason

_MOST_JOURNEYS = 256


def _journeys(engine: Engine, opened: Opened) -> tuple[Journey, ...]:
    """What a connection's proof is made of; of very many journeys, the first."""
    asked = engine.journeys.all(*opened.ends) if opened.ends else iter(())
    return (*opened.journeys, *islice(asked, _MOST_JOURNEYS))


def _path(engine: Engine, opened: Opened) -> Path:
    """The best path of a connection, by the verdict of all of them."""
    found = ways(_journeys(engine, opened), opened.service.may).told
    return Path(
        source=opened.source,
        destination=opened.destination,
        verdict=opened.verdict,
        traffic=opened.outcome.both,
        hops=found[0].hops if found else (),
    )


def whole_path(engine: Engine, followed: Followed, source: str, destination: str) -> Path:
    """A way as one path."""
    connections = tuple(_path(engine, one) for one in followed.connections)
    return Path(
        source=source,
        destination=destination,
        verdict=followed.verdict,
        traffic=followed.outcome.both,
        hops=tuple(hop for one in connections for hop in one.hops),
        via=followed.via,
        connections=connections,
    )


class Steps:
    """The connections of ways, each with the rules of security groups that let it, worked out once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: dict[int, tuple[Opened, Step]] = {}

    def of(self, followed: Followed, first: tuple[DecisiveRule, ...] = ()) -> tuple[Step, ...]:
        """The connections of a way; ``first`` are the rules that let the first one, where they are known."""
        if not followed.connections:
            return ()
        opening, *rest = followed.connections
        start = _step(opening, first) if first else self._step(opening)
        return (start, *map(self._step, rest))

    def _step(self, opened: Opened) -> Step:
        kept = self._kept.get(id(opened))
        if kept is None:
            # The connection is kept with it, so that no other can have its identity.
            kept = self._kept[id(opened)] = (opened, _step(opened, rules_of(_path(self.engine, opened))))
        return kept[1]


def _step(opened: Opened, rules: tuple[DecisiveRule, ...]) -> Step:
    return Step(
        source=opened.source,
        destination=opened.destination,
        verdict=opened.verdict,
        traffic=opened.outcome.both,
        rules=rules,
    )


def rules_of(path: Path) -> tuple[DecisiveRule, ...]:
    """The rules of security groups by which a path leads."""
    found = [
        DecisiveRule(component=hop.holder, at=hop.at, text=hop.rule)
        for hop in path.hops
        if hop.kind == "security-group" and hop.holder and hop.at is not None and hop.traffic.may
    ]
    return tuple(dict.fromkeys(found))


def doubts(engine: Engine, followed: Followed) -> tuple[Reason, ...]:
    """Every reason for which it is not certain that a way opens."""
    return Doubts(engine).of(followed)


class Doubts:
    """Why it is not certain that ways open, worked out once for each connection that several have."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: dict[int, tuple[Opened, frozenset[Reason]]] = {}

    def of(self, followed: Followed) -> tuple[Reason, ...]:
        """Every reason for which it is not certain that a way opens, sorted."""
        found: set[Reason] = set()
        for one in followed.connections:
            if one.verdict is Verdict.UNKNOWN:
                found |= self._on(one)
        for onward in followed.chain:
            if not onward.certain:
                found.update(onward.reasons)
        return tuple(sorted(found)) or _unnamed(followed)

    def _on(self, opened: Opened) -> frozenset[Reason]:
        kept = self._kept.get(id(opened))
        if kept is None:
            on_the_way = unknowns(_journeys(self.engine, opened), opened.service.may)
            # The connection is kept with it, so that no other can have its identity.
            kept = self._kept[id(opened)] = (opened, frozenset((*opened.reasons, *on_the_way)))
        return kept[1]


def _unnamed(followed: Followed) -> tuple[Reason, ...]:
    last = followed.chain[-1]
    return (Reason(f"what {last.proxy} hands on, and to what", last.at, "a snapshot"),)


def stops(engine: Engine, followed: Followed) -> Iterator[Blocker]:
    """What stops a way: at the first of its connections that does not open."""
    for place, one in enumerate(followed.connections):
        if one.outcome.both.may:
            continue
        if not one.service.may:
            yield _wrong_port(followed.chain[max(place - 1, 0)], one)
        elif one.stops:
            yield from one.stops
        else:
            yield from blockers(_journeys(engine, one), one.service.may)
        return


def _wrong_port(onward: Onward, opened: Opened) -> Blocker:
    said = ", ".join(traffic_text(onward.opens.may)) or "nothing"
    if onward.how is How.INVOKED:
        said = ", ".join(traffic_text(onward.accepts.may)) or "nothing"
        text = f"{onward.proxy} listens for {said}"
        code = Code.ELBV2_LISTENER_PORT_RESTRICTION
    else:
        text = f"{onward.proxy} opens {said} to {opened.destination}"
        code = Code.TARGET_PORT_RESTRICTION
    return Blocker(code=code, component=onward.proxy, leg=Leg.REQUEST, at=onward.at, text=text)


def unused(chains: Chains, workloads: tuple[str, ...], ways: tuple[Chain, ...]) -> Iterator[Blocker]:
    """Why there are no more ways to some workloads: groups without a listener, ports that do not meet."""
    for workload in workloads:
        for group in chains.targets.unused(workload):
            yield Blocker(
                code=Code.ELBV2_LISTENER_HAS_NO_TG,
                component=group.id,
                leg=Leg.REQUEST,
                at=group.at,
                text=f"no listener hands on to {group.id}, which holds {workload}",
            )
    for way in ways:
        for one in chains.targets.to_target.get(way[0].proxy, ()):
            if not joins(one, way[0]):
                opens, accepts = (", ".join(traffic_text(part.may)) for part in (one.opens, way[0].accepts))
                yield Blocker(
                    code=Code.ELBV2_LISTENER_PORT_RESTRICTION,
                    component=way[0].proxy,
                    leg=Leg.REQUEST,
                    at=way[0].at,
                    text=f"{one.proxy} opens {opens} to {way[0].proxy}, which listens for {accepts}",
                )
