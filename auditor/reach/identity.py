"""Whether two ids are one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from auditor.model import Group, Inventory, Truth

_AWS_ID = re.compile(r"(vpc|subnet|sg)-[0-9a-f]{8,17}")


def is_aws_id(identity: str) -> bool:
    """Whether an id is one that AWS has given to a VPC, a subnet or a security group."""
    return _AWS_ID.fullmatch(identity) is not None


def same(one: str | None, other: str | None, known: Mapping[str, object]) -> Truth:
    """Whether two ids are one thing; ``known`` are the things of the input.

    What a variable, a data source or another root names may be any of them, too.
    """
    if one is None or other is None:
        return Truth.UNKNOWN
    if one == other:
        return Truth.YES
    literal = is_aws_id(one) and is_aws_id(other)
    return Truth.NO if literal or (one in known and other in known) else Truth.UNKNOWN


class GroupIdentities:
    """Which security groups the ids that come from elsewhere may name."""

    __slots__ = ("_canonical", "_groups", "_lookups", "_same_vpc", "_settled")

    def __init__(
        self,
        inventory: Inventory,
        groups: Mapping[str, Group],
        canonical: Callable[[str], str],
        same_vpc: Callable[[str | None, str | None], Truth],
    ) -> None:
        self._groups = groups
        self._lookups = {one.id: one for one in inventory.lookups}
        self._canonical = canonical
        self._same_vpc = same_vpc
        self._settled = {canonical(one.id) for one in inventory.aliases if is_aws_id(one.id)}

    def same(self, one: str, other: str) -> Truth:
        """Whether two ids are one group."""
        found = same(one, other, self._groups)
        if found is not Truth.UNKNOWN:
            return found
        if self._has_id(one) and self._has_id(other):
            return Truth.NO
        return Truth.NO if self._differ(one, other) or self._differ(other, one) else Truth.UNKNOWN

    def _has_id(self, identity: str) -> bool:
        """Whether AWS has given an id, which the input knows."""
        return is_aws_id(identity) or identity in self._settled

    def _differ(self, one: str, other: str) -> bool:
        """Whether what is looked up by one id certainly is another than a group of the input.

        A group has one name and one VPC:
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
        """
        group, lookup = self._groups.get(other), self._lookups.get(one)
        if group is None or lookup is None:
            return False
        if lookup.name and group.called and lookup.name != group.called:
            return True
        vpc = None if lookup.vpc is None else self._canonical(lookup.vpc)
        return self._same_vpc(vpc, self._canonical(group.vpc.id)) is Truth.NO
