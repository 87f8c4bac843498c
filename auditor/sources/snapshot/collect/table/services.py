"""Services that merely stand in a VPC: of these no more is kept than what they are and where they stand."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Each, Found, Piece

_EMR_IN_USE = (("ClusterStates", ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")),)
_NOTEBOOKS = Call(service="sagemaker", operation="ListNotebookInstances", key="NotebookInstances")
_STUDIOS = Call(service="sagemaker", operation="ListDomains", key="Domains")
_MODELS = Call(service="sagemaker", operation="ListModels", key="Models")
_BUILDS = Call(service="codebuild", operation="ListProjects", key="projects")
_CLUSTERS = Call(service="emr", operation="ListClusters", key="Clusters", variants=(_EMR_IN_USE,))
_APPLICATIONS = Call(service="emr-serverless", operation="ListApplications", key="applications")
_AIRFLOWS = Call(service="mwaa", operation="ListEnvironments", key="Environments")
_SERVERS = Call(service="transfer", operation="ListServers", key="Servers")


def _plain(service: str, operation: str, key: str, file: str, kept: tuple[str, ...]) -> Piece:
    return Piece(file=file, call=Call(service=service, operation=operation, key=key), kept=kept)


def _detailed(operation: str, key: str, each: Each, file: str, kept: tuple[str, ...]) -> Piece:
    """What is said of each thing that a call lists; a whole answer stands under the listing's key."""
    (listing,) = (found.of for found in each.found if isinstance(found.of, Call))
    call = Call(service=listing.service, operation=operation, key=key, each=each)
    return Piece(file=file, call=call, wrap="" if key else listing.key, kept=kept)


def _by(listing: Call, field: str, parameter: str = "", batch: int = 0) -> Each:
    found = (Found(of=listing, field=field),)
    return Each(found=found, parameter=parameter or field, batch=batch)


PIECES = (
    _detailed(
        "DescribeNotebookInstance",
        "",
        _by(_NOTEBOOKS, "NotebookInstanceName"),
        "NotebookInstances",
        (
            *("NotebookInstanceName", "NotebookInstanceArn", "NotebookInstanceStatus", "SubnetId"),
            *("SecurityGroups", "NetworkInterfaceId", "DirectInternetAccess", "IpAddressType"),
        ),
    ),
    _detailed(
        "DescribeDomain",
        "",
        _by(_STUDIOS, "DomainId"),
        "SageMakerDomains",
        (
            *("DomainId", "DomainArn", "DomainName", "Status", "VpcId", "SubnetIds", "HomeEfsFileSystemId"),
            *("AppNetworkAccessType", "SecurityGroupIdForDomainBoundary"),
            *("DefaultUserSettings.SecurityGroups", "DefaultSpaceSettings.SecurityGroups"),
            "DomainSettings.SecurityGroupIds",
        ),
    ),
    _detailed(
        "DescribeModel",
        "",
        _by(_MODELS, "ModelName"),
        "SageMakerModels",
        ("ModelName", "ModelArn", "VpcConfig", "EnableNetworkIsolation"),
    ),
    _detailed(
        "BatchGetProjects",
        "projects",
        _by(_BUILDS, "", "names", 100),
        "CodeBuildProjects",
        ("name", "arn", "vpcConfig", "tags"),
    ),
    Piece(
        file="GlueConnections",
        call=Call(
            service="glue",
            operation="GetConnections",
            key="ConnectionList",
            variants=((("HidePassword", True),),),
        ),
        kept=("Name", "ConnectionType", "PhysicalConnectionRequirements"),
    ),
    _plain(
        "batch",
        "DescribeComputeEnvironments",
        "computeEnvironments",
        "BatchComputeEnvironments",
        (
            *("computeEnvironmentName", "computeEnvironmentArn", "state", "status", "type", "tags"),
            *("computeResources.type", "computeResources.subnets", "computeResources.securityGroupIds"),
            *(
                "computeResources.launchTemplate",
                "computeResources.tags",
                "ecsClusterArn",
                "eksConfiguration",
            ),
        ),
    ),
    _detailed(
        "DescribeCluster",
        "Cluster",
        _by(_CLUSTERS, "Id", "ClusterId"),
        "EmrClusters",
        ("Id", "Name", "ClusterArn", "Status.State", "Ec2InstanceAttributes", "Tags"),
    ),
    _detailed(
        "GetApplication",
        "application",
        _by(_APPLICATIONS, "id", "applicationId"),
        "EmrServerlessApplications",
        ("applicationId", "name", "arn", "state", "networkConfiguration", "tags"),
    ),
    _detailed(
        "GetEnvironment",
        "Environment",
        _by(_AIRFLOWS, "", "Name"),
        "AirflowEnvironments",
        (
            *("Name", "Arn", "Status", "NetworkConfiguration", "WebserverAccessMode", "EndpointManagement"),
            *("WebserverUrl", "WebserverVpcEndpointService", "DatabaseVpcEndpointService", "Tags"),
        ),
    ),
    _detailed(
        "DescribeServer",
        "Server",
        _by(_SERVERS, "ServerId"),
        "TransferServers",
        ("ServerId", "Arn", "State", "Domain", "EndpointType", "EndpointDetails", "Protocols", "Tags"),
    ),
    _plain(
        "ds",
        "DescribeDirectories",
        "DirectoryDescriptions",
        "DirectoryDescriptions",
        (
            *("DirectoryId", "Name", "ShortName", "Alias", "Type", "Stage", "AccessUrl", "DnsIpAddrs"),
            *("DnsIpv6Addrs", "VpcSettings", "ConnectSettings.VpcId", "ConnectSettings.SubnetIds"),
            *("ConnectSettings.SecurityGroupId", "ConnectSettings.ConnectIps", "NetworkType"),
            "ConnectSettings.AvailabilityZones",
        ),
    ),
    _plain(
        "workspaces",
        "DescribeWorkspaces",
        "Workspaces",
        "Workspaces",
        ("WorkspaceId", "DirectoryId", "IpAddress", "Ipv6Address", "State", "SubnetId", "ComputerName"),
    ),
    _plain(
        "workspaces",
        "DescribeWorkspaceDirectories",
        "Directories",
        "WorkspaceDirectories",
        (
            *("DirectoryId", "Alias", "DirectoryName", "SubnetIds", "DnsIpAddresses", "DirectoryType"),
            *("WorkspaceSecurityGroupId", "State", "ipGroupIds"),
            "WorkspaceCreationProperties.EnableInternetAccess",
            "WorkspaceCreationProperties.CustomSecurityGroupId",
        ),
    ),
)
