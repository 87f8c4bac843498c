"""Realistic networks in which public addresses and IPv6 decide."""

from __future__ import annotations

import pytest

from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    DUAL,
    NAT,
    NETWORK,
    ONE_WAY,
    PRIVATE,
    PUBLIC,
    REACHABLE,
    UNKNOWN,
    VPC,
    Verdict,
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
    why,
)

WEB_GROUP = group("web", rule("443", ANYWHERE), ALL_OUT)
SIX = 'ipv6_cidr_blocks = ["::/0"]'
UNMAPPED = PUBLIC.replace("map_public_ip_on_launch = true", "map_public_ip_on_launch = false")
BASE = VPC + UNMAPPED + PRIVATE + WEB_GROUP
IN = ("internet", "aws_instance.web", "tcp/443")

EIP = """
resource "aws_eip" "web" {
  domain = "vpc"
}
"""


@pytest.mark.parametrize(
    "association",
    [
        "instance_id   = aws_instance.web.id",
        "network_interface_id = aws_instance.web.primary_network_interface_id",
    ],
)
def test_an_association_gives_an_instance_its_public_address(association: str):
    text = (
        BASE
        + instance("web", "public", "web")
        + EIP
        + f"""
resource "aws_eip_association" "web" {{
  allocation_id = aws_eip.web.id
  {association}
}}
"""
    )
    assert verdict(text, *IN) is REACHABLE


def test_an_elastic_address_may_name_an_instances_own_interface():
    text = (
        BASE
        + instance("web", "public", "web")
        + """
resource "aws_eip" "web" {
  network_interface = aws_instance.web.primary_network_interface_id
}
"""
    )
    assert verdict(text, *IN) is REACHABLE


ATTACHED = """
resource "aws_network_interface" "web" {
  subnet_id       = aws_subnet.public.id
  private_ips     = ["10.0.1.50"]
  security_groups = [aws_security_group.web.id]
}

resource "aws_instance" "web" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"

  network_interface {
    network_interface_id = aws_network_interface.web.id
    device_index         = 0
  }
}
"""


def test_an_instance_that_is_given_an_interface_has_its_subnet_and_groups():
    text = (
        BASE + ATTACHED + group("app", out("443", cidrs("10.0.1.50/32"))) + instance("app", "private", "app")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/443") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/80") is BLOCKED


def test_an_elastic_address_of_an_interface_makes_its_instance_public():
    text = (
        BASE
        + ATTACHED
        + """
resource "aws_eip" "web" {
  network_interface         = aws_network_interface.web.id
  associate_with_private_ip = "10.0.1.50"
}
"""
    )
    assert verdict(text, *IN) is REACHABLE
    assert verdict(BASE + ATTACHED, *IN) is BLOCKED


def test_an_interface_of_its_own_gets_no_public_address_from_its_subnet():
    text = VPC + PUBLIC + WEB_GROUP + ATTACHED
    assert verdict(text, *IN) is BLOCKED


def test_the_instance_overrides_what_its_subnet_gives():
    text = (
        VPC
        + PUBLIC
        + WEB_GROUP
        + instance("web", "public", "web", more="associate_public_ip_address = false")
    )
    assert verdict(text, *IN) is BLOCKED
    text = BASE + instance("web", "public", "web", more="associate_public_ip_address = true")
    assert verdict(text, *IN) is REACHABLE


def test_an_instance_with_two_interfaces_is_public_through_either():
    second = """
resource "aws_network_interface" "admin" {
  subnet_id       = aws_subnet.public.id
  security_groups = [aws_security_group.web.id]

  attachment {
    instance     = aws_instance.web.id
    device_index = 1
  }
}

resource "aws_eip" "admin" {
  network_interface = aws_network_interface.admin.id
}
"""
    text = BASE + group("app", rule("8080", members("web"))) + instance("web", "private", "app") + second
    assert verdict(text, *IN) is REACHABLE
    assert verdict(text, "internet", "aws_instance.web", "tcp/8080") is BLOCKED


def test_a_group_attached_to_an_interface_lets_in_what_it_allows():
    text = (
        BASE
        + group("bare")
        + instance("web", "public", "bare", more="associate_public_ip_address = true")
        + """
resource "aws_network_interface_sg_attachment" "web" {
  security_group_id    = aws_security_group.web.id
  network_interface_id = aws_instance.web.primary_network_interface_id
}
"""
    )
    assert verdict(text, *IN) is REACHABLE


