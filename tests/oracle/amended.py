"""What AWS answers and the imitation does not: each a step of its own, with the page that says so.

Without the interfaces of services a snapshot would lack what real ones have, and what decides most answers.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Answers = dict[str, list[Any]]

ACCOUNT = "123456789012"

# The addresses of made interfaces, until stable.py gives every interface one of its subnet's.
_COUNT = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the imitation and is not in its answers.

    ``public``: whether an instance, by its Name tag, asks for a public address, if it says; ``nodes`` and
    ``groups`` of a cache, by its replication group.
    """

    public: dict[str, bool]
    nodes: dict[str, int]
    groups: dict[str, list[str]]


def amended(answers: Answers, asked: Asked) -> Answers:
    """``answers`` as AWS would give them."""
    _without_what_is_gone(answers)
    _with_default_groups(answers)
    _with_launched(answers)
    _without_public_addresses(answers, asked.public)
    _with_cache_nodes(answers, asked)
    _with_schemes(answers)
    _with_preserved_clients(answers)
    _with_described_gateways(answers)
    _with_described_endpoints(answers)
    answers.setdefault("NetworkInterfaces", []).extend(
        itertools.chain(
            _of_balancers(answers), _of_databases(answers), _of_caches(answers), _of_functions(answers)
        )
    )
    _with_tasks(answers)
    _with_names(answers)
    return answers


def _without_what_is_gone(answers: Answers) -> None:
    """A VPC takes its default network ACL with it when it is deleted.

    https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
    """
    vpcs = {each["VpcId"] for each in answers["Vpcs"]}
    answers["NetworkAcls"] = [each for each in answers["NetworkAcls"] if each["VpcId"] in vpcs]


