"""What types of workloads accept, by the port tables of AWS, and who opens connections."""

from __future__ import annotations

import pytest

from auditor.model import YES, Truth, Workload
from auditor.traffic import (
    EMPTY,
    EVERYTHING,
    IPV4,
    IPV6,
    NOTHING,
    Bounds,
    exact,
    parse_cidr,
    parse_traffic,
)
from auditor.tree import Presence
from tests.aws.build import collected, read, ref, resource, templated, unknown

OFFICE = parse_cidr("203.0.113.0/24")


def the(address: str, *more: object, **body: object) -> Workload:
    (found,) = [one for one in read(resource(address, **body), *more).workloads if one.id == address]  # type: ignore[arg-type]
    return found


PLACED = {"subnet_ids": ["subnet-a"], "security_group_ids": ["sg-1"]}


_RABBIT = "tcp/443,1883,5551,5552,5671,5672,8883,15671,15692,61613,61614"


@pytest.mark.parametrize(
    ("kind", "body", "must", "may"),
    [
        ("aws_mq_broker", {"engine_type": "ActiveMQ"}, "tcp/61617,5671,61614,8883,61619,8162", ""),
        ("aws_mq_broker", {"engine_type": "RabbitMQ"}, "tcp/5671,443,15671", _RABBIT),
        ("aws_fsx_lustre_file_system", {}, "tcp/988,1018-1023", "all"),
        ("aws_fsx_openzfs_file_system", {}, "tcp/111,2049,20001-20003,udp/111,2049,20001-20003", ""),
        ("aws_fsx_windows_file_system", {}, "tcp/445,5985", "all"),
        ("aws_fsx_ontap_file_system", {}, "tcp/22,111,443,635,2049,3260,udp/111,635,2049", "all"),
        ("aws_elasticache_serverless_cache", {"engine": "valkey"}, "tcp/6379-6380", ""),
        ("aws_elasticache_serverless_cache", {"engine": "memcached"}, "tcp/11211", "tcp/11211-11212"),
        ("aws_elasticache_replication_group", {}, "tcp/6379", "tcp/1122,6379,6380,16379"),
        ("aws_elasticache_cluster", {"engine": "memcached"}, "tcp/11211", "udp,tcp/1122,6380,11211,16379"),
        ("aws_memorydb_cluster", {"port": 7000}, "tcp/7000", "tcp/1122,6380,7000,16379"),
        ("aws_redshiftserverless_workgroup", {}, "tcp/5439", "all"),
        ("aws_timestreaminfluxdb_db_instance", {}, "tcp/8086", "tcp/8086,8181"),
        ("aws_cloudhsm_v2_cluster", {}, "tcp/2223-2225", ""),
        ("aws_msk_vpc_connection", {}, "tcp/14001-14100", ""),
        ("aws_redshift_endpoint_access", {}, "tcp/5439", "all"),
        ("aws_directory_service_directory", {}, "tcp/53,88,135,389,445,464,udp/53,88,123,389,464", "all"),
        ("aws_route53_resolver_endpoint", {"direction": "INBOUND"}, "tcp/53,udp/53", ""),
        (
            "aws_route53_resolver_endpoint",
            {"direction": "INBOUND", "protocols": ["DoH"]},
            "tcp/443",
            "",
        ),
    ],
)
def test_a_type_accepts_what_its_port_table_says(
    kind: str, body: dict[str, object], must: str, may: str
) -> None:
    listens = the(f"{kind}.it", **PLACED, **body).listens
    assert listens is not None
    assert (listens.must, listens.may) == (parse_traffic(must), parse_traffic(may or must))


