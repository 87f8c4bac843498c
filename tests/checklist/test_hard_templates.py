"""Templates that AWS takes, and in which a property that is easily overlooked decides."""

from __future__ import annotations

import pytest

from auditor.reach import Verdict
from tests.checklist.templates import FROM_ALL, HTTPS, ask, group, instance, network, resource, template

REACHABLE, UNKNOWN, BLOCKED = Verdict.REACHABLE, Verdict.UNKNOWN, Verdict.BLOCKED
IN_PUBLIC = "SubnetId: !Ref Public, SecurityGroupIds: [!Ref Web]"
APP = group("App") + instance("Client", "SubnetId: !Ref Private, SecurityGroupIds: [!Ref App]")


def served(*rules: str, more: str = "") -> str:
    """A client and a server whose group has these rules."""
    return template(APP, group("Web", *rules, more=more), instance("Server", IN_PUBLIC))


@pytest.mark.parametrize(
    ("name", "expected"), [("!Ref App", REACHABLE), ("elsewhere", UNKNOWN), ("!Ref Name", UNKNOWN)]
)
def test_a_rule_takes_its_source_by_name(name: str, expected: Verdict):
    text = served(f"{{{HTTPS}, SourceSecurityGroupName: {name}}}")
    assert ask(text, "Client", "Server").verdict is expected
    rule = resource(
        "Rule", "SecurityGroupIngress", f"GroupId: !Ref Web, {HTTPS}, SourceSecurityGroupName: {name}"
    )
    assert ask(served() + f"  {rule}", "Client", "Server").verdict is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("!Ref Web", REACHABLE),
        ("web", REACHABLE),
        ("elsewhere", UNKNOWN),
        ("!If [Asked, !Ref Web, !Ref App]", UNKNOWN),
    ],
)
def test_a_rule_names_its_own_group_by_name(name: str, expected: Verdict):
    rule = resource("Rule", "SecurityGroupIngress", f"GroupName: {name}, {HTTPS}, CidrIp: 10.0.0.0/16")
    assert ask(served(more=", GroupName: web") + f"  {rule}", "Client", "Server").verdict is expected


def test_groups_and_instances_without_a_vpc_are_in_the_default_one():
    text = f"""
Resources:
  App: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: a}}}}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: b
      SecurityGroupIngress: [{{{HTTPS}, SourceSecurityGroupName: !Ref App}}]
  Client: {{Type: AWS::EC2::Instance, Properties: {{ImageId: a, SecurityGroups: [!Ref App]}}}}
  Server: {{Type: AWS::EC2::Instance, Properties: {{ImageId: a, SecurityGroups: [!Ref Web]}}}}
"""
    assert ask(text, "Client", "Server").verdict is REACHABLE
    assert ask(text, "Server", "Client").verdict is BLOCKED


def test_an_egress_rule_that_may_be_written_may_take_the_implicit_one_away():
    maybe = ", SecurityGroupEgress: [!If [Asked, {IpProtocol: udp, CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]]"
    client = group("App", more=maybe) + instance(
        "Client", "SubnetId: !Ref Private, SecurityGroupIds: [!Ref App]"
    )
    found = ask(template(client, group("Web", FROM_ALL), instance("Server", IN_PUBLIC)), "Client", "Server")
    assert found.verdict is UNKNOWN
    assert any("Name" in unknown.what for unknown in found.unknowns)


INTERFACE = resource("Eni", "NetworkInterface", "SubnetId: !Ref Public, GroupSet: [!Ref Web]")
OTHER = resource("Other", "NetworkInterface", "SubnetId: !Ref Private, GroupSet: [!Ref App]")
ADDRESS = resource("Ip", "EIP")
GIVEN = "AllocationId: !GetAtt Ip.AllocationId, "
NOTHING = "!Ref 'AWS::NoValue'"


def addressed(server: str, *more: str) -> Verdict:
    text = template(group("Web", FROM_ALL), group("App"), instance("Server", server), *more)
    return ask(text, "internet", "Server").verdict


