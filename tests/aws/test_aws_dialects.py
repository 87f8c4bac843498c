"""One small network in three dialects: the facts are the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import Alias, Inventory, Placement, TargetKind, Truth
from auditor.reach import Engine, Verdict
from auditor.reach.carriers import Carriers
from auditor.reach.index import Index
from auditor.reach.spots import Spots
from auditor.traffic import parse_cidr, parse_traffic
from auditor.tree import Presence, Resource
from tests.aws.build import at, collected, read, ref, resource, templated
from tests.fixtures.sameness import difference

ALL = "0.0.0.0/0"

TERRAFORM = (
    resource("aws_vpc.main", cidr_block="10.0.0.0/16", tags={"Name": "main"}),
    resource(
        "aws_vpc_ipv4_cidr_block_association.more", vpc_id=ref("aws_vpc.main.id"), cidr_block="10.1.0.0/16"
    ),
    resource(
        "aws_subnet.app",
        vpc_id=ref("aws_vpc.main.id"),
        cidr_block="10.0.1.0/24",
        map_public_ip_on_launch=True,
        availability_zone="eu-west-1a",
    ),
    resource("aws_internet_gateway.out", vpc_id=ref("aws_vpc.main.id")),
    resource(
        "aws_route_table.app",
        vpc_id=ref("aws_vpc.main.id"),
        route=[{"cidr_block": ALL, "gateway_id": ref("aws_internet_gateway.out.id")}],
    ),
    resource(
        "aws_route_table_association.app",
        subnet_id=ref("aws_subnet.app.id"),
        route_table_id=ref("aws_route_table.app.id"),
    ),
    resource("aws_eip.nat", domain="vpc"),
    resource("aws_nat_gateway.nat", subnet_id=ref("aws_subnet.app.id"), allocation_id=ref("aws_eip.nat.id")),
    resource(
        "aws_network_acl.app",
        vpc_id=ref("aws_vpc.main.id"),
        subnet_ids=[ref("aws_subnet.app.id")],
        ingress=[
            {
                "rule_no": 100,
                "action": "allow",
                "protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "cidr_block": ALL,
            },
            {
                "rule_no": 110,
                "action": "deny",
                "protocol": "icmp",
                "icmp_type": 8,
                "icmp_code": -1,
                "from_port": 0,
                "to_port": 0,
                "cidr_block": ALL,
            },
        ],
        egress=[
            {
                "rule_no": 100,
                "action": "allow",
                "protocol": "-1",
                "from_port": 0,
                "to_port": 0,
                "ipv6_cidr_block": "::/0",
            }
        ],
    ),
    resource(
        "aws_security_group.web",
        name="web",
        vpc_id=ref("aws_vpc.main.id"),
        ingress=[
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [ALL]},
            {"protocol": "tcp", "from_port": 22, "to_port": 22, "security_groups": ["sg-9"]},
        ],
        egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "prefix_list_ids": ["pl-9"]}],
    ),
    resource(
        "aws_vpc_endpoint.queue",
        vpc_id=ref("aws_vpc.main.id"),
        vpc_endpoint_type="Interface",
        service_name="com.amazonaws.eu-west-1.sqs",
        subnet_ids=[ref("aws_subnet.app.id")],
        security_group_ids=[ref("aws_security_group.web.id")],
    ),
    resource(
        "aws_instance.one",
        subnet_id=ref("aws_subnet.app.id"),
        private_ip="10.0.1.5",
        vpc_security_group_ids=[ref("aws_security_group.web.id")],
        source_dest_check=False,
    ),
    resource(
        "aws_network_interface.spare",
        subnet_id=ref("aws_subnet.app.id"),
        private_ips=["10.0.1.9"],
        security_groups=[ref("aws_security_group.web.id")],
    ),
    resource(
        "aws_ec2_managed_prefix_list.office",
        name="office",
        entry=[{"cidr": "192.0.2.0/24", "description": "x"}],
    ),
)

TEMPLATE = (
    templated("AWS::EC2::VPC", "Main", CidrBlock="10.0.0.0/16", Tags=[{"Key": "Name", "Value": "main"}]),
    templated("AWS::EC2::VPCCidrBlock", "More", VpcId=at("Main"), CidrBlock="10.1.0.0/16"),
    templated(
        "AWS::EC2::Subnet",
        "App",
        VpcId=at("Main", "VpcId"),
        CidrBlock="10.0.1.0/24",
        MapPublicIpOnLaunch=True,
        AvailabilityZone="eu-west-1a",
    ),
    templated("AWS::EC2::InternetGateway", "Out"),
    templated("AWS::EC2::VPCGatewayAttachment", "Attached", VpcId=at("Main"), InternetGatewayId=at("Out")),
    templated("AWS::EC2::RouteTable", "Table", VpcId=at("Main")),
    templated(
        "AWS::EC2::Route",
        "Default",
        RouteTableId=at("Table", "RouteTableId"),
        DestinationCidrBlock=ALL,
        GatewayId=at("Out"),
    ),
    templated("AWS::EC2::SubnetRouteTableAssociation", "Used", SubnetId=at("App"), RouteTableId=at("Table")),
    templated("AWS::EC2::EIP", "Address", Domain="vpc"),
    templated("AWS::EC2::NatGateway", "Nat", SubnetId=at("App"), AllocationId=at("Address", "AllocationId")),
    templated("AWS::EC2::NetworkAcl", "Acl", VpcId=at("Main")),
    templated(
        "AWS::EC2::NetworkAclEntry",
        "In",
        NetworkAclId=at("Acl"),
        RuleNumber=100,
        Protocol=6,
        RuleAction="allow",
        CidrBlock=ALL,
        PortRange={"From": 443, "To": 443},
    ),
    templated(
        "AWS::EC2::NetworkAclEntry",
        "NoPing",
        NetworkAclId=at("Acl", "Id"),
        RuleNumber=110,
        Protocol=1,
        RuleAction="deny",
        Egress=False,
        CidrBlock=ALL,
        Icmp={"Type": 8, "Code": -1},
    ),
    templated(
        "AWS::EC2::NetworkAclEntry",
        "Leave",
        NetworkAclId=at("Acl"),
        RuleNumber=100,
        Protocol=-1,
        RuleAction="allow",
        Egress=True,
        Ipv6CidrBlock="::/0",
    ),
    templated("AWS::EC2::SubnetNetworkAclAssociation", "Guarded", SubnetId=at("App"), NetworkAclId=at("Acl")),
    templated(
        "AWS::EC2::SecurityGroup",
        "Web",
        GroupName="web",
        VpcId=at("Main"),
        SecurityGroupIngress=[
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": ALL},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "SourceSecurityGroupId": "sg-9"},
        ],
        SecurityGroupEgress=[{"IpProtocol": -1, "DestinationPrefixListId": "pl-9"}],
    ),
    templated(
        "AWS::EC2::VPCEndpoint",
        "Queue",
        VpcId=at("Main"),
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.eu-west-1.sqs",
        SubnetIds=[at("App")],
        SecurityGroupIds=[at("Web", "GroupId")],
    ),
    templated(
        "AWS::EC2::Instance",
        "One",
        NetworkInterfaces=[
            {"DeviceIndex": "0", "SubnetId": at("App"), "GroupSet": [at("Web")]},
        ],
        PrivateIpAddress="10.0.1.5",
        SourceDestCheck=False,
    ),
    templated(
        "AWS::EC2::NetworkInterface",
        "Spare",
        SubnetId=at("App"),
        PrivateIpAddresses=[{"PrivateIpAddress": "10.0.1.9", "Primary": True}],
        GroupSet=[at("Web", "GroupId")],
    ),
    templated(
        "AWS::EC2::PrefixList",
        "Office",
        PrefixListName="office",
        Entries=[{"Cidr": "192.0.2.0/24", "Description": "x"}],
    ),
)


def interface(identity: str, address: str, subnet: str = "subnet-1", **more: object) -> Resource:
    return collected(
        "NetworkInterfaces",
        identity,
        SubnetId=subnet,
        VpcId="vpc-1",
        Groups=[{"GroupId": "sg-1", "GroupName": "web"}],
        PrivateIpAddresses=[{"PrivateIpAddress": address, "Primary": True}],
        **more,
    )


SNAPSHOT = (
    collected(
        "Vpcs",
        "vpc-1",
        CidrBlock="10.0.0.0/16",
        CidrBlockAssociationSet=[
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "disassociated"}},
        ],
        EnableDnsHostnames={"Value": False},
        EnableDnsSupport={"Value": True},
        Tags=[{"Key": "Name", "Value": "main"}],
    ),
    collected(
        "Subnets",
        "subnet-1",
        VpcId="vpc-1",
        CidrBlock="10.0.1.0/24",
        Ipv6CidrBlockAssociationSet=[],
        MapPublicIpOnLaunch=True,
        AvailabilityZone="eu-west-1a",
    ),
    collected(
        "InternetGateways",
        "igw-1",
        Attachments=[{"VpcId": "vpc-1", "State": "available"}, {"VpcId": "vpc-2", "State": "detached"}],
    ),
    collected(
        "RouteTables",
        "rtb-0",
        VpcId="vpc-1",
        Routes=[{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}],
        Associations=[{"Main": True, "RouteTableId": "rtb-0", "AssociationState": {"State": "associated"}}],
    ),
    collected(
        "RouteTables",
        "rtb-1",
        VpcId="vpc-1",
        PropagatingVgws=[],
        Routes=[
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
            {
                "DestinationCidrBlock": ALL,
                "GatewayId": "igw-1",
                "Origin": "CreateRoute",
                "State": "active",
            },
        ],
        Associations=[
            {"Main": False, "SubnetId": "subnet-1", "AssociationState": {"State": "associated"}},
            {"Main": False, "SubnetId": "subnet-2", "AssociationState": {"State": "disassociated"}},
        ],
    ),
    collected("Addresses", "eipalloc-1", PublicIp="198.51.100.7", Domain="vpc"),
    collected(
        "NatGateways",
        "nat-1",
        SubnetId="subnet-1",
        ConnectivityType="public",
        NatGatewayAddresses=[{"AllocationId": "eipalloc-1", "PublicIp": "198.51.100.7"}],
    ),
    collected(
        "NetworkAcls",
        "acl-0",
        VpcId="vpc-1",
        IsDefault=True,
        Associations=[],
        Entries=[
            {
                "RuleNumber": number,
                "Protocol": "-1",
                "RuleAction": "allow",
                "Egress": egress,
                word: everything,
            }
            for egress in (True, False)
            for number, word, everything in ((100, "CidrBlock", ALL), (101, "Ipv6CidrBlock", "::/0"))
        ],
    ),
    collected(
        "NetworkAcls",
        "acl-1",
        VpcId="vpc-1",
        IsDefault=False,
        Associations=[{"SubnetId": "subnet-1", "NetworkAclId": "acl-1"}],
        Entries=[
            {
                "RuleNumber": 100,
                "Protocol": "6",
                "RuleAction": "allow",
                "Egress": False,
                "CidrBlock": ALL,
                "PortRange": {"From": 443, "To": 443},
            },
            {
                "RuleNumber": 110,
                "Protocol": "1",
                "RuleAction": "deny",
                "Egress": False,
                "CidrBlock": ALL,
                "IcmpTypeCode": {"Type": 8, "Code": -1},
            },
            {
                "RuleNumber": 100,
                "Protocol": "-1",
                "RuleAction": "allow",
                "Egress": True,
                "Ipv6CidrBlock": "::/0",
            },
            {"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "Egress": True, "CidrBlock": ALL},
        ],
    ),
    collected(
        "SecurityGroups",
        "sg-0",
        GroupName="default",
        VpcId="vpc-1",
        IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-0"}]}],
        IpPermissionsEgress=[
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": ALL}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
        ],
    ),
    collected(
        "SecurityGroups",
        "sg-1",
        GroupName="web",
        VpcId="vpc-1",
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": ALL}],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [],
            },
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "UserIdGroupPairs": [{"GroupId": "sg-9", "UserId": "123456789012"}],
            },
        ],
        IpPermissionsEgress=[{"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-9"}]}],
    ),
    collected(
        "VpcEndpoints",
        "vpce-1",
        VpcId="vpc-1",
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.eu-west-1.sqs",
        PrivateDnsEnabled=False,
        SubnetIds=["subnet-1"],
        Groups=[{"GroupId": "sg-1", "GroupName": "web"}],
    ),
    collected(
        "Instances",
        "i-1",
        SubnetId="subnet-1",
        PrivateIpAddress="10.0.1.5",
        SourceDestCheck=False,
        SecurityGroups=[{"GroupId": "sg-8", "GroupName": "what its interface has not"}],
    ),
    interface("eni-1", "10.0.1.5", Attachment={"InstanceId": "i-1", "DeviceIndex": 0}),
    interface("eni-2", "10.0.1.9"),
    interface(
        "eni-3", "10.0.1.20", Description="VPC Endpoint Interface vpce-1", InterfaceType="vpc_endpoint"
    ),
    collected("PrefixLists", "pl-1", PrefixListName="office", Entries=[{"Cidr": "192.0.2.0/24"}]),
)

THEIRS = {
    "aws_vpc.main": ("net/Main", "vpc-1"),
    "aws_vpc.main.default_security_group_id": ("net/Main.default_security_group_id", "sg-0"),
    "aws_vpc.main.default_network_acl_id": ("net/Main.default_network_acl_id", "acl-0"),
    "aws_vpc.main.main_route_table_id": ("net/Main.main_route_table_id", "rtb-0"),
    "aws_subnet.app": ("net/App", "subnet-1"),
    "aws_internet_gateway.out": ("net/Out", "igw-1"),
    "aws_route_table.app": ("net/Table", "rtb-1"),
    "aws_eip.nat": ("net/Address", "eipalloc-1"),
    "aws_nat_gateway.nat": ("net/Nat", "nat-1"),
    "aws_network_acl.app": ("net/Acl", "acl-1"),
    "aws_security_group.web": ("net/Web", "sg-1"),
    "aws_vpc_endpoint.queue": ("net/Queue", "vpce-1"),
    "aws_vpc_endpoint.queue.prefix_list_id": ("net/Queue.prefix_list_id", "vpce-1.prefix_list_id"),
    "aws_instance.one": ("net/One", "i-1"),
    "aws_network_interface.spare": ("net/Spare", "eni-2"),
    "aws_ec2_managed_prefix_list.office": ("net/Office", "pl-1"),
}
# What names a rule or a route, where it stands in, and what AWS alone knows.
OWN = frozenset(
    {
        "names",
        "component",
        "inline",
        "exclusive",
        "for_groups",
        "implicit",
        "placement",
        "public",
        "addresses",
        "address",
    }
)


def called(inventory: Inventory, index: int) -> Inventory:
    """The inventory with Terraform's names for its things, routes without names of their own."""
    names = tuple(Alias(id=theirs[index], of=own) for own, theirs in THEIRS.items())
    routes = tuple(replace(route, id="") for route in inventory.routes)
    return replace(inventory, aliases=(*inventory.aliases, *names), routes=routes)