TEMPLATE = """
resource "aws_launch_template" "web" {
  name_prefix   = "web-"
  image_id      = "ami-0abcdef1234567890"
  instance_type = "t3.micro"

  network_interfaces {
    associate_public_ip_address = PUBLIC
    security_groups             = [aws_security_group.web.id]
  }
}

resource "aws_autoscaling_group" "web" {
  name                = "web"
  min_size            = 1
  max_size            = 3
  vpc_zone_identifier = [aws_subnet.SUBNET.id]

  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }
}
"""


@pytest.mark.parametrize(
    ("public", "subnet", "expected"),
    [("true", "public", REACHABLE), ("false", "public", BLOCKED), ("true", "private", ONE_WAY)],
)
def test_a_launch_template_decides_on_public_addresses_and_groups(
    public: str, subnet: str, expected: Verdict
):
    text = VPC + PUBLIC + PRIVATE + WEB_GROUP + TEMPLATE.replace("PUBLIC", public).replace("SUBNET", subnet)
    assert verdict(text, "internet", "aws_autoscaling_group.web", "tcp/443") is expected


BALANCER = """
resource "aws_lb" "main" {
  name               = "main"
  load_balancer_type = "TYPE"
  internal           = INTERNAL
  subnets            = [aws_subnet.public.id]
  GROUPS
}
"""


def balancer(
    kind: str, *, internal: bool, groups: str = "security_groups = [aws_security_group.web.id]"
) -> str:
    return BALANCER.replace("TYPE", kind).replace("INTERNAL", str(internal).lower()).replace("GROUPS", groups)


def test_a_network_balancer_without_groups_filters_nothing():
    text = NETWORK + balancer("network", internal=False, groups="")
    assert verdict(text, "internet", "aws_lb.main", "tcp/443") is REACHABLE


def test_an_internal_balancer_with_an_open_group_is_open_to_its_network_only():
    text = NETWORK + WEB_GROUP + balancer("application", internal=True) + instance("app", "private", "web")
    assert verdict(text, "internet", "aws_lb.main", "tcp/443") is BLOCKED
    assert verdict(text, "aws_instance.app", "aws_lb.main", "tcp/443") is REACHABLE


def test_an_internet_facing_balancer_is_public_without_public_addresses_on_launch():
    text = BASE + balancer("application", internal=False)
    assert verdict(text, "internet", "aws_lb.main", "tcp/443") is REACHABLE


TASK = """
resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "web", image = "nginx" }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets          = [aws_subnet.public.id]
    security_groups  = [aws_security_group.web.id]
    assign_public_ip = PUBLIC
  }
}
"""


@pytest.mark.parametrize(("public", "expected"), [("true", REACHABLE), ("false", BLOCKED)])
def test_a_task_is_public_only_where_it_is_given_an_address(public: str, expected: Verdict):
    text = NETWORK + WEB_GROUP + TASK.replace("PUBLIC", public)
    assert verdict(text, "internet", "aws_ecs_service.web", "tcp/443") is expected
    assert verdict(text, "aws_ecs_service.web", "internet", "tcp/443") is expected


def test_a_task_that_says_nothing_about_an_address_has_none():
    text = NETWORK + WEB_GROUP + TASK.replace("assign_public_ip = PUBLIC", "")
    assert verdict(text, "internet", "aws_ecs_service.web", "tcp/443") is BLOCKED


FUNCTION = """
resource "aws_lambda_function" "job" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
  image_uri     = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/job:1"
  package_type  = "Image"

  vpc_config {
    subnet_ids         = [aws_subnet.SUBNET.id]
    security_group_ids = [aws_security_group.web.id]
  }
}
"""


def test_a_function_in_a_public_subnet_has_no_way_to_the_internet():
    found = ask(
        NETWORK + WEB_GROUP + FUNCTION.replace("SUBNET", "public"),
        "aws_lambda_function.job",
        "internet",
        "tcp/443",
    )
    assert found.verdict is BLOCKED
    assert codes(found) == ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"]


def test_a_function_in_a_private_subnet_reaches_the_internet_by_nat():
    text = NETWORK + WEB_GROUP + FUNCTION.replace("SUBNET", "private")
    assert verdict(text, "aws_lambda_function.job", "internet", "tcp/443") is REACHABLE


