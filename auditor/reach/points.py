"""Control points: what each lets pass, by which of its clauses, seen on the traffic of the request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from auditor.frozen import dataclass
from auditor.model import Direction
from auditor.reach.verdict import Code, Leg
from auditor.traffic import (
    EVERYTHING,
    ICMP,
    ICMPV6,
    NOTHING,
    TCP,
    UDP,
    Bounds,
    IntSet,
    Traffic,
    exact,
    service,
    traffic_text,
)
from auditor.tree import Location, Reason

ALL: Bounds[Traffic] = exact(EVERYTHING)
NONE: Bounds[Traffic] = exact(NOTHING)
PERHAPS: Bounds[Traffic] = Bounds(NOTHING, EVERYTHING)

LISTENER = "listener"
"""The kind of the point that says what is accepted where packets arrive."""

BY_PORTS = service(TCP) | service(UDP)
"""What those who accept it tell apart by ports."""

EPHEMERAL = IntSet.of((1024, 65535))
"""The ports that a client's system may pick: those of NAT gateways and load balancers hold all others'.

https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""


def _messages(protocol: int, answered: tuple[int, ...]) -> Traffic:
    types = IntSet.of((0, 255)) - IntSet.union(IntSet.single(one) for one in answered)
    codes = IntSet.of(*((low * 256, high * 256 + 255) for low, high in types))
    return Traffic.of(protocols=IntSet.single(protocol), destination_ports=codes)


UNANSWERED = _messages(ICMP, (8, 10, 13, 15, 17, 35, 37, 42)) | _messages(
    ICMPV6, (128, 133, 135, 139, 144, 146, 160)
)
"""What is sent without an answer: the messages of ICMP and ICMPv6 that are no requests.

From the IANA registries "ICMP Parameters" and "ICMPv6 Parameters".
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing that a control point says: what lies in ``region`` passes, or not.

    ``undecided`` where it is not known when its turn comes.
    """

    component: str
    at: Location | None
    text: str
    region: Bounds[Traffic]
    allows: bool = True
    undecided: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What else ``traffic`` must fulfil to pass, in words: ``only *.example.com by TLS SNI``."""

    traffic: Traffic
    text: str
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Mend:
    """What would make a control point let packets pass: ``add an ingress rule to db``.

    Where the change is a rule about packets, ``direction`` says which end of them it names, as ``peer`` where
    the rule can name the other end's group. ``sources`` are the addresses that the packets of the request
    bear there, where a gateway translated them.
    """

    text: str
    direction: Direction | None = None
    peer: str = ""
    sources: IntSet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A control point of a walk. ``passes`` is in terms of the request, for points that the reply meets too.

    ``clauses`` in the order in which they are asked; ``text`` says why it blocks where no clause does.
    ``conditions`` tell what narrows that which passes, where it is more than addresses and ports. ``mend`` is
    what would make it pass more, None where nothing would.
    """

    kind: str
    component: str
    code: Code
    passes: Bounds[Traffic]
    clauses: tuple[Clause, ...] = ()
    leg: Leg = Leg.REQUEST
    at: Location | None = None
    text: str = ""
    conditions: tuple[Condition, ...] = ()
    mend: Mend | None = None

    def decisive(self, traffic: Traffic) -> Clause | None:
        """The first clause that lets some of ``traffic`` pass, certain ones first."""
        if not traffic:
            return None
        allowing = [clause for clause in self.clauses if clause.allows]
        for clause in allowing:
            if clause.region.must & traffic:
                return clause
        return next((clause for clause in allowing if clause.region.may & traffic), None)

    def reasons(self, traffic: Traffic) -> tuple[Reason, ...]:
        """Why it is not certain that ``traffic`` passes."""
        found: list[Reason] = []
        for clause in self.clauses:
            open_ = clause.region.may if clause.undecided else clause.region.may - clause.region.must
            if clause.reasons and open_ & traffic:
                found.extend(clause.reasons)
        return tuple(dict.fromkeys(found))


def surviving(points: Iterable[Point], traffic: Bounds[Traffic]) -> Bounds[Traffic]:
    """What is left of ``traffic`` after all the points."""
    for point in points:
        if point.passes is not ALL:
            traffic = traffic & point.passes
            if not traffic.may:
                break
    return traffic


@lru_cache(maxsize=1 << 14)
def services_text(traffic: Traffic) -> str:
    """The services of a rule in one line."""
    return ", ".join(traffic_text(traffic)) or "nothing"


def requests_of(replies: Bounds[Traffic]) -> Bounds[Traffic]:
    """The requests whose replies are in ``replies``, and what needs no reply."""
    if replies is ALL:
        return ALL
    may = replies.may.reversed() | UNANSWERED
    if replies.must is replies.may:
        return exact(may)
    return Bounds(replies.must.reversed() | UNANSWERED, may)
