"""Realistic code: the shapes in which people write groups and rules, and what it leaves open."""

from __future__ import annotations

import pytest

from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    PRIVATE,
    PUBLIC,
    REACHABLE,
    UNKNOWN,
    VPC,
    ask,
    cidrs,
    group,
    instance,
    members,
    network,
    out,
    rule,
    verdict,
    why,
)

APP_GROUP = group("app", ALL_OUT)
SERVED = NETWORK + APP_GROUP + instance("app", "private", "app") + instance("db", "private", "db")
APP, DB = "aws_instance.app", "aws_instance.db"


def separate(protocol: str, ports: str, peers: str = 'cidr_blocks = ["10.0.0.0/16"]') -> str:
    low, _, high = ports.partition("..")
    return (
        group("db")
        + f"""
resource "aws_security_group_rule" "db" {{
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = {protocol}
  from_port         = {low}
  to_port           = {high or low}
  {peers}
}}
"""
    )


@pytest.mark.parametrize("protocol", ['"-1"', "-1", '"all"', '"ALL"'])
def test_every_spelling_of_all_protocols_is_all_traffic(protocol: str):
    for asked in ("tcp/22", "udp/53", "icmp", "proto/47"):
        assert verdict(SERVED + separate(protocol, "0"), APP, DB, asked) is REACHABLE


@pytest.mark.parametrize("protocol", ['"6"', "6", '"TCP"', '"tcp"'])
def test_every_spelling_of_tcp_is_tcp(protocol: str):
    text = SERVED + separate(protocol, "22")
    assert verdict(text, APP, DB, "tcp/22") is REACHABLE
    assert verdict(text, APP, DB, "udp/22") is BLOCKED


@pytest.mark.parametrize("protocol", ['"17"', "17", '"udp"'])
def test_every_spelling_of_udp_is_udp(protocol: str):
    text = SERVED + separate(protocol, "53")
    assert verdict(text, APP, DB, "udp/53") is REACHABLE
    assert verdict(text, APP, DB, "tcp/53") is BLOCKED


def test_port_zero_alone_is_port_zero_alone():
    text = SERVED + separate('"tcp"', "0")
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED


def test_all_ports_of_tcp_are_no_udp():
    text = SERVED + separate('"tcp"', "0..65535")
    assert verdict(text, APP, DB, "tcp/22") is REACHABLE
    assert verdict(text, APP, DB, "udp/22") is BLOCKED


def test_a_number_of_another_protocol_is_that_protocol():
    text = SERVED + separate('"50"', "0")
    assert verdict(text, APP, DB, "proto/50") is REACHABLE
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED


@pytest.mark.parametrize(
    ("ports", "asked", "passes"),
    [
        ("8..0", "icmp/8", True),
        ("8..-1", "icmp/8", True),
        ("-1", "icmp/8", True),
        ("3..4", "icmp/8", False),
        ("0..0", "icmp/8", False),
    ],
)
def test_types_of_icmp_are_told_apart(ports: str, asked: str, passes: bool):
    text = SERVED + separate('"icmp"', ports)
    assert verdict(text, APP, DB, asked) is (REACHABLE if passes else BLOCKED)


def test_one_inline_rule_may_name_itself_a_range_and_a_group():
    both = f"self = true\n    {members('app')}\n    {cidrs('10.0.1.0/24')}"
    text = SERVED + group("db", rule("5432", both), ALL_OUT) + group("none", ALL_OUT)
    text += (
        instance("twin", "private", "db")
        + instance("near", "public", "none")
        + instance("far", "private", "none")
    )
    for name, expected in (("app", REACHABLE), ("twin", REACHABLE), ("near", REACHABLE), ("far", BLOCKED)):
        assert verdict(text, f"aws_instance.{name}", DB, "tcp/5432") is expected, name


def test_a_group_that_names_itself_by_a_separate_rule_lets_its_members_meet():
    text = (
        NETWORK
        + group("db", ALL_OUT)
        + instance("one", "private", "db")
        + instance("two", "public", "db")
        + """
resource "aws_security_group_rule" "mesh" {
  type                     = "ingress"
  security_group_id        = aws_security_group.db.id
  source_security_group_id = aws_security_group.db.id
  protocol                 = "tcp"
  from_port                = 7000
  to_port                  = 7001
}
"""
    )
    assert verdict(text, "aws_instance.one", "aws_instance.two", "tcp/7000") is REACHABLE
    assert verdict(text, "aws_security_group.db", "aws_security_group.db", "tcp/7001") is REACHABLE
    assert verdict(text, "aws_instance.one", "aws_instance.two", "tcp/7002") is BLOCKED


