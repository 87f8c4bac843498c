"""VPCs, subnets, routes and gateways."""

from __future__ import annotations

import pytest

from auditor.model import AddressPeer, Alias, PrefixListPeer, Route, TargetKind, Truth
from auditor.traffic import IPV4, IPV6, UNICAST_IPV4, exact, parse_cidr
from auditor.tree import GapKind, Presence, Resource
from tests.aws.build import VPC, open_list, possible, read, ref, resource, unknown

VPC_ID = ref("aws_vpc.main.id")


def aliases(found: tuple[Alias, ...]) -> dict[str, str]:
    return {alias.id: alias.of for alias in found}


def test_a_vpc_has_its_range():
    assert read(VPC).vpcs[0].cidrs == exact(parse_cidr("10.0.0.0/16"))


def test_a_range_from_a_pool_is_not_known():
    (vpc,) = read(resource("aws_vpc.a", ipv4_ipam_pool_id="pool")).vpcs
    assert (bool(vpc.cidrs.must), vpc.cidrs.may, len(vpc.reasons)) == (False, UNICAST_IPV4, 1)


def test_an_unknown_range_may_be_a_public_one_and_says_why():
    (vpc,) = read(resource("aws_vpc.a", cidr_block=unknown("var.cidr"))).vpcs
    assert (vpc.cidrs.may, vpc.reasons[0].what) == (UNICAST_IPV4, "var.x has no value")


def test_a_vpc_without_ipv6_has_no_ipv6_range():
    assert not read(VPC).vpcs[0].cidrs.may & IPV6


@pytest.mark.parametrize(
    "asked", [{"assign_generated_ipv6_cidr_block": True}, {"assign_generated_ipv6_cidr_block": unknown()}]
)
def test_an_ipv6_range_that_amazon_gives_is_global_unicast(asked: dict[str, object]):
    (vpc,) = read(resource("aws_vpc.a", cidr_block="10.0.0.0/16", **asked)).vpcs
    assert vpc.cidrs.must == parse_cidr("10.0.0.0/16")
    assert vpc.cidrs.may == parse_cidr("10.0.0.0/16") | parse_cidr("2000::/3")
    assert vpc.reasons


def test_secondary_ranges_name_their_vpc():
    four, six = read(
        resource("aws_vpc_ipv4_cidr_block_association.a", vpc_id=VPC_ID, cidr_block="10.1.0.0/16"),
        resource("aws_vpc_ipv6_cidr_block_association.a", vpc_id=VPC_ID),
    ).ranges
    assert (four.vpc.id, four.cidrs) == ("aws_vpc.main", exact(parse_cidr("10.1.0.0/16")))
    assert (six.cidrs.may, bool(six.cidrs.must)) == (parse_cidr("2000::/3"), False)


def test_an_impossible_range_is_a_gap():
    found = read(resource("aws_vpc.a", cidr_block="10.0.0.0/99"))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert not found.vpcs[0].cidrs.known


def test_the_default_vpc_has_the_range_that_aws_gives_and_leads_to_the_internet():
    found = read(resource("aws_default_vpc.this"))
    assert found.vpcs[0].cidrs == exact(parse_cidr("172.31.0.0/16"))
    (route,) = found.routes
    assert (route.table.id, route.target.kind) == (found.tables[0].id, TargetKind.INTERNET_GATEWAY)
    assert route.target.link is not None
    assert found.gateways[0].id == route.target.link.id
    assert found.gateways[0].vpc is not None


def test_a_subnet_has_ranges_of_both_families():
    (subnet,) = read(
        resource(
            "aws_subnet.a",
            vpc_id=VPC_ID,
            cidr_block="10.0.1.0/24",
            ipv6_cidr_block="2001:db8::/64",
            availability_zone="eu-central-1a",
            map_public_ip_on_launch=True,
        )
    ).subnets
    assert subnet.cidrs == exact(parse_cidr("10.0.1.0/24") | parse_cidr("2001:db8::/64"))
    assert (subnet.zone, subnet.vpc.id) == ("eu-central-1a", "aws_vpc.main")
    assert subnet.public_on_launch.truth is Truth.YES
    assert subnet.ipv6_on_launch.truth is Truth.NO


