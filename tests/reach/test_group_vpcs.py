"""A security group that is associated with further VPCs is used in all of them.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html
"""

from __future__ import annotations

from auditor.model import GroupVpc, Link
from auditor.reach import Verdict
from tests.reach.network import AT, allow_in, allow_out, ask, engine, group, host, subnet, vpc

SECOND = (vpc("second", "10.9.0.0/16"), subnet("other", "10.9.1.0/24", vpc="second"))
SHARED = GroupVpc(at=AT, group=Link("app", AT), vpc=Link("second", AT))


def test_hypothetical_members_stand_in_every_vpc_of_their_group():
    net = engine(
        vpc(),
        subnet("private", "10.0.1.0/24"),
        *SECOND,
        SHARED,
        group("app"),
        allow_out("app", "all", "0.0.0.0/0"),
        group("db", vpc="second"),
        allow_in("db", "tcp/5432", "app"),
        host("store", "other", "db"),
    )
    assert ask(net, "app", "store", "tcp/5432").verdict is Verdict.REACHABLE


def test_without_the_association_a_group_has_no_members_in_another_vpc():
    net = engine(
        vpc(),
        subnet("private", "10.0.1.0/24"),
        *SECOND,
        group("app"),
        allow_out("app", "all", "0.0.0.0/0"),
        group("db", vpc="second"),
        allow_in("db", "tcp/5432", "app"),
        host("store", "other", "db"),
    )
    assert ask(net, "app", "store", "tcp/5432").verdict is Verdict.BLOCKED