def test_groups_that_name_each_other_are_no_trouble():
    text = (
        NETWORK
        + APP_GROUP
        + group("db")
        + instance("app", "private", "app")
        + instance("db", "private", "db")
        + """
resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id            = aws_security_group.db.id
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.db.id
  ip_protocol                  = "tcp"
  from_port                    = 9000
  to_port                      = 9000
}
"""
    )
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE
    assert verdict(text, DB, APP, "tcp/9000") is BLOCKED


# -- modules --------------------------------------------------------------------------------------------

INNER = """
variable "vpc_id" {}
variable "client" {}

resource "aws_security_group" "this" {
  name   = "inner"
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "in" {
  type                     = "ingress"
  security_group_id        = aws_security_group.this.id
  source_security_group_id = var.client
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}

output "id" {
  value = aws_security_group.this.id
}
"""
OUTER = """
variable "vpc_id" {}
variable "groups" {}

module "inner" {
  source = "../inner"
  vpc_id = var.vpc_id
  client = var.groups["client"]
}

output "ids" {
  value = { data = module.inner.id }
}
"""
TOP = """
variable "vpc_id" {}
variable "client" {}

module "outer" {
  source = "../outer"
  vpc_id = var.vpc_id
  groups = { client = var.client }
}

output "data" {
  value = module.outer.ids.data
}
"""


def test_an_id_passed_through_three_modules_and_back_is_still_that_group():
    text = (
        NETWORK
        + APP_GROUP
        + instance("app", "private", "app")
        + """
module "top" {
  source = "./top"
  vpc_id = aws_vpc.main.id
  client = aws_security_group.app.id
}

resource "aws_instance" "db" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [module.top.data]
}
"""
    )
    found = network(text, modules={"top": TOP, "outer": OUTER, "inner": INNER})
    assert found.can_reach(APP, DB, "tcp/5432").verdict is REACHABLE
    assert found.can_reach(APP, DB, "tcp/22").verdict is BLOCKED


RULES = """
variable "group_id" {}
variable "ports" {}

resource "aws_security_group_rule" "this" {
  for_each          = toset([for port in var.ports : tostring(port)])
  type              = "ingress"
  security_group_id = var.group_id
  protocol          = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_blocks       = ["10.0.0.0/16"]
}
"""


def test_rules_of_one_module_on_a_group_of_another_count():
    text = (
        SERVED
        + group("db")
        + """
module "rules" {
  source   = "./rules"
  group_id = aws_security_group.db.id
  ports    = [5432, 9187]
}
"""
    )
    found = network(text, modules={"rules": RULES})
    for port, expected in ((5432, REACHABLE), (9187, REACHABLE), (22, BLOCKED)):
        assert found.can_reach(APP, DB, f"tcp/{port}").verdict is expected


def test_a_module_that_is_not_there_may_have_any_rule():
    text = (
        SERVED
        + group("db")
        + """
module "rules" {
  source   = "git::https://git.example.com/rules.git?ref=v1"
  group_id = aws_security_group.db.id
}
"""
    )
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "module.rules" in why(found)


def test_instances_of_a_splat_carry_their_groups():
    text = (
        NETWORK
        + APP_GROUP
        + group("db", rule("5432", members("app")))
        + """
resource "aws_instance" "app" {
  count                  = 3
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = [aws_subnet.private.id, aws_subnet.public.id][count.index % 2]
  vpc_security_group_ids = aws_security_group.app[*].id
}
"""
        + instance("db", "private", "db")
    )
    assert verdict(text, "aws_instance.app[2]", DB, "tcp/5432") is REACHABLE


