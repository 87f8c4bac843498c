"""Names in DNS and what they stand for, in three dialects."""

from __future__ import annotations

import pytest

from auditor.model import DnsName
from auditor.traffic import cidrs
from auditor.tree import Resource
from tests.aws.build import at, collected, read, ref, resource, templated, unknown

ZONE = resource("aws_route53_zone.main", name="Internal.example.com.")
ZONE_ID = ref("aws_route53_zone.main.zone_id")


def names(*resources: Resource) -> list[tuple[str, str]]:
    """Each name with what it stands for: an id, a name or a CIDR."""
    return sorted({(one.name, _of(one)) for one in read(*resources).dns_names})


def _of(one: DnsName) -> str:
    if one.of is not None:
        return one.of.id
    return ", ".join(text for peer in one.addresses for text in cidrs(peer.addresses.must)) or "?"


def record(**body: object) -> Resource:
    return resource("aws_route53_record.it", zone_id=ZONE_ID, **body)


@pytest.mark.parametrize("name", ["db", "DB.internal.example.com", "db.internal.example.com."])
def test_a_record_is_named_with_its_zone(name: str) -> None:
    wanted = [("db.internal.example.com", "10.0.0.7/32")]
    assert names(ZONE, record(name=name, type_="A", records=["10.0.0.7"])) == wanted


@pytest.mark.parametrize(
    ("body", "of"),
    [
        ({"type_": "CNAME", "records": [ref("aws_db_instance.main.address")]}, "aws_db_instance.main"),
        ({"type_": "CNAME", "records": ["Other.example.com."]}, "other.example.com"),
        ({"type_": "AAAA", "records": ["2600:1f18::7"]}, "2600:1f18::7/128"),
        ({"type_": "A", "records": [ref("aws_instance.web.private_ip")]}, "aws_instance.web"),
        ({"type_": "A", "alias": [{"name": ref("aws_lb.main.dns_name")}]}, "aws_lb.main"),
        ({"type_": "A", "records": unknown("var.addresses")}, "?"),
    ],
)
def test_a_record_stands_for_addresses_for_a_thing_or_for_a_name(body: dict[str, object], of: str) -> None:
    assert names(ZONE, record(name="it", **body)) == [("it.internal.example.com", of)]


def test_a_record_that_leads_to_no_interface_is_no_name() -> None:
    assert names(ZONE, record(name="it", type_="TXT", records=["x"])) == []


def test_a_template_and_a_snapshot_say_the_same() -> None:
    template = (
        templated("AWS::Route53::HostedZone", "Zone", Name="internal.example.com"),
        templated("AWS::ElasticLoadBalancingV2::LoadBalancer", "Lb"),
        templated(
            "AWS::Route53::RecordSetGroup",
            "Group",
            HostedZoneId=at("Zone"),
            RecordSets=[
                {"Name": "db.internal.example.com.", "Type": "A", "ResourceRecords": ["10.0.0.7"]},
                {"Name": "web", "Type": "A", "AliasTarget": {"DNSName": at("Lb", "DNSName")}},
            ],
        ),
        templated(
            "AWS::Route53::RecordSet",
            "One",
            HostedZoneName="internal.example.com.",
            Name="mail",
            Type="CNAME",
            ResourceRecords=["web.internal.example.com"],
        ),
    )
    snapshot = (
        collected(
            "HostedZones",
            "/hostedzone/Z1",
            Id="/hostedzone/Z1",
            Name="internal.example.com.",
            ResourceRecordSets=[
                {"Name": "db.internal.example.com.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.7"}]},
                {
                    "Name": "web.internal.example.com.",
                    "Type": "A",
                    "AliasTarget": {"DNSName": "dualstack.internal-lb-1.eu-west-1.elb.amazonaws.com."},
                },
                {
                    "Name": "mail.internal.example.com.",
                    "Type": "CNAME",
                    "ResourceRecords": [{"Value": "web.internal.example.com"}],
                },
            ],
        ),
        collected(
            "LoadBalancers", "lb", DNSName="internal-lb-1.eu-west-1.elb.amazonaws.com", Type="application"
        ),
    )
    given = "internal-lb-1.eu-west-1.elb.amazonaws.com"
    assert names(*template) == [
        ("db.internal.example.com", "10.0.0.7/32"),
        ("mail.internal.example.com", "web.internal.example.com"),
        ("web.internal.example.com", "net/Lb"),
    ]
    assert names(*snapshot) == [
        ("db.internal.example.com", "10.0.0.7/32"),
        (given, "lb"),
        ("mail.internal.example.com", "web.internal.example.com"),
        ("web.internal.example.com", given),
    ]


CLOUD_MAP = (
    resource("aws_service_discovery_private_dns_namespace.ns", name="svc.local"),
    resource(
        "aws_service_discovery_service.api",
        name="api",
        dns_config=[{"namespace_id": ref("aws_service_discovery_private_dns_namespace.ns.id")}],
    ),
)


def test_a_service_of_cloud_map_stands_for_the_services_that_are_registered_in_it() -> None:
    task = resource(
        "aws_ecs_service.api",
        name="api",
        service_registries=[{"registry_arn": ref("aws_service_discovery_service.api.arn")}],
    )
    host = resource(
        "aws_service_discovery_instance.one",
        service_id=ref("aws_service_discovery_service.api.id"),
        attributes={"AWS_INSTANCE_IPV4": "10.0.0.9"},
    )
    assert names(*CLOUD_MAP, task, host) == [
        ("api.svc.local", "10.0.0.9/32"),
        ("api.svc.local", "aws_ecs_service.api"),
    ]
    template = (
        templated("AWS::ServiceDiscovery::PrivateDnsNamespace", "Ns", Name="svc.local"),
        templated("AWS::ServiceDiscovery::Service", "Map", Name="api", DnsConfig={"NamespaceId": at("Ns")}),
        templated("AWS::ECS::Service", "Api", ServiceRegistries=[{"RegistryArn": at("Map", "Arn")}]),
    )
    assert names(*template) == [("api.svc.local", "net/Api")]


def test_service_connect_gives_a_name_or_that_of_its_port() -> None:
    connected = {"namespace": "svc.local", "service": [{"port_name": "http"}]}
    task = resource("aws_ecs_service.api", name="api", service_connect_configuration=[connected])
    assert names(task) == [("http.svc.local", "aws_ecs_service.api")]
    named = {
        "Namespace": "svc.local",
        "Services": [{"PortName": "http", "ClientAliases": [{"DnsName": "api"}]}],
    }
    assert names(templated("AWS::ECS::Service", "Api", ServiceConnectConfiguration=named)) == [
        ("api", "net/Api")
    ]


def test_the_names_that_aws_gives_are_names() -> None:
    database = collected(
        "DBInstances", "db", Engine="postgres", Endpoint={"Address": "db.x.rds.amazonaws.com", "Port": 5432}
    )
    assert names(database) == [("db.x.rds.amazonaws.com", "db")]
    state = resource("aws_db_instance.db", address="db.x.rds.amazonaws.com")
    assert names(state) == [("db.x.rds.amazonaws.com", "aws_db_instance.db")]
