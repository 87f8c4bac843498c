"""Workloads that lie in no VPC: functions without one, APIs, addresses of functions, endpoints of services.

They are on AWS's side. What they open comes from public addresses of AWS, which nobody knows beforehand; what
they accept, they accept from the internet.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import Fact, Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.forwarding.course import perhaps_point
from auditor.reach.gateways import fact_point, never
from auditor.reach.journey import Journey
from auditor.reach.points import Clause, Point
from auditor.reach.verdict import Code
from auditor.reach.walk import Side
from auditor.traffic import EVERYTHING, IPV4, IPV6, PUBLIC, Bounds, IntSet, Traffic, exact
from auditor.tree import Reason

WORLD = Ends(internet=PUBLIC)
"""What stands for the side of AWS that a workload in no VPC is on."""

_OUTSIDE = "outside every VPC"


def opened(source: Workload, journeys: Iterator[Journey]) -> Iterator[Journey]:
    """The ways from the internet to a spot as those of a workload in no VPC, whose addresses AWS picks."""
    for one in journeys:
        side = Side(one.source.addresses, chosen=False)
        stop = _opening(source)
        ways = tuple(tuple((*stop, *walk) for walk in walks) for walks in one.ways)
        yield replace(one, source=side, names=(source.id, one.names[1]), ways=ways)


def accepted(destination: Workload, journeys: Iterator[Journey]) -> Iterator[Journey]:
    """The ways from a spot to the internet as those to a workload in no VPC, whose addresses AWS picks."""
    for one in journeys:
        side = Side(one.destination.addresses, chosen=False)
        end = _accepting(destination, hidden=True)
        ways = tuple(tuple((*walk, *end) for walk in walks) for walks in one.ways)
        yield replace(one, destination=side, names=(one.names[0], destination.id), ways=ways)


def by_endpoint(destination: Workload, *, endpoints: bool) -> Iterator[Journey]:
    """The way to what is not public by an endpoint in a VPC, which may have one in what the input has.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    truth = destination.public.truth if destination.public else Truth.UNKNOWN
    if truth is Truth.YES or not destination.accepts or not (endpoints or truth is Truth.NO):
        return
    why = Reason(f"by which endpoint {destination.id} is reached inside VPCs", destination.at)
    line = Side(IPV4 | IPV6, chosen=True)
    yield Journey(
        source=line,
        destination=line,
        names=("a VPC", destination.id),
        places=("a VPC", _OUTSIDE),
        ways=(((perhaps_point("service", destination.id, Code.NO_PATH, (why,), destination.at),),),),
    )


def apart(source: Ends, destination: Ends) -> Iterator[Journey]:
    """The ways between the internet and a workload in no VPC, or between two of them."""
    points: list[Point] = []
    names = []
    for end in (source, destination):
        own = end.unplaced
        names.append(own.id if own else "internet" if end.internet else "a private address")
        if own is None and not end.internet:
            text = f"{names[-1]} is not on the internet, where workloads in no VPC are"
            points.append(never(names[-1], Code.NO_ROUTE_TO_DESTINATION, text, None))
    if source.unplaced:
        points.extend(_opening(source.unplaced))
    if destination.unplaced:
        points.extend(_accepting(destination.unplaced, hidden=source.unplaced is not None))
    elif destination.symbolic and source.unplaced:
        why = Reason("which addresses the service has", source.unplaced.at)
        points.append(perhaps_point("service", "an AWS service", Code.NO_PATH, (why,), source.unplaced.at))
    line = IPV4 | IPV6
    yield Journey(
        source=Side(source.internet or line, chosen=True),
        destination=Side(destination.internet or line, chosen=True),
        names=(names[0], names[1]),
        places=(_OUTSIDE, _OUTSIDE),
        ways=((tuple(points) or (_reaches(names[0], source),),),),
    )


def _reaches(name: str, source: Ends) -> Point:
    at = source.unplaced.at if source.unplaced else None
    texts = ("reaches the internet", "")
    return fact_point("interface", name, Code.NO_PATH, Fact(Truth.YES, at), texts)


def _opening(workload: Workload) -> tuple[Point, ...]:
    if workload.initiates:
        return ()
    text = f"{workload.id} accepts connections and opens none of its own, but for its clients"
    return (never(workload.id, Code.NO_PATH, text, workload.at),)


def _accepting(workload: Workload, *, hidden: bool) -> tuple[Point, ...]:
    """What a workload in no VPC accepts; ``hidden`` where the client's public address is not known."""
    if not workload.accepts:
        text = f"{workload.id} lies in no VPC and accepts no connections from a network"
        return (never(workload.id, Code.TARGET_PORT_RESTRICTION, text, workload.at),)
    fact = workload.public
    if fact is None or fact.truth is Truth.UNKNOWN:
        why = Reason(f"what {workload.id} accepts from outside its VPC", workload.at)
        fact = Fact(Truth.UNKNOWN, workload.at, (*(fact.reasons if fact else ()), why))
    texts = ("accepts", f"{workload.id} is not public")
    at = fact.at or workload.at
    code, mend = Code.NO_ROUTE_TO_DESTINATION, f"make {workload.id} public"
    found = [fact_point("interface", workload.id, code, replace(fact, at=at), texts, mend=mend)]
    if workload.listens is not None:
        may = workload.listens.may
        text = f"{workload.id} accepts nothing else"
        found.append(_region(workload, exact(may), Code.TARGET_PORT_RESTRICTION, text))
    if workload.sources is not None:
        found.append(_from_sources(workload, workload.sources, hidden=hidden))
    return tuple(found)


def _from_sources(workload: Workload, sources: Bounds[IntSet], *, hidden: bool) -> Point:
    text = f"{workload.id} accepts connections from its own list of addresses only"
    if hidden and not sources.must >= PUBLIC & IPV4:
        why = Reason(f"whether {workload.id} lets in the public address of its client", workload.at)
        return perhaps_point("interface", workload.id, Code.ENI_ADDRESS_RESTRICTION, (why,), workload.at)
    region = Bounds(Traffic.of(sources=sources.must), Traffic.of(sources=sources.may))
    if hidden:
        region = exact(EVERYTHING)
    return _region(workload, region, Code.ENI_ADDRESS_RESTRICTION, text)


def _region(workload: Workload, region: Bounds[Traffic], code: Code, text: str) -> Point:
    why = () if region.known else (Reason(f"from which addresses {workload.id} accepts", workload.at),)
    clause = Clause(component=workload.id, at=workload.at, text="accepts", region=region, reasons=why)
    return Point(
        kind="interface",
        component=workload.id,
        code=code,
        passes=region,
        clauses=(clause,),
        at=workload.at,
        text=text,
    )
