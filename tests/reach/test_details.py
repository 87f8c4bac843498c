"""The notes on a way: zones that it crosses, and what stands on it, by the Reachability Analyzer's codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.model import (
    NO,
    YES,
    AttachmentKind,
    Component,
    EndpointType,
    Fact,
    Firewall,
    FirewallAction,
    FirewallEndpoint,
    FirewallPolicy,
    FirewallRule,
    Inventory,
    RouteTable,
    Subnet,
    TableAssociation,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitTable,
    VpcEndpoint,
)
from auditor.reach import Answer, Engine
from auditor.traffic import parse_traffic
from tests.reach.firewalls import policies
from tests.reach.network import (
    AT,
    MAYBE,
    ONE_WAY,
    REACHABLE,
    UNKNOWN,
    WHY,
    allow_in,
    allow_out,
    group,
    host,
    igw,
    link,
    links,
    nat,
    route,
    subnet,
    table,
    vpc,
)


def asked(components: Iterable[Component], destination: str = "store") -> Answer:
    return Engine(Inventory.of(components)).can_reach("client", destination, parse_traffic("tcp/443"))


def about(answer: Answer, code: str) -> list[str]:
    return [note for note in answer.notes if note.startswith(code)]


def placed(identity: str, cidr: str, zone: str, vpc: str = "vpc") -> Subnet:
    return replace(subnet(identity, cidr, vpc=vpc), zone=zone)


OPEN = (group("app"), allow_out("app", "all", "0.0.0.0/0"), allow_in("app", "all", "0.0.0.0/0"))


def two(one: str, other: str) -> tuple[Component, ...]:
    return (
        vpc(),
        placed("here", "10.0.1.0/24", one),
        placed("there", "10.0.2.0/24", other),
        *OPEN,
        host("client", "here", "app"),
        host("store", "there", "app"),
    )


def test_a_way_from_zone_to_zone_says_so():
    crossing = about(asked(two("eu-west-1a", "eu-west-1b")), "AVAILABILITY_ZONE_CROSSED")
    assert crossing == ["AVAILABILITY_ZONE_CROSSED: eu-west-1a to eu-west-1b"]


def test_a_way_in_one_zone_or_in_zones_not_known_says_nothing():
    assert not about(asked(two("eu-west-1a", "eu-west-1a")), "AVAILABILITY_ZONE_CROSSED")
    assert not about(asked(two("eu-west-1a", "euw1-az2")), "AVAILABILITY_ZONE_CROSSED")
    assert not about(asked(two("eu-west-1a", "")), "AVAILABILITY_ZONE_CROSSED")


def test_a_nat_gateway_in_another_zone_is_a_crossing():
    network = (
        *two("eu-west-1a", "eu-west-1b"),
        igw(),
        nat("nat", "there"),
        *table("out", "here"),
        *table("front", "there"),
        route("out", "0.0.0.0/0", TargetKind.NAT_GATEWAY, "nat"),
        route("front", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
    )
    answer = asked(network, "8.8.8.8/32")
    assert answer.verdict is REACHABLE
    crossing = about(answer, "AVAILABILITY_ZONE_CROSSED")
    assert crossing == ["AVAILABILITY_ZONE_CROSSED: eu-west-1a to eu-west-1b"]


def hub(*, appliance: Fact = NO, back: bool = True) -> tuple[Component, ...]:
    """A VPC whose way out to another leads through a transit gateway and a firewall in that other VPC."""
    found: list[Component] = [
        vpc("a", "10.1.0.0/16"),
        vpc("b", "10.2.0.0/16"),
        placed("here", "10.1.1.0/24", "eu-west-1a", "a"),
        placed("in-a", "10.2.1.0/24", "eu-west-1a", "b"),
        placed("in-b", "10.2.2.0/24", "eu-west-1b", "b"),
        placed("fw", "10.2.3.0/24", "eu-west-1a", "b"),
        placed("there", "10.2.4.0/24", "eu-west-1a", "b"),
        *table("table-a", "here", vpc="a"),
        *table("table-in", "in-a", "in-b", vpc="b"),
        *table("table-fw", "fw", vpc="b"),
        *table("table-b", "there", vpc="b"),
        route("table-a", "10.2.0.0/16", TargetKind.TRANSIT_GATEWAY, "hub"),
        route("table-in", "10.2.4.0/24", TargetKind.VPC_ENDPOINT, "endpoint"),
        route("table-fw", "10.1.0.0/16", TargetKind.TRANSIT_GATEWAY, "hub"),
        TransitGateway(id="hub", at=AT, association_table=link("t"), propagation_table=link("t")),
        TransitTable(id="t", at=AT, gateway=link("hub")),
        FirewallPolicy(id="policy", at=AT, stateless_default=FirewallAction.PASS),
        Firewall(
            id="firewall",
            at=AT,
            vpc=link("b"),
            policy=link("policy"),
            endpoints=(FirewallEndpoint(id="endpoint", at=AT, subnet=link("fw")),),
        ),
        group("app", vpc="a"),
        group("db", vpc="b"),
        allow_out("app", "all", "0.0.0.0/0"),
        allow_in("db", "all", "0.0.0.0/0"),
        host("client", "here", "app"),
        host("store", "there", "db"),
    ]
    if back:
        found.append(route("table-b", "10.1.0.0/16", TargetKind.VPC_ENDPOINT, "endpoint"))
    for name, subnets in (("a", ("here",)), ("b", ("in-a", "in-b"))):
        found.append(
            TransitAttachment(
                id=f"to-{name}",
                at=AT,
                kind=AttachmentKind.VPC,
                gateway=link("hub"),
                vpc=link(name),
                subnets=links(*subnets),
                appliance_mode=appliance,
            )
        )
    return tuple(found)


def test_a_firewall_behind_an_attachment_of_several_zones_wants_appliance_mode():
    code = "TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED"
    answer = asked(hub())
    assert answer.verdict is REACHABLE
    assert len(about(answer, code)) == 1
    assert "to-b" in about(answer, code)[0]
    assert not about(asked(hub(appliance=YES)), code)


def test_a_table_without_a_route_back_to_the_transit_gateway_is_told():
    answer = asked(hub(back=False))
    assert answer.verdict is ONE_WAY
    told = about(answer, "RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY")
    assert told == ["RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY: table-b"]


def endpoint(kind: EndpointType, restricted: Fact = NO) -> VpcEndpoint:
    return VpcEndpoint(id="door", at=AT, vpc=link("vpc"), types=(kind,), restricted=restricted)


def test_what_a_gateway_load_balancer_passes_is_not_checked():
    network = (
        *two("", ""),
        endpoint(EndpointType.GATEWAY_LOAD_BALANCER),
        *table("out", "here"),
        route("out", "0.0.0.0/0", TargetKind.VPC_ENDPOINT, "door"),
    )
    told = about(asked(network, "8.8.8.8/32"), "PATH_THROUGH_GWLB_NOT_CHECKED")
    assert told == ["PATH_THROUGH_GWLB_NOT_CHECKED: what the appliances behind door pass is not known"]


def test_the_policy_of_an_endpoint_may_deny_what_the_network_lets_pass():
    def told(restricted: Fact) -> list[str]:
        interface = host("door", "there", "app", initiates=False)
        network = (*two("", ""), endpoint(EndpointType.INTERFACE, restricted), interface)
        answer = asked(network, "door")
        assert answer.verdict is REACHABLE
        return about(answer, "the policy of door may deny some requests")

    assert len(told(replace(YES, at=AT))) == len(told(MAYBE)) == 1
    assert not told(NO)


def inspected_by(*rules: FirewallRule) -> Answer:
    """A way to the internet through a firewall with some stateful rules in strict order."""
    rules_group = policies.group("rules", *rules)
    network = (
        *two("", ""),
        igw(),
        *table("out", "here"),
        *table("front", "there"),
        route("out", "0.0.0.0/0", TargetKind.VPC_ENDPOINT, "endpoint"),
        route("front", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
        TableAssociation(at=AT, table=link("edge"), gateway=link("igw")),
        RouteTable(id="edge", at=AT, vpc=link("vpc")),
        route("edge", "10.0.1.0/24", TargetKind.VPC_ENDPOINT, "endpoint"),
        rules_group,
        policies.policy(rules_group, default="drop_strict"),
        Firewall(
            id="firewall",
            at=AT,
            vpc=link("vpc"),
            policy=link("policy"),
            endpoints=(FirewallEndpoint(id="endpoint", at=AT, subnet=link("there")),),
        ),
        group("web"),
        allow_out("web", "all", "0.0.0.0/0"),
        host("browser", "here", "web", public=YES),
    )
    return Engine(Inventory.of(network)).can_reach("browser", "8.8.8.8/32", parse_traffic("tcp/443"))


def test_a_rule_with_options_that_are_not_followed_is_told():
    code = "FIREWALL_UNSUPPORTED"
    plain = policies.rule("pass", "tcp/443")
    assert inspected_by(plain).verdict is REACHABLE
    assert not about(inspected_by(plain), code)
    doubtful = inspected_by(policies.rule("drop", "tcp/443", undecided=(WHY,)), plain)
    assert doubtful.verdict is UNKNOWN
    (told,) = about(doubtful, code)
    assert told.startswith("FIREWALL_UNSUPPORTED_HIGHER_PRIORITY_RULES: drop tcp/443")
    (told,) = about(inspected_by(policies.rule("pass", "tcp/443", undecided=(WHY,))), code)
    assert told.startswith("FIREWALL_UNSUPPORTED_RULE_OPTIONS: pass tcp/443")
