"""Workloads that cannot get what they need, and health checks that cannot pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, findings, group, instance, rule

ISOLATED = NETWORK[: NETWORK.index('resource "aws_default_route_table"')]
OUT = group("g", rule('cidr_blocks = ["0.0.0.0/0"]', 443, direction="egress"))
SERVICE = """
resource "aws_ecs_service" "s" {
  launch_type = "%s"

  network_configuration {
    subnets          = [aws_subnet.a.id]
    security_groups  = [aws_security_group.g.id]
    assign_public_ip = %s
  }
}
"""


def unstarted(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "private-workload-without-egress", *parts)


def test_tasks_with_a_public_address_pull_over_the_internet(tmp_path: Path):
    assert unstarted(tmp_path, NETWORK, OUT, SERVICE % ("FARGATE", "true")) == ()


def test_tasks_without_one_do_not_get_out_by_an_internet_gateway(tmp_path: Path):
    (finding,) = unstarted(tmp_path, NETWORK, OUT, SERVICE % ("FARGATE", "false"))
    assert finding.judgement is Judgement.VIOLATED
    assert any("has no public address" in step for step in finding.proof)


def test_tasks_on_instances_pull_nothing_themselves(tmp_path: Path):
    assert unstarted(tmp_path, ISOLATED, OUT, SERVICE % ("EC2", "false")) == ()


def test_a_group_that_lets_nothing_out_is_as_bad_as_no_route(tmp_path: Path):
    (finding,) = unstarted(tmp_path, NETWORK, group("g"), SERVICE % ("FARGATE", "true"))
    assert finding.judgement is Judgement.VIOLATED


def test_endpoints_for_some_services_leave_the_others_missing(tmp_path: Path):
    endpoint = """
    resource "aws_security_group" "endpoint" {
      vpc_id = aws_vpc.main.id

      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_vpc_endpoint" "e" {
      for_each            = toset(["ecr.api", "ecr.dkr"])
      vpc_id              = aws_vpc.main.id
      vpc_endpoint_type   = "Interface"
      service_name        = "com.amazonaws.eu-west-1.${each.key}"
      subnet_ids          = [aws_subnet.a.id]
      security_group_ids  = [aws_security_group.endpoint.id]
      private_dns_enabled = true
    }
    """
    (finding,) = unstarted(tmp_path, ISOLATED, OUT, SERVICE % ("FARGATE", "false"), endpoint)
    assert "has no way to s3," in finding.message


ROLE = """
variable "policy" {}

resource "aws_iam_role" "r" {
  name = "r"
}

resource "aws_iam_role_policy_attachment" "r" {
  role       = aws_iam_role.r.name
  policy_arn = %s
}

resource "aws_iam_instance_profile" "r" {
  role = aws_iam_role.r.name
}
"""
WITH_ROLE = f"{PRIVATE}\niam_instance_profile = aws_iam_instance_profile.r.name"


def test_whether_a_role_needs_services_is_not_known_where_its_policy_is_not(tmp_path: Path):
    host = instance("i", "g", more=WITH_ROLE)
    (finding,) = unstarted(tmp_path, ISOLATED, OUT, ROLE % "var.policy", host)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.LOW)
    assert "whether it calls them is not known" in finding.message
    assert [reason.what for reason in finding.unknowns] == ["var.policy"]
    assert unstarted(tmp_path, ISOLATED, OUT, ROLE % '"arn:aws:iam::123456789012:policy/own"', host) == ()


def function(groups: str = "g") -> str:
    return f"""
    resource "aws_lambda_function" "f" {{
      function_name = "f"

      vpc_config {{
        subnet_ids         = [aws_subnet.a.id]
        security_group_ids = [aws_security_group.{groups}.id]
      }}
    }}
    """


def test_a_function_that_lets_nothing_out_to_the_internet_does_not_want_to(tmp_path: Path):
    inside = group("g", rule('cidr_blocks = ["10.0.0.0/16"]', 5432, direction="egress"))
    assert findings(tmp_path, "lambda-in-public-subnet", NETWORK, inside, function()) == ()


def test_an_instance_in_a_public_subnet_is_no_function(tmp_path: Path):
    assert findings(tmp_path, "lambda-in-public-subnet", NETWORK, OUT, instance("i", "g", more=PRIVATE)) == ()


BALANCER = """
resource "aws_lb" "l" {
  internal           = true
  load_balancer_type = "%s"
  subnets            = [aws_subnet.a.id]
  %s
}

resource "aws_lb_target_group" "t" {
  port     = 8080
  protocol = "%s"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.l.arn
  port              = 80
  protocol          = "%s"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}
