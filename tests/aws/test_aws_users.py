"""Resources that name another one, or may: what they put on it counts as far as it is certain."""

from __future__ import annotations

import pytest

from auditor.model import Inventory
from auditor.traffic import Traffic, parse_traffic
from tests.aws.build import read, ref, resource, unknown

HTTPS, HTTP = parse_traffic("tcp/443"), parse_traffic("tcp/80")
BALANCER = resource("aws_lb.a", load_balancer_type="application", subnets=[ref("aws_subnet.a.id")])


def listener(name: str, port: int, owner: object) -> object:
    return resource(f"aws_lb_listener.{name}", load_balancer_arn=owner, port=port, protocol="HTTP")


def listens(*listeners: object) -> tuple[Traffic, Traffic]:
    (balancer,) = read(BALANCER, *listeners).workloads
    assert balancer.listens is not None
    return balancer.listens.must, balancer.listens.may


def test_a_listener_of_some_balancer_may_be_this_ones() -> None:
    mine, other = listener("a", 443, ref("aws_lb.a.arn")), listener("b", 80, unknown())
    assert listens(mine) == (HTTPS, HTTPS)
    assert listens(mine, other) == (HTTPS, HTTPS | HTTP)


def test_a_listener_of_one_of_two_balancers_may_be_this_ones() -> None:
    mine = listener("a", 443, ref("aws_lb.a.arn"))
    either = listener("b", 80, unknown("", ref("aws_lb.a.arn"), ref("aws_lb.b.arn")))
    assert listens(mine, either) == (HTTPS, HTTPS | HTTP)


@pytest.mark.parametrize(
    ("table", "certain"), [(ref("aws_route_table.a.id"), True), (unknown(), False)], ids=["known", "unknown"]
)
def test_a_gateway_that_propagates_to_some_table_may_to_this_one(table: object, certain: bool) -> None:
    inventory: Inventory = read(
        resource("aws_route_table.a", vpc_id=ref("aws_vpc.main.id")),
        resource(
            "aws_vpn_gateway_route_propagation.p",
            route_table_id=table,
            vpn_gateway_id=ref("aws_vpn_gateway.v.id"),
        ),
    )
    (only,) = inventory.tables
    assert [(link.id, link.certain) for link in only.propagating.items] == [("aws_vpn_gateway.v", certain)]
