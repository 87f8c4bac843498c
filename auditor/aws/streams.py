"""Streams and brokers: Managed Streaming for Kafka, MQ, and what reads from and writes to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, open_tags, read_row, tcp
from auditor.model import Truth, Workload
from auditor.traffic import Bounds
from auditor.tree import Resource

# TLS, SCRAM, IAM and plaintext, within the VPC and public; ZooKeeper; open monitoring.
# https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
# Between brokers there are further ones beside these, and connections from other VPCs have a range.
BROKER_PORTS = (*range(9090, 9200), 2181, 2182, 11001, 11002, *range(14001, 14101))

KAFKA = Row(
    kinds=("aws_msk_cluster",),
    subnets=("broker_node_group_info.client_subnets",),
    groups=("broker_node_group_info.security_groups",),
    public="broker_node_group_info.connectivity_info.public_access.type",
    public_text="SERVICE_PROVIDED_EIPS",
    ipv6="broker_node_group_info.connectivity_info.network_type",
    names=("cluster_name",),
)


def read_kafka(block: Block) -> Iterator[Workload]:
    """A Kafka cluster: brokers in each subnet, on the ports that its encryption and authentication open."""
    for workload in read_row(KAFKA, block):
        yield replace(workload, listens=Bounds(tcp(_open(block)), tcp(BROKER_PORTS)))


def _open(block: Block) -> Iterator[int]:
    """The ports that are certainly open."""
    encryption = block.choices("encryption_info.encryption_in_transit.client_broker", "TLS")
    if encryption is None or len(encryption) > 1:
        return
    if "TLS" not in encryption:
        yield 9092
    if "PLAINTEXT" in encryption:
        return
    sasl = "client_authentication.sasl"
    for path, port in ((f"{sasl}.scram", 9096), (f"{sasl}.iam", 9098)):
        if block.fact(path).truth is Truth.YES:
            yield port
    unauthenticated = block.fact("client_authentication.unauthenticated").truth is Truth.YES
    if unauthenticated or not block.has("client_authentication"):
        yield 9094


# The destinations of Firehose that may lie in a VPC; a stream has one destination.
DESTINATIONS = (
    "elasticsearch_configuration",
    "opensearch_configuration",
    "opensearchserverless_configuration",
)
_TASK = "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration"

FIREHOSE = tuple(
    Row(
        kinds=("aws_kinesis_firehose_delivery_stream",),
        requires=f"{destination}.vpc_config",
        subnets=(f"{destination}.vpc_config.subnet_ids",),
        groups=(f"{destination}.vpc_config.security_group_ids",),
        accepts=False,
    )
    for destination in DESTINATIONS
)
PIPES = (
    Row(
        kinds=("aws_pipes_pipe",),
        requires="source_parameters.self_managed_kafka_parameters.vpc",
        subnets=("source_parameters.self_managed_kafka_parameters.vpc.subnets",),
        groups=("source_parameters.self_managed_kafka_parameters.vpc.security_groups",),
        accepts=False,
    ),
    Row(
        kinds=("aws_pipes_pipe",),
        requires=_TASK,
        subnets=(f"{_TASK}.subnets",),
        groups=(f"{_TASK}.security_groups",),
        public=f"{_TASK}.assign_public_ip",
        public_text="ENABLED",
    ),
)


def read_firehose(block: Block) -> Iterator[Workload]:
    """A delivery stream, where its destination lies in a VPC."""
    yield from _each(FIREHOSE, block)


def read_pipe(block: Block) -> Iterator[Workload]:
    """A pipe that reads from Kafka in a VPC, and the tasks that it starts."""
    yield from _each(PIPES, block)


def _each(rows: Iterable[Row], block: Block) -> Iterator[Workload]:
    """What each row finds: workloads of their own, as their subnets and groups do not mix."""
    found = [workload for row in rows for workload in read_row(row, block)]
    yield from found[:1]
    for number, further in enumerate(found[1:], 2):
        yield replace(further, id=f"{further.id}/{number}")


BROKER = Row(
    kinds=("aws_mq_broker",),
    subnets=("subnet_ids",),
    groups=("security_groups",),
    public="publicly_accessible",
    names=("broker_name",),
)
# Broker protocols with TLS, and the consoles.
# https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/working-with-activemq.html
# https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/working-with-rabbitmq.html
# RabbitMQ 4 may be given further protocols: its own streams, MQTT and STOMP.
MESSAGING = {
    "activemq": (5671, 8162, 8883, 61614, 61617, 61619),
    "rabbitmq": (443, 5671, 15671),
}
FURTHER = {"rabbitmq": (5551, 5552, 5672, 1883, 8883, 61613, 61614, 15692)}


def read_broker(block: Block) -> Iterator[Workload]:
    """A broker of MQ, which accepts what its engine speaks."""
    engines = [name.lower() for name in block.choices("engine_type") or ()]
    ports = [MESSAGING.get(name, ()) for name in engines]
    known = len(ports) == 1 and ports[0]
    listens = Bounds(tcp(ports[0]), tcp((*ports[0], *FURTHER.get(engines[0], ())))) if known else None
    for workload in read_row(BROKER, block):
        yield replace(workload, listens=listens)


REPLICATOR = Row(
    kinds=("aws_msk_replicator",),
    subnets=("vpc_config.subnet_ids",),
    groups=("vpc_config.security_groups_ids", "vpc_config.security_group_ids"),
    accepts=False,
    names=(),
)


def read_replicator(block: Block) -> Iterator[Workload]:
    """A replicator: interfaces beside each of its clusters, which connect to that.

    https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-create.html
    """
    for number, cluster in enumerate(block.blocks("kafka_cluster"), 1):
        for workload in read_row(REPLICATOR, cluster):
            identity = workload.id if number == 1 else f"{workload.id}/{number}"
            tagged = replace(workload, tags=block.tags, open_tags=open_tags(block))
            yield replace(tagged, id=identity, names=block.names("replicator_name"))


READERS = {
    "aws_mq_broker": read_broker,
    "aws_msk_replicator": read_replicator,
    "aws_kinesis_firehose_delivery_stream": read_firehose,
    "aws_msk_cluster": read_kafka,
    "aws_pipes_pipe": read_pipe,
}

ROWS = (
    Row(
        kinds=("aws_msk_serverless_cluster",),
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        ports=(9098,),
        names=("cluster_name",),
    ),
    Row(
        kinds=("aws_mskconnect_connector",),
        subnets=("kafka_cluster.apache_kafka_cluster.vpc.subnets",),
        groups=("kafka_cluster.apache_kafka_cluster.vpc.security_groups",),
        accepts=False,
    ),
    # https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-cluster.html
    Row(
        kinds=("aws_msk_vpc_connection",),
        subnets=("client_subnets",),
        groups=("security_groups",),
        vpc="vpc_id",
        services=("tcp/14001-14100",),
        initiates=False,
        names=(),
    ),
    Row(
        kinds=("aws_kinesisanalyticsv2_application",),
        requires="application_configuration.vpc_configuration",
        subnets=("application_configuration.vpc_configuration.subnet_ids",),
        groups=("application_configuration.vpc_configuration.security_group_ids",),
        accepts=False,
    ),
)


def _collected_cluster(resource: Resource) -> Iterator[Resource]:
    """A cluster of brokers, or one without servers of its own.

    https://docs.aws.amazon.com/msk/1.0/apireference/v2-clusters-clusterarn.html
    """
    serverless = "vpc_config" in resource.body.entries
    yield replace(resource, kind="aws_msk_serverless_cluster") if serverless else resource


_SERVERLESS = {"VpcConfigs": "vpc_config", "VpcConfigs.SecurityGroups": "security_group_ids"}
_SWITCHES = frozenset(
    f"{above}ClientAuthentication.{path}.Enabled"
    for above in ("", "Provisioned.")
    for path in ("Sasl.Iam", "Sasl.Scram", "Unauthenticated")
)
_BROKER = Spelling(kind="aws_mq_broker")
_CONNECTION = Spelling(kind="aws_msk_vpc_connection")

SPELLINGS = {
    "AWS::MSK::Cluster": Spelling(
        kind="aws_msk_cluster",
        hoisted=frozenset(path for path in _SWITCHES if path.startswith("Client")),
    ),
    "AWS::MSK::ServerlessCluster": Spelling(kind="aws_msk_serverless_cluster", renamed=_SERVERLESS),
    "AWS::MSK::VpcConnection": _CONNECTION,
    "AWS::MSK::Replicator": Spelling(kind="aws_msk_replicator", renamed={"KafkaClusters": "kafka_cluster"}),
    "AWS::KafkaConnect::Connector": Spelling(
        kind="aws_mskconnect_connector", renamed={"ConnectorName": "name"}
    ),
    "AWS::AmazonMQ::Broker": _BROKER,
    "AWS::KinesisFirehose::DeliveryStream": Spelling(
        kind="aws_kinesis_firehose_delivery_stream",
        renamed={
            "DeliveryStreamName": "name",
            **{
                path: name
                for destination, own in (
                    ("ElasticsearchDestinationConfiguration", "elasticsearch_configuration"),
                    ("AmazonopensearchserviceDestinationConfiguration", "opensearch_configuration"),
                    (
                        "AmazonOpenSearchServerlessDestinationConfiguration",
                        "opensearchserverless_configuration",
                    ),
                )
                for path, name in (
                    (destination, own),
                    (f"{destination}.VpcConfiguration", "vpc_config"),
                )
            },
        },
    ),
    "AWS::KinesisAnalyticsV2::Application": Spelling(
        kind="aws_kinesisanalyticsv2_application",
        renamed={
            "ApplicationName": "name",
            "ApplicationConfiguration.VpcConfigurations": "vpc_configuration",
        },
    ),
    "AWS::Pipes::Pipe": Spelling(
        kind="aws_pipes_pipe",
        renamed={
            "SourceParameters.SelfManagedKafkaParameters.Vpc.SecurityGroup": "security_groups",
            "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration": (
                "aws_vpc_configuration"
            ),
        },
    ),
    "ClusterInfoList": Spelling(
        kind="aws_msk_cluster",
        renamed={"Serverless.VpcConfigs": "vpc_config"},
        hoisted=frozenset({*_SWITCHES, "Provisioned", "Serverless"}),
        then=_collected_cluster,
        also=("aws_msk_serverless_cluster",),
    ),
    "BrokerSummaries": _BROKER,
    "kafka:VpcConnections": _CONNECTION,
}
