"""Network ACLs."""

from __future__ import annotations

from auditor.model import AclEntry, Direction, Truth
from auditor.traffic import ANY, EVERYTHING, IPV4, NOTHING, exact, parse_cidr, service
from auditor.tree import GapKind, Presence, Resource
from tests.aws.build import VPC, open_list, possible, read, ref, resource, unknown

ENTRY: dict[str, object] = {
    "rule_no": 100,
    "action": "allow",
    "protocol": "tcp",
    "cidr_block": "10.0.0.0/8",
    "from_port": 443,
    "to_port": 443,
}


def acl(**body: object) -> Resource:
    return resource("aws_network_acl.a", vpc_id=ref("aws_vpc.main.id"), **body)


def inline(**changes: object) -> AclEntry:
    (entry,) = read(acl(ingress=[{**ENTRY, **changes}])).acl_entries
    return entry


def test_a_new_acl_has_no_entry_and_so_denies_all():
    found = read(acl())
    assert ([a.id for a in found.acls], found.acl_entries) == (["aws_network_acl.a"], ())


def test_an_entry_says_number_direction_action_service_and_addresses():
    entry = inline()
    assert (entry.number, entry.direction, entry.allow.truth) == (100, Direction.INGRESS, Truth.YES)
    assert entry.service == exact(service(6, 443, 443))
    assert entry.peer.addresses == exact(parse_cidr("10.0.0.0/8"))


def test_an_entry_can_deny():
    assert inline(action="deny").allow.truth is Truth.NO


def test_the_case_of_an_action_does_not_matter():
    assert inline(action="DENY").allow.truth is Truth.NO


def test_an_unknown_action_is_neither():
    assert inline(action=unknown("var.action")).allow.truth is Truth.UNKNOWN


def test_an_impossible_action_is_a_gap_and_neither():
    found = read(acl(ingress=[{**ENTRY, "action": "permit"}]))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert found.acl_entries[0].allow.truth is Truth.UNKNOWN


def test_an_unknown_number_is_no_number():
    entry = inline(rule_no=unknown("var.number"))
    assert entry.number is None
    assert entry.reasons


def test_protocol_minus_one_is_everything():
    assert inline(protocol="-1", from_port=0, to_port=0).service == exact(EVERYTHING)


def test_icmp_looks_at_type_and_code_and_not_at_ports():
    entry = inline(protocol="icmp", icmp_type=8, icmp_code=-1, from_port=0, to_port=0)
    assert entry.service == exact(service(1, 8, -1))


def test_icmp_type_and_code_that_are_not_given_are_zero():
    assert inline(protocol="1").service == exact(service(1, 0, 0))


def test_ports_that_are_not_given_are_zero():
    assert inline(from_port=None, to_port=None).service == exact(service(6, 0, 0))


def test_an_ipv6_entry_has_ipv6_addresses():
    entry = inline(cidr_block="", ipv6_cidr_block="2001:db8::/32")
    assert entry.peer.addresses == exact(parse_cidr("2001:db8::/32"))


def test_of_two_addresses_that_may_be_given_either_is_possible():
    entry = inline(
        cidr_block=unknown("", None, "10.0.0.0/8"), ipv6_cidr_block=unknown("", None, "2001:db8::/32")
    )
    assert entry.peer.addresses.must == ANY - ANY
    assert entry.peer.addresses.may == parse_cidr("10.0.0.0/8") | parse_cidr("2001:db8::/32")


def test_an_entry_without_addresses_is_a_gap_and_stays_possible():
    found = read(acl(ingress=[{**ENTRY, "cidr_block": None}]))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert (found.acl_entries[0].peer.addresses.may, bool(found.acl_entries[0].peer.addresses.must)) == (
        ANY,
        False,
    )


def test_an_impossible_cidr_is_a_gap_and_stays_possible():
    found = read(acl(ingress=[{**ENTRY, "cidr_block": "10.0.0.0/40"}]))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert found.acl_entries[0].peer.addresses.may == IPV4


def test_an_unknown_port_leaves_the_entry_in_bounds():
    entry = inline(to_port=unknown())
    assert (entry.service.must, entry.service.may) == (service(6, 443, 443), service(6, 443, 65535))


def test_an_unknown_entry_may_be_anything():
    (entry,) = read(acl(egress=open_list(more=unknown("var.rules")))).acl_entries
    assert (entry.presence, entry.direction) == (Presence.MANY, Direction.EGRESS)
    assert (entry.service.must, entry.service.may) == (NOTHING, EVERYTHING)
    assert (entry.number, entry.allow.truth) == (None, Truth.UNKNOWN)


