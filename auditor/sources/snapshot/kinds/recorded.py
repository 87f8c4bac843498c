"""The types of AWS Config whose recorded configuration is the API's own description of a"
" thing."""

from __future__ import annotations

ITEMS = ("configurationItems", "ConfigurationItems", "baseConfigurationItems")
"""The keys under which AWS Config gives what it recorded."""

# All others are recorded in the words of their CloudFormation types:
# https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
RECORDED: dict[str, str] = {
    "AWS::EC2::VPC": "Vpcs",
    "AWS::EC2::Subnet": "Subnets",
    "AWS::EC2::RouteTable": "RouteTables",
    "AWS::EC2::NetworkAcl": "NetworkAcls",
    "AWS::EC2::SecurityGroup": "SecurityGroups",
    "AWS::EC2::NetworkInterface": "NetworkInterfaces",
    "AWS::EC2::Instance": "Instances",
    "AWS::EC2::EIP": "Addresses",
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroups",
    "AWS::AutoScaling::LaunchConfiguration": "LaunchConfigurations",
    "AWS::EC2::InternetGateway": "InternetGateways",
    "AWS::EC2::EgressOnlyInternetGateway": "EgressOnlyInternetGateways",
    "AWS::EC2::NatGateway": "NatGateways",
    "AWS::EC2::VPNGateway": "VpnGateways",
    "AWS::EC2::CustomerGateway": "CustomerGateways",
    "AWS::EC2::VPNConnection": "VpnConnections",
    "AWS::EC2::VPCPeeringConnection": "VpcPeeringConnections",
    "AWS::EC2::VPCEndpoint": "VpcEndpoints",
    "AWS::EC2::VPCEndpointService": "ServiceConfigurations",
    "AWS::EC2::FlowLog": "FlowLogs",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "LoadBalancers",
    "AWS::ElasticLoadBalancing::LoadBalancer": "LoadBalancerDescriptions",
    "AWS::RDS::DBInstance": "DBInstances",
    "AWS::RDS::DBCluster": "DBClusters",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroups",
    "AWS::Redshift::Cluster": "Clusters",
    "AWS::Redshift::ClusterSubnetGroup": "ClusterSubnetGroups",
    "AWS::Elasticsearch::Domain": "DomainStatusList",
    "AWS::Lambda::Function": "Functions",
}