def test_a_function_without_a_network_of_its_own_reaches_the_internet_and_no_private_address():
    bare = FUNCTION[: FUNCTION.index("\n  vpc_config")] + "}\n"
    text = NETWORK + WEB_GROUP + instance("web", "private", "web") + bare
    assert verdict(text, "aws_lambda_function.job", "internet", "tcp/443") is REACHABLE
    assert verdict(text, "aws_lambda_function.job", "aws_instance.web", "tcp/443") is BLOCKED


# -- the default VPC --------------------------------------------------------------------------------

DEFAULT = """
resource "aws_instance" "web" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_security_group" "web" {
  name = "web"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def test_an_instance_without_a_subnet_is_never_said_to_be_private():
    found = ask(DEFAULT, *IN)
    assert found.verdict in {REACHABLE, UNKNOWN}
    assert verdict(DEFAULT, "internet", "aws_instance.web", "tcp/22") is BLOCKED


def test_adopting_the_default_vpc_does_not_make_its_instances_private():
    text = DEFAULT + 'resource "aws_default_vpc" "default" {}\n'
    assert verdict(text, *IN) in {REACHABLE, UNKNOWN}
    assert verdict(text, "aws_instance.web", "internet", "tcp/443") is BLOCKED


def test_a_default_subnet_is_public():
    text = (
        'resource "aws_default_vpc" "default" {}\n'
        """
resource "aws_default_subnet" "a" {
  availability_zone = "eu-central-1a"
}
"""
        + DEFAULT.replace(
            'instance_type          = "t3.micro"',
            'instance_type          = "t3.micro"\n  subnet_id = aws_default_subnet.a.id',
        ).replace('name = "web"\n', 'name = "web"\n  vpc_id = aws_default_vpc.default.id\n')
    )
    assert verdict(text, *IN) in {REACHABLE, UNKNOWN}


def test_the_default_group_of_the_default_vpc_may_be_adopted_and_opened():
    text = """
resource "aws_default_vpc" "default" {}

resource "aws_default_security_group" "default" {
  vpc_id = aws_default_vpc.default.id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
}
"""
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") in {REACHABLE, UNKNOWN}
    assert verdict(text, "internet", "aws_instance.web", "tcp/443") is BLOCKED


# -- IPv6 --------------------------------------------------------------------------------------------

ROUTED_SIX = (
    DUAL
    + """
resource "aws_route_table" "dual" {
  vpc_id = aws_vpc.main.id

  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.main.id
  }
}
"""
)


def test_a_group_open_to_ipv6_only_is_public_where_the_subnet_gives_ipv6_addresses():
    text = ROUTED_SIX + group("web", rule("22", SIX)) + instance("web", "dual", "web")
    assert verdict(text, "internet", "aws_instance.web", "tcp/22") is REACHABLE
    bare = text.replace("assign_ipv6_address_on_creation = true", "")
    assert verdict(bare, "internet", "aws_instance.web", "tcp/22") is BLOCKED


@pytest.mark.parametrize(
    "address", ['ipv6_addresses = ["2600:1f18:1234:5600::10"]', "ipv6_address_count = 1"]
)
def test_an_instance_may_bring_its_own_ipv6_address(address: str):
    text = ROUTED_SIX.replace("assign_ipv6_address_on_creation = true", "") + group("web", rule("22", SIX))
    assert (
        verdict(text + instance("web", "dual", "web", more=address), "internet", "aws_instance.web", "tcp/22")
        is REACHABLE
    )


def test_a_group_open_to_ipv4_only_lets_no_ipv6_in():
    text = ROUTED_SIX + group("web", rule("22", ANYWHERE)) + instance("web", "dual", "web")
    assert verdict(text, "2a00:1450::1", "aws_instance.web", "tcp/22") is BLOCKED


def test_two_hosts_that_share_only_ipv6_rules_meet_over_ipv6():
    text = (
        ROUTED_SIX
        + group("web", rule("22", SIX), out("22", SIX))
        + instance("web", "dual", "web")
        + instance("twin", "dual", "web")
    )
    assert verdict(text, "aws_instance.twin", "aws_instance.web", "tcp/22") is REACHABLE


def test_a_dual_rule_needs_both_families_on_both_ends():
    text = (
        ROUTED_SIX
        + PRIVATE
        + group("web", rule("22", SIX))
        + group("app", ALL_OUT)
        + instance("web", "dual", "web")
        + instance("app", "private", "app")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/22") is BLOCKED


SIX_ONLY = """
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_subnet" "native" {
  vpc_id                                         = aws_vpc.main.id
  ipv6_cidr_block                                = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 3)
  ipv6_native                                    = true
  assign_ipv6_address_on_creation                = true
  enable_dns64                                   = true
}

