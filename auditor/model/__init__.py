"""The network's nouns: what one network consists of, whatever language it was written in.

Readers give facts (any of the ``Component`` types); ``Inventory.of`` holds them by type, sorted by id. The
words of AWS stay in the field ``kind``. Ids are addresses in the input (``aws_subnet.app[0]``).
"""

from __future__ import annotations

from auditor.model.facts import NO, YES, Direction, Fact, Family, Link, Links, Truth
from auditor.model.filters import Acl, AclAssociation, AclEntry, Group, PrefixList, PrefixListEntry, Rule
from auditor.model.inventory import Component, Inventory
from auditor.model.peers import AddressPeer, GroupPeer, Peer, PrefixListPeer, UnknownPeer
from auditor.model.topology import (
    AddressRange,
    Gateway,
    GatewayAttachment,
    MainTable,
    NatGateway,
    PublicAccessBlock,
    Route,
    RouteTable,
    Subnet,
    TableAssociation,
    Tags,
    Target,
    TargetKind,
    Vpc,
)
from auditor.model.workloads import (
    Alias,
    ElasticIp,
    ElasticIpAssociation,
    GroupAttachment,
    InterfaceAttachment,
    Placement,
    Profile,
    Workload,
)

__all__ = [
    "NO",
    "YES",
    "Acl",
    "AclAssociation",
    "AclEntry",
    "AddressPeer",
    "AddressRange",
    "Alias",
    "Component",
    "Direction",
    "ElasticIp",
    "ElasticIpAssociation",
    "Fact",
    "Family",
    "Gateway",
    "GatewayAttachment",
    "Group",
    "GroupAttachment",
    "GroupPeer",
    "InterfaceAttachment",
    "Inventory",
    "Link",
    "Links",
    "MainTable",
    "NatGateway",
    "Peer",
    "Placement",
    "PrefixList",
    "PrefixListEntry",
    "PrefixListPeer",
    "Profile",
    "PublicAccessBlock",
    "Route",
    "RouteTable",
    "Rule",
    "Subnet",
    "TableAssociation",
    "Tags",
    "Target",
    "TargetKind",
    "Truth",
    "UnknownPeer",
    "Vpc",
    "Workload",
]
