"""VPCs, what they consist of, groups, interfaces, instances and gateways."""

from __future__ import annotations

from auditor.sources.snapshot.kinds.kind import Kind, kind

NETWORK: tuple[Kind, ...] = (
    kind("Vpcs", "ec2.DescribeVpcs", "VpcId"),
    kind("Subnets", "ec2.DescribeSubnets", "SubnetId", states="State: failed"),
    kind("RouteTables", "ec2.DescribeRouteTables", "RouteTableId"),
    kind("NetworkAcls", "ec2.DescribeNetworkAcls", "NetworkAclId"),
    kind("DhcpOptions", "ec2.DescribeDhcpOptions", "DhcpOptionsId"),
    kind(
        "VpcBlockPublicAccessExclusions",
        "ec2.DescribeVpcBlockPublicAccessExclusions",
        "ExclusionId",
        states="State: create-failed delete-complete delete-in-progress disable-complete disable-in-progress",
    ),
    kind(
        "VpcBlockPublicAccessOptions",
        "ec2.DescribeVpcBlockPublicAccessOptions",
        "AwsAccountId AwsRegion",
        tells="InternetGatewayBlockMode",
    ),
    kind(
        "VpcEncryptionControls",
        "ec2.DescribeVpcEncryptionControls",
        "VpcEncryptionControlId",
        states="State: deleted deleting",
    ),
    kind("SecurityGroups", "ec2.DescribeSecurityGroups", "GroupId"),
    kind("SecurityGroupRules", "ec2.DescribeSecurityGroupRules", "SecurityGroupRuleId"),
    kind(
        "SecurityGroupVpcAssociations",
        "ec2.DescribeSecurityGroupVpcAssociations",
        "GroupId VpcId",
        tells="GroupId VpcId State",
        states="State: association-failed disassociated disassociating",
    ),
    kind(
        "PrefixLists",
        "ec2.DescribeManagedPrefixLists ec2.DescribePrefixLists",
        "PrefixListId",
        states="State: create-failed delete-complete delete-in-progress",
    ),
    kind("NetworkInterfaces", "ec2.DescribeNetworkInterfaces", "NetworkInterfaceId"),
    kind(
        "Instances",
        "ec2.DescribeInstances:Reservations",
        "InstanceId",
        states="State.Name: shutting-down terminated",
        under="OwnerId",
    ),
    kind("Addresses", "ec2.DescribeAddresses", "AllocationId|PublicIp", tells="PublicIp"),
    kind("LaunchTemplates", "ec2.DescribeLaunchTemplates", "LaunchTemplateId"),
    kind("LaunchTemplateVersions", "ec2.DescribeLaunchTemplateVersions", "LaunchTemplateId VersionNumber"),
    kind(
        "SpotFleetRequestConfigs",
        "ec2.DescribeSpotFleetRequests",
        "SpotFleetRequestId",
        states="SpotFleetRequestState: cancelled failed",
    ),
    kind("Fleets", "ec2.DescribeFleets", "FleetId", states="FleetState: deleted failed"),
    kind("AutoScalingGroups", "autoscaling.DescribeAutoScalingGroups", "AutoScalingGroupARN"),
    kind("LaunchConfigurations", "autoscaling.DescribeLaunchConfigurations", "LaunchConfigurationARN"),
    kind(
        "InstanceConnectEndpoints",
        "ec2.DescribeInstanceConnectEndpoints",
        "InstanceConnectEndpointId",
        states="State: create-failed delete-complete delete-in-progress",
    ),
    kind("InternetGateways", "ec2.DescribeInternetGateways", "InternetGatewayId"),
    kind(
        "EgressOnlyInternetGateways", "ec2.DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGatewayId"
    ),
    kind("NatGateways", "ec2.DescribeNatGateways", "NatGatewayId", states="State: deleted deleting failed"),
    kind(
        "CarrierGateways", "ec2.DescribeCarrierGateways", "CarrierGatewayId", states="State: deleted deleting"
    ),
    kind("LocalGateways", "ec2.DescribeLocalGateways", "LocalGatewayId", states="State: deleted deleting"),
    kind("VpnGateways", "ec2.DescribeVpnGateways", "VpnGatewayId", states="State: deleted deleting"),
    kind(
        "CustomerGateways",
        "ec2.DescribeCustomerGateways",
        "CustomerGatewayId",
        states="State: deleted deleting",
    ),
    kind("VpnConnections", "ec2.DescribeVpnConnections", "VpnConnectionId", states="State: deleted deleting"),
    kind(
        "ClientVpnEndpoints",
        "ec2.DescribeClientVpnEndpoints",
        "ClientVpnEndpointId",
        states="Status.Code: deleted deleting",
    ),
    kind(
        "ClientVpnTargetNetworks",
        "ec2.DescribeClientVpnTargetNetworks",
        "AssociationId",
        states="Status.Code: association-failed disassociated disassociating",
    ),
    kind(
        "AuthorizationRules",
        "ec2.DescribeClientVpnAuthorizationRules",
        "ClientVpnEndpointId DestinationCidr GroupId?",
        states="Status.Code: failed revoking",
    ),
    kind(
        "ClientVpnRoutes",
        "ec2.DescribeClientVpnRoutes:Routes",
        "ClientVpnEndpointId DestinationCidr TargetSubnet?",
        states="Status.Code: deleting failed",
    ),
)
