"""What moves data: DataSync, media, replication of servers, rules and links of other services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, read_row
from auditor.aws.reader.respelling import unless_empty
from auditor.model import Component, ElasticIpAssociation, Fact, Link, Truth, Workload

_FILE_SYSTEMS = ("lustre", "ontap", "openzfs", "windows")

ROWS = (
    # An agent with a private endpoint has its tasks' interfaces in that subnet.
    # https://docs.aws.amazon.com/datasync/latest/userguide/datasync-network.html
    Row(
        kinds=("aws_datasync_agent",),
        requires="subnet_arns",
        outside=True,
        subnets=("subnet_arns",),
        groups=("security_group_arns",),
    ),
    Row(
        kinds=("aws_datasync_location_efs",),
        subnet=("ec2_config.subnet_arn",),
        groups=("ec2_config.security_group_arns",),
        accepts=False,
        names=(),
    ),
    # The interfaces of a task stand in the preferred subnet of the file system.
    Row(
        kinds=tuple(f"aws_datasync_location_fsx_{kind}_file_system" for kind in _FILE_SYSTEMS),
        groups=("security_group_arns",),
        names=(),
    ),
    # https://docs.aws.amazon.com/drs/latest/userguide/Network-Requirements.html
    Row(
        kinds=("aws_drs_replication_configuration_template",),
        subnet=("staging_area_subnet_id",),
        groups=("replication_servers_security_groups_ids",),
        public="create_public_ip",
        ports=(1500,),
        others=True,
        names=(),
    ),
    # https://docs.aws.amazon.com/iot/latest/developerguide/vpc-rule-action.html
    Row(
        kinds=("aws_iot_topic_rule_destination",),
        requires="vpc_configuration",
        subnets=("vpc_configuration.subnet_ids",),
        groups=("vpc_configuration.security_groups",),
        vpc="vpc_configuration.vpc_id",
        accepts=False,
        names=(),
    ),
    # https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html
    Row(
        kinds=("aws_prometheus_scraper",),
        subnets=("source.eks.subnet_ids", "source.vpc.subnet_ids"),
        groups=("source.eks.security_group_ids", "source.vpc.security_group_ids"),
        accepts=False,
        default_group=False,
        names=("alias",),
    ),
    # https://docs.aws.amazon.com/s3/latest/userguide/S3OutpostsWorking.html
    Row(
        kinds=("aws_s3outposts_endpoint",),
        subnet=("subnet_id",),
        group=("security_group_id",),
        ports=(443,),
        perhaps=("tcp/80",),
        initiates=False,
        names=(),
    ),
    Row(
        kinds=("aws_neptunegraph_private_graph_endpoint",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        vpc="vpc_id",
        ports=(443, 8182),
        others=True,
        initiates=False,
        names=(),
    ),
    Row(
        kinds=("aws_codeconnections_host", "aws_codestarconnections_host"),
        requires="vpc_configuration",
        outside=True,
        subnets=("vpc_configuration.subnet_ids",),
        groups=("vpc_configuration.security_group_ids",),
        vpc="vpc_configuration.vpc_id",
        accepts=False,
    ),
)

CHANNEL = Row(
    kinds=("aws_medialive_channel",),
    requires="vpc",
    subnets=("vpc.subnet_ids",),
    groups=("vpc.security_group_ids",),
)
_ADDRESSES = "vpc.public_address_allocation_ids"


def read_channel(block: Block) -> Iterator[Component]:
    """A channel of MediaLive; its endpoints in a VPC have the Elastic IPs that are given to them.

    https://docs.aws.amazon.com/medialive/latest/ug/vpc-outputs.html
    """
    addresses = block.links(_ADDRESSES)
    for workload in read_row(CHANNEL, block):
        unknown = Fact(Truth.UNKNOWN, block.at, addresses.open)
        yield replace(workload, public=unknown) if addresses.open and workload.placed else workload
    for address in addresses.items:
        holder = Link(block.address, address.at)
        yield ElasticIpAssociation(at=address.at, address=address, holder=holder, presence=block.presence)


INPUT = Row(
    kinds=("aws_medialive_input",),
    requires="vpc",
    subnets=("vpc.subnet_ids",),
    groups=("vpc.security_group_ids",),
    initiates=False,
)


def read_input(block: Block) -> Iterator[Workload]:
    """An input of MediaLive, where senders in a VPC push to it.

    https://docs.aws.amazon.com/medialive/latest/ug/creating-push-input.html
    """
    yield from read_row(INPUT, block)


READERS = {"aws_medialive_channel": read_channel, "aws_medialive_input": read_input}

_LOCATION = "aws_datasync_location_fsx_{}_file_system"

SPELLINGS = {
    "AWS::DataSync::Agent": Spelling(kind="aws_datasync_agent", renamed={"AgentName": "name"}),
    "AWS::DataSync::LocationEFS": Spelling(kind="aws_datasync_location_efs"),
    "AWS::DataSync::LocationFSxLustre": Spelling(kind=_LOCATION.format("lustre")),
    "AWS::DataSync::LocationFSxONTAP": Spelling(kind=_LOCATION.format("ontap")),
    "AWS::DataSync::LocationFSxOpenZFS": Spelling(kind=_LOCATION.format("openzfs")),
    "AWS::DataSync::LocationFSxWindows": Spelling(kind=_LOCATION.format("windows")),
    "AWS::IoT::TopicRuleDestination": Spelling(
        kind="aws_iot_topic_rule_destination", renamed={"VpcProperties": "vpc_configuration"}
    ),
    "AWS::APS::Scraper": Spelling(
        kind="aws_prometheus_scraper",
        renamed={"Source.EksConfiguration": "eks", "Source.VpcConfiguration": "vpc"},
    ),
    "AWS::S3Outposts::Endpoint": Spelling(kind="aws_s3outposts_endpoint"),
    "AWS::NeptuneGraph::PrivateGraphEndpoint": Spelling(kind="aws_neptunegraph_private_graph_endpoint"),
    "AWS::MediaLive::Channel": Spelling(kind="aws_medialive_channel", then=unless_empty("vpc")),
    "AWS::MediaLive::Input": Spelling(kind="aws_medialive_input", then=unless_empty("vpc")),
}
