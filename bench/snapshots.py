"""A snapshot of any number of interfaces and groups, as the AWS CLI writes it; the same bytes at every run.

    python bench/snapshots.py FOLDER INTERFACES GROUPS

writes one account and Region: a VPC per 2,500 interfaces, its subnets, table, ACL and gateway, half of the
interfaces on instances, and GROUPS security groups with ten rules each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

ACCOUNT, REGION = "111122223333", "eu-central-1"
INTERFACES_IN_A_VPC = 2500
SUBNETS_IN_A_VPC = 6
RULES_IN_A_GROUP = 10
MADE = "2026-05-04T09:12:33+00:00"
Values = dict[str, Any]


def write_snapshot(folder: Path, interfaces: int, groups: int, *, seed: int = 7) -> None:
    """Write the answers, one file a call."""
    dice = Random(seed)
    place = folder / ACCOUNT / REGION
    place.mkdir(parents=True, exist_ok=True)
    vpcs = range(max(1, -(-interfaces // INTERFACES_IN_A_VPC)))
    attached = [_interface(dice, number, groups, len(vpcs)) for number in range(interfaces)]
    answers = {
        "Vpcs": [_vpc(number) for number in vpcs],
        "Subnets": [_subnet(vpc, place) for vpc in vpcs for place in range(SUBNETS_IN_A_VPC)],
        "RouteTables": [_table(vpc) for vpc in vpcs],
        "NetworkAcls": [_acl(vpc) for vpc in vpcs],
        "InternetGateways": [_gateway(vpc) for vpc in vpcs],
        "SecurityGroups": [_group(dice, number, groups, len(vpcs)) for number in range(groups)],
        "NetworkInterfaces": attached,
        "Reservations": [_reservation(number, attached[number]) for number in range(0, interfaces, 2)],
        **{name: [] for name in ("NatGateways", "VpcEndpoints", "VpcPeeringConnections", "Addresses")},
    }
    for name, things in answers.items():
        (place / f"{name}.json").write_text(json.dumps({name: things}, indent=4))


def _id(prefix: str, number: int) -> str:
    return f"{prefix}-0{number:016x}"


def _tags(name: str) -> list[Values]:
    tags = {"Name": name, "Environment": "production", "Team": "platform"}
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _vpc(number: int) -> Values:
    cidr = f"10.{number}.0.0/16"
    association = {"AssociationId": _id("vpc-cidr-assoc", number), "CidrBlock": cidr}
    return {
        "CidrBlockAssociationSet": [{**association, "CidrBlockState": {"State": "associated"}}],
        "OwnerId": ACCOUNT,
        "InstanceTenancy": "default",
        "IsDefault": False,
        "Tags": _tags(f"vpc-{number}"),
        "VpcId": _id("vpc", number),
        "State": "available",
        "CidrBlock": cidr,
        "DhcpOptionsId": "dopt-0123456789abcdef0",
        "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
    }


def _subnet(vpc: int, place: int) -> Values:
    identity = _id("subnet", vpc * SUBNETS_IN_A_VPC + place)
    return {
        "AvailabilityZoneId": f"euc1-az{place % 3 + 1}",
        "MapPublicIpOnLaunch": False,
        "OwnerId": ACCOUNT,
        "AssignIpv6AddressOnCreation": False,
        "Ipv6CidrBlockAssociationSet": [],
        "Tags": _tags(f"subnet-{vpc}-{place}"),
        "SubnetArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{identity}",
        "EnableDns64": False,
        "Ipv6Native": False,
        "SubnetId": identity,
        "State": "available",
        "VpcId": _id("vpc", vpc),
        "CidrBlock": f"10.{vpc}.{place * 32}.0/19",
        "AvailableIpAddressCount": 7000,
        "AvailabilityZone": f"{REGION}{'abc'[place % 3]}",
        "DefaultForAz": False,
    }


def _table(vpc: int) -> Values:
    local = {"DestinationCidrBlock": f"10.{vpc}.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"}
    world = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": _id("igw", vpc), "Origin": "CreateRoute"}
    return {
        "Associations": [
            {"Main": True, "RouteTableAssociationId": _id("rtbassoc", vpc), "RouteTableId": _id("rtb", vpc)}
        ],
        "PropagatingVgws": [],
        "RouteTableId": _id("rtb", vpc),
        "Routes": [{**route, "State": "active"} for route in (local, world)],
        "Tags": _tags(f"rtb-{vpc}"),
        "VpcId": _id("vpc", vpc),
        "OwnerId": ACCOUNT,
    }


def _acl(vpc: int) -> Values:
    entries = [
        {
            "CidrBlock": "0.0.0.0/0",
            "Egress": egress,
            "Protocol": "-1",
            "RuleAction": action,
            "RuleNumber": number,
        }
        for egress in (True, False)
        for action, number in (("allow", 100), ("deny", 32767))
    ]
    subnets = (vpc * SUBNETS_IN_A_VPC + place for place in range(SUBNETS_IN_A_VPC))
    return {
        "Associations": [
            {
                "NetworkAclAssociationId": _id("aclassoc", subnet),
                "NetworkAclId": _id("acl", vpc),
                "SubnetId": _id("subnet", subnet),
            }
            for subnet in subnets
        ],
        "Entries": entries,
        "IsDefault": True,
        "NetworkAclId": _id("acl", vpc),
        "Tags": [],
        "VpcId": _id("vpc", vpc),
        "OwnerId": ACCOUNT,
    }


def _gateway(vpc: int) -> Values:
    attachment = {"State": "available", "VpcId": _id("vpc", vpc)}
    identity = {"InternetGatewayId": _id("igw", vpc), "OwnerId": ACCOUNT}
    return {"Attachments": [attachment], **identity, "Tags": _tags(f"igw-{vpc}")}


def _group(dice: Random, number: int, groups: int, vpcs: int) -> Values:
    world = [{"CidrIp": "0.0.0.0/0"}]
    everything = {"IpProtocol": "-1", "UserIdGroupPairs": [], "Ipv6Ranges": [], "PrefixListIds": []}
    return {
        "GroupId": _id("sg", number),
        "IpPermissionsEgress": [{**everything, "IpRanges": world}],
        "Tags": _tags(f"sg-service-{number}"),
        "VpcId": _id("vpc", number % vpcs),
        "SecurityGroupArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/{_id('sg', number)}",
        "OwnerId": ACCOUNT,
        "GroupName": f"service-{number}",
        "Description": f"What may talk to service {number}",
        "IpPermissions": [_rule(dice, number % vpcs, groups, vpcs) for _ in range(RULES_IN_A_GROUP - 1)],
    }


def _rule(dice: Random, vpc: int, groups: int, vpcs: int) -> Values:
    port = dice.randrange(1024, 65000)
    described = {"Description": f"Clients on {port}"}
    peer = dice.randrange(max(1, groups // vpcs)) * vpcs + vpc
    pairs = [{**described, "UserId": ACCOUNT, "GroupId": _id("sg", peer)}]
    ranges = [{**described, "CidrIp": f"10.{vpc}.{dice.randrange(6) * 32}.0/19"}]
    by_group = dice.random() < 0.5
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "UserIdGroupPairs": pairs if by_group else [],
        "IpRanges": [] if by_group else ranges,
        "Ipv6Ranges": [],
        "PrefixListIds": [],
    }


def _groups_in(dice: Random, vpc: int, groups: int, vpcs: int) -> list[int]:
    """One to three groups of the interface's own VPC: AWS takes no others."""
    own = range(vpc, groups, vpcs)
    return sorted({dice.choice(own) for _ in range(dice.choice((1, 1, 2, 3)))}) if own else []


