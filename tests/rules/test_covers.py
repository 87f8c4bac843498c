"""Ranges in the rules of groups, and whose members they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, findings, group, instance, rule


def found(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "cidr-instead-of-group", NETWORK, *parts)


def ingress(cidr: str, port: int = 5432) -> str:
    return rule(f"cidr_blocks = [{cidr}]", port)


WEB = group("web", rule('cidr_blocks = ["0.0.0.0/0"]', 5432, direction="egress"))


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "192.168.0.0/16", "10.1.0.0/16", "203.0.113.0/24"])
def test_a_range_that_holds_no_part_of_the_vpc_is_satisfied(tmp_path: Path, cidr: str):
    assert found(tmp_path, WEB, instance("web", "web"), group("db", ingress(f'"{cidr}"'))) == ()


def test_a_range_of_the_vpc_that_holds_nobody_is_told_as_one_that_no_group_fits(tmp_path: Path):
    (finding,) = found(tmp_path, WEB, instance("web", "web"), group("db", ingress('"10.0.1.0/24"')))
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.INFO)
    assert "10.0.1.0/24, which holds nobody of the input: no group fits" in finding.message


def test_nothing_is_said_of_ranges_in_a_vpc_of_which_the_input_knows_nobody(tmp_path: Path):
    assert found(tmp_path, WEB, group("db", ingress('"10.0.1.0/24"'))) == ()


def test_a_range_for_a_balancer_without_a_group_is_one_that_no_group_fits(tmp_path: Path):
    balancer = """
    resource "aws_lb" "net" {
      load_balancer_type = "network"
      subnets            = [aws_subnet.b.id]
    }
    """
    db = group("db", ingress('"10.0.1.0/24"'))
    (finding,) = found(tmp_path, WEB, instance("web", "web"), balancer, db)
    assert finding.severity is Severity.INFO
    assert "nobody of the input but aws_lb.net" in finding.message


ROUTE = """
resource "aws_vpc_peering_connection" "p" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_route" "p" {
  route_table_id            = aws_default_route_table.main.id
  destination_cidr_block    = "10.9.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}
