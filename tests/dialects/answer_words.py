"""A network in the words of AWS's own answers, with what AWS adds. Services have no answers here."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.dialects.land import PROTOCOLS, WORLD4, WORLD6, Entry, Land, Opening, Road, Span

Body = dict[str, Any]
Answers = dict[str, list[Body]]
SIX, FOUR = "Ipv6CidrBlock", "CidrBlock"
_EVERYTHING = Span("-1", -1, -1)


def _named(name: str) -> list[Body]:
    return [{"Key": "Name", "Value": name}]


def answers(land: Land, seed: int) -> Answers:
    """Every answer, by its top-level key, in some order."""
    dice = Random(seed)
    made: Answers = {"InternetGateways": [], "EgressOnlyInternetGateways": [], "NatGateways": []}
    made |= {"VpcPeeringConnections": [], "VpcEndpoints": [], "PrefixLists": [], "PrefixListEntries": []}
    made |= {"Addresses": []}
    for at, vpc in enumerate(land.vpcs):
        six = [{SIX: vpc.cidr6, "Ipv6CidrBlockState": {"State": "associated"}}] if vpc.cidr6 else []
        four = [{FOUR: each, "CidrBlockState": {"State": "associated"}} for each in vpc.cidrs]
        ranges = {"CidrBlockAssociationSet": four, "Ipv6CidrBlockAssociationSet": six}
        body = {"VpcId": f"vpc-{at}", FOUR: vpc.cidrs[0], **ranges, "State": "available"}
        made.setdefault("Vpcs", []).append({**body, "Tags": _named(f"vpc-{at}"), "IsDefault": False})
        attached = {"Attachments": [{"State": "available", "VpcId": f"vpc-{at}"}]}
        if vpc.igw:
            made["InternetGateways"].append({"InternetGatewayId": f"igw-{at}", **attached})
        if vpc.eigw:
            gateway = {"EgressOnlyInternetGatewayId": f"eigw-{at}", **attached}
            made["EgressOnlyInternetGateways"].append(gateway)
    if land.peered:
        ends = ("RequesterVpcInfo", 0), ("AccepterVpcInfo", 1)
        infos = {side: {"VpcId": f"vpc-{at}", FOUR: land.vpcs[at].cidrs[0]} for side, at in ends}
        peering = {"VpcPeeringConnectionId": "pcx-0", **infos, "Status": {"Code": "active"}}
        made["VpcPeeringConnections"].append(peering)
    for at, entries in enumerate(land.lists):
        body = {"PrefixListId": f"pl-{at}", "PrefixListName": f"list-{at}", "OwnerId": "123456789012"}
        made["PrefixLists"].append({**body, "AddressFamily": "IPv4", "State": "create-complete"})
        lines = [{"Cidr": each} for each in entries]
        made["PrefixListEntries"].append({"PrefixListId": f"pl-{at}", "Entries": lines})
    made["Subnets"] = [
        {
            "SubnetId": f"subnet-{at}",
            "VpcId": f"vpc-{net.vpc}",
            FOUR: net.cidr,
            "Ipv6CidrBlockAssociationSet": [{SIX: net.cidr6, "Ipv6CidrBlockState": {"State": "associated"}}]
            if net.cidr6
            else [],
            "AvailabilityZone": net.zone,
            "State": "available",
            "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": False,
            "Tags": _named(f"net-{at}"),
        }
        for at, net in enumerate(land.subnets)
    ]
    made["RouteTables"] = _tables(land)
    made["NetworkAcls"] = _acls(land)
    made["SecurityGroups"] = _groups(land, dice)
    made["NetworkInterfaces"] = []
    _nats(land, made)
    _hosts(land, made)
    for each in made.values():
        dice.shuffle(each)
    return made


def _tables(land: Land) -> list[Body]:
    local = [_local(land, vpc) for vpc in range(len(land.vpcs))]
    tables = [
        {
            "RouteTableId": f"rtb-main{at}",
            "VpcId": f"vpc-{at}",
            "Associations": [{"Main": True, "RouteTableId": f"rtb-main{at}"}],
            "Routes": local[at],
        }
        for at in range(len(land.vpcs))
    ]
    for at, table in enumerate(land.tables):
        own = [place for place, net in enumerate(land.subnets) if net.table == at]
        routes = [*local[table.vpc], *(_road(road, table.vpc) for road in table.roads)]
        if at in land.gateways:
            s3 = {"DestinationPrefixListId": "pl-s3", "GatewayId": "vpce-s3", "State": "active"}
            routes.append({**s3, "Origin": "CreateRoute"})
        body = {"RouteTableId": f"rtb-{at}", "VpcId": f"vpc-{table.vpc}", "Routes": routes}
        joined = [{"Main": False, "RouteTableId": f"rtb-{at}", "SubnetId": f"subnet-{each}"} for each in own]
        tables.append({**body, "Associations": joined, "Tags": _named(f"table-{at}")})
    return tables


def _local(land: Land, vpc: int) -> list[Body]:
    of = land.vpcs[vpc]
    ranges = [*(("DestinationCidrBlock", each) for each in of.cidrs)]
    ranges += [("DestinationIpv6CidrBlock", of.cidr6)] if of.cidr6 else []
    fixed = {"GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
    return [{key: each, **fixed} for key, each in ranges]


def _road(road: Road, vpc: int) -> Body:
    key = "DestinationIpv6CidrBlock" if ":" in road.destination else "DestinationCidrBlock"
    targets = {
        "igw": ("GatewayId", f"igw-{vpc}"),
        "eigw": ("EgressOnlyInternetGatewayId", f"eigw-{vpc}"),
        "peering": ("VpcPeeringConnectionId", "pcx-0"),
    }
    kind, name = targets.get(road.to, ("NatGatewayId", road.to.replace("nat:", "nat-")))
    return {key: road.destination, kind: name, "Origin": "CreateRoute", "State": "active"}


def _acls(land: Land) -> list[Body]:
    acls = []
    for at, vpc in enumerate(land.vpcs):
        own = [place for place, net in enumerate(land.subnets) if net.vpc == at and net.acl is None]
        cidrs = [WORLD4, WORLD6] if vpc.cidr6 else [WORLD4]
        first = tuple(
            Entry(way, 100 + six, True, _EVERYTHING, cidr)
            for way in (True, False)
            for six, cidr in enumerate(cidrs)
        )
        acls.append(_acl(f"acl-default{at}", at, first, own) | {"IsDefault": True})
    for at, acl in enumerate(land.acls):
        own = [place for place, net in enumerate(land.subnets) if net.acl == at]
        acls.append(_acl(f"acl-{at}", acl.vpc, acl.entries, own) | {"Tags": _named(f"acl-{at}")})
    return acls


def _acl(name: str, vpc: int, entries: tuple[Entry, ...], subnets: list[int]) -> Body:
    last = [Entry(way, 32767, False, _EVERYTHING, WORLD4) for way in (True, False)]
    return {
        "NetworkAclId": name,
        "VpcId": f"vpc-{vpc}",
        "IsDefault": False,
        "Entries": [_entry(each) for each in (*entries, *last)],
        "Associations": [{"NetworkAclId": name, "SubnetId": f"subnet-{each}"} for each in subnets],
    }


def _entry(entry: Entry) -> Body:
    protocol = PROTOCOLS[entry.span.protocol]
    ports: Body = {}
    if protocol in {1, 58}:
        ports = {"IcmpTypeCode": {"Type": entry.span.low, "Code": entry.span.high}}
    elif protocol in {6, 17}:
        ports = {"PortRange": {"From": entry.span.low, "To": entry.span.high}}
    return {
        "Egress": entry.egress,
        "RuleNumber": entry.number,
        "RuleAction": "allow" if entry.allow else "deny",
        "Protocol": str(protocol),
        SIX if ":" in entry.cidr else FOUR: entry.cidr,
        **ports,
    }


def _groups(land: Land, dice: Random) -> list[Body]:
    everything = (Opening(True, _EVERYTHING, WORLD4, apart=False),)
    self = Opening(False, _EVERYTHING, "self", apart=False)
    groups = []
    for at, vpc in enumerate(land.vpcs):
        six = (Opening(True, _EVERYTHING, WORLD6, apart=False),) if vpc.cidr6 else ()
        body = _permissions((self, *everything, *six), f"sg-default{at}", dice)
        groups.append({**body, "GroupName": "default", "VpcId": f"vpc-{at}"})
    for at, group in enumerate(land.groups):
        body = _permissions(group.openings, f"sg-{at}", dice)
        own = {"GroupName": f"group-{at}", "VpcId": f"vpc-{group.vpc}", "Tags": _named(f"group-{at}")}
        groups.append({**body, **own})
    return groups


def _permissions(openings: tuple[Opening, ...], group: str, dice: Random) -> Body:
    """The rules of a group as AWS tells them: all peers of one span together, or not."""
    made: Body = {"GroupId": group, "Description": "one", "IpPermissions": [], "IpPermissionsEgress": []}
    together: dict[tuple[bool, Span, int], Body] = {}
    for number, opening in enumerate(dice.sample(openings, k=len(openings))):
        span = opening.span
        key = (opening.egress, span, 0 if dice.random() < 0.8 else number)
        if key not in together:
            ports = {} if span.protocol in {"-1", "47"} else {"FromPort": span.low, "ToPort": span.high}
            peers = {"IpRanges": [], "Ipv6Ranges": [], "UserIdGroupPairs": [], "PrefixListIds": []}
            together[key] = {"IpProtocol": span.protocol, **ports, **peers}
            made["IpPermissionsEgress" if opening.egress else "IpPermissions"].append(together[key])
        match opening.peer.split(":"):
            case ["self"]:
                together[key]["UserIdGroupPairs"].append({"GroupId": group})
            case ["group", other]:
                together[key]["UserIdGroupPairs"].append({"GroupId": f"sg-{other}"})
            case ["list", other]:
                together[key]["PrefixListIds"].append({"PrefixListId": f"pl-{other}"})
            case [_]:
                together[key]["IpRanges"].append({"CidrIp": opening.peer})
            case _:
                together[key]["Ipv6Ranges"].append({"CidrIpv6": opening.peer})
    return made


def _interface(number: str, net: int, land: Land, **more: Any) -> Body:
    where = {"SubnetId": f"subnet-{net}", "VpcId": f"vpc-{land.subnets[net].vpc}", "Status": "in-use"}
    zone = {"AvailabilityZone": land.subnets[net].zone, "OwnerId": "123456789012"}
    return {"NetworkInterfaceId": f"eni-{number}", **where, **zone, **more}


def _nats(land: Land, made: Answers) -> None:
    for at, nat in enumerate(land.nats):
        private = land.subnets[nat.subnet].cidr.replace(".0/24", f".{200 + at}")
        address: Body = {"NetworkInterfaceId": f"eni-nat{at}", "PrivateIp": private}
        if nat.public:
            address |= {"AllocationId": f"eipalloc-nat{at}", "PublicIp": f"3.120.1.{at}"}
            own = {"PublicIp": f"3.120.1.{at}", "NetworkInterfaceId": f"eni-nat{at}"}
            made["Addresses"].append({"AllocationId": f"eipalloc-nat{at}", "Domain": "vpc", **own})
        place = {"SubnetId": f"subnet-{nat.subnet}", "VpcId": f"vpc-{land.subnets[nat.subnet].vpc}"}
        body = {"NatGatewayId": f"nat-{at}", **place, "NatGatewayAddresses": [address], "State": "available"}
        kind = {"ConnectivityType": "public" if nat.public else "private", "Tags": _named(f"nat-{at}")}
        made["NatGateways"].append({**body, **kind})
        told = {"Description": f"Interface for NAT Gateway nat-{at}", "InterfaceType": "nat_gateway"}
        ends = {"PrivateIpAddress": private, "PrivateIpAddresses": [{"PrivateIpAddress": private}]}
        made["NetworkInterfaces"].append(_interface(f"nat{at}", nat.subnet, land, Groups=[], **told, **ends))
    if land.gateways:
        tables = [f"rtb-{each}" for each in land.gateways]
        s3 = {
            "VpcEndpointId": "vpce-s3",
            "VpcEndpointType": "Gateway",
            "VpcId": "vpc-0",
            "State": "available",
        }
        name = "com.amazonaws.eu-central-1.s3"
        made["VpcEndpoints"].append({**s3, "ServiceName": name, "RouteTableIds": tables})
        own = {"PrefixListId": "pl-s3", "PrefixListName": name, "OwnerId": "AWS"}
        made["PrefixLists"].append({**own, "AddressFamily": "IPv4", "State": "create-complete"})


def _hosts(land: Land, made: Answers) -> None:
    instances = []
    for at, host in enumerate(land.hosts):
        groups = [{"GroupId": f"sg-{each}"} for each in host.groups]
        out = {"Association": {"PublicIp": f"3.120.0.{at}", "IpOwnerId": "amazon"}} if host.public else {}
        six = [{"Ipv6Address": host.address6}] if host.address6 else []
        private = {"PrivateIpAddress": host.address}
        ends = {**private, "PrivateIpAddresses": [{**private, "Primary": True, **out}], **out}
        ends |= {"Ipv6Addresses": six, "Groups": groups, "InterfaceType": "interface"}
        attached = {"DeviceIndex": 0, "Status": "attached"}
        own = {"Attachment": {**attached, "InstanceId": f"i-{at}"}, "SourceDestCheck": True}
        made["NetworkInterfaces"].append(_interface(str(at), host.subnet, land, **ends, **own))
        place = {"SubnetId": f"subnet-{host.subnet}", "VpcId": f"vpc-{land.subnets[host.subnet].vpc}"}
        body = {"InstanceId": f"i-{at}", "State": {"Name": "running"}, **place, **private}
        body |= {"SecurityGroups": groups, "Tags": _named(f"host-{at}")}
        body["NetworkInterfaces"] = [_interface(str(at), host.subnet, land, Attachment=attached, **ends)]
        instances.append(body | ({"PublicIpAddress": f"3.120.0.{at}"} if host.public else {}))
    made["Reservations"] = [{"ReservationId": "r-1", "Instances": instances}]
