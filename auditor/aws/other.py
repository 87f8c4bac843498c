"""Connectors, links, directories, resolvers and other services that own interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, read_row
from auditor.aws.reader.respelling import unless_empty
from auditor.model import Component, ElasticIpAssociation, Fact, Link, Placement, Truth, Workload
from auditor.traffic import EVERYTHING, NOTHING, Bounds, Traffic, parse_traffic

SERVER = Row(
    kinds=("aws_transfer_server",),
    requires="endpoint_details",
    outside=True,
    outside_public=True,
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
        if not workload.placed:
            yield replace(workload, listens=_served(block))
        elif addresses.open:
            unknown = Fact(Truth.UNKNOWN, block.at, addresses.open)
            yield replace(workload, public=unknown, listens=_served(block))
        else:
            yield replace(workload, listens=_served(block))
    for address in addresses.items:
        holder = Link(block.address, address.at)
        yield ElasticIpAssociation(at=address.at, address=address, holder=holder, presence=block.presence)


# https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html
# https://docs.aws.amazon.com/transfer/latest/userguide/send-as2-messages.html
PROTOCOLS = {
    "SFTP": ("tcp/22", "tcp/22,2222,2223,22000"),
    "FTP": ("tcp/21,8192-8200", "tcp/21,8192-8200"),
    "FTPS": ("tcp/21,8192-8200", "tcp/21,8192-8200"),
    "AS2": ("tcp/5080", "tcp/443,5080"),
}


def _served(block: Block) -> Bounds[Traffic]:
    """What a server accepts, which is SFTP where it says nothing."""
    protocols = block.links("protocols")
    names = [(link.id, link.certain) for link in protocols.items] or [("SFTP", not protocols.open)]
    if protocols.open or any(name not in PROTOCOLS for name, _ in names):
        return Bounds(NOTHING, EVERYTHING)
    must = Traffic.union([parse_traffic(PROTOCOLS[name][0]) for name, sure in names if sure])
    return Bounds(must, Traffic.union([parse_traffic(PROTOCOLS[name][1]) for name, _ in names]))


RESOLVER = Row(
    kinds=("aws_route53_resolver_endpoint",),
    subnet=("ip_address.subnet_id",),
    groups=("security_group_ids",),
    ipv6="resolver_endpoint_type",
)
# Plain DNS, and DNS over HTTPS.
_QUERIES = {"Do53": "tcp/53,udp/53", "DoH": "tcp/443", "DoH-FIPS": "tcp/443"}


def read_resolver(block: Block) -> Iterator[Workload]:
    """An endpoint of the Route 53 Resolver: inbound it takes queries, outbound it sends them.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html
    """
    directions = block.choices("direction")
    inbound = directions is None or any(one.startswith("INBOUND") for one in directions)
    outbound = directions is None or "OUTBOUND" in directions
    protocols = block.links("protocols")
    texts = [link.id for link in protocols.items] or ["Do53"]
    known = not protocols.open and all(text in _QUERIES for text in texts)
    taken = Traffic.union([parse_traffic(_QUERIES[text]) for text in texts]) if known else EVERYTHING
    sure = known and all(link.certain for link in protocols.items)
    for workload in read_row(RESOLVER, block):
        listens = Bounds(taken if sure else NOTHING, taken)
        yield replace(
            workload, accepts=inbound, initiates=outbound, listens=listens if inbound and known else None
        )


READERS = {"aws_transfer_server": read_server, "aws_route53_resolver_endpoint": read_resolver}

ROWS = (
    Row(
        kinds=("aws_apigatewayv2_vpc_link",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        accepts=False,
    ),
    # https://docs.aws.amazon.com/directoryservice/latest/admin-guide/ms_ad_getting_started_what_gets_created.html
    Row(
        kinds=("aws_directory_service_directory", "aws_directory_service_region"),
        subnets=("vpc_settings.subnet_ids", "connect_settings.subnet_ids"),
        vpc="vpc_settings.vpc_id",
        groups=("security_group_id",),
        services=("tcp/53,88,135,389,445,464", "udp/53,88,123,389,464"),
        others=True,
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
        kinds=("aws_ec2_instance_connect_endpoint",),
        subnet=("subnet_id",),
        groups=("security_group_ids",),
        ipv6="ip_address_type",
        accepts=False,
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-using-eice.html
        opens=("tcp/22", "tcp/3389"),
    ),
)

_SETTINGS = {
    "VpcSettings.SecurityGroupId": "/security_group_id",
    "ConnectSettings.SecurityGroupId": "/security_group_id",
}
_ENDPOINT = Spelling(kind="aws_ec2_instance_connect_endpoint")
_LINK = Spelling(kind="aws_apigatewayv2_vpc_link")
_SERVER = Spelling(kind="aws_transfer_server", then=unless_empty("endpoint_details"))

SPELLINGS = {
    "AWS::ApiGatewayV2::VpcLink": _LINK,
    "AWS::Transfer::Server": _SERVER,
    "AWS::DirectoryService::MicrosoftAD": Spelling(kind="aws_directory_service_directory"),
    "AWS::DirectoryService::SimpleAD": Spelling(kind="aws_directory_service_directory"),
    "AWS::Cloud9::EnvironmentEC2": Spelling(kind="aws_cloud9_environment_ec2"),
    "AWS::QuickSight::VPCConnection": Spelling(kind="aws_quicksight_vpc_connection"),
    "AWS::Grafana::Workspace": Spelling(kind="aws_grafana_workspace", then=unless_empty("vpc_configuration")),
    "AWS::Route53Resolver::ResolverEndpoint": Spelling(
        kind="aws_route53_resolver_endpoint", renamed={"IpAddresses": "ip_address"}
    ),
    "AWS::EC2::InstanceConnectEndpoint": _ENDPOINT,
    "apigatewayv2:VpcLinks": _LINK,
    "transfer:Servers": _SERVER,
    "DirectoryDescriptions": Spelling(kind="aws_directory_service_directory", renamed=_SETTINGS),
    "InstanceConnectEndpoints": _ENDPOINT,
}
