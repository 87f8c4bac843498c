"""Endpoints as the engine walks them: parties of spots, and addresses that lie in no VPC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from auditor.frozen import dataclass
from auditor.model import Link, Workload
from auditor.reach.names import Endpoint
from auditor.reach.of_service import ADDRESSES, endpoints_of
from auditor.reach.spot import Party, Spot, merged
from auditor.reach.spots import Spots
from auditor.reach.verdict import EndpointKind
from auditor.traffic import EMPTY, LOOPBACK, PRIVATE, PUBLIC, IntSet
from auditor.tree import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """All that an endpoint stands for.

    ``internet`` are addresses outside AWS, ``private`` those of other private networks; ``symbolic`` where
    which of them it has is not known. ``unplaced`` is a workload in no VPC; it opens connections from the
    parties where it has some, ``elsewhere`` where it certainly opens them all from there. ``literal`` are
    the addresses that were asked about as such. The addresses of a ``service`` are not the asker's to choose,
    so that what holds must hold for all.
    """

    parties: tuple[Party, ...] = ()
    internet: IntSet = EMPTY
    private: IntSet = EMPTY
    symbolic: bool = False
    service: str = ""
    unplaced: Workload | None = None
    elsewhere: bool = False
    literal: IntSet = EMPTY

    @property
    def outer(self) -> Workload | None:
        """A workload in no VPC that opens connections from AWS's side, or may."""
        return None if self.elsewhere else self.unplaced

    @property
    def arrived(self) -> Ends:
        """What accepts connections: a workload in no VPC accepts none where it opens its own."""
        return replace(self, parties=()) if self.unplaced and self.parties else self

    @property
    def spots(self) -> Iterator[Spot]:
        """Every spot."""
        for party in self.parties:
            yield from party.spots


class Resolved:
    """The ends of endpoints in one inventory."""

    def __init__(self, spots: Spots, service: str = "") -> None:
        self.spots = spots
        self.service = service
        self.index = spots.index
        self._kept: dict[str, Ends] = {}

    def ends(self, endpoint: Endpoint) -> Ends:
        """What an endpoint stands for."""
        if endpoint.doubts:
            ends = self.ends(replace(endpoint, doubts=()))
            return replace(ends, parties=tuple(_doubted(each, endpoint.doubts) for each in ends.parties))
        if not endpoint.id:
            return self._computed(endpoint)
        found = self._kept.get(endpoint.id)
        if found is None:
            found = self._kept[endpoint.id] = self._computed(endpoint)
        return found

    def _computed(self, endpoint: Endpoint) -> Ends:
        match endpoint.kind:
            case EndpointKind.SECURITY_GROUP:
                return Ends(parties=self.spots.of_group(endpoint.id))
            case EndpointKind.WORKLOAD:
                return self._workload(endpoint.id) if endpoint.id else self._members(endpoint)
            case EndpointKind.SUBNET | EndpointKind.VPC:
                return self._subnets(self._named(endpoint), endpoint.text)
            case EndpointKind.CIDR:
                return self._addresses(endpoint.addresses, endpoint.text)
            case EndpointKind.INTERNET:
                return Ends(internet=endpoint.addresses)
            case EndpointKind.SERVICE:
                return self._service(endpoint)
            case EndpointKind.ON_PREMISES:
                return self._on_premises(endpoint.addresses)
            case _:
                assert_never(endpoint.kind)

    def _named(self, endpoint: Endpoint) -> tuple[str, ...]:
        if endpoint.kind is EndpointKind.SUBNET:
            return (endpoint.id,)
        return tuple(one.id for one in self.index.subnets_of.get(endpoint.id, ()))

    def _workload(self, identity: str) -> Ends:
        workload = self.spots.carriers.workloads[identity]
        if not workload.placed:
            return self._outside(workload)
        return Ends(parties=(self.spots.of_workload(workload),))

    def _outside(self, workload: Workload) -> Ends:
        """A workload in no VPC, with the interfaces in VPCs that it opens connections from."""
        links = workload.leaves
        if not links.items:
            return Ends(unplaced=workload)
        known = self.spots.carriers.workloads
        named = [(known.get(self.index.canonical(link.id)), link) for link in links.items]
        parties = [
            _through(self.spots.of_workload(other), link) for other, link in named if other is not None
        ]
        sure = all(other is not None and link.certain for other, link in named) and not links.open
        return Ends(unplaced=workload, parties=tuple(parties), elsewhere=sure)

    def _members(self, endpoint: Endpoint) -> Ends:
        sure = self._workloads(endpoint.members).parties
        perhaps = [
            _doubted(party, reasons)
            for identity, reasons in endpoint.perhaps
            for party in self._workloads((identity,)).parties
        ]
        return Ends(parties=tuple(merged((*sure, *perhaps))))

    def _workloads(self, identities: tuple[str, ...]) -> Ends:
        """Several workloads as one end; one of them in no VPC takes no part in it."""
        placed = [each for each in map(self.spots.carriers.workloads.__getitem__, identities) if each.placed]
        return Ends(parties=tuple(merged([self.spots.of_workload(each) for each in placed])))

    def _subnets(self, subnets: tuple[str, ...], owner: str) -> Ends:
        """The workloads that stand, or may stand, in the subnets, and a host without a filter in each."""
        hosts = [spot for one in subnets for spot in self.spots.hosts_in(one, owner)]
        real = [
            spot
            for workload in self.spots.carriers.workloads.values()
            for spot in self.spots.of_workload(workload).spots
            if spot.subnet in subnets
        ]
        real += [spot for one in subnets for spot in self.spots.perhaps_in(one)]
        return Ends(parties=tuple(merged([Party((*hosts, *real))])))

    def _service(self, endpoint: Endpoint) -> Ends:
        """A service of AWS: its public addresses, whichever they are, and its interface endpoints."""
        if not self.service:
            return Ends(internet=endpoint.addresses, symbolic=True)
        parties = self._workloads(endpoints_of(self.index.inventory, self.service)).parties
        return Ends(parties=parties, internet=ADDRESSES, service=self.service)

    def _on_premises(self, private: IntSet) -> Ends:
        """The networks behind VPNs and Direct Connect; any private ones where the input has none."""
        networks = [one.prefixes for one in self.index.inventory.private_networks]
        if not networks:
            return Ends(private=private, symbolic=True)
        inside = IntSet.union(self.index.ranges(vpc).must for vpc in self.index.vpcs)
        known = IntSet.union(prefixes.must for prefixes in networks)
        perhaps = IntSet.union(prefixes.may for prefixes in networks) & private
        return Ends(private=known | (perhaps - inside))

    def _addresses(self, addresses: IntSet, owner: str) -> Ends:
        hosts = self.spots.at_addresses(addresses, owner)
        inside = IntSet.union(self.index.ranges(vpc).must for vpc in self.index.vpcs)
        rest = addresses - inside - LOOPBACK
        parties = tuple(merged([Party(hosts)])) if hosts else ()
        networks = IntSet.union(one.prefixes.must for one in self.index.inventory.private_networks)
        private = rest & (PRIVATE | networks)
        return Ends(parties=parties, internet=rest & PUBLIC, private=private, literal=addresses)


def _through(party: Party, link: Link) -> Party:
    """The interfaces that something opens its connections from, if it certainly does."""
    return party if link.certain else _doubted(party, link.reasons)


def _doubted(party: Party, why: tuple[Reason, ...]) -> Party:
    """The same interfaces, which may not be meant."""
    spots = [replace(one, certain=False, reasons=(*one.reasons, *why)) for one in party.spots]
    return Party(tuple(spots), party.one)
