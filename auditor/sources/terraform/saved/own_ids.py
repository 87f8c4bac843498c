"""The ids that AWS has given: one that stands in another resource is a reference to its owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor.sources.terraform.saved.instances import Instance

_GIVEN_BY_AWS = re.compile(r"arn:|(?:[a-z]+-)+(?:[0-9a-f]{17}|[0-9a-f]{8})$")
# What AWS makes along with a VPC, and a resource of its own can adopt.
ADOPTED = ("default_network_acl_id", "default_route_table_id")
# What AWS makes along with a resource, and has an id of its own.
_PARTS = (
    *("default_security_group_id", *ADOPTED, "main_route_table_id"),
    *("primary_network_interface_id", "allocation_id"),
)
Owners = Mapping[str, tuple[str, str]]
"""From an id to the address and the attribute that it is."""


def owners(instances: Iterable[Instance]) -> Owners:
    """Who owns each id: the resource whose ``id`` or ``arn`` it is, else the one that it is a part of."""
    given = list(instances)
    return {**_owners(given, _PARTS), **_owners(given, ("id", "arn"))}


def adopted(instances: Iterable[Instance]) -> Owners:
    """Which VPC's part each id is, though a resource that adopts the part has the id too."""
    return _owners((each for each in instances if each.kind in {"aws_vpc", "aws_default_vpc"}), ADOPTED)


def _owners(instances: Iterable[Instance], names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for instance in instances:
        for name in names if not instance.kind.startswith("data.") else ():
            value = instance.values.get(name)
            if isinstance(value, str) and _GIVEN_BY_AWS.match(value):
                found.setdefault(value, (instance.address, name))
    return found
