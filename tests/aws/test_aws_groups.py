"""Security groups: defaults and the four shapes of rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.aws import inventory
from auditor.model import Direction, GroupPeer, PrefixListPeer, Rule, UnknownPeer
from auditor.model.peers import AddressPeer
from auditor.traffic import EMPTY, EVERYTHING, IPV4, IPV6, NOTHING, Bounds, exact, parse_cidr, service
from auditor.tree import Gap, GapKind, Presence, Reading, Resource, Scope, Unknown
from tests.aws.build import HERE, VPC, node, open_list, possible, read, ref, resource, templated, unknown

VPC_ID = ref("aws_vpc.main.id")


def group(**body: object) -> Resource:
    return resource("aws_security_group.app", name="app", vpc_id=VPC_ID, **body)


def written(*resources: Resource) -> list[Rule]:
    return [rule for rule in read(*resources).rules if not rule.implicit]


def inline(**rule: object) -> Rule:
    full = {"protocol": "tcp", "from_port": 443, "to_port": 443, **rule}
    (found,) = written(group(ingress=[full]))
    return found


def texts(rule: Rule) -> list[str]:
    return [peer.text for peer in rule.peers if isinstance(peer, AddressPeer)]


def members(rule: Rule) -> list[str]:
    return [peer.group.id for peer in rule.peers if isinstance(peer, GroupPeer)]


def test_a_group_without_egress_has_no_egress_rule():
    assert [r for r in read(group()).rules if r.direction is Direction.EGRESS] == []


def test_a_group_without_rules_has_no_rule_at_all():
    assert read(group()).rules == ()


def test_an_empty_list_of_rules_is_no_rule():
    assert read(group(ingress=[], egress=[])).rules == ()


def test_a_group_knows_its_vpc_and_its_names():
    (found,) = read(group(tags={"Name": "sg-app"})).groups
    assert (found.vpc.id, found.names) == ("aws_vpc.main", ("sg-app", "app"))


def test_two_groups_without_vpc_are_in_one_default_vpc():
    found = read(resource("aws_security_group.a"), resource("aws_security_group.b")).groups
    assert found[0].vpc.id == found[1].vpc.id != ""


def test_the_default_vpc_of_one_input_is_not_called_after_its_path():
    (found,) = read(replace(resource("aws_security_group.a"), scope=Scope("live/prod"))).groups
    assert "live/prod" not in found.vpc.id


def test_the_default_vpcs_of_several_inputs_are_kept_apart():
    one = replace(resource("aws_security_group.a"), scope=Scope("live/prod"))
    two = replace(resource("aws_security_group.b"), scope=Scope("live/test"))
    found = read(one, two).groups
    assert found[0].vpc.id != found[1].vpc.id


def test_a_group_without_vpc_is_in_the_default_vpc_of_the_input():
    found = read(resource("aws_default_vpc.this"), resource("aws_security_group.a")).groups
    assert found[-1].vpc.id == "aws_default_vpc.this"


def test_two_groups_of_one_unknown_vpc_name_the_same_vpc():
    a, b = read(
        resource("aws_security_group.a", vpc_id=unknown("var.vpc_id")),
        resource("aws_security_group.b", vpc_id=unknown("var.vpc_id")),
    ).groups
    assert a.vpc.id == b.vpc.id == "var.vpc_id"
    assert a.vpc.certain


def test_unknowns_without_identity_are_not_taken_for_one_vpc():
    a, b = read(
        resource("aws_security_group.a", vpc_id=unknown()),
        resource("aws_security_group.b", vpc_id=unknown()),
    ).groups
    assert a.vpc.id != b.vpc.id


def test_one_block_can_name_addresses_of_both_families_groups_lists_and_itself():
    rule = inline(
        cidr_blocks=["10.0.0.0/8", "192.168.0.0/16"],
        ipv6_cidr_blocks=["2001:db8::/32"],
        prefix_list_ids=["pl-0123"],
        security_groups=[ref("aws_security_group.web.id")],
        self=True,
    )
    assert texts(rule) == ["10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32"]
    assert members(rule) == ["aws_security_group.web", "aws_security_group.app"]
    assert [p.prefix_list.id for p in rule.peers if isinstance(p, PrefixListPeer)] == ["pl-0123"]


def test_self_does_not_hide_a_cidr_in_the_same_block():
    assert texts(inline(cidr_blocks=["0.0.0.0/0"], self=True)) == ["0.0.0.0/0"]


def test_self_does_not_hide_another_block():
    base = {"protocol": "tcp", "from_port": 22, "to_port": 22}
    rules = written(group(ingress=[{**base, "self": True}, {**base, "cidr_blocks": ["0.0.0.0/0"]}]))
    assert [texts(rule) for rule in rules] == [[], ["0.0.0.0/0"]]


def test_ipv6_addresses_are_not_ipv4_addresses():
    (peer,) = inline(ipv6_cidr_blocks=["::/0"]).peers
    assert isinstance(peer, AddressPeer)
    assert peer.addresses == exact(IPV6)


def test_protocol_minus_one_is_everything_whatever_the_ports_say():
    assert inline(protocol="-1", from_port=80, to_port=80).service == exact(EVERYTHING)


def test_protocol_all_is_everything_without_ports():
    assert inline(protocol="all", from_port=None, to_port=None).service == exact(EVERYTHING)


def test_tcp_from_port_zero_to_zero_is_port_zero_alone():
    assert inline(from_port=0, to_port=0).service == exact(service(6, 0, 0))


def test_icmp_ports_are_type_and_code():
    assert inline(protocol="icmp", from_port=8, to_port=0).service == exact(service(1, 8, 0))


def test_icmpv6_is_a_protocol_of_its_own():
    assert inline(protocol="icmpv6", from_port=-1, to_port=-1).service == exact(service(58, -1, -1))


def test_a_protocol_may_be_a_number_in_text():
    assert inline(protocol="6", from_port="443", to_port="443").service == exact(service(6, 443, 443))


def test_a_rule_stands_where_its_block_stands():
    assert str(inline(cidr_blocks=["10.0.0.0/8"]).at) == "main.tf:2:3"


def test_rules_may_be_written_as_a_list_that_the_input_does_not_say():
    (rule,) = written(group(ingress=unknown("var.rules"), egress=[]))
    assert (rule.presence, rule.service.must, rule.service.may) == (Presence.MANY, NOTHING, EVERYTHING)
    assert any(isinstance(peer, UnknownPeer) for peer in rule.peers)
    assert rule.reasons


def test_a_dynamic_block_over_an_unknown_list_gives_a_possible_rule():
    block = {"protocol": "tcp", "from_port": unknown(), "to_port": unknown(), "cidr_blocks": ["10.0.0.0/8"]}
    (rule,) = written(group(ingress=open_list(more=block)))
    assert rule.presence is Presence.MANY
    assert rule.service.may == service(6)


def test_blocks_before_an_unknown_rest_stay_certain():
    sure = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
    rules = written(group(ingress=open_list(sure, more=sure)))
    assert [rule.presence for rule in rules] == [Presence.CERTAIN, Presence.MANY]


def test_an_unknown_cidr_may_be_any_of_its_family_and_must_be_none():
    (peer,) = inline(cidr_blocks=[unknown("var.office")]).peers
    assert isinstance(peer, AddressPeer)
    assert (peer.addresses.must, peer.addresses.may) == (IPV4 - IPV4, IPV4)
    assert (peer.text, peer.reasons[0].what) == ("var.office", "var.x has no value")


def test_an_unknown_ipv6_cidr_is_no_ipv4_address():
    (peer,) = inline(ipv6_cidr_blocks=unknown("var.office")).peers
    assert isinstance(peer, AddressPeer)
    assert peer.addresses.may == IPV6


def test_a_cidr_with_options_is_bounded_by_them():
    (peer,) = inline(cidr_blocks=[unknown("x", "10.0.0.0/8", "10.1.0.0/16")]).peers
    assert isinstance(peer, AddressPeer)
    assert (peer.addresses.must, peer.addresses.may) == (parse_cidr("10.1.0.0/16"), parse_cidr("10.0.0.0/8"))


def test_a_list_that_may_be_empty_gives_no_certain_address():
    (peer,) = inline(cidr_blocks=unknown("x", ["10.0.0.0/8"], [])).peers
    assert isinstance(peer, AddressPeer)
    assert not peer.addresses.must
    assert peer.addresses.may == parse_cidr("10.0.0.0/8")


def test_further_cidrs_of_an_open_list_are_only_possible():
    known, further = inline(cidr_blocks=open_list("10.0.0.0/8", more="192.168.0.0/16")).peers
    assert isinstance(known, AddressPeer)
    assert isinstance(further, AddressPeer)
    assert known.addresses == exact(parse_cidr("10.0.0.0/8"))
    assert not further.addresses.must
    assert further.addresses.may == parse_cidr("192.168.0.0/16")


def test_an_unknown_group_of_a_rule_is_one_thing_that_is_not_known():
    assert members(inline(security_groups=[unknown("var.client_group")])) == ["var.client_group"]


def test_an_unknown_list_of_groups_may_be_any_peer():
    (peer,) = inline(security_groups=unknown("var.groups")).peers
    assert isinstance(peer, UnknownPeer)


def test_one_of_two_groups_makes_both_uncertain():
    options = unknown("", ref("aws_security_group.a.id"), ref("aws_security_group.b.id"))
    peers = inline(security_groups=[options]).peers
    assert [(p.group.id, p.group.certain) for p in peers if isinstance(p, GroupPeer)] == [
        ("aws_security_group.a", False),
        ("aws_security_group.b", False),
    ]


def test_a_group_in_every_option_is_certain():
    a, b = ref("aws_security_group.a.id"), ref("aws_security_group.b.id")
    peers = inline(security_groups=unknown("", [a], [a, b])).peers
    assert [(p.group.id, p.group.certain) for p in peers if isinstance(p, GroupPeer)] == [
        ("aws_security_group.a", True),
        ("aws_security_group.b", False),
    ]


def test_a_self_that_is_not_known_names_the_group_uncertainly():
    (peer,) = inline(self=unknown("var.self")).peers
    assert isinstance(peer, GroupPeer)
    assert not peer.group.certain


def test_an_unknown_port_after_a_known_one_lets_the_known_one_pass():
    rule = inline(from_port=443, to_port=unknown("var.last"))
    assert (rule.service.must, rule.service.may) == (service(6, 443, 443), service(6, 443, 65535))


def test_an_unknown_protocol_may_be_everything():
    rule = inline(protocol=unknown("var.protocol"))
    assert (rule.service.must, rule.service.may) == (NOTHING, EVERYTHING)


def test_a_protocol_with_options_is_bounded_by_them():
    rule = inline(protocol=unknown("", "tcp", "udp"))
    assert rule.service.may == service(6, 443, 443) | service(17, 443, 443)
    assert rule.service.must == NOTHING


@pytest.mark.parametrize("cidr", ["10.0.0.0/33", "10.0.0.1", "::/0", "office"])
def test_an_impossible_cidr_is_a_gap_and_stays_possible(cidr: str):
    found = read(group(ingress=[{"protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": [cidr]}]))
    (gap,) = found.gaps
    assert (gap.kind, gap.at, bool(gap.settled_by)) == (GapKind.INVALID, found.rules[0].at, True)
    (peer,) = found.rules[0].peers
    assert isinstance(peer, AddressPeer)
    assert (bool(peer.addresses.must), peer.addresses.may) == (False, IPV4)


def test_ports_that_end_before_they_begin_are_a_gap_and_stay_possible():
    found = read(group(ingress=[{"protocol": "tcp", "from_port": 90, "to_port": 80, "self": True}]))
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert (found.rules[0].service.must, found.rules[0].service.may) == (NOTHING, EVERYTHING)


def test_the_rules_of_a_possible_group_are_possible():
    found = read(possible(group(ingress=[{"protocol": "-1", "self": True}])))
    assert found.groups[0].presence is found.rules[0].presence is Presence.POSSIBLE


def separate(**body: object) -> Rule:
    full = {"protocol": "tcp", "from_port": 443, "to_port": 443, "type_": "ingress", **body}
    (found,) = written(
        resource("aws_security_group_rule.r", security_group_id=ref("aws_security_group.app.id"), **full)
    )
    return found


def test_a_separate_rule_has_lists_of_addresses_and_itself():
    rule = separate(cidr_blocks=["10.0.0.0/8"], ipv6_cidr_blocks=["::/0"], self=True)
    assert (rule.group.id, texts(rule), members(rule)) == (
        "aws_security_group.app",
        ["10.0.0.0/8", "::/0"],
        ["aws_security_group.app"],
    )


def test_the_other_group_of_a_separate_egress_rule_is_its_destination():
    rule = separate(type_="egress", source_security_group_id=ref("aws_security_group.db.id"))
    assert (rule.direction, members(rule)) == (Direction.EGRESS, ["aws_security_group.db"])


def test_a_rule_of_unknown_direction_may_be_either():
    rules = written(
        resource(
            "aws_security_group_rule.r",
            type_=unknown("var.type"),
            protocol="-1",
            security_group_id="sg-1",
            cidr_blocks=["0.0.0.0/0"],
        )
    )
    assert [(rule.direction, rule.presence) for rule in rules] == [
        (Direction.INGRESS, Presence.POSSIBLE),
        (Direction.EGRESS, Presence.POSSIBLE),
    ]


@pytest.mark.parametrize(
    ("word", "direction"), [("ingress", Direction.INGRESS), ("egress", Direction.EGRESS)]
)
def test_a_rule_of_its_own_type_has_its_direction_in_the_type(word: str, direction: Direction):
    (rule,) = written(
        resource(
            f"aws_vpc_security_group_{word}_rule.r",
            security_group_id=ref("aws_security_group.app.id"),
            cidr_ipv4="10.0.0.0/8",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
        )
    )
    assert (rule.direction, rule.service, texts(rule)) == (
        direction,
        exact(service(6, 443, 443)),
        ["10.0.0.0/8"],
    )


def single(**body: object) -> Rule:
    (found,) = written(
        resource("aws_vpc_security_group_ingress_rule.r", security_group_id="sg-1", ip_protocol="-1", **body)
    )
    return found


def test_a_rule_with_only_a_group_names_no_address():
    rule = single(referenced_security_group_id=ref("aws_security_group.web.id"))
    assert (texts(rule), members(rule)) == ([], ["aws_security_group.web"])


def test_a_rule_with_only_a_prefix_list_names_no_address():
    (peer,) = single(prefix_list_id=ref("aws_ec2_managed_prefix_list.office.id")).peers
    assert isinstance(peer, PrefixListPeer)
    assert peer.prefix_list.id == "aws_ec2_managed_prefix_list.office"


def test_a_rule_for_ipv6_names_ipv6_addresses():
    (peer,) = single(cidr_ipv6="::/0").peers
    assert isinstance(peer, AddressPeer)
    assert peer.addresses == exact(IPV6)


def test_a_group_of_another_account_is_named_without_the_account():
    assert members(single(referenced_security_group_id="123456789012/sg-0a")) == ["sg-0a"]


def test_all_four_shapes_of_one_rule_give_one_service_and_peer():
    rules = [
        inline(cidr_blocks=["10.0.0.0/8"]),
        separate(cidr_blocks=["10.0.0.0/8"]),
        *written(
            resource(
                "aws_vpc_security_group_ingress_rule.r",
                security_group_id=ref("aws_security_group.app.id"),
                cidr_ipv4="10.0.0.0/8",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
            )
        ),
    ]
    assert len({(rule.group.id, rule.direction, rule.service, tuple(texts(rule))) for rule in rules}) == 1


def test_inline_and_separate_rules_are_told_apart():
    assert inline(self=True).inline
    assert not separate(self=True).inline


def test_every_vpc_has_a_default_group_that_lets_its_members_in_and_all_out():
    found = read(VPC)
    (default,) = found.groups
    assert (default.id, default.default) == ("aws_vpc.main.default_security_group_id", True)
    into, out = found.rules
    assert (into.direction, members(into), texts(into)) == (Direction.INGRESS, [default.id], [])
    assert (out.direction, texts(out)) == (Direction.EGRESS, ["0.0.0.0/0", "::/0"])
    assert into.implicit
    assert into.service == out.service == exact(EVERYTHING)


def test_an_adopted_default_group_is_emptied():
    found = read(VPC, resource("aws_default_security_group.this", vpc_id=VPC_ID))
    assert found.rules == ()
    assert [(g.id, g.default) for g in found.groups] == [("aws_default_security_group.this", True)]
    assert ("aws_vpc.main.default_security_group_id", "aws_default_security_group.this") in {
        (alias.id, alias.of) for alias in found.aliases
    }


def test_an_adopted_default_group_has_the_rules_that_are_written():
    adopted = resource(
        "aws_default_security_group.this",
        vpc_id=VPC_ID,
        ingress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True}],
    )
    assert [members(rule) for rule in read(VPC, adopted).rules] == [["aws_default_security_group.this"]]


def test_a_default_group_that_may_be_adopted_may_have_its_first_rules():
    found = read(VPC, possible(resource("aws_default_security_group.this", vpc_id=VPC_ID)))
    assert [(rule.group.id, rule.presence) for rule in found.rules] == [
        ("aws_default_security_group.this", Presence.POSSIBLE)
    ] * 2
    assert found.groups[0].presence is Presence.CERTAIN


def test_an_id_that_aws_gave_is_another_name_of_the_group():
    found = read(group(id="sg-0123456789abcdef0"))
    assert [(alias.id, alias.of) for alias in found.aliases] == [
        ("sg-0123456789abcdef0", "aws_security_group.app")
    ]


def test_gaps_of_the_reading_are_kept():
    gap = Gap(GapKind.MODULE, "module.x", HERE, "not on disk")
    assert inventory(Reading((), (gap,))).gaps == (gap,)


def test_the_default_group_lets_out_to_all_addresses_of_both_families():
    out = next(rule for rule in read(VPC).rules if rule.direction is Direction.EGRESS)
    addresses = [peer.addresses for peer in out.peers if isinstance(peer, AddressPeer)]
    assert addresses == [exact(IPV4), exact(IPV6)]
    assert read(VPC).groups[0].names == ("default",)


def test_two_resources_that_adopt_one_default_group_leave_it_uncertain():
    twice = [resource(f"aws_default_security_group.{label}", vpc_id=VPC_ID) for label in "ab"]
    assert {rule.presence for rule in read(VPC, *twice).rules} == {Presence.POSSIBLE}


def test_a_group_that_one_of_two_vpcs_has_as_default_leaves_both_uncertain():
    other = resource("aws_vpc.other", cidr_block="10.1.0.0/16")
    options = unknown("", VPC_ID, ref("aws_vpc.other.id"))
    found = read(VPC, other, resource("aws_default_security_group.a", vpc_id=options))
    assert {rule.presence for rule in found.rules} == {Presence.POSSIBLE}


def test_a_rule_says_why_its_ports_are_not_known():
    rule = single_port(unknown("var.port"))
    assert [reason.what for reason in rule.reasons] == ["var.x has no value"]
    assert single_port(443).reasons == ()


def single_port(port: object) -> Rule:
    (found,) = written(
        resource(
            "aws_vpc_security_group_ingress_rule.r",
            security_group_id="sg-1",
            cidr_ipv4="10.0.0.0/8",
            ip_protocol="tcp",
            from_port=port,
            to_port=443,
            description="from the office",
        )
    )
    return found


def test_a_rule_keeps_its_description():
    assert single_port(443).description == "from the office"


def test_further_cidrs_that_are_not_known_may_be_any():
    _, further = inline(cidr_blocks=open_list("10.0.0.0/8", more=unknown("var.more"))).peers
    assert isinstance(further, AddressPeer)
    assert (bool(further.addresses.must), further.addresses.may) == (False, IPV4)


@pytest.mark.parametrize(
    ("parts", "may", "most"),
    [
        (("10.", unknown("var.x"), ".0.0/16"), "10.0.0.0/8", 1 << 16),
        (("10.1.", unknown("var.x"), ".0/24"), "10.1.0.0/16", 1 << 8),
        ((unknown("var.x"), "/32"), "0.0.0.0/0", 1),
        (("1", unknown("var.x"), ".0.0/16"), "0.0.0.0/0", 1 << 16),
        (("10.", unknown("var.x"), "/4"), "0.0.0.0/0", 1 << 28),
        (("10.", unknown("var.x")), "0.0.0.0/0", None),
    ],
)
def test_a_range_of_which_a_part_is_written_is_bounded_by_that(
    parts: tuple[object, ...], may: str, most: int | None
) -> None:
    nodes = tuple(part if isinstance(part, Unknown) else node(part) for part in parts)
    cidr = Unknown((), HERE, parts=nodes)
    (peer,) = inline(cidr_blocks=[cidr]).peers
    assert isinstance(peer, AddressPeer)
    assert (peer.addresses, peer.most) == (Bounds(EMPTY, parse_cidr(may)), most)


@pytest.mark.parametrize("end", [{}, {"SourcePrefixListId": ""}, {"SourceSecurityGroupId": ""}])
def test_whom_a_template_s_rule_is_for_that_names_nobody_is_not_known(end: dict[str, str]):
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **end}
    found = read(templated("AWS::EC2::SecurityGroup", "g", VpcId="vpc-1", SecurityGroupIngress=[rule]))
    (ingress,) = [one for one in found.rules if one.direction is Direction.INGRESS]
    assert [type(peer) for peer in ingress.peers] == [UnknownPeer]
    assert [gap.why for gap in found.gaps] == ["a rule that names nobody is refused"]
