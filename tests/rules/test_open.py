"""Groups that are open to the world, and what of it arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, findings, group, instance, rule


def found(folder: Path, *parts: str, tiers: dict[str, str] | None = None) -> tuple[Finding, ...]:
    return findings(folder, "internal-service-open-to-world", NETWORK, *parts, tiers=tiers)


WORLD = rule('cidr_blocks = ["0.0.0.0/0"]')


@pytest.mark.parametrize(
    "cidrs",
    ['"0.0.0.0/2"', '"0.0.0.0/3", "64.0.0.0/3"', '"0.0.0.0/1", "128.0.0.0/1"', '"64.0.0.0/3", "96.0.0.0/3"'],
)
def test_an_internet_sized_part_of_the_addresses_is_the_world(tmp_path: Path, cidrs: str):
    (finding,) = found(
        tmp_path, group("g", rule(f"cidr_blocks = [{cidrs}]")), instance("i", "g", more=PUBLIC)
    )
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.CRITICAL)


@pytest.mark.parametrize("cidrs", ['"203.0.113.0/24"', '"0.0.0.0/3"', '"10.0.0.0/8", "8.0.0.0/8"'])
def test_a_smaller_part_is_not_the_world(tmp_path: Path, cidrs: str):
    peers = f"cidr_blocks = [{cidrs}]"
    assert found(tmp_path, group("g", rule(peers)), instance("i", "g", more=PUBLIC)) == ()


def test_parts_of_the_world_on_services_that_meet_are_open_where_they_meet(tmp_path: Path):
    quarters = group(
        "g",
        'ingress {\n  protocol = "tcp"\n  from_port = 20\n  to_port = 23\n  cidr_blocks = ["64.0.0.0/3"]\n}',
        'ingress {\n  protocol = "tcp"\n  from_port = 22\n  to_port = 25\n  cidr_blocks = ["96.0.0.0/3"]\n}',
    )
    (finding,) = found(tmp_path, quarters, instance("i", "g", more=PUBLIC))
    assert "on tcp/22-23" in finding.message


def test_parts_of_the_world_on_services_that_do_not_meet_are_not_the_world(tmp_path: Path):
    quarters = group("g", rule('cidr_blocks = ["64.0.0.0/3"]', 22), rule('cidr_blocks = ["96.0.0.0/3"]', 23))
    assert found(tmp_path, quarters, instance("i", "g", more=PUBLIC)) == ()


def test_a_group_without_members_is_told_as_such(tmp_path: Path):
    (finding,) = found(tmp_path, group("g", WORLD))
    assert finding.severity is Severity.LOW
    assert "no member in the input" in finding.message


def test_a_member_that_nothing_brings_the_internet_to_is_of_low_severity(tmp_path: Path):
    (finding,) = found(tmp_path, group("g", WORLD), instance("i", "g", more=PRIVATE))
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.LOW)
    assert "aws_instance.i has no public address" in finding.proof


def test_one_exposed_member_is_enough(tmp_path: Path):
    members = [instance("hidden", "g", more=PRIVATE), instance("shown", "g", more=PUBLIC)]
    (finding,) = found(tmp_path, group("g", WORLD), *members)
    assert finding.severity is Severity.CRITICAL
    assert "aws_instance.shown" in finding.message
    assert "aws_instance.hidden" not in finding.message


def test_a_public_address_that_is_not_known_is_undetermined(tmp_path: Path):
    variable = 'variable "public" {\n  type = bool\n}\n'
    member = instance("i", "g", more="  associate_public_ip_address = var.public")
    (finding,) = found(tmp_path, variable, group("g", WORLD), member)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.HIGH)
    assert "var.public" in {reason.what for reason in finding.unknowns}


@pytest.mark.parametrize(("port", "findings_count"), [(443, 0), (80, 0), (8443, 1)])
def test_a_web_server_with_a_public_address_may_be_open_on_web_ports_only(
    tmp_path: Path, port: int, findings_count: int
):
    web = group("g", rule('cidr_blocks = ["0.0.0.0/0"]', port))
    assert len(found(tmp_path, web, instance("i", "g", more=PUBLIC))) == findings_count


def test_the_web_ports_of_what_has_no_public_address_are_told(tmp_path: Path):
    web = group("g", rule('cidr_blocks = ["0.0.0.0/0"]', 443))
    (finding,) = found(tmp_path, web, instance("i", "g", more=PRIVATE))
    assert finding.severity is Severity.LOW


def balancer(internal: str) -> str:
    return (
        f'resource "aws_lb" "l" {{\n  internal = {internal}\n  subnets = [aws_subnet.a.id, aws_subnet.b.id]\n'
        "  security_groups = [aws_security_group.g.id]\n}\n"
    )


def test_an_internet_facing_balancer_is_meant_for_the_public(tmp_path: Path):
    assert found(tmp_path, group("g", WORLD), balancer("false")) == ()


def test_an_internal_balancer_is_not(tmp_path: Path):
    (finding,) = found(tmp_path, group("g", WORLD), balancer("true"))
    assert finding.severity is Severity.LOW


def test_a_balancer_that_may_be_internal_is_undetermined(tmp_path: Path):
    variable = 'variable "internal" {\n  type = bool\n}\n'
    (finding,) = found(tmp_path, variable, group("g", WORLD), balancer("var.internal"))
    assert finding.judgement is Judgement.UNDETERMINED


def test_a_group_that_a_balancer_shares_with_a_server_is_flagged_for_the_server(tmp_path: Path):
    (finding,) = found(tmp_path, group("g", WORLD), balancer("false"), instance("i", "g", more=PUBLIC))
    assert finding.severity is Severity.CRITICAL
    assert "aws_instance.i" in finding.message


def test_what_the_configuration_calls_public_is_meant_for_the_public(tmp_path: Path):
    parts = (group("g", WORLD), instance("i", "g", more=PUBLIC))
    assert found(tmp_path, *parts, tiers={"aws_instance.i": "public"}) == ()
    assert len(found(tmp_path, *parts, tiers={"aws_instance.i": "app"})) == 1


def test_what_aws_lists_for_its_own_services_is_not_the_world(tmp_path: Path):
    managed = 'data "aws_prefix_list" "s3" {\n  name = "com.amazonaws.eu-central-1.s3"\n}\n'
    peers = "prefix_list_ids = [data.aws_prefix_list.s3.id]"
    assert found(tmp_path, managed, group("g", rule(peers)), instance("i", "g", more=PUBLIC)) == ()


def test_both_families_of_one_rule_are_one_finding(tmp_path: Path):
    both = 'cidr_blocks = ["0.0.0.0/0"]\n  ipv6_cidr_blocks = ["::/0"]'
    (finding,) = found(tmp_path, group("g", rule(both)), instance("i", "g", more=PUBLIC))
    assert "0.0.0.0/0 and ::/0" in finding.message


IPV6 = """\
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "a" {
  vpc_id          = aws_vpc.main.id
  cidr_block      = "10.0.0.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 0)
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
%s}
"""
ROUTE = '\n  route {\n    ipv6_cidr_block = "::/0"\n    gateway_id      = aws_internet_gateway.main.id\n  }\n'
EVERYBODY = rule('ipv6_cidr_blocks = ["::/0"]')
OFFICE = rule('cidr_blocks = ["203.0.113.0/24"]')
DUAL = f"{PUBLIC}\n  ipv6_address_count = 1"


def by_ipv6(folder: Path, *parts: str) -> tuple[Finding, ...]:
    return findings(folder, "ipv6-open-where-ipv4-is-closed", *parts)


def test_what_the_office_reaches_by_ipv4_is_not_taken_for_the_world_by_ipv6(tmp_path: Path):
    parts = (IPV6 % "", group("g", OFFICE, EVERYBODY), instance("i", "g", more=DUAL))
    (finding,) = by_ipv6(tmp_path, *parts)
    assert finding.severity is Severity.HIGH
    assert "the replies do not get back" in finding.message


def test_a_route_for_ipv6_brings_the_world(tmp_path: Path):
    parts = (IPV6 % ROUTE, group("g", OFFICE, EVERYBODY), instance("i", "g", more=DUAL))
    (finding,) = by_ipv6(tmp_path, *parts)
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.CRITICAL)


def test_a_service_of_ipv6_alone_is_closed_to_nobody(tmp_path: Path):
    parts = (IPV6 % ROUTE, group("g", EVERYBODY), instance("i", "g", more=DUAL))
    assert by_ipv6(tmp_path, *parts) == ()


def test_only_the_services_that_ipv4_limits_are_told(tmp_path: Path):
    ports = 'protocol = "-1"\n  from_port = 0\n  to_port = 0'
    all_ports = f'ingress {{\n  {ports}\n  ipv6_cidr_blocks = ["::/0"]\n}}'
    web = rule('cidr_blocks = ["0.0.0.0/0"]', 443)
    parts = (IPV6 % ROUTE, group("g", OFFICE, web, all_ports), instance("i", "g", more=DUAL))
    (finding,) = by_ipv6(tmp_path, *parts)
    assert "443" not in finding.message.replace("442", "").replace("444", "")
    assert "by IPv4 to 203.0.113.0/24 only" in finding.message


def test_an_acl_that_lets_few_in_leaves_it_at_medium(tmp_path: Path):
    acl = """\
