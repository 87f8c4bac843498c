"""Where the interfaces of a thing really stand, as far as a snapshot has them: they decide."""

from __future__ import annotations

from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.links import joined
from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Links, Placement, Workload
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Dialect, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """What the interfaces of one thing say together; all of them have the same groups."""

    subnets: Links
    groups: Links
    addresses: Bounds[IntSet] | None
    public: Fact
    ipv6: Fact

    def of(self, workload: Workload) -> Workload:
        """The workload, standing where its interfaces do."""
        return replace(
            workload,
            subnets=self.subnets,
            groups=self.groups,
            profiles=(),
            placement=Placement.EACH,
            addresses=self.addresses,
            public=self.public,
            ipv6=self.ipv6,
        )


def standing(block: Block) -> Standing | None:
    """Where the interfaces of a resource stand; None where the input does not have them."""
    if block.resource.dialect is not Dialect.SNAPSHOT:
        return None
    found = [Block.of(one, block.estate) for one in block.estate.ownership.owned.get(block.address, ())]
    return standing_of(*found) if found else None


def standing_of(*interfaces: Block) -> Standing:
    """What interfaces of a snapshot say."""
    return Standing(
        joined(*(each.one("subnet_id") for each in interfaces)),
        joined(*map(_groups, interfaces)),
        _addresses(interfaces),
        _any(interfaces, "association.public_ip", "private_ips.association.public_ip"),
        _any(interfaces, "ipv6_addresses", "ipv6_prefixes"),
    )


def _groups(interface: Block) -> Links:
    """The groups of an interface; open where the answer does not even say that there are none."""
    if interface.mentions("security_groups"):
        return interface.links("security_groups")
    what = f"the security groups of {interface.address}"
    return Links(open=(Reason(what, interface.at, "the whole answer of AWS"),))


def _addresses(interfaces: tuple[Block, ...]) -> Bounds[IntSet] | None:
    """The addresses, and the ranges that are delegated to an interface.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
    """
    paths = ("private_ips.private_ip_address", "ipv4_prefixes.ipv4_prefix")
    texts = [link.id for each in interfaces for link in each.links(*paths).items]
    try:
        return exact(IntSet.union(parse_cidr(text) & IPV4 for text in texts)) if texts else None
    except ValueError:
        return None


def _any(interfaces: tuple[Block, ...], *paths: str) -> Fact:
    places = (each.place(path) for each in interfaces for path in paths if each.has(path))
    given = next(places, None)
    return NO if given is None else Fact(YES.truth, given)
