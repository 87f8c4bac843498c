"""Services of App Runner: what they open leaves by a connector, and private ones are reached by an endpoint.

https://docs.aws.amazon.com/apprunner/latest/dg/network-vpc.html
"""

from __future__ import annotations

from auditor.model import Truth, Workload
from auditor.tree import Resource
from tests.aws.build import at, collected, read, ref, resource, templated, unknown
from tests.aws.columns import arn
from tests.checklist.terraform import BLOCKED, REACHABLE, UNKNOWN, ask, verdict
from tests.checklist.terraform import network as loaded

SUBNETS = {"subnets": ["subnet-a"], "security_groups": ["sg-1"]}
CONNECTOR = resource("aws_apprunner_vpc_connector.c", vpc_connector_name="c", **SUBNETS)
C, S = arn("apprunner", "vpcconnector/c/1/x"), arn("apprunner", "service/s/x")


def service(public: object = None, egress: object = "VPC", connector: object = None) -> Resource:
    named = ref("aws_apprunner_vpc_connector.c.arn") if connector is None else connector
    network: dict[str, object] = {
        "egress_configuration": [{"egress_type": egress, "vpc_connector_arn": named}]
    }
    if public is not None:
        network["ingress_configuration"] = [{"is_publicly_accessible": public}]
    return resource("aws_apprunner_service.s", service_name="s", network_configuration=[network])


def placed(one: Workload) -> tuple[object, ...]:
    public = None if one.public is None else one.public.truth
    return one.kind, one.names[:1], one.placed, public, one.listens, bool(one.leaves.items), one.accepts


def test_a_service_and_its_connector_are_the_same_in_three_dialects():
    theirs = {"VpcConnectorName": "c", "Subnets": ["subnet-a"], "SecurityGroups": ["sg-1"]}
    network = {
        "EgressConfiguration": {"EgressType": "VPC"},
        "IngressConfiguration": {"IsPubliclyAccessible": False},
    }

    def with_connector(connector: object) -> dict[str, object]:
        return {**network, "EgressConfiguration": {"EgressType": "VPC", "VpcConnectorArn": connector}}

    ours = (CONNECTOR, service(public=False))
    template = (
        templated("AWS::AppRunner::VpcConnector", "C", **theirs),
        templated(
            "AWS::AppRunner::Service",
            "S",
            ServiceName="s",
            NetworkConfiguration=with_connector(at("C", "VpcConnectorArn")),
        ),
    )
    snapshot = (
        collected("apprunner:VpcConnectors", C, VpcConnectorArn=C, Status="ACTIVE", **theirs),
        collected(
            "apprunner:Services",
            S,
            ServiceArn=S,
            ServiceName="s",
            ServiceUrl="s.awsapprunner.com",
            NetworkConfiguration=with_connector(C),
        ),
    )
    inventories = [read(*one) for one in (ours, template, snapshot)]
    assert [one.gaps for one in inventories] == [(), (), ()]
    first, *others = [sorted(map(placed, one.workloads)) for one in inventories]
    assert others == [first, first]
    for one in inventories:
        connector, runner = one.workloads
        assert [link.id for link in runner.leaves.items] == [connector.id]


def test_a_service_without_a_connector_opens_connections_on_aws_s_side():
    (one,) = read(resource("aws_apprunner_service.s", service_name="s")).workloads
    assert (one.placed, one.leaves.items, one.initiates) == (False, (), True)
    assert one.public is not None
    assert one.public.truth is Truth.YES


def test_a_connector_of_another_input_is_somewhere():
    runner, connector = read(service(connector=unknown("var.connector"))).workloads
    assert connector.subnets.open
    assert [link.id for link in runner.leaves.items] == [connector.id]


def test_whether_a_service_uses_its_connector_may_be_open():
    runner = read(CONNECTOR, service(egress=unknown())).workloads[1]
    assert [link.certain for link in runner.leaves.items] == [False]


