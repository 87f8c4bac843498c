"""Connectors, links, directories, desktops and other services that own interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, read_row
from auditor.aws.reader.respelling import unless_empty
from auditor.model import Component, ElasticIpAssociation, Fact, Link, Placement, Truth, Workload
from auditor.tree import Reason

SERVER = Row(
    kinds=("aws_transfer_server",),
    requires="endpoint_details",
    outside=True,
    subnets=("endpoint_details.subnet_ids",),
    groups=("endpoint_details.security_group_ids",),
    vpc="endpoint_details.vpc_id",
    names=(),
)
ADDRESSES = "endpoint_details.address_allocation_ids"


def read_server(block: Block) -> Iterator[Component]:
    """A server of Transfer Family; in a VPC it faces the internet with the Elastic IPs that it is given.

    https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html
    """
    addresses = block.links(ADDRESSES)
    for workload in read_row(SERVER, block):
        if addresses.open and workload.placed:
            yield replace(workload, public=Fact(Truth.UNKNOWN, block.at, addresses.open))
        else:
            yield workload
    for address in addresses.items:
        holder = Link(block.address, address.at)
        yield ElasticIpAssociation(at=address.at, address=address, holder=holder, presence=block.presence)


WORKSPACE = Row(
    kinds=("aws_workspaces_workspace",),
    subnet=("subnet_id",),
    placement=Placement.ONE,
    default_group=False,
    names=("workspace_name",),
)


def read_workspace(block: Block) -> Iterator[Workload]:
    """A desktop, in one of the subnets of its directory, with the group that its directory is given.

    Only AWS tells which subnet that is; a directory may give its desktops public addresses.
    https://docs.aws.amazon.com/workspaces/latest/adminguide/amazon-workspaces-vpc.html
    """
    what = f"whether the directory of {block.address} gives public addresses"
    public = Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, "a snapshot"),))
    for workload in read_row(WORKSPACE, block):
        yield replace(workload, public=public)


READERS = {"aws_transfer_server": read_server, "aws_workspaces_workspace": read_workspace}

ROWS = (
    Row(
        kinds=("aws_apprunner_vpc_connector",),
        subnets=("subnets",),
        groups=("security_groups",),
        accepts=False,
        names=("vpc_connector_name",),
    ),
    Row(
        kinds=("aws_apigatewayv2_vpc_link",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_directory_service_directory",),
        subnets=("vpc_settings.subnet_ids", "connect_settings.subnet_ids"),
        vpc="vpc_settings.vpc_id",
        groups=("security_group_id",),
        default_group=False,
    ),
    Row(
        kinds=("aws_cloud9_environment_ec2",),
        subnet=("subnet_id",),
        public_default=None,
        placement=Placement.ONE,
        default_group=False,
    ),
    Row(
        kinds=("aws_appstream_fleet", "aws_appstream_image_builder"),
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        public="enable_default_internet_access",
    ),
    Row(
        kinds=("aws_quicksight_vpc_connection",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
    ),
    Row(
        kinds=("aws_grafana_workspace",),
        requires="vpc_configuration",
        outside=True,
        subnets=("vpc_configuration.subnet_ids",),
        groups=("vpc_configuration.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_route53_resolver_endpoint",),
        subnet=("ip_address.subnet_id",),
        groups=("security_group_ids",),
    ),
    Row(
        kinds=("aws_ec2_instance_connect_endpoint",),
        subnet=("subnet_id",),
        groups=("security_group_ids",),
        accepts=False,
    ),
)

_SETTINGS = {
    "VpcSettings.SecurityGroupId": "/security_group_id",
    "ConnectSettings.SecurityGroupId": "/security_group_id",
}
_CONNECTOR = Spelling(kind="aws_apprunner_vpc_connector")
_ENDPOINT = Spelling(kind="aws_ec2_instance_connect_endpoint")
_LINK = Spelling(kind="aws_apigatewayv2_vpc_link")
_SERVER = Spelling(kind="aws_transfer_server", then=unless_empty("endpoint_details"))
_WORKSPACE = Spelling(kind="aws_workspaces_workspace")

SPELLINGS = {
    "AWS::AppRunner::VpcConnector": _CONNECTOR,
    "AWS::ApiGatewayV2::VpcLink": _LINK,
    "AWS::Transfer::Server": _SERVER,
    "AWS::DirectoryService::MicrosoftAD": Spelling(kind="aws_directory_service_directory"),
    "AWS::DirectoryService::SimpleAD": Spelling(kind="aws_directory_service_directory"),
    "AWS::WorkSpaces::Workspace": _WORKSPACE,
    "AWS::Cloud9::EnvironmentEC2": Spelling(kind="aws_cloud9_environment_ec2"),
    "AWS::AppStream::Fleet": Spelling(kind="aws_appstream_fleet"),
    "AWS::AppStream::ImageBuilder": Spelling(kind="aws_appstream_image_builder"),
    "AWS::QuickSight::VPCConnection": Spelling(kind="aws_quicksight_vpc_connection"),
    "AWS::Grafana::Workspace": Spelling(kind="aws_grafana_workspace", then=unless_empty("vpc_configuration")),
    "AWS::Route53Resolver::ResolverEndpoint": Spelling(
        kind="aws_route53_resolver_endpoint", renamed={"IpAddresses": "ip_address"}
    ),
    "AWS::EC2::InstanceConnectEndpoint": _ENDPOINT,
    "apprunner:VpcConnectors": _CONNECTOR,
    "apigatewayv2:VpcLinks": _LINK,
    "transfer:Servers": _SERVER,
    "DirectoryDescriptions": Spelling(kind="aws_directory_service_directory", renamed=_SETTINGS),
    "Workspaces": _WORKSPACE,
    "InstanceConnectEndpoints": _ENDPOINT,
}
