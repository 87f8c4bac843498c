"""Where interfaces stand: the classes on which every question is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from auditor.model import NO, YES, Fact, Family, Link, Links, Placement, Subnet, Truth, Workload
from auditor.reach.carriers import Carriers
from auditor.reach.families import Families
from auditor.reach.index import Index
from auditor.reach.points import BY_PORTS
from auditor.reach.spot import Party, Spot, alike, as_member, as_one, by_kind, merged, perhaps_public
from auditor.traffic import EVERYTHING, IPV4, IPV6, UNICAST_IPV4, Bounds, IntSet, Traffic
from auditor.tree import Location, Presence, Reason

__all__ = ["Party", "Spot", "Spots"]

_FAMILIES = ((Family.IPV4, IPV4), (Family.IPV6, IPV6))
_UNKNOWN_VPC = UNICAST_IPV4 | IPV6
_MOST_UNDECIDED = 4
_UNFILTERED = Reason("nothing filters it", Location(""))
_MAYBE = Fact(Truth.UNKNOWN)


class Spots:
    """The spots of workloads, groups, subnets and addresses of one inventory."""

    def __init__(self, index: Index, carriers: Carriers) -> None:
        self.index = index
        self.carriers = carriers
        self.families = Families(index)
        self._of_workload: dict[str, Party] = {}
        self._of_group: dict[str, tuple[Party, ...]] = {}
        self._territories: dict[tuple[str | None, tuple[tuple[str | None, IntSet], ...]], int] = {}
        self._of_vpc: dict[str | None, tuple[Spot, ...]] = {}
        self._of_listeners: dict[Traffic, Traffic | None] = {}

    def of_workload(self, workload: Workload) -> Party:
        """The spots of a workload; none where it lies in no VPC."""
        found = self._of_workload.get(workload.id)
        if found is None:
            found = self._of_workload[workload.id] = self._workload(workload)
        return found

    def _workload(self, workload: Workload) -> Party:
        if not workload.placed:
            return Party(())
        links = self.carriers.subnets(workload)
        interfaces = self.carriers.interfaces.get(workload.id, ())
        spots: list[Spot] = []
        for interface in interfaces:
            spots.extend(self.of_workload(interface).spots)
        places = not interfaces or bool(links.items or links.open)
        if places:
            for link in links.items:
                spots.extend(self._in_subnet(workload, link))
            if links.open or not links.items:
                spots.extend(self._somewhere(workload, links.open, certain=not links.items))
        several = places and len({spot.subnet for spot in spots}) > 1  # interfaces are all there
        return Party(tuple(dict.fromkeys(spots)), one=workload.placement is Placement.ONE and several)

    def _in_subnet(self, workload: Workload, link: Link) -> Iterator[Spot]:
        identity = self.index.canonical(link.id)
        subnet = self.index.subnets.get(identity)
        vpc = self.index.vpc_of_subnet(identity) or self.carriers.vpc(workload)
        reasons = () if link.certain else link.reasons
        yield from self._at(workload, vpc, identity, subnet, certain=link.certain, reasons=reasons)

    def _somewhere(self, workload: Workload, why: tuple[Reason, ...], *, certain: bool) -> Iterator[Spot]:
        yield from self._at(workload, self.carriers.vpc(workload), None, None, certain=certain, reasons=why)

    def _at(
        self,
        workload: Workload,
        vpc: str | None,
        identity: str | None,
        subnet: Subnet | None,
        *,
        certain: bool,
        reasons: tuple[Reason, ...],
    ) -> Iterator[Spot]:
        links = self.carriers.groups(workload)
        canonical = self.index.canonical
        groups = frozenset(canonical(link.id) for link in links.items if link.certain)
        possible = frozenset(canonical(link.id) for link in links.items if not link.certain) - groups
        group_reasons = tuple(reason for link in links.items if not link.certain for reason in link.reasons)
        public = self.carriers.public(workload) or self._public_on_launch(subnet, identity, workload.at)
        for family, addresses, chosen, has in self._addresses(workload, subnet, vpc):
            yield Spot(
                vpc=vpc,
                subnet=identity,
                family=family,
                addresses=addresses,
                chosen=chosen,
                groups=groups,
                possible=possible,
                open=links.open,
                filtered=workload.filtered,
                public=public if family is Family.IPV4 else NO,
                certain=certain and has.truth is Truth.YES,
                initiates=workload.initiates,
                accepts=workload.accepts,
                opens=workload.opens,
                listens=self._accepted(workload.listens),
                accelerated=self.carriers.accelerated(workload, identity, family),
                reasons=reasons + group_reasons + has.reasons,
                range_reasons=self._range_reasons(subnet, vpc),
                owner=workload.id,
                at=workload.at,
            )

    def _accepted(self, listens: Bounds[Traffic] | None) -> Traffic | None:
        """The services that may be accepted, one object for equal ones; None where all may be."""
        if listens is None:
            return None
        if listens.may not in self._of_listeners:
            open_ = listens.may >= BY_PORTS
            self._of_listeners[listens.may] = None if open_ else (EVERYTHING - BY_PORTS) | listens.may
        return self._of_listeners[listens.may]

    def _addresses(
        self, workload: Workload, subnet: Subnet | None, vpc: str | None
    ) -> Iterator[tuple[Family, IntSet, bool, Fact]]:
        """Family, addresses, whether it has all of them, and whether it has one."""
        given = workload.addresses
        groups = self.carriers.groups(workload) if workload.filtered else Links(open=(_UNFILTERED,))
        whole = self._range(subnet, vpc)
        for family, line in _FAMILIES:
            if given is not None and given.may & line:
                if given.must & line:
                    here = given.must & whole & line  # those of interfaces in other subnets left out
                    yield family, here or given.must & line, True, YES
                else:
                    inside = given.may & whole & line or given.may & line
                    yield family, inside, False, YES if family is Family.IPV4 else _MAYBE
                continue
            has = self.families.has(family, subnet, self.carriers.ipv6(workload), groups)
            if has.truth is not Truth.NO and whole & line:
                yield family, whole & line, False, has

    def _range(self, subnet: Subnet | None, vpc: str | None) -> IntSet:
        if subnet and subnet.cidrs.may:
            inside = subnet.cidrs.may & self.index.ranges(vpc).may
            return inside or subnet.cidrs.may
        known = vpc in self.index.vpcs and self.index.ranges(vpc).may
        return known & _UNKNOWN_VPC if known else _UNKNOWN_VPC

    def _range_reasons(self, subnet: Subnet | None, vpc: str | None) -> tuple[Reason, ...]:
        if subnet and not subnet.cidrs.known:
            return subnet.reasons or self.index.vpc_reasons(vpc)
        return () if subnet else self.index.vpc_reasons(vpc)

    def _public_on_launch(self, subnet: Subnet | None, identity: str | None, at: Location) -> Fact:
        if subnet:
            return subnet.public_on_launch
        what = f"whether {identity or 'its subnet'} gives public addresses on launch"
        return Fact(
            Truth.UNKNOWN, at, (Reason(what, at, "the input that defines the subnet, or a snapshot"),)
        )

    def perhaps_in(self, identity: str) -> Iterator[Spot]:
        """The spots in a subnet of the input of those workloads whose subnets are not known."""
        subnet = self.index.subnets[identity]
        vpc = self.index.canonical(subnet.vpc.id)
        for workload in self._unsettled:
            if self.carriers.vpc(workload) in {None, vpc}:
                why = self.carriers.subnets(workload).open
                yield from self._at(workload, vpc, identity, subnet, certain=False, reasons=why)

    @cached_property
    def _unsettled(self) -> tuple[Workload, ...]:
        return tuple(
            workload
            for workload in self.carriers.workloads.values()
            if any(
                spot.subnet is None and spot.owner == workload.id for spot in self.of_workload(workload).spots
            )
        )

    # -- groups ------------------------------------------------------------------------------------

    def of_group(self, group: str) -> tuple[Party, ...]:
        """The spots of all members of a group; hypothetical members where it has none for certain."""
        found = self._of_group.get(group)
        if found is None:
            parties = (each for party in merged(self._members(group)) for each in by_kind(party))
            found = tuple(self._settled(party) for party in parties)
            self._of_group[group] = found
        return found

    def _settled(self, party: Party) -> Party:
        """The party with what its spots have in common, if they are alike."""
        first = party.spots[0]
        if party.one or not all(alike(first, spot) for spot in party.spots):
            return party
        places = (first.vpc, tuple((spot.subnet, spot.addresses) for spot in party.spots))
        territory = self._territories.setdefault(places, len(self._territories) + 1)
        return replace(party, kin=first, territory=territory)

    def _members(self, group: str) -> Iterator[Party]:
        certain = False
        members = self.carriers.members.get(group, ())
        undecided = self.carriers.undecided
        if len(undecided) > _MOST_UNDECIDED:
            yield Party(tuple(as_member(spot, group) for spot in self._crowd))
            undecided = ()
        for workload in (*members, *undecided):
            party = self.of_workload(workload)
            spots = tuple(as_member(spot, group) for spot in party.spots)
            # Who carries the group for certain is a member of it, though it may not be known where.
            certain = certain or any(group in spot.groups for spot in party.spots)
            if spots:
                yield Party(spots, party.one)
        if not certain:
            yield Party(self._hypothetical(group))

    @cached_property
    def _crowd(self) -> tuple[Spot, ...]:
        """The many workloads that may carry any group: one of them, which may stand anywhere."""
        return as_one(spot for one in self.carriers.undecided for spot in self.of_workload(one).spots)

    def _hypothetical(self, group: str) -> tuple[Spot, ...]:
        known = self.index.groups.get(group)
        at = known.at if known else None
        groups = frozenset((group,))
        own = self.families.has(Family.IPV6, None, NO, Links((Link(group, at or Location("")),)))
        return tuple(
            replace(spot, groups=groups, owner=group, at=at, certain=spot.certain and sure)
            for vpc, sure in self.index.vpcs_of_group(group) or ((None, True),)
            for spot in perhaps_public(self.in_vpc(vpc), group, at)
            if spot.subnet or spot.family is Family.IPV4 or own.truth is not Truth.NO
        )

    def in_vpc(self, vpc: str | None) -> tuple[Spot, ...]:
        """One hypothetical spot in each subnet of a VPC, or in one that is not known."""
        places = self._of_vpc.get(vpc)
        if places is None:
            known = self.index.vpcs.get(vpc or "")
            places = self._of_vpc[vpc] = tuple(self._places(vpc, known.at if known else Location("")))
        return places

    def _places(self, vpc: str | None, at: Location) -> Iterator[Spot]:
        subnets = self.index.subnets_of.get(vpc or "", [])
        for subnet in subnets:
            yield from self._empty(vpc, subnet, at)
        if not subnets or vpc not in self.index.vpcs:
            yield from self._empty(vpc, None, at)

    def _empty(self, vpc: str | None, subnet: Subnet | None, at: Location) -> Iterator[Spot]:
        whole = self._range(subnet, vpc)
        sure = subnet is None or subnet.presence is Presence.CERTAIN
        for family, line in _FAMILIES:
            has = self.families.has(family, subnet, NO)
            if has.truth is Truth.NO or not whole & line:
                continue
            yield Spot(
                vpc=vpc,
                subnet=subnet.id if subnet else None,
                family=family,
                addresses=whole & line,
                public=self._public_on_launch(subnet, None, at) if family is Family.IPV4 else NO,
                certain=sure and has.truth is Truth.YES,
                hypothetical=True,
                reasons=has.reasons,
                range_reasons=self._range_reasons(subnet, vpc),
            )

    def hosts_in(self, subnet: str, owner: str) -> Iterator[Spot]:
        """A host without a filter of its own, at any address of a subnet of the input."""
        known = self.index.subnets[subnet]
        for spot in self._empty(self.index.canonical(known.vpc.id), known, known.at):
            yield replace(spot, chosen=True, filtered=False, owner=owner, at=known.at)

    def at_addresses(self, addresses: IntSet, owner: str) -> tuple[Spot, ...]:
        """Hosts without a filter of their own at those of the addresses that lie in a VPC."""
        found = []
        for subnet in self.index.subnets.values():
            for spot in self.hosts_in(subnet.id, owner):
                inside = spot.addresses & addresses
                sure = spot.certain and bool(subnet.cidrs.must & inside)
                if inside:
                    found.append(replace(spot, addresses=inside, certain=sure))
        for vpc in self._vpcs_without_subnets:
            for spot in self._empty(vpc, None, Location("")):
                inside = spot.addresses & addresses
                if inside:
                    why = (Reason(f"the subnets of {vpc}", Location(""), "a snapshot"),)
                    host = replace(spot, addresses=inside, chosen=True, filtered=False, owner=owner)
                    found.append(replace(host, certain=False, reasons=why))
        return tuple(found)

    @cached_property
    def _vpcs_without_subnets(self) -> tuple[str, ...]:
        index = self.index
        named = [one.vpc.id for one in index.groups.values()]
        named += [one.vpc.id for one in index.subnets.values()]
        found = dict.fromkeys([*(index.canonical(vpc) for vpc in named), *index.vpcs])
        return tuple(vpc for vpc in found if not index.subnets_of.get(vpc))
