"""What owns interfaces: where it stands, what filters it, whether it is public."""

from __future__ import annotations

import pytest

from auditor.model import YES, Inventory, Links, Placement, Truth, Workload
from auditor.traffic import EVERYTHING, NOTHING, Bounds, exact, parse_cidr, service
from auditor.tree import Presence, Resource
from tests.aws.build import VPC, possible, read, ref, resource, unknown

SUBNET = ref("aws_subnet.a.id")
GROUP = ref("aws_security_group.g.id")


def ids(links: Links) -> list[str]:
    return [link.id for link in links.items]


def workload(*resources: Resource) -> Workload:
    return next(iter(read(*resources).workloads))


def instance(**body: object) -> Workload:
    return workload(resource("aws_instance.i", **{"subnet_id": SUBNET, **body}))


def test_an_instance_stands_in_one_subnet_with_its_groups():
    found = instance(vpc_security_group_ids=[GROUP])
    assert (ids(found.subnets), ids(found.groups)) == (["aws_subnet.a"], ["aws_security_group.g"])
    assert found.placement is Placement.ONE


def test_an_instance_without_groups_has_the_default_group_of_its_vpc():
    found = instance()
    assert (found.groups, found.default_group, found.filtered) == (Links(), True, True)


def test_the_subnet_decides_whether_an_instance_is_public_where_it_does_not_say():
    assert instance().public is None


@pytest.mark.parametrize(
    ("value", "truth"), [(True, Truth.YES), (False, Truth.NO), (unknown(), Truth.UNKNOWN)]
)
def test_an_instance_can_ask_for_a_public_address(value: object, truth: Truth):
    public = instance(associate_public_ip_address=value).public
    assert public is not None
    assert public.truth is truth


def test_an_instance_without_subnet_is_somewhere_in_the_default_vpc():
    found = workload(resource("aws_default_vpc.v"), resource("aws_instance.i"))
    assert found.subnets.items == ()
    assert found.subnets.open
    assert found.vpc is not None
    assert found.vpc.id == "aws_default_vpc.v"


def test_unknown_groups_of_an_instance_are_open():
    groups = instance(vpc_security_group_ids=unknown("var.groups")).groups
    assert (groups.items, bool(groups.open)) == ((), True)


def test_an_unknown_subnet_of_an_instance_is_one_subnet():
    subnets = instance(subnet_id=unknown("var.subnet")).subnets
    assert ([(link.id, link.certain) for link in subnets.items], subnets.open) == ([("var.subnet", True)], ())


def test_a_group_can_be_named_by_its_name():
    found = read(
        resource("aws_security_group.g", name="web"), resource("aws_instance.i", security_groups=["web"])
    )
    assert ids(found.workloads[0].groups) == ["aws_security_group.g"]


def test_the_private_addresses_of_an_instance_are_those_given():
    assert instance().addresses is None
    assert instance(private_ip="10.0.0.5").addresses == exact(parse_cidr("10.0.0.5"))
    both = instance(private_ip="10.0.0.5", secondary_private_ips=["10.0.0.6"]).addresses
    assert both == exact(parse_cidr("10.0.0.5") | parse_cidr("10.0.0.6"))


def test_an_instance_without_source_check_forwards():
    assert instance().forwards.truth is Truth.NO
    assert instance(source_dest_check=False).forwards.truth is Truth.YES
    assert instance(source_dest_check=unknown()).forwards.truth is Truth.UNKNOWN


def test_an_instance_that_is_given_an_interface_has_none_of_its_own():
    given = {"device_index": 0, "network_interface_id": ref("aws_network_interface.n.id")}
    found = read(resource("aws_instance.i", network_interface=[given]), resource("aws_network_interface.n"))
    assert (found.workloads[0].subnets, found.workloads[0].default_group) == (Links(), False)
    (attached,) = found.interface_attachments
    assert (attached.interface.id, attached.instance.id) == ("aws_network_interface.n", "aws_instance.i")


