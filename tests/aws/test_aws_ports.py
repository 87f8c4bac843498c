"""Rules whose port is that of another resource, which its type gives where nobody does."""

from __future__ import annotations

import pytest

from auditor.traffic import NOTHING, Traffic, exact, service
from auditor.tree import Resource
from tests.aws.build import at, read, ref, resource, templated, unknown


def allowed(database: Resource, port: object, *more: Resource) -> tuple[Traffic, Traffic]:
    """What a group lets in that is written with the port of a database, in bounds."""
    rule = {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["10.0.0.0/8"]}
    group = resource("aws_security_group.db", vpc_id="vpc-1", ingress=[rule])
    (found,) = [one for one in read(database, group, *more).rules if not one.implicit]
    return found.service.must, found.service.may


def tcp(port: int) -> Traffic:
    return service(6, port, port)


@pytest.mark.parametrize(
    ("engine", "more", "port"),
    [("postgres", {}, 5432), ("mysql", {}, 3306), ("postgres", {"port": 6000}, 6000)],
)
def test_a_database_listens_on_the_port_of_its_engine(engine: str, more: dict[str, int], port: int) -> None:
    database = resource("aws_db_instance.main", engine=engine, **more)
    assert allowed(database, ref("aws_db_instance.main.port")) == (tcp(port), tcp(port))


def test_an_instance_of_a_cluster_listens_where_the_cluster_does() -> None:
    cluster = resource("aws_rds_cluster.main", engine="aurora-mysql")
    member = resource("aws_rds_cluster_instance.one", cluster_identifier=ref("aws_rds_cluster.main.id"))
    port = ref("aws_rds_cluster_instance.one.port")
    assert allowed(member, port, cluster) == (tcp(3306), tcp(3306))


def test_a_port_that_nothing_decides_may_be_any() -> None:
    for database in (
        resource("aws_db_instance.main", engine=unknown("var.engine")),
        resource("aws_db_instance.main", engine="postgres", port=unknown("var.port")),
    ):
        must, may = allowed(database, ref("aws_db_instance.main.port"))
        assert must == NOTHING
        assert tcp(5432) | tcp(1) == may & (tcp(5432) | tcp(1))


def test_an_attribute_that_is_no_port_of_its_own_stays_unknown() -> None:
    database = resource("aws_db_instance.main", engine="postgres")
    must, _ = allowed(database, ref("aws_db_instance.main.listener_endpoint[0].port"))
    assert must == NOTHING


@pytest.mark.parametrize("kind", ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"])
def test_the_endpoint_of_a_template_has_the_port_of_its_engine(kind: str) -> None:
    rule = {
        "IpProtocol": "tcp",
        "FromPort": at("Db", "Endpoint.Port"),
        "ToPort": at("Db", "Endpoint.Port"),
        "CidrIp": "10.0.0.0/8",
    }
    group = templated("AWS::EC2::SecurityGroup", "Group", VpcId="vpc-1", SecurityGroupIngress=[rule])
    found = read(templated(kind, "Db", Engine="mysql"), group).rules
    (ingress,) = [one for one in found if not one.implicit]
    assert ingress.service == exact(tcp(3306))
