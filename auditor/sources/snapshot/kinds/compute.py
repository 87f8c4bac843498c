"""Functions, containers, names, and all else that has interfaces."""

from __future__ import annotations

from auditor.sources.snapshot.kinds.kind import Kind, kind

COMPUTE: tuple[Kind, ...] = (
    kind(
        "Functions",
        "lambda.ListFunctions lambda.GetFunction:Configuration lambda.GetFunctionConfiguration:*",
        "FunctionArn",
        tells="FunctionArn FunctionName",
        states="State: Deleting",
    ),
    kind("FunctionUrlConfigs", "lambda.ListFunctionUrlConfigs", "FunctionUrl"),
    kind("eks:clusters", "eks.DescribeCluster:cluster", "arn", tells="arn name", states="status: DELETING"),
    kind("nodegroups", "eks.DescribeNodegroup:nodegroup", "nodegroupArn", states="status: DELETING"),
    kind(
        "fargateProfiles",
        "eks.DescribeFargateProfile:fargateProfile",
        "fargateProfileArn",
        states="status: DELETING",
    ),
    kind("clusters", "ecs.DescribeClusters", "clusterArn", states="status: DEPROVISIONING INACTIVE"),
    kind("services", "ecs.DescribeServices", "serviceArn", states="status: INACTIVE"),
    kind("tasks", "ecs.DescribeTasks", "taskArn", states="lastStatus: DELETED STOPPED"),
    kind("taskSets", "ecs.DescribeTaskSets", "taskSetArn"),
    kind(
        "taskDefinitions",
        "ecs.DescribeTaskDefinition:taskDefinition",
        "taskDefinitionArn",
        states="status: DELETE_IN_PROGRESS",
    ),
    kind("containerInstances", "ecs.DescribeContainerInstances", "containerInstanceArn"),
    kind(
        "apprunner:VpcConnectors", "apprunner.ListVpcConnectors", "VpcConnectorArn", states="Status: INACTIVE"
    ),
    kind(
        "apprunner:Services",
        "apprunner.DescribeService:Service apprunner.ListServices:ServiceSummaryList",
        "ServiceArn",
        tells="ServiceArn ServiceUrl",
        states="Status: DELETED",
        needs="NetworkConfiguration",
    ),
    kind(
        "computeEnvironments",
        "batch.DescribeComputeEnvironments",
        "computeEnvironmentArn",
        states="status: DELETED DELETING",
    ),
    kind("projects", "codebuild.BatchGetProjects", "arn"),
    kind("HostedZones", "route53.ListHostedZones route53.GetHostedZone:HostedZone", "Id"),
    kind(
        "Namespaces",
        "servicediscovery.ListNamespaces servicediscovery.GetNamespace:Namespace",
        "Id",
        tells="Id Arn",
    ),
    kind("cloudmap:Services", "servicediscovery.ListServices", "Id", tells="Id Arn"),
    kind(
        "NotebookInstances",
        "sagemaker.ListNotebookInstances sagemaker.DescribeNotebookInstance:*",
        "NotebookInstanceArn",
        states="NotebookInstanceStatus: Deleting",
    ),
    kind(
        "sagemaker:Domains",
        "sagemaker.ListDomains sagemaker.DescribeDomain:*",
        "DomainArn",
        tells="DomainArn DomainId DomainName",
        needs="SubnetIds",
    ),
    kind("DirectoryDescriptions", "ds.DescribeDirectories", "DirectoryId", states="Stage: Deleted Deleting"),
    kind(
        "Workspaces", "workspaces.DescribeWorkspaces", "WorkspaceId", states="State: TERMINATED TERMINATING"
    ),
    kind(
        "apigatewayv2:VpcLinks",
        "apigatewayv2.GetVpcLinks:Items",
        "VpcLinkId",
        states="VpcLinkStatus: DELETING FAILED",
    ),
    kind(
        "transfer:Servers",
        "transfer.DescribeServer:Server transfer.ListServers",
        "Arn",
        tells="Arn ServerId",
        needs="EndpointDetails|Protocols",
    ),
    kind(
        "ConnectionList",
        "glue.GetConnections",
        "Name",
        arn="glue:connection/{Name}",
        tells="Name ConnectionType",
    ),
    kind(
        "AcceleratorList",
        "globalaccelerator.ListAccelerators:Accelerators"
        " globalaccelerator.ListCustomRoutingAccelerators:Accelerators",
        "AcceleratorArn",
    ),
    kind(
        "globalaccelerator:Listeners",
        "globalaccelerator.ListListeners globalaccelerator.ListCustomRoutingListeners",
        "ListenerArn",
        tells="ListenerArn PortRanges",
    ),
    kind(
        "EndpointGroups",
        "globalaccelerator.ListEndpointGroups globalaccelerator.ListCustomRoutingEndpointGroups",
        "EndpointGroupArn",
    ),
    kind("CrossAccountAttachments", "globalaccelerator.ListCrossAccountAttachments", "AttachmentArn"),
    kind(
        "mwaa:Environments",
        "mwaa.GetEnvironment:Environment",
        "Arn",
        tells="Arn NetworkConfiguration",
        states="Status: DELETED DELETING",
    ),
    kind(
        "emr-serverless:applications",
        "emr-serverless.GetApplication:application",
        "arn",
        tells="arn applicationId",
        states="state: TERMINATED",
    ),
    kind("sagemaker:Models", "sagemaker.DescribeModel:*", "ModelArn", tells="ModelArn ModelName"),
    kind(
        "workspaces:Directories",
        "workspaces.DescribeWorkspaceDirectories",
        "DirectoryId",
        states="State: DEREGISTERED DEREGISTERING",
    ),
    kind("RestApis", "apigateway.GetRestApis:items", "id", tells="id endpointConfiguration"),
    kind("apigatewayv2:Apis", "apigatewayv2.GetApis:Items", "ApiId", tells="ApiId ProtocolType"),
    kind(
        "DistributionList:Items",
        "cloudfront.GetDistribution:Distribution",
        "Id",
        tells="Id ARN DomainName",
    ),
    kind(
        "VpcOriginList:Items",
        "cloudfront.GetVpcOrigin:VpcOrigin",
        "Id",
        tells="Id Arn",
        needs="VpcOriginEndpointConfig",
    ),
    kind(
        "apigateway:VpcLinks",
        "apigateway.GetVpcLinks:items",
        "id",
        tells="id targetArns",
        states="status: DELETING FAILED",
    ),
    kind(
        "VpcIngressConnections",
        "apprunner.DescribeVpcIngressConnection:VpcIngressConnection",
        "VpcIngressConnectionArn",
        states="Status: DELETED PENDING_DELETION FAILED_CREATION",
    ),
)