resource "aws_route" "nat64" {
  route_table_id              = aws_vpc.main.main_route_table_id
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = aws_nat_gateway.main.id
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}
"""


def test_a_host_with_ipv6_alone_may_reach_the_ipv4_internet_by_nat64():
    text = SIX_ONLY + PUBLIC + group("app", out("443", SIX)) + instance("app", "native", "app")
    assert verdict(text, "aws_instance.app", "internet", "tcp/443") is not BLOCKED


# -- public addresses inside one network ---------------------------------------------------------------


def test_two_vpcs_with_the_same_range_meet_only_by_public_addresses():
    other = (
        (VPC + PUBLIC)
        .replace('"main"', '"other"')
        .replace("aws_vpc.main", "aws_vpc.other")
        .replace('"public"', '"twin"')
    )
    other = (
        other.replace("aws_subnet.public", "aws_subnet.twin")
        .replace("aws_route_table.public", "aws_route_table.twin")
        .replace("aws_internet_gateway.main", "aws_internet_gateway.other")
    )
    groups = WEB_GROUP + WEB_GROUP.replace('"web"', '"far"').replace("aws_vpc.main", "aws_vpc.other")
    text = (
        NETWORK
        + other
        + groups
        + instance("web", "public", "web")
        + instance("far", "twin", "far")
        + instance("near", "private", "web")
    )
    found = ask(text, "aws_instance.far", "aws_instance.web", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "public addresses" in why(found)
    assert verdict(text, "aws_instance.far", "aws_instance.near", "tcp/443") is BLOCKED


OFFICE = "81.2.69.0/24"


def test_a_rule_for_the_nat_gateways_public_address_is_never_said_to_be_useless():
    text = (
        NETWORK
        + group("web", rule("443", 'cidr_blocks = ["${aws_eip.nat.public_ip}/32"]'))
        + group("app", ALL_OUT)
        + instance("web", "public", "web")
        + instance("app", "private", "app")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/443") is not BLOCKED


def test_a_host_may_come_back_in_by_its_public_address():
    text = (
        NETWORK
        + group("web", rule("443", cidrs(OFFICE)))
        + group("app", ALL_OUT)
        + instance("web", "public", "web")
        + instance("app", "private", "app")
    )
    found = ask(text, "aws_instance.app", "aws_instance.web", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "which public addresses aws_instance.app and aws_instance.web have" in why(found)


def test_addresses_for_documents_are_nobodys_public_address():
    text = (
        NETWORK
        + group("web", rule("443", cidrs("203.0.113.0/24")))
        + group("app", ALL_OUT)
        + instance("web", "public", "web")
        + instance("app", "private", "app")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/443") is BLOCKED


def test_a_host_that_cannot_leave_does_not_come_back_in():
    text = (
        NETWORK
        + group("web", rule("443", cidrs(OFFICE)))
        + group("app", out("443", cidrs("10.0.0.0/16")))
        + instance("web", "public", "web")
        + instance("app", "private", "app")
    )
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/443") is BLOCKED


def test_who_may_come_back_in_stands_in_the_row_of_the_range_and_of_the_internet():
    text = NETWORK + group("web", rule("22", cidrs(OFFICE))) + instance("web", "public", "web")
    text += group("app", ALL_OUT) + instance("app", "private", "app")
    rows = network(text).who_can_reach("aws_instance.web", "tcp/22")
    assert [(row.end.name, row.verdict) for row in rows] == [(OFFICE, REACHABLE)]
    rows = network(text).reach_from("aws_instance.app", "tcp/22")
    assert [(row.end.name, row.verdict) for row in rows] == [("internet", REACHABLE)]


def test_nat_is_not_needed_in_a_public_subnet_and_not_enough_without_its_gateway():
    without = (VPC + PUBLIC + PRIVATE + NAT).replace(
        'route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.main.id\n  }',
        "route = []",
    )
    text = without + WEB_GROUP + instance("app", "private", "web")
    found = ask(text, "aws_instance.app", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]