def test_a_template_says_what_the_code_says() -> None:
    assert apart_from_gateways(difference(called(read(*TERRAFORM), 0), called(read(*TEMPLATE), 0), OWN)) == []


def apart_from_gateways(lines: list[str]) -> list[str]:
    """CloudFormation attaches a gateway by a resource of its own."""
    attached = [line for line in lines if line.startswith("+ gateway_attachments")]
    gateways = [line for line in lines if line[2:].startswith("gateways")]
    assert len(attached) == 1
    assert [line[0] for line in gateways] == ["+", "-"]
    return [line for line in lines if line not in (*attached, *gateways)]


def test_a_snapshot_says_what_the_code_says() -> None:
    assert difference(called(read(*TERRAFORM), 1), called(read(*SNAPSHOT), 1), OWN) == []


def test_the_interface_decides_where_its_instance_says_something_else() -> None:
    (instance,) = [one for one in read(*SNAPSHOT).workloads if one.id == "i-1"]
    assert [link.id for link in instance.groups.items] == ["sg-1"]
    assert instance.placement is Placement.EACH


def test_interfaces_with_different_groups_stand_for_themselves() -> None:
    other = collected(
        "NetworkInterfaces",
        "eni-8",
        SubnetId="subnet-1",
        Groups=[{"GroupId": "sg-0"}],
        PrivateIpAddresses=[{"PrivateIpAddress": "10.0.1.30"}],
        Attachment={"InstanceId": "i-1", "DeviceIndex": 1},
    )
    found = read(*SNAPSHOT, other)
    groups = {one.id: [link.id for link in one.groups.items] for one in found.workloads}
    assert groups["eni-1"] == ["sg-1"]
    assert groups["eni-8"] == ["sg-0"]
    assert groups["i-1"] == []
    assert {(one.interface.id, one.instance.id) for one in found.interface_attachments} == {
        ("eni-1", "i-1"),
        ("eni-8", "i-1"),
    }


