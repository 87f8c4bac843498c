"""What a service's own setting opens to the internet, and how much of the internet comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.finding import Finding, Judgement, Severity
from tests.rules.networks import NETWORK, findings, group, rule

SUBNETS = """\
resource "aws_db_subnet_group" "d" {
  subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
}
"""
DATABASE = """\
resource "aws_db_instance" "d" {{
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.g.id]
  publicly_accessible    = {public}
}}
"""
WORLD, OFFICE = 'cidr_blocks = ["0.0.0.0/0"]', 'cidr_blocks = ["203.0.113.0/24"]'
VARIABLE = 'variable "public" {\n  type = bool\n}\n'


def databases(folder: Path, public: str, *rules: str) -> tuple[Finding, ...]:
    parts = (NETWORK, VARIABLE, SUBNETS, group("g", *rules), DATABASE.format(public=public))
    return findings(folder, "database-publicly-accessible", *parts)


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        ((rule(WORLD, 5432),), Severity.CRITICAL),
        ((rule(OFFICE, 5432),), Severity.MEDIUM),
        ((rule(WORLD, 22),), Severity.LOW),
        ((), Severity.LOW),
    ],
)
def test_the_severity_is_that_of_what_arrives(tmp_path: Path, rules: tuple[str, ...], severity: Severity):
    (finding,) = databases(tmp_path, "true", *rules)
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, severity)


@pytest.mark.parametrize(
    ("peer", "severity"), [(WORLD, Severity.HIGH), (OFFICE, Severity.MEDIUM), ("self = true", Severity.LOW)]
)
def test_a_switch_that_is_not_known_is_undetermined_whatever_arrives(
    tmp_path: Path, peer: str, severity: Severity
):
    (finding,) = databases(tmp_path, "var.public", rule(peer, 5432))
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, severity)
    assert "var.public" in {reason.what for reason in finding.unknowns}


def test_a_search_domain_that_may_be_in_a_vpc_is_undetermined(tmp_path: Path):
    domain = """\
resource "aws_opensearch_domain" "d" {
  domain_name = "d"

  dynamic "vpc_options" {
    for_each = var.public ? [] : [1]

    content {
      subnet_ids         = [aws_subnet.a.id]
      security_group_ids = [aws_security_group.g.id]
    }
  }
}
"""
    parts = (NETWORK, VARIABLE, group("g", rule(WORLD, 443)), domain)
    (finding,) = findings(tmp_path, "database-publicly-accessible", *parts)
    assert finding.judgement is Judgement.UNDETERMINED
    assert "whether aws_opensearch_domain.d is in a VPC" in {reason.what for reason in finding.unknowns}


def test_a_search_domain_in_a_vpc_is_not_exposed(tmp_path: Path):
    domain = """\
resource "aws_opensearch_domain" "d" {
  domain_name = "d"

  vpc_options {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = [aws_security_group.g.id]
  }
}
"""
    parts = (NETWORK, group("g", rule(WORLD, 443)), domain)
    assert findings(tmp_path, "database-publicly-accessible", *parts) == ()


TEMPLATE = """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      PubliclyAccessible: true
  Warehouse:
    Type: AWS::Redshift::Cluster
    Properties:
      NodeType: ra3.large
      PubliclyAccessible: true
  Migration:
    Type: AWS::DMS::ReplicationInstance
    Properties:
      ReplicationInstanceClass: dms.t3.medium
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      DomainName: search
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/eks
      ResourcesVpcConfig:
        SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: hook
      AuthType: NONE
  Events:
    Type: AWS::MSK::Cluster
    Properties:
      ClusterName: events
      KafkaVersion: 3.8.x
      NumberOfBrokerNodes: 2
      BrokerNodeGroupInfo:
        InstanceType: kafka.m7g.large
        ClientSubnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        ConnectivityInfo:
          PublicAccess:
            Type: SERVICE_PROVIDED_EIPS
"""


def test_the_switches_are_known_in_templates_too(tmp_path: Path):
    (tmp_path / "main.yaml").write_text(TEMPLATE, encoding="utf-8")
    chosen = [one for one in pipeline.rules() if one.predicate == "exposed"]
    found = pipeline.check(pipeline.load(str(tmp_path)), chosen)
    assert sorted((each.rule, each.component.partition("/")[2]) for each in found) == [
        ("database-publicly-accessible", "Database"),
        ("database-publicly-accessible", "Migration"),
        ("database-publicly-accessible", "Search"),
        ("database-publicly-accessible", "Warehouse"),
        ("eks-endpoint-open-to-world", "Cluster/public-endpoint"),
        ("lambda-function-url-open", "Url"),
        ("msk-public-access", "Events"),
    ]
    assert {each.judgement for each in found} == {Judgement.VIOLATED}


SEARCH = """\
resource "aws_opensearch_domain" "d" {
  domain_name     = "logs"
  access_policies = data.aws_iam_policy_document.p.json
}

data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["es:ESHttp*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["%s"]
    }
    %s
  }
}
"""


def condition(values: str, test: str = "IpAddress", variable: str = "aws:SourceIp") -> str:
    return f'condition {{\n test = "{test}"\n variable = "{variable}"\n values = ["{values}"]\n }}'


@pytest.mark.parametrize(
    ("principal", "narrowed", "severity"),
    [
        ("*", "", Severity.HIGH),
        ("*", condition("0.0.0.0/0"), Severity.HIGH),
        ("*", condition("false", "Bool", "aws:SecureTransport"), Severity.HIGH),
        ("*", condition("203.0.113.7/32"), Severity.MEDIUM),
        ("arn:aws:iam::111122223333:root", "", Severity.MEDIUM),
    ],
)
def test_a_search_domain_outside_a_vpc_weighs_as_much_as_its_policy_lets_in(
    tmp_path: Path, principal: str, narrowed: str, severity: Severity
):
    (finding,) = findings(tmp_path, "database-publicly-accessible", SEARCH % (principal, narrowed))
    assert (finding.judgement, finding.severity) == (Judgement.VIOLATED, severity)
    assert ("everybody" in finding.message) is (severity is Severity.HIGH)


def test_a_policy_that_a_resource_puts_on_a_search_domain_counts(tmp_path: Path):
    apart = (
        SEARCH.replace("access_policies = data.aws_iam_policy_document.p.json", "")
        + """
resource "aws_opensearch_domain_policy" "p" {
  domain_name     = aws_opensearch_domain.d.domain_name
  access_policies = data.aws_iam_policy_document.p.json
}
"""
    )
    (finding,) = findings(tmp_path, "database-publicly-accessible", apart % ("*", ""))
    assert finding.severity is Severity.HIGH


def test_what_neither_its_setting_nor_a_group_opens_is_of_medium_severity(tmp_path: Path):
    outside = 'variable "group" {\n  type = string\n}\n'
    database = DATABASE.format(public="var.public").replace("aws_security_group.g.id", "var.group")
    parts = (NETWORK, VARIABLE, SUBNETS, outside, database)
    (finding,) = findings(tmp_path, "database-publicly-accessible", *parts)
    assert (finding.judgement, finding.severity) == (Judgement.UNDETERMINED, Severity.MEDIUM)