def test_an_instance_that_is_given_an_interface_of_elsewhere_may_stand_anywhere():
    (found,) = read(
        resource("aws_instance.i", network_interface=[{"network_interface_id": "eni-1"}])
    ).workloads
    assert found.subnets.open
    assert found.groups.open
    assert found.public is not None
    assert found.public.truth is found.ipv6.truth is Truth.UNKNOWN


def test_an_interface_that_an_instance_may_be_given_leaves_its_own():
    given = unknown("", [{"network_interface_id": "eni-1"}], [])
    found = read(resource("aws_instance.i", subnet_id=SUBNET, network_interface=given))
    assert ids(found.workloads[0].subnets) == ["aws_subnet.a"]
    assert [one.presence for one in found.interface_attachments] == [Presence.POSSIBLE]


def test_an_instance_takes_from_its_launch_template():
    found = instance(subnet_id=None, launch_template=[{"id": ref("aws_launch_template.t.id")}])
    assert [link.id for link in found.profiles] == ["aws_launch_template.t"]


def test_a_launch_template_has_the_groups_of_its_interfaces():
    (profile,) = read(
        resource(
            "aws_launch_template.t",
            vpc_security_group_ids=[GROUP],
            network_interfaces=[
                {
                    "associate_public_ip_address": "true",
                    "security_groups": [ref("aws_security_group.h.id")],
                    "subnet_id": SUBNET,
                }
            ],
        )
    ).profiles
    assert ids(profile.groups) == ["aws_security_group.g", "aws_security_group.h"]
    assert ids(profile.subnets) == ["aws_subnet.a"]
    assert profile.public is not None
    assert profile.public.truth is Truth.YES


def test_a_scaling_group_places_its_template_in_each_subnet():
    found = workload(
        resource(
            "aws_autoscaling_group.a",
            vpc_zone_identifier=[SUBNET, ref("aws_subnet.b.id")],
            launch_template=[{"id": ref("aws_launch_template.t.id")}],
        )
    )
    assert (ids(found.subnets), found.placement) == (["aws_subnet.a", "aws_subnet.b"], Placement.EACH)
    assert [link.id for link in found.profiles] == ["aws_launch_template.t"]


def test_a_template_named_by_its_name_is_found():
    found = read(
        resource("aws_launch_template.t", name="app"),
        resource(
            "aws_autoscaling_group.a",
            vpc_zone_identifier=[SUBNET],
            mixed_instances_policy=[
                {"launch_template": [{"launch_template_specification": [{"launch_template_name": "app"}]}]}
            ],
        ),
    )
    assert [link.id for link in found.workloads[0].profiles] == ["aws_launch_template.t"]


def test_a_scaling_group_with_zones_alone_is_in_subnets_that_are_not_known():
    found = workload(resource("aws_autoscaling_group.a", availability_zones=["eu-central-1a"]))
    assert (found.subnets.items, bool(found.subnets.open)) == ((), True)


def test_an_interface_has_no_public_address_of_its_own():
    found = workload(
        resource(
            "aws_network_interface.n", subnet_id=SUBNET, security_groups=[GROUP], private_ips=["10.0.0.9"]
        )
    )
    assert found.public is not None
    assert found.public.truth is Truth.NO
    assert found.addresses == exact(parse_cidr("10.0.0.9"))


def test_interfaces_and_groups_are_attached_by_resources():
    found = read(
        resource(
            "aws_network_interface_sg_attachment.s",
            security_group_id=GROUP,
            network_interface_id=ref("aws_instance.i.primary_network_interface_id"),
        ),
        resource(
            "aws_network_interface_attachment.n",
            instance_id=ref("aws_instance.i.id"),
            network_interface_id=ref("aws_network_interface.n.id"),
        ),
    )
    assert found.group_attachments[0].interface.id == "aws_instance.i"
    assert found.interface_attachments[0].interface.id == "aws_network_interface.n"


