"""NAT gateways: outbound TCP, UDP and ICMP over IPv4, from the gateway's own address and ports.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from auditor.model import Fact, Link, NatGateway, Truth
from auditor.reach.gateways import fact_point
from auditor.reach.inside import Borders
from auditor.reach.points import Clause, Point
from auditor.reach.verdict import Code
from auditor.traffic import ICMP, IPV4, TCP, UDP, IntSet, Traffic, exact
from auditor.tree import Presence, Reason

_CARRIED = Traffic.of(
    protocols=IntSet.of((ICMP, ICMP), (TCP, TCP), (UDP, UDP)), sources=IPV4, destinations=IPV4
)


class Nat:
    """What stands at a NAT gateway."""

    def __init__(self, borders: Borders) -> None:
        self.index = borders.index

    def points(
        self, gateway: NatGateway, link: Link, source_vpc: str | None, vpc: str | None
    ) -> tuple[Point, ...]:
        """What a NAT gateway asks of packets from its own VPC, before it gives them its address."""
        found = [self._same_vpc(gateway, source_vpc, vpc), self._carried(gateway)]
        if not (gateway.presence is Presence.CERTAIN and link.certain):
            why = link.reasons or (Reason(f"whether {gateway.id} exists", gateway.at),)
            fact = Fact(Truth.UNKNOWN, gateway.at, why)
            texts = ("exists", f"{gateway.id} does not exist")
            found.append(fact_point("nat-gateway", gateway.id, Code.NO_ROUTE_TO_DESTINATION, fact, texts))
        return tuple(found)

    def public_point(self, gateway: NatGateway) -> Point:
        """Whether a NAT gateway has a public address, without which an internet gateway drops its packets."""
        at = gateway.public.at or gateway.at
        fact = Fact(gateway.public.truth, at, gateway.public.reasons)
        texts = ("public", f"{gateway.id} is a private NAT gateway")
        mend = f"make {gateway.id} a public NAT gateway"
        return fact_point("nat-gateway", gateway.id, Code.NO_ROUTE_TO_DESTINATION, fact, texts, mend=mend)

    def _same_vpc(self, gateway: NatGateway, source_vpc: str | None, vpc: str | None) -> Point:
        same = self.index.same_vpc(vpc, source_vpc)
        truth = Truth.YES if same is Truth.UNKNOWN else same
        texts = ("in the same VPC", f"{gateway.id} lies in another VPC")
        code = Code.NGW_REQUIRES_SOURCE_IN_VPC
        return fact_point("nat-gateway", gateway.id, code, Fact(truth, gateway.at), texts)

    def _carried(self, gateway: NatGateway) -> Point:
        clause = Clause(component=gateway.id, at=gateway.at, text="TCP, UDP and ICMP", region=exact(_CARRIED))
        return Point(
            kind="nat-gateway",
            component=gateway.id,
            code=Code.PROTOCOL_RESTRICTION,
            passes=exact(_CARRIED),
            clauses=(clause,),
            at=gateway.at,
            text=f"{gateway.id} carries TCP, UDP and ICMP over IPv4 only",
        )
