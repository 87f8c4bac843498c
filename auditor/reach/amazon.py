"""What AWS itself answers in every VPC, whatever security groups and network ACLs say.

https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html,
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html,
https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
"""

from __future__ import annotations

from auditor.reach.points import Clause, Point
from auditor.reach.spot import Spot
from auditor.reach.verdict import Code
from auditor.traffic import EMPTY, IPV4, NOTHING, Bounds, IntSet, Traffic, parse_cidr, parse_traffic
from auditor.tree import Location, Reason

_DNS = ("udp/53", "tcp/53")
_ANSWERED = (
    (("169.254.169.253", "fd00:ec2::253"), _DNS),
    (("169.254.169.254", "fd00:ec2::254"), ("tcp/80",)),
    (("169.254.169.123", "fd00:ec2::123"), ("udp/123",)),
    (("169.254.170.2", "169.254.170.23", "fd00:ec2::23"), ("tcp/80",)),
    (("169.254.169.250", "169.254.169.251", "fd00:ec2::250", "fd00:ec2::251"), ("tcp/1688",)),
)
_FIXED = IntSet.union(parse_cidr(address) for addresses, _ in _ANSWERED for address in addresses)


def answering(spot: Spot, addresses: IntSet, ranges: IntSet) -> Point | None:
    """What AWS answers a spot at ``addresses``: it can be switched off, so it is not certain."""
    region = answered(addresses, ranges)
    if not region:
        return None
    what = f"whether AWS answers {spot.owner} there: no group and no ACL stands between them"
    why = Reason(what, spot.at or Location(""), "it can be switched off for the VPC or the instance")
    bounds = Bounds(NOTHING, region)
    clause = Clause(component="AWS", at=spot.at, text="AWS's own", region=bounds, reasons=(why,))
    return Point(kind="service", component="AWS", code=Code.NO_PATH, passes=bounds, clauses=(clause,))


def answered(addresses: IntSet, ranges: IntSet) -> Traffic:
    """What AWS answers at ``addresses`` in a VPC with these ranges: nothing unless all are its own.

    The resolver is at the base of the VPC's IPv4 range plus two.
    """
    resolvers = IntSet.union(IntSet.single(low + 2) for low, high in ranges & IPV4 if high - low > 2)
    if not addresses or addresses - _FIXED - resolvers:
        return Traffic.of(destinations=EMPTY)
    offered = [(IntSet.union(map(parse_cidr, own)), services) for own, services in _ANSWERED]
    offered.append((resolvers, _DNS))
    return Traffic.union(
        [
            parse_traffic(service) & Traffic.of(destinations=own & addresses)
            for own, services in offered
            for service in services
        ]
    )
