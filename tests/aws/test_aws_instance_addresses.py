"""The addresses of an instance, where a template gives them on the interface that it makes with it."""

from __future__ import annotations

import pytest

from auditor.traffic import IntSet, exact, parse_cidr
from tests.aws.build import at, read, templated, unknown


def made_with(**interface: object) -> object:
    given = {"DeviceIndex": "0", "SubnetId": at("App"), **interface}
    (instance,) = read(templated("AWS::EC2::Instance", "One", NetworkInterfaces=[given])).workloads
    return instance.addresses


def test_an_address_of_the_interface_is_the_instances() -> None:
    assert made_with(PrivateIpAddress="10.0.1.5") == exact(parse_cidr("10.0.1.5/32"))


def test_further_addresses_of_the_interface_are_the_instances_too() -> None:
    further = [{"PrivateIpAddress": "10.0.1.6", "Primary": False}]
    both = IntSet.union((parse_cidr("10.0.1.5/32"), parse_cidr("10.0.1.6/32")))
    assert made_with(PrivateIpAddress="10.0.1.5", PrivateIpAddresses=further) == exact(both)


@pytest.mark.parametrize(
    "interface",
    [
        {},
        {"PrivateIpAddress": unknown()},
        {"PrivateIpAddress": "10.0.1.5", "SecondaryPrivateIpAddressCount": 2},
        {"PrivateIpAddress": "10.0.1.5", "PrivateIpAddresses": unknown()},
        {"PrivateIpAddress": "10.0.1.5", "Ipv4PrefixCount": 1},
    ],
)
def test_addresses_that_aws_chooses_are_not_known(interface: dict[str, object]) -> None:
    assert made_with(**interface) is None
