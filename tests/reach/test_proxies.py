"""Ways through proxies; what is expected is what the Elastic Load Balancing and PrivateLink guides say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import NO, YES, Component, Link, Links, Peering, ProxyTarget, TargetKind, TargetType
from auditor.reach import Verdict
from auditor.reach.asked import Ways
from auditor.reach.further import Further
from auditor.reach.verdict import Neighbour
from auditor.traffic import parse_traffic, traffic_text
from tests.reach.network import (
    BLOCKED,
    MAYBE,
    REACHABLE,
    UNKNOWN,
    WHY,
    allow_in,
    allow_out,
    at,
    codes,
    group,
    host,
    igw,
    link,
    route,
    subnet,
    table,
    vpc,
)
from tests.reach.proxied import address_target, balancer, further, listener, shared, targets

# The internet comes to public:443; public sends to app:8080; the client sits in a third subnet.
NETWORK: tuple[Component | tuple[Component, ...], ...] = (
    vpc(),
    igw(),
    subnet("front-a", "10.0.1.0/24"),
    subnet("app-a", "10.0.11.0/24"),
    table("t", "front-a"),
    route("t", "0.0.0.0/0", TargetKind.INTERNET_GATEWAY, "igw"),
    group("alb"),
    group("app"),
    allow_in("alb", "tcp/443", "0.0.0.0/0"),
    allow_out("alb"),
    host("server", "app-a", "app"),
)
PUBLIC = balancer("public", ("front-a",), "alb", public=YES)
CHAIN = (PUBLIC, listener("public", "tcp/443", "tg"), targets("tg", "tcp/8080", "server"))


def rows(net: Further, target: str, service: str = "") -> dict[str, Neighbour]:
    asked = parse_traffic(service) if service else None
    found = net.who_can_reach(target, asked, Ways(through_proxies=True)).rows
    return {row.end.name: row for row in found if row.via}


def through(net: Further, source: str, destination: str, service: str = "") -> Verdict:
    asked = parse_traffic(service) if service else None
    return net.can_reach(source, destination, asked).verdict


def test_a_target_is_reached_by_the_listeners_port_where_both_connections_open():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    internet = rows(net, "server")["internet"]
    assert internet.verdict is REACHABLE
    assert internet.via == ("public",)
    assert traffic_text(internet.traffic.must.services()) == ("tcp/443",)
    assert [(step.source, step.destination) for step in internet.steps] == [
        ("internet", "public"),
        ("public", "server"),
    ]
    assert traffic_text(internet.steps[1].traffic.must.services()) == ("tcp/8080",)
    assert [rule.component for rule in internet.steps[1].rules] == ["alb.egress", "app.ingress"]


def test_a_way_is_closed_where_the_targets_group_does_not_let_the_balancer_in():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/9090", "alb"))
    assert rows(net, "server") == {}
    answer = net.can_reach("internet", "server")
    assert answer.verdict is BLOCKED
    assert "ENI_SG_RULES_MISMATCH" in codes(answer)


def test_without_the_flag_the_answer_is_that_for_one_connection_with_a_hint():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    assert net.engine.can_reach("internet", "server").verdict is BLOCKED
    plain = net.who_can_reach("server")
    assert not any(row.via for row in plain.rows)
    assert any("public may lead here as well" in note for note in plain.notes)


def test_what_is_asked_for_is_what_arrives_at_the_target():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    assert through(net, "internet", "server", "tcp/8080") is REACHABLE
    answer = net.can_reach("internet", "server", parse_traffic("tcp/443"))
    assert answer.verdict is BLOCKED
    assert "TARGET_PORT_RESTRICTION" in codes(answer)


def test_can_reach_shows_both_connections_and_says_through_what():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    answer = net.can_reach("internet", "server")
    assert answer.verdict is REACHABLE
    assert "through public" in answer.notes
    assert [each.destination for each in answer.paths[0].connections] == ["public", "server"]
    assert all(each.hops for each in answer.paths[0].connections)


def test_reach_from_tells_the_targets_behind_a_proxy():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    found = {
        row.end.name: row
        for row in net.reach_from("internet", ways=Ways(through_proxies=True)).rows
        if row.via
    }
    assert found["server"].via == ("public",)
    assert found["server"].verdict is REACHABLE


def test_the_group_of_a_target_is_reached_as_the_target_is():
    net = further(*NETWORK, *CHAIN, allow_in("app", "tcp/8080", "alb"))
    assert rows(net, "app")["internet"].verdict is REACHABLE


def test_a_target_group_on_no_listener_is_told():
    facts = (PUBLIC, listener("public", "tcp/443"), targets("tg", "tcp/8080", "server"))
    answer = further(*NETWORK, *facts).can_reach("internet", "server")
    assert answer.verdict is BLOCKED
    assert "ELBV2_LISTENER_HAS_NO_TG" in codes(answer)


def test_a_listener_whose_targets_are_not_known_may_lead_anywhere_that_the_balancer_gets_to():
    open_listener = listener("public", "tcp/443", targets=Links(open=(WHY,)))
    net = further(*NETWORK, PUBLIC, open_listener, allow_in("app", "tcp/8080", "alb"))
    answer = net.can_reach("internet", "server")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns
    closed = further(*NETWORK, PUBLIC, open_listener)
    assert through(closed, "internet", "server") is BLOCKED


@pytest.mark.parametrize(
    "value",
    [
        Link('data.aws_network_interface.nlb["a"].private_ip', at(), reasons=(WHY,)),
        Link("var.target", at(), reasons=(WHY,)),
    ],
)
def test_a_target_of_which_only_the_code_is_known_may_be_any_host_that_the_balancer_gets_to(value: Link):
    facts = (PUBLIC, listener("public", "tcp/443", "tg"), *targets("tg", "tcp/8080"))
    unread = ProxyTarget(at=at(), group=link("tg"), workload=value)
    net = further(*NETWORK, *facts, unread, allow_in("app", "tcp/8080", "alb"))
    answer = net.can_reach("internet", "server")
    assert answer.verdict is UNKNOWN
    assert WHY in answer.unknowns
    assert through(further(*NETWORK, *facts, unread), "internet", "server") is BLOCKED


def test_a_target_that_is_said_and_is_no_workload_of_the_input_is_none():
    facts = (PUBLIC, listener("public", "tcp/443", "tg"), targets("tg", "tcp/8080", "i-0123"))
    assert (
        through(further(*NETWORK, *facts, allow_in("app", "tcp/8080", "alb")), "internet", "server")
        is BLOCKED
    )


# -- client addresses ------------------------------------------------------------------------------


def nlb(preserves: object, *extra: Component, groups: tuple[str, ...] = ("alb",)) -> Further:
    return further(
        *NETWORK,
        balancer("public", ("front-a",), *groups, public=YES),
        listener("public", "tcp/443", "tg"),
        targets("tg", "tcp/8080", "server", preserves=preserves),
        *extra,
    )


def test_a_group_that_names_the_balancers_group_lets_it_in_whoever_the_client_is():
    for preserves in (YES, NO, MAYBE):
        assert through(nlb(preserves, allow_in("app", "tcp/8080", "alb")), "internet", "server") is REACHABLE


def test_a_rule_for_the_balancers_addresses_is_not_enough_where_the_client_is_preserved():
    rule = allow_in("app", "tcp/8080", "10.0.1.0/24")
    assert through(nlb(NO, rule), "internet", "server") is REACHABLE
    assert through(nlb(YES, rule), "internet", "server") is BLOCKED
    assert through(nlb(MAYBE, rule), "internet", "server") is UNKNOWN


def test_a_rule_for_the_clients_lets_them_in_where_they_are_preserved_and_no_route_back_is_asked():
    rule = allow_in("app", "tcp/8080", "203.0.113.0/24")
    assert through(nlb(YES, rule), "203.0.113.7/32", "server") is REACHABLE
    assert through(nlb(YES, rule), "internet", "server") is REACHABLE
    assert through(nlb(YES, rule), "198.51.100.7/32", "server") is BLOCKED
    assert through(nlb(NO, rule), "203.0.113.7/32", "server") is BLOCKED


def test_the_balancer_and_the_target_must_let_in_the_same_client():
    facts = [one for one in NETWORK if getattr(one, "component", "") != "alb.ingress"]
    net = further(
        *facts,
        allow_in("alb", "tcp/443", "198.51.100.0/24"),
        *CHAIN[:2],
        targets("tg", "tcp/8080", "server", preserves=YES),
        allow_in("app", "tcp/8080", "203.0.113.0/24"),
    )
    assert through(net, "internet", "server") is BLOCKED


def test_a_clients_group_does_not_count_behind_a_balancer():
    client = (
        group("client"),
        allow_out("client"),
        subnet("c", "10.0.21.0/24"),
        host("laptop", "c", "client"),
    )
    net = nlb(YES, *client, allow_in("app", "tcp/8080", "client"))
    assert through(net, "laptop", "server", "tcp/8080") is REACHABLE  # directly
    assert not rows(net, "server", "tcp/8080")


def test_a_balancer_without_groups_lets_all_of_it_in():
    net = nlb(YES, allow_in("app", "tcp/8080", "0.0.0.0/0"), groups=())
    assert rows(net, "server")["internet"].verdict is REACHABLE


# -- kinds of targets ------------------------------------------------------------------------------


def test_what_is_called_needs_no_packets():
    function = replace(host("function", (), "app"), placed=False, accepts=False)
    facts = (PUBLIC, listener("public", "tcp/443", "tg"), function)
    net = further(*NETWORK, *facts, targets("tg", "all", "function", kind=TargetType.INVOKED))
    assert rows(net, "function")["internet"].verdict is REACHABLE


def test_a_target_by_address_is_the_workload_that_has_it():
    other = host("other", "app-a", "app", address="10.0.11.9/32")
    facts = (PUBLIC, listener("public", "tcp/443", "tg"), targets("tg", "tcp/8080"), other)
    net = further(*NETWORK, *facts, address_target("tg", "10.0.11.9/32"), allow_in("app", "tcp/8080", "alb"))
    assert rows(net, "other")["internet"].verdict is REACHABLE
    assert rows(net, "server") == {}


def test_an_address_that_nobody_is_known_to_have_may_be_anybodys():
    facts = (PUBLIC, listener("public", "tcp/443", "tg"), targets("tg", "tcp/8080"))
    net = further(*NETWORK, *facts, address_target("tg", "10.0.11.9/32"), allow_in("app", "tcp/8080", "alb"))
    assert rows(net, "server")["internet"].verdict is UNKNOWN


def peered(*routes: Component) -> tuple[Component | tuple[Component, ...], ...]:
    """The load balancer's group holds an address of a VPC on the other side of a peering."""
    return (
        *NETWORK,
        PUBLIC,
        listener("public", "tcp/443", "tg"),
        tuple([replace(one, vpc=link("vpc")) for one in targets("tg", "tcp/8080")]),
        address_target("tg", "10.1.0.9/32"),
        vpc("far", "10.1.0.0/16"),
        subnet("far-a", "10.1.0.0/24", vpc="far"),
        table("f", "far-a", vpc="far"),
        group("behind", vpc="far"),
        allow_in("behind", "tcp/8080", "10.0.0.0/16"),
        host("distant", "far-a", "behind", address="10.1.0.9/32"),
        Peering(
            id="pcx", at=at(), requester=link("vpc"), accepter=link("far"), active=YES, group_references=YES
        ),
        *routes,
    )