def test_a_function_without_vpc_is_in_no_vpc():
    found = workload(resource("aws_lambda_function.f", function_name="f"))
    assert (found.placed, found.accepts, found.subnets.open) == (False, False, ())


def test_a_function_in_a_vpc_accepts_nothing_and_is_never_public():
    config = [{"subnet_ids": [SUBNET], "security_group_ids": [GROUP]}]
    found = workload(resource("aws_lambda_function.f", vpc_config=config))
    assert (found.placed, found.accepts, found.initiates) == (True, False, True)
    assert found.public is not None
    assert found.public.truth is Truth.NO
    assert (ids(found.subnets), ids(found.groups)) == (["aws_subnet.a"], ["aws_security_group.g"])


def test_a_function_that_may_be_in_a_vpc_is_there_uncertainly():
    config = unknown("", [{"subnet_ids": [SUBNET], "security_group_ids": [GROUP]}], [])
    found = workload(resource("aws_lambda_function.f", vpc_config=config))
    assert found.placed
    assert [link.certain for link in (*found.subnets.items, *found.groups.items)] == [False, False]


def test_a_subnet_group_is_found_by_a_name_that_is_not_known_but_the_same():
    name = unknown('"db-${data.aws_caller_identity.current.account_id}"')
    found = read(
        resource("aws_db_subnet_group.data", name=name, subnet_ids=["subnet-1"]),
        resource("aws_db_instance.d", db_subnet_group_name=name, engine="postgres"),
    )
    (database,) = found.workloads
    assert [link.id for link in database.profiles] == ["aws_db_subnet_group.data"]


def test_a_database_is_in_one_subnet_of_its_subnet_group_found_by_name():
    found = read(
        resource("aws_db_subnet_group.data", name="data", subnet_ids=[SUBNET]),
        resource("aws_elasticache_subnet_group.data", name="data", subnet_ids=[SUBNET]),
        resource("aws_db_instance.d", db_subnet_group_name="data", engine="postgres", identifier="pg"),
    )
    (database,) = found.workloads
    assert [link.id for link in database.profiles] == ["aws_db_subnet_group.data"]
    assert (database.placement, database.names) == (Placement.ONE, ("pg", "d"))
    assert ids(found.profiles[0].subnets) == ["aws_subnet.a"]


@pytest.mark.parametrize(
    ("body", "port"),
    [
        ({"engine": "postgres"}, 5432),
        ({"engine": "mysql"}, 3306),
        ({"engine": "postgres", "port": 6000}, 6000),
    ],
)
def test_a_database_listens_on_its_port_or_its_engines(body: dict[str, object], port: int):
    assert workload(resource("aws_db_instance.d", **body)).listens == exact(service(6, port, port))


def test_a_database_of_an_unknown_engine_may_listen_anywhere():
    assert workload(resource("aws_db_instance.d", engine=unknown())).listens is None


@pytest.mark.parametrize(("engine", "port"), [("oracle-ee", 1521), ("sqlserver-se", 1433), ("db2-se", 50000)])
def test_a_database_with_options_listens_on_its_port_and_perhaps_on_others(engine: str, port: int):
    for more in ({}, {"port": port}):
        found = workload(resource("aws_db_instance.d", engine=engine, **more)).listens
        assert found == Bounds(service(6, port, port), EVERYTHING)


def test_a_database_on_an_unknown_port_listens_on_some_port():
    found = workload(resource("aws_db_instance.d", engine="postgres", port=unknown("var.port")))
    assert found.listens is not None
    assert (found.listens.must, found.listens.may) == (NOTHING, service(6))


@pytest.mark.parametrize(
    ("value", "truth"), [(None, Truth.NO), (True, Truth.YES), (unknown(), Truth.UNKNOWN)]
)
def test_a_database_is_private_unless_it_says_public(value: object, truth: Truth):
    public = workload(resource("aws_db_instance.d", publicly_accessible=value)).public
    assert public is not None
    assert public.truth is truth