def _with_default_groups(answers: Answers) -> None:
    """The default group of a VPC lets in all that comes from itself.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    for group in answers["SecurityGroups"]:
        if group["GroupName"] == "default" and not group["IpPermissions"]:
            itself = [{"GroupId": group["GroupId"], "UserId": ACCOUNT}]
            empty: dict[str, list[Any]] = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}
            group["IpPermissions"] = [{"IpProtocol": "-1", "UserIdGroupPairs": itself, **empty}]


def _with_launched(answers: Answers) -> None:
    """A scaling group spreads its instances over its subnets; they get their template's groups and tags.

    The imitation starts them all in one subnet, in the VPC's default group.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html
    """
    interfaces = {each["NetworkInterfaceId"]: each for each in answers.get("NetworkInterfaces", ())}
    instances = {
        each["InstanceId"]: each for one in answers.get("Reservations", ()) for each in one["Instances"]
    }
    for scaled in answers.get("AutoScalingGroups", ()):
        subnets = _by_zone(answers, scaled["VPCZoneIdentifier"].split(","))
        scaled["VPCZoneIdentifier"] = ",".join(subnets)
        version = _template(answers, scaled["LaunchTemplate"])
        for member, subnet in zip(scaled["Instances"], itertools.cycle(subnets), strict=False):
            place = next(each for each in answers["Subnets"] if each["SubnetId"] == subnet)
            instance = instances[member["InstanceId"]]
            member["AvailabilityZone"] = instance["Placement"]["AvailabilityZone"] = place["AvailabilityZone"]
            moved = {"SubnetId": subnet, "Groups": _groups(answers, version)}
            instance |= {
                "SubnetId": subnet,
                "SecurityGroups": moved["Groups"],
                "Tags": _tags(version, scaled),
            }
            for each in instance["NetworkInterfaces"]:
                each.update(moved)
                interfaces[each["NetworkInterfaceId"]].update(
                    moved, AvailabilityZone=place["AvailabilityZone"]
                )


def _template(answers: Answers, named: dict[str, str]) -> dict[str, Any]:
    return next(
        dict(each["LaunchTemplateData"])
        for each in answers["LaunchTemplateVersions"]
        if each["LaunchTemplateId"] == named["LaunchTemplateId"]
    )


def _groups(answers: Answers, template: dict[str, Any]) -> list[dict[str, str]]:
    names = {each["GroupId"]: each["GroupName"] for each in answers["SecurityGroups"]}
    asked = [group for each in template["NetworkInterfaces"] for group in each["Groups"]]
    return [{"GroupId": each, "GroupName": names[each]} for each in asked]


def _tags(template: dict[str, Any], scaled: dict[str, Any]) -> list[dict[str, str]]:
    own = [
        tag
        for each in template.get("TagSpecifications", ())
        if each["ResourceType"] == "instance"
        for tag in each["Tags"]
    ]
    return [*own, {"Key": "aws:autoscaling:groupName", "Value": scaled["AutoScalingGroupName"]}]


def _with_cache_nodes(answers: Answers, asked: Asked) -> None:
    """A replication group has as many clusters of one node as were asked for, in its groups.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html
    """
    for cache in answers.get("ReplicationGroups", ()):
        first = next(
            each for each in answers["CacheClusters"] if each["CacheClusterId"] in cache["MemberClusters"]
        )
        name = cache["ReplicationGroupId"]
        made = []
        for number in range(1, asked.nodes[name] + 1):
            node = f"{name}-{number:03}"
            groups = [{"SecurityGroupId": each, "Status": "active"} for each in asked.groups[name]]
            arn = first["ARN"].rpartition(":")[0]
            made.append(
                first
                | {
                    "ARN": f"{arn}:{node}",
                    "CacheClusterId": node,
                    "ReplicationGroupId": name,
                    "SecurityGroups": groups,
                }
            )
        cache["MemberClusters"] = [each["CacheClusterId"] for each in made]
        cache["NodeGroups"][0]["NodeGroupMembers"] = [
            {"CacheClusterId": each["CacheClusterId"], "CacheNodeId": "0001", "CurrentRole": role}
            for each, role in zip(made, ("primary", "replica"), strict=False)
        ]
        cache["NodeGroups"][0]["PrimaryEndpoint"]["Address"] = (
            f"master.{name}.example.euc1.cache.amazonaws.com"
        )
        answers["CacheClusters"] = made


def _with_names(answers: Answers) -> None:
    """The host names of instances and interfaces say their addresses and their Region.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html
    """
    region = _region(answers)
    found: list[Any] = list(answers.get("NetworkInterfaces", ()))
    for instance in (each for one in answers.get("Reservations", ()) for each in one["Instances"]):
        found += [instance, *instance["NetworkInterfaces"]]
    found += [address for each in found for address in each.get("PrivateIpAddresses", ())]
    for each in found:
        dashed = each["PrivateIpAddress"].replace(".", "-")
        each["PrivateDnsName"] = f"ip-{dashed}.{region}.compute.internal"
        public = each.get("Association", {}).get("PublicIp", "").replace(".", "-")
        if public:
            each["Association"]["PublicDnsName"] = f"ec2-{public}.{region}.compute.amazonaws.com"
        if "PublicIpAddress" in each:
            public = each["PublicIpAddress"].replace(".", "-")
            each["PublicDnsName"] = f"ec2-{public}.{region}.compute.amazonaws.com"


def _without_public_addresses(answers: Answers, asked: Asked) -> None:
    """An instance gets a public address where it asks for one or, if it says nothing, where its subnet does.

    The imitation gives one to every instance.
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#vpc-public-ipv4-addresses
    """
    launch = {each["SubnetId"]: each["MapPublicIpOnLaunch"] for each in answers["Subnets"]}
    private: set[str] = set()
    for instance in (each for one in answers.get("Reservations", ()) for each in one["Instances"]):
        name = next((tag["Value"] for tag in instance.get("Tags", ()) if tag["Key"] == "Name"), "")
        if asked.get(name, launch[instance["SubnetId"]]):
            continue
        private.add(instance["InstanceId"])
        instance.pop("PublicIpAddress", None)
        instance["PublicDnsName"] = ""
        for interface in instance["NetworkInterfaces"]:
            _private(interface)
    for interface in answers.get("NetworkInterfaces", ()):
        if interface.get("Attachment", {}).get("InstanceId") in private:
            _private(interface)


def _private(interface: dict[str, Any]) -> None:
    interface.pop("Association", None)
    for address in interface.get("PrivateIpAddresses", ()):
        address.pop("Association", None)


def _with_schemes(answers: Answers) -> None:
    """A load balancer says where it faces; without a word in the request it is to the internet.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    """
    for balancer in answers.get("LoadBalancers", ()):
        balancer.setdefault("Scheme", "internet-facing")


def _with_preserved_clients(answers: Answers) -> None:
    """A network load balancer's target group says whether targets see the client's address.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    told = {each["TargetGroupArn"]: each["Attributes"] for each in answers.get("TargetGroupAttributes", ())}
    key = "preserve_client_ip.enabled"
    for group in answers.get("TargetGroups", ()):
        attributes = told.get(group["TargetGroupArn"], [])
        if group.get("Protocol") in {"TCP", "TLS", "UDP", "TCP_UDP"} and all(
            each["Key"] != key for each in attributes
        ):
            seen = group["TargetType"] == "instance" or group["Protocol"] in {"UDP", "TCP_UDP"}
            attributes.append({"Key": key, "Value": str(seen).lower()})