def test_a_subnet_gives_no_public_addresses_unless_told():
    (subnet,) = read(resource("aws_subnet.a", vpc_id=VPC_ID, cidr_block="10.0.1.0/24")).subnets
    assert subnet.public_on_launch.truth is Truth.NO


def test_an_unknown_setting_of_a_subnet_stays_unknown():
    body = {"map_public_ip_on_launch": unknown("var.public")}
    (subnet,) = read(resource("aws_subnet.a", vpc_id=VPC_ID, cidr_block="10.0.1.0/24", **body)).subnets
    assert subnet.public_on_launch.truth is Truth.UNKNOWN
    assert subnet.public_on_launch.reasons


def test_a_default_subnet_is_public_and_in_the_default_vpc():
    found = read(resource("aws_default_vpc.v"), resource("aws_default_subnet.a", availability_zone="x"))
    (subnet,) = found.subnets
    assert (subnet.vpc.id, subnet.public_on_launch.truth) == ("aws_default_vpc.v", Truth.YES)
    assert (subnet.cidrs.may, bool(subnet.cidrs.must)) == (parse_cidr("172.31.0.0/16"), False)


def test_a_subnet_in_one_of_two_vpcs_is_in_neither_for_certain():
    options = unknown("", ref("aws_vpc.a.id"), ref("aws_vpc.b.id"))
    (subnet,) = read(resource("aws_subnet.a", vpc_id=options, cidr_block="10.0.0.0/24")).subnets
    assert not subnet.vpc.certain
    assert subnet.vpc.id not in {"aws_vpc.a", "aws_vpc.b"}


def test_every_vpc_has_a_main_table_by_two_names():
    found = read(VPC)
    (table,) = found.tables
    assert (table.id, table.main, table.vpc.id) == ("aws_vpc.main.main_route_table_id", True, "aws_vpc.main")
    assert aliases(found.aliases)["aws_vpc.main.default_route_table_id"] == table.id


def test_an_adopted_main_table_has_the_routes_that_are_written():
    adopted = resource(
        "aws_default_route_table.this",
        default_route_table_id=ref("aws_vpc.main.default_route_table_id"),
        route=[{"cidr_block": "0.0.0.0/0", "gateway_id": ref("aws_internet_gateway.g.id")}],
    )
    found = read(VPC, adopted)
    assert [(t.id, t.main, t.vpc.id) for t in found.tables] == [
        ("aws_default_route_table.this", True, "aws_vpc.main")
    ]
    assert [route.table.id for route in found.routes] == ["aws_default_route_table.this"]
    named = aliases(found.aliases)
    assert named["aws_vpc.main.main_route_table_id"] == "aws_default_route_table.this"
    assert named["aws_vpc.main.default_route_table_id"] == "aws_default_route_table.this"


def test_a_main_association_names_vpc_and_table():
    (main,) = read(
        resource(
            "aws_main_route_table_association.a", vpc_id=VPC_ID, route_table_id=ref("aws_route_table.r.id")
        )
    ).main_tables
    assert (main.vpc.id, main.table.id) == ("aws_vpc.main", "aws_route_table.r")


def route(**body: object) -> Route:
    (found,) = read(resource("aws_route.r", route_table_id=ref("aws_route_table.t.id"), **body)).routes
    return found


TARGETS = {
    "gateway_id": ("aws_internet_gateway.x.id", TargetKind.INTERNET_GATEWAY),
    "nat_gateway_id": ("aws_nat_gateway.x.id", TargetKind.NAT_GATEWAY),
    "egress_only_gateway_id": ("aws_egress_only_internet_gateway.x.id", TargetKind.EGRESS_ONLY_GATEWAY),
    "vpc_peering_connection_id": ("aws_vpc_peering_connection.x.id", TargetKind.VPC_PEERING),
    "transit_gateway_id": ("aws_ec2_transit_gateway.x.id", TargetKind.TRANSIT_GATEWAY),
    "core_network_arn": ("aws_networkmanager_core_network.x.arn", TargetKind.CORE_NETWORK),
    "vpc_endpoint_id": ("aws_vpc_endpoint.x.id", TargetKind.VPC_ENDPOINT),
    "network_interface_id": ("aws_network_interface.x.id", TargetKind.NETWORK_INTERFACE),
    "carrier_gateway_id": ("aws_ec2_carrier_gateway.x.id", TargetKind.CARRIER_GATEWAY),
    "local_gateway_id": ("aws_ec2_local_gateway.x.id", TargetKind.LOCAL_GATEWAY),
}