def test_a_target_by_address_may_be_in_another_vpc_than_its_group():
    there = route("t", "10.1.0.0/16", TargetKind.VPC_PEERING, "pcx")
    back = route("f", "10.0.0.0/16", TargetKind.VPC_PEERING, "pcx")
    assert through(further(*peered(there, back)), "internet", "distant") is REACHABLE
    assert through(further(*peered(there)), "internet", "distant") is not REACHABLE
    assert through(further(*peered()), "internet", "distant") is BLOCKED


# -- zones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("balancer_zone", "target_zone", "crosses", "expected"),
    [
        ("eu-west-1a", "eu-west-1a", NO, REACHABLE),
        ("eu-west-1a", "eu-west-1b", NO, BLOCKED),
        ("eu-west-1a", "eu-west-1b", YES, REACHABLE),
        ("eu-west-1a", "eu-west-1b", MAYBE, UNKNOWN),
        ("eu-west-1a", "", NO, UNKNOWN),
        ("eu-west-1a", "euw1-az2", NO, UNKNOWN),
        ("var.zone", "var.zone", NO, REACHABLE),
        ("var.zone", "var.other", NO, UNKNOWN),
    ],
)
def test_without_cross_zone_balancing_a_node_hands_on_within_its_zone(
    balancer_zone, target_zone, crosses, expected
):
    zones = {"front-a": balancer_zone, "app-a": target_zone}
    facts = [replace(one, zone=zones[one.id]) if getattr(one, "id", "") in zones else one for one in NETWORK]
    own = targets("tg", "tcp/8080", "server", cross_zone=crosses)
    net = further(*facts, *CHAIN[:2], own, allow_in("app", "tcp/8080", "alb"))
    answer = net.can_reach("internet", "server")
    assert answer.verdict is expected
    assert ("ELB_NOT_CROSSZONE" in codes(answer)) is (expected is BLOCKED)


