"""Where data lies: databases, caches, search, queues and file systems."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Each, Found, Piece, asked_each, described, each_of

_LOGINS = (
    *("MasterUsername", "MasterUserSecret", "PendingModifiedValues.MasterUserPassword", "Auth"),
    *("MasterPasswordSecretArn", "MasterPasswordSecretKmsKeyId", "ClusterPublicKey", "TdeCredentialArn"),
    *("ActivityStreamKmsKeyId", "DomainMemberships.AuthSecretArn"),
)

_LOGINS_OF_FILES = (
    "WindowsConfiguration.SelfManagedActiveDirectoryConfiguration",
    "OntapConfiguration.FsxAdminPassword",
)


def _rds(key: str) -> Piece:
    """Of Neptune and DocumentDB too, which the same calls list.

    See https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html.
    """
    return described("rds", key, dropped=_LOGINS)


def _of_proxy(what: str, key: str) -> Piece:
    call = Call(
        service="rds",
        operation=f"DescribeDBProxy{what}",
        key=key,
        each=each_of("DBProxies", "DBProxyName"),
    )
    return asked_each(call, f"DBProxy{what}")


_SHOW_NODES = ((("ShowCacheNodeInfo", True),),)
_SHOW_SHARDS = ((("ShowShardDetails", True),),)
_DOMAINS = Call(service="opensearch", operation="ListDomainNames", key="DomainNames")
_ENDPOINTS = Call(service="opensearch", operation="ListVpcEndpoints", key="VpcEndpointSummaryList")

PIECES = (
    *(_rds(key) for key in ("DBInstances", "DBClusters", "DBSubnetGroups", "DBProxies", "DBProxyEndpoints")),
    _rds("DBClusterEndpoints"),
    _of_proxy("Targets", "Targets"),
    Piece(
        file="CacheClusters",
        call=Call(
            service="elasticache",
            operation="DescribeCacheClusters",
            key="CacheClusters",
            variants=_SHOW_NODES,
        ),
    ),
    described("elasticache", "ReplicationGroups"),
    described("elasticache", "CacheSubnetGroups"),
    described("elasticache", "ServerlessCaches"),
    Piece(
        file="MemoryDBClusters",
        call=Call(service="memorydb", operation="DescribeClusters", key="Clusters", variants=_SHOW_SHARDS),
    ),
    described("memorydb", "SubnetGroups", file="MemoryDBSubnetGroups"),
    described("redshift", "Clusters", file="RedshiftClusters", dropped=_LOGINS),
    described("redshift", "ClusterSubnetGroups"),
    Piece(
        file="RedshiftEndpoints",
        call=Call(service="redshift", operation="DescribeEndpointAccess", key="EndpointAccessList"),
    ),
    Piece(
        file="RedshiftWorkgroups",
        call=Call(service="redshift-serverless", operation="ListWorkgroups", key="workgroups"),
        dropped=("configParameters",),
    ),
    Piece(
        file="DomainStatusList",
        call=Call(
            service="opensearch",
            operation="DescribeDomains",
            key="DomainStatusList",
            each=Each(found=(Found(of=_DOMAINS, field="DomainName"),), parameter="DomainNames", batch=5),
        ),
        dropped=("AdvancedSecurityOptions",),
    ),
    Piece(
        file="OpenSearchVpcEndpoints",
        call=Call(
            service="opensearch",
            operation="DescribeVpcEndpoints",
            key="VpcEndpoints",
            each=Each(
                found=(Found(of=_ENDPOINTS, field="VpcEndpointId"),), parameter="VpcEndpointIds", batch=20
            ),
        ),
    ),
    Piece(
        file="ClusterInfoList",
        call=Call(service="kafka", operation="ListClustersV2", key="ClusterInfoList"),
    ),
    Piece(
        file="KafkaVpcConnections",
        call=Call(service="kafka", operation="ListVpcConnections", key="VpcConnections"),
    ),
    asked_each(
        Call(
            service="kafka",
            operation="ListNodes",
            key="NodeInfoList",
            each=each_of("ClusterInfoList", "ClusterArn"),
        ),
        "KafkaNodes",
    ),
    asked_each(
        Call(
            service="mq",
            operation="DescribeBroker",
            each=each_of(Call(service="mq", operation="ListBrokers", key="BrokerSummaries"), "BrokerId"),
        ),
        "BrokerSummaries",
        dropped=("Users", "LdapServerMetadata", "PendingLdapServerMetadata"),
    ),
    described("efs", "FileSystems", file="EfsFileSystems"),
    Piece(
        file="MountTargets",
        call=Call(
            service="efs",
            operation="DescribeMountTargets",
            key="MountTargets",
            each=each_of("EfsFileSystems", "FileSystemId"),
        ),
    ),
    asked_each(
        Call(
            service="efs",
            operation="DescribeMountTargetSecurityGroups",
            key="SecurityGroups",
            each=each_of("MountTargets", "MountTargetId"),
        ),
        "MountTargetSecurityGroups",
    ),
    described(
        "fsx",
        "FileSystems",
        file="FsxFileSystems",
        dropped=_LOGINS_OF_FILES,
    ),
    described("fsx", "FileCaches"),
    described(
        "cloudhsmv2",
        "Clusters",
        file="CloudHsmClusters",
        dropped=("PreCoPassword", "Certificates"),
    ),
    described("dax", "Clusters", file="DaxClusters"),
    described("dax", "SubnetGroups", file="DaxSubnetGroups"),
    described("dms", "ReplicationInstances", dropped=("KerberosAuthenticationSettings",)),
    described("dms", "ReplicationSubnetGroups"),
    described("dms", "ReplicationConfigs", dropped=("ReplicationSettings", "SupplementalSettings")),
)