@pytest.mark.parametrize("attribute", TARGETS)
def test_the_attribute_of_a_route_says_what_it_leads_to(attribute: str):
    path, kind = TARGETS[attribute]
    found = route(destination_cidr_block="0.0.0.0/0", **{attribute: ref(path)})
    assert found.target.kind is kind
    assert found.target.link is not None
    assert found.target.link.id == path.rpartition(".")[0]


@pytest.mark.parametrize(
    ("gateway", "kind"),
    [
        ("local", TargetKind.LOCAL),
        ("igw-0123", TargetKind.INTERNET_GATEWAY),
        ("vgw-0123", TargetKind.VPN_GATEWAY),
        ("vpce-0123", TargetKind.VPC_ENDPOINT),
        ("nat-0123", TargetKind.NAT_GATEWAY),
        (ref("aws_nat_gateway.x.id"), TargetKind.NAT_GATEWAY),
        (ref("aws_vpn_gateway.x.id"), TargetKind.VPN_GATEWAY),
        (ref("module.net.aws_internet_gateway.x[0].id"), TargetKind.INTERNET_GATEWAY),
        (unknown("data.aws_internet_gateway.x.id"), TargetKind.INTERNET_GATEWAY),
        (unknown("var.gateway"), TargetKind.UNKNOWN),
        ("somewhere", TargetKind.UNKNOWN),
    ],
)
def test_the_kind_of_a_gateway_is_that_of_what_is_named(gateway: object, kind: TargetKind):
    assert route(destination_cidr_block="0.0.0.0/0", gateway_id=gateway).target.kind is kind


@pytest.mark.parametrize(
    ("gateway", "kind"),
    [
        ("igw-0123", TargetKind.INTERNET_GATEWAY),
        (ref("aws_internet_gateway.x.id"), TargetKind.INTERNET_GATEWAY),
        (unknown("var.gateway"), TargetKind.NAT_GATEWAY),
        ("somewhere", TargetKind.NAT_GATEWAY),
    ],
)
def test_what_is_given_as_a_nat_gateway_is_what_it_is_named(gateway: object, kind: TargetKind):
    assert route(destination_cidr_block="0.0.0.0/0", nat_gateway_id=gateway).target.kind is kind


def test_a_route_to_an_unknown_gateway_says_why():
    found = route(destination_cidr_block="0.0.0.0/0", gateway_id=unknown("var.gateway"))
    assert [reason.what for reason in found.reasons] == ["var.x has no value"]


def test_of_several_targets_the_known_one_counts():
    found = route(
        destination_cidr_block="0.0.0.0/0",
        nat_gateway_id=ref("aws_nat_gateway.n.id"),
        gateway_id=unknown("", None, "igw-1"),
    )
    assert found.target.kind is TargetKind.NAT_GATEWAY


def test_of_several_unknown_targets_none_is_chosen():
    found = route(
        destination_cidr_block="0.0.0.0/0", nat_gateway_id=unknown("var.n"), gateway_id=unknown("var.g")
    )
    assert (found.target.kind, found.target.link) == (TargetKind.UNKNOWN, None)
    assert found.reasons


def test_an_empty_text_is_no_target():
    found = route(destination_cidr_block="0.0.0.0/0", nat_gateway_id="", gateway_id="igw-1")
    assert found.target.kind is TargetKind.INTERNET_GATEWAY


def test_a_route_for_ipv6_is_none_for_ipv4():
    found = route(destination_ipv6_cidr_block="::/0", gateway_id="igw-1")
    assert isinstance(found.destination, AddressPeer)
    assert found.destination.addresses == exact(IPV6)


