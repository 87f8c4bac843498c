"""Section 10: load balancers, containers, functions.

https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
"""

from __future__ import annotations

import pytest

from tests.checklist.facts import fact
from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    REACHABLE,
    acl,
    ask,
    cidrs,
    codes,
    entry,
    group,
    instance,
    members,
    network,
    out,
    rule,
    verdict,
)

TWO_ZONES = """
resource "aws_subnet" "second" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "eu-central-1b"
}

resource "aws_route_table_association" "second" {
  subnet_id      = aws_subnet.second.id
  route_table_id = aws_route_table.public.id
}
"""


def balancer(kind: str, subnets: str = "public second", groups: str = "balancer", more: str = "") -> str:
    named = ", ".join(f"aws_subnet.{one}.id" for one in subnets.split())
    carried = f"security_groups = [aws_security_group.{groups}.id]" if groups else ""
    return f"""
resource "aws_lb" "web" {{
  name               = "web"
  load_balancer_type = "{kind}"
  subnets            = [{named}]
  {carried}
  {more}
}}
"""


def listener(protocol: str, port: int = 443) -> str:
    return f"""
resource "aws_lb_listener" "web" {{
  load_balancer_arn = aws_lb.web.arn
  port              = {port}
  protocol          = "{protocol}"

  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }}
}}
"""


def targets(protocol: str, *names: str, more: str = "") -> str:
    attached = "".join(
        f"""
resource "aws_lb_target_group_attachment" "{name}" {{
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.{name}.id
}}
"""
        for name in names
    )
    return f"""
resource "aws_lb_target_group" "web" {{
  port     = 8080
  protocol = "{protocol}"
  vpc_id   = aws_vpc.main.id
  {more}
}}
{attached}"""


PUBLIC_GROUP = group("balancer", rule("443", ANYWHERE), out("8080", members("app")))
APP = group("app", rule("8080", members("balancer"))) + instance("app", "private", "app")
ALB = NETWORK + TWO_ZONES + PUBLIC_GROUP + balancer("application") + listener("HTTP") + targets("HTTP", "app")
CHAIN = ALB + APP


def through(text: str, target: str = "aws_instance.app", traffic: str | None = None) -> list[str]:
    """The names of those that certainly reach a target, through proxies or directly."""
    rows = network(text).who_can_reach(target, traffic, through_proxies=True)
    return sorted({row.end.name for row in rows if row.verdict is REACHABLE})


@fact("10.1")
def test_a_load_balancer_is_reached_at_its_listener_and_reaches_its_targets_at_their_port():
    assert verdict(CHAIN, "internet", "aws_lb.web", "tcp/443") is REACHABLE
    assert verdict(CHAIN, "aws_lb.web", "aws_instance.app", "tcp/8080") is REACHABLE
    assert verdict(CHAIN, "internet", "aws_instance.app", "tcp/8080") is BLOCKED
    assert verdict(CHAIN, "aws_lb.web", "aws_instance.app", "tcp/443") is BLOCKED


@fact("10.1", "11.O")
def test_an_application_load_balancer_is_a_hop_of_a_chain():
    assert through(CHAIN) == ["balancer", "internet"]


@fact("10.1")
def test_a_chain_ends_where_the_targets_group_does_not_allow_the_balancer():
    closed = CHAIN.replace(rule("8080", members("balancer")), rule("9090", members("balancer")))
    assert through(closed) == []


@fact("10.2")
def test_an_internal_load_balancer_is_not_reached_from_the_internet_whatever_its_group_says():
    text = NETWORK + TWO_ZONES + PUBLIC_GROUP + APP + targets("HTTP", "app") + listener("HTTP")
    internal = text + balancer("application", more="internal = true")
    assert verdict(internal, "internet", "aws_lb.web", "tcp/443") is BLOCKED
    caller = group("caller", ALL_OUT) + instance("caller", "private", "caller")
    assert verdict(internal + caller, "aws_instance.caller", "aws_lb.web", "tcp/443") is REACHABLE


