"""Balancers, databases, caches, brokers and file systems."""

from __future__ import annotations

from auditor.sources.snapshot.kinds.kind import Kind, kind

DATA: tuple[Kind, ...] = (
    kind("LoadBalancers", "elbv2.DescribeLoadBalancers", "LoadBalancerArn", states="State.Code: failed"),
    kind("Listeners", "elbv2.DescribeListeners", "ListenerArn", tells="ListenerArn LoadBalancerArn"),
    kind("Rules", "elbv2.DescribeRules", "RuleArn", under="ListenerArn"),
    kind(
        "rds:TargetGroups",
        "rds.DescribeDBProxyTargetGroups",
        "TargetGroupArn",
        tells="TargetGroupArn DBProxyName",
    ),
    kind("TargetGroups", "elbv2.DescribeTargetGroups", "TargetGroupArn"),
    kind(
        "LoadBalancerDescriptions",
        "elb.DescribeLoadBalancers",
        "LoadBalancerName",
        arn="elasticloadbalancing:loadbalancer/{LoadBalancerName}",
    ),
    kind(
        "DBInstances",
        "rds.DescribeDBInstances docdb.DescribeDBInstances neptune.DescribeDBInstances",
        "DBInstanceArn",
        states="DBInstanceStatus: deleted deleting",
    ),
    kind(
        "DBClusters",
        "rds.DescribeDBClusters docdb.DescribeDBClusters neptune.DescribeDBClusters",
        "DBClusterArn",
        states="Status: deleted deleting",
    ),
    kind("DBSubnetGroups", "rds.DescribeDBSubnetGroups", "DBSubnetGroupArn"),
    kind("DBProxies", "rds.DescribeDBProxies", "DBProxyArn", states="Status: deleting"),
    kind("DBProxyEndpoints", "rds.DescribeDBProxyEndpoints", "DBProxyEndpointArn", states="Status: deleting"),
    kind(
        "CacheClusters",
        "elasticache.DescribeCacheClusters",
        "ARN",
        states="CacheClusterStatus: deleted deleting",
    ),
    kind(
        "ReplicationGroups", "elasticache.DescribeReplicationGroups", "ARN", states="Status: deleted deleting"
    ),
    kind("CacheSubnetGroups", "elasticache.DescribeCacheSubnetGroups", "ARN"),
    kind(
        "ServerlessCaches", "elasticache.DescribeServerlessCaches", "ARN", states="Status: deleted deleting"
    ),
    kind(
        "Clusters",
        "redshift.DescribeClusters",
        "ClusterIdentifier",
        arn="redshift:cluster:{ClusterIdentifier}",
        states="ClusterStatus: deleting",
    ),
    kind(
        "ClusterSubnetGroups",
        "redshift.DescribeClusterSubnetGroups",
        "ClusterSubnetGroupName",
        arn="redshift:subnetgroup:{ClusterSubnetGroupName}",
    ),
    kind("workgroups", "redshift-serverless.ListWorkgroups", "workgroupArn", states="status: DELETING"),
    kind(
        "memorydb:Clusters",
        "memorydb.DescribeClusters",
        "ARN",
        tells="ARN NumberOfShards",
        states="Status: deleted deleting",
    ),
    kind("memorydb:SubnetGroups", "memorydb.DescribeSubnetGroups", "ARN"),
    kind(
        "dax:Clusters",
        "dax.DescribeClusters",
        "ClusterArn",
        tells="ClusterArn TotalNodes",
        states="Status: deleted deleting",
    ),
    kind(
        "dax:SubnetGroups",
        "dax.DescribeSubnetGroups",
        "SubnetGroupName",
        arn="dax:subnetgroup/{SubnetGroupName}",
    ),
    kind(
        "cloudhsm:Clusters",
        "cloudhsmv2.DescribeClusters",
        "ClusterId",
        tells="ClusterId SubnetMapping",
        states="State: DELETED DELETE_IN_PROGRESS",
    ),
    kind(
        "emr:Clusters",
        "emr.DescribeCluster:Cluster emr.ListClusters",
        "ClusterArn",
        tells="ClusterArn Id",
        states="Status.State: TERMINATED TERMINATED_WITH_ERRORS TERMINATING",
        needs="Ec2InstanceAttributes",
    ),
    kind(
        "ClusterInfoList",
        "kafka.ListClusters kafka.ListClustersV2 kafka.DescribeCluster:ClusterInfo"
        " kafka.DescribeClusterV2:ClusterInfo",
        "ClusterArn",
        states="State: DELETING",
    ),
    kind(
        "BrokerSummaries",
        "mq.ListBrokers mq.DescribeBroker:*",
        "BrokerArn",
        tells="BrokerArn BrokerId",
        states="BrokerState: DELETION_IN_PROGRESS",
        needs="SubnetIds",
    ),
    kind(
        "DomainStatusList",
        "opensearch.DescribeDomains opensearch.DescribeDomain:DomainStatus"
        " es.DescribeElasticsearchDomains es.DescribeElasticsearchDomain:DomainStatus",
        "ARN",
    ),
    kind(
        "opensearch:VpcEndpoints",
        "opensearch.DescribeVpcEndpoints",
        "VpcEndpointId",
        tells="VpcEndpointId DomainArn",
        states="Status: CREATE_FAILED DELETING",
    ),
    kind(
        "fsx:FileSystems",
        "fsx.DescribeFileSystems",
        "ResourceARN",
        tells="ResourceARN FileSystemType",
        states="Lifecycle: DELETING",
    ),
    kind("FileSystems", "efs.DescribeFileSystems", "FileSystemId", states="LifeCycleState: deleted deleting"),
    kind(
        "MountTargets", "efs.DescribeMountTargets", "MountTargetId", states="LifeCycleState: deleted deleting"
    ),
    kind(
        "ReplicationInstances",
        "dms.DescribeReplicationInstances",
        "ReplicationInstanceArn",
        states="ReplicationInstanceStatus: deleted deleting",
    ),
    kind(
        "DBClusterEndpoints",
        "rds.DescribeDBClusterEndpoints",
        "DBClusterEndpointArn",
        states="Status: deleting",
    ),
    kind(
        "kafka:VpcConnections",
        "kafka.ListVpcConnections",
        "VpcConnectionArn",
        states="State: DELETING FAILED REJECTED REJECTING",
    ),
    kind("FileCaches", "fsx.DescribeFileCaches", "ResourceARN", states="Lifecycle: DELETING FAILED"),
    kind(
        "ReplicationSubnetGroups",
        "dms.DescribeReplicationSubnetGroups",
        "ReplicationSubnetGroupIdentifier",
        arn="dms:subgrp:{ReplicationSubnetGroupIdentifier}",
    ),
    kind("ReplicationConfigs", "dms.DescribeReplicationConfigs", "ReplicationConfigArn"),
)