def test_a_route_can_lead_to_a_prefix_list():
    found = route(destination_prefix_list_id="pl-1", nat_gateway_id="nat-1")
    assert isinstance(found.destination, PrefixListPeer)
    assert found.destination.prefix_list.id == "pl-1"


def test_a_route_to_an_unknown_destination_may_be_for_any_address_of_its_family():
    found = route(destination_cidr_block=unknown("var.to"), nat_gateway_id="nat-1")
    assert isinstance(found.destination, AddressPeer)
    assert (found.destination.addresses.may, bool(found.destination.addresses.must)) == (IPV4, False)


def test_a_route_without_destination_or_target_is_a_gap():
    found = read(resource("aws_route.r", route_table_id="rtb-1"))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID, GapKind.INVALID]


def test_routes_may_stand_in_their_table():
    routes = [
        {"cidr_block": "0.0.0.0/0", "nat_gateway_id": ref("aws_nat_gateway.n.id"), "gateway_id": ""},
        {"ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1", "cidr_block": ""},
    ]
    found = read(resource("aws_route_table.t", vpc_id=VPC_ID, route=routes))
    assert [(r.id, r.table.id, r.target.kind) for r in found.routes] == [
        ("aws_route_table.t.route[0]", "aws_route_table.t", TargetKind.NAT_GATEWAY),
        ("aws_route_table.t.route[1]", "aws_route_table.t", TargetKind.EGRESS_ONLY_GATEWAY),
    ]


def test_routes_that_the_input_does_not_say_are_possible_routes_to_anywhere():
    found = read(resource("aws_route_table.t", vpc_id=VPC_ID, route=unknown("var.routes")))
    assert {r.presence for r in found.routes} == {Presence.MANY}
    assert {r.target.kind for r in found.routes} == {TargetKind.UNKNOWN}
    may = [r.destination.addresses.may for r in found.routes if isinstance(r.destination, AddressPeer)]
    assert may == [IPV4, IPV6]


def test_propagation_is_named_by_the_table_or_by_resources():
    found = read(
        resource("aws_route_table.t", vpc_id=VPC_ID, propagating_vgws=[ref("aws_vpn_gateway.a.id")]),
        resource(
            "aws_vpn_gateway_route_propagation.p",
            vpn_gateway_id=ref("aws_vpn_gateway.b.id"),
            route_table_id=ref("aws_route_table.t.id"),
        ),
    )
    assert [link.id for link in found.tables[0].propagating.items] == [
        "aws_vpn_gateway.a",
        "aws_vpn_gateway.b",
    ]


def association(**body: object) -> Resource:
    table = ref("aws_route_table.t.id")
    return resource("aws_route_table_association.a", route_table_id=table, **body)


def test_a_subnet_or_a_gateway_uses_a_table():
    subnet, gateway = read(
        association(subnet_id=ref("aws_subnet.a.id")),
        association(gateway_id=ref("aws_internet_gateway.g.id")),
    ).table_associations
    assert subnet.subnet is not None
    assert subnet.gateway is None
    assert gateway.gateway is not None
    assert gateway.subnet is None


def test_a_possible_association_is_possible():
    (found,) = read(possible(association(subnet_id="subnet-1"))).table_associations
    assert (found.presence, bool(found.reasons)) == (Presence.POSSIBLE, True)


def test_gateways_are_attached_here_or_by_a_resource():
    found = read(
        resource("aws_internet_gateway.a", vpc_id=VPC_ID),
        resource("aws_internet_gateway.b"),
        resource("aws_egress_only_internet_gateway.e", vpc_id=VPC_ID),
        resource("aws_vpn_gateway.v", vpc_id=VPC_ID),
        resource(
            "aws_internet_gateway_attachment.x",
            vpc_id=VPC_ID,
            internet_gateway_id=ref("aws_internet_gateway.b.id"),
        ),
    )
    assert [gateway.kind for gateway in found.gateways] == [
        TargetKind.INTERNET_GATEWAY,
        TargetKind.INTERNET_GATEWAY,
        TargetKind.EGRESS_ONLY_GATEWAY,
        TargetKind.VPN_GATEWAY,
    ]
    assert found.gateways[1].vpc is None
    assert found.gateway_attachments[0].gateway.id == "aws_internet_gateway.b"


