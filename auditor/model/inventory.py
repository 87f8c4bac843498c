"""All the facts of one network, by type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from auditor.frozen import dataclass
from auditor.model.connections import (
    GroupVpc,
    Peering,
    PrivateNetwork,
    TransitAssociation,
    TransitAttachment,
    TransitGateway,
    TransitPropagation,
    TransitRoute,
    TransitTable,
)
from auditor.model.filters import (
    Acl,
    AclAssociation,
    AclEntry,
    Group,
    GroupMention,
    PrefixList,
    PrefixListEntry,
    Rule,
)
from auditor.model.insights import AccessScope, AnalysedPath
from auditor.model.inspection import Firewall, FirewallPolicy, FirewallRuleGroup
from auditor.model.proxies import Accelerated, Listener, ProxyTarget, TargetGroup
from auditor.model.services import Bucket, DnsName, EndpointService, VpcEndpoint
from auditor.model.topology import (
    AddressRange,
    FlowLog,
    Gateway,
    GatewayAttachment,
    MainTable,
    NatGateway,
    PublicAccessBlock,
    PublicAccessExclusion,
    Route,
    RouteTable,
    Subnet,
    SubnetTag,
    TableAssociation,
    Vpc,
)
from auditor.model.workloads import (
    Alias,
    ElasticIp,
    ElasticIpAssociation,
    GroupAttachment,
    InterfaceAttachment,
    Lookup,
    Profile,
    Workload,
)
from auditor.tree import Gap

Component = (
    Vpc
    | AddressRange
    | Subnet
    | RouteTable
    | Route
    | TableAssociation
    | MainTable
    | Gateway
    | GatewayAttachment
    | NatGateway
    | PublicAccessBlock
    | PublicAccessExclusion
    | Group
    | Rule
    | Acl
    | AclEntry
    | AclAssociation
    | PrefixList
    | PrefixListEntry
    | Workload
    | Profile
    | GroupAttachment
    | InterfaceAttachment
    | ElasticIp
    | ElasticIpAssociation
    | Peering
    | TransitGateway
    | TransitAttachment
    | TransitTable
    | TransitAssociation
    | TransitPropagation
    | TransitRoute
    | PrivateNetwork
    | GroupVpc
    | VpcEndpoint
    | EndpointService
    | Bucket
    | DnsName
    | Firewall
    | FirewallPolicy
    | FirewallRuleGroup
    | Listener
    | TargetGroup
    | ProxyTarget
    | AccessScope
    | AnalysedPath
    | Accelerated
    | SubnetTag
    | FlowLog
    | GroupMention
    | Alias
    | Lookup
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The facts of one network, each type in the order in which the readers gave it, and the gaps."""

    vpcs: tuple[Vpc, ...] = ()
    ranges: tuple[AddressRange, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    tables: tuple[RouteTable, ...] = ()
    routes: tuple[Route, ...] = ()
    table_associations: tuple[TableAssociation, ...] = ()
    main_tables: tuple[MainTable, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    gateway_attachments: tuple[GatewayAttachment, ...] = ()
    nat_gateways: tuple[NatGateway, ...] = ()
    public_access_blocks: tuple[PublicAccessBlock, ...] = ()
    public_access_exclusions: tuple[PublicAccessExclusion, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()
    acls: tuple[Acl, ...] = ()
    acl_entries: tuple[AclEntry, ...] = ()
    acl_associations: tuple[AclAssociation, ...] = ()
    prefix_lists: tuple[PrefixList, ...] = ()
    prefix_list_entries: tuple[PrefixListEntry, ...] = ()
    workloads: tuple[Workload, ...] = ()
    profiles: tuple[Profile, ...] = ()
    group_attachments: tuple[GroupAttachment, ...] = ()
    interface_attachments: tuple[InterfaceAttachment, ...] = ()
    elastic_ips: tuple[ElasticIp, ...] = ()
    elastic_ip_associations: tuple[ElasticIpAssociation, ...] = ()
    peerings: tuple[Peering, ...] = ()
    transit_gateways: tuple[TransitGateway, ...] = ()
    transit_attachments: tuple[TransitAttachment, ...] = ()
    transit_tables: tuple[TransitTable, ...] = ()
    transit_associations: tuple[TransitAssociation, ...] = ()
    transit_propagations: tuple[TransitPropagation, ...] = ()
    transit_routes: tuple[TransitRoute, ...] = ()
    private_networks: tuple[PrivateNetwork, ...] = ()
    group_vpcs: tuple[GroupVpc, ...] = ()
    vpc_endpoints: tuple[VpcEndpoint, ...] = ()
    endpoint_services: tuple[EndpointService, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    dns_names: tuple[DnsName, ...] = ()
    firewalls: tuple[Firewall, ...] = ()
    firewall_policies: tuple[FirewallPolicy, ...] = ()
    firewall_rule_groups: tuple[FirewallRuleGroup, ...] = ()
    listeners: tuple[Listener, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    proxy_targets: tuple[ProxyTarget, ...] = ()
    access_scopes: tuple[AccessScope, ...] = ()
    analysed_paths: tuple[AnalysedPath, ...] = ()
    accelerated: tuple[Accelerated, ...] = ()
    subnet_tags: tuple[SubnetTag, ...] = ()
    flow_logs: tuple[FlowLog, ...] = ()
    group_mentions: tuple[GroupMention, ...] = ()
    aliases: tuple[Alias, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @staticmethod
    def of(components: Iterable[Component], gaps: Iterable[Gap] = ()) -> Inventory:
        """The inventory of ``components``; their order is kept within each type."""
        given: dict[type, list[Component]] = {}
        for component in components:
            given.setdefault(type(component), []).append(component)
        return _joined(
            Inventory(
                vpcs=_only(Vpc, given),
                ranges=_only(AddressRange, given),
                subnets=_only(Subnet, given),
                tables=_only(RouteTable, given),
                routes=_only(Route, given),
                table_associations=_only(TableAssociation, given),
                main_tables=_only(MainTable, given),
                gateways=_only(Gateway, given),
                gateway_attachments=_only(GatewayAttachment, given),
                nat_gateways=_only(NatGateway, given),
                public_access_blocks=_only(PublicAccessBlock, given),
                public_access_exclusions=_only(PublicAccessExclusion, given),
                groups=_only(Group, given),
                rules=_only(Rule, given),
                acls=_only(Acl, given),
                acl_entries=_only(AclEntry, given),
                acl_associations=_only(AclAssociation, given),
                prefix_lists=_only(PrefixList, given),
                prefix_list_entries=_only(PrefixListEntry, given),
                workloads=_only(Workload, given),
                profiles=_only(Profile, given),
                group_attachments=_only(GroupAttachment, given),
                interface_attachments=_only(InterfaceAttachment, given),
                elastic_ips=_only(ElasticIp, given),
                elastic_ip_associations=_only(ElasticIpAssociation, given),
                aliases=_only(Alias, given),
                lookups=_only(Lookup, given),
                gaps=tuple(gaps),
            ),
            given,
        )


def _joined(one: Inventory, given: Mapping[type, list[Component]]) -> Inventory:
    """The inventory with what joins, inspects and hands on between networks, and what is told of it."""
    return replace(
        one,
        peerings=_only(Peering, given),
        transit_gateways=_only(TransitGateway, given),
        transit_attachments=_only(TransitAttachment, given),
        transit_tables=_only(TransitTable, given),
        transit_associations=_only(TransitAssociation, given),
        transit_propagations=_only(TransitPropagation, given),
        transit_routes=_only(TransitRoute, given),
        private_networks=_only(PrivateNetwork, given),
        group_vpcs=_only(GroupVpc, given),
        vpc_endpoints=_only(VpcEndpoint, given),
        endpoint_services=_only(EndpointService, given),
        buckets=_only(Bucket, given),
        dns_names=_only(DnsName, given),
        firewalls=_only(Firewall, given),
        firewall_policies=_only(FirewallPolicy, given),
        firewall_rule_groups=_only(FirewallRuleGroup, given),
        listeners=_only(Listener, given),
        target_groups=_only(TargetGroup, given),
        proxy_targets=_only(ProxyTarget, given),
        access_scopes=_only(AccessScope, given),
        analysed_paths=_only(AnalysedPath, given),
        accelerated=_only(Accelerated, given),
        subnet_tags=_only(SubnetTag, given),
        flow_logs=_only(FlowLog, given),
        group_mentions=_only(GroupMention, given),
    )


_T = TypeVar("_T")


def _only(kind: type[_T], given: Mapping[type, list[Component]]) -> tuple[_T, ...]:
    return tuple(component for component in given.get(kind, ()) if isinstance(component, kind))