@fact("10.2")
def test_a_load_balancer_that_faces_the_internet_needs_the_routes_of_its_subnets():
    hidden = PUBLIC_GROUP + balancer("application", "private") + listener("HTTP")
    text = NETWORK + hidden + targets("HTTP", "app") + APP
    assert verdict(text, "internet", "aws_lb.web", "tcp/443") is not REACHABLE


ZONE = 'availability_zone = "eu-central-1a"'
ZONED = NETWORK.replace('"10.0.1.0/24"', f'"10.0.1.0/24"\n  {ZONE}').replace(
    '"10.0.2.0/24"', f'"10.0.2.0/24"\n  {ZONE}'
)
NLB = ZONED + TWO_ZONES + listener("TCP") + targets("TCP", "app")


@fact("10.3")
def test_a_network_load_balancer_without_groups_filters_nothing():
    text = NLB + balancer("network", groups="") + group("app", rule("8080", ANYWHERE))
    found = text + instance("app", "private", "app")
    assert verdict(found, "internet", "aws_lb.web", "tcp/443") is REACHABLE
    assert verdict(found, "internet", "aws_lb.web", "tcp/444") is BLOCKED


@fact("10.4")
def test_a_target_that_sees_the_client_must_allow_the_client_or_the_balancers_group():
    ours = NLB + balancer("network") + PUBLIC_GROUP + instance("app", "private", "app")
    client = group("app", rule("8080", ANYWHERE))
    by_group = group("app", rule("8080", members("balancer")))
    inside = group("app", rule("8080", cidrs("10.0.0.0/16")))
    assert "internet" in through(ours + client, traffic="tcp/8080")
    assert "internet" in through(ours + by_group, traffic="tcp/8080")
    assert "internet" not in through(ours + inside, traffic="tcp/8080")


@fact("10.4")
def test_a_target_that_sees_the_balancer_must_allow_the_balancer():
    unseen = ZONED + TWO_ZONES + listener("TCP") + balancer("network") + PUBLIC_GROUP
    unseen += targets("TCP", "app", more="preserve_client_ip = false") + instance("app", "private", "app")
    inside = group("app", rule("8080", cidrs("10.0.0.0/16")))
    assert "internet" in through(unseen + inside, traffic="tcp/8080")


@fact("10.5")
def test_without_cross_zone_a_target_is_reached_from_the_balancers_zone_alone():
    text = NLB + balancer("network", "second") + PUBLIC_GROUP + instance("app", "private", "app")
    text += group("app", rule("8080", ANYWHERE))
    assert "internet" not in through(text, traffic="tcp/8080")
    crossing = text.replace(
        'resource "aws_lb" "web" {', 'resource "aws_lb" "web" {\n  enable_cross_zone_load_balancing = true'
    )
    assert "internet" in through(crossing, traffic="tcp/8080")


@fact("10.6")
def test_every_registered_target_counts():
    second = instance("other", "private", "app")
    text = CHAIN + second + targets("HTTP", "other").split("}\n", 1)[1]
    assert "internet" in through(text, "aws_instance.app")
    assert "internet" in through(text, "aws_instance.other")


@fact("10.7")
def test_an_address_is_a_target_too():
    by_address = (
        targets("HTTP", more='target_type = "ip"')
        + """
resource "aws_lb_target_group_attachment" "address" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.app.private_ip
}
"""
    )
    text = CHAIN.replace(targets("HTTP", "app"), by_address)
    assert "internet" in through(text)


@fact("10.7")
def test_a_function_behind_a_load_balancer_is_no_address_of_the_network():
    called = targets("HTTP", more='target_type = "lambda"')
    text = CHAIN.replace(targets("HTTP", "app"), called)
    assert verdict(text, "internet", "aws_lb.web", "tcp/443") is REACHABLE
    assert "internet" not in through(text)