def _interface(dice: Random, number: int, groups: int, vpcs: int) -> Values:
    vpc, place = divmod(number, INTERFACES_IN_A_VPC)
    subnet = vpc * SUBNETS_IN_A_VPC + place % SUBNETS_IN_A_VPC
    address = f"10.{vpc}.{place % SUBNETS_IN_A_VPC * 32 + place // 250}.{place % 250 + 4}"
    name = f"ip-{address.replace('.', '-')}.{REGION}.compute.internal"
    members = _groups_in(dice, vpc, groups, vpcs)
    attachment = {
        "AttachTime": MADE,
        "AttachmentId": _id("eni-attach", number),
        "DeleteOnTermination": True,
        "DeviceIndex": 0,
        "NetworkCardIndex": 0,
        "InstanceId": _id("i", number),
        "InstanceOwnerId": ACCOUNT,
        "Status": "attached",
    }
    return {
        "Attachment": attachment,
        "AvailabilityZone": f"{REGION}{'abc'[place % 3]}",
        "Description": "",
        "Groups": [{"GroupId": _id("sg", each), "GroupName": f"service-{each}"} for each in members],
        "InterfaceType": "interface",
        "Ipv6Addresses": [],
        "MacAddress": f"0a:00:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        "NetworkInterfaceId": _id("eni", number),
        "OwnerId": ACCOUNT,
        "PrivateDnsName": name,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateDnsName": name, "PrivateIpAddress": address}],
        "RequesterManaged": False,
        "SourceDestCheck": True,
        "Status": "in-use",
        "SubnetId": _id("subnet", subnet),
        "TagSet": _tags(f"node-{number}"),
        "VpcId": _id("vpc", vpc),
        "Operator": {"Managed": False},
    }


def _reservation(number: int, interface: Values) -> Values:
    copied = ("PrivateDnsName", "PrivateIpAddress", "SourceDestCheck", "SubnetId", "VpcId")
    instance = {
        "AmiLaunchIndex": 0,
        "ImageId": "ami-0123456789abcdef0",
        "InstanceId": _id("i", number),
        "InstanceType": "m7g.large",
        "LaunchTime": MADE,
        "Monitoring": {"State": "disabled"},
        "Placement": {
            "AvailabilityZone": interface["AvailabilityZone"],
            "GroupName": "",
            "Tenancy": "default",
        },
        "State": {"Code": 16, "Name": "running"},
        **{name: interface[name] for name in copied},
        "Architecture": "arm64",
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"AttachTime": MADE, "DeleteOnTermination": True, "Status": "attached"},
            }
        ],
        "EbsOptimized": True,
        "EnaSupport": True,
        "Hypervisor": "xen",
        "NetworkInterfaces": [
            {name: value for name, value in interface.items() if name not in {"TagSet", "Operator"}}
        ],
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SecurityGroups": interface["Groups"],
        "Tags": interface["TagSet"],
        "VirtualizationType": "hvm",
        "MetadataOptions": {"State": "applied", "HttpTokens": "required", "HttpPutResponseHopLimit": 2},
    }
    return {"ReservationId": _id("r", number), "OwnerId": ACCOUNT, "Groups": [], "Instances": [instance]}


if __name__ == "__main__":
    write_snapshot(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