# -- what it reaches ---------------------------------------------------------------------------------

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.app.id]
  }
}

resource "aws_instance" "db" {
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.db.id]
}

resource "aws_apprunner_vpc_connector" "app" {
  vpc_connector_name = "app"
  subnets            = [aws_subnet.main.id]
  security_groups    = [aws_security_group.app.id]
}

variable "egress" {}

resource "aws_apprunner_service" "api" {
  service_name = "api"

  network_configuration {
    egress_configuration {
      egress_type       = EGRESS
      vpc_connector_arn = aws_apprunner_vpc_connector.app.arn
    }
    ingress_configuration {
      is_publicly_accessible = PUBLIC
    }
  }
}

resource "aws_lambda_function" "job" {
  function_name = "job"
}

resource "aws_lambda_function_url" "job" {
  function_name      = aws_lambda_function.job.function_name
  authorization_type = "NONE"
}
"""
API, DB = "aws_apprunner_service.api", "aws_instance.db"


def network(egress: str = '"VPC"', public: str = "true") -> str:
    return NETWORK.replace("EGRESS", egress).replace("PUBLIC", public)


def test_a_service_opens_all_its_connections_from_its_connector():
    assert verdict(network(), API, DB, "tcp/5432") is REACHABLE
    assert verdict(network(), API, DB, "tcp/22") is BLOCKED
    assert verdict(network(), API, "internet", "tcp/443") is BLOCKED
    assert verdict(network(), API, "aws_lambda_function_url.job", "tcp/443") is BLOCKED
    assert verdict(network('"DEFAULT"'), API, DB, "tcp/5432") is BLOCKED
    assert verdict(network('"DEFAULT"'), API, "internet", "tcp/443") is REACHABLE
    assert verdict(network('"DEFAULT"'), API, "aws_lambda_function_url.job", "tcp/443") is REACHABLE


def test_a_service_that_may_use_a_connector_is_blocked_from_neither_side():
    for end in (DB, "internet"):
        assert verdict(network("var.egress"), API, end, "tcp/5432") is UNKNOWN


def test_a_service_is_reached_on_https_and_never_by_its_connector():
    assert verdict(network(), "internet", API, "tcp/443") is REACHABLE
    assert verdict(network(), "internet", API, "tcp/5432") is BLOCKED
    assert verdict(network(), DB, API, "tcp/443") is BLOCKED
    assert verdict(network(), "aws_lambda_function.job", API, "tcp/443") is REACHABLE
    assert verdict(network(public="false"), "internet", API, "tcp/443") is BLOCKED


def test_the_neighbours_of_a_service_are_those_of_its_address_and_of_its_connector():
    found = loaded(network())
    assert {row.end.name for row in found.who_can_reach(API)} == {"internet"}
    assert "aws_security_group.db" in {row.end.address for row in found.reach_from(API)}


PRIVATE = """
resource "aws_vpc_endpoint" "runner" {
  vpc_id             = aws_vpc.main.id
  service_name       = "com.amazonaws.eu-west-1.apprunner.requests"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.main.id]
  security_group_ids = [aws_security_group.app.id]
}

resource "aws_apprunner_vpc_ingress_connection" "api" {
  name        = "api"
  service_arn = aws_apprunner_service.api.arn

  ingress_vpc_configuration {
    vpc_id          = aws_vpc.main.id
    vpc_endpoint_id = aws_vpc_endpoint.runner.id
  }
}

resource "aws_instance" "client" {
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""


def test_a_private_service_is_reached_through_its_endpoint():
    text = network(public="false") + PRIVATE
    found = loaded(text)
    answer = found.can_reach("aws_instance.client", API, "tcp/443", through_proxies=True)
    assert answer.verdict is REACHABLE
    assert any("aws_vpc_endpoint.runner" in note for note in answer.notes)
    assert ask(text, "internet", API, "tcp/443").verdict is BLOCKED