"""
ATTACHED = """
resource "aws_lb_target_group_attachment" "%s" {
  target_group_arn = aws_lb_target_group.t.arn
  target_id        = aws_instance.%s.id
}
"""
APPLICATION = BALANCER % ("application", "security_groups = [aws_security_group.b.id]", "HTTP", "HTTP")
PLAIN = BALANCER % ("network", "", "TCP", "TCP")
LETS_OUT = rule('cidr_blocks = ["10.0.0.0/16"]', 8080, direction="egress")
SENDING = group("b", LETS_OUT)


def unhealthy(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "load-balancer-target-unreachable", ISOLATED, *parts)


def test_targets_behind_one_group_are_one_finding(tmp_path: Path):
    targets = "".join(instance(name, "t", more=PRIVATE) + ATTACHED % (name, name) for name in ("one", "two"))
    (finding,) = unhealthy(tmp_path, SENDING, APPLICATION, group("t"), targets)
    assert "aws_instance.one and aws_instance.two" in finding.message


def test_a_balancer_that_lets_nothing_out_fails_its_own_checks(tmp_path: Path):
    open_ = group("t", rule("security_groups = [aws_security_group.b.id]", 8080))
    target = instance("one", "t", more=PRIVATE) + ATTACHED % ("one", "one")
    (finding,) = unhealthy(tmp_path, group("b"), APPLICATION, open_, target)
    assert "aws_security_group.b has no rules" in " ".join(finding.proof)


@pytest.mark.parametrize(("cidr", "count"), [("203.0.113.0/24", 1), ("10.0.0.0/24", 0)])
def test_a_network_balancer_checks_from_its_own_addresses(tmp_path: Path, cidr: str, count: int):
    clients = group("t", rule(f'cidr_blocks = ["{cidr}"]', 8080))
    target = instance("one", "t", more=PRIVATE) + ATTACHED % ("one", "one")
    assert len(unhealthy(tmp_path, PLAIN, clients, target)) == count


def test_a_group_by_its_id_may_be_the_balancers(tmp_path: Path):
    named = group("t", rule('security_groups = ["sg-0123456789abcdef0"]', 8080))
    target = instance("one", "t", more=PRIVATE) + ATTACHED % ("one", "one")
    (finding,) = unhealthy(tmp_path, SENDING, APPLICATION, named, target)
    assert finding.judgement is Judgement.UNDETERMINED
    assert [reason.what for reason in finding.unknowns] == [
        "whether aws_security_group.b is sg-0123456789abcdef0"
    ]


OLD = """
data "aws_security_group" "old" {
  name = "%s"
}
"""


@pytest.mark.parametrize(
    ("balancer", "name", "judgement"),
    [
        (APPLICATION, "old", Judgement.VIOLATED),
        (APPLICATION, "b", Judgement.UNDETERMINED),
        (PLAIN, "old", Judgement.VIOLATED),
        (PLAIN, "b", Judgement.VIOLATED),
    ],
)
def test_a_group_from_elsewhere_is_not_that_of_a_balancer_of_another_name_or_with_none(
    tmp_path: Path, balancer: str, name: str, judgement: Judgement
):
    named = (
        OLD % name
        + group("b", 'name = "b"', LETS_OUT)
        + group("t", rule("security_groups = [data.aws_security_group.old.id]", 8080))
    )
    target = instance("one", "t", more=PRIVATE) + ATTACHED % ("one", "one")
    (finding,) = unhealthy(tmp_path, balancer, named, target)
    assert finding.judgement is judgement


@pytest.mark.parametrize(
    ("ports", "judgements"),
    [
        (("8080", "8080"), [Judgement.UNDETERMINED]),
        (("var.other", "var.other"), [Judgement.UNDETERMINED]),
        (("var.port", "var.port"), []),
        (("0", "65535"), []),
        (None, [Judgement.VIOLATED]),
    ],
)
def test_a_check_on_a_port_that_is_not_known_passes_where_its_rule_is_for_that_port_or_all(
    tmp_path: Path, ports: tuple[str, str] | None, judgements: list[Judgement]
):
    sending = 'from_port = 0\n to_port = 65535\n protocol = "tcp"\n cidr_blocks = ["10.0.0.0/16"]'
    from_balancer = 'from_port = %s\n to_port = %s\n protocol = "tcp"\n cidr_blocks = ["10.0.0.0/16"]'
    ingress = f"ingress {{\n{from_balancer % ports}\n}}" if ports else ""
    groups = "".join(
        f'resource "aws_security_group" "{name}" {{\n vpc_id = aws_vpc.main.id\n {body}\n}}\n'
        for name, body in (("b", f"egress {{\n{sending}\n}}"), ("t", ingress))
    )
    target = instance("one", "t", more=PRIVATE) + ATTACHED % ("one", "one")
    balancer = APPLICATION.replace("port     = 8080", "port     = var.port")
    hidden = 'variable "port" {}\nvariable "other" {}\n'
    found = unhealthy(tmp_path, hidden, groups, balancer, target)
    assert [finding.judgement for finding in found] == judgements
    if judgements == [Judgement.UNDETERMINED]:
        assert "var.port" in " ".join(reason.what for reason in found[0].unknowns)
