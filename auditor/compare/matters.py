"""What of a difference matters to somebody: all of it, or what begins or ends at things that they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.compare.things import Identity
from auditor.difference import Change, Difference, Named, Undecided
from auditor.errors import UsageError
from auditor.reach import End, Endpoint, EndpointKind, Engine


class Matters:
    """The things that are named, in both networks: ``internet``, tiers, groups, workloads, subnets, VPCs.

    Raises UsageError for a name that nothing has in either network.
    """

    def __init__(self, engines: tuple[Engine, Engine], names: Sequence[str]) -> None:
        self.engines = engines
        found = [tuple(_endpoints(engine, name)) for name in names for engine in engines]
        for place, name in enumerate(names):
            if not (found[2 * place] or found[2 * place + 1]):
                engines[1].endpoints(name)  # says what is wrong with it
        self._everything = not names
        self._kinds = {
            each.kind for several in found for each in several if not each.id and not each.members
        } - {EndpointKind.CIDR}
        self._ids = tuple(
            frozenset(identity for several in found[side::2] for each in several for identity in _ids(each))
            for side in (0, 1)
        )

    def new(self, difference: Difference) -> tuple[Change, ...]:
        """The changes by which something that matters is reachable, or reaches, as it was not before."""
        return tuple(each for each in difference.changes if each.kind.opens and self._concerns(each))

    def perhaps_new(self, difference: Difference) -> tuple[Undecided, ...]:
        """The same of what cannot be compared, where it may be new."""
        return tuple(each for each in difference.undecided if each.opens and self._concerns(each))

    def _concerns(self, one: Change | Undecided) -> bool:
        return self._everything or self._is_named(one.source) or self._is_named(one.destination)

    def _is_named(self, named: Named) -> bool:
        if named.end.kind in self._kinds:
            return True
        ends = (named.before, named.after)
        return any(
            end is not None and not self._ids[side].isdisjoint(self._around(side, end))
            for side, end in enumerate(ends)
        )

    def _around(self, side: int, end: End) -> Iterator[Identity]:
        """An end, what it consists of, and what it is in."""
        engine = self.engines[side]
        yield end.address
        carriers = engine.carriers
        members = carriers.members.get(end.address, ()) if end.kind is EndpointKind.SECURITY_GROUP else ()
        own = carriers.workloads.get(end.address)
        for workload in (*members, *((own,) if own else ())):
            yield workload.id
            yield from carriers.group_ids(workload) if own else ()
            yield from (engine.index.canonical(link.id) for link in carriers.subnets(workload).items)
            yield carriers.vpc(workload) or ""


def _endpoints(engine: Engine, name: str) -> Iterator[Endpoint]:
    for text in (name, f"tier:{name}"):
        try:
            yield from engine.endpoints(text)
        except UsageError:
            continue


def _ids(endpoint: Endpoint) -> tuple[Identity, ...]:
    return endpoint.members or ((endpoint.id,) if endpoint.id else ())