# -- chains ----------------------------------------------------------------------------------------

NESTED = (
    balancer("outer", ("front-a",), public=YES),
    balancer("inner", ("app-a",), "alb"),
    listener("outer", "tcp/80", "to-inner"),
    targets("to-inner", "tcp/443", "inner", kind=TargetType.BALANCER, preserves=YES),
    listener("inner", "tcp/443", "tg"),
    targets("tg", "tcp/8080", "server"),
    allow_in("app", "tcp/8080", "alb"),
)


def test_a_balancer_behind_a_balancer_is_one_way_more():
    internet = rows(further(*NETWORK, *NESTED), "server")["internet"]
    assert (internet.verdict, internet.via) == (REACHABLE, ("outer", "inner"))
    assert traffic_text(internet.traffic.must.services()) == ("tcp/80",)


def test_ports_that_do_not_meet_end_a_chain():
    facts = [one for one in NESTED if getattr(one, "id", "") != "inner.tcp/443"]
    net = further(*NETWORK, *facts, listener("inner", "tcp/8443", "tg"))
    answer = net.can_reach("internet", "server")
    assert answer.verdict is BLOCKED
    assert "ELBV2_LISTENER_PORT_RESTRICTION" in codes(answer)


def test_proxies_in_a_circle_end():
    facts = (listener("inner", "tcp/444", "round"), targets("round", "tcp/80", "outer"))
    net = further(*NETWORK, *NESTED, *facts, allow_in("alb", "tcp/444", "0.0.0.0/0"))
    assert rows(net, "server")["internet"].verdict is REACHABLE