@pytest.mark.parametrize(
    ("protocols", "must", "may"),
    [
        ([], "tcp/22", "tcp/22,2222,2223,22000"),
        (["FTPS"], "tcp/21,8192-8200", "tcp/21,8192-8200"),
        (["SFTP", "AS2"], "tcp/22,5080", "tcp/22,443,2222,2223,5080,22000"),
    ],
)
def test_a_server_of_transfer_family_accepts_its_protocols(protocols: list[str], must: str, may: str) -> None:
    endpoint = [{**PLACED, "vpc_id": "vpc-1"}]
    listens = the("aws_transfer_server.it", endpoint_details=endpoint, protocols=protocols).listens
    assert listens is not None
    assert (listens.must, listens.may) == (parse_traffic(must), parse_traffic(may))


def test_an_engine_or_a_protocol_that_is_not_known_may_be_any() -> None:
    assert the("aws_mq_broker.it", **PLACED, engine_type=unknown("var.engine")).listens is None
    endpoint = [{**PLACED, "vpc_id": "vpc-1"}]
    server = the("aws_transfer_server.it", endpoint_details=endpoint, protocols=unknown("var.protocols"))
    assert server.listens is not None
    assert (server.listens.must, server.listens.may) == (NOTHING, EVERYTHING)


@pytest.mark.parametrize(
    ("direction", "accepts", "initiates"),
    [("INBOUND", True, False), ("OUTBOUND", False, True), (unknown("var.direction"), True, True)],
)
def test_a_resolver_endpoint_takes_queries_or_sends_them(
    direction: object, accepts: bool, initiates: bool
) -> None:
    found = the("aws_route53_resolver_endpoint.it", direction=direction, **PLACED)
    assert (found.accepts, found.initiates) == (accepts, initiates)


@pytest.mark.parametrize(
    ("kind", "body", "ipv6"),
    [
        ("aws_db_instance", {"network_type": "DUAL"}, Truth.YES),
        ("aws_db_instance", {"network_type": "IPV4"}, Truth.NO),
        ("aws_db_instance", {}, Truth.NO),
        ("aws_db_instance", {"network_type": unknown("var.type")}, Truth.UNKNOWN),
        ("aws_db_instance", {"network_type": unknown("var.type", "IPV4", "DUAL")}, Truth.UNKNOWN),
        ("aws_lb", {"ip_address_type": "dualstack-without-public-ipv4"}, Truth.YES),
        ("aws_lambda_function", {"vpc_config": [{**PLACED, "ipv6_allowed_for_dual_stack": True}]}, Truth.YES),
        ("aws_lambda_function", {"vpc_config": [PLACED]}, Truth.NO),
        ("aws_elasticache_cluster", {"network_type": "ipv6"}, Truth.YES),
        ("aws_ecs_service", {"network_configuration": [{"subnets": ["subnet-a"]}]}, Truth.UNKNOWN),
    ],
)
def test_a_workload_says_whether_it_has_addresses_of_ipv6(
    kind: str, body: dict[str, object], ipv6: Truth
) -> None:
    assert the(f"{kind}.it", **body).ipv6.truth is ipv6


def test_an_instance_of_a_cluster_has_the_addresses_that_its_cluster_says() -> None:
    cluster = resource("aws_rds_cluster.main", engine="aurora-mysql", network_type="DUAL")
    name = ref("aws_rds_cluster.main.id")
    assert the("aws_rds_cluster_instance.one", cluster, cluster_identifier=name).ipv6.truth is Truth.YES
    outside = the("aws_rds_cluster_instance.one", cluster_identifier=unknown("var.cluster"))
    assert outside.ipv6.truth is Truth.UNKNOWN


def test_a_desktop_takes_subnets_groups_and_addresses_from_its_directory() -> None:
    directory = resource(
        "aws_workspaces_directory.main",
        subnet_ids=["subnet-a", "subnet-b"],
        workspace_creation_properties=[{"custom_security_group_id": "sg-1", "enable_internet_access": True}],
    )
    desk = the("aws_workspaces_workspace.it", directory, directory_id=ref("aws_workspaces_directory.main.id"))
    assert [link.id for link in desk.subnets.items] == ["subnet-a", "subnet-b"]
    assert [link.id for link in desk.groups.items] == ["sg-1"]
    assert desk.groups.open
    assert desk.public is not None
    assert desk.public.truth is Truth.YES


