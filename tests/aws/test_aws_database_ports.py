"""The port of a database that is restored from another one, or a replica of it."""

from __future__ import annotations

import pytest

from auditor.model import Workload
from auditor.traffic import EVERYTHING, NOTHING, Bounds, Traffic, exact, service
from auditor.tree import Resource
from tests.aws.build import at, read, ref, resource, templated, unknown

ORIGIN = "rds:orders"


def lets(database: Resource) -> tuple[Bounds[Traffic], Workload]:
    """What a rule lets in that names the port of a database, and that database."""
    (written,) = (found := read(database, rule(database))).rules
    (workload,) = found.workloads
    return written.service, workload


def rule(database: Resource) -> Resource:
    if database.kind.startswith("AWS::"):
        own = at("Db", "Endpoint.Port")
        given = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": own, "ToPort": own}
        return templated("AWS::EC2::SecurityGroupIngress", "Rule", CidrIp="10.0.0.0/8", **given)
    port = ref(f"{database.address}.port")
    return resource(
        "aws_vpc_security_group_ingress_rule.it",
        security_group_id="sg-1",
        cidr_ipv4="10.0.0.0/8",
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
    )


INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"


@pytest.mark.parametrize(
    "database",
    [
        templated(INSTANCE, "Db", Engine="postgres", DBSnapshotIdentifier=ORIGIN),
        templated(INSTANCE, "Db", Engine="postgres", DBSnapshotIdentifier=unknown("p", ORIGIN, None)),
        templated(INSTANCE, "Db", Engine="postgres", SourceDBInstanceIdentifier=ORIGIN),
        templated(CLUSTER, "Db", Engine="aurora-mysql", SnapshotIdentifier=ORIGIN),
        templated(CLUSTER, "Db", Engine="aurora-postgresql", SnapshotIdentifier=ORIGIN),
        resource("aws_db_instance.db", engine="postgres", snapshot_identifier=ORIGIN),
        resource("aws_db_instance.db", engine="postgres", replicate_source_db=ORIGIN),
        resource("aws_db_instance.db", engine="postgres", restore_to_point_in_time=[{"use_latest": True}]),
        resource("aws_rds_cluster.db", engine="aurora-mysql", snapshot_identifier=ORIGIN),
    ],
    ids=lambda database: f"{database.kind}-{list(database.body.entries)[-1]}",
)
def test_what_is_made_from_another_database_may_listen_on_any_port(database: Resource) -> None:
    written, workload = lets(database)
    assert (written.must, written.may) == (NOTHING, service(6))
    assert workload.listens == Bounds(NOTHING, service(6))


@pytest.mark.parametrize(
    ("database", "port"),
    [
        (templated(INSTANCE, "Db", Engine="postgres", DBSnapshotIdentifier=""), 5432),
        (templated(INSTANCE, "Db", Engine="postgres", DBSnapshotIdentifier=ORIGIN, Port=6000), 6000),
        (resource("aws_db_instance.db", engine="mysql", snapshot_identifier=ORIGIN, port=6000), 6000),
        (resource("aws_db_instance.db", engine="mysql", snapshot_identifier=None), 3306),
    ],
    ids=["no snapshot", "Port beside one", "port beside one", "null"],
)
def test_a_port_that_is_given_or_the_default_of_a_new_database_is_known(
    database: Resource, port: int
) -> None:
    written, workload = lets(database)
    assert written == workload.listens == exact(service(6, port, port))


@pytest.mark.parametrize(
    ("database", "others"),
    [
        (resource("aws_rds_cluster.db", engine="aurora-postgresql"), False),
        (resource("aws_rds_cluster.db", engine="aurora-mysql", db_cluster_parameter_group_name="own"), False),
        (
            resource("aws_rds_cluster.db", engine="aurora-postgresql", db_cluster_parameter_group_name="own"),
            True,
        ),
        (
            templated(CLUSTER, "Db", Engine="aurora-postgresql", Port=1, DBClusterParameterGroupName="own"),
            True,
        ),
        (resource("aws_db_instance.db", engine="mysql"), False),
        (resource("aws_db_instance.db", engine="mysql", option_group_name="default:mysql-8-0"), False),
        (resource("aws_db_instance.db", engine="mysql", option_group_name="own"), True),
        (resource("aws_db_instance.db", engine="mysql", option_group_name=unknown("var.group")), True),
        (resource("aws_db_instance.db", engine="postgres", parameter_group_name="own"), False),
        (resource("aws_db_instance.db", port=1521, replicate_source_db=ORIGIN), True),
    ],
    ids=lambda value: f"{value.kind}-{list(value.body.entries)[-1]}" if isinstance(value, Resource) else "",
)
def test_settings_may_open_further_ports(database: Resource, others: bool) -> None:
    """Babelfish of Aurora PostgreSQL, memcached and group replication of MySQL; engines that are not told."""
    listens = lets(database)[1].listens
    assert listens is not None
    assert (listens.may == EVERYTHING) is others