@fact("10.8")
def test_a_port_without_a_listener_is_not_reached():
    found = ask(CHAIN, "internet", "aws_lb.web", "tcp/444")
    assert found.verdict is BLOCKED
    open_group = CHAIN.replace(rule("443", ANYWHERE), rule("0", ANYWHERE, protocol="-1"))
    assert verdict(open_group, "internet", "aws_lb.web", "tcp/444") is BLOCKED


@fact("10.8")
def test_a_listener_without_targets_leads_nowhere():
    text = CHAIN.replace(targets("HTTP", "app"), targets("HTTP"))
    assert through(text) == ["balancer"]


@fact("10.9")
def test_the_network_acls_count_on_the_leg_to_the_targets_too():
    shut = acl("app", entry("egress", 100, "allow"), entry("ingress", 100, "deny"), subnets="private")
    found = ask(CHAIN + shut, "aws_lb.web", "aws_instance.app", "tcp/8080")
    assert found.verdict is BLOCKED
    assert codes(found) == ["SUBNET_ACL_RESTRICTION"]
    no_reply = acl("app", entry("ingress", 100, "allow"), entry("egress", 100, "deny"), subnets="private")
    assert verdict(CHAIN + no_reply, "aws_lb.web", "aws_instance.app", "tcp/8080") is not REACHABLE


FUNCTION = """
resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = "arn:aws:iam::123456789012:role/work"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/work:1"

  vpc_config {
    subnet_ids         = [aws_subnet.SUBNET.id]
    security_group_ids = [aws_security_group.work.id]
  }
}
"""
WORK = group("work", rule("0", ANYWHERE, protocol="-1"), ALL_OUT)


@fact("10.10")
def test_a_function_in_a_public_subnet_has_no_internet_and_in_a_private_one_by_nat():
    public = NETWORK + WORK + FUNCTION.replace("SUBNET", "public")
    assert verdict(public, "aws_lambda_function.work", "internet", "tcp/443") is BLOCKED
    private = NETWORK + WORK + FUNCTION.replace("SUBNET", "private")
    assert verdict(private, "aws_lambda_function.work", "internet", "tcp/443") is REACHABLE


@fact("10.10")
def test_a_function_takes_no_connection():
    text = NETWORK + WORK + FUNCTION.replace("SUBNET", "private") + instance("caller", "private", "work")
    assert verdict(text, "aws_instance.caller", "aws_lambda_function.work", "tcp/443") is BLOCKED


TASK = """
resource "aws_ecs_task_definition" "api" {
  family                = "api"
  network_mode          = "MODE"
  container_definitions = "[]"
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 1
  SETTINGS
}
"""
SETTINGS = """
  network_configuration {
    subnets         = [aws_subnet.private.id]
    security_groups = [aws_security_group.api.id]
  }
"""


@fact("10.11")
def test_a_task_in_awsvpc_mode_carries_its_own_groups():
    service = TASK.replace("MODE", "awsvpc").replace("SETTINGS", SETTINGS)
    text = NETWORK + service + group("api", rule("8080", cidrs("10.0.0.0/16"))) + group("caller", ALL_OUT)
    text += instance("caller", "private", "caller")
    assert verdict(text, "aws_instance.caller", "aws_ecs_service.api", "tcp/8080") is REACHABLE
    assert verdict(text, "aws_instance.caller", "aws_ecs_service.api", "tcp/22") is BLOCKED


@fact("10.11")
@pytest.mark.parametrize("mode", ["bridge", "host"])
def test_a_task_in_another_mode_owns_no_interface(mode: str):
    text = NETWORK + TASK.replace("MODE", mode).replace("SETTINGS", "")
    assert [each.id for each in network(text).inventory.workloads if each.groups.items] == []


CLUSTER = """
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/main"

  vpc_config {
    subnet_ids         = [aws_subnet.private.id]
    security_group_ids = [aws_security_group.control.id]
    MORE
  }
}
"""