def test_a_nat_gateway_is_public_unless_it_says_private():
    body = {"subnet_id": ref("aws_subnet.a.id")}
    found = read(
        resource("aws_nat_gateway.a", allocation_id=ref("aws_eip.e.id"), **body),
        resource("aws_nat_gateway.b", connectivity_type="private", **body),
        resource("aws_nat_gateway.c", connectivity_type=unknown(), **body),
    )
    assert [nat.public.truth for nat in found.nat_gateways] == [Truth.YES, Truth.NO, Truth.UNKNOWN]
    (given,) = found.elastic_ip_associations
    assert (given.address.id, given.holder.id) == ("aws_eip.e", "aws_nat_gateway.a")


def test_a_public_address_is_given_here_or_by_a_resource():
    found = read(
        resource("aws_eip.a", instance=ref("aws_instance.i.id")),
        resource("aws_eip.b"),
        resource(
            "aws_eip_association.x", allocation_id=ref("aws_eip.b.id"), instance_id=ref("aws_instance.j.id")
        ),
    )
    assert found.elastic_ips[0].holder is not None
    assert found.elastic_ips[0].holder.id == "aws_instance.i"
    assert found.elastic_ips[1].holder is None
    assert [(a.address.id, a.holder.id) for a in found.elastic_ip_associations] == [
        ("aws_eip.b", "aws_instance.j")
    ]


def test_a_prefix_list_has_its_entries_and_says_what_else_it_may_have():
    entry = {"cidr": "10.0.0.0/8", "description": "x"}
    found = read(
        resource("aws_ec2_managed_prefix_list.a", name="a", entry=open_list(entry, more=entry)),
        resource("aws_ec2_managed_prefix_list_entry.b", prefix_list_id="pl-1", cidr="192.168.0.0/16"),
    )
    (listed,) = found.prefix_lists
    assert [peer.text for peer in listed.entries] == ["10.0.0.0/8"]
    assert listed.open
    assert [e.entry.text for e in found.prefix_list_entries] == ["192.168.0.0/16"]


def test_a_prefix_list_of_aws_is_known_by_its_service():
    found = read(resource("data.aws_prefix_list.s3", name="com.amazonaws.eu-central-1.s3"))
    (listed,) = found.prefix_lists
    assert (listed.id, listed.service, bool(listed.open)) == ("data.aws_prefix_list.s3.id", "s3", True)


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("com.amazonaws.global.cloudfront.origin-facing", "cloudfront.origin-facing"),
        ("com.amazonaws.eu-west-1.ec2-instance-connect", "ec2-instance-connect"),
        (unknown('"com.amazonaws.${data.aws_region.here.name}.dynamodb"'), "dynamodb"),
        (unknown('app:"com.amazonaws.${var.region}.s3"'), "s3"),
        (unknown('"com.amazonaws.${var.what}.s3"'), ""),
        (unknown('"com.amazonaws." + network/AWS::Region + ".s3"'), "s3"),
        (unknown('"com.amazonaws." + network/What + ".s3"'), ""),
        (unknown('"com.amazonaws." + network/AWS::Region + "." + network/What'), ""),
        (unknown('"com.amazonaws.eu-west-1.${var.service}"'), ""),
        (unknown("var.name"), ""),
        ("offices", ""),
    ],
)
def test_a_service_is_known_by_its_name_whatever_the_region_is(name: object, service: str):
    by_filter = [{"name": "prefix-list-name", "values": [name]}]
    found = read(
        resource("data.aws_prefix_list.a", name=name),
        resource("data.aws_ec2_managed_prefix_list.b", filter=by_filter),
        resource("aws_vpc_endpoint.c", service_name=name, vpc_id=ref("aws_vpc.main.id")),
    )
    assert [listed.service for listed in found.prefix_lists] == [service] * 3