def test_whether_a_redshift_cluster_is_public_depends_on_the_provider_where_it_does_not_say():
    public = workload(resource("aws_redshift_cluster.r")).public
    assert public is not None
    assert (public.truth, bool(public.reasons)) == (Truth.UNKNOWN, True)


def test_a_member_of_a_cluster_has_what_its_cluster_has():
    found = read(
        resource(
            "aws_rds_cluster.c",
            cluster_identifier="main",
            engine="aurora-postgresql",
            vpc_security_group_ids=[GROUP],
            db_subnet_group_name=ref("aws_db_subnet_group.d.name"),
        ),
        resource("aws_rds_cluster_instance.i", cluster_identifier="main"),
    )
    member = found.workloads[1]
    assert (ids(member.groups), [link.id for link in member.profiles]) == (
        ["aws_security_group.g"],
        ["aws_db_subnet_group.d"],
    )
    assert member.listens == exact(service(6, 5432, 5432))


def test_a_member_of_a_cluster_outside_the_input_is_open():
    member = workload(resource("aws_rds_cluster_instance.i", cluster_identifier=unknown("var.cluster")))
    assert member.groups.open
    assert member.subnets.open


def service_of(**body: object) -> Workload:
    return workload(resource("aws_ecs_service.s", **body))


def test_a_service_with_a_network_configuration_has_interfaces_of_its_own():
    found = service_of(network_configuration=[{"subnets": [SUBNET], "security_groups": [GROUP]}])
    assert (ids(found.subnets), ids(found.groups)) == (["aws_subnet.a"], ["aws_security_group.g"])
    assert found.public is not None
    assert found.public.truth is Truth.NO


def test_a_service_can_ask_for_public_addresses():
    found = service_of(network_configuration=[{"subnets": [SUBNET], "assign_public_ip": True}])
    assert found.public is not None
    assert found.public.truth is Truth.YES


def test_a_service_without_network_configuration_has_the_groups_of_instances_that_are_not_known():
    found = service_of()
    assert found.subnets.open
    assert found.groups.open
    assert not found.default_group


CLUSTER = resource("aws_eks_cluster.k", name="k", vpc_config=[{"subnet_ids": [SUBNET]}])
CLUSTER_GROUP = "aws_eks_cluster.k.vpc_config[0].cluster_security_group_id"


def nodes(found: Inventory) -> Workload:
    return next(one for one in found.workloads if one.kind == "aws_eks_node_group")


def test_a_cluster_has_a_group_of_its_own_that_lets_its_members_in_and_all_out():
    found = read(CLUSTER, resource("aws_subnet.a", vpc_id=ref("aws_vpc.main.id"), cidr_block="10.0.0.0/24"))
    (own,) = found.groups
    assert (own.id, own.vpc.id) == (CLUSTER_GROUP, "aws_vpc.main")
    assert [(rule.direction.value, rule.service) for rule in found.rules] == [
        ("ingress", exact(EVERYTHING)),
        ("egress", exact(EVERYTHING)),
    ]
    assert ids(found.workloads[0].groups) == [CLUSTER_GROUP]


def test_nodes_carry_the_group_of_their_cluster():
    found = read(CLUSTER, resource("aws_eks_node_group.n", cluster_name="k", subnet_ids=[SUBNET]))
    assert ids(nodes(found).groups) == [CLUSTER_GROUP]


def test_nodes_of_a_template_with_groups_carry_those_alone():
    found = read(
        CLUSTER,
        resource("aws_launch_template.t", vpc_security_group_ids=[GROUP]),
        resource(
            "aws_eks_node_group.n",
            cluster_name="k",
            subnet_ids=[SUBNET],
            launch_template=[{"id": ref("aws_launch_template.t.id")}],
        ),
    )
    assert nodes(found).groups == Links()
    assert [link.id for link in nodes(found).profiles] == ["aws_launch_template.t"]


