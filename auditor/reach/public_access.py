"""Public access blocked for all VPCs of an account in a Region, but for exclusions.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Fact, PublicAccessBlock, PublicAccessExclusion, Truth
from auditor.reach.gateways import fact_point
from auditor.reach.index import Index
from auditor.reach.points import Point
from auditor.reach.verdict import Code
from auditor.tree import Presence, Reason


class PublicAccess:
    """The blocks of public access of an inventory, and what they leave alone."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def points(
        self, vpc: str | None, subnets: tuple[str | None, ...], *, outbound_only: bool
    ) -> tuple[Point, ...]:
        """What stands between a VPC's internet gateways and subnets of it; none for most networks.

        ``outbound_only`` for the way by a NAT gateway or an egress-only internet gateway. ``subnets`` are
        those of the interface and of the NAT gateway.
        """
        blocks = [one for one in self.index.inventory.public_access_blocks if self._concerns(one, vpc)]
        return tuple(
            self._point(one, vpc, subnets, outbound_only=outbound_only)
            for one in blocks
            if one.blocks.truth is not Truth.NO
        )

    def _concerns(self, one: PublicAccessBlock, vpc: str | None) -> bool:
        known = self.index.vpcs.get(vpc or "")
        if known is None:
            return True
        pairs = ((one.scope.account, known.scope.account), (one.scope.region, known.scope.region))
        return all(not own or not other or own == other for own, other in pairs)

    def _point(
        self, one: PublicAccessBlock, vpc: str | None, subnets: tuple[str | None, ...], *, outbound_only: bool
    ) -> Point:
        fact = self._passes(one, vpc, subnets, outbound_only=outbound_only)
        what = f"what {one.id} lets pass between {vpc or 'the VPC'} and the internet"
        why = (Reason(what, one.at, "a snapshot"), *one.blocks.reasons, *one.ingress_only.reasons)
        shown = Fact(fact.truth, one.at, (*why, *fact.reasons) if fact.truth is Truth.UNKNOWN else ())
        texts = ("leaves it alone", f"{one.id} blocks public access")
        code = Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED
        mend = f"exclude {vpc or 'the VPC'} from {one.id}"
        return fact_point("public-access-block", one.id, code, shown, texts, mend=mend)

    def _passes(
        self, one: PublicAccessBlock, vpc: str | None, subnets: tuple[str | None, ...], *, outbound_only: bool
    ) -> Fact:
        excluded = self._excluded(vpc, subnets, outbound_only=outbound_only)
        if excluded.truth is Truth.YES or (outbound_only and one.ingress_only.truth is Truth.YES):
            return Fact(Truth.YES)
        sure = one.blocks.truth is Truth.YES and one.presence is Presence.CERTAIN
        open_ = outbound_only and one.ingress_only.truth is Truth.UNKNOWN
        if sure and excluded.truth is Truth.NO and not open_:
            return Fact(Truth.NO)
        return Fact(Truth.UNKNOWN, reasons=excluded.reasons)

    def _excluded(self, vpc: str | None, subnets: tuple[str | None, ...], *, outbound_only: bool) -> Fact:
        """Whether exclusions hold for all of the subnets; not known where for some of them only."""
        found = {self._of_subnet(vpc, subnet, outbound_only=outbound_only) for subnet in subnets}
        if len(found) == 1:
            return Fact(found.pop())
        return Fact(Truth.UNKNOWN)

    def _of_subnet(self, vpc: str | None, subnet: str | None, *, outbound_only: bool) -> Truth:
        truths = set(self._each(vpc, subnet, outbound_only=outbound_only))
        if Truth.YES in truths:
            return Truth.YES
        return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NO

    def _each(self, vpc: str | None, subnet: str | None, *, outbound_only: bool) -> Iterator[Truth]:
        for one in self.index.inventory.public_access_exclusions:
            meant = self._meant(one, vpc, subnet)
            if meant is Truth.NO or (one.egress_only.truth is Truth.YES and not outbound_only):
                continue
            sure = one.presence is Presence.CERTAIN and (outbound_only or one.egress_only.truth is Truth.NO)
            yield meant if sure else Truth.UNKNOWN

    def _meant(self, one: PublicAccessExclusion, vpc: str | None, subnet: str | None) -> Truth:
        canonical = self.index.canonical
        truths = []
        if one.vpc is not None:
            same = self.index.same_vpc(canonical(one.vpc.id), vpc)
            truths.append(same if one.vpc.certain else Truth.UNKNOWN)
        if one.subnet is not None:
            same = self.index.same_subnet(canonical(one.subnet.id), subnet)
            truths.append(same if one.subnet.certain else Truth.UNKNOWN)
        if Truth.YES in truths:
            return Truth.YES
        return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NO
