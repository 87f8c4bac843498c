"""Who must not reach whom: the tiers, and what a finding stands at."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.errors import RuleError
from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, PRIVATE, PUBLIC, findings, group, instance, rule


def found(folder: Path, *parts: str, tiers: dict[str, str] | None = None) -> tuple[Finding, ...]:
    return findings(folder, "data-tier-egress", NETWORK, *parts, tiers=tiers)


OUT = group("g", rule('cidr_blocks = ["0.0.0.0/0"]', 443, direction="egress"))


def test_a_workload_of_no_known_tier_is_not_of_the_data_tier(tmp_path: Path):
    assert found(tmp_path, OUT, instance("i", "g", more=PUBLIC)) == ()


@pytest.mark.parametrize(
    "tag", ['Tier = "data"', 'tier = "database"', 'Layer = "persistence"', 'Tier = "db"']
)
def test_a_tag_puts_a_workload_into_its_tier(tmp_path: Path, tag: str):
    (finding,) = found(tmp_path, OUT, instance("i", "g", more=f"{PUBLIC}\n  tags = {{ {tag} }}"))
    assert "aws_instance.i can open tcp/443 to the internet" in finding.message


def test_a_tag_about_something_else_is_no_tier(tmp_path: Path):
    assert found(tmp_path, OUT, instance("i", "g", more=f'{PUBLIC}\n  tags = {{ Tier = "gold" }}')) == ()


def test_the_configuration_goes_before_the_tag(tmp_path: Path):
    tagged = instance("i", "g", more=f'{PUBLIC}\n  tags = {{ Tier = "data" }}')
    assert found(tmp_path, OUT, tagged, tiers={"i": "app"}) == ()
    plain = instance("i", "g", more=PUBLIC)
    assert len(found(tmp_path, OUT, plain, tiers={"i": "data"})) == 1
    assert len(found(tmp_path, OUT, plain, tiers={"aws_security_group.g": "data"})) == 1


def test_the_name_of_the_subnet_goes_before_the_name_of_the_workload(tmp_path: Path):
    subnet = """
    resource "aws_subnet" "data" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.9.0/24"
    }
    """
    (finding,) = found(tmp_path, OUT, subnet, instance("app", "g", subnet="data", more=PUBLIC))
    assert "aws_instance.app" in finding.message


def test_workloads_on_one_route_are_one_finding(tmp_path: Path):
    members = [
        instance(name, "g", subnet=subnet, more=f'{PUBLIC}\n  tags = {{ Tier = "data" }}')
        for name, subnet in (("one", "a"), ("two", "a"), ("three", "b"))
    ]
    (finding,) = found(tmp_path, OUT, *members)
    assert finding.component.endswith("default_route_table.main")
    for name in ("one", "two", "three"):
        assert f"aws_instance.{name}" in finding.message


ZONES = """
resource "aws_subnet" "data" {
  count      = %(zones)s
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${100 + count.index}.0/24"
}

resource "aws_nat_gateway" "n" {
  count         = %(gateways)s
  subnet_id     = aws_subnet.a.id
  allocation_id = "eipalloc-0123456789abcdef0"
}

resource "aws_route_table" "data" {
  count  = %(zones)s
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = element(aws_nat_gateway.n[*].id, count.index)
  }
}

resource "aws_route_table_association" "data" {
  count          = %(zones)s
  subnet_id      = aws_subnet.data[count.index].id
  route_table_id = aws_route_table.data[count.index].id
}

resource "aws_db_subnet_group" "data" {
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_db_instance" "d" {
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.data.name
  vpc_security_group_ids = [aws_security_group.g.id]
}
"""


def zones(zones: int, gateways: int) -> str:
    return ZONES % {"zones": zones, "gateways": gateways}


def test_routes_that_one_line_makes_are_one_finding_with_all_their_gateways(tmp_path: Path):
    (finding,) = found(tmp_path, OUT, zones(2, 2))
    assert finding.component == "aws_route_table.data[0]"
    assert "by the route 0.0.0.0/0 to aws_nat_gateway.n[0] and aws_nat_gateway.n[1]." in finding.message
    (moved,) = found(tmp_path, "# further down", OUT, zones(2, 2))
    assert moved.at.line == finding.at.line + 1
    assert moved.fingerprint == finding.fingerprint
    (wider,) = found(tmp_path, OUT, zones(3, 3))
    assert wider.fingerprint != finding.fingerprint


def test_tables_that_share_a_gateway_name_it_once(tmp_path: Path):
    (finding,) = found(tmp_path, OUT, zones(3, 1))
    assert finding.message.endswith("by the route 0.0.0.0/0 to aws_nat_gateway.n[0].")


def test_routes_of_two_lines_are_two_findings(tmp_path: Path):
    second = zones(1, 1).replace('"data"', '"more"').replace(".data", ".more").replace(".n[", ".o[")
    second = second.replace('"n"', '"o"').replace('"d"', '"e"').replace("100 +", "200 +")
    assert len(found(tmp_path, OUT, zones(2, 2), second)) == 2


def test_a_database_that_no_group_lets_out_is_satisfied(tmp_path: Path):
    tagged = instance("i", "g", more=f'{PUBLIC}\n  tags = {{ Tier = "data" }}')
    assert found(tmp_path, group("g"), tagged) == ()


def test_a_workload_without_a_public_address_does_not_get_out_by_an_internet_gateway(tmp_path: Path):
    tagged = instance("i", "g", more=f'{PRIVATE}\n  tags = {{ Tier = "data" }}')
    assert found(tmp_path, OUT, tagged) == ()


def test_an_unknown_range_is_undetermined_at_the_route(tmp_path: Path):
    variable = 'variable "mirror" {\n  type = string\n}\n'
    out = group("g", rule("cidr_blocks = [var.mirror]", 443, direction="egress"))
    (finding,) = found(
        tmp_path, variable, out, instance("i", "g", more=f'{PUBLIC}\n  tags = {{ Tier = "data" }}')
    )
    assert finding.judgement is Judgement.UNDETERMINED
    assert "var.mirror" in {reason.what for reason in finding.unknowns}


def test_a_tier_that_there_is_not_is_refused(tmp_path: Path):
    (tmp_path / "main.tf").write_text(NETWORK, encoding="utf-8")
    with pytest.raises(RuleError, match="'storage' is no tier") as caught:
        pipeline.check(pipeline.load(str(tmp_path)), tiers={"i": "storage"})
    assert caught.value.hint == "one of public, app, data, internal, external"


OUTSIDE = """\
variable "group" {
  type = string
}