def test_nodes_of_a_template_without_groups_carry_the_group_of_their_cluster():
    found = read(
        CLUSTER,
        resource("aws_launch_template.t"),
        resource(
            "aws_eks_node_group.n",
            cluster_name="k",
            subnet_ids=[SUBNET],
            launch_template=[{"id": ref("aws_launch_template.t.id")}],
        ),
    )
    assert ids(nodes(found).groups) == [CLUSTER_GROUP]


def test_nodes_of_a_template_outside_the_input_may_carry_the_group_of_their_cluster():
    found = read(
        CLUSTER,
        resource(
            "aws_eks_node_group.n",
            cluster_name=ref("aws_eks_cluster.k.name"),
            subnet_ids=[SUBNET],
            launch_template=[{"id": unknown("var.template")}],
        ),
    )
    assert [(link.id, link.certain) for link in nodes(found).groups.items] == [(CLUSTER_GROUP, False)]


def balancer(*others: Resource, **body: object) -> Workload:
    return workload(resource("aws_lb.b", **{"subnets": [SUBNET], **body}), *others)


@pytest.mark.parametrize(
    ("internal", "truth"), [(None, Truth.YES), (True, Truth.NO), (unknown(), Truth.UNKNOWN)]
)
def test_a_balancer_is_public_unless_it_is_internal(internal: object, truth: Truth):
    public = balancer(internal=internal).public
    assert public is not None
    assert public.truth is truth


def test_a_network_balancer_without_groups_filters_nothing():
    found = balancer(load_balancer_type="network")
    assert (found.filtered, found.default_group) == (False, False)


def test_a_network_balancer_with_groups_filters():
    found = balancer(load_balancer_type="network", security_groups=[GROUP])
    assert (found.filtered, ids(found.groups)) == (True, ["aws_security_group.g"])


def test_an_application_balancer_without_groups_has_the_default_group():
    assert balancer().default_group


def test_a_balancer_accepts_what_its_listeners_accept():
    listeners = [
        resource("aws_lb_listener.l", load_balancer_arn=ref("aws_lb.b.arn"), port=443, protocol="HTTPS"),
        resource("aws_lb_listener.m", load_balancer_arn=ref("aws_lb.b.arn"), port="53", protocol="TCP_UDP"),
    ]
    wanted = service(6, 443, 443) | service(6, 53, 53) | service(17, 53, 53)
    assert balancer(*listeners).listens == exact(wanted)


def test_a_balancer_without_listeners_in_the_input_may_accept_anything():
    found = balancer()
    assert found.listens is not None
    assert (found.listens.must, found.listens.may) == (NOTHING, EVERYTHING)


def test_the_subnets_and_addresses_of_a_balancer_may_stand_in_mappings():
    mapping = [{"subnet_id": SUBNET, "allocation_id": ref("aws_eip.e.id")}]
    found = read(resource("aws_lb.b", load_balancer_type="network", subnet_mapping=mapping))
    assert ids(found.workloads[0].subnets) == ["aws_subnet.a"]
    assert [(a.address.id, a.holder.id) for a in found.elastic_ip_associations] == [("aws_eip.e", "aws_lb.b")]


def test_a_classic_balancer_accepts_on_its_ports():
    listener = {"lb_port": 80, "lb_protocol": "http", "instance_port": 8080, "instance_protocol": "http"}
    found = workload(resource("aws_elb.b", subnets=[SUBNET], listener=[listener]))
    assert found.listens == exact(service(6, 80, 80))


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        ({"availability_zones": ["eu-central-1a"]}, True),
        ({"subnets": [ref("aws_default_subnet.a.id")]}, True),
        ({"subnets": [SUBNET]}, False),
        ({"subnets": [ref("aws_default_subnet.a.id")], "security_groups": [GROUP]}, False),
    ],
)
def test_a_classic_balancer_in_a_default_vpc_without_groups_is_given_one_by_aws(
    body: dict[str, object], open_: bool
):
    assert bool(workload(resource("aws_elb.b", **body)).groups.open) is open_


