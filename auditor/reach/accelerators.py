"""What accelerators bring from the internet to workloads: past public addresses, routes and firewalls.

The edge of AWS hands connections to an interface beside the workload, so that neither a public address nor a
route is needed, but an internet gateway is, as a sign of consent. Security groups hold; public access that is
blocked stays so. Whether network ACLs are asked AWS's pages say in two ways, so they count as "perhaps not".
https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.how-to-enable-preservation.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import Accelerated, Direction, Fact, Family, Truth
from auditor.reach.gateways import fact_point
from auditor.reach.inside import Borders
from auditor.reach.journey import Walk
from auditor.reach.points import PERHAPS, Clause, Point, services_text
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code, Leg
from auditor.traffic import EVERYTHING, Bounds
from auditor.tree import Presence, Reason

_KIND = "accelerator"


def accelerated(borders: Borders, spot: Spot, gates: tuple[Point, ...]) -> tuple[Walk, ...]:
    """The ways by accelerators to a spot; ``gates`` are those of the VPC that hold for them too."""
    group = borders.group_point(spot, Direction.INGRESS, None)
    return tuple(
        (
            *_bringing(one, spot),
            *gates,
            _perhaps(borders.acl_point(spot, Direction.INGRESS, Leg.REQUEST), one),
            *(() if group is None else (group,)),
            _perhaps(borders.acl_point(spot, Direction.EGRESS, Leg.REPLY), one),
        )
        for one in spot.accelerated
        if one.preserves_client.truth is not Truth.NO
    )


def brings(one: Accelerated, family: Family) -> Fact:
    """Whether an accelerator certainly brings the addresses of its clients to its endpoint."""
    facts = [one.preserves_client, *([one.ipv6] if family is Family.IPV6 else [])]
    no = next((fact for fact in facts if fact.truth is Truth.NO), None)
    if no is not None:
        return no
    sure = one.presence is Presence.CERTAIN and one.endpoint.certain
    if sure and all(fact.truth is Truth.YES for fact in facts):
        return Fact(Truth.YES, one.at)
    why = (*one.reasons, *one.endpoint.reasons, *(reason for fact in facts for reason in fact.reasons))
    what = f"what {one.accelerator} brings to {one.endpoint.id} from the internet"
    return Fact(Truth.UNKNOWN, one.at, why or (Reason(what, one.at, "a snapshot"),))


def _bringing(one: Accelerated, spot: Spot) -> Iterator[Point]:
    text = f"forwards {services_text(one.service.may)}"
    why = (Reason(f"which ports {one.accelerator} forwards", one.at, "the input that declares its listener"),)
    reasons = () if one.service.known else why
    clause = Clause(component=one.accelerator, at=one.at, text=text, region=one.service, reasons=reasons)
    yield Point(
        kind=_KIND,
        component=one.accelerator,
        code=Code.TARGET_PORT_RESTRICTION,
        passes=one.service,
        clauses=(clause,),
        at=one.at,
        text=f"{one.accelerator} {text} only",
    )
    fact = brings(one, spot.family)
    if fact.truth is not Truth.YES:
        texts = ("brings it", f"{one.accelerator} brings none to {spot.owner}")
        yield fact_point(_KIND, one.accelerator, Code.NO_PATH, fact, texts)


def _perhaps(point: Point, one: Accelerated) -> Point:
    """A network ACL that what an accelerator brings may not meet."""
    if point.passes.must == EVERYTHING:
        return point
    why = Reason(f"whether network ACLs are asked for what {one.accelerator} brings", one.at)
    past = Clause(component=point.component, at=one.at, text="not asked", region=PERHAPS, reasons=(why,))
    return replace(point, passes=Bounds(point.passes.must, EVERYTHING), clauses=(*point.clauses, past))
