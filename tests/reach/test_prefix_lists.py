"""What an AWS-managed prefix list can hold."""

from __future__ import annotations

import pytest

from auditor.reach.index import Index
from auditor.traffic import PUBLIC, IntSet, parse_cidr
from tests.reach.network import engine, link, prefix_list, vpc


@pytest.mark.parametrize(
    ("service", "address", "held"),
    [
        ("s3", "52.218.0.1", True),
        ("s3", "169.254.171.0", False),
        ("vpc-lattice", "169.254.171.0", True),
        ("ipv6.vpc-lattice", "fd00:ec2:80::1", True),
    ],
)
def test_what_aws_lists_is_public_but_for_vpc_lattice(service: str, address: str, held: bool):
    index: Index = engine(vpc(), prefix_list("pl-1", service=service, is_open=True)).index
    entries = index.entries(link("pl-1"))
    within = IntSet.union(entry.addresses.may for entry in entries)
    assert (parse_cidr(address) <= within) is held
    assert (within <= PUBLIC) is (service == "s3")