def test_an_interface_endpoint_is_only_connected_to():
    found = workload(
        resource(
            "aws_vpc_endpoint.e",
            vpc_endpoint_type="Interface",
            vpc_id=ref("aws_vpc.main.id"),
            subnet_ids=[SUBNET],
            security_group_ids=[GROUP],
        )
    )
    assert (found.initiates, found.accepts, ids(found.subnets)) == (False, True, ["aws_subnet.a"])


def test_subnets_and_groups_are_given_to_an_endpoint_by_resources():
    endpoint = ref("aws_vpc_endpoint.e.id")
    found = read(
        resource("aws_vpc_endpoint.e", vpc_endpoint_type="Interface", vpc_id=ref("aws_vpc.main.id")),
        resource("aws_vpc_endpoint_subnet_association.s", vpc_endpoint_id=endpoint, subnet_id=SUBNET),
        resource(
            "aws_vpc_endpoint_security_group_association.g", vpc_endpoint_id=endpoint, security_group_id=GROUP
        ),
    )
    assert ids(found.workloads[0].subnets) == ["aws_subnet.a"]
    assert found.workloads[0].subnets.open == ()
    assert found.group_attachments[0].interface.id == "aws_vpc_endpoint.e"


def test_a_gateway_endpoint_owns_no_interface_and_has_a_prefix_list():
    found = read(resource("aws_vpc_endpoint.s3", service_name="com.amazonaws.eu-central-1.s3"))
    assert found.workloads == ()
    assert [(one.id, one.service) for one in found.prefix_lists] == [
        ("aws_vpc_endpoint.s3.prefix_list_id", "s3")
    ]


def test_brokers_listen_where_encryption_and_authentication_say():
    info = [{"client_subnets": [SUBNET], "security_groups": [GROUP]}]
    found = workload(resource("aws_msk_cluster.k", broker_node_group_info=info))
    assert found.listens is not None
    assert found.listens.must == service(6, 9094, 9094)
    assert service(6, 9092, 9092) <= found.listens.may
    assert (ids(found.subnets), ids(found.groups)) == (["aws_subnet.a"], ["aws_security_group.g"])


def test_brokers_are_public_with_addresses_of_the_service():
    def public(kind: object) -> Truth:
        access = [{"public_access": [{"type": kind}]}]
        info = [{"client_subnets": [SUBNET], "connectivity_info": access}]
        found = workload(resource("aws_msk_cluster.k", broker_node_group_info=info)).public
        assert found is not None
        return found.truth

    assert public("SERVICE_PROVIDED_EIPS") is Truth.YES
    assert public("DISABLED") is Truth.NO
    assert public(unknown()) is Truth.UNKNOWN


def test_a_search_domain_without_vpc_options_is_in_no_vpc():
    assert not workload(resource("aws_opensearch_domain.d")).placed
    options = [{"subnet_ids": [SUBNET], "security_group_ids": [GROUP]}]
    assert workload(resource("aws_opensearch_domain.d", vpc_options=options)).placed


def test_a_mount_target_accepts_nfs_and_opens_nothing():
    found = workload(resource("aws_efs_mount_target.m", subnet_id=SUBNET, security_groups=[GROUP]))
    assert (found.listens, found.initiates) == (exact(service(6, 2049, 2049)), False)


@pytest.mark.parametrize("address", ["aws_emr_cluster.e", "aws_directory_service_directory.d"])
def test_what_aws_makes_a_group_for_has_a_group_that_is_not_known(address: str):
    found = workload(resource(address))
    assert (found.default_group, bool(found.groups.open)) == (False, True)


def test_a_task_on_a_schedule_is_a_workload_only_with_a_network_configuration():
    network = {"network_configuration": [{"subnets": [SUBNET], "security_groups": [GROUP]}]}
    scheduled = resource("aws_cloudwatch_event_target.t", ecs_target=[network])
    assert ids(workload(scheduled).groups) == ["aws_security_group.g"]
    assert read(resource("aws_cloudwatch_event_target.t", arn="x")).workloads == ()


