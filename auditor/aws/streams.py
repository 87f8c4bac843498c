"""Streams and brokers: Managed Streaming for Kafka, MQ, and what reads from and writes to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, read_row, tcp
from auditor.model import Truth, Workload
from auditor.traffic import Bounds

# TLS, SCRAM, IAM and plaintext, within the VPC and public; ZooKeeper; open monitoring.
# https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
BROKER_PORTS = (9092, 9094, 9096, 9098, 9194, 9196, 9198, 2181, 2182, 11001, 11002)

KAFKA = Row(
    kinds=("aws_msk_cluster",),
    subnets=("broker_node_group_info.client_subnets",),
    groups=("broker_node_group_info.security_groups",),
    public="broker_node_group_info.connectivity_info.public_access.type",
    public_text="SERVICE_PROVIDED_EIPS",
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


READERS = {"aws_msk_cluster": read_kafka}

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
    Row(
        kinds=("aws_mq_broker",),
        subnets=("subnet_ids",),
        groups=("security_groups",),
        public="publicly_accessible",
        names=("broker_name",),
    ),
    Row(
        kinds=("aws_kinesis_firehose_delivery_stream",),
        requires="opensearch_configuration.vpc_config",
        subnets=("opensearch_configuration.vpc_config.subnet_ids",),
        groups=("opensearch_configuration.vpc_config.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_kinesisanalyticsv2_application",),
        requires="application_configuration.vpc_configuration",
        subnets=("application_configuration.vpc_configuration.subnet_ids",),
        groups=("application_configuration.vpc_configuration.security_group_ids",),
        accepts=False,
    ),
    Row(
        kinds=("aws_pipes_pipe",),
        requires="source_parameters.self_managed_kafka_parameters.vpc",
        subnets=("source_parameters.self_managed_kafka_parameters.vpc.subnets",),
        groups=("source_parameters.self_managed_kafka_parameters.vpc.security_groups",),
        accepts=False,
    ),
)
