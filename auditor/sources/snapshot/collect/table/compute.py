"""Where code runs: instances and what starts them, containers, functions."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Each, Found, Piece, described, each_of

# What a container is given to run with, where secrets may be; its ports and its network are not here.
_OF_A_CONTAINER = (
    *("command", "credentialSpecs", "dockerLabels", "dockerSecurityOptions", "entryPoint", "environment"),
    *("environmentFiles", "firelensConfiguration", "healthCheck", "logConfiguration"),
    *("repositoryCredentials", "secrets"),
)


def _batch(listing: Call, parameter: str, size: int, *along: str) -> Each:
    return Each(found=(Found(of=listing),), parameter=parameter, batch=size, along=along)


def _of_ecs_cluster(operation: str, key: str) -> Call:
    each = each_of("EcsClusters", "clusterArn", "cluster")
    return Call(service="ecs", operation=operation, key=key, each=each)


def _ecs(what: str, key: str, each: Each, dropped: tuple[str, ...] = ()) -> Piece:
    call = Call(service="ecs", operation=f"Describe{what}", key=key, each=each)
    return Piece(file=f"Ecs{what}", call=call, dropped=dropped)


_EKS_CLUSTERS = Call(service="eks", operation="ListClusters", key="clusters")


def _of_eks_cluster(listing: str, names: str, what: str, key: str) -> Piece:
    """What each EKS cluster has of a kind; the names are listed by cluster, the rest by name."""
    listed = Call(
        service="eks",
        operation=listing,
        key=names,
        each=Each(found=(Found(of=_EKS_CLUSTERS),), parameter="clusterName"),
    )
    each = Each(found=(Found(of=listed),), parameter=f"{key}Name", along=("clusterName",))
    call = Call(service="eks", operation=f"Describe{what}", key=key, each=each)
    return Piece(file=f"Eks{what}s", call=call, dropped=("remoteAccess.ec2SshKey",))


PIECES = (
    Piece(file="Reservations", call=Call(service="ec2", operation="DescribeInstances", key="Reservations")),
    described("ec2", "LaunchTemplates"),
    Piece(
        file="LaunchTemplateVersions",
        call=Call(
            service="ec2",
            operation="DescribeLaunchTemplateVersions",
            key="LaunchTemplateVersions",
            each=each_of("LaunchTemplates", "LaunchTemplateId"),
        ),
        dropped=("LaunchTemplateData.UserData",),
    ),
    Piece(
        file="SpotFleetRequestConfigs",
        call=Call(service="ec2", operation="DescribeSpotFleetRequests", key="SpotFleetRequestConfigs"),
        dropped=("SpotFleetRequestConfig.LaunchSpecifications.UserData",),
    ),
    described("ec2", "Fleets"),
    described("autoscaling", "AutoScalingGroups"),
    described("autoscaling", "LaunchConfigurations", dropped=("UserData",)),
    Piece(
        file="Functions",
        call=Call(service="lambda", operation="ListFunctions", key="Functions"),
        dropped=("Environment", "ImageConfigResponse", "RuntimeVersionConfig"),
    ),
    Piece(
        file="FunctionUrlConfigs",
        call=Call(
            service="lambda",
            operation="ListFunctionUrlConfigs",
            key="FunctionUrlConfigs",
            each=each_of("Functions", "FunctionName"),
        ),
    ),
    _ecs(
        "Clusters",
        "clusters",
        _batch(Call(service="ecs", operation="ListClusters", key="clusterArns"), "clusters", 100),
        ("configuration",),
    ),
    _ecs(
        "Services",
        "services",
        _batch(_of_ecs_cluster("ListServices", "serviceArns"), "services", 10, "cluster"),
        ("deployments.serviceConnectConfiguration.logConfiguration", "events"),
    ),
    _ecs(
        "Tasks",
        "tasks",
        _batch(_of_ecs_cluster("ListTasks", "taskArns"), "tasks", 100, "cluster"),
        ("overrides.containerOverrides",),
    ),
    _ecs(
        "ContainerInstances",
        "containerInstances",
        _batch(
            _of_ecs_cluster("ListContainerInstances", "containerInstanceArns"),
            "containerInstances",
            100,
            "cluster",
        ),
    ),
    Piece(
        file="EcsTaskDefinitions",
        call=Call(
            service="ecs",
            operation="DescribeTaskDefinition",
            key="taskDefinition",
            each=Each(
                found=(
                    Found(of="EcsServices", field="taskDefinition"),
                    Found(of="EcsServices", field="deployments.taskDefinition"),
                    Found(of="EcsServices", field="taskSets.taskDefinition"),
                    Found(of="EcsTasks", field="taskDefinitionArn"),
                ),
                parameter="taskDefinition",
            ),
        ),
        dropped=(
            *(f"containerDefinitions.{field}" for field in _OF_A_CONTAINER),
            "proxyConfiguration.properties",
            "volumes",
        ),
    ),
    Piece(
        file="EksClusters",
        call=Call(
            service="eks",
            operation="DescribeCluster",
            key="cluster",
            each=Each(found=(Found(of=_EKS_CLUSTERS),), parameter="name"),
        ),
        dropped=("certificateAuthority", "clientRequestToken", "identity"),
    ),
    _of_eks_cluster("ListNodegroups", "nodegroups", "Nodegroup", "nodegroup"),
    _of_eks_cluster("ListFargateProfiles", "fargateProfileNames", "FargateProfile", "fargateProfile"),
)
