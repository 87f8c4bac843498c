"""Proxies that lie in no VPC: APIs, distributions, URLs of functions.

The internet reaches what is public; what lies behind them they reach by a link into the VPC, or from
addresses of AWS.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import Fact, Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.engine import Engine
from auditor.reach.gateways import fact_point
from auditor.reach.journey import Journey
from auditor.reach.proxies.targets import Targets
from auditor.reach.tiers import is_balancer
from auditor.reach.verdict import Code
from auditor.reach.walk import Side
from auditor.traffic import IPV4, IPV6, PUBLIC, IntSet, Traffic
from auditor.tree import Location, Reason

_WORLD = Ends(internet=PUBLIC)
_ANYWHERE = Side(IPV4 | IPV6, chosen=True)
_OUTSIDE = "outside every VPC"


def made(source: str, destination: str, text: str, fact: Fact | None = None, no: str = "") -> Journey:
    """A connection that AWS makes, whatever filters say; or not, where a ``fact`` says so."""
    known = fact or Fact(Truth.YES)
    point = fact_point("service", source, Code.NO_PATH, known, (text, no))
    return Journey(
        source=_ANYWHERE,
        destination=_ANYWHERE,
        names=(source, destination),
        places=(source, destination),
        ways=(((point,),),),
    )


class Beside:
    """The connections to and from proxies in no VPC."""

    def __init__(self, engine: Engine, targets: Targets) -> None:
        self.engine = engine
        self.targets = targets

    def to(self, source: Ends, name: str, workload: Workload, asked: Traffic) -> tuple[Journey, ...]:
        """The ways from a client to a proxy that lies in no VPC."""
        found: list[Journey] = []
        public = workload.public or _unknown(f"whether {workload.id} is public", workload.at)
        private = public.truth is Truth.NO
        if source.internet or (source.outer and source.outer.initiates):
            no = f"{workload.id} is not public"
            addresses = source.internet or PUBLIC
            journey = made(name, workload.id, "is public", public, no)
            sure = not (source.outer and source.parties)
            found.append(replace(journey, source=Side(addresses, chosen=True), certain=sure))
        if source.parties and private:
            fact = _unknown(f"by which endpoint {workload.id} is reached inside VPCs", workload.at)
            found.append(made(name, workload.id, "by an endpoint", fact))
        elif source.parties:
            found.extend(self._out(source, name, workload, (public, asked)))
        return tuple(found)

    def _out(
        self, source: Ends, name: str, workload: Workload, what: tuple[Fact, Traffic]
    ) -> Iterator[Journey]:
        """By the internet, where the client reaches all of it: the proxy's addresses are AWS's."""
        public, asked = what
        sure = self.engine.outcome(source, _WORLD, asked).both.must
        everywhere = bool(sure) and sure.destinations >= PUBLIC & IPV4
        for journey in self.engine.journeys.all(source, _WORLD):
            why = Reason(f"the addresses of {workload.id}", workload.at)
            reasons = (*journey.reasons, *public.reasons)
            certain = journey.certain and everywhere and public.truth is Truth.YES
            yield replace(
                journey,
                names=(name, workload.id),
                certain=certain,
                reasons=reasons if everywhere else (*reasons, why),
            )

    def leaving(self, workload: Workload, end: Ends, name: str, asked: Traffic) -> tuple[Journey, ...]:
        """The ways from a proxy in no VPC to what it hands on to."""
        target = self.targets.carriers.workloads.get(name)
        if target is not None and target.id in self.targets.of_proxy and self._linked(target, end):
            return (made(workload.id, name, "by its link into the VPC"),)
        if target is not None and not target.placed:
            return (made(workload.id, name, "AWS calls it"),)
        engine = self.engine.about(workload.comes_from) if workload.comes_from else self.engine
        sure = engine.outcome(_WORLD, end, asked).both.must
        everywhere = bool(sure) and _whole(sure.sources)
        why = Reason(f"by which addresses {workload.id} comes to {name}", workload.at)
        found = [
            replace(
                journey,
                names=(workload.id, name),
                certain=journey.certain and everywhere,
                reasons=(*journey.reasons, *(() if everywhere else (why,))),
            )
            for journey in engine.journeys.all(_WORLD, end)
        ]
        if not everywhere:
            found.append(made(workload.id, name, "by a link", Fact(Truth.UNKNOWN, workload.at, (why,))))
        return tuple(found)

    def _linked(self, target: Workload, end: Ends) -> bool:
        """Whether nothing of the target's can keep out what comes by a link."""
        if not is_balancer(target):
            return True
        private = all(spot.public.truth is Truth.NO for spot in end.spots)
        return private and not any(spot.filtered for spot in end.spots)


def _whole(addresses: IntSet) -> bool:
    return addresses >= PUBLIC & IPV4


def _unknown(what: str, at: Location) -> Fact:
    return Fact(Truth.UNKNOWN, at, (Reason(what, at),))