def test_subnets_are_named_by_the_acl_or_by_a_resource():
    found = read(
        acl(subnet_ids=[ref("aws_subnet.a.id"), ref("aws_subnet.b.id")]),
        resource(
            "aws_network_acl_association.x",
            network_acl_id=ref("aws_network_acl.a.id"),
            subnet_id=ref("aws_subnet.c.id"),
        ),
    )
    assert [(a.acl.id, a.subnet.id) for a in found.acl_associations] == [
        ("aws_network_acl.a", "aws_subnet.a"),
        ("aws_network_acl.a", "aws_subnet.b"),
        ("aws_network_acl.a", "aws_subnet.c"),
    ]


def test_unknown_subnets_may_be_any():
    (found,) = read(acl(subnet_ids=unknown("var.subnets"))).acl_associations
    assert (found.presence, found.subnet.certain) == (Presence.POSSIBLE, False)


def separate(**changes: object) -> Resource:
    body = {
        "network_acl_id": ref("aws_network_acl.a.id"),
        "rule_number": 200,
        "rule_action": "deny",
        "protocol": "udp",
        "cidr_block": "0.0.0.0/0",
        "from_port": 53,
        "to_port": 53,
        **changes,
    }
    return resource("aws_network_acl_rule.r", **body)


def test_an_entry_of_its_own_is_inbound_unless_it_says_egress():
    into, out = read(separate(), separate(egress=True)).acl_entries
    assert (into.direction, out.direction) == (Direction.INGRESS, Direction.EGRESS)
    assert (into.number, into.allow.truth, into.acl.id) == (200, Truth.NO, "aws_network_acl.a")
    assert into.service == exact(service(17, 53, 53))


def test_an_entry_of_unknown_direction_may_be_either():
    entries = read(separate(egress=unknown("var.out"))).acl_entries
    assert [(e.direction, e.presence) for e in entries] == [
        (Direction.INGRESS, Presence.POSSIBLE),
        (Direction.EGRESS, Presence.POSSIBLE),
    ]


def test_every_vpc_has_a_default_acl_that_allows_all():
    found = read(VPC)
    (default,) = found.acls
    assert (default.id, default.default) == ("aws_vpc.main.default_network_acl_id", True)
    assert {(e.direction, e.peer.text, e.allow.truth) for e in found.acl_entries} == {
        (direction, text, Truth.YES) for direction in Direction for text in ("0.0.0.0/0", "::/0")
    }
    assert {e.acl.id for e in found.acl_entries} == {default.id}


ADOPTED = resource(
    "aws_default_network_acl.d",
    default_network_acl_id=ref("aws_vpc.main.default_network_acl_id"),
    subnet_ids=[ref("aws_subnet.a.id")],
)


def test_an_adopted_default_acl_is_emptied():
    found = read(VPC, ADOPTED)
    assert [(a.id, a.default, a.vpc.id) for a in found.acls] == [
        ("aws_default_network_acl.d", True, "aws_vpc.main")
    ]
    assert found.acl_entries == ()
    assert [(a.acl.id, a.subnet.id) for a in found.acl_associations] == [
        ("aws_default_network_acl.d", "aws_subnet.a")
    ]
    assert {alias.id: alias.of for alias in found.aliases}["aws_vpc.main.default_network_acl_id"] == (
        "aws_default_network_acl.d"
    )


def test_a_default_acl_that_may_be_adopted_may_have_its_first_entries():
    found = read(VPC, possible(ADOPTED))
    assert {(e.acl.id, e.presence) for e in found.acl_entries} == {
        ("aws_default_network_acl.d", Presence.POSSIBLE)
    }
    assert [a.presence for a in found.acls] == [Presence.CERTAIN]


def test_a_default_acl_of_a_vpc_outside_the_input_is_in_a_vpc_that_is_not_known():
    (found,) = read(resource("aws_default_network_acl.d", default_network_acl_id="acl-1")).acls
    assert (found.default, found.vpc.id) == (True, "aws_default_network_acl.d.vpc_id")


def test_the_addresses_of_a_default_acl_are_those_of_their_family():
    families = {entry.peer.text: entry.peer.addresses for entry in read(VPC).acl_entries}
    assert families == {"0.0.0.0/0": exact(IPV4), "::/0": exact(ANY - IPV4)}


def test_an_impossible_protocol_is_a_gap_and_stays_possible():
    found = read(acl(ingress=[{**ENTRY, "protocol": "tpc"}]))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert (found.acl_entries[0].service.must, found.acl_entries[0].service.may) == (NOTHING, EVERYTHING)


def test_an_unknown_protocol_of_an_entry_may_be_everything():
    entry = inline(protocol=unknown("var.protocol"))
    assert (entry.service.must, entry.service.may) == (NOTHING, EVERYTHING)
    assert entry.reasons