def _with_described_gateways(answers: Answers) -> None:
    """The interface of a NAT gateway says so, forwards, and carries no group.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    by_address = {
        address["PrivateIp"]: gateway
        for gateway in answers.get("NatGateways", ())
        for address in gateway["NatGatewayAddresses"]
    }
    by_interface = {
        address["NetworkInterfaceId"]: gateway
        for gateway in by_address.values()
        for address in gateway["NatGatewayAddresses"]
    }
    for interface in answers.get("NetworkInterfaces", ()):
        gateway = by_interface.get(interface["NetworkInterfaceId"])
        if gateway is not None:
            interface |= {
                "Description": f"Interface for NAT Gateway {gateway['NatGatewayId']}",
                "InterfaceType": "nat_gateway",
                "RequesterId": ACCOUNT,
                "RequesterManaged": True,
                "SourceDestCheck": False,
                "Groups": [],
                "Status": "in-use",
            }


def _with_described_endpoints(answers: Answers) -> None:
    """The interfaces of endpoints say whose they are.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    owners = {
        interface: endpoint
        for endpoint in answers.get("VpcEndpoints", ())
        for interface in endpoint.get("NetworkInterfaceIds", ())
    }
    for interface in answers.get("NetworkInterfaces", ()):
        endpoint = owners.get(interface["NetworkInterfaceId"])
        if endpoint is not None:
            interface |= {
                "Description": f"VPC Endpoint Interface {endpoint['VpcEndpointId']}",
                "InterfaceType": "vpc_endpoint",
                "RequesterId": ACCOUNT,
                "RequesterManaged": True,
                "Groups": [
                    {"GroupId": each["GroupId"], "GroupName": each.get("GroupName", "")}
                    for each in endpoint["Groups"]
                ],
            }


def _of_balancers(answers: Answers) -> Iterator[dict[str, Any]]:
    """An interface in each subnet of a load balancer, with a public address where it faces the internet.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """
    for balancer in answers.get("LoadBalancers", ()):
        name = balancer["LoadBalancerArn"].split(":loadbalancer/")[1]
        for zone in balancer["AvailabilityZones"]:
            made = _interface(answers, zone["SubnetId"], balancer.get("SecurityGroups", ()), f"ELB {name}")
            yield made | _requested(
                "amazon-elb", public=balancer["Scheme"] == "internet-facing", interface=made
            )


def _of_databases(answers: Answers) -> Iterator[dict[str, Any]]:
    """One interface for an instance, a second one in another zone for its standby.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
    """
    for database in answers.get("DBInstances", ()):
        groups = [each["VpcSecurityGroupId"] for each in database["VpcSecurityGroups"]]
        subnets = sorted(each["SubnetIdentifier"] for each in database["DBSubnetGroup"]["Subnets"])
        for subnet in _by_zone(answers, subnets)[: 2 if database["MultiAZ"] else 1]:
            made = _interface(answers, subnet, groups, "RDSNetworkInterface")
            yield made | _requested("amazon-rds", public=database["PubliclyAccessible"], interface=made)


def _of_caches(answers: Answers) -> Iterator[dict[str, Any]]:
    """One interface for each node.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.EC.html
    """
    subnets = {
        group["CacheSubnetGroupName"]: sorted(each["SubnetIdentifier"] for each in group["Subnets"])
        for group in answers.get("CacheSubnetGroups", ())
    }
    for cluster in answers.get("CacheClusters", ()):
        groups = [each["SecurityGroupId"] for each in cluster.get("SecurityGroups", ())]
        usable = _by_zone(answers, subnets.get(cluster.get("CacheSubnetGroupName", ""), []))
        for subnet in usable[: cluster["NumCacheNodes"]]:
            made = _interface(answers, subnet, groups, f"ElastiCache {cluster['CacheClusterId']}")
            yield made | _requested("amazon-elasticache", public=False, interface=made)