def test_settings_of_beanstalk_that_are_not_known_leave_it_open() -> None:
    setting = {"namespace": "aws:ec2:vpc", "name": "Subnets", "value": unknown("var.subnets")}
    assert the("aws_elastic_beanstalk_environment.it", setting=[setting]).subnets.open
    assert the("aws_elastic_beanstalk_environment.it").subnets.open
    name = {"namespace": unknown("var.space"), "name": "Subnets", "value": "subnet-a"}
    assert the("aws_elastic_beanstalk_environment.it", setting=[name]).subnets.open


def test_what_lightsail_runs_lies_in_no_vpc() -> None:
    assert not the("aws_lightsail_instance.it", name="i").placed


@pytest.mark.parametrize(
    ("config", "sources"),
    [
        ({}, (IPV4, IPV4 | IPV6)),
        ({"public_access_cidrs": ["203.0.113.0/24"]}, (OFFICE, OFFICE)),
        ({"public_access_cidrs": unknown("var.cidrs")}, (EMPTY, IPV4 | IPV6)),
        ({"endpoint_public_access": True}, (IPV4, IPV4 | IPV6)),
    ],
)
def test_the_public_endpoint_of_a_cluster_is_in_no_vpc(
    config: dict[str, object], sources: tuple[object, object]
) -> None:
    written = resource("aws_eks_cluster.main", vpc_config=[config])
    words = {"endpoint_public_access": "EndpointPublicAccess", "public_access_cidrs": "PublicAccessCidrs"}
    theirs = {words[name]: value for name, value in config.items()}
    template = templated("AWS::EKS::Cluster", "main", ResourcesVpcConfig=theirs)
    answer = {name[0].lower() + name[1:]: value for name, value in theirs.items()}
    snapshot = collected("eks:clusters", "main", resourcesVpcConfig=answer)
    for cluster in (written, template, snapshot):
        found = [one for one in read(cluster).workloads if not one.placed]
        assert [(one.id, one.initiates) for one in found] == [(f"{cluster.address}/public-endpoint", False)]
        assert found[0].public is not None
        assert found[0].public.truth is Truth.YES
        assert found[0].listens == exact(parse_traffic("tcp/443"))
        assert found[0].sources == Bounds(*sources)


def test_a_private_cluster_has_no_public_endpoint_and_an_undecided_one_perhaps() -> None:
    private = resource("aws_eks_cluster.main", vpc_config=[{"endpoint_public_access": False}])
    assert all(one.placed for one in read(private).workloads)
    perhaps = resource("aws_eks_cluster.main", vpc_config=[{"endpoint_public_access": unknown("var.open")}])
    (found,) = [one for one in read(perhaps).workloads if not one.placed]
    assert found.presence is Presence.POSSIBLE


def test_what_runs_in_a_cluster_of_ipv6_has_such_addresses() -> None:
    cluster = resource("aws_eks_cluster.main", kubernetes_network_config=[{"ip_family": "ipv6"}])
    name = ref("aws_eks_cluster.main.name")
    for kind in ("aws_eks_node_group", "aws_eks_fargate_profile"):
        assert the(f"{kind}.it", cluster, cluster_name=name).ipv6.truth is Truth.YES
        assert the(f"{kind}.it", cluster_name=unknown("var.cluster")).ipv6.truth is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "may"),
    [("aws_opensearch_domain", "tcp/80,443"), ("aws_transfer_server", "tcp/22,2222,2223,22000")],
)
def test_a_service_without_a_vpc_accepts_the_same_from_the_internet(kind: str, may: str) -> None:
    found = the(f"{kind}.it")
    assert (found.placed, found.public) == (False, YES)
    assert found.listens is not None
    assert found.listens.may == parse_traffic(may)
