"""Section 10: APIs with links into a VPC, as people write them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
"""

from __future__ import annotations

from auditor.reach.verdict import Neighbour
from auditor.traffic import traffic_text
from tests.checklist.terraform import (
    BLOCKED,
    NETWORK,
    REACHABLE,
    UNKNOWN,
    cidrs,
    group,
    members,
    network,
    out,
    rule,
)

TASKS = """
resource "aws_ecs_service" "app" {
  name    = "app"
  cluster = "main"

  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [aws_security_group.task.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = 8080
  }
}

resource "aws_lb_target_group" "app" {
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}
"""


def balancer(kind: str, protocol: str, port: int, groups: str = "") -> str:
    return f"""
resource "aws_lb" "inner" {{
  name               = "inner"
  internal           = true
  load_balancer_type = "{kind}"
  subnets            = [aws_subnet.private.id]
  {groups}
}}

resource "aws_lb_listener" "inner" {{
  load_balancer_arn = aws_lb.inner.arn
  port              = {port}
  protocol          = "{protocol}"

  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }}
}}
"""


HTTP_API = """
resource "aws_apigatewayv2_api" "api" {
  name          = "api"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_vpc_link" "link" {
  name               = "link"
  subnet_ids         = [aws_subnet.private.id]
  security_group_ids = [aws_security_group.link.id]
}

resource "aws_apigatewayv2_integration" "app" {
  api_id             = aws_apigatewayv2_api.api.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  connection_type    = "VPC_LINK"
  connection_id      = aws_apigatewayv2_vpc_link.link.id
  integration_uri    = aws_lb_listener.inner.arn
}
"""
ALB = balancer("application", "HTTP", 80, "security_groups = [aws_security_group.alb.id]")
INSIDE = cidrs("10.0.2.0/24")
LINK = group("link", out("80", INSIDE))
OTHERS = group("alb", rule("80", INSIDE), out("8080", INSIDE)) + group("task", rule("8080", members("alb")))
PRIVATE_API = NETWORK + TASKS + HTTP_API + ALB


def internet(text: str, target: str = "task") -> list[Neighbour]:
    rows = network(text).who_can_reach(target, through_proxies=True)
    return [row for row in rows if row.via and row.end.name == "internet"]


def test_the_internet_reaches_a_task_through_an_api_its_link_and_an_internal_balancer():
    (row,) = internet(PRIVATE_API + LINK + OTHERS)
    assert row.verdict is REACHABLE
    assert row.via == ("aws_apigatewayv2_api.api", "aws_apigatewayv2_vpc_link.link", "aws_lb.inner")
    assert traffic_text(row.traffic.must.services()) == ("tcp/443",)


def test_the_groups_of_a_link_decide_what_comes_through_it():
    closed = PRIVATE_API + group("link", out("443", INSIDE)) + OTHERS
    assert internet(closed) == []
    found = network(closed).can_reach("internet", "task", through_proxies=True)
    assert found.verdict is BLOCKED


REST_API = """
resource "aws_api_gateway_rest_api" "api" {
  name = "api"
  TYPE
}

resource "aws_api_gateway_vpc_link" "link" {
  name        = "link"
  target_arns = [aws_lb.inner.arn]
}

resource "aws_api_gateway_integration" "app" {
  rest_api_id     = aws_api_gateway_rest_api.api.id
  resource_id     = "abc"
  http_method     = "GET"
  type            = "HTTP_PROXY"
  connection_type = "VPC_LINK"
  connection_id   = aws_api_gateway_vpc_link.link.id
  uri             = "http://inner.example.com:8080/"
}
"""
NLB = balancer("network", "TCP", 8080, "enable_cross_zone_load_balancing = true")
BEHIND = TASKS.replace('"HTTP"', '"TCP"') + group("task", rule("8080", INSIDE))


def test_the_internet_reaches_a_task_through_a_rest_api_and_a_network_balancer():
    text = NETWORK + BEHIND + NLB + REST_API.replace("TYPE", "")
    (row,) = internet(text)
    assert row.verdict is REACHABLE
    assert row.via == ("aws_api_gateway_rest_api.api", "aws_lb.inner")
    other = text.replace("inner.example.com:8080", "inner.example.com:9090")
    assert internet(other) == []


def test_the_internet_does_not_come_through_a_private_rest_api():
    private = 'endpoint_configuration {\n    types = ["PRIVATE"]\n  }'
    assert internet(NETWORK + BEHIND + NLB + REST_API.replace("TYPE", private)) == []


