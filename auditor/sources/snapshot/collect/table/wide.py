"""What joins networks beyond a VPC: Direct Connect, Cloud WAN, Network Firewall, shares, private names."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Condition, Piece, asked_each, each_of

_SECRETS_OF_BGP = ("authKey", "bgpPeers.authKey", "customerRouterConfig")
_OWNERS = ((("resourceOwner", "SELF"),), (("resourceOwner", "OTHER-ACCOUNTS"),))
_NAMES = ("A", "AAAA", "CNAME", "SRV")


def _direct_connect(key: str, dropped: tuple[str, ...] = (), file: str = "") -> Piece:
    operation = f"Describe{key[0].upper()}{key[1:]}"
    call = Call(service="directconnect", operation=operation, key=key)
    return Piece(file=file or f"{key[0].upper()}{key[1:]}", call=call, dropped=dropped)


def _of_gateway(key: str) -> Piece:
    """Of each Direct Connect gateway: AWS lists neither associations nor attachments without an id."""
    name = f"{key[0].upper()}{key[1:]}"
    each = each_of("DirectConnectGateways", "directConnectGatewayId")
    call = Call(service="directconnect", operation=f"Describe{name}", key=key, each=each)
    return Piece(file=name, call=call)


def _firewall(listing: str, field: str, what: str) -> Piece:
    """The whole answers to ``Describe<what>`` for all that a listing names."""
    listed = Call(service="network-firewall", operation=f"List{listing}", key=listing)
    each = each_of(listed, field, f"{what}Arn")
    call = Call(service="network-firewall", operation=f"Describe{what}", each=each)
    name = listing if listing.startswith("Firewall") else f"Firewall{listing}"
    return asked_each(call, f"Network{name}", dropped=("UpdateToken",))


def _core_network(operation: str, key: str) -> Piece:
    each = each_of("CoreNetworks", "CoreNetworkId")
    call = Call(service="networkmanager", operation=operation, key=key, each=each)
    return Piece(file=key if key != "CoreNetwork" else "CoreNetworkDetails", call=call, everywhere=True)


def _listed(service: str, key: str, *, file: str = "", everywhere: bool = False) -> Piece:
    call = Call(service=service, operation=f"List{key}", key=key)
    return Piece(file=file or key, call=call, everywhere=everywhere)


def _shared(operation: str, key: str, file: str) -> Piece:
    return Piece(file=file, call=Call(service="ram", operation=operation, key=key, variants=_OWNERS))


def _of_private_zone(operation: str, key: str, parameter: str) -> Call:
    private = Condition("Config.PrivateZone", (True,))
    each = each_of("HostedZones", "Id", parameter, where=private)
    return Call(service="route53", operation=operation, key=key, each=each)


def _accelerators(custom: str) -> tuple[Piece, ...]:
    """Accelerators of one type with what stands below them: listeners, and groups of endpoints."""
    service, name = "globalaccelerator", f"{custom}Accelerator"
    found = Call(service=service, operation=f"List{custom}Accelerators", key="Accelerators")
    listeners = Call(
        service=service,
        operation=f"List{custom}Listeners",
        key="Listeners",
        each=each_of(f"{name}s", "AcceleratorArn"),
    )
    groups = Call(
        service=service,
        operation=f"List{custom}EndpointGroups",
        key="EndpointGroups",
        each=each_of(listeners, "ListenerArn"),
    )
    return (
        Piece(file=f"{name}s", call=found, everywhere=True),
        Piece(file=f"{name}Listeners", call=listeners, wrap=f"{name}Listeners", everywhere=True),
        Piece(file=f"{name}EndpointGroups", call=groups, wrap=f"{name}EndpointGroups", everywhere=True),
    )


_DISTRIBUTIONS = Call(service="cloudfront", operation="ListDistributions", key="DistributionList.Items")
_VPC_ORIGINS = Call(service="cloudfront", operation="ListVpcOrigins", key="VpcOriginList.Items")
_OF_AN_ORIGIN = ("Id", "DomainName", "CustomOriginConfig", "VpcOriginConfig", "S3OriginConfig")


def _edge(operation: str, key: str, listing: Call, kept: tuple[str, ...]) -> Piece:
    """Each thing of CloudFront's that a call lists, described by another one."""
    call = Call(service="cloudfront", operation=operation, key=key, each=each_of(listing, "Id"))
    return Piece(file=f"CloudFront{key}s", call=call, wrap=f"CloudFront{key}s", kept=kept, everywhere=True)


PIECES = (
    _direct_connect("connections", ("macSecKeys",), "DirectConnectConnections"),
    _direct_connect("directConnectGateways"),
    _direct_connect("virtualInterfaces", _SECRETS_OF_BGP),
    _direct_connect("virtualGateways"),
    _of_gateway("directConnectGatewayAssociations"),
    _of_gateway("directConnectGatewayAttachments"),
    _firewall("Firewalls", "FirewallArn", "Firewall"),
    _firewall("FirewallPolicies", "Arn", "FirewallPolicy"),
    _firewall("RuleGroups", "Arn", "RuleGroup"),
    _firewall("VpcEndpointAssociations", "VpcEndpointAssociationArn", "VpcEndpointAssociation"),
    _edge(
        "GetDistribution",
        "Distribution",
        _DISTRIBUTIONS,
        (
            *("Id", "ARN", "Status", "DomainName", "DistributionConfig.Enabled"),
            "DistributionConfig.Aliases",
            *(f"DistributionConfig.Origins.Items.{field}" for field in _OF_AN_ORIGIN),
        ),
    ),
    _edge(
        "GetVpcOrigin",
        "VpcOrigin",
        _VPC_ORIGINS,
        ("Id", "Arn", "AccountId", "Status", "VpcOriginEndpointConfig"),
    ),
    *_accelerators(""),
    *_accelerators("CustomRouting"),
    _listed("globalaccelerator", "CrossAccountAttachments", everywhere=True),
    _listed("networkmanager", "CoreNetworks", everywhere=True),
    _core_network("GetCoreNetwork", "CoreNetwork"),
    _core_network("GetCoreNetworkPolicy", "CoreNetworkPolicy"),
    _listed("networkmanager", "Attachments", file="CoreNetworkAttachments", everywhere=True),
    Piece(
        file="CoreNetworkVpcAttachments",
        call=Call(
            service="networkmanager",
            operation="GetVpcAttachment",
            key="VpcAttachment",
            each=each_of(
                "CoreNetworkAttachments", "AttachmentId", where=Condition("AttachmentType", ("VPC",))
            ),
        ),
        everywhere=True,
    ),
    _listed("networkmanager", "Peerings", file="CoreNetworkPeerings", everywhere=True),
    _shared("GetResourceShares", "resourceShares", "ResourceShares"),
    _shared("ListResources", "resources", "SharedResources"),
    _shared("ListPrincipals", "principals", "SharePrincipals"),
    _listed("route53", "HostedZones", everywhere=True),
    Piece(
        file="HostedZoneVPCs",
        wrap="HostedZoneVPCs",
        call=_of_private_zone("GetHostedZone", "", "Id"),
        everywhere=True,
    ),
    Piece(
        file="HostedZoneRecords",
        wrap="HostedZoneRecords",
        call=_of_private_zone("ListResourceRecordSets", "ResourceRecordSets", "HostedZoneId"),
        where=Condition("Type", _NAMES),
        everywhere=True,
    ),
    _listed("servicediscovery", "Namespaces"),
    _listed("servicediscovery", "Services", file="ServiceDiscoveryServices"),
)