def test_a_possible_resource_is_a_possible_workload():
    found = workload(resource("aws_instance.i", presence=Presence.MANY, subnet_id=SUBNET))
    assert found.presence is Presence.MANY


def test_the_name_tag_comes_first_among_the_names():
    assert instance(tags={"Name": "bastion", "Tier": "x"}).names == ("bastion", "i")
    assert instance(tags={"Tier": "app"}).tags == (("Tier", "app"),)


def test_a_label_in_a_module_is_the_resources_own():
    assert workload(resource('module.a["x.y"].aws_instance.db[0]', subnet_id=SUBNET)).names == ("db",)


def test_an_instance_in_a_vpc_is_read_with_the_vpc():
    assert len(read(VPC, resource("aws_instance.i", subnet_id=SUBNET)).workloads) == 1


def test_a_gateway_balancer_filters_nothing_and_has_no_public_address():
    found = balancer(load_balancer_type="gateway")
    assert (found.filtered, found.default_group, found.forwards) == (False, False, YES)
    assert found.public is not None
    assert found.public.truth is Truth.NO


def test_a_balancer_of_unknown_type_without_groups_may_let_anything_pass():
    found = balancer(load_balancer_type=unknown("var.type"))
    assert (found.filtered, found.default_group, bool(found.groups.open)) == (True, False, True)


def test_a_network_balancer_that_may_have_a_group_may_have_none():
    found = balancer(load_balancer_type="network", security_groups=unknown("", [GROUP], []))
    assert ([link.certain for link in found.groups.items], bool(found.groups.open)) == ([False], True)
    sure = balancer(load_balancer_type="network", security_groups=[GROUP])
    assert sure.groups.open == ()


@pytest.mark.parametrize(("protocol", "number"), [("UDP", 17), ("TCP", 6), ("TLS", 6), ("HTTP", 6)])
def test_the_protocol_of_a_listener_says_what_it_takes(protocol: str, number: int):
    listener = resource(
        "aws_lb_listener.l", load_balancer_arn=ref("aws_lb.b.arn"), port=514, protocol=protocol
    )
    assert balancer(listener).listens == exact(service(number, 514, 514))


def test_a_listener_that_may_be_there_may_accept():
    listener = resource("aws_lb_listener.l", load_balancer_arn=ref("aws_lb.b.arn"), port=80, protocol="HTTP")
    found = balancer(possible(listener))
    assert found.listens is not None
    assert (found.listens.must, found.listens.may) == (NOTHING, service(6, 80, 80))


def test_a_fleet_launches_in_one_of_its_subnets():
    launch = [{"subnet_id": SUBNET, "vpc_security_group_ids": [GROUP]}]
    found = workload(resource("aws_spot_fleet_request.f", launch_specification=launch))
    assert (ids(found.subnets), ids(found.groups)) == (["aws_subnet.a"], ["aws_security_group.g"])
    assert found.placement is Placement.ONE


def test_a_module_that_cannot_be_read_may_change_what_it_is_given():
    found = read(
        resource(
            "module.x",
            groups=[ref("aws_security_group.db.id")],
            routing={"table": ref("aws_route_table.r.id"), "acl": ref("aws_vpc.main.default_network_acl_id")},
            subnets=[ref("aws_subnet.a.id"), ref("aws_subnet.b.id")],
            vpc_id=ref("aws_vpc.main.id"),
        )
    )
    assert {(rule.group.id, rule.direction.value) for rule in found.rules} == {
        ("aws_security_group.db", "ingress"),
        ("aws_security_group.db", "egress"),
    }
    assert [route.table.id for route in found.routes] == ["aws_route_table.r"]
    assert {entry.acl.id for entry in found.acl_entries} == {"aws_vpc.main.default_network_acl_id"}
    assert [each.subnet.id for each in found.table_associations if each.subnet] == [
        "aws_subnet.a",
        "aws_subnet.b",
    ]
    added = (*found.rules, *found.routes, *found.acl_entries, *found.table_associations)
    assert {each.presence for each in added} == {Presence.POSSIBLE}
