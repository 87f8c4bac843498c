"""A network in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.dialects.land import PROTOCOLS, WORLD4, Land, Opening, Road, Service, Span
from tests.dialects.template_text import Body, Template, Writing


def _named(name: str) -> list[Body]:
    return [{"Key": "Name", "Value": name}]


def _ref(name: str) -> Body:
    return {"Ref": name}


def _group_id(number: int | str) -> Body:
    return {"Fn::GetAtt": [f"Group{number}", "GroupId"]}


def template(land: Land, seed: int, unknown: float = 0.0) -> Template:
    """One template of all that there is, with a share of its parameters left without a default."""
    w = Writing(Random(seed), unknown)
    _vpcs(land, w)
    _subnets(land, w)
    _routes(land, w)
    _groups(land, w)
    _acls(land, w)
    _hosts(land, w)
    for service in land.services:
        _SERVICES[service.kind](service, land, w)
    return w.made()


def _vpcs(land: Land, w: Writing) -> None:
    for at, vpc in enumerate(land.vpcs):
        w.add(f"Vpc{at}", "EC2::VPC", {"CidrBlock": w.text(vpc.cidrs[0]), "Tags": _named(f"vpc-{at}")})
        home = {"VpcId": _ref(f"Vpc{at}")}
        for cidr in vpc.cidrs[1:]:
            w.add(f"More{at}", "EC2::VPCCidrBlock", {**home, "CidrBlock": w.text(cidr)})
        if vpc.cidr6:
            six = {"Ipv6CidrBlock": vpc.cidr6, "Ipv6Pool": "pool-1"}
            w.add(f"Six{at}", "EC2::VPCCidrBlock", {**home, **six})
        if vpc.igw:
            w.add(f"Igw{at}", "EC2::InternetGateway", {"Tags": _named(f"igw-{at}")})
            w.add(
                f"Attached{at}", "EC2::VPCGatewayAttachment", {**home, "InternetGatewayId": _ref(f"Igw{at}")}
            )
        if vpc.eigw:
            w.add(f"Eigw{at}", "EC2::EgressOnlyInternetGateway", home)
    if land.peered:
        w.add("Peering", "EC2::VPCPeeringConnection", {"VpcId": _ref("Vpc0"), "PeerVpcId": _ref("Vpc1")})
    for at, entries in enumerate(land.lists):
        body = {"PrefixListName": f"list-{at}", "AddressFamily": "IPv4", "MaxEntries": 5}
        w.add(
            f"List{at}", "EC2::PrefixList", {**body, "Entries": [{"Cidr": w.text(each)} for each in entries]}
        )


def _subnets(land: Land, w: Writing) -> None:
    for at, net in enumerate(land.subnets):
        body: Body = {
            "VpcId": _ref(f"Vpc{net.vpc}"),
            "CidrBlock": w.text(net.cidr),
            "Tags": _named(f"net-{at}"),
        }
        if net.cidr6:
            body["Ipv6CidrBlock"] = net.cidr6
        w.add(f"Net{at}", "EC2::Subnet", {**body, "AvailabilityZone": net.zone})
        own = {"SubnetId": _ref(f"Net{at}")}
        if net.table is not None:
            table = {"RouteTableId": _ref(f"Table{net.table}")}
            w.add(f"NetTable{at}", "EC2::SubnetRouteTableAssociation", {**own, **table})
        if net.acl is not None:
            acl = {"NetworkAclId": _ref(f"Acl{net.acl}")}
            w.add(f"NetAcl{at}", "EC2::SubnetNetworkAclAssociation", {**own, **acl})


def _routes(land: Land, w: Writing) -> None:
    for at, nat in enumerate(land.nats):
        body: Body = {"SubnetId": _ref(f"Net{nat.subnet}"), "Tags": _named(f"nat-{at}")}
        if nat.public:
            w.add(f"NatAddress{at}", "EC2::EIP", {"Domain": "vpc"})
            body["AllocationId"] = {"Fn::GetAtt": [f"NatAddress{at}", "AllocationId"]}
        else:
            body["ConnectivityType"] = w.text("private")
        w.add(f"Nat{at}", "EC2::NatGateway", body)
    for at, table in enumerate(land.tables):
        w.add(
            f"Table{at}", "EC2::RouteTable", {"VpcId": _ref(f"Vpc{table.vpc}"), "Tags": _named(f"table-{at}")}
        )
        for number, road in enumerate(table.roads):
            own = {"RouteTableId": _ref(f"Table{at}")}
            w.add(f"Road{at}x{number}", "EC2::Route", {**own, **_road(road, table.vpc, w)})
    if land.gateways:
        tables = [_ref(f"Table{each}") for each in land.gateways]
        service = {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
        w.add(
            "S3", "EC2::VPCEndpoint", {"VpcId": _ref("Vpc0"), "ServiceName": service, "RouteTableIds": tables}
        )


def _road(road: Road, vpc: int, w: Writing) -> Body:
    key = "DestinationIpv6CidrBlock" if ":" in road.destination else "DestinationCidrBlock"
    targets = {
        "igw": ("GatewayId", f"Igw{vpc}"),
        "eigw": ("EgressOnlyInternetGatewayId", f"Eigw{vpc}"),
        "peering": ("VpcPeeringConnectionId", "Peering"),
    }
    kind, name = targets.get(road.to, ("NatGatewayId", road.to.replace("nat:", "Nat")))
    return {key: w.text(road.destination), kind: _ref(name)}


def _rule(opening: Opening, at: int, w: Writing) -> Body:
    side = "Destination" if opening.egress else "Source"
    ports = {} if opening.span.protocol in {"-1", "47"} else _from_to(opening.span)
    rule = {"IpProtocol": w.text(opening.span.protocol), **ports}
    match opening.peer.split(":"):
        case ["self"]:
            return {**rule, f"{side}SecurityGroupId": _group_id(at)}
        case ["group", number]:
            return {**rule, f"{side}SecurityGroupId": _group_id(number)}
        case ["list", number]:
            return {**rule, f"{side}PrefixListId": {"Fn::GetAtt": [f"List{number}", "PrefixListId"]}}
        case _:
            return {**rule, "CidrIpv6" if ":" in opening.peer else "CidrIp": w.text(opening.peer)}


def _from_to(span: Span) -> Body:
    return {"FromPort": span.low, "ToPort": span.high}


def _groups(land: Land, w: Writing) -> None:
    for at, group in enumerate(land.groups):
        body: Body = {"GroupName": f"group-{at}", "GroupDescription": "one", "Tags": _named(f"group-{at}")}
        body["VpcId"] = _ref(f"Vpc{group.vpc}")
        everything = group.openings[-1].peer == WORLD4
        for number, opening in enumerate(group.openings):
            if opening.egress and everything:
                continue  # It is the rule that EC2 itself adds, for IPv6 as well
            way = "Egress" if opening.egress else "Ingress"
            peer = opening.peer.removeprefix("group:")
            rule = _rule(opening, at, w)
            # What names itself, or two that name each other, cannot stand inside.
            if opening.apart or peer == "self" or peer != opening.peer:
                w.add(f"Rule{at}x{number}", f"EC2::SecurityGroup{way}", {"GroupId": _group_id(at), **rule})
            else:
                body.setdefault(f"SecurityGroup{way}", []).append(rule)
        w.add(f"Group{at}", "EC2::SecurityGroup", body)


def _acls(land: Land, w: Writing) -> None:
    for at, acl in enumerate(land.acls):
        w.add(f"Acl{at}", "EC2::NetworkAcl", {"VpcId": _ref(f"Vpc{acl.vpc}"), "Tags": _named(f"acl-{at}")})
        for number, entry in enumerate(acl.entries):
            protocol = PROTOCOLS[entry.span.protocol]
            body: Body = {
                "NetworkAclId": _ref(f"Acl{at}"),
                "RuleNumber": entry.number,
                "RuleAction": w.text("allow" if entry.allow else "deny"),
                "Protocol": protocol,
                "Ipv6CidrBlock" if ":" in entry.cidr else "CidrBlock": w.text(entry.cidr),
            }
            if entry.egress or w.dice.random() < 0.5:
                body["Egress"] = entry.egress
            if protocol in {1, 58}:
                body["Icmp"] = {"Type": entry.span.low, "Code": entry.span.high}
            elif protocol in {6, 17}:
                body["PortRange"] = {"From": entry.span.low, "To": entry.span.high}
            w.add(f"Entry{at}x{number}", "EC2::NetworkAclEntry", body)


def _nets(numbers: tuple[int, ...]) -> list[Body]:
    return [_ref(f"Net{each}") for each in numbers]


def _group_ids(numbers: tuple[int, ...]) -> list[Body]:
    return [_group_id(each) for each in numbers]


def _hosts(land: Land, w: Writing) -> None:
    for at, host in enumerate(land.hosts):
        interface: Body = {
            "DeviceIndex": "0",
            "SubnetId": _ref(f"Net{host.subnet}"),
            "PrivateIpAddress": host.address,
            "GroupSet": _group_ids(host.groups),
            "AssociatePublicIpAddress": host.public,
        }
        if host.address6:
            interface["Ipv6Addresses"] = [{"Ipv6Address": host.address6}]
        body = {"ImageId": "ami-1", "NetworkInterfaces": [interface], "Tags": _named(f"host-{at}")}
        w.add(f"Host{at}", "EC2::Instance", body)


def _database(service: Service, land: Land, w: Writing) -> None:
    data = {"DBSubnetGroupName": "data", "DBSubnetGroupDescription": "x", "SubnetIds": _nets(service.subnets)}
    w.add("Data", "RDS::DBSubnetGroup", data)
    body: Mapping[str, Any] = {
        "DBInstanceIdentifier": "database",
        "Engine": "postgres",
        "DBInstanceClass": "db.t3.micro",
        "DBSubnetGroupName": _ref("Data"),
        "VPCSecurityGroups": _group_ids(service.groups),
        "PubliclyAccessible": service.public,
        "Port": w.text("5432"),
    }
    w.add("Database", "RDS::DBInstance", dict(body))


def _function(service: Service, land: Land, w: Writing) -> None:
    vpc = {"SubnetIds": _nets(service.subnets), "SecurityGroupIds": _group_ids(service.groups)}
    w.add("Function", "Lambda::Function", {"FunctionName": "function", "Role": "x", "VpcConfig": vpc})


def _endpoint(service: Service, land: Land, w: Writing) -> None:
    body = {
        "VpcId": _ref(f"Vpc{land.subnets[service.subnets[0]].vpc}"),
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-central-1.sqs",
        "SubnetIds": _nets(service.subnets),
        "SecurityGroupIds": _group_ids(service.groups),
        "Tags": _named("endpoint"),
    }
    w.add("Endpoint", "EC2::VPCEndpoint", body)


def _balancer(service: Service, land: Land, w: Writing) -> None:
    scheme = w.text("internet-facing" if service.public else "internal")
    where = {"Subnets": _nets(service.subnets), "SecurityGroups": _group_ids(service.groups)}
    w.add("Balancer", "ElasticLoadBalancingV2::LoadBalancer", {"Name": "balancer", "Scheme": scheme, **where})
    action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    listener = {"LoadBalancerArn": _ref("Balancer"), "Port": 443, "Protocol": "HTTPS"}
    w.add("Listener", "ElasticLoadBalancingV2::Listener", {**listener, "DefaultActions": [action]})


def _service(service: Service, land: Land, w: Writing) -> None:
    w.add("Tasks", "ECS::Cluster", {"ClusterName": "tasks"})
    where = {"Subnets": _nets(service.subnets), "SecurityGroups": _group_ids(service.groups)}
    public = w.text("ENABLED" if service.public else "DISABLED")
    network = {"AwsvpcConfiguration": {**where, "AssignPublicIp": public}}
    body = {
        "ServiceName": "service",
        "Cluster": _ref("Tasks"),
        "TaskDefinition": "it:1",
        "LaunchType": "FARGATE",
    }
    w.add("Service", "ECS::Service", {**body, "NetworkConfiguration": network})


_SERVICES = {
    "database": _database,
    "function": _function,
    "endpoint": _endpoint,
    "balancer": _balancer,
    "service": _service,
}