def test_an_ipv6_range_that_is_given_is_known():
    body = {"cidr_block": "10.0.0.0/16", "ipv6_cidr_block": "2001:db8::/56"}
    (vpc,) = read(resource("aws_vpc.a", **body)).vpcs
    assert vpc.cidrs == exact(parse_cidr("10.0.0.0/16") | parse_cidr("2001:db8::/56"))
    assert vpc.reasons == ()


def test_an_ipv6_range_from_a_pool_may_be_a_local_one():
    body = {"cidr_block": "10.0.0.0/16", "ipv6_ipam_pool_id": "pool"}
    (vpc,) = read(resource("aws_vpc.a", **body)).vpcs
    assert parse_cidr("fd00::/8") <= vpc.cidrs.may
    assert vpc.cidrs.must == parse_cidr("10.0.0.0/16")


def test_an_unknown_ipv6_range_is_unicast_and_says_why():
    (vpc,) = read(resource("aws_vpc.a", cidr_block="10.0.0.0/16", ipv6_cidr_block=unknown("var.six"))).vpcs
    assert vpc.cidrs.may & IPV6 == parse_cidr("2000::/3") | parse_cidr("fc00::/7")
    assert vpc.cidrs.must == parse_cidr("10.0.0.0/16")
    assert [reason.what for reason in vpc.reasons] == ["var.x has no value"]


def test_a_default_vpc_gives_dns_names_and_another_does_not():
    found = read(VPC, resource("aws_default_vpc.this"))
    assert [vpc.dns_names.truth for vpc in found.vpcs] == [Truth.NO, Truth.YES]


def test_unknown_ranges_of_a_subnet_are_bounded_by_family():
    (subnet,) = read(
        resource("aws_subnet.a", vpc_id=VPC_ID, cidr_block=unknown("a"), ipv6_cidr_block=unknown("b"))
    ).subnets
    assert not subnet.cidrs.must
    assert subnet.cidrs.may & IPV4 == UNICAST_IPV4
    assert subnet.cidrs.may & IPV6 == parse_cidr("2000::/3") | parse_cidr("fc00::/7")


def test_a_subnet_for_ipv6_alone_has_no_ipv4_range():
    body = {"ipv6_native": True, "ipv6_cidr_block": "2001:db8::/64", "assign_ipv6_address_on_creation": True}
    (subnet,) = read(resource("aws_subnet.a", vpc_id=VPC_ID, availability_zone_id="euc1-az1", **body)).subnets
    assert subnet.cidrs == exact(parse_cidr("2001:db8::/64"))
    assert (subnet.zone, subnet.ipv6_on_launch.truth) == ("euc1-az1", Truth.YES)


def test_the_ids_that_aws_gave_to_the_parts_of_a_vpc_are_other_names_of_them():
    known = {
        "default_security_group_id": "sg-0123456789abcdef0",
        "default_network_acl_id": "acl-0123456789abcdef0",
        "main_route_table_id": "rtb-0123456789abcdef0",
    }
    found = aliases(read(resource("aws_vpc.main", cidr_block="10.0.0.0/16", **known)).aliases)
    assert {part: found[name] for part, name in known.items()} == {
        part: f"aws_vpc.main.{part}" for part in known
    }


def test_a_part_is_adopted_by_the_id_that_aws_gave():
    vpc = resource("aws_vpc.main", cidr_block="10.0.0.0/16", default_route_table_id="rtb-1")
    found = read(vpc, resource("aws_default_route_table.t", default_route_table_id="rtb-1"))
    assert [table.id for table in found.tables] == ["aws_default_route_table.t"]


def test_a_main_table_of_a_vpc_outside_the_input_is_in_a_vpc_that_is_not_known():
    (table,) = read(resource("aws_default_route_table.t", default_route_table_id=unknown("var.table"))).tables
    assert (table.main, table.vpc.id) == (True, "aws_default_route_table.t.vpc_id")


