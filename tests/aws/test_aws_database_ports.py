"""The port of a database that is restored from another one, or a replica of it."""

from __future__ import annotations

import pytest

from auditor.model import Workload
from auditor.traffic import NOTHING, Bounds, Traffic, exact, service
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