def test_a_public_address_of_an_instance_is_on_the_interface_that_it_is_given():
    server = "NetworkInterfaces: [{DeviceIndex: '0', NetworkInterfaceId: !Ref Eni}]"
    assert addressed(server, INTERFACE) is BLOCKED
    assert addressed(server, INTERFACE, resource("Ip", "EIP", "InstanceId: !Ref Server")) is REACHABLE


@pytest.mark.parametrize(
    "holder",
    [
        (
            f"InstanceId: !If [Asked, !Ref Server, {NOTHING}], "
            f"NetworkInterfaceId: !If [Asked, {NOTHING}, !Ref Other]"
        ),
        f"NetworkInterfaceId: !If [Asked, !Ref Other, {NOTHING}], InstanceId: !Ref Server",
        "InstanceId: !If [Asked, !Ref Server, !Ref Second]",
    ],
)
def test_a_public_address_may_be_given_to_either(holder: str):
    second = instance("Second", IN_PUBLIC)
    association = resource("Association", "EIPAssociation", GIVEN + holder)
    assert addressed(IN_PUBLIC, OTHER, second, ADDRESS, association) is UNKNOWN


@pytest.mark.parametrize("name", ["eni-0123456789abcdef0", "!Ref Name"])
def test_an_interface_that_the_input_does_not_have_may_stand_anywhere(name: str):
    assert addressed(f"NetworkInterfaces: [{{DeviceIndex: '0', NetworkInterfaceId: {name}}}]") is UNKNOWN


def test_an_interface_that_is_made_beside_one_that_is_given_counts():
    given = "{DeviceIndex: '0', NetworkInterfaceId: !Ref Other}"
    made = "{DeviceIndex: '1', SubnetId: !Ref Public, GroupSet: [!Ref Web]}"
    server = instance("Server", f"NetworkInterfaces: [{given}, {made}]")
    text = template(APP, group("Web", FROM_ALL), OTHER, server)
    assert ask(text, "Client", "Server").verdict in {REACHABLE, UNKNOWN}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("PrivateIpAddress: 10.0.1.9", BLOCKED),
        (
            "PrivateIpAddress: 10.0.1.5, PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.6, Primary: false}]",
            REACHABLE,
        ),
        ("PrivateIpAddress: 10.0.1.9, PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.6}]", BLOCKED),
        ("PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.6, Primary: false}]", UNKNOWN),
        (
            "PrivateIpAddresses: [{PrivateIpAddress: 10.0.1.5, Primary: true}, {PrivateIpAddress: 10.0.1.6}]",
            REACHABLE,
        ),
        ("PrivateIpAddress: 10.0.1.9, SecondaryPrivateIpAddressCount: 1", UNKNOWN),
    ],
)
def test_an_interface_has_its_first_address_and_those_of_the_list(given: str, expected: Verdict):
    eni = resource("Eni", "NetworkInterface", f"SubnetId: !Ref Public, GroupSet: [!Ref App], {given}")
    web = group("Web", f"{{{HTTPS}, CidrIp: 10.0.1.5/32}}")
    server = instance("Server", "SubnetId: !Ref Private, SecurityGroupIds: [!Ref Web]")
    assert ask(template(group("App"), web, eni, server), "Eni", "Server").verdict is expected


IPV6 = (
    resource("Range", "VPCCidrBlock", "VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true")
    + resource("Six", "SubnetCidrBlock", "SubnetId: !Ref Public, Ipv6CidrBlock: '2600:1f16::/64'")
    + resource(
        "Out6", "Route", "RouteTableId: !Ref Table, DestinationIpv6CidrBlock: '::/0', GatewayId: !Ref Gateway"
    )
)
LAUNCHED = (
    "Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: "
    "{NetworkInterfaces: [{DeviceIndex: 0, Ipv6AddressCount: 1, Groups: [!Ref Web]}]}}}\n"
)
LAUNCH = "LaunchTemplateId: !Ref Template, Version: '1'"


