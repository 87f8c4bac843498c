"""Questions about places: what leaves a subnet for somewhere, whatever stands there and carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.reach import Answer, Engine, Verdict
from auditor.reach.ends import Ends
from auditor.reach.paths import ways
from auditor.reach.proof import unknowns
from auditor.reach.spot import Party, Spot
from auditor.traffic import Traffic


def from_subnet(engine: Engine, subnet: str, target: Ends, asked: Traffic) -> Answer:
    """The answer for a host in a subnet that no group filters."""
    source = Ends(parties=(Party(_bare(engine.spots.hosts_in(subnet, subnet))),))
    outcome = engine.outcome(source, target, asked)
    journeys = () if outcome.verdict is Verdict.BLOCKED else tuple(engine.journeys.all(source, target))
    return Answer(
        source=subnet,
        destination="",
        asked=asked,
        verdict=outcome.verdict,
        traffic=outcome.both,
        paths=ways(journeys, asked).told,
        unknowns=unknowns(journeys, asked) if outcome.verdict is Verdict.UNKNOWN else (),
    )


def hosts_of(engine: Engine, vpc: str) -> Ends:
    """Hosts in each subnet of a VPC that no group filters."""
    return Ends(parties=(Party(_bare(engine.spots.in_vpc(vpc))),))


def _bare(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    empty: frozenset[str] = frozenset()
    return tuple(replace(one, groups=empty, possible=empty, open=(), filtered=False) for one in spots)
