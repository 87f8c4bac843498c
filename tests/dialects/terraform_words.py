"""A network in Terraform's words, as JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tests.dialects.land import PROTOCOLS, Land, Opening, Road, Service, Span

Body = dict[str, Any]
Made = dict[str, dict[str, Body]]


def _id(kind: str, name: str, attribute: str = "id") -> str:
    return f"${{{kind}.{name}.{attribute}}}"


def terraform(land: Land) -> str:
    """The one file of a root module."""
    made: Made = defaultdict(dict)
    for at, vpc in enumerate(land.vpcs):
        six = {"ipv6_cidr_block": vpc.cidr6, "ipv6_ipam_pool_id": "ipam-pool-1"} if vpc.cidr6 else {}
        made["aws_vpc"][f"vpc_{at}"] = {"cidr_block": vpc.cidrs[0], **six, "tags": {"Name": f"vpc-{at}"}}
        home = {"vpc_id": _id("aws_vpc", f"vpc_{at}")}
        for cidr in vpc.cidrs[1:]:
            made["aws_vpc_ipv4_cidr_block_association"][f"more_{at}"] = {**home, "cidr_block": cidr}
        if vpc.igw:
            made["aws_internet_gateway"][f"igw_{at}"] = {**home, "tags": {"Name": f"igw-{at}"}}
        if vpc.eigw:
            made["aws_egress_only_internet_gateway"][f"eigw_{at}"] = home
    if land.peered:
        ends = {"vpc_id": _id("aws_vpc", "vpc_0"), "peer_vpc_id": _id("aws_vpc", "vpc_1")}
        made["aws_vpc_peering_connection"]["peering"] = {**ends, "auto_accept": True}
    for at, entries in enumerate(land.lists):
        made["aws_ec2_managed_prefix_list"][f"list_{at}"] = {
            "name": f"list-{at}",
            "address_family": "IPv4",
            "max_entries": 5,
            "entry": [{"cidr": cidr} for cidr in entries],
        }
    _subnets(land, made)
    _routes(land, made)
    _filters(land, made)
    _hosts(land, made)
    for service in land.services:
        _SERVICES[service.kind](service, land, made)
    return json.dumps({"resource": made}, indent=1)


def _subnets(land: Land, made: Made) -> None:
    for at, net in enumerate(land.subnets):
        six = {"ipv6_cidr_block": net.cidr6} if net.cidr6 else {}
        made["aws_subnet"][f"net_{at}"] = {
            "vpc_id": _id("aws_vpc", f"vpc_{net.vpc}"),
            "cidr_block": net.cidr,
            **six,
            "availability_zone": net.zone,
            "tags": {"Name": f"net-{at}"},
        }
        own = {"subnet_id": _id("aws_subnet", f"net_{at}")}
        if net.table is not None:
            table = {"route_table_id": _id("aws_route_table", f"table_{net.table}")}
            made["aws_route_table_association"][f"net_{at}"] = {**own, **table}
        if net.acl is not None:
            acl = {"network_acl_id": _id("aws_network_acl", f"acl_{net.acl}")}
            made["aws_network_acl_association"][f"net_{at}"] = {**own, **acl}


def _routes(land: Land, made: Made) -> None:
    for at, nat in enumerate(land.nats):
        body: Body = {"subnet_id": _id("aws_subnet", f"net_{nat.subnet}"), "tags": {"Name": f"nat-{at}"}}
        if nat.public:
            made["aws_eip"][f"nat_{at}"] = {"domain": "vpc"}
            body["allocation_id"] = _id("aws_eip", f"nat_{at}")
        else:
            body["connectivity_type"] = "private"
        made["aws_nat_gateway"][f"nat_{at}"] = body
    for at, table in enumerate(land.tables):
        home = {"vpc_id": _id("aws_vpc", f"vpc_{table.vpc}"), "tags": {"Name": f"table-{at}"}}
        made["aws_route_table"][f"table_{at}"] = home
        for number, road in enumerate(table.roads):
            own = {"route_table_id": _id("aws_route_table", f"table_{at}")}
            made["aws_route"][f"road_{at}_{number}"] = {**own, **_road(road, table.vpc)}
    if land.gateways:
        made["aws_vpc_endpoint"]["s3"] = {
            "vpc_id": _id("aws_vpc", "vpc_0"),
            "service_name": "com.amazonaws.eu-central-1.s3",
            "route_table_ids": [_id("aws_route_table", f"table_{each}") for each in land.gateways],
        }


def _road(road: Road, vpc: int) -> Body:
    six = "destination_ipv6_cidr_block" if ":" in road.destination else "destination_cidr_block"
    match road.to.split(":"):
        case ["igw"]:
            target = {"gateway_id": _id("aws_internet_gateway", f"igw_{vpc}")}
        case ["eigw"]:
            target = {"egress_only_gateway_id": _id("aws_egress_only_internet_gateway", f"eigw_{vpc}")}
        case ["peering"]:
            target = {"vpc_peering_connection_id": _id("aws_vpc_peering_connection", "peering")}
        case _:
            target = {"nat_gateway_id": _id("aws_nat_gateway", road.to.replace("nat:", "nat_"))}
    return {six: road.destination, **target}


def _ports(span: Span) -> Body:
    if span.protocol in {"-1", "47"}:
        return {"from_port": 0, "to_port": 0}
    return {"from_port": span.low, "to_port": span.high}


def _peer(opening: Opening) -> Body:
    match opening.peer.split(":"):
        case ["self"]:
            return {"self": True}
        case ["group", number]:
            return {"security_groups": [_id("aws_security_group", f"group_{number}")]}
        case ["list", number]:
            return {"prefix_list_ids": [_id("aws_ec2_managed_prefix_list", f"list_{number}")]}
        case _:
            six = "ipv6_cidr_blocks" if ":" in opening.peer else "cidr_blocks"
            return {six: [opening.peer]}


_APART = {
    "security_groups": "referenced_security_group_id",
    "prefix_list_ids": "prefix_list_id",
    "cidr_blocks": "cidr_ipv4",
    "ipv6_cidr_blocks": "cidr_ipv6",
}


def _filters(land: Land, made: Made) -> None:
    for at, group in enumerate(land.groups):
        body: Body = {
            "name": f"group-{at}",
            "description": "one",
            "vpc_id": _id("aws_vpc", f"vpc_{group.vpc}"),
            "tags": {"Name": f"group-{at}"},
        }
        for number, opening in enumerate(group.openings):
            way = "egress" if opening.egress else "ingress"
            rule = {"protocol": opening.span.protocol, **_ports(opening.span), **_peer(opening)}
            if not opening.apart:
                body.setdefault(way, []).append(rule)
                continue
            own = _id("aws_security_group", f"group_{at}")
            key, value = next(iter(_peer(opening).items()))
            ports = {} if opening.span.protocol in {"-1", "47"} else _ports(opening.span)
            made[f"aws_vpc_security_group_{way}_rule"][f"rule_{at}_{number}"] = {
                "security_group_id": own,
                "ip_protocol": opening.span.protocol,
                **ports,
                **({"referenced_security_group_id": own} if key == "self" else {_APART[key]: value[0]}),
            }
        made["aws_security_group"][f"group_{at}"] = body
    for at, acl in enumerate(land.acls):
        home = {"vpc_id": _id("aws_vpc", f"vpc_{acl.vpc}"), "tags": {"Name": f"acl-{at}"}}
        made["aws_network_acl"][f"acl_{at}"] = home
        for number, entry in enumerate(acl.entries):
            icmp = PROTOCOLS[entry.span.protocol] in {1, 58}
            ports = {"icmp_type": entry.span.low, "icmp_code": entry.span.high} if icmp else {}
            made["aws_network_acl_rule"][f"entry_{at}_{number}"] = {
                "network_acl_id": _id("aws_network_acl", f"acl_{at}"),
                "egress": entry.egress,
                "rule_number": entry.number,
                "rule_action": "allow" if entry.allow else "deny",
                "protocol": str(PROTOCOLS[entry.span.protocol]),
                "ipv6_cidr_block" if ":" in entry.cidr else "cidr_block": entry.cidr,
                **(ports if icmp else _ports(entry.span)),
            }


def _group_ids(numbers: tuple[int, ...]) -> list[str]:
    return [_id("aws_security_group", f"group_{each}") for each in numbers]


def _subnet_ids(numbers: tuple[int, ...]) -> list[str]:
    return [_id("aws_subnet", f"net_{each}") for each in numbers]


def _hosts(land: Land, made: Made) -> None:
    for at, host in enumerate(land.hosts):
        made["aws_instance"][f"host_{at}"] = {
            "ami": "ami-0123456789abcdef0",
            "instance_type": "t3.micro",
            "subnet_id": _id("aws_subnet", f"net_{host.subnet}"),
            "private_ip": host.address,
            **({"ipv6_addresses": [host.address6]} if host.address6 else {}),
            "vpc_security_group_ids": _group_ids(host.groups),
            "associate_public_ip_address": host.public,
            "tags": {"Name": f"host-{at}"},
        }


def _database(service: Service, land: Land, made: Made) -> None:
    made["aws_db_subnet_group"]["data"] = {"name": "data", "subnet_ids": _subnet_ids(service.subnets)}
    made["aws_db_instance"]["database"] = {
        "identifier": "database",
        "engine": "postgres",
        "instance_class": "db.t3.micro",
        "db_subnet_group_name": _id("aws_db_subnet_group", "data", "name"),
        "vpc_security_group_ids": _group_ids(service.groups),
        "publicly_accessible": service.public,
        "port": 5432,
    }


def _function(service: Service, land: Land, made: Made) -> None:
    vpc = {"subnet_ids": _subnet_ids(service.subnets), "security_group_ids": _group_ids(service.groups)}
    made["aws_lambda_function"]["function"] = {"function_name": "function", "role": "x", "vpc_config": [vpc]}


def _endpoint(service: Service, land: Land, made: Made) -> None:
    made["aws_vpc_endpoint"]["queue"] = {
        "vpc_id": _id("aws_vpc", f"vpc_{land.subnets[service.subnets[0]].vpc}"),
        "vpc_endpoint_type": "Interface",
        "service_name": "com.amazonaws.eu-central-1.sqs",
        "subnet_ids": _subnet_ids(service.subnets),
        "security_group_ids": _group_ids(service.groups),
        "tags": {"Name": "endpoint"},
    }


def _balancer(service: Service, land: Land, made: Made) -> None:
    made["aws_lb"]["balancer"] = {
        "name": "balancer",
        "internal": not service.public,
        "load_balancer_type": "application",
        "subnets": _subnet_ids(service.subnets),
        "security_groups": _group_ids(service.groups),
    }
    made["aws_lb_listener"]["balancer"] = {
        "load_balancer_arn": _id("aws_lb", "balancer", "arn"),
        "port": 443,
        "protocol": "HTTPS",
        "default_action": [{"type": "fixed-response", "fixed_response": [{"content_type": "text/plain"}]}],
    }


def _service(service: Service, land: Land, made: Made) -> None:
    made["aws_ecs_cluster"]["tasks"] = {"name": "tasks"}
    made["aws_ecs_service"]["service"] = {
        "name": "service",
        "cluster": _id("aws_ecs_cluster", "tasks", "arn"),
        "task_definition": "it:1",
        "launch_type": "FARGATE",
        "network_configuration": [
            {
                "subnets": _subnet_ids(service.subnets),
                "security_groups": _group_ids(service.groups),
                "assign_public_ip": service.public,
            }
        ],
    }


_SERVICES = {
    "database": _database,
    "function": _function,
    "endpoint": _endpoint,
    "balancer": _balancer,
    "service": _service,
}