def one(given: str) -> str:
    return f"NetworkInterfaces: [{{DeviceIndex: '0', {given}, SubnetId: !Ref Public, GroupSet: [!Ref Web]}}]"


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (IN_PUBLIC, BLOCKED),
        (f"{IN_PUBLIC}, Ipv6AddressCount: 1", REACHABLE),
        (one("Ipv6AddressCount: 1"), REACHABLE),
        (one("Ipv6Addresses: [{Ipv6Address: '2600:1f16::5'}]"), REACHABLE),
        (f"SubnetId: !Ref Public, LaunchTemplate: {{{LAUNCH}}}", REACHABLE),
        (f"SubnetId: !Ref Public, LaunchTemplate: !If [Asked, {{{LAUNCH}}}, {NOTHING}]", UNKNOWN),
    ],
)  # fmt: skip
def test_an_instance_has_ipv6_where_its_interface_or_its_template_says_so(server: str, expected: Verdict):
    web = group("Web", f"{{{HTTPS}, CidrIpv6: '::/0'}}")
    text = template(web, IPV6, LAUNCHED, instance("Server", server))
    assert ask(text, "internet", "Server").verdict is expected


def launching(name: str, public: str) -> str:
    interface = f"{{DeviceIndex: 0, AssociatePublicIpAddress: {public}, Groups: [!Ref Web]}}"
    data = f"LaunchTemplateData: {{NetworkInterfaces: [{interface}]}}"
    return f"{name}: {{Type: AWS::EC2::LaunchTemplate, Properties: {{{data}}}}}\n"


@pytest.mark.parametrize("order", ["!Ref Open, !Ref Closed", "!Ref Closed, !Ref Open"])
def test_which_of_two_templates_launches_decides_whether_an_instance_is_public(order: str):
    templates = (launching("Open", "true"), launching("Closed", "false"))
    server = (
        f"SubnetId: !Ref Public, LaunchTemplate: {{LaunchTemplateId: !If [Asked, {order}], Version: '1'}}"
    )
    assert addressed(server, *templates) is UNKNOWN


LAUNCHED_BY_NAME = {
    "an Auto Scaling group after an instance": (
        (
            "Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: "
            "{InstanceId: !Ref Server, VPCZoneIdentifier: [!Ref Private], MinSize: '1', MaxSize: '1'}}\n"
        ),
        UNKNOWN,
    ),
    "a spot fleet": (
        (
            "Group: {Type: AWS::EC2::SpotFleet, Properties: {SpotFleetRequestConfigData: {"
            "LaunchTemplateConfigs: [{LaunchTemplateSpecification: {LaunchTemplateName: web, Version: '1'}, "
            "Overrides: [{SubnetId: !Ref Private}]}]}}}\n"
        ),
        REACHABLE,
    ),
    "a fleet": (
        (
            "Group: {Type: AWS::EC2::EC2Fleet, Properties: {LaunchTemplateConfigs: "
            "[{LaunchTemplateSpecification: {LaunchTemplateName: web, Version: '1'}, "
            "Overrides: [{SubnetId: !Ref Private}]}]}}\n"
        ),
        REACHABLE,
    ),
}


@pytest.mark.parametrize("name", LAUNCHED_BY_NAME)
def test_what_launches_instances_has_the_groups_of_what_it_launches(name: str):
    named = "LaunchTemplateName: web, LaunchTemplateData: {SecurityGroupIds: [!Ref Web]}"
    launched, expected = LAUNCHED_BY_NAME[name]
    launch = f"Launch: {{Type: AWS::EC2::LaunchTemplate, Properties: {{{named}}}}}\n"
    text = template(APP, group("Web", FROM_ALL), instance("Server", IN_PUBLIC), launch, launched)
    assert ask(text, "Client", "Group").verdict is expected


def test_a_rule_by_name_in_one_stack_is_of_a_group_in_another():
    rule = resource("Rule", "SecurityGroupIngress", f"GroupName: web, {HTTPS}, CidrIp: 0.0.0.0/0")
    found = network(t=served(more=", GroupName: web"), rules=f"Resources:\n  {rule}")
    assert found.can_reach("t/Client", "t/Server", "tcp/443").verdict is not BLOCKED
