"""The facts of an inventory joined: what names what, resolved once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from auditor.model import (
    Acl,
    AclAssociation,
    AclEntry,
    AddressPeer,
    AddressRange,
    Group,
    Inventory,
    Link,
    NatGateway,
    PrefixList,
    PrefixListPeer,
    PrivateNetwork,
    Route,
    RouteTable,
    Rule,
    Subnet,
    TableAssociation,
    TargetKind,
    Truth,
    Vpc,
)
from auditor.reach.attached import outside, vpc_of
from auditor.reach.defaults import default_rules, implicit_group
from auditor.reach.filing import Cabinet, by_id, each_interval, further_vpcs, grouped
from auditor.reach.identity import GroupIdentities, same
from auditor.reach.lists import Lists
from auditor.traffic import ANY, EMPTY, Bounds, IntSet
from auditor.tree import Presence, Reason

_SPELLINGS = {
    "default_security_group_id": ("DefaultSecurityGroup",),
    "default_network_acl_id": ("DefaultNetworkAcl",),
    "main_route_table_id": ("default_route_table_id",),
}


class Index:
    """Read-only views of one inventory.

    Every id that a fact names is first made canonical (``canonical``): aliases give way to what they stand
    for. An id that no component has is something outside the input, equal to itself. What AWS creates with
    each VPC (its default group, default network ACL and main route table) is there for each VPC of the
    input, declared or not.
    """

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._alias = {alias.id: alias.of for alias in inventory.aliases}
        self._cabinet = Cabinet(self.canonical)
        self.vpcs: Mapping[str, Vpc] = by_id(inventory.vpcs)
        self.subnets: Mapping[str, Subnet] = by_id(inventory.subnets)
        self.tables: Mapping[str, RouteTable] = by_id(inventory.tables)
        self.acls: Mapping[str, Acl] = by_id(inventory.acls)
        self.prefix_lists: Mapping[str, PrefixList] = by_id(inventory.prefix_lists)
        self.nat_gateways: Mapping[str, NatGateway] = by_id(inventory.nat_gateways)
        groups = by_id(inventory.groups)
        self._default_group = self._defaults(groups.values(), "default_security_group_id")
        self._default_acl = self._defaults(self.acls.values(), "default_network_acl_id")
        self._main_table = self._defaults(
            [table for table in inventory.tables if table.main], "main_route_table_id"
        )
        rules = self._cabinet.filed(inventory.rules, "group", groups)
        for vpc, group in self._default_group.items():
            if group not in groups:
                groups[group] = implicit_group(self.vpcs[vpc], group)
                rules.setdefault(group, []).extend(default_rules(groups[group]))
        self.groups: Mapping[str, Group] = groups
        self.rules: Mapping[str, list[Rule]] = rules
        self.implicit_acls = frozenset(self._default_acl.values()) - frozenset(self.acls)
        self.implicit_tables = frozenset(self._main_table.values()) - frozenset(self.tables)

    def canonical(self, identity: str) -> str:
        """The id of the component that ``identity`` names, or ``identity`` itself for what is outside."""
        alias = self._alias
        for _ in range(8):
            if identity not in alias:
                break
            identity = alias[identity]
        return identity

    def _defaults(self, declared: Iterable[Group | Acl | RouteTable], attribute: str) -> dict[str, str]:
        """For each VPC of the input, the id of what AWS creates with it and names under ``attribute``."""
        found = {vpc: self.canonical(f"{vpc}.{attribute}") for vpc in self.vpcs}
        for one in declared:
            if isinstance(one, RouteTable) or one.default:
                found[self.canonical(one.vpc.id)] = one.id
        for vpc, identity in found.items():
            for spelling in (attribute, *_SPELLINGS[attribute]):
                if f"{vpc}.{spelling}" != identity:
                    self._alias.setdefault(f"{vpc}.{spelling}", identity)
        return found

    # -- VPCs and subnets --------------------------------------------------------------------------

    def vpc_of_subnet(self, subnet: str) -> str | None:
        """The VPC that a subnet of the input lies in; None for a subnet outside the input."""
        known = self.subnets.get(subnet)
        return self.canonical(known.vpc.id) if known else None

    def same_vpc(self, one: str | None, other: str | None) -> Truth:
        """Whether two VPC ids are one VPC."""
        return same(one, other, self.vpcs)

    def same_subnet(self, one: str | None, other: str | None) -> Truth:
        """Whether two subnet ids are one subnet."""
        return same(one, other, self.subnets)

    @cached_property
    def same_group(self) -> Callable[[str, str], Truth]:
        """Whether two security group ids are one group."""
        return GroupIdentities(self.inventory, self.groups, self.canonical, self.same_vpc).same

    @cached_property
    def subnets_of(self) -> Mapping[str, list[Subnet]]:
        """The subnets of each VPC that have been declared, by the VPC's id."""
        return grouped(self.inventory.subnets, lambda subnet: self.canonical(subnet.vpc.id))

    @cached_property
    def _ranges(self) -> Mapping[str, Bounds[IntSet]]:
        found = {vpc.id: vpc.cidrs for vpc in self.inventory.vpcs}
        for vpc, extras in self._further_ranges.items():
            for extra in extras if vpc in found else ():
                sure = extra.presence is Presence.CERTAIN and extra.vpc.certain
                found[vpc] = found[vpc] | Bounds(extra.cidrs.must if sure else EMPTY, extra.cidrs.may)
        return found

    @cached_property
    def _further_ranges(self) -> Mapping[str, list[AddressRange]]:
        return self._cabinet.filed(self.inventory.ranges, "vpc", self.vpcs)

    def ranges(self, vpc: str | None) -> Bounds[IntSet]:
        """The addresses of a VPC, of both families; all addresses are possible outside the input."""
        return self._ranges.get(vpc or "", _ANYWHERE)

    def blocks(self, vpc: str | None) -> tuple[Bounds[IntSet], ...]:
        """The address ranges of a VPC one by one, as they are announced to others; none outside the input."""
        return self._blocks.get(vpc or "", ())

    @cached_property
    def _blocks(self) -> Mapping[str, tuple[Bounds[IntSet], ...]]:
        found: dict[str, tuple[Bounds[IntSet], ...]] = {}
        for vpc in self.inventory.vpcs:
            own = [vpc.cidrs] if vpc.cidrs.may else []
            for extra in self._further_ranges.get(vpc.id, ()):
                sure = extra.presence is Presence.CERTAIN and extra.vpc.certain
                own.append(extra.cidrs if sure else Bounds(EMPTY, extra.cidrs.may))
            found[vpc.id] = tuple(part for each in own for part in each_interval(each))
        return found

    @cached_property
    def networks(self) -> Mapping[str, list[PrivateNetwork]]:
        """The private networks outside AWS, by the gateways and attachments that they are behind."""
        found: dict[str, list[PrivateNetwork]] = {}
        for one in self.inventory.private_networks:
            for link in (one.attachment, one.gateway):
                if link is not None:
                    for name in dict.fromkeys((*link.among, link.id)):
                        found.setdefault(self.canonical(name), []).append(one)
        return found

    def vpc_reasons(self, vpc: str | None) -> tuple[Reason, ...]:
        """Why the addresses of a VPC are not known."""
        if vpc is None or vpc not in self.vpcs:
            return ()
        extra = self._further_ranges.get(vpc, ())
        return self.vpcs[vpc].reasons + tuple(reason for each in extra for reason in each.reasons)

    def vpcs_of_group(self, group: str) -> tuple[tuple[str, bool], ...]:
        """The VPCs in which a group of the input is used, each with whether it certainly is."""
        known = self.groups.get(group)
        own = ((self.canonical(known.vpc.id), True),) if known else ()
        return own + tuple(self._further_vpcs.get(group, ()))

    @cached_property
    def _further_vpcs(self) -> Mapping[str, list[tuple[str, bool]]]:
        return further_vpcs(self._cabinet, self.inventory.group_vpcs, self.groups)

    def default_group(self, vpc: str | None) -> str | None:
        """The default security group of a VPC of the input."""
        return self._default_group.get(vpc or "")

    def default_acl(self, vpc: str | None) -> str | None:
        """The default network ACL of a VPC of the input."""
        return self._default_acl.get(vpc or "")

    # -- what holds for a subnet -------------------------------------------------------------------

    @cached_property
    def acl_associations(self) -> Mapping[str, list[AclAssociation]]:
        """The network ACLs that a subnet may use, by the subnet's id."""
        return self._cabinet.filed(self.inventory.acl_associations, "subnet", self.subnets)

    @cached_property
    def table_associations(self) -> Mapping[str, list[TableAssociation]]:
        """The route tables that a subnet may use, by the subnet's id."""
        return self._cabinet.filed(self.inventory.table_associations, "subnet", self.subnets)

    @cached_property
    def acl_entries(self) -> Mapping[str, list[AclEntry]]:
        """The entries of each network ACL, in the order of their numbers, unknown ones first."""
        found = self._cabinet.filed(
            self.inventory.acl_entries, "acl", (*self.acls, *self._default_acl.values())
        )
        for entries in found.values():
            entries.sort(key=lambda entry: -1 if entry.number is None else entry.number)
        return found

    @cached_property
    def routes(self) -> Mapping[str, list[Route]]:
        """The routes of each table, by the table's id."""
        return self._cabinet.filed(self.inventory.routes, "table", (*self.tables, *self._main_table.values()))

    def main_tables(self, vpc: str | None) -> tuple[tuple[str, bool], ...]:
        """The tables that may be the main one of a VPC, each with whether it certainly is."""
        return self._main_tables.get(vpc or "", ())

    @cached_property
    def _main_tables(self) -> Mapping[str, tuple[tuple[str, bool], ...]]:
        found: dict[str, tuple[tuple[str, bool], ...]] = {
            vpc: ((table, True),) for vpc, table in self._main_table.items()
        }
        for change in self.inventory.main_tables:
            vpc = self.canonical(change.vpc.id)
            sure = change.presence is Presence.CERTAIN and change.table.certain
            before = () if sure else tuple((table, False) for table, _ in found.get(vpc, ()))
            found[vpc] = ((self.canonical(change.table.id), sure), *before)
        return found

    # -- gateways ----------------------------------------------------------------------------------

    def attached(self, gateway: str, vpc: str | None) -> Truth:
        """Whether a gateway is attached to a VPC; unknown for a gateway outside the input."""
        links = self._attachments.get(gateway)
        if links is None:
            return Truth.UNKNOWN
        answers = [(self.same_vpc(self.canonical(link.id), vpc), link.certain) for link in links]
        if (Truth.YES, True) in answers:
            return Truth.YES
        return Truth.NO if all(truth is Truth.NO for truth, _ in answers) else Truth.UNKNOWN

    @cached_property
    def _attachments(self) -> Mapping[str, list[Link]]:
        found = {one.id: list(vpc_of(one)) for one in self.inventory.gateways}
        attachments = self._cabinet.filed(self.inventory.gateway_attachments, "gateway", self._gateway_ids)
        for gateway, extras in attachments.items():
            for extra in extras:
                sure = extra.presence is Presence.CERTAIN and extra.gateway.certain and extra.vpc.certain
                found.setdefault(gateway, []).append(Link(extra.vpc.id, extra.at, sure, extra.vpc.reasons))
        return found

    def is_outside_gateway(self, gateway: str) -> bool:
        """Whether a gateway is none that the input defines."""
        return gateway not in self._gateway_ids

    @cached_property
    def _gateway_ids(self) -> frozenset[str]:
        return frozenset(one.id for one in self.inventory.gateways)

    def gateways(self, vpc: str | None, kind: TargetKind) -> Truth:
        """Whether a VPC has a gateway of a kind attached; unknown for a VPC outside the input."""
        own = [one.id for one in self.inventory.gateways if one.kind is kind]
        answers = {self.attached(one, vpc) for one in (*own, *self._attachments.keys() - self._gateway_ids)}
        answers |= self._outside.get((vpc, kind), frozenset())
        if Truth.YES in answers:
            return Truth.YES
        return Truth.UNKNOWN if Truth.UNKNOWN in answers or vpc not in self.vpcs else Truth.NO

    @cached_property
    def _outside(self) -> Mapping[tuple[str | None, TargetKind], set[Truth]]:
        tables = self._cabinet.filed(self.inventory.routes, "table", self.tables)
        routes = ((self.tables[name], route) for name in self.tables for route in tables.get(name, ()))
        return outside(routes, self.canonical, self._gateway_ids)

    def entries(self, link: Link) -> tuple[AddressPeer, ...]:
        """The entries of a prefix list; one unknown entry more where there may be others."""
        return self._lists.entries(link)

    def destinations(self, named: AddressPeer | PrefixListPeer) -> tuple[AddressPeer, ...]:
        """What a route leads to: one range, or the entries of a prefix list."""
        return self.entries(named.prefix_list) if isinstance(named, PrefixListPeer) else (named,)

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self.inventory, self.canonical)


_ANYWHERE: Bounds[IntSet] = Bounds(EMPTY, ANY)


def place(subnet: str | None, vpc: str | None) -> str:
    """A subnet as people read it, known or not."""
    return subnet or f"an unknown subnet of {vpc or 'an unknown VPC'}"