def test_an_api_that_a_document_describes_may_use_any_link():
    described = REST_API.replace("TYPE", "body = file(var.document)")
    text = described[: described.index('resource "aws_api_gateway_integration"')]
    (row,) = internet(NETWORK + BEHIND + NLB + text)
    assert row.verdict is UNKNOWN


def test_the_api_of_another_input_may_be_one_that_the_internet_reaches():
    text = REST_API[REST_API.index('\nresource "aws_api_gateway_vpc_link"') :]
    text = text.replace("aws_api_gateway_rest_api.api.id", '"a1b2c3"')
    (row,) = internet(NETWORK + BEHIND + NLB + text)
    assert row.verdict is UNKNOWN
    assert any("the API of" in why.what for why in row.unknowns)


DISTRIBUTION = """
resource "aws_cloudfront_vpc_origin" "inner" {
  vpc_origin_endpoint_config {
    name                   = "inner"
    arn                    = aws_lb.inner.arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "http-only"
  }
}

resource "aws_cloudfront_distribution" "web" {
  enabled = true

  origin {
    domain_name = aws_lb.inner.dns_name
    origin_id   = "inner"

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.inner.id
    }
  }
}
"""


def test_a_distribution_with_an_origin_in_the_vpc_may_lead_to_what_is_behind():
    (row,) = internet(NETWORK + TASKS + ALB + OTHERS + DISTRIBUTION)
    assert row.verdict is UNKNOWN
    assert row.via == ("aws_cloudfront_distribution.web", "aws_lb.inner")
    used = DISTRIBUTION.replace('"http-only"', '"https-only"')
    assert internet(NETWORK + TASKS + ALB + OTHERS + used) == []


def test_what_a_proxy_in_no_vpc_opens_for_its_clients_counts_as_its_own():
    edge = network(NETWORK + TASKS + ALB + OTHERS + DISTRIBUTION)
    web, inner = "aws_cloudfront_distribution.web", "aws_lb.inner"
    assert edge.can_reach(web, inner).verdict is UNKNOWN
    assert edge.can_reach(web, inner, "tcp/22").verdict is BLOCKED
    assert edge.can_reach(web, "task").verdict is BLOCKED
    beyond = edge.can_reach(web, "task", through_proxies=True)
    assert beyond.verdict is UNKNOWN
    assert beyond.paths[0].via == (inner,)
    rest = network(NETWORK + BEHIND + NLB + REST_API.replace("TYPE", ""))
    assert rest.can_reach("aws_api_gateway_rest_api.api", inner).verdict is REACHABLE
    assert rest.can_reach("aws_api_gateway_rest_api.api", "task").verdict is BLOCKED
    assert rest.can_reach("aws_api_gateway_rest_api.api", "task", through_proxies=True).verdict is REACHABLE


def test_where_a_proxy_in_no_vpc_gets_to_is_what_it_hands_on_to():
    found = network(NETWORK + BEHIND + NLB + REST_API.replace("TYPE", ""))
    api, inner = "aws_api_gateway_rest_api.api", "aws_lb.inner"
    near = found.reach_from(api)
    assert [(row.end.address, row.verdict, row.via) for row in near] == [(inner, REACHABLE, ())]
    far = found.reach_from(api, through_proxies=True)
    assert {(row.end.name, row.verdict, row.via) for row in far} == {
        ("inner", REACHABLE, ()),
        ("app", REACHABLE, (inner,)),
    }


def test_an_api_leads_by_its_link_to_the_tasks_of_a_service_that_it_finds_by_name():
    named = """
resource "aws_service_discovery_service" "app" {
  name = "app"
}
"""
    api = HTTP_API.replace("aws_lb_listener.inner.arn", "aws_service_discovery_service.app.arn")
    registered = "service_registries {\n    registry_arn = aws_service_discovery_service.app.arn\n  }"
    tasks = TASKS.replace('cluster = "main"', f'cluster = "main"\n  {registered}')
    groups = group("link", out("8080", INSIDE)) + group("task", rule("8080", members("link")))
    (row,) = internet(NETWORK + tasks + api + named + groups)
    assert row.via == ("aws_apigatewayv2_api.api", "aws_apigatewayv2_vpc_link.link")
    assert row.verdict is UNKNOWN
    closed = group("link", out("8080", INSIDE)) + group("task")
    assert internet(NETWORK + tasks + api + named + closed) == []
