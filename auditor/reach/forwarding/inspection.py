"""Firewall endpoints on the way: what the firewall passes, and where packets go from there.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-single-zone-igw.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.model import NO, Direction, Firewall
from auditor.reach.firewalls import Firewalls
from auditor.reach.forwarding.course import Course
from auditor.reach.forwarding.place import Place, Seen
from auditor.reach.points import ALL, UNANSWERED, Clause, Mend, Point
from auditor.reach.tables import Way
from auditor.reach.verdict import Code, Leg
from auditor.traffic import EVERYTHING, Bounds, IntSet
from auditor.tree import Reason

if TYPE_CHECKING:
    from auditor.reach.forwarding.tracing import Tracer

KIND = "network-firewall"
ASYMMETRIC = "asymmetric routing"
"""The rule that a hop names where a firewall sees one direction of a connection only."""


def inspected(tracer: Tracer, place: Place, way: Way, addresses: IntSet, seen: Seen) -> Iterator[Course]:
    """The courses through the firewall endpoint of a route; none where it is no firewall's of the input."""
    link = way.target.link
    if link is None:
        return
    identity = tracer.index.canonical(link.id)
    find = tracer.around.firewalls.find
    firewall = next((one for one in map(find, (identity, *link.among)) if one is not None), None)
    if firewall is None or firewall.open:
        return
    named = {tracer.index.canonical(name) for name in (identity, *link.among)}
    candidates = [one for one in firewall.endpoints if tracer.index.canonical(one.id) in named]
    candidates = candidates or list(firewall.endpoints)
    if not candidates:
        return
    vpc = tracer.index.canonical(firewall.vpc.id)
    what = f"which endpoint of {firewall.id} the route leads to"
    key = f"endpoint {way.at if identity == firewall.id else identity}"
    for endpoint, doubt in tracer.choices.pick(key, candidates, what):
        at = Place(vpc, tracer.index.canonical(endpoint.subnet.id))
        points = (*doubt, *tracer.crossing(place, at), firewall_point(tracer.around.firewalls, firewall))
        for course in tracer.courses(at, addresses, seen):
            yield replace(
                course.after(*points, through=firewall.id),
                firewalls=((firewall, endpoint.id), *course.firewalls),
                inbound=NO,
                outbound=NO,
            )


def firewall_point(firewalls: Firewalls, firewall: Firewall) -> Point:
    """What a firewall passes of the connections that are opened through it."""
    found = firewalls.inspection(firewall)
    return Point(
        kind=KIND,
        component=found.component,
        code=Code.FIREWALL_RULES_RESTRICTION,
        passes=found.passes,
        clauses=found.clauses,
        conditions=found.conditions,
        at=found.at,
        text=f"{found.component} passes none of it",
        mend=Mend(f"add a rule to {found.component} that passes it", Direction.INGRESS),
    )


def replies_point(firewalls: Firewalls, firewall: Firewall) -> Point:
    """What a firewall passes of the replies of connections that it has seen."""
    found = firewalls.inspection(firewall)
    return Point(
        kind=KIND,
        component=found.component,
        code=Code.FIREWALL_RULES_RESTRICTION,
        passes=found.replies,
        clauses=() if found.replies is ALL else found.clauses,
        leg=Leg.REPLY,
        at=found.at,
        text=f"{found.component} passes no reply",
    )


def asymmetric_point(firewalls: Firewalls, firewall: Firewall, endpoint: str, *, replies: bool) -> Point:
    """A firewall that sees one direction of a connection only: the requests, or the ``replies``.

    What its stateless rules pass does not need the other. Of the rest AWS only says that it is not supported.
    https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
    """
    seen = firewalls.alone(firewall)[1 if replies else 0]
    region = Bounds(seen | UNANSWERED, EVERYTHING)
    part = "replies" if replies else "requests"
    what = f"{ASYMMETRIC}: {endpoint} of {firewall.id} sees the {part} only"
    why = Reason(what, firewall.at, "route both directions through it")
    clause = Clause(component=firewall.id, at=firewall.at, text=ASYMMETRIC, region=region, reasons=(why,))
    return Point(
        kind=KIND,
        component=firewall.id,
        code=Code.FIREWALL_RULES_RESTRICTION,
        passes=region,
        clauses=(clause,),
        leg=Leg.REPLY,
        at=firewall.at,
        text=what,
    )