def without(kind: str) -> Inventory:
    return read(*(one for one in SNAPSHOT if one.kind != kind))


def test_route_tables_that_were_not_collected_may_hold_any_route() -> None:
    (route,) = without("RouteTables").routes
    assert (route.presence, route.target.kind) == (Presence.POSSIBLE, TargetKind.UNKNOWN)


def test_acls_that_were_not_collected_are_not_made_up() -> None:
    found = without("NetworkAcls")
    assert (found.acls, found.acl_entries) == ((), ())


def test_an_endpoint_has_in_each_subnet_the_address_of_its_interface_there() -> None:
    subnet = collected("Subnets", "subnet-2", VpcId="vpc-1", CidrBlock="10.0.2.0/24")
    there = interface("eni-7", "10.0.2.40", "subnet-2", Description="VPC Endpoint Interface vpce-1")
    index = Index(read(*SNAPSHOT, subnet, there))
    (endpoint,) = [one for one in index.inventory.workloads if one.id == "vpce-1"]
    spots = Spots(index, Carriers(index)).of_workload(endpoint).spots
    assert {spot.subnet: spot.addresses for spot in spots} == {
        "subnet-1": parse_cidr("10.0.1.20"),
        "subnet-2": parse_cidr("10.0.2.40"),
    }


def lacking(kind: str) -> Resource:
    return collected("NotCollected", f"123456789012/eu-west-1/{kind}", Kind=kind, Why="denied")


