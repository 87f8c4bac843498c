"""Realistic code in which a value, a count or a module outside the input decides."""

from __future__ import annotations

import pytest

from tests.checklist.terraform import (
    ALL_OUT,
    ANYWHERE,
    BLOCKED,
    NETWORK,
    REACHABLE,
    UNKNOWN,
    Verdict,
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

WEB = NETWORK + group("web", rule("443", ANYWHERE), ALL_OUT) + instance("web", "public", "web")
IN = ("internet", "aws_instance.web", "tcp/443")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("map_public_ip_on_launch = true", "map_public_ip_on_launch = var.x"),
        ('  ami                    = ', '  associate_public_ip_address = var.x\n  ami = '),
        ('    cidr_block = "0.0.0.0/0"\n    gateway_id', "    cidr_block = var.x\n    gateway_id"),
        ("    gateway_id = aws_internet_gateway.main.id", "    gateway_id = var.x"),
        ("from_port = 443\n    to_port   = 443", "from_port = var.x\n    to_port = var.x"),
        (rule("443", ANYWHERE), rule("443", "cidr_blocks = var.x")),
        (rule("443", ANYWHERE), rule("443", "cidr_blocks = [var.x]")),
        ("vpc_security_group_ids = [aws_security_group.web.id]", "vpc_security_group_ids = var.x"),
        ("subnet_id              = aws_subnet.public.id", "subnet_id = var.x"),
    ],
)  # fmt: skip
def test_a_variable_without_a_value_leaves_the_answer_open_and_is_named(written: str, instead: str):
    text = WEB.replace(written, instead) + 'variable "x" {}\n'
    assert "var.x" in text
    found = ask(text, *IN)
    assert found.verdict is UNKNOWN
    assert "var.x" in why(found)


@pytest.mark.parametrize(("given", "expected"), [("true", REACHABLE), ("false", BLOCKED)])
def test_a_gateway_that_is_made_on_demand_is_there_or_not(given: str, expected: Verdict):
    text = WEB + 'variable "public" {\n  type = bool\n}\n'
    for kind in ("internet_gateway", "route_table", "route_table_association"):
        name = "main" if kind == "internet_gateway" else "public"
        head = f'resource "aws_{kind}" "{name}" {{\n'
        text = text.replace(head, f"{head}  count = var.public ? 1 : 0\n")
        text = text.replace(f"aws_{kind}.{name}.id", f"aws_{kind}.{name}[0].id")
    found = network(text).can_reach(*IN)
    assert found.verdict is UNKNOWN
    assert "var.public" in why(found)
    assert network(text, public=given).can_reach(*IN).verdict is expected


def test_an_elastic_address_that_only_may_be_made_leaves_the_answer_open():
    text = (
        WEB.replace("map_public_ip_on_launch = true", "")
        + """
variable "fixed" {
  type = bool
}

resource "aws_eip" "web" {
  count    = var.fixed ? 1 : 0
  instance = aws_instance.web.id
}
"""
    )
    assert verdict(text, *IN) is UNKNOWN
    assert network(text, fixed="true").can_reach(*IN).verdict is REACHABLE
    assert network(text, fixed="false").can_reach(*IN).verdict is BLOCKED


EITHER = """
variable "which" {
  type = number
}
"""


@pytest.mark.parametrize("which", ["var.which > 0 ? {0} : {1}", "element([{0}, {1}], var.which)"])
def test_a_rule_of_one_of_two_groups_may_be_of_either(which: str):
    group_id = which.format("aws_security_group.web.id", "aws_security_group.other.id")
    text = NETWORK + EITHER + group("web", ALL_OUT) + group("other") + instance("web", "public", "web")
    text += f"""
resource "aws_security_group_rule" "web" {{
  security_group_id = {group_id}
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
}}
"""
    found = ask(text, *IN)
    assert found.verdict is UNKNOWN
    assert "var.which" in why(found)


@pytest.mark.parametrize(
    "which", ["var.which > 0 ? {0} : {1}", "element([{0}, {1}], var.which)", "[for x in var.ids : x][0]"]
)
def test_a_route_of_one_of_two_tables_may_be_in_either(which: str):
    tables = which.format("aws_route_table.public.id", "aws_route_table.other.id")
    start = WEB.index("  route {")
    end = WEB.index("  }", start) + 4
    text = (
        WEB[:start]
        + WEB[end:]
        + EITHER
        + f"""
variable "ids" {{
  type = list(string)
}}

resource "aws_route_table" "other" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_route" "out" {{
  route_table_id         = {tables}
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}}
"""
    )
    assert ask(text, *IN).verdict is UNKNOWN


def test_a_table_of_any_number_of_subnets_may_be_that_of_each_of_them():
    head = 'resource "aws_route_table_association" "public" {\n'
    text = WEB.replace(head, f"{head}  count = var.which\n").replace(
        'resource "aws_subnet" "public" {\n', 'resource "aws_subnet" "public" {\n  count = var.which\n'
    )
    text = text.replace("aws_subnet.public.id", "aws_subnet.public[0].id", 1).replace(
        "aws_subnet.public.id", "aws_subnet.public[0].id"
    )
    text = text.replace(
        "subnet_id      = aws_subnet.public[0].id", "subnet_id = aws_subnet.public[count.index].id"
    )
    assert "count.index" in text
    assert verdict(text + EITHER, *IN) is UNKNOWN


