"""What stands in front of workloads: load balancers, VPC links, and the services that own such."""

from __future__ import annotations

from auditor.sources.snapshot.collect.calls import Call, Each, Found, Piece, asked_each, described, each_of

_SECRETS_OF_OIDC = ("DefaultActions.AuthenticateOidcConfig", "Actions.AuthenticateOidcConfig")


# What an integration fills in for each request may hold secrets.
_OF_A_REST_INTEGRATION = ("type", "uri", "connectionType", "connectionId", "integrationTarget")


def _of(operation: str, key: str, file: str, field: str) -> Call:
    return Call(service="elbv2", operation=operation, key=key, each=each_of(file, field))


def _tags(service: str, named: tuple[tuple[str, str], ...], parameter: str) -> Piece:
    """The tags of what has none in its own description; AWS takes 20 names at once."""
    found = tuple(Found(of=file, field=field) for file, field in named)
    each = Each(found=found, parameter=parameter, batch=20)
    call = Call(service=service, operation="DescribeTags", key="TagDescriptions", each=each)
    return Piece(file=f"{service.title()}Tags", call=call)


_LISTENERS = _of("DescribeListeners", "Listeners", "LoadBalancers", "LoadBalancerArn")

PIECES = (
    described("elbv2", "LoadBalancers"),
    described("elbv2", "TargetGroups"),
    asked_each(
        _of("DescribeLoadBalancerAttributes", "Attributes", "LoadBalancers", "LoadBalancerArn"),
        "LoadBalancerAttributes",
    ),
    asked_each(_LISTENERS, "LoadBalancerListeners", dropped=_SECRETS_OF_OIDC),
    asked_each(
        Call(
            service="elbv2", operation="DescribeRules", key="Rules", each=each_of(_LISTENERS, "ListenerArn")
        ),
        "LoadBalancerListenerRules",
        dropped=_SECRETS_OF_OIDC,
    ),
    asked_each(
        _of("DescribeTargetGroupAttributes", "Attributes", "TargetGroups", "TargetGroupArn"),
        "TargetGroupAttributes",
    ),
    asked_each(
        _of("DescribeTargetHealth", "TargetHealthDescriptions", "TargetGroups", "TargetGroupArn"),
        "LoadBalancerTargetHealth",
    ),
    _tags(
        "elbv2", (("LoadBalancers", "LoadBalancerArn"), ("TargetGroups", "TargetGroupArn")), "ResourceArns"
    ),
    Piece(
        file="LoadBalancerDescriptions",
        call=Call(service="elb", operation="DescribeLoadBalancers", key="LoadBalancerDescriptions"),
    ),
    asked_each(
        Call(
            service="elb",
            operation="DescribeLoadBalancerAttributes",
            key="LoadBalancerAttributes",
            each=each_of("LoadBalancerDescriptions", "LoadBalancerName"),
        ),
        "ClassicLoadBalancerAttributes",
    ),
    _tags("elb", (("LoadBalancerDescriptions", "LoadBalancerName"),), "LoadBalancerNames"),
    Piece(file="ApiGatewayRestApis", call=Call(service="apigateway", operation="GetRestApis", key="items")),
    asked_each(
        Call(
            service="apigateway",
            operation="GetResources",
            key="items",
            variants=((("embed", ("methods",)),),),
            each=each_of("ApiGatewayRestApis", "id", "restApiId"),
        ),
        "RestApiResources",
        kept=(
            "id",
            "path",
            *(f"resourceMethods.*.methodIntegration.{field}" for field in _OF_A_REST_INTEGRATION),
        ),
    ),
    Piece(file="ApiGatewayV2Apis", call=Call(service="apigatewayv2", operation="GetApis", key="Items")),
    asked_each(
        Call(
            service="apigatewayv2",
            operation="GetIntegrations",
            key="Items",
            each=each_of("ApiGatewayV2Apis", "ApiId"),
        ),
        "ApiIntegrations",
        kept=("IntegrationId", "IntegrationType", "IntegrationUri", "ConnectionType", "ConnectionId"),
    ),
    Piece(file="ApiGatewayVpcLinks", call=Call(service="apigateway", operation="GetVpcLinks", key="items")),
    Piece(
        file="ApiGatewayV2VpcLinks", call=Call(service="apigatewayv2", operation="GetVpcLinks", key="Items")
    ),
    Piece(
        file="AppRunnerVpcConnectors",
        call=Call(service="apprunner", operation="ListVpcConnectors", key="VpcConnectors"),
    ),
    Piece(
        file="AppRunnerServices",
        call=Call(
            service="apprunner",
            operation="DescribeService",
            key="Service",
            each=each_of(
                Call(service="apprunner", operation="ListServices", key="ServiceSummaryList"), "ServiceArn"
            ),
        ),
        kept=("ServiceName", "ServiceId", "ServiceArn", "ServiceUrl", "Status", "NetworkConfiguration"),
    ),
    Piece(
        file="AppRunnerVpcIngressConnections",
        call=Call(
            service="apprunner",
            operation="DescribeVpcIngressConnection",
            key="VpcIngressConnection",
            each=each_of(
                Call(
                    service="apprunner",
                    operation="ListVpcIngressConnections",
                    key="VpcIngressConnectionSummaryList",
                ),
                "VpcIngressConnectionArn",
            ),
        ),
    ),
)
