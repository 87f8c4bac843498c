"""Section 2: what Terraform leaves out, and the shapes in which people write the same thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import InputError, Verdict, load
from auditor.traffic import parse_traffic
from tests.checklist.facts import fact
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
    codes,
    group,
    instance,
    members,
    network,
    rule,
    verdict,
    why,
)

APP = NETWORK + group("app", ALL_OUT) + instance("app", "private", "app")
SERVED = APP + instance("db", "private", "db")


@fact("2.1")
def test_a_group_that_names_no_egress_has_none():
    text = NETWORK + group("quiet", rule("22", ANYWHERE)) + instance("quiet", "private", "quiet")
    found = ask(text, "aws_instance.quiet", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["ENI_SG_RULES_MISMATCH"]


@fact("2.2")
def test_an_empty_list_of_rules_is_no_rule():
    text = SERVED + group("db", "  ingress = []\n  egress  = []\n")
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is BLOCKED
    assert verdict(text, "aws_instance.db", "internet", "tcp/443") is BLOCKED


@fact("2.2")
def test_rules_written_as_an_attribute_count_as_blocks_do():
    text = SERVED + group(
        "db",
        """
  ingress = [{
    description      = "postgres"
    from_port        = 5432
    to_port          = 5432
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/16"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
""",
    )
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/22") is BLOCKED


TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Environment: {Type: String}
Conditions:
  Closed: !Equals [!Ref Environment, production]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true}
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Default:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Used:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Subnet}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: app, VpcId: !Ref Vpc}
  App:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref Subnet, SecurityGroupIds: [!GetAtt Group.GroupId]}
"""
ONE_EGRESS = """
  Egress:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}
""".rstrip()
PLAN = '{"format_version": "1.2", "resource_changes": [{"change": {"actions": ["delete"]}}]}'


def reached(tmp_path: Path, *more: str) -> Verdict:
    (tmp_path / "network.yaml").write_text("\n".join((TEMPLATE, *more)))
    return load(str(tmp_path)).can_reach("App", "198.51.100.1", parse_traffic("tcp/443")).verdict


@fact("2.3")
def test_a_group_of_cloudformation_keeps_its_egress_until_another_is_written(tmp_path: Path):
    assert reached(tmp_path) is REACHABLE
    assert reached(tmp_path, ONE_EGRESS) is BLOCKED


@fact("2.11")
def test_both_branches_of_a_condition_that_is_not_known_count(tmp_path: Path):
    assert reached(tmp_path, ONE_EGRESS, "    Condition: Closed") is UNKNOWN


@fact("2.6", "2.10")
def test_a_plan_is_never_read_as_an_empty_network(tmp_path: Path):
    (tmp_path / "tfplan.json").write_text(PLAN)
    for path in (tmp_path, tmp_path / "tfplan.json"):
        with pytest.raises(InputError) as refused:
            load(str(path))
        assert str(path) in str(refused.value)


ADOPTED_GROUP = """
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}
"""
BARE = """
resource "aws_instance" "NAME" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.private.id
}
"""
TWO = BARE.replace("NAME", "one") + BARE.replace("NAME", "two")


@fact("2.4")
def test_an_adopted_default_group_is_emptied():
    assert verdict(NETWORK + TWO, "aws_instance.one", "aws_instance.two", "tcp/22") is REACHABLE
    assert verdict(NETWORK + TWO, "aws_instance.one", "internet", "tcp/443") is REACHABLE
    adopted = NETWORK + TWO + ADOPTED_GROUP
    assert verdict(adopted, "aws_instance.one", "aws_instance.two", "tcp/22") is BLOCKED
    assert verdict(adopted, "aws_instance.one", "internet", "tcp/443") is BLOCKED


@fact("2.4")
def test_an_adopted_default_acl_is_emptied():
    adopted = """
resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
}
"""
    text = SERVED.replace(
        "aws_subnet.private.id\n  vpc_security_group_ids = [aws_security_group.db.id]",
        "aws_subnet.public.id\n  vpc_security_group_ids = [aws_security_group.db.id]",
    )
    text += group("db", rule("5432", members("app")))
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is REACHABLE
    found = ask(text + adopted, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is BLOCKED
    assert codes(found) == ["SUBNET_ACL_RESTRICTION"]


@fact("2.4")
def test_an_adopted_main_route_table_has_only_the_routes_that_stand_in_it():
    adopted = """
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  ROUTES
}
"""
    routed = 'route {\n    cidr_block = "0.0.0.0/0"\n    gateway_id = aws_internet_gateway.main.id\n  }'
    text = (
        VPC
        + PRIVATE
        + group("web", ALL_OUT)
        + instance("web", "private", "web", more="associate_public_ip_address = true")
    )
    assert (
        verdict(text + adopted.replace("ROUTES", routed), "aws_instance.web", "internet", "tcp/443")
        is REACHABLE
    )
    found = ask(text + adopted.replace("ROUTES", "route = []"), "aws_instance.web", "internet", "tcp/443")
    assert found.verdict is BLOCKED
    assert codes(found) == ["NO_ROUTE_TO_DESTINATION"]


SEPARATE = """
resource "aws_security_group_rule" "more" {
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "tcp"
  from_port         = 9187
  to_port           = 9187
  cidr_blocks       = ["10.0.0.0/16"]
}
"""


@fact("2.5")
def test_inline_and_separate_rules_are_read_as_their_union():
    text = SERVED + group("db", rule("5432", members("app"))) + SEPARATE
    for port, expected in ((5432, REACHABLE), (9187, REACHABLE), (22, BLOCKED)):
        assert verdict(text, "aws_instance.app", "aws_instance.db", f"tcp/{port}") is expected


INLINE = rule("5432", cidrs("10.0.0.0/16"))
OLD = SEPARATE.replace("9187", "5432")
NEW = """
resource "aws_vpc_security_group_ingress_rule" "more" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.0.0.0/16"
}
"""


@fact("2.7")
def test_every_shape_of_a_rule_gives_the_same_answer():
    shapes = (group("db", INLINE), group("db") + OLD, group("db") + NEW)
    found = [ask(SERVED + shape, "aws_instance.app", "aws_instance.db") for shape in shapes]
    assert [(one.verdict, one.traffic) for one in found] == [(REACHABLE, found[0].traffic)] * 3


@fact("2.7")
def test_one_separate_rule_may_name_ranges_a_group_and_itself():
    text = (
        APP
        + group("db", ALL_OUT)
        + group("office")
        + instance("db", "private", "db")
        + instance("replica", "private", "db")
        + instance("near", "public", "app")
        + """
resource "aws_security_group_rule" "mixed" {
  type              = "ingress"
  security_group_id = aws_security_group.db.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  self              = true
  cidr_blocks       = ["10.0.1.0/24"]
}
"""
    )
    assert verdict(text, "aws_instance.replica", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.near", "aws_instance.db", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.db", "tcp/5432") is BLOCKED


COUNTED = """
resource "aws_security_group" "tier" {
  for_each = toset(["web", "app", "db"])
  name     = each.key
  vpc_id   = aws_vpc.main.id
}

resource "aws_security_group_rule" "chain" {
  for_each                 = { app = "web", db = "app" }
  type                     = "ingress"
  security_group_id        = aws_security_group.tier[each.key].id
  source_security_group_id = aws_security_group.tier[each.value].id
  protocol                 = "tcp"
  from_port                = 8080
  to_port                  = 8080
}

resource "aws_vpc_security_group_egress_rule" "all" {
  for_each          = aws_security_group.tier
  security_group_id = each.value.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_instance" "node" {
  for_each               = aws_security_group.tier
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [each.value.id]
}
"""


@fact("2.8")
def test_rules_between_members_of_a_loop_keep_their_ends():
    text = NETWORK + COUNTED
    ends = {name: f'aws_instance.node["{name}"]' for name in ("web", "app", "db")}
    assert verdict(text, ends["web"], ends["app"], "tcp/8080") is REACHABLE
    assert verdict(text, ends["app"], ends["db"], "tcp/8080") is REACHABLE
    assert verdict(text, ends["web"], ends["db"], "tcp/8080") is BLOCKED


SERVICE = """
variable "name" {}
variable "vpc_id" {}
variable "subnet_id" {}
variable "port" { default = 80 }
variable "clients" { default = [] }

resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = var.vpc_id

  ingress {
    from_port       = var.port
    to_port         = var.port
    protocol        = "tcp"
    security_groups = var.clients
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "this" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.this.id]
}

output "group_id" {
  value = aws_security_group.this.id
}
"""
SIBLINGS = """
module "web" {
  source    = "./service"
  name      = "web"
  vpc_id    = aws_vpc.main.id
  subnet_id = aws_subnet.public.id
}

module "api" {
  source    = "./service"
  name      = "api"
  vpc_id    = aws_vpc.main.id
  subnet_id = aws_subnet.private.id
  port      = 8443
  clients   = [module.web.group_id]
}
"""


@fact("2.8")
def test_siblings_of_one_module_keep_their_own_values():
    found = network(NETWORK + SIBLINGS, modules={"service": SERVICE})
    web, api = "module.web.aws_instance.this", "module.api.aws_instance.this"
    assert found.can_reach(web, api, "tcp/8443").verdict is REACHABLE
    assert found.can_reach(web, api, "tcp/80").verdict is BLOCKED
    assert found.can_reach(api, web, "tcp/80").verdict is BLOCKED
    assert found.can_reach(api, web, "tcp/8443").verdict is BLOCKED


@fact("2.9")
def test_an_id_that_creation_fills_in_joins_what_names_it():
    text = (
        NETWORK
        + group("app", ALL_OUT)
        + group("db", rule("5432", members("app")))
        + instance("app", "private", "app")
        + instance("db", "public", "db")
        + """
locals {
  database_groups = [aws_security_group.db.id]
}

resource "aws_instance" "second" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = element([aws_subnet.private.id, aws_subnet.public.id], 1)
  vpc_security_group_ids = local.database_groups
}
"""
    )
    assert verdict(text, "aws_instance.app", "aws_instance.second", "tcp/5432") is REACHABLE
    assert verdict(text, "aws_instance.app", "aws_instance.second", "tcp/22") is BLOCKED


@fact("2.9")
def test_a_peer_that_only_creation_decides_is_unknown_and_named():
    text = SERVED + group("db", rule("5432", 'cidr_blocks = ["${aws_eip.nat.public_ip}/32"]'))
    found = ask(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "aws_eip.nat.public_ip" in why(found)
    assert verdict(text, "198.51.100.1", "aws_instance.db", "tcp/5432") is BLOCKED
    answer = ask(text + instance("web", "public", "db"), "internet", "aws_instance.web", "tcp/5432")
    assert answer.verdict is UNKNOWN
    assert "aws_eip.nat.public_ip" in why(answer)


@fact("2.9")
def test_a_group_named_by_a_data_source_is_unknown_and_named():
    text = (
        VPC
        + PUBLIC
        + PRIVATE
        + 'data "aws_security_group" "shared" {\n  name = "shared"\n}\n'
        + group("app", ALL_OUT)
        + instance("app", "private", "app")
        + """
resource "aws_instance" "db" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [data.aws_security_group.shared.id]
}
"""
    )
    found = ask(text, "aws_instance.app", "aws_instance.db", "tcp/5432")
    assert found.verdict is UNKNOWN
    assert "data.aws_security_group.shared" in why(found)
