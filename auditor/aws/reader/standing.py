"""Where the interfaces of a thing really stand, as far as a snapshot has them: they decide."""

from __future__ import annotations

from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.links import joined
from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Links, Placement, Workload
from auditor.traffic import IPV4, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Dialect


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
        joined(*(each.links("security_groups") for each in interfaces)),
        _addresses(interfaces),
        _any(interfaces, "association.public_ip"),
        _any(interfaces, "ipv6_addresses"),
    )


def _addresses(interfaces: tuple[Block, ...]) -> Bounds[IntSet] | None:
    texts = [link.id for each in interfaces for link in each.links("private_ips").items]
    try:
        return exact(IntSet.union(parse_cidr(text) & IPV4 for text in texts)) if texts else None
    except ValueError:
        return None


def _any(interfaces: tuple[Block, ...], path: str) -> Fact:
    given = next((each for each in interfaces if each.has(path)), None)
    return NO if given is None else Fact(YES.truth, given.place(path))