def test_an_unknown_number_of_instances_may_be_none():
    text = (
        NETWORK
        + APP_GROUP
        + group("db", rule("5432", members("app")))
        + instance("db", "private", "db")
        + """
variable "size" {
  type = number
}

resource "aws_instance" "app" {
  count                  = var.size
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""
    )
    found = network(text)
    answer = found.can_reach("aws_security_group.app", DB, "tcp/5432")
    assert answer.verdict in {REACHABLE, UNKNOWN}
    assert {row.end.name for row in found.who_can_reach(DB, "tcp/5432")} >= {"app"}


DYNAMIC = """
variable "clients" {
  type = list(string)
}
"""


def test_rules_made_by_a_dynamic_block_over_an_unknown_list_are_not_decided():
    dynamic = """
  dynamic "ingress" {
    for_each = var.clients
    content {
      from_port   = 5432
      to_port     = 5432
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
"""
    text = SERVED + DYNAMIC + group("db", dynamic, rule("22", members("app")))
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "var.clients" in why(found)
    assert verdict(text, APP, DB, "tcp/22") is REACHABLE
    assert verdict(text, APP, DB, "tcp/443") is BLOCKED


def test_rules_made_by_a_dynamic_block_over_a_known_list_are_known():
    dynamic = """
  dynamic "ingress" {
    for_each = { postgres = 5432, metrics = 9187 }
    iterator = port
    content {
      description = port.key
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/16"]
    }
  }
"""
    text = SERVED + group("db", dynamic)
    assert verdict(text, APP, DB, "tcp/9187") is REACHABLE
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED


CONDITIONAL = """
variable "strict" {
  type = bool
}

resource "aws_instance" "db" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [var.strict ? aws_security_group.closed.id : aws_security_group.open.id]
}
"""


def test_a_group_chosen_by_an_unknown_condition_is_one_of_the_two():
    text = (
        NETWORK
        + APP_GROUP
        + group("closed")
        + group("open", rule("5432", members("app")))
        + instance("app", "private", "app")
        + CONDITIONAL
    )
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "var.strict" in why(found)
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED
    assert network(text, strict="true").can_reach(APP, DB, "tcp/5432").verdict is BLOCKED
    assert network(text, strict="false").can_reach(APP, DB, "tcp/5432").verdict is REACHABLE


def test_two_groups_that_both_allow_leave_nothing_open():
    text = (
        NETWORK
        + APP_GROUP
        + group("closed", rule("5432", members("app")))
        + group("open", rule("5432", members("app")))
        + instance("app", "private", "app")
        + CONDITIONAL
    )
    assert verdict(text, APP, DB, "tcp/5432") in {REACHABLE, UNKNOWN}


def test_a_rule_of_unknown_direction_is_not_decided():
    text = SERVED + 'variable "way" {}\n' + separate('"tcp"', "5432").replace('"ingress"', "var.way")
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "var.way" in why(found)
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED


def test_a_rule_of_unknown_ports_is_not_decided():
    text = SERVED + 'variable "port" {}\n' + separate('"tcp"', "var.port")
    assert verdict(text, APP, DB, "tcp/5432") is UNKNOWN
    assert verdict(text, APP, DB, "udp/5432") is BLOCKED
    assert network(text, port="5432").can_reach(APP, DB, "tcp/5432").verdict is REACHABLE
    assert network(text, port="22").can_reach(APP, DB, "tcp/5432").verdict is BLOCKED


def test_a_rule_of_an_unknown_protocol_is_not_decided():
    text = SERVED + 'variable "protocol" {}\n' + separate("var.protocol", "5432")
    assert verdict(text, APP, DB, "tcp/5432") is UNKNOWN


def test_a_rule_on_an_unknown_group_may_be_on_any():
    text = (
        SERVED
        + group("db", rule("22", members("app")))
        + 'variable "target" {}\n'
        + """
resource "aws_security_group_rule" "stray" {
  type              = "ingress"
  security_group_id = var.target
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
    )
    assert verdict(text, APP, DB, "tcp/22") is REACHABLE
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict in {UNKNOWN, BLOCKED}


# -- data sources ---------------------------------------------------------------------------------------

LOOKED_UP = """
data "aws_vpc" "main" {
  tags = { Name = "main" }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }
}

data "aws_subnet" "one" {
  id = data.aws_subnets.private.ids[0]
}

resource "aws_security_group" "app" {
  name   = "app"
  vpc_id = data.aws_vpc.main.id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = data.aws_vpc.main.id

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.app.id]
  }

  ingress {
    from_port   = 9187
    to_port     = 9187
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.main.cidr_block]
  }
}

resource "aws_instance" "app" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = data.aws_subnet.one.id
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_instance" "db" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = tolist(data.aws_subnets.private.ids)[1]
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""


def test_a_network_that_is_looked_up_is_one_network():
    assert verdict(LOOKED_UP, APP, DB, "tcp/5432") is REACHABLE
    assert verdict(LOOKED_UP, APP, DB, "tcp/22") is BLOCKED


def test_the_range_of_a_looked_up_network_holds_its_hosts():
    assert verdict(LOOKED_UP, APP, DB, "tcp/9187") in {REACHABLE, UNKNOWN}


def test_the_way_to_the_internet_from_a_looked_up_network_is_not_decided():
    assert verdict(LOOKED_UP, APP, "internet", "tcp/443") is UNKNOWN
    assert verdict(LOOKED_UP, "internet", DB, "tcp/5432") is BLOCKED


def test_a_looked_up_group_may_have_any_rule_and_is_still_itself():
    text = VPC + PUBLIC + PRIVATE + APP_GROUP + 'data "aws_security_group" "lb" {\n  name = "lb"\n}\n'
    text += group("web", rule("80", "security_groups = [data.aws_security_group.lb.id]"))
    text += instance("app", "private", "app") + instance("web", "private", "web")
    assert verdict(text, APP, "aws_instance.web", "tcp/80") is BLOCKED
    rows = network(text).who_can_reach("aws_instance.web", "tcp/80")
    assert [row.verdict for row in rows] == [UNKNOWN]
    assert "data.aws_security_group.lb" in rows[0].end.name


def test_a_group_with_no_member_still_gets_its_answer():
    text = NETWORK + APP_GROUP + group("db", rule("5432", members("app")))
    assert verdict(text, "aws_security_group.app", "aws_security_group.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_security_group.app", "aws_security_group.db", "tcp/22") is BLOCKED


def test_groups_by_name_in_the_default_vpc_are_found():
    text = """
resource "aws_security_group" "app" {
  name = "app"

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "db" {
  name = "db"

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.app.id]
  }
}

resource "aws_instance" "app" {
  ami             = "ami-0abcdef1234567890"
  instance_type   = "t3.micro"
  security_groups = [aws_security_group.app.name]
}

resource "aws_instance" "db" {
  ami             = "ami-0abcdef1234567890"
  instance_type   = "t3.micro"
  security_groups = ["db"]
}
"""
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE
    assert verdict(text, APP, DB, "tcp/22") is BLOCKED


def test_rules_of_one_group_in_both_of_two_roots_are_no_trouble():
    text = SERVED + group("db", rule("5432", members("app")), rule("5432", members("app")))
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE


def test_a_rule_with_no_peer_at_all_matches_nothing():
    text = SERVED + group("db", rule("5432", "cidr_blocks = []"))
    assert verdict(text, APP, DB, "tcp/5432") is BLOCKED


def test_a_rule_for_a_range_of_the_other_family_matches_nothing():
    text = SERVED + group("db", rule("5432", 'ipv6_cidr_blocks = ["fd00::/8"]'))
    assert verdict(text, APP, DB, "tcp/5432") is BLOCKED


def test_a_rule_with_one_unknown_range_among_known_ones_keeps_the_known():
    text = (
        SERVED
        + 'variable "office" {}\n'
        + group("db", rule("5432", 'cidr_blocks = ["10.0.2.0/24", var.office]'))
    )
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE
    text = (
        SERVED
        + 'variable "office" {}\n'
        + group("db", rule("5432", 'cidr_blocks = ["10.0.1.0/24", var.office]'))
    )
    assert verdict(text, APP, DB, "tcp/5432") is UNKNOWN


def test_a_rule_for_one_address_of_a_subnet_depends_on_the_address():
    text = SERVED + group("db", rule("5432", cidrs("10.0.2.17/32")))
    found = ask(text, APP, DB, "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "address of aws_instance.app" in why(found)
    fixed = text.replace(
        "ami                    = ", 'private_ip = "10.0.2.17"\n  ami                    = ', 1
    )
    assert verdict(fixed, APP, DB, "tcp/5432") is REACHABLE
    other = fixed.replace('private_ip = "10.0.2.17"', 'private_ip = "10.0.2.18"')
    assert verdict(other, APP, DB, "tcp/5432") is BLOCKED


def test_a_rule_for_an_instances_own_address_matches_it():
    own = 'cidr_blocks = ["${aws_instance.app.private_ip}/32"]'
    text = SERVED + group("db", rule("5432", own))
    assert verdict(text, APP, DB, "tcp/5432") is not BLOCKED


def test_code_that_is_switched_off_is_not_there():
    text = (
        SERVED
        + group("db")
        + """
resource "aws_security_group_rule" "off" {
  count             = 0
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
    )
    assert verdict(text, APP, DB, "tcp/5432") is BLOCKED


def test_egress_that_names_a_group_reaches_its_members_only():
    text = NETWORK + group("app", out("5432", members("db"))) + group("db", rule("5432", ANYWHERE))
    text += (
        group("other", rule("5432", ANYWHERE))
        + instance("app", "private", "app")
        + instance("db", "private", "db")
        + instance("other", "private", "other")
    )
    assert verdict(text, APP, DB, "tcp/5432") is REACHABLE
    assert verdict(text, APP, "aws_instance.other", "tcp/5432") is BLOCKED
