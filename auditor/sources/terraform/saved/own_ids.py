"""The ids that AWS has given: one that stands in another resource is a reference to its owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from auditor.sources.terraform.saved.instances import Instance

_GIVEN_BY_AWS = re.compile(r"arn:|(?:[a-z]+-)+(?:[0-9a-f]{17}|[0-9a-f]{8})$")
# What AWS makes along with a resource, and has an id of its own.
_PARTS = (
    "default_security_group_id",
    "default_network_acl_id",
    "default_route_table_id",
    "main_route_table_id",
    "primary_network_interface_id",
    "allocation_id",
)
Owners = Mapping[str, tuple[str, str]]
"""From an id to the address and the attribute that it is."""


def owners(instances: Iterable[Instance]) -> Owners:
    """Who owns each id: the resource whose ``id`` or ``arn`` it is, else the one that it is a part of."""
    given = [each for each in instances if not each.kind.startswith("data.")]
    found: dict[str, tuple[str, str]] = {}
    for names in (("id", "arn"), _PARTS):
        for instance in given:
            for name in names:
                value = instance.values.get(name)
                if isinstance(value, str) and _GIVEN_BY_AWS.match(value):
                    found.setdefault(value, (instance.address, name))
    return found
