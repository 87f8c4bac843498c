"""Warehouses, search and time series: Redshift, OpenSearch, Timestream for InfluxDB.

Ports are the engines' defaults, of the user guides of the services.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import ProfileRow, Row, Spelling
from auditor.aws.reader.respelling import in_legacy_groups, siblings, unless_empty
from auditor.model import Fact, Placement, Truth
from auditor.tree import Resource

UNDECIDED = Fact(Truth.UNKNOWN)

ROWS = (
    # The default of publicly_accessible was true before version 6 of the provider.
    Row(
        kinds=("aws_redshift_cluster",),
        groups=("vpc_security_group_ids",),
        profiles=(("cluster_subnet_group_name", "aws_redshift_subnet_group"),),
        public="publicly_accessible",
        public_default=UNDECIDED,
        port="port",
        ports=(5439,),
        placement=Placement.ONE,
        names=("cluster_identifier",),
    ),
    Row(
        kinds=("aws_redshiftserverless_workgroup",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        public="publicly_accessible",
        port="port",
        ports=(5439,),
        others=True,
        names=("workgroup_name",),
    ),
    Row(
        kinds=("aws_redshift_endpoint_access",),
        groups=("vpc_security_group_ids",),
        profiles=(("subnet_group_name", "aws_redshift_subnet_group"),),
        ports=(5439,),
        others=True,
        initiates=False,
        names=("endpoint_name",),
    ),
    Row(
        kinds=("aws_opensearch_domain", "aws_elasticsearch_domain"),
        requires="vpc_options",
        outside=True,
        outside_public=True,
        callers=(
            "access_policies",
            ("aws_opensearch_domain_policy", "aws_elasticsearch_domain_policy"),
            "domain_name",
        ),
        subnets=("vpc_options.subnet_ids",),
        groups=("vpc_options.security_group_ids",),
        ipv6="ip_address_type",
        ports=(80, 443),
        names=("domain_name",),
    ),
    Row(
        kinds=("aws_redshiftserverless_endpoint_access",),
        subnets=("subnet_ids",),
        groups=("vpc_security_group_ids",),
        port="port",
        ports=(5439,),
        others=True,
        initiates=False,
        names=("endpoint_name",),
    ),
    Row(
        kinds=("aws_opensearch_vpc_endpoint", "aws_elasticsearch_vpc_endpoint"),
        subnets=("vpc_options.subnet_ids",),
        groups=("vpc_options.security_group_ids",),
        ports=(80, 443),
        initiates=False,
    ),
    Row(
        kinds=("aws_opensearchserverless_vpc_endpoint",),
        subnets=("subnet_ids",),
        groups=("security_group_ids",),
        vpc="vpc_id",
        ports=(443,),
        perhaps=("tcp/80",),
        initiates=False,
    ),
    Row(
        kinds=("aws_timestreaminfluxdb_db_instance", "aws_timestreaminfluxdb_db_cluster"),
        subnets=("vpc_subnet_ids",),
        groups=("vpc_security_group_ids",),
        public="publicly_accessible",
        port="port",
        ports=(8086,),
        perhaps=("tcp/8181",),
        placement=Placement.ONE,
    ),
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security.html
    Row(
        kinds=("aws_osis_pipeline",),
        requires="vpc_options",
        outside=True,
        outside_public=True,
        callers=(
            "access_policies",
            ("aws_opensearch_domain_policy", "aws_elasticsearch_domain_policy"),
            "domain_name",
        ),
        subnets=("vpc_options.subnet_ids",),
        groups=("vpc_options.security_group_ids",),
        ports=(443,),
        others=True,
        names=("pipeline_name",),
    ),
)

PROFILES = (ProfileRow(kinds=("aws_redshift_subnet_group",)),)


def _templated_cluster(resource: Resource) -> Iterator[Resource]:
    yield in_legacy_groups(resource, "cluster_security_groups", "vpc_security_group_ids")


_WORKGROUP = Spelling(kind="aws_redshiftserverless_workgroup")

SPELLINGS = {
    "AWS::Redshift::Cluster": Spelling(kind="aws_redshift_cluster", then=_templated_cluster),
    "AWS::Redshift::ClusterSubnetGroup": Spelling(kind="aws_redshift_subnet_group"),
    "AWS::Redshift::EndpointAccess": Spelling(kind="aws_redshift_endpoint_access"),
    "AWS::RedshiftServerless::Workgroup": _WORKGROUP,
    "AWS::OpenSearchService::Domain": Spelling(
        kind="aws_opensearch_domain", attributes={"DomainArn": "arn"}, then=unless_empty("vpc_options")
    ),
    "AWS::Elasticsearch::Domain": Spelling(
        kind="aws_elasticsearch_domain", attributes={"DomainArn": "arn"}, then=unless_empty("vpc_options")
    ),
    "AWS::OSIS::Pipeline": Spelling(kind="aws_osis_pipeline", then=unless_empty("vpc_options")),
    "AWS::OpenSearchServerless::VpcEndpoint": Spelling(kind="aws_opensearchserverless_vpc_endpoint"),
    "AWS::Timestream::InfluxDBInstance": Spelling(kind="aws_timestreaminfluxdb_db_instance"),
    "AWS::Timestream::InfluxDBCluster": Spelling(kind="aws_timestreaminfluxdb_db_cluster"),
    "Clusters": Spelling(
        kind="aws_redshift_cluster",
        renamed={"VpcSecurityGroups": "vpc_security_group_ids", "Endpoint.Port": "/port"},
        each={"VpcSecurityGroups": "VpcSecurityGroupId"},
        then=siblings(cluster_subnet_group_name="subnetgroup:"),
    ),
    "ClusterSubnetGroups": Spelling(
        kind="aws_redshift_subnet_group",
        renamed={"ClusterSubnetGroupName": "name", "Subnets": "subnet_ids"},
        each={"Subnets": "SubnetIdentifier"},
    ),
    "workgroups": _WORKGROUP,
    "DomainStatusList": Spelling(kind="aws_opensearch_domain", then=unless_empty("vpc_options")),
    "opensearch:VpcEndpoints": Spelling(kind="aws_opensearch_vpc_endpoint"),
}