def test_the_route_of_a_default_vpc_goes_with_its_table_if_that_is_adopted():
    vpc = resource("aws_default_vpc.v")
    table = resource(
        "aws_default_route_table.t", default_route_table_id=ref("aws_default_vpc.v.default_route_table_id")
    )
    assert read(vpc, table).routes == ()
    assert [route.presence for route in read(vpc, possible(table)).routes] == [Presence.POSSIBLE]
    assert [route.presence for route in read(vpc).routes] == [Presence.CERTAIN]


def test_a_table_that_may_be_adopted_is_there_and_its_routes_may_be():
    route_block = [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]
    table = ref("aws_vpc.main.default_route_table_id")
    adopted = resource("aws_default_route_table.t", default_route_table_id=table, route=route_block)
    found = read(VPC, possible(adopted))
    assert [one.presence for one in found.tables] == [Presence.CERTAIN]
    assert [one.presence for one in found.routes] == [Presence.POSSIBLE]


def test_a_route_names_its_table():
    assert route(destination_cidr_block="0.0.0.0/0", gateway_id="igw-1").table.id == "aws_route_table.t"


def test_a_route_to_an_instance_leads_to_an_instance():
    found = route(destination_cidr_block="0.0.0.0/0", instance_id="i-1")
    assert found.target.kind is TargetKind.INSTANCE


def test_of_two_destinations_that_may_be_given_each_is_possible():
    body = {
        "destination_cidr_block": unknown("", None, "10.0.0.0/8"),
        "destination_ipv6_cidr_block": unknown("", None, "::/0"),
    }
    found = read(resource("aws_route.r", route_table_id="rtb-1", gateway_id="igw-1", **body)).routes
    assert [one.presence for one in found] == [Presence.POSSIBLE, Presence.POSSIBLE]
    assert route(destination_cidr_block="10.0.0.0/8", gateway_id="igw-1").presence is Presence.CERTAIN


def test_a_gateway_knows_its_vpc():
    (gateway,) = read(resource("aws_internet_gateway.a", vpc_id=VPC_ID)).gateways
    assert gateway.vpc is not None
    assert gateway.vpc.id == "aws_vpc.main"


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("aws_internet_gateway_attachment", "internet_gateway_id"),
        ("aws_vpn_gateway_attachment", "vpn_gateway_id"),
    ],
)
def test_an_attachment_names_gateway_and_vpc(kind: str, attribute: str):
    (found,) = read(resource(f"{kind}.x", vpc_id=VPC_ID, **{attribute: "gw-1"})).gateway_attachments
    assert (found.gateway.id, found.vpc.id) == ("gw-1", "aws_vpc.main")


def test_a_nat_gateway_can_have_further_addresses():
    found = read(
        resource("aws_nat_gateway.n", subnet_id="subnet-1", secondary_allocation_ids=[ref("aws_eip.b.id")]),
        resource(
            "aws_nat_gateway_eip_association.c",
            allocation_id=ref("aws_eip.c.id"),
            nat_gateway_id=ref("aws_nat_gateway.n.id"),
        ),
    )
    assert [(one.address.id, one.holder.id) for one in found.elastic_ip_associations] == [
        ("aws_eip.b", "aws_nat_gateway.n"),
        ("aws_eip.c", "aws_nat_gateway.n"),
    ]
    assert found.nat_gateways[0].subnet.id == "subnet-1"


@pytest.mark.parametrize("attribute", ["public_ip", "address"])
def test_a_public_address_may_be_known(attribute: str):
    (found,) = read(resource("aws_eip.a", **{attribute: "203.0.113.7"})).elastic_ips
    assert found.address is not None
    assert found.address.addresses == exact(parse_cidr("203.0.113.7"))


def test_a_public_address_that_aws_picks_is_not_known():
    assert read(resource("aws_eip.a", network_interface="eni-1")).elastic_ips[0].address is None


def test_an_address_can_be_given_to_an_interface_by_its_text():
    (found,) = read(
        resource("aws_eip_association.a", public_ip="203.0.113.7", network_interface_id="eni-1")
    ).elastic_ip_associations
    assert (found.address.id, found.holder.id) == ("203.0.113.7", "eni-1")