# -- PrivateLink -----------------------------------------------------------------------------------

PROVIDER = (
    vpc("provider", "10.0.0.0/16"),
    subnet("p", "10.0.5.0/24", vpc="provider"),
    group("task", vpc="provider"),
    host("task-1", "p", "task"),
    listener("nlb", "tcp/443", "tg"),
    targets("tg", "tcp/8443", "task-1", preserves=YES),
    allow_in("task", "tcp/8443", "10.0.5.0/24"),
)
CONSUMER = (
    vpc("consumer", "10.0.0.0/16"),
    subnet("c", "10.0.1.0/24", vpc="consumer"),
    group("client", vpc="consumer"),
    group("endpoint", vpc="consumer"),
    allow_out("client"),
    allow_in("endpoint", "tcp/443", "client"),
    host("laptop", "c", "client"),
    replace(host("vpce", "c", "endpoint"), initiates=False),
)
NLB = balancer("nlb", ("p",))


def test_private_link_leads_to_the_providers_targets_between_vpcs_of_one_range():
    net = further(*PROVIDER, *CONSUMER, NLB, shared("service", "vpce", "consumer", "nlb"))
    found = rows(net, "task-1")
    assert (found["laptop"].via if "laptop" in found else found["client"].via) == ("vpce", "nlb")
    assert through(net, "laptop", "task-1") is REACHABLE
    assert through(net, "task-1", "laptop") is BLOCKED


def test_an_endpoint_that_was_not_accepted_leads_nowhere():
    for accepted, expected in ((NO, BLOCKED), (MAYBE, UNKNOWN)):
        service = shared("service", "vpce", "consumer", "nlb", accepted=accepted)
        assert through(further(*PROVIDER, *CONSUMER, NLB, service), "laptop", "task-1") is expected


def test_the_balancers_groups_see_the_consumers_address():
    filtered = (balancer("nlb", ("p",), "guard"), group("guard", vpc="provider"), allow_out("guard"))
    service = shared("service", "vpce", "consumer", "nlb")
    for cidr, expected in (("10.0.1.0/24", REACHABLE), ("10.0.5.0/24", BLOCKED)):
        net = further(*PROVIDER, *CONSUMER, *filtered, service, allow_in("guard", "tcp/443", cidr))
        assert through(net, "laptop", "task-1") is expected


# -- proxies in no VPC -----------------------------------------------------------------------------


def test_the_internet_comes_through_a_public_api_to_what_is_behind_its_link():
    api = replace(host("api", ()), placed=False, public=YES, kind="aws_api_gateway_rest_api")
    own = (api, listener("api", "tcp/443", "link"), targets("link", "tcp/443", "nlb"))
    net = further(*PROVIDER, NLB, *own)
    found = rows(net, "task-1")
    assert (found["internet"].verdict, found["internet"].via) == (REACHABLE, ("api", "nlb"))


def test_a_private_api_is_not_open_to_the_internet():
    api = replace(host("api", ()), placed=False, public=NO, kind="aws_api_gateway_rest_api")
    own = (api, listener("api", "tcp/443", "link"), targets("link", "tcp/443", "nlb"))
    assert through(further(*PROVIDER, NLB, *own), "internet", "task-1") is BLOCKED
