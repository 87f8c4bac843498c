"""What a random network can hold, each part as Terraform's AWS provider asks for it."""

from __future__ import annotations

from collections.abc import Callable

from disguise import Ref, Value
from random_network import PORTS, Blocks, Body, Network, Place, tags

AMI = "ami-0123456789abcdef0"
ROLE = "arn:aws:iam::123456789012:role/it"


def _rule(n: Network, p: Place, number: int) -> Body:
    port = n.random.choice(PORTS)
    return {
        "description": n.random.choice(("", "a rule", None)),
        "from_port": port,
        "to_port": port + n.random.choice((0, 0, 5)),
        "protocol": n.random.choice(("tcp", "udp")),
        "cidr_blocks": [f"10.{p.block}.{number}.0/24"],
    }


def group(n: Network, p: Place) -> None:
    """Security groups with inline rules."""
    ingress = tuple(_rule(n, p, number) for number in range(n.random.randint(0, 3)))
    egress: Body = {
        "from_port": 0,
        "to_port": 0,
        "protocol": "-1",
        "cidr_blocks": ["0.0.0.0/0"],
        "ipv6_cidr_blocks": ["::/0"],
    }
    meta = n.random.choice(
        ("", "  lifecycle {\n    create_before_destroy = true\n    ignore_changes = [tags]\n  }\n")
    )
    p.groups += n.resources(
        "aws_security_group",
        [
            {
                "name": f"g{n.number}-{at}",
                "vpc_id": p.vpc_id(),
                "ingress": Blocks(ingress),
                "egress": Blocks((egress,) if n.random.random() < 0.7 else ()),
                "tags": tags(n, "g"),
            }
            for at in range(n.random.randint(1, 2))
        ],
        meta=meta,
    )


def classic_rules(n: Network, p: Place) -> None:
    """Rules of ``aws_security_group_rule``."""
    groups = p.group_ids(n)
    port = n.random.choice(PORTS)
    n.resources(
        "aws_security_group_rule",
        [
            {
                "type": n.random.choice(("ingress", "egress")),
                "from_port": port + at,
                "to_port": port + at,
                "protocol": "tcp",
                "security_group_id": groups[0],
                **n.random.choice(
                    (
                        {"cidr_blocks": [f"10.{p.block}.0.0/20"]},
                        {"self": True},
                        {"source_security_group_id": groups[-1]},
                        {"cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": ["::/0"]},
                    )
                ),
            }
            for at in range(n.random.randint(1, 3))
        ],
    )


def rules(n: Network, p: Place) -> None:
    """Rules of ``aws_vpc_security_group_ingress_rule`` and its sibling."""
    groups = p.group_ids(n)
    peers: list[Body] = [
        {"cidr_ipv4": f"10.{p.block}.0.0/20"},
        {"cidr_ipv6": "::/0"},
        {"referenced_security_group_id": groups[-1]},
    ]
    for kind in ("ingress", "egress"):
        bodies: list[Body] = [
            {
                "security_group_id": groups[0],
                "ip_protocol": "tcp",
                "from_port": port,
                "to_port": port,
                **n.random.choice(peers),
            }
            for port in n.random.sample(PORTS, n.random.randint(1, 3))
        ]
        n.resources(f"aws_vpc_security_group_{kind}_rule", bodies)


def gateways(n: Network, p: Place) -> None:
    """An internet gateway, a NAT gateway, route tables, routes and associations."""
    internet = n.one("aws_internet_gateway", {"vpc_id": p.vpc_id(), "tags": tags(n, "igw")})
    address = n.one("aws_eip", {"domain": "vpc"})
    nat = n.one(
        "aws_nat_gateway", {"allocation_id": Ref(f"{address}.id"), "subnet_id": p.subnet_id(n.random)}
    )
    inline: Body = {"cidr_block": "0.0.0.0/0", "gateway_id": Ref(f"{internet}.id")}
    public = n.one(
        "aws_route_table", {"vpc_id": p.vpc_id(), "route": Blocks((inline,)), "tags": tags(n, "public")}
    )
    private = n.one("aws_route_table", {"vpc_id": p.vpc_id()})
    n.one(
        "aws_route",
        {
            "route_table_id": Ref(f"{private}.id"),
            "destination_cidr_block": n.random.choice(("0.0.0.0/0", "192.168.0.0/16")),
            "nat_gateway_id": Ref(f"{nat}.id"),
        },
    )
    tables = [Ref(f"{each}.id") for each in (public, private)]
    n.resources(
        "aws_route_table_association",
        [{"subnet_id": subnet, "route_table_id": n.random.choice(tables)} for subnet in p.subnet_ids()],
    )


