"""The network itself: VPCs, filters, routes, interfaces, and all that stands at a VPC's edge."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Condition, Piece, asked_each, described, each_of

_SECRETS_OF_A_VPN = ("CustomerGatewayConfiguration", "Options.TunnelOptions.PreSharedKey")
_PLAIN = (
    *(
        "Vpcs",
        "DhcpOptions",
        "Subnets",
        "RouteTables",
        "SecurityGroups",
        "SecurityGroupVpcAssociations",
        "NetworkAcls",
    ),
    *("NetworkInterfaces", "Addresses", "InternetGateways", "EgressOnlyInternetGateways", "NatGateways"),
    *("VpcEndpoints", "VpcEndpointConnections", "VpcPeeringConnections", "PrefixLists"),
    *("VpnGateways", "CustomerGateways", "CarrierGateways", "LocalGateways", "LocalGatewayRouteTables"),
    *("LocalGatewayRouteTableVpcAssociations", "FlowLogs", "VpcBlockPublicAccessOptions"),
    *(
        "VpcBlockPublicAccessExclusions",
        "VpcEncryptionControls",
        "InstanceConnectEndpoints",
        "ClientVpnEndpoints",
    ),
    *("TransitGateways", "TransitGatewayAttachments", "TransitGatewayVpcAttachments"),
    *("TransitGatewayPeeringAttachments", "TransitGatewayConnects", "TransitGatewayRouteTables"),
    *("NetworkInsightsPaths", "NetworkInsightsAccessScopes"),
)


_TABLES = each_of(
    "TransitGatewayRouteTables",
    "TransitGatewayRouteTableId",
    where=Condition("State", ("available", "pending")),
)


def _of(operation: str, key: str, file: str, field: str) -> Call:
    return Call(service="ec2", operation=operation, key=key, each=each_of(file, field))


def _in_table(operation: str, key: str, wrap: str) -> Piece:
    return asked_each(Call(service="ec2", operation=operation, key=key, each=_TABLES), wrap)


def _of_vpn(key: str) -> Call:
    operation = f"DescribeClientVpn{key.removeprefix('ClientVpn')}"
    return _of(operation, key, "ClientVpnEndpoints", "ClientVpnEndpointId")


def _attribute_of_vpc(key: str, name: str) -> Piece:
    call = Call(
        service="ec2",
        operation="DescribeVpcAttribute",
        key=key,
        variants=((("Attribute", name),),),
        each=each_of("Vpcs", "VpcId"),
    )
    return asked_each(call, f"Vpc{key.removeprefix('Enable')}")


def _transit_routes(kind: str) -> Piece:
    """The routes of a kind in each transit gateway's tables; ``AdditionalRoutesAvailable`` tells of more.

    See https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html.
    """
    call = Call(
        service="ec2",
        operation="SearchTransitGatewayRoutes",
        key="Routes",
        variants=((("Filters", ((("Name", "type"), ("Values", (kind,))),)),),),
        each=_TABLES,
        also=("AdditionalRoutesAvailable",),
    )
    return asked_each(call, f"TransitGateway{kind.title()}Routes")


PIECES = (
    *(described("ec2", key) for key in _PLAIN),
    described("ec2", "VpnConnections", dropped=_SECRETS_OF_A_VPN),
    Piece(
        file="ManagedPrefixLists",
        call=Call(service="ec2", operation="DescribeManagedPrefixLists", key="PrefixLists"),
    ),
    asked_each(
        _of("GetManagedPrefixListEntries", "Entries", "ManagedPrefixLists", "PrefixListId"),
        "ManagedPrefixListEntries",
    ),
    Piece(
        file="VpcEndpointServiceConfigurations",
        call=Call(
            service="ec2", operation="DescribeVpcEndpointServiceConfigurations", key="ServiceConfigurations"
        ),
    ),
    asked_each(
        _of(
            "DescribeVpcEndpointServicePermissions",
            "AllowedPrincipals",
            "VpcEndpointServiceConfigurations",
            "ServiceId",
        ),
        "VpcEndpointServicePermissions",
    ),
    asked_each(
        _of("SearchLocalGatewayRoutes", "Routes", "LocalGatewayRouteTables", "LocalGatewayRouteTableId"),
        "LocalGatewayRoutes",
    ),
    asked_each(
        _of(
            "GetNetworkInsightsAccessScopeContent",
            "NetworkInsightsAccessScopeContent",
            "NetworkInsightsAccessScopes",
            "NetworkInsightsAccessScopeId",
        ),
        "NetworkInsightsAccessScopeContents",
    ),
    _in_table("GetTransitGatewayRouteTableAssociations", "Associations", "TransitGatewayAssociations"),
    _in_table(
        "GetTransitGatewayRouteTablePropagations",
        "TransitGatewayRouteTablePropagations",
        "TransitGatewayPropagations",
    ),
    _in_table(
        "GetTransitGatewayPrefixListReferences",
        "TransitGatewayPrefixListReferences",
        "TransitGatewayRouteTablePrefixListReferences",
    ),
    _transit_routes("static"),
    _transit_routes("propagated"),
    Piece(file="ClientVpnTargetNetworks", call=_of_vpn("ClientVpnTargetNetworks")),
    Piece(file="ClientVpnAuthorizationRules", call=_of_vpn("AuthorizationRules")),
    asked_each(_of_vpn("Routes"), "ClientVpnRoutes"),
    _attribute_of_vpc("EnableDnsHostnames", "enableDnsHostnames"),
    _attribute_of_vpc("EnableDnsSupport", "enableDnsSupport"),
)