LAST = collected("Subnets", "subnet-2", VpcId="vpc-1", CidrBlock="10.0.2.0/24")


def test_a_subnet_without_a_table_may_have_one_that_was_not_collected() -> None:
    found = read(*SNAPSHOT, LAST, lacking("RouteTables"))
    possible = [one for one in found.table_associations if one.presence is Presence.POSSIBLE]
    assert [one.subnet.id for one in possible if one.subnet] == ["subnet-2"]


def test_a_subnet_without_an_acl_may_have_one_that_was_not_collected() -> None:
    found = read(*SNAPSHOT, LAST, lacking("NetworkAcls"))
    possible = [one for one in found.acl_associations if one.presence is Presence.POSSIBLE]
    assert [one.subnet.id for one in possible] == ["subnet-2"]


def test_a_setting_that_was_not_collected_may_block_the_internet() -> None:
    (block,) = read(*SNAPSHOT, lacking("VpcBlockPublicAccessOptions")).public_access_blocks
    assert block.blocks.truth is Truth.UNKNOWN


def reached(acl: list[dict[str, object]], destination: str, *more: Resource) -> Verdict:
    """Whether what stands in a subnet that nothing names reaches something; its VPC's ACL is given."""
    inner = collected(
        "NetworkInterfaces",
        "eni-9",
        SubnetId="subnet-2",
        Groups=[{"GroupId": "sg-0"}],
        PrivateIpAddresses=[{"PrivateIpAddress": "10.0.2.9"}],
        Association={"PublicIp": "198.51.100.9"},
    )
    default = collected("NetworkAcls", "acl-0", VpcId="vpc-1", IsDefault=True, Associations=[], Entries=acl)
    known = [one for one in SNAPSHOT if one.address != "acl-0"]
    engine = Engine(read(*known, LAST, inner, default, *more))
    return engine.can_reach("eni-9", destination, parse_traffic("tcp/443")).verdict


