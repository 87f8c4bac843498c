"""Addresses whose requests AWS itself hands on: to a function, or to a service outside of every VPC."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.model import NO, YES, Link, Links, Listener, TargetGroup, TargetType
from auditor.traffic import NOTHING, Bounds, Traffic, exact


def invoking(
    block: Block, group: Link, proxy: Link, service: Bounds[Traffic]
) -> Iterator[Listener | TargetGroup]:
    """What listens at ``proxy``, and the group of what is invoked; its members are the caller's."""
    yield Listener(
        id=f"{block.address}.listener",
        at=block.at,
        proxy=proxy,
        service=service,
        targets=Links((group,)),
        presence=block.presence,
    )
    yield TargetGroup(
        id=group.id,
        at=block.at,
        type=TargetType.INVOKED,
        service=exact(NOTHING),
        preserves_client=NO,
        cross_zone=YES,
        presence=block.presence,
    )