def acls(n: Network, p: Place) -> None:
    """Network ACLs with inline and separate entries."""

    def entry(number: int) -> Body:
        return {
            "protocol": n.random.choice(("tcp", "udp")),
            "rule_no": number * 10,
            "action": n.random.choice(("allow", "deny")),
            "cidr_block": f"10.{p.block}.0.0/16",
            "from_port": 1024,
            "to_port": 65535,
        }

    acl = n.one(
        "aws_network_acl",
        {
            "vpc_id": p.vpc_id(),
            "subnet_ids": p.subnet_ids()[:2],
            "ingress": Blocks(tuple(entry(number) for number in range(1, n.random.randint(2, 4)))),
            "egress": Blocks((entry(7),)),
        },
    )
    bodies: list[Body] = [
        {
            "network_acl_id": Ref(f"{acl}.id"),
            "rule_number": 200 + at,
            "egress": at % 2 == 0,
            "protocol": n.random.choice(("tcp", "-1", "icmp")),
            "rule_action": "allow",
            "cidr_block": "0.0.0.0/0",
            "from_port": 0,
            "to_port": 0,
        }
        for at in range(n.random.randint(1, 3))
    ]
    n.resources("aws_network_acl_rule", bodies)


def prefix_list(n: Network, p: Place) -> None:
    """A managed prefix list."""
    entries: tuple[Body, ...] = tuple(
        {"cidr": f"10.{p.block}.{at}.0/24", "description": f"e{at}"} for at in range(3)
    )
    n.one(
        "aws_ec2_managed_prefix_list",
        {"name": "pl", "address_family": "IPv4", "max_entries": 5, "entry": Blocks(entries)},
    )


def instances(n: Network, p: Place) -> None:
    """Instances, interfaces, launch templates and groups of them."""
    groups = p.group_ids(n)
    n.resources(
        "aws_instance",
        [
            {
                "ami": AMI,
                "instance_type": "t3.micro",
                "subnet_id": subnet,
                "vpc_security_group_ids": groups,
                "associate_public_ip_address": at % 2 == 0,
                "tags": tags(n, f"i{at}"),
            }
            for at, subnet in enumerate(p.subnet_ids())
        ],
    )
    n.one("aws_network_interface", {"subnet_id": p.subnet_id(n.random), "security_groups": groups})
    interface: Body = {
        "security_groups": groups,
        "associate_public_ip_address": "true",
        "delete_on_termination": "true",
    }
    template = n.one(
        "aws_launch_template",
        {
            "name": "template",
            "image_id": AMI,
            "instance_type": "t3.micro",
            "network_interfaces": Blocks((interface,)),
        },
    )
    n.one(
        "aws_autoscaling_group",
        {
            "name": "asg",
            "min_size": 1,
            "max_size": 3,
            "vpc_zone_identifier": p.subnet_ids(),
            "launch_template": Blocks(({"id": Ref(f"{template}.id"), "version": "$Latest"},)),
            "tag": Blocks(({"key": "Name", "value": "x", "propagate_at_launch": True},)),
        },
    )


