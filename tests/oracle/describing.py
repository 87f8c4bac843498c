"""What the API of AWS answers about one Region: the same calls for every fixture, one file a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Answer = list[Any]
Client = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """An operation without ids, and the key of the answer that is kept; ``arguments`` go with every call."""

    service: str
    operation: str
    key: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallForEach:
    """An operation that takes one id: for each that ``of`` has, wrapped with it under ``name``.

    With ``within``, ``of`` is wrapped itself, and the ids stand in the list of that key.
    """

    service: str
    operation: str
    key: str
    name: str
    of: str
    id: str
    arguments: dict[str, Any] = field(default_factory=dict)
    within: str = ""


CALLS = (
    Call("ec2", "describe_vpcs", "Vpcs"),
    Call("ec2", "describe_subnets", "Subnets"),
    Call("ec2", "describe_route_tables", "RouteTables"),
    Call("ec2", "describe_internet_gateways", "InternetGateways"),
    Call("ec2", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"),
    Call("ec2", "describe_nat_gateways", "NatGateways"),
    Call("ec2", "describe_addresses", "Addresses"),
    Call("ec2", "describe_network_acls", "NetworkAcls"),
    Call("ec2", "describe_security_groups", "SecurityGroups"),
    Call("ec2", "describe_security_group_rules", "SecurityGroupRules"),
    Call("ec2", "describe_network_interfaces", "NetworkInterfaces"),
    Call("ec2", "describe_instances", "Reservations"),
    Call("ec2", "describe_launch_templates", "LaunchTemplates"),
    Call("ec2", "describe_vpc_endpoints", "VpcEndpoints"),
    Call("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"),
    Call("ec2", "describe_managed_prefix_lists", "PrefixLists"),
    Call("ec2", "describe_transit_gateways", "TransitGateways"),
    Call("ec2", "describe_transit_gateway_attachments", "TransitGatewayAttachments"),
    Call("ec2", "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"),
    Call("ec2", "describe_transit_gateway_route_tables", "TransitGatewayRouteTables"),
    Call("ec2", "describe_vpc_endpoint_service_configurations", "ServiceConfigurations"),
    Call("ec2", "describe_vpn_gateways", "VpnGateways"),
    Call("ec2", "describe_customer_gateways", "CustomerGateways"),
    Call("ec2", "describe_vpn_connections", "VpnConnections"),
    Call("ec2", "describe_flow_logs", "FlowLogs"),
    Call("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    Call("elbv2", "describe_load_balancers", "LoadBalancers"),
    Call("elbv2", "describe_target_groups", "TargetGroups"),
    Call("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
    Call("rds", "describe_db_instances", "DBInstances"),
    Call("rds", "describe_db_clusters", "DBClusters"),
    Call("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
    Call("elasticache", "describe_replication_groups", "ReplicationGroups"),
    Call("elasticache", "describe_cache_clusters", "CacheClusters"),
    Call("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups"),
    Call("lambda", "list_functions", "Functions"),
    Call("route53", "list_hosted_zones", "HostedZones"),
)
FOR_EACH = (
    CallForEach(
        "ec2",
        "describe_launch_template_versions",
        "LaunchTemplateVersions",
        "LaunchTemplateVersions",
        "LaunchTemplates",
        "LaunchTemplateId",
    ),
    CallForEach(
        "ec2",
        "get_managed_prefix_list_entries",
        "Entries",
        "PrefixListEntries",
        "PrefixLists",
        "PrefixListId",
    ),
    CallForEach(
        "ec2",
        "get_transit_gateway_route_table_associations",
        "Associations",
        "TransitGatewayAssociations",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
    ),
    CallForEach(
        "ec2",
        "get_transit_gateway_route_table_propagations",
        "TransitGatewayRouteTablePropagations",
        "TransitGatewayPropagations",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
    ),
    CallForEach(
        "ec2",
        "search_transit_gateway_routes",
        "Routes",
        "TransitGatewayStaticRoutes",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
        {"Filters": [{"Name": "type", "Values": ["static"]}]},
    ),
    CallForEach(
        "ec2",
        "describe_vpc_endpoint_service_permissions",
        "AllowedPrincipals",
        "VpcEndpointServicePermissions",
        "ServiceConfigurations",
        "ServiceId",
    ),
    CallForEach(
        "elbv2",
        "describe_listeners",
        "Listeners",
        "LoadBalancerListeners",
        "LoadBalancers",
        "LoadBalancerArn",
    ),
    CallForEach(
        "elbv2",
        "describe_rules",
        "Rules",
        "LoadBalancerListenerRules",
        "LoadBalancerListeners",
        "ListenerArn",
        within="Listeners",
    ),
    CallForEach(
        "elbv2",
        "describe_load_balancer_attributes",
        "Attributes",
        "LoadBalancerAttributes",
        "LoadBalancers",
        "LoadBalancerArn",
    ),
    CallForEach(
        "elbv2",
        "describe_target_group_attributes",
        "Attributes",
        "TargetGroupAttributes",
        "TargetGroups",
        "TargetGroupArn",
    ),
    CallForEach(
        "elbv2",
        "describe_target_health",
        "TargetHealthDescriptions",
        "LoadBalancerTargetHealth",
        "TargetGroups",
        "TargetGroupArn",
    ),
)


def described(client: Client) -> dict[str, Answer]:
    """What there is, by the key under which AWS answers. An empty answer says that there is nothing."""
    answers = {call.key: _all(client(call.service), call.operation, call.key) for call in CALLS}
    for each in FOR_EACH:
        answers[each.name] = list(_for_each(client, each, answers[each.of]))
    answers |= _of_ecs(client("ecs"))
    answers |= _attributes_of_vpcs(client("ec2"), answers["Vpcs"])
    answers["TagDescriptions"] = _tags_of_balancers(client("elbv2"), answers)
    return dict(sorted(answers.items()))


def _all(client: Any, operation: str, key: str, **arguments: Any) -> Answer:
    if client.can_paginate(operation):
        pages = client.get_paginator(operation).paginate(**arguments)
        return [each for page in pages for each in page[key]]
    answer: Answer = getattr(client, operation)(**arguments)[key]
    return answer


def _for_each(client: Client, call: CallForEach, found: Answer) -> Iterator[dict[str, Any]]:
    things = [each for one in found for each in one[call.within]] if call.within else found
    for thing in things:
        one = {call.id: thing[call.id]}
        answer = _all(client(call.service), call.operation, call.key, **one, **call.arguments)
        if call.name == call.key:
            yield from answer
        else:
            yield one | {call.key: answer}


def _of_ecs(ecs: Any) -> dict[str, Answer]:
    clusters = _all(ecs, "list_clusters", "clusterArns")
    services: Answer = []
    for cluster in clusters:
        arns = _all(ecs, "list_services", "serviceArns", cluster=cluster)
        for start in range(0, len(arns), 10):
            services += ecs.describe_services(
                cluster=cluster, services=arns[start : start + 10], include=["TAGS"]
            )["services"]
    return {"clusters": ecs.describe_clusters(clusters=clusters)["clusters"], "services": services}


def _attributes_of_vpcs(ec2: Any, vpcs: Answer) -> dict[str, Answer]:
    made: dict[str, Answer] = {"VpcDnsHostnames": [], "VpcDnsSupport": []}
    for vpc in vpcs:
        for name, attribute in (
            ("EnableDnsHostnames", "enableDnsHostnames"),
            ("EnableDnsSupport", "enableDnsSupport"),
        ):
            answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
            made[f"Vpc{name.removeprefix('Enable')}"].append({"VpcId": vpc["VpcId"], name: answer[name]})
    return made


def _tags_of_balancers(elbv2: Any, answers: dict[str, Answer]) -> Answer:
    arns = [each["LoadBalancerArn"] for each in answers["LoadBalancers"]]
    found: Answer = elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"] if arns else []
    return found