variable "subnets" {
  type = string
}

resource "aws_db_instance" "d" {
  engine                 = "postgres"
  db_subnet_group_name   = var.subnets
  vpc_security_group_ids = [var.group]
  publicly_accessible    = %s
}
"""


@pytest.mark.parametrize("rule", ["data-tier-egress", "internet-to-data-in-n-hops"])
def test_what_nothing_in_the_input_says_is_told_at_the_workload_and_weighs_little(tmp_path: Path, rule: str):
    (finding,) = findings(
        tmp_path, rule, NETWORK, OUTSIDE % "var.public", 'variable "public" { type = bool }'
    )
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.LOW)
    assert (finding.component, finding.at.path) == ("aws_db_instance.d", str(tmp_path / "main.tf"))


def test_a_database_that_is_public_and_whose_groups_are_outside_keeps_its_weight(tmp_path: Path):
    (finding,) = findings(tmp_path, "internet-to-data-in-n-hops", NETWORK, OUTSIDE % "true")
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.HIGH)
    assert finding.message.endswith("the last is tcp/5432.")


def test_a_rule_is_not_blamed_alone_for_what_others_of_its_group_let_in(tmp_path: Path):
    doors = [rule("security_groups = [aws_security_group.web.id]", port) for port in (5432, 5433)]
    data = instance("d", "data", subnet="b", more=f'{PRIVATE}\n  tags = {{ Tier = "data" }}')
    web = instance("w", "web", more=f'{PUBLIC}\n  tags = {{ Tier = "public" }}')
    out = rule('cidr_blocks = ["0.0.0.0/0"]', 5432, direction="egress")
    both = rule('cidr_blocks = ["0.0.0.0/0"]', 5433, direction="egress")
    one = findings(tmp_path, "app-tier-bypass", NETWORK, group("web", out), group("data", *doors), data, web)
    two = findings(
        tmp_path, "app-tier-bypass", NETWORK, group("web", out, both), group("data", *doors), data, web
    )
    assert [each.message.endswith("and other rules of its group.") for each in (*one, *two)] == [False, True]


def test_every_route_is_told_where_there_are_more_ways_than_an_answer_shows(tmp_path: Path):
    places = range(12)
    subnets = [
        f"""
        resource "aws_subnet" "db{place}" {{
          vpc_id     = aws_vpc.main.id
          cidr_block = "10.0.{20 + place}.0/24"
        }}

        resource "aws_route_table" "db{place}" {{
          vpc_id = aws_vpc.main.id

          route {{
            cidr_block     = "0.0.0.0/0"
            nat_gateway_id = aws_nat_gateway.main.id
          }}
        }}

        resource "aws_route_table_association" "db{place}" {{
          subnet_id      = aws_subnet.db{place}.id
          route_table_id = aws_route_table.db{place}.id
        }}
        """
        for place in places
    ]
    database = f"""
    resource "aws_eip" "nat" {{
      domain = "vpc"
    }}

    resource "aws_nat_gateway" "main" {{
      allocation_id = aws_eip.nat.id
      subnet_id     = aws_subnet.a.id
    }}

    resource "aws_db_subnet_group" "main" {{
      subnet_ids = [{", ".join(f"aws_subnet.db{place}.id" for place in places)}]
    }}

    resource "aws_db_instance" "main" {{
      db_subnet_group_name   = aws_db_subnet_group.main.name
      vpc_security_group_ids = [aws_security_group.g.id]
      engine                 = "postgres"
    }}
    """
    assert {one.component for one in found(tmp_path, OUT, *subnets, database)} == {
        f"aws_route_table.db{place}" for place in places
    }


def test_sources_of_which_less_is_known_do_not_hide_those_that_certainly_get_in(tmp_path: Path):
    unknown = """
    variable "peer" {
      type = string
    }
    """
    towards = [group(f"g{number}", OPEN_OUT.format(peer="var.peer")) for number in range(6)]
    towards.append(group("g6", OPEN_OUT.format(peer='"0.0.0.0/0"')))
    sources = [
        instance(f"web{number}", f"g{number}", more='tags = { Tier = "public" }') for number in range(7)
    ]
    data = group("db", rule('cidr_blocks = ["10.0.0.0/16"]', 5432))
    database = instance("db", "db", subnet="b", more='tags = { Tier = "data" }')
    told = findings(tmp_path, "app-tier-bypass", NETWORK, unknown, *towards, *sources, data, database)
    assert any(one.judgement is Judgement.VIOLATED and "web6" in one.message for one in told)


OPEN_OUT = """\
egress {{
  protocol    = "-1"
  from_port   = 0
  to_port     = 0
  cidr_blocks = [{peer}]
}}
"""