def balancer(n: Network, p: Place) -> None:
    """A load balancer with its listeners and target groups."""
    lb = n.one(
        "aws_lb",
        {
            "name": "lb",
            "internal": True,
            "load_balancer_type": "application",
            "security_groups": p.group_ids(n),
            "subnets": p.subnet_ids(),
        },
    )
    target = n.one(
        "aws_lb_target_group",
        {
            "name": "tg",
            "port": 8080,
            "protocol": "HTTP",
            "vpc_id": p.vpc_id(),
            "target_type": "ip",
            "health_check": Blocks(({"path": "/ok", "port": "8081", "matcher": "200-299"},)),
        },
    )
    action: Body = {"type": "forward", "target_group_arn": Ref(f"{target}.arn")}
    n.resources(
        "aws_lb_listener",
        [
            {
                "load_balancer_arn": Ref(f"{lb}.arn"),
                "port": port,
                "protocol": "HTTP",
                "default_action": Blocks((action,)),
            }
            for port in n.random.sample(PORTS, 2)
        ],
    )


def database(n: Network, p: Place) -> None:
    """A database in a subnet group."""
    subnets = n.one("aws_db_subnet_group", {"name": "db", "subnet_ids": p.subnet_ids()})
    n.one(
        "aws_db_instance",
        {
            "identifier": "db",
            "engine": "postgres",
            "instance_class": "db.t3.micro",
            "allocated_storage": 20,
            "username": "u",
            "password": "secret-1",
            "db_subnet_group_name": Ref(f"{subnets}.name"),
            "vpc_security_group_ids": p.group_ids(n),
            "publicly_accessible": n.random.random() < 0.5,
            "port": n.random.choice((5432, 5433)),
            "skip_final_snapshot": True,
        },
    )


def function(n: Network, p: Place) -> None:
    """A Lambda function in the VPC."""
    vpc: Body = {"subnet_ids": p.subnet_ids(), "security_group_ids": p.group_ids(n)}
    n.one(
        "aws_lambda_function",
        {
            "function_name": "f",
            "role": ROLE,
            "runtime": "python3.12",
            "handler": "f.f",
            "s3_bucket": "b",
            "s3_key": "k",
            "vpc_config": Blocks((vpc,)),
        },
    )


def service(n: Network, p: Place) -> None:
    """An ECS service with its task definition."""
    cluster = n.one("aws_ecs_cluster", {"name": "c"})
    network: Body = {"subnets": p.subnet_ids(), "security_groups": p.group_ids(n), "assign_public_ip": False}
    n.one(
        "aws_ecs_service",
        {
            "name": "s",
            "cluster": Ref(f"{cluster}.id"),
            "task_definition": "it:1",
            "desired_count": 2,
            "launch_type": "FARGATE",
            "network_configuration": Blocks((network,)),
        },
    )


def endpoints(n: Network, p: Place) -> None:
    """VPC endpoints of both sorts."""
    n.one(
        "aws_vpc_endpoint",
        {
            "vpc_id": p.vpc_id(),
            "service_name": "com.amazonaws.eu-central-1.secretsmanager",
            "vpc_endpoint_type": "Interface",
            "subnet_ids": p.subnet_ids()[:1],
            "security_group_ids": p.group_ids(n),
            "private_dns_enabled": True,
        },
    )
    table = n.one("aws_route_table", {"vpc_id": p.vpc_id()})
    tables: list[Value] = [Ref(f"{table}.id")]
    n.one(
        "aws_vpc_endpoint",
        {"vpc_id": p.vpc_id(), "service_name": "com.amazonaws.eu-central-1.s3", "route_table_ids": tables},
    )


def peering(n: Network, p: Place) -> None:
    """A second VPC, peered, and a secondary range of the first."""
    other = n.one("aws_vpc", {"cidr_block": "172.20.0.0/16"})
    n.one(
        "aws_vpc_peering_connection",
        {"vpc_id": p.vpc_id(), "peer_vpc_id": Ref(f"{other}.id"), "auto_accept": True},
    )
    n.one("aws_vpc_ipv4_cidr_block_association", {"vpc_id": p.vpc_id(), "cidr_block": "100.64.0.0/16"})


PARTS: tuple[Callable[[Network, Place], None], ...] = (
    group,
    classic_rules,
    rules,
    gateways,
    acls,
    prefix_list,
    instances,
    balancer,
    database,
    function,
    service,
    endpoints,
    peering,
)
