"""What AWS tells of one thing in an answer of its own, asked for by that thing's id."""

from __future__ import annotations

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """``key`` of an answer to ``operation`` that belongs to the thing of ``kind`` which ``owner`` names.

    It becomes the entry ``key`` of that thing; ``owner`` is the parameter of the call, which the answer may
    lack: whoever keeps it puts ``owner`` beside.
    """

    key: str
    owner: str
    kind: str
    operation: str


PARTS: tuple[Part, ...] = (
    Part("EnableDnsHostnames", "VpcId", "Vpcs", "ec2.DescribeVpcAttribute"),
    Part("EnableDnsSupport", "VpcId", "Vpcs", "ec2.DescribeVpcAttribute"),
    Part("Entries", "PrefixListId", "PrefixLists", "ec2.GetManagedPrefixListEntries"),
    Part(
        "AllowedPrincipals", "ServiceId", "ServiceConfigurations", "ec2.DescribeVpcEndpointServicePermissions"
    ),
    Part(
        "Associations",
        "TransitGatewayRouteTableId",
        "TransitGatewayRouteTables",
        "ec2.GetTransitGatewayRouteTableAssociations",
    ),
    Part(
        "TransitGatewayRouteTablePropagations",
        "TransitGatewayRouteTableId",
        "TransitGatewayRouteTables",
        "ec2.GetTransitGatewayRouteTablePropagations",
    ),
    Part(
        "TransitGatewayPrefixListReferences",
        "TransitGatewayRouteTableId",
        "TransitGatewayRouteTables",
        "ec2.GetTransitGatewayPrefixListReferences",
    ),
    Part(
        "Routes", "TransitGatewayRouteTableId", "TransitGatewayRouteTables", "ec2.SearchTransitGatewayRoutes"
    ),
    Part(
        "NetworkInsightsAccessScopeContent",
        "NetworkInsightsAccessScopeId",
        "NetworkInsightsAccessScopes",
        "ec2.GetNetworkInsightsAccessScopeContent",
    ),
    Part("Attributes", "LoadBalancerArn", "LoadBalancers", "elbv2.DescribeLoadBalancerAttributes"),
    Part("Attributes", "TargetGroupArn", "TargetGroups", "elbv2.DescribeTargetGroupAttributes"),
    Part("Attributes", "ListenerArn", "Listeners", "elbv2.DescribeListenerAttributes"),
    Part("TargetHealthDescriptions", "TargetGroupArn", "TargetGroups", "elbv2.DescribeTargetHealth"),
    Part(
        "LoadBalancerAttributes",
        "LoadBalancerName",
        "LoadBalancerDescriptions",
        "elb.DescribeLoadBalancerAttributes",
    ),
    Part("items", "restApiId", "RestApis", "apigateway.GetResources"),
    Part("Items", "ApiId", "apigatewayv2:Apis", "apigatewayv2.GetIntegrations"),
    Part("Targets", "DBProxyName", "DBProxies", "rds.DescribeDBProxyTargets"),
    Part("VPCs", "Id", "HostedZones", "route53.GetHostedZone"),
    Part("Routes", "LocalGatewayRouteTableId", "LocalGatewayRouteTables", "ec2.SearchLocalGatewayRoutes"),
    Part("Instances", "ServiceId", "cloudmap:Services", "servicediscovery.ListInstances"),
    Part("ResourceRecordSets", "HostedZoneId", "HostedZones", "route53.ListResourceRecordSets"),
    Part("SecurityGroups", "MountTargetId", "MountTargets", "efs.DescribeMountTargetSecurityGroups"),
    Part("NodeInfoList", "ClusterArn", "ClusterInfoList", "kafka.ListNodes"),
)

# What stands in the same answer as the thing that it tells more of: its key, and that thing's.
BESIDE: dict[str, str] = {
    "FirewallStatus": "Firewall",
    "FirewallPolicy": "FirewallPolicyResponse",
    "RuleGroup": "RuleGroupResponse",
    "VpcEndpointAssociationStatus": "VpcEndpointAssociation",
    "VPCs": "HostedZone",
}

# The objects of answers in which the list of things stands a level deeper, with its length and its pages.
LISTS = frozenset({"DistributionList", "VpcOriginList"})

# The tags of things whose own descriptions have none: by ARN, or by the name of a classic load balancer.
TAGS = "TagDescriptions"