"""


def test_no_group_fits_what_of_a_range_lies_behind_a_peering(tmp_path: Path):
    wide = group("db", ingress('"10.0.0.0/8"'))
    (finding,) = found(tmp_path, WEB, instance("web", "web"), wide, ROUTE)
    assert (finding.severity, finding.remedy) == (Severity.LOW, None)
    assert (
        "lies outside the VPC no group fits: aws_default_route_table.main sends 10.9.0.0/16"
        in finding.message
    )
    assert finding.fix.startswith("Reference web in place of 10.0.0.0/8, and keep ranges")


def test_a_range_of_the_vpc_alone_lies_before_any_peering(tmp_path: Path):
    own = group("db", ingress('"10.0.0.0/16"'))
    (finding,) = found(tmp_path, WEB, instance("web", "web"), own, ROUTE)
    assert finding.severity is Severity.MEDIUM
    assert "outside the VPC" not in finding.message


def test_those_who_open_no_connections_need_no_rule_that_lets_them_in(tmp_path: Path):
    endpoint = """
    resource "aws_vpc_endpoint" "ssm" {
      vpc_id             = aws_vpc.main.id
      vpc_endpoint_type  = "Interface"
      service_name       = "com.amazonaws.eu-west-1.ssm"
      subnet_ids         = [aws_subnet.a.id]
      security_group_ids = [aws_security_group.endpoint.id]
    }
    """
    out = rule('cidr_blocks = ["0.0.0.0/0"]', 5432, direction="egress")
    endpoints = group("endpoint", ingress('"10.0.0.0/16"'), out)
    (finding,) = found(tmp_path, WEB, instance("web", "web"), endpoints, endpoint)
    assert "Of these only web can use it" in finding.message
    assert finding.fix == "Reference web in place of 10.0.0.0/16."


def test_an_entry_of_a_network_acl_is_no_rule_of_a_group(tmp_path: Path):
    acl = """
    resource "aws_network_acl" "a" {
      vpc_id     = aws_vpc.main.id
      subnet_ids = [aws_subnet.a.id]

      ingress {
        rule_no    = 100
        action     = "allow"
        protocol   = "-1"
        from_port  = 0
        to_port    = 0
        cidr_block = "10.0.0.0/24"
      }
    }
    """
    assert found(tmp_path, WEB, instance("web", "web"), acl) == ()


def test_a_range_around_the_vpc_is_flagged_with_the_group_to_reference(tmp_path: Path):
    (finding,) = found(tmp_path, WEB, instance("web", "web"), group("db", ingress('"10.0.0.0/8"')))
    assert finding.judgement is Judgement.VIOLATED
    assert "holds all members of web" in finding.message
    assert finding.fix == "Reference web in place of 10.0.0.0/8."


def test_an_egress_rule_to_a_range_is_flagged_likewise(tmp_path: Path):
    web = group("web", rule('cidr_blocks = ["10.0.1.0/24"]', 5432, direction="egress"))
    db = group("db", rule("security_groups = [aws_security_group.web.id]", 5432))
    (finding,) = found(tmp_path, web, db, instance("db", "db", subnet="b"))
    assert finding.component == "aws_security_group.web"
    assert finding.fix == "Reference db in place of 10.0.1.0/24."


def test_ranges_that_only_together_hold_a_group_are_one_finding(tmp_path: Path):
    members = [instance("one", "web"), instance("two", "web", subnet="b")]
    db = group("db", ingress('"10.0.0.0/24", "10.0.1.0/24"'))
    (finding,) = found(tmp_path, WEB, *members, db)
    assert "10.0.0.0/24 and 10.0.1.0/24, which hold all members of web" in finding.message
    assert "10.0.1.0/24, too" in {related.text for related in finding.related}


def test_a_range_that_holds_a_part_of_a_group_says_so(tmp_path: Path):
    members = [instance("one", "web"), instance("two", "web", subnet="b")]
    (finding,) = found(tmp_path, WEB, *members, group("db", ingress('"10.0.0.0/24"')))
    assert "holds some members of web" in finding.message


def test_a_group_that_is_referenced_already_is_not_proposed_again(tmp_path: Path):
    reference = rule("security_groups = [aws_security_group.web.id]", 5432)
    db = group("db", reference, ingress('"10.0.0.0/24"'))
    (finding,) = found(tmp_path, WEB, instance("web", "web"), db)
    assert finding.fix == "Remove 10.0.0.0/24, or reference the group that is meant."


def test_members_of_the_group_itself_are_proposed_as_the_group_itself(tmp_path: Path):
    own = group("db", ingress('"10.0.0.0/24"'), rule('cidr_blocks = ["0.0.0.0/0"]', 5432, direction="egress"))
    (finding,) = found(tmp_path, own, instance("db", "db"))
    assert finding.fix == "Reference the group itself in place of 10.0.0.0/24."


def test_a_part_of_a_subnet_may_hold_an_address_that_aws_picks(tmp_path: Path):
    (finding,) = found(tmp_path, WEB, instance("web", "web"), group("db", ingress('"10.0.0.0/28"')))
    assert finding.judgement is Judgement.UNDETERMINED
    assert [reason.what for reason in finding.unknowns] == ["the address of aws_instance.web in 10.0.0.0/24"]


def test_a_part_of_a_subnet_holds_an_address_that_is_given(tmp_path: Path):
    web = instance("web", "web", more='  private_ip = "10.0.0.9"')
    (finding,) = found(tmp_path, WEB, web, group("db", ingress('"10.0.0.0/28"')))
    assert finding.judgement is Judgement.VIOLATED
    (finding,) = found(tmp_path, WEB, web, group("db", ingress('"10.0.0.16/28"')))
    assert finding.message.endswith("which holds nobody of the input: no group fits.")


def test_an_unknown_range_in_a_vpc_without_members_is_satisfied(tmp_path: Path):
    variable = 'variable "clients" {\n  type = string\n}\n'
    assert found(tmp_path, variable, WEB, group("db", ingress("var.clients"))) == ()


def test_an_unknown_range_that_may_hold_members_weighs_less_than_one_that_does(tmp_path: Path):
    variable = 'variable "clients" {\n  type = string\n}\n'
    web = instance("web", "web", more=PRIVATE)
    (perhaps,) = found(tmp_path, variable, WEB, web, group("db", ingress("var.clients")))
    (certain,) = found(tmp_path, WEB, web, group("db", ingress('"10.0.0.0/24"')))
    assert (perhaps.judgement, perhaps.severity) == (Judgement.UNDETERMINED, Severity.LOW)
    assert (certain.judgement, certain.severity) == (Judgement.VIOLATED, Severity.MEDIUM)


def test_a_range_whose_vpc_is_not_known_is_undetermined(tmp_path: Path):
    variable = 'variable "vpc_id" {\n  type = string\n}\n'
    db = group("db", ingress('"10.0.0.0/24"')).replace("aws_vpc.main.id", "var.vpc_id")
    (finding,) = found(tmp_path, variable, WEB, instance("web", "web"), db)
    assert finding.judgement is Judgement.UNDETERMINED


def test_a_rule_that_may_not_be_there_is_undetermined(tmp_path: Path):
    variable = 'variable "open" {\n  type = bool\n}\n'
    db = group("db") + (
        'resource "aws_vpc_security_group_ingress_rule" "db" {\n  count = var.open ? 1 : 0\n'
        '  security_group_id = aws_security_group.db.id\n  ip_protocol = "-1"\n'
        '  cidr_ipv4 = "10.0.0.0/24"\n}\n'
    )
    (finding,) = found(tmp_path, variable, WEB, instance("web", "web", more=PRIVATE), db)
    assert finding.judgement is Judgement.UNDETERMINED
    assert "var.open" in {reason.what for reason in finding.unknowns}


def test_a_balancer_without_a_group_is_named_as_what_no_reference_can_stand_for(tmp_path: Path):
    balancer = (
        'resource "aws_lb" "n" {\n  load_balancer_type = "network"\n  internal = true\n'
        "  subnets = [aws_subnet.a.id]\n}\n"
    )
    (finding,) = found(tmp_path, WEB, instance("web", "web"), balancer, group("db", ingress('"10.0.0.0/24"')))
    assert "aws_lb.n, in it too, has no group to reference" in finding.message