@fact("10.12")
def test_the_control_plane_of_a_cluster_is_reached_inside_by_its_groups():
    text = NETWORK + CLUSTER.replace("MORE", "endpoint_private_access = true")
    text += group("control", rule("443", members("node"))) + group("node", ALL_OUT)
    text += instance("node", "private", "node")
    assert verdict(text, "aws_instance.node", "aws_eks_cluster.main", "tcp/443") is REACHABLE
    assert verdict(text, "internet", "aws_security_group.control", "tcp/443") is BLOCKED


FIREWALL = """
resource "aws_networkfirewall_rule_group" "some" {
  name     = "some"
  type     = "STATEFUL"
  capacity = 10

  rule_group {
    rules_source {
      rules_string = <<-EOT
        RULE
      EOT
    }

    stateful_rule_options {
      rule_order = "STRICT_ORDER"
    }
  }
}

resource "aws_networkfirewall_firewall_policy" "some" {
  name = "some"

  firewall_policy {
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    stateful_default_actions           = ["aws:drop_strict"]

    stateful_engine_options {
      rule_order = "STRICT_ORDER"
    }

    stateful_rule_group_reference {
      priority     = 1
      resource_arn = aws_networkfirewall_rule_group.some.arn
    }
  }
}

locals {
  states   = aws_networkfirewall_firewall.some.firewall_status[0].sync_states
  endpoint = tolist(local.states)[0].attachment[0].endpoint_id
}

resource "aws_networkfirewall_firewall" "some" {
  name                = "some"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.some.arn
  vpc_id              = aws_vpc.main.id

  subnet_mapping {
    subnet_id = aws_subnet.firewall.id
  }
}

resource "aws_subnet" "firewall" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.9.0/28"
}

resource "aws_subnet" "guarded" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.8.0/24"
}

resource "aws_route_table" "guarded" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block      = "10.0.2.0/24"
    vpc_endpoint_id = local.endpoint
  }
}

resource "aws_route_table_association" "guarded" {
  subnet_id      = aws_subnet.guarded.id
  route_table_id = aws_route_table.guarded.id
}

resource "aws_route" "back" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "10.0.8.0/24"
  vpc_endpoint_id        = local.endpoint
}
"""
GUARDED = (
    NETWORK
    + FIREWALL
    + group("app", rule("443", cidrs("10.0.0.0/16")), ALL_OUT)
    + instance("app", "private", "app")
    + instance("caller", "guarded", "app")
)


@fact("10.13")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pass tcp 10.0.8.0/24 any -> 10.0.2.0/24 443 (sid:1;)", {"reachable"}),
        ("pass tcp 10.0.8.0/24 any -> 10.0.2.0/24 80 (sid:1;)", {"blocked"}),
        ('pass tcp 10.0.8.0/24 any -> 10.0.2.0/24 443 (pcre:"/secret/"; sid:1;)', {"unknown"}),
    ],
)
def test_rules_of_a_firewall_decide_where_they_are_understood(line: str, expected: set[str]):
    text = GUARDED.replace("RULE", line)
    assert verdict(text, "aws_instance.caller", "aws_instance.app", "tcp/443").value in expected


@fact("10.13")
def test_what_a_firewall_passes_packet_by_packet_need_not_come_back_through_it():
    """Stateless rules look at each packet alone; ``aws:pass`` keeps it from the stateful ones.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html
    """
    stateless = GUARDED.replace("RULE", "drop tcp any any -> any any (sid:1;)")
    stateless = stateless.replace('["aws:forward_to_sfe"]', '["aws:pass"]')
    back = stateless.index('resource "aws_route" "back"')
    one_sided = stateless[:back] + stateless[stateless.index("}\n", back) + 2 :]
    question = ("aws_instance.caller", "aws_instance.app", "tcp/443")
    assert verdict(stateless, *question) is REACHABLE
    assert verdict(one_sided, *question) is REACHABLE