resource "aws_network_acl" "a" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "203.0.113.0/24"
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"""
    (finding,) = found(tmp_path, acl, group("g", WORLD), instance("i", "g", more=PUBLIC))
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, Severity.MEDIUM)
    assert "some addresses of the internet reach aws_instance.i" in finding.message


def test_that_something_answers_pings_is_low(tmp_path: Path):
    ping = 'ingress {\n  protocol = "icmp"\n  from_port = 8\n  to_port = 0\n  cidr_blocks = ["0.0.0.0/0"]\n}'
    (finding,) = found(tmp_path, group("g", ping), instance("i", "g", more=PUBLIC))
    assert finding.severity is Severity.LOW


def test_a_port_that_a_member_does_not_listen_on_is_not_that_members(tmp_path: Path):
    database = """\
resource "aws_db_subnet_group" "d" {
  subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
}

resource "aws_db_instance" "d" {
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.g.id]
  publicly_accessible    = true
}
"""
    parts = (NETWORK, group("g", rule('cidr_blocks = ["0.0.0.0/0"]', 22)), database)
    assert findings(tmp_path, "admin-port-from-internet", *parts) == ()
    (finding,) = findings(tmp_path, "internal-service-open-to-world", *parts)
    assert finding.severity is Severity.LOW


def test_a_web_server_that_may_have_an_address_is_either_spared_or_not_reached(tmp_path: Path):
    variable = 'variable "public" {\n  type = bool\n}\n'
    web = group("g", rule('cidr_blocks = ["0.0.0.0/0"]', 443))
    member = instance("i", "g", more="  associate_public_ip_address = var.public")
    (finding,) = found(tmp_path, variable, web, member)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.LOW)
    assert "whether aws_instance.i is meant for the public is not known" in finding.message


def test_groups_that_are_not_known_are_not_the_world(tmp_path: Path):
    variable = 'variable "clients" {\n  type = list(string)\n}\n'
    peers = group("g", rule("security_groups = var.clients", 8080))
    assert found(tmp_path, variable, peers, instance("i", "g", more=PUBLIC)) == ()


def test_a_bastion_that_may_carry_a_group_leaves_it_undetermined(tmp_path: Path):
    variable = 'variable "groups" {\n  type = list(string)\n}\n'
    bastion = (
        'resource "aws_instance" "bastion" {\n  subnet_id = aws_subnet.a.id\n'
        f"  vpc_security_group_ids = var.groups\n{PRIVATE}\n}}\n"
    )
    parts = (NETWORK, variable, group("g", WORLD), bastion)
    (finding,) = findings(tmp_path, "bastion-open-to-world", *parts)
    assert finding.judgement is Judgement.UNDETERMINED


MINE = 'variable "mine" {\n  type = string\n}\n'
ALL_MINE = 'variable "mine" {\n  type = list(string)\n}\n'


@pytest.mark.parametrize(
    ("variable", "cidrs"),
    [
        (MINE, '["${var.mine}/32"]'),
        (MINE, '["10.${var.mine}.0.0/16"]'),
        (ALL_MINE, '[for each in var.mine : "${each}/32"]'),
    ],
)
def test_a_range_of_known_size_is_not_the_world_wherever_it_is(tmp_path: Path, variable: str, cidrs: str):
    peers = group("g", rule(f"cidr_blocks = {cidrs}", 8080))
    assert found(tmp_path, variable, peers, instance("i", "g", more=PUBLIC)) == ()


@pytest.mark.parametrize(
    "cidr", ["${var.mine}", "${var.mine}/${var.mine}", "${var.mine}/0", "1${var.mine}/1"]
)
def test_a_range_of_unknown_size_may_be_the_world(tmp_path: Path, cidr: str):
    peers = group("g", rule(f'cidr_blocks = ["{cidr}"]', 8080))
    (finding,) = found(tmp_path, MINE, peers, instance("i", "g", more=PUBLIC))
    assert finding.judgement is Judgement.UNDETERMINED


def test_one_address_by_ipv4_is_fewer_than_the_world_by_ipv6(tmp_path: Path):
    mine = rule('cidr_blocks = ["${var.mine}/32"]')
    parts = (IPV6 % ROUTE, MINE, group("g", mine, EVERYBODY), instance("i", "g", more=DUAL))
    (finding,) = by_ipv6(tmp_path, *parts)
    assert finding.judgement is Judgement.VIOLATED


def test_one_more_service_is_another_fact_however_many_there_are(tmp_path: Path):
    def fingerprint(*ports: int) -> str:
        rules = "".join(
            f'resource "aws_vpc_security_group_ingress_rule" "r{port}{half}" {{\n'
            f"  security_group_id = aws_security_group.g.id\n"
            f'  cidr_ipv4 = "{half * 128}.0.0.0/1"\n'
            f'  ip_protocol = "tcp"\n  from_port = {port}\n  to_port = {port}\n}}\n'
            for port in ports
            for half in (0, 1)
        )
        every = found(tmp_path, group("g"), instance("i", "g", more=PUBLIC), rules)
        return " ".join(each.fingerprint for each in every)

    assert fingerprint(8080, 8082, 8084, 8086, 8088) != fingerprint(8080, 8082, 8084, 8086, 8090)


def test_few_of_many_ranges_are_named(tmp_path: Path):
    many = ", ".join(f'"{first * 32}.0.0.0/3"' for first in range(8))
    peers = group("g", rule(f"cidr_blocks = [{many}]", 8080))
    (finding,) = found(tmp_path, peers, instance("i", "g", more=PUBLIC))
    assert "0.0.0.0/3, 32.0.0.0/3, 64.0.0.0/3, 96.0.0.0/3 and 4 more on tcp/8080" in finding.message


def test_where_neither_the_range_nor_what_arrives_is_known_it_is_of_medium_severity(tmp_path: Path):
    unknown = 'variable "office" {\n  type = string\n}\nvariable "subnet" {\n  type = string\n}\n'
    host = instance("i", "g", more=PUBLIC).replace("aws_subnet.a.id", "var.subnet")
    parts = (NETWORK, unknown, group("g", rule("cidr_blocks = [var.office]", 8080)), host)
    (finding,) = findings(tmp_path, "internal-service-open-to-world", *parts)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.MEDIUM)


@pytest.mark.parametrize("looked_up", ["aws_vpc", "aws_subnet"])
def test_the_range_of_a_network_that_is_looked_up_is_never_the_world(tmp_path: Path, looked_up: str):
    data = f'data "{looked_up}" "other" {{\n  tags = {{ Team = "other" }}\n}}\n'
    one = group("g", rule(f"cidr_blocks = [data.{looked_up}.other.cidr_block]"))
    assert found(tmp_path, data, one, instance("i", "g", more=PUBLIC)) == ()


def test_another_value_that_is_looked_up_may_be_the_world(tmp_path: Path):
    data = 'data "aws_ssm_parameter" "clients" {\n  name = "clients"\n}\n'
    one = group("g", rule("cidr_blocks = [data.aws_ssm_parameter.clients.value]"))
    (finding,) = found(tmp_path, data, one, instance("i", "g", more=PUBLIC))
    assert finding.judgement is Judgement.UNDETERMINED
