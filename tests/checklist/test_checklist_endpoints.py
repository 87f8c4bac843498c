"""Section 9: endpoints and PrivateLink.

https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
"""

from __future__ import annotations

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    PRIVATE,
    REACHABLE,
    UNKNOWN,
    VPC,
    ask,
    cidrs,
    codes,
    group,
    instance,
    members,
    network,
    out,
    rule,
    verdict,
)

S3 = """
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-central-1.s3"
  route_table_ids = [aws_route_table.private.id]
}
"""
TABLE = """
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""
INSIDE = VPC + PRIVATE + TABLE
APP = group("app", ALL_OUT) + instance("app", "private", "app")
TO_S3 = ("aws_instance.app", "service:s3", "tcp/443")


@fact("9.1")
def test_a_gateway_endpoint_leads_to_its_service_from_the_tables_that_it_names():
    assert verdict(INSIDE + APP + S3, *TO_S3) is REACHABLE
    assert verdict(INSIDE + APP, *TO_S3) is BLOCKED
    assert verdict(INSIDE + APP + S3, "aws_instance.app", "service:dynamodb", "tcp/443") is BLOCKED


@fact("9.1")
def test_a_gateway_endpoint_does_not_open_a_group_that_does_not_allow_the_service():
    closed = group("app", out("443", cidrs("10.0.0.0/16"))) + instance("app", "private", "app")
    found = ask(INSIDE + closed + S3, *TO_S3)
    assert found.verdict is BLOCKED
    assert codes(found) == ["ENI_SG_RULES_MISMATCH"]


@fact("9.1")
def test_a_gateway_endpoint_serves_a_group_that_allows_its_prefix_list():
    named = group("app", out("443", "prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]"))
    assert verdict(INSIDE + S3 + named + instance("app", "private", "app"), *TO_S3) is REACHABLE


QUEUE = """
resource "aws_vpc_endpoint" "queue" {
  vpc_id             = aws_vpc.main.id
  vpc_endpoint_type  = "Interface"
  service_name       = "com.amazonaws.eu-central-1.sqs"
  subnet_ids         = [aws_subnet.private.id]
  security_group_ids = [aws_security_group.queue.id]
}
"""
FROM_APP = group("queue", rule("443", members("app")), ALL_OUT)


@fact("9.2")
def test_an_interface_endpoint_is_reached_as_its_groups_allow():
    text = INSIDE + APP + QUEUE + FROM_APP
    assert verdict(text, "aws_instance.app", "aws_vpc_endpoint.queue", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_vpc_endpoint.queue", "tcp/80") is BLOCKED
    other = group("other", ALL_OUT) + instance("other", "private", "other")
    assert verdict(text + other, "aws_instance.other", "aws_vpc_endpoint.queue", "tcp/443") is BLOCKED


@fact("9.2")
def test_an_interface_endpoint_opens_no_connection():
    listening = group("app", rule("443", ANYWHERE)) + instance("app", "private", "app")
    text = INSIDE + listening + QUEUE + FROM_APP
    assert verdict(text, "aws_vpc_endpoint.queue", "aws_instance.app", "tcp/443") is BLOCKED


PROVIDER = """
resource "aws_vpc" "far" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "far" {
  vpc_id            = aws_vpc.far.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_lb" "far" {
  internal           = true
  load_balancer_type = "network"
  subnets            = [aws_subnet.far.id]
  security_groups    = [aws_security_group.balancer.id]
  MORE
}

resource "aws_lb_target_group" "far" {
  port     = 9000
  protocol = "TCP"
  vpc_id   = aws_vpc.far.id
}

resource "aws_lb_target_group_attachment" "far" {
  target_group_arn = aws_lb_target_group.far.arn
  target_id        = aws_instance.far.id
}

resource "aws_lb_listener" "far" {
  load_balancer_arn = aws_lb.far.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.far.arn
  }
}

resource "aws_vpc_endpoint_service" "far" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.far.arn]
}

resource "aws_vpc_endpoint" "far" {
  vpc_id             = aws_vpc.main.id
  vpc_endpoint_type  = "Interface"
  service_name       = aws_vpc_endpoint_service.far.service_name
  subnet_ids         = [aws_subnet.private.id]
  security_group_ids = [aws_security_group.endpoint.id]
}
"""
ZONE = 'availability_zone = "eu-central-1a"'
LINKED = (
    INSIDE.replace('"10.0.2.0/24"', f'"10.0.2.0/24"\n  {ZONE}')
    + APP
    + PROVIDER
    + group("endpoint", rule("443", members("app")))
    + group("balancer", rule("443", cidrs("10.0.0.0/16")), out("9000", members("far")), vpc="far")
    + group("far", rule("9000", members("balancer")), ALL_OUT, vpc="far")
    + instance("far", "far", "far")
)


@fact("9.3")
def test_privatelink_leads_from_the_consumer_to_an_endpoint_and_no_further_directly():
    text = LINKED.replace("MORE", "")
    assert verdict(text, "aws_instance.app", "aws_vpc_endpoint.far", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.far", "tcp/9000") is BLOCKED
    assert verdict(text, "aws_lb.far", "aws_instance.far", "tcp/9000") is REACHABLE


@fact("9.3")
def test_privatelink_leads_nowhere_from_the_provider():
    listening = LINKED.replace("MORE", "").replace(APP, "")
    listening += group("app", rule("443", ANYWHERE), ALL_OUT) + instance("app", "private", "app")
    assert verdict(listening, "aws_instance.far", "aws_instance.app", "tcp/443") is BLOCKED
    assert verdict(listening, "aws_lb.far", "aws_instance.app", "tcp/443") is BLOCKED


def consumers(text: str) -> list[str]:
    """Who certainly reaches the provider's instance through the endpoint."""
    rows = network(text).who_can_reach("aws_instance.far", "tcp/9000", through_proxies=True)
    through = [row for row in rows if "aws_vpc_endpoint.far" in row.via and row.verdict is REACHABLE]
    return sorted(row.end.name for row in through)


@fact("9.3")
def test_privatelink_brings_the_consumer_to_the_service_through_proxies():
    assert consumers(LINKED.replace("MORE", "")) == ["app"]


@fact("9.4")
def test_the_balancers_group_is_asked_for_what_comes_by_privatelink_unless_that_is_off():
    closed = LINKED.replace(cidrs("10.0.0.0/16"), cidrs("192.0.2.0/24"))
    assert consumers(closed.replace("MORE", "")) == []
    off = closed.replace("MORE", 'enforce_security_group_inbound_rules_on_private_link_traffic = "off"')
    assert consumers(off) == ["app"]


@fact("9.5")
def test_the_addresses_of_a_service_are_not_decided_by_code():
    out_to_list = group("app", out("443", "prefix_list_ids = [aws_vpc_endpoint.s3.prefix_list_id]"))
    text = NETWORK + S3 + out_to_list + instance("app", "private", "app")
    assert verdict(text, "aws_instance.app", "52.219.170.1", "tcp/443") is UNKNOWN
