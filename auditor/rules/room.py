"""How many addresses a subnet has, and how many what stands in it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from auditor.frozen import dataclass
from auditor.model import Placement, Subnet, Truth, Workload
from auditor.rules.amounts import Amount, times, total
from auditor.rules.evidence import Evidence
from auditor.traffic import IPV4
from auditor.tree import Location, Presence, Reason

# The smallest subnet that AWS makes: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
SMALLEST = 16


@dataclass(frozen=True, slots=True)
class Need:
    """How many addresses of each of its subnets a kind of workload takes; the pattern is as in file names."""

    kind: str
    addresses: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """What stands in a subnet, or may, and how many of its addresses it takes there."""

    id: str
    at: Location
    takes: Amount


@dataclass(frozen=True, slots=True)
class Room:
    """A subnet with an IPv4 range: its size, or the least it may have, and its tenants."""

    subnet: Subnet
    size: int
    known: bool
    tenants: tuple[Tenant, ...]

    @property
    def taken(self) -> Amount:
        """What the tenants take together."""
        return total(one.takes for one in self.tenants)


def rooms(needs: Sequence[Need], evidence: Evidence) -> Iterator[Room]:
    """The subnets that anything stands in, or may."""
    found: dict[str, list[Tenant]] = {}
    anywhere: list[tuple[Workload, tuple[Reason, ...]]] = []
    for workload in evidence.workloads:
        links = evidence.engine.carriers.subnets(workload)
        if links.open:
            anywhere.append((workload, links.open))
        one_of_several = workload.placement is Placement.ONE and len(links.items) > 1
        for link in links.items:
            sure = link.certain and not one_of_several and not links.open
            identity = evidence.engine.index.canonical(link.id)
            tenant = _tenant(workload, needs, sure=sure, reasons=link.reasons)
            found.setdefault(identity, []).append(_of_each(tenant, workload.presence, identity, evidence))
    for gateway in evidence.engine.inventory.nat_gateways:
        amount = times(Amount(1, 1), gateway.presence, ())
        identity = evidence.engine.index.canonical(gateway.subnet.id)
        tenant = _of_each(Tenant(gateway.id, gateway.at, amount), gateway.presence, identity, evidence)
        found.setdefault(identity, []).append(tenant)
    for subnet in evidence.engine.index.subnets.values():
        room = _room(subnet, tuple(found.get(subnet.id, ())), needs, anywhere, evidence)
        if room is not None:
            yield room


def _of_each(tenant: Tenant, presence: Presence, identity: str, evidence: Evidence) -> Tenant:
    """What of any number of tenants stands in one of any number of subnets: one, perhaps."""
    subnet = evidence.engine.index.subnets.get(identity)
    if subnet is None or not subnet.presence is presence is Presence.MANY:
        return tenant
    return replace(tenant, takes=Amount(0, 1, tenant.takes.reasons))


def _room(
    subnet: Subnet,
    tenants: tuple[Tenant, ...],
    needs: Sequence[Need],
    anywhere: Sequence[tuple[Workload, tuple[Reason, ...]]],
    evidence: Evidence,
) -> Room | None:
    may, must = subnet.cidrs.may & IPV4, subnet.cidrs.must & IPV4
    known = may == must
    if not may:
        return None
    index, carriers = evidence.engine.index, evidence.engine.carriers
    vpc = index.canonical(subnet.vpc.id)
    others = tuple(
        _tenant(workload, needs, sure=False, reasons=reasons)
        for workload, reasons in anywhere
        if index.same_vpc(vpc, carriers.vpc(workload)) is Truth.YES
    )
    return (
        Room(subnet, may.size if known else SMALLEST, known, (*tenants, *others))
        if tenants or others
        else None
    )


def _tenant(workload: Workload, needs: Sequence[Need], *, sure: bool, reasons: tuple[Reason, ...]) -> Tenant:
    takes = next((need.addresses for need in needs if fnmatchcase(workload.kind, need.kind)), 1)
    presence = workload.presence if sure or workload.presence is Presence.MANY else Presence.POSSIBLE
    what = Reason(f"how much of {workload.id} stands there", workload.at)
    return Tenant(workload.id, workload.at, times(Amount(takes, takes), presence, reasons or (what,)))
