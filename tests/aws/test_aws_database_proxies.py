"""Proxies of RDS and what is behind them, in three dialects."""

from __future__ import annotations

from auditor.traffic import TCP, exact, service
from tests.aws.build import at, collected, read, ref, resource, templated
from tests.aws.columns import arn
from tests.aws.proxied import proxied

PLACE = {"vpc_subnet_ids": ["subnet-a"], "vpc_security_group_ids": ["sg-1"]}
THEIRS = {"VpcSubnetIds": ["subnet-a"], "VpcSecurityGroupIds": ["sg-1"]}
GROUP = {"db_subnet_group_name": "main"}
TERRAFORM = (
    resource("aws_db_instance.db", identifier="db", engine="postgres", port=6000, **GROUP),
    resource("aws_db_proxy.it", name="it", engine_family="POSTGRESQL", **PLACE),
    resource(
        "aws_db_proxy_target.t",
        db_proxy_name=ref("aws_db_proxy.it.name"),
        target_group_name="default",
        db_instance_identifier=ref("aws_db_instance.db.identifier"),
    ),
)
TEMPLATE = (
    templated("AWS::RDS::DBInstance", "Db", Engine="postgres", Port="6000", DBSubnetGroupName="main"),
    templated("AWS::RDS::DBProxy", "It", DBProxyName="it", EngineFamily="POSTGRESQL", **THEIRS),
    templated(
        "AWS::RDS::DBProxyTargetGroup",
        "T",
        DBProxyName=at("It"),
        TargetGroupName="default",
        DBInstanceIdentifiers=[at("Db")],
    ),
)
SNAPSHOT = (
    collected(
        "DBInstances",
        arn("rds", "db:db"),
        DBInstanceIdentifier="db",
        Engine="postgres",
        Endpoint={"Port": 6000},
    ),
    collected(
        "DBProxies",
        arn("rds", "db-proxy:prx-1"),
        DBProxyName="it",
        EngineFamily="POSTGRESQL",
        **THEIRS,
        Targets=[{"Type": "RDS_INSTANCE", "RdsResourceId": "db", "Port": 6000}],
    ),
)


def test_a_proxy_accepts_on_its_engines_port_and_connects_on_that_of_its_database() -> None:
    found = read(*TERRAFORM)
    (listener,), (group,), (target,) = found.listeners, found.target_groups, found.proxy_targets
    assert listener.service == exact(service(TCP, 5432, 5432))
    assert [one.listens for one in found.workloads if one.id == "aws_db_proxy.it"] == [listener.service]
    assert [link.id for link in listener.targets.items] == [group.id] == [target.group.id]
    assert target.workload is not None
    assert (target.workload.id, target.service) == ("aws_db_instance.db", exact(service(TCP, 6000, 6000)))
    assert group.open == ()


def test_a_proxy_is_the_same_in_three_dialects() -> None:
    said = proxied(*TERRAFORM)
    assert proxied(*TEMPLATE) == said
    assert proxied(*SNAPSHOT) == said


def test_a_proxy_reaches_all_instances_of_its_cluster() -> None:
    found = read(
        resource("aws_rds_cluster.c", cluster_identifier="c", engine="aurora-mysql"),
        resource("aws_rds_cluster_instance.one", cluster_identifier="c"),
        resource("aws_db_proxy.it", name="it", engine_family="MYSQL", **PLACE),
        resource("aws_db_proxy_target.t", db_proxy_name="it", db_cluster_identifier="c"),
    )
    assert {one.workload.id for one in found.proxy_targets if one.workload} == {
        "aws_rds_cluster.c",
        "aws_rds_cluster_instance.one",
    }


def test_an_endpoint_of_a_proxy_leads_to_the_same_databases() -> None:
    found = read(
        *TERRAFORM,
        resource("aws_db_proxy_endpoint.e", db_proxy_name="it", db_proxy_endpoint_name="e", **PLACE),
    )
    first, second = found.listeners
    assert (first.service, first.targets.items[0].id) == (second.service, second.targets.items[0].id)
    assert second.proxy.id == "aws_db_proxy_endpoint.e"
    assert [one.listens for one in found.workloads if one.id == second.proxy.id] == [second.service]


def test_databases_that_the_input_does_not_register_may_be_there() -> None:
    (group,) = read(resource("aws_db_proxy.it", name="it", **PLACE)).target_groups
    assert group.open
