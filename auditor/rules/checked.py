"""Which balancer checks the health of which target, and on what."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass
from auditor.model import Link, Listener, ProxyTarget, TargetGroup
from auditor.reach import Answer, Engine, Verdict
from auditor.traffic import TCP, Traffic, service
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One target of a group of a balancer; ``at`` is a listener that names the group.

    ``health`` is all that it may be on where its port is not known, and ``port_open`` why.
    """

    balancer: str
    group: TargetGroup
    target: str
    health: Traffic
    at: Location
    sure: bool
    reasons: tuple[Reason, ...] = ()
    port_open: tuple[Reason, ...] = ()


def checks(engine: Engine) -> Iterator[Check]:
    """Every check of workloads that the input names as targets; on all that its port may be if not known.

    A target that may be any workload is none of them, and a port that its host chooses is none at all.
    """
    index = engine.index
    groups = {one.id: one for one in index.inventory.target_groups}
    registered: dict[str, list[ProxyTarget]] = {}
    for target in index.inventory.proxy_targets:
        registered.setdefault(index.canonical(target.group.id), []).append(target)
    met: set[tuple[str, str, str, Traffic]] = set()
    for listener in index.inventory.listeners:
        for link in listener.targets.items:
            group = groups.get(index.canonical(link.id))
            for target in registered.get(group.id, ()) if group else ():
                for check in _of_target(engine, (listener, link), group, target):
                    key = (check.balancer, check.group.id, check.target, check.health)
                    if key not in met:
                        met.add(key)
                        yield check


def _of_target(
    engine: Engine, named: tuple[Listener, Link], group: TargetGroup | None, target: ProxyTarget
) -> Iterator[Check]:
    listener, link = named
    balancer = engine.index.canonical(listener.proxy.id)
    if group is None or target.workload is None or target.workload.any or link.any:
        return
    health, hidden = (
        (group.health, group.health_open) if target.health is None else (target.health, target.health_open)
    )
    workloads = engine.carriers.workloads
    if (
        health is None
        or not (health.must or hidden)
        or balancer not in workloads
        or not workloads[balancer].placed
    ):
        return
    links = (listener.proxy, link, target.group, target.workload)
    present = all(one.presence is Presence.CERTAIN for one in (listener, group, target))
    for identity in _named(engine, target.workload):
        if workloads[identity].placed and identity != balancer:
            yield Check(
                balancer=balancer,
                group=group,
                target=identity,
                health=health.must or health.may,
                at=listener.at,
                sure=present and all(each.certain for each in links),
                reasons=tuple(reason for each in links for reason in each.reasons),
                port_open=() if health.must else hidden,
            )


def _named(engine: Engine, link: Link) -> Iterator[str]:
    identity = engine.index.canonical(link.id)
    if identity in engine.carriers.workloads:
        yield identity
    else:
        yield from (one.id for one in engine.carriers.members.get(identity, ()))


def passes(check: Check, answer: Answer, engine: Engine) -> bool:
    """Whether a check comes through; one on a port that is not known, where all that it may be on does.

    What a rule lets pass for the same unknown, it lets pass whatever that is.
    """
    if not check.port_open:
        return answer.verdict is Verdict.REACHABLE
    if answer.verdict in {Verdict.BLOCKED, Verdict.ONE_WAY}:
        return False
    rest = check.health - service(TCP, 0, 0) - answer.traffic.must.services()
    if rest and answer.verdict is Verdict.REACHABLE:
        answer = engine.can_reach(check.balancer, check.target, rest)
    return not rest or not {why.what for why in check.port_open}.isdisjoint(
        why.what for why in answer.unknowns
    )
