"""Policy of one's own: what its statements find, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Judgement, Severity
from tests.rules.networks import PRIVATE, PUBLIC, group, instance, rule
from tests.rules.policies import APP, BATCH, FROM_APP, FROM_BATCH, OUT, database, found, line_of, says

VIOLATED, UNDETERMINED = Judgement.VIOLATED, Judgement.UNDETERMINED


# -- only ------------------------------------------------------------------------------------------

ONLY = says("only aws_instance.app reaches aws_instance.db on 5432")


def test_only_is_satisfied_where_nobody_else_gets_there(tmp_path: Path):
    assert found(tmp_path, ONLY, APP, BATCH, database(FROM_APP)) == ()


def test_only_finds_everybody_else_at_the_rule_that_lets_them(tmp_path: Path):
    (finding,) = found(tmp_path, ONLY, APP, BATCH, database(FROM_APP, FROM_BATCH))
    assert finding.rule == "policy/only-aws-instance-app-reaches-aws-instance-db-on-5432"
    assert finding.judgement is VIOLATED
    assert finding.severity is Severity.HIGH
    assert line_of(tmp_path, finding) == "security_groups = [aws_security_group.batch.id]"
    assert "aws_security_group.batch can open tcp/5432 to aws_instance.db" in finding.message
    assert any("aws_security_group.db allows" in hop for hop in finding.proof)
    assert finding.related[0].at.path.endswith("netaudit.yaml")


def test_only_counts_whom_a_range_lets_in(tmp_path: Path):
    (finding,) = found(tmp_path, ONLY, APP, database(FROM_APP, rule('cidr_blocks = ["10.0.1.0/24"]', 5432)))
    assert line_of(tmp_path, finding) == 'cidr_blocks = ["10.0.1.0/24"]'


def test_only_is_not_satisfied_by_a_range_that_is_not_known(tmp_path: Path):
    unknown = 'variable "office" { type = string }\n'
    (finding,) = found(tmp_path, ONLY, unknown, APP, database(rule("cidr_blocks = [var.office]", 5432)))
    assert finding.judgement is UNDETERMINED
    assert "var.office" in finding.unknowns[0].what


def test_only_asks_of_the_traffic_that_it_names_alone(tmp_path: Path):
    ssh = rule("security_groups = [aws_security_group.batch.id]", 22)
    assert found(tmp_path, ONLY, APP, BATCH, database(ssh)) == ()


def test_a_group_without_members_counts_where_a_rule_lets_it_in(tmp_path: Path):
    (finding,) = found(tmp_path, ONLY, APP, group("batch", OUT), database(FROM_BATCH))
    assert "aws_security_group.batch" in finding.message


# -- deny ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "aws_instance.batch never reaches aws_instance.db",
        "{name: n, deny: {from: aws_instance.batch, to: aws_instance.db}}",
        "{name: n, deny: {from: everything, to: aws_instance.db, except: [aws_instance.app]}}",
        "nothing reaches aws_instance.db except aws_instance.app",
        "everything never reaches aws_security_group.db except app",
    ],
)
def test_deny_in_all_its_spellings(tmp_path: Path, statement: str):
    policy = says(statement, names="names: {app: sg-app}")
    (finding,) = found(tmp_path, policy, APP, BATCH, database(FROM_APP, FROM_BATCH))
    assert line_of(tmp_path, finding) == "security_groups = [aws_security_group.batch.id]"
    assert found(tmp_path, policy, APP, BATCH, database(FROM_APP)) == ()


def test_a_denied_way_to_the_internet_stands_at_the_route(tmp_path: Path):
    public = group("app", OUT) + instance("app", "app", more=PUBLIC)
    (finding,) = found(tmp_path, says("aws_instance.app never reaches the internet"), public)
    assert line_of(tmp_path, finding) == "gateway_id = aws_internet_gateway.main.id"
    private = group("app", OUT) + instance("app", "app", more=PRIVATE)
    assert found(tmp_path, says("aws_instance.app never reaches the internet"), private) == ()


def test_deny_is_undetermined_where_the_deciding_fact_is_not_known(tmp_path: Path):
    unknown = 'variable "public" { type = bool }\n'
    maybe = group("app", OUT) + instance("app", "app", more="  associate_public_ip_address = var.public")
    (finding,) = found(tmp_path, says("aws_instance.app never reaches the internet"), unknown, maybe)
    assert finding.judgement is UNDETERMINED
    assert "var.public" in finding.unknowns[0].what


def test_an_exception_of_traffic_leaves_the_rest(tmp_path: Path):
    both = database(FROM_BATCH, rule("security_groups = [aws_security_group.batch.id]", 22))
    deny = "{name: n, deny: {from: sg-batch, to: sg-db, except: [{to: aws_instance.db, on: 22}]}}"
    (finding,) = found(tmp_path, says(deny), BATCH, both)
    assert "tcp/5432" in finding.message
    assert "tcp/22" not in finding.message


def test_an_exception_of_addresses_leaves_the_rest_of_the_internet(tmp_path: Path):
    web = group("web", rule('cidr_blocks = ["203.0.113.0/24"]', 443), OUT) + instance(
        "web", "web", more=PUBLIC
    )
    deny = "{name: n, deny: {from: internet, to: aws_instance.web, except: [office]}}"
    assert found(tmp_path, says(deny, names="names: {office: 203.0.113.0/24}"), web) == ()
    (finding,) = found(tmp_path, says(deny, names="names: {office: 203.0.113.0/25}"), web)
    assert "tcp/443" in finding.message


def test_allow_is_an_exception_to_every_other_statement(tmp_path: Path):
    allow = "{name: a, allow: {from: sg-batch, to: sg-db, on: 5432}}"
    deny = "sg-batch never reaches sg-db"
    assert found(tmp_path, says(deny, allow), BATCH, database(FROM_BATCH)) == ()
    assert len(found(tmp_path, says(deny), BATCH, database(FROM_BATCH))) == 1
    (finding,) = found(tmp_path, says(deny, allow.replace("5432", "22")), BATCH, database(FROM_BATCH))
    assert "tcp/5432" in finding.message


def test_the_tiers_of_the_configuration_count(tmp_path: Path):
    policy = says("tier:public never reaches tier:data")
    tiers = {"aws_instance.batch": "public", "aws_instance.db": "data"}
    assert len(found(tmp_path, policy, BATCH, database(FROM_BATCH), tiers=tiers)) == 1


def test_words_beside_a_statement_are_in_its_findings(tmp_path: Path):
    say = "{say: sg-batch never reaches sg-db, name: apart, severity: critical, owner: team-data, fix: Ask.}"
    (finding,) = found(tmp_path, says(say), BATCH, database(FROM_BATCH))
    assert (finding.rule, finding.severity) == ("policy/apart", Severity.CRITICAL)
    assert finding.message.endswith("The policy of team-data says: sg-batch never reaches sg-db.")
    assert finding.fix == "Ask."


# -- require ---------------------------------------------------------------------------------------

MUST = says("must stay reachable: sg-app -> sg-db:5432")


def test_what_must_stay_reachable_and_is(tmp_path: Path):
    assert found(tmp_path, MUST, APP, database(FROM_APP)) == ()


def test_what_must_stay_reachable_and_is_not_stands_at_what_blocks_it(tmp_path: Path):
    (finding,) = found(tmp_path, MUST, APP, database(rule('cidr_blocks = ["10.9.0.0/16"]', 5432)))
    assert finding.judgement is VIOLATED
    assert finding.component == "aws_security_group.db"
    assert "aws_instance.app cannot open tcp/5432 to aws_instance.db" in finding.message


def test_require_is_undetermined_where_the_deciding_fact_is_not_known(tmp_path: Path):
    unknown = 'variable "peer" { type = string }\n'
    (finding,) = found(tmp_path, MUST, unknown, APP, database(rule("cidr_blocks = [var.peer]", 5432)))
    assert finding.judgement is UNDETERMINED
    assert "var.peer" in finding.unknowns[0].what


def test_require_wants_every_port_that_it_names(tmp_path: Path):
    must = says("{name: n, require: {from: sg-app, to: sg-db, on: [5432, 5433]}}")
    (finding,) = found(tmp_path, must, APP, database(FROM_APP))
    assert "cannot open tcp/5433 to" in finding.message


def test_require_wants_every_member_and_every_place(tmp_path: Path):
    more = instance("second", "batch")
    (finding,) = found(tmp_path, MUST.replace("sg-app", "everything"), APP, BATCH, more, database(FROM_APP))
    assert "aws_instance.batch" in finding.message
    assert "aws_instance.second" in finding.message


def test_require_wants_all_addresses_that_it_names(tmp_path: Path):
    web = group("web", rule('cidr_blocks = ["203.0.113.0/24"]', 443), OUT) + instance(
        "web", "web", more=PUBLIC
    )
    must = "must stay reachable: {} -> aws_instance.web:443"
    assert found(tmp_path, says(must.format("203.0.113.0/25")), web) == ()
    assert len(found(tmp_path, says(must.format("203.0.112.0/23")), web)) == 1
    assert len(found(tmp_path, says(must.format("internet")), web)) == 1


def test_the_whole_internet_is_reached_where_a_rule_lets_it_in(tmp_path: Path):
    web = group("web", rule('cidr_blocks = ["0.0.0.0/0"]', 443), OUT) + instance("web", "web", more=PUBLIC)
    assert found(tmp_path, says("must stay reachable: internet -> aws_instance.web:443"), web) == ()


# -- through ---------------------------------------------------------------------------------------


def test_every_way_must_go_through_what_is_named(tmp_path: Path):
    public = group("app", OUT) + instance("app", "app", more=PUBLIC)
    through = "every way to the internet goes through {}"
    assert found(tmp_path, says(through.format("aws_internet_gateway.main")), public) == ()
    assert found(tmp_path, says(through.format("internet-gateway")), public) == ()
    (finding,) = found(tmp_path, says(through.format("nat-gateway")), public)
    assert line_of(tmp_path, finding) == "gateway_id = aws_internet_gateway.main.id"


def test_a_way_may_be_denied_alone(tmp_path: Path):
    public = group("app", OUT) + instance("app", "app", more=PUBLIC)
    deny = "{{name: n, deny: {{from: everything, to: internet, through: {}}}}}"
    assert len(found(tmp_path, says(deny.format("aws_internet_gateway.main")), public)) == 1
    assert found(tmp_path, says(deny.format("nat-gateway")), public) == ()


def test_a_way_may_be_required_and_allowed(tmp_path: Path):
    public = group("app", OUT) + instance("app", "app", more=PUBLIC)
    require = "{{name: r, require: {{from: everything, to: internet, on: 443, through: {}}}}}"
    assert found(tmp_path, says(require.format("internet-gateway")), public) == ()
    assert len(found(tmp_path, says(require.format("nat-gateway")), public)) == 1
    deny = "everything never reaches the internet"
    allow = "{{name: a, allow: {{from: everything, to: internet, through: {}}}}}"
    assert found(tmp_path, says(deny, allow.format("internet-gateway")), public) == ()
    assert len(found(tmp_path, says(deny, allow.format("nat-gateway")), public)) == 1