def test_a_null_among_the_ranges_of_a_rule_is_no_range():
    text = WEB.replace(ANYWHERE, "cidr_blocks = [null]")
    assert "[null]" in text
    assert verdict(text, *IN) is BLOCKED


FOREIGN = """
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 5.0"
  name    = "main"
  cidr    = "10.0.0.0/16"
}

resource "aws_security_group" "app" {
  name   = "app"
  vpc_id = module.vpc.vpc_id

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = module.vpc.vpc_id

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.app.id]
  }
}

resource "aws_instance" "app" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = module.vpc.private_subnets[0]
  vpc_security_group_ids = [aws_security_group.app.id]
}

resource "aws_db_instance" "main" {
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  db_subnet_group_name   = module.vpc.database_subnet_group_name
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""


def test_groups_decide_inside_a_network_that_a_module_outside_the_input_makes():
    assert verdict(FOREIGN, "aws_instance.app", "aws_db_instance.main", "tcp/5432") is REACHABLE
    assert verdict(FOREIGN, "aws_security_group.app", "aws_security_group.db", "tcp/5432") is REACHABLE
    assert verdict(FOREIGN, "aws_instance.app", "aws_db_instance.main", "tcp/22") is BLOCKED
    assert verdict(FOREIGN, "aws_db_instance.main", "aws_instance.app", "tcp/5432") is BLOCKED


def test_the_way_out_of_a_network_that_a_module_outside_the_input_makes_is_open():
    found = ask(FOREIGN, "aws_instance.app", "internet", "tcp/443")
    assert found.verdict is UNKNOWN
    assert "module.vpc" in why(found)
    assert verdict(FOREIGN, "internet", "aws_db_instance.main", "tcp/5432") is BLOCKED


def test_bits_after_the_prefix_do_not_matter():
    text = NETWORK + group("app", ALL_OUT) + group("db", rule("5432", cidrs("10.0.2.77/24")))
    text += instance("app", "private", "app") + instance("db", "private", "db")
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE


def test_a_range_that_is_computed_from_the_subnets_is_theirs():
    text = (
        NETWORK + group("app", ALL_OUT) + instance("app", "private", "app") + instance("db", "public", "db")
    )
    text += group("db", rule("5432", "cidr_blocks = [for one in [aws_subnet.private] : one.cidr_block]"))
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    text = text.replace("[aws_subnet.private] :", "[aws_subnet.public] :")
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is BLOCKED


def test_a_rule_that_repeats_for_each_subnet_covers_them_all():
    text = (
        NETWORK + group("app", ALL_OUT) + instance("app", "private", "app") + instance("db", "public", "db")
    )
    text += (
        group("db")
        + """
resource "aws_vpc_security_group_ingress_rule" "db" {
  for_each          = { a = aws_subnet.private.cidr_block, b = aws_subnet.public.cidr_block }
  security_group_id = aws_security_group.db.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}
"""
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE


def test_rules_of_a_loop_over_what_creation_decides_are_not_forgotten():
    text = (
        NETWORK + group("app", ALL_OUT) + instance("app", "private", "app") + instance("db", "public", "db")
    )
    text += (
        group("db")
        + """
data "aws_availability_zones" "here" {}

resource "aws_security_group_rule" "db" {
  count             = length(data.aws_availability_zones.here.names)
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  cidr_blocks       = [cidrsubnet("10.0.0.0/16", 8, count.index)]
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
}
"""
    )
    found = ask(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "data.aws_availability_zones.here" in why(found)


def test_egress_to_a_group_that_is_looked_up_never_reaches_the_known():
    text = (
        NETWORK + 'data "aws_security_group" "lb" {\n  name = "lb"\n}\n' + instance("app", "private", "app")
    )
    text += group("app", out("443", "security_groups = [data.aws_security_group.lb.id]"))
    text += group("web", rule("443", members("app"))) + instance("web", "public", "web")
    assert verdict(text, "aws_instance.app", "aws_instance.web", "tcp/443") is BLOCKED


@pytest.mark.parametrize("count", [2, 4, 5, 9])
def test_however_many_may_be_members_of_a_group_the_answer_is_one(count: int):
    """Many are met as one that may stand anywhere; few are met one by one."""
    text = (
        NETWORK
        + 'variable "groups" {\n  type = list(string)\n}\n'
        + group("a", ALL_OUT)
        + group("b", rule("443", members("a")))
    )
    text += "".join(
        instance(f"w{number}", "public" if number % 2 else "private", "a").replace(
            "[aws_security_group.a.id]", "var.groups"
        )
        for number in range(count)
    )
    found = ask(text, "aws_security_group.a", "aws_security_group.b", "tcp/443")
    assert found.verdict is REACHABLE  # a hypothetical member of each
    for ends in (("aws_security_group.b", "aws_security_group.a"), ("internet", "aws_security_group.a")):
        found = ask(text, *ends, "tcp/443")
        assert found.verdict is UNKNOWN
        assert "var.groups" in why(found)