OPEN = [
    {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": egress, "CidrBlock": ALL}
    for egress in (True, False)
]


def test_nothing_is_blocked_by_a_table_or_an_acl_that_may_be_another_one() -> None:
    assert reached(OPEN, "198.51.100.99") is Verdict.BLOCKED
    assert reached(OPEN, "198.51.100.99", lacking("RouteTables")) is Verdict.UNKNOWN
    assert reached([], "10.0.1.5") is Verdict.BLOCKED
    assert reached([], "10.0.1.5", lacking("NetworkAcls")) is Verdict.UNKNOWN


def versions(version: str) -> Inventory:
    def template(number: int, group: str) -> Resource:
        return collected(
            "LaunchTemplateVersions",
            f"lt-1:{number}",
            LaunchTemplateId="lt-1",
            LaunchTemplateName="app",
            DefaultVersion=number == 2,
            LaunchTemplateData={"NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [group]}]},
        )

    return read(
        *SNAPSHOT,
        collected("LaunchTemplates", "lt-1", LaunchTemplateName="app", LatestVersionNumber=3),
        template(1, "sg-0"),
        template(2, "sg-1"),
        template(3, "sg-9"),
        collected(
            "AutoScalingGroups",
            "arn:group",
            AutoScalingGroupName="app",
            VPCZoneIdentifier="subnet-1, subnet-2",
            LaunchTemplate={"LaunchTemplateId": "lt-1", "LaunchTemplateName": "app", "Version": version},
        ),
    )


@pytest.mark.parametrize(
    ("version", "group"), [("1", "sg-0"), ("2", "sg-1"), ("$Default", "sg-1"), ("$Latest", "sg-9")]
)
def test_a_group_launches_what_the_version_of_its_template_says(version: str, group: str) -> None:
    found = versions(version)
    index = Index(found)
    (scaling,) = [one for one in found.workloads if one.id == "arn:group"]
    (spot,) = [
        spot for spot in Spots(index, Carriers(index)).of_workload(scaling).spots if spot.subnet == "subnet-1"
    ]
    assert spot.groups == {group}
    assert [link.id for link in scaling.subnets.items] == ["subnet-1", "subnet-2"]


def test_a_version_that_was_not_collected_is_not_known() -> None:
    found = versions("7")
    index = Index(found)
    (scaling,) = [one for one in found.workloads if one.id == "arn:group"]
    assert all(spot.open for spot in Spots(index, Carriers(index)).of_workload(scaling).spots)