def _of_functions(answers: Answers) -> Iterator[dict[str, Any]]:
    """One interface for each subnet and set of groups of a function, which says the VPC that it is in.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    vpcs = {each["SubnetId"]: each["VpcId"] for each in answers["Subnets"]}
    for function in answers.get("Functions", ()):
        settings = function.get("VpcConfig", {})
        for subnet in settings.get("SubnetIds", ()):
            settings["VpcId"] = vpcs[subnet]
            text = f"AWS Lambda VPC ENI-{function['FunctionName']}-{uuid.uuid4()}"
            made = _interface(answers, subnet, settings["SecurityGroupIds"], text)
            yield made | _requested("", public=False, interface=made) | {"InterfaceType": "lambda"}


def _with_tasks(answers: Answers) -> None:
    """As many tasks as a service wants, each with an interface of its own in one of the service's subnets.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
    """
    for service in answers.get("services", ()):
        settings = service["networkConfiguration"]["awsvpcConfiguration"]
        cluster = service["clusterArn"].split("/")[-1]
        for subnet in itertools.islice(
            itertools.cycle(_by_zone(answers, sorted(settings["subnets"]))), service["desiredCount"]
        ):
            attachment = f"arn:aws:ecs:{_region(answers)}:{ACCOUNT}:attachment/{uuid.uuid4()}"
            made = _interface(answers, subnet, settings["securityGroups"], attachment)
            public = settings.get("assignPublicIp") == "ENABLED"
            answers["NetworkInterfaces"].append(made | _requested("", public=public, interface=made))
            answers.setdefault("tasks", []).append(_task(service, cluster, made, _region(answers)))


def _task(service: dict[str, Any], cluster: str, made: dict[str, Any], region: str) -> dict[str, Any]:
    details = {
        "subnetId": made["SubnetId"],
        "networkInterfaceId": made["NetworkInterfaceId"],
        "macAddress": made["MacAddress"],
        "privateIPv4Address": made["PrivateIpAddress"],
    }
    return {
        "attachments": [
            {
                "id": made["Description"].split("/")[-1],
                "type": "ElasticNetworkInterface",
                "status": "ATTACHED",
                "details": [{"name": name, "value": value} for name, value in details.items()],
            }
        ],
        "clusterArn": service["clusterArn"],
        "desiredStatus": "RUNNING",
        "group": f"service:{service['serviceName']}",
        "lastStatus": "RUNNING",
        "launchType": "FARGATE",
        "startedBy": "ecs-svc/0000000000000000000",
        "taskArn": f"arn:aws:ecs:{region}:{ACCOUNT}:task/{cluster}/{uuid.uuid4().hex}",
        "taskDefinitionArn": service["taskDefinition"],
    }


def _by_zone(answers: Answers, subnets: list[str]) -> list[str]:
    zones = {each["SubnetId"]: each["AvailabilityZone"] for each in answers["Subnets"]}
    return sorted(subnets, key=lambda subnet: zones[subnet])


def _region(answers: Answers) -> str:
    return str(answers["Subnets"][0]["AvailabilityZone"][:-1])


def _interface(answers: Answers, subnet: str, groups: Any, description: str) -> dict[str, Any]:
    place = next(each for each in answers["Subnets"] if each["SubnetId"] == subnet)
    names = {each["GroupId"]: each["GroupName"] for each in answers["SecurityGroups"]}
    number = uuid.uuid4().hex
    count = next(_COUNT)
    address = f"198.18.{count // 256}.{count % 256}"
    return {
        "Attachment": {
            "AttachmentId": f"ela-attach-{number[:17]}",
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": "amazon-aws",
            "Status": "attached",
        },
        "AvailabilityZone": place["AvailabilityZone"],
        "Description": description,
        "Groups": [{"GroupId": each, "GroupName": names[each]} for each in groups],
        "InterfaceType": "interface",
        "Ipv6Addresses": [],
        "MacAddress": ":".join(number[place : place + 2] for place in range(0, 12, 2)),
        "NetworkInterfaceId": f"eni-{number[:17]}",
        "OwnerId": ACCOUNT,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
        "SourceDestCheck": True,
        "Status": "in-use",
        "SubnetId": subnet,
        "TagSet": [],
        "VpcId": place["VpcId"],
    }


def _requested(by: str, *, public: bool, interface: dict[str, Any]) -> dict[str, Any]:
    """What says that a service made the interface, and that AWS gave it a public address."""
    made: dict[str, Any] = {"RequesterId": by or ACCOUNT, "RequesterManaged": True}
    if public:
        own = interface["PrivateIpAddress"].replace("198.18.", "198.19.")
        address = {"IpOwnerId": by or "amazon", "PublicIp": own}
        made["Association"] = address
        made["PrivateIpAddresses"] = [
            each | {"Association": address} for each in interface["PrivateIpAddresses"]
        ]
    return made
