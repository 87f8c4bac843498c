"""What joins VPCs with each other, with AWS and with the rest of the world, and what"
" watches over it."""

from __future__ import annotations

from auditor.sources.snapshot.kinds.kind import Kind, kind

_ATTACHMENT = (
    "State: deleting deleted failed failing rejected rejecting"
    " | initiating initiatingRequest pendingAcceptance rollingBack pending"
)
# The states have a small letter first in what AWS answers, and a capital one in what it documents.
_ENDPOINT = (
    "Deleting Deleted Rejected Failed Expired deleting deleted rejected failed expired"
    " | PendingAcceptance Pending pendingAcceptance pending"
)

CONNECTIONS: tuple[Kind, ...] = (
    kind(
        "VpcPeeringConnections",
        "ec2.DescribeVpcPeeringConnections",
        "VpcPeeringConnectionId",
        states="Status.Code: deleted deleting expired failed rejected | initiating-request"
        " pending-acceptance provisioning",
    ),
    kind(
        "TransitGateways", "ec2.DescribeTransitGateways", "TransitGatewayId", states="State: deleted deleting"
    ),
    kind(
        "TransitGatewayVpcAttachments",
        "ec2.DescribeTransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        states=_ATTACHMENT,
    ),
    kind(
        "TransitGatewayPeeringAttachments",
        "ec2.DescribeTransitGatewayPeeringAttachments",
        "TransitGatewayAttachmentId",
        states=_ATTACHMENT,
    ),
    kind(
        "TransitGatewayConnects",
        "ec2.DescribeTransitGatewayConnects",
        "TransitGatewayAttachmentId",
        states=_ATTACHMENT,
    ),
    kind(
        "TransitGatewayAttachments",
        "ec2.DescribeTransitGatewayAttachments",
        "TransitGatewayAttachmentId",
        states=_ATTACHMENT,
    ),
    kind(
        "TransitGatewayRouteTables",
        "ec2.DescribeTransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
        states="State: deleted deleting",
    ),
    kind(
        "directConnectGateways",
        "directconnect.DescribeDirectConnectGateways",
        "directConnectGatewayId",
        states="directConnectGatewayState: deleted deleting",
    ),
    kind(
        "directConnectGatewayAssociations",
        "directconnect.DescribeDirectConnectGatewayAssociations",
        "associationId",
        states="associationState: disassociated disassociating",
    ),
    kind(
        "virtualInterfaces",
        "directconnect.DescribeVirtualInterfaces",
        "virtualInterfaceId",
        states="virtualInterfaceState: deleted deleting rejected | confirming pending verifying",
    ),
    kind(
        "CoreNetworks",
        "networkmanager.ListCoreNetworks networkmanager.GetCoreNetwork:CoreNetwork",
        "CoreNetworkArn",
        states="State: DELETING",
    ),
    kind(
        "networkmanager:Attachments",
        "networkmanager.ListAttachments",
        "AttachmentId",
        states="State: DELETING FAILED REJECTED | CREATING PENDING_ATTACHMENT_ACCEPTANCE"
        " PENDING_TAG_ACCEPTANCE",
    ),
    kind(
        "VpcEndpoints",
        "ec2.DescribeVpcEndpoints",
        "VpcEndpointId",
        tells="VpcEndpointId VpcId",
        states="State: " + _ENDPOINT,
    ),
    kind(
        "ServiceConfigurations",
        "ec2.DescribeVpcEndpointServiceConfigurations",
        "ServiceId",
        states="ServiceState: Deleted Deleting Failed",
    ),
    kind(
        "VpcEndpointConnections",
        "ec2.DescribeVpcEndpointConnections",
        "ServiceId VpcEndpointId",
        states="VpcEndpointState: " + _ENDPOINT,
    ),
    kind(
        "Firewalls",
        "network-firewall.DescribeFirewall:Firewall network-firewall.ListFirewalls",
        "FirewallArn",
        needs="SubnetMappings|TransitGatewayId",
    ),
    kind(
        "FirewallPolicies",
        "network-firewall.DescribeFirewallPolicy:FirewallPolicyResponse"
        " network-firewall.ListFirewallPolicies",
        "FirewallPolicyArn|Arn",
        needs="FirewallPolicy",
    ),
    kind(
        "RuleGroups",
        "network-firewall.DescribeRuleGroup:RuleGroupResponse network-firewall.ListRuleGroups",
        "RuleGroupArn|Arn",
        needs="RuleGroup",
    ),
    kind("FlowLogs", "ec2.DescribeFlowLogs", "FlowLogId"),
    kind(
        "NetworkInsightsAccessScopes",
        "ec2.DescribeNetworkInsightsAccessScopes",
        "NetworkInsightsAccessScopeId",
    ),
    kind("NetworkInsightsPaths", "ec2.DescribeNetworkInsightsPaths", "NetworkInsightsPathId"),
    kind(
        "LocalGatewayRouteTables",
        "ec2.DescribeLocalGatewayRouteTables",
        "LocalGatewayRouteTableId",
        states="State: deleted deleting",
    ),
    kind(
        "LocalGatewayRouteTableVpcAssociations",
        "ec2.DescribeLocalGatewayRouteTableVpcAssociations",
        "LocalGatewayRouteTableVpcAssociationId",
        states="State: disassociated disassociating",
    ),
    kind(
        "directConnectGatewayAttachments",
        "directconnect.DescribeDirectConnectGatewayAttachments",
        "directConnectGatewayId virtualInterfaceId",
        states="attachmentState: detached detaching",
    ),
    kind(
        "networkmanager:Peerings", "networkmanager.ListPeerings", "PeeringId", states="State: DELETING FAILED"
    ),
    kind(
        "networkmanager:VpcAttachments",
        "networkmanager.GetVpcAttachment:VpcAttachment",
        "Attachment.AttachmentId",
        tells="Attachment",
        states="Attachment.State: DELETING FAILED REJECTED"
        " | CREATING PENDING_ATTACHMENT_ACCEPTANCE PENDING_TAG_ACCEPTANCE",
    ),
    kind("CoreNetworkPolicies", "networkmanager.GetCoreNetworkPolicy:CoreNetworkPolicy", "CoreNetworkId"),
    kind(
        "VpcEndpointAssociations",
        "network-firewall.DescribeVpcEndpointAssociation:VpcEndpointAssociation"
        " network-firewall.ListVpcEndpointAssociations",
        "VpcEndpointAssociationArn",
        needs="SubnetMapping",
    ),
)
