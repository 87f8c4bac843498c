"""Listeners, target groups and targets, without what the dialects cannot but say differently."""

from __future__ import annotations

from auditor.model import Fact, Inventory, Link
from auditor.tree import Resource
from tests.aws.build import read


def proxied(*resources: Resource) -> tuple[list[str], list[str], list[str]]:
    """What listeners, groups and targets of these resources say, each as one text."""
    found = read(*resources)
    assert found.gaps == ()
    known = _short(found)
    listeners = [
        f"{one.service!r} > {_links(one.targets.items, known)} open={bool(one.targets.open)} {one.presence}"
        for one in found.listeners
    ]
    groups = [
        f"{one.type} {one.service!r} {one.health!r} preserves={_of(one.preserves_client)}"
        f" crosses={_of(one.cross_zone)} open={bool(one.open)} {one.presence}"
        for one in found.target_groups
    ]
    targets = [
        f"{'' if one.workload is None else known.get(one.workload.id, one.workload.id)}"
        f"{'' if one.address is None else one.address.text} {one.service!r} {one.health!r} {one.presence}"
        for one in found.proxy_targets
    ]
    return sorted(listeners), sorted(groups), sorted(targets)


def _of(fact: Fact) -> str:
    return fact.truth.value


def _links(links: tuple[Link, ...], known: dict[str, str]) -> list[str]:
    return sorted({known.get(link.id, link.id) for link in links})


def _short(found: Inventory) -> dict[str, str]:
    """Ids as the number of the thing among those of its type, in the order in which they are given."""
    return {
        one.id: f"{type(one).__name__}-{number}"
        for several in (found.target_groups, found.workloads)
        for number, one in enumerate(several)
    }
