"""What a template does not decide widens what is said of a workload, and never takes one away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditor.model import Inventory, Link, Links, Truth, Workload
from auditor.traffic import EVERYTHING, NOTHING, Traffic
from auditor.tree import Map, Node, Seq
from tests.aws import (
    test_aws_columns_balancers as balancers,
)
from tests.aws import (
    test_aws_columns_caches as caches,
)
from tests.aws import (
    test_aws_columns_databases as databases,
)
from tests.aws.build import WHY, read, templated, unknown
from tests.aws.columns import Case
from tests.aws.test_aws_columns_services import body, table

TEMPLATES = (
    *(
        Case(
            f"{row['template'][0]}", (), (templated(str(row["template"][0]), "it", **body(row, "template")),)
        )
        for row in table("templates")
        for kind in (str(row["template"][0]),)
    ),
    *balancers.CASES,
    *caches.CASES,
    *databases.CASES,
)


def variants(value: Node) -> Iterator[Node]:
    """The same with one part of it unknown, or perhaps absent."""
    yield from (unknown("p"), unknown("p", value, None))
    if isinstance(value, Map):
        for name, inner in value.entries.items():
            for each in variants(inner):
                yield replace(value, entries={**value.entries, name: each})
    elif isinstance(value, Seq):
        for place, inner in enumerate(value.items):
            for each in variants(inner):
                yield replace(value, items=(*value.items[:place], each, *value.items[place + 1 :]))


def within(links: Links, wider: Links) -> bool:
    """Whether all that is named may be named, and nothing more is certain."""
    known = {link.id for link in links.items}
    named = {link.id for link in wider.items}
    sure = {link.id for link in wider.items if link.certain and not link.reasons}
    return (bool(wider.open) or any(map(loose, wider.items)) or known <= named) and sure <= known


def loose(link: Link) -> bool:
    """Whether a link may lead to anything: its id is that of a value."""
    return link.id == "p" or link.any


def wider(found: Workload, known: Workload) -> bool:
    """Whether ``found`` may be all that ``known`` is."""
    truths = [None if one.public is None else one.public.truth for one in (found, known)]
    return (
        truths[0] in {Truth.UNKNOWN, truths[1]}
        and may(known) - may(found) == NOTHING
        and within(known.subnets, found.subnets)
        and within(known.groups, found.groups)
    )


def may(workload: Workload) -> Traffic:
    return EVERYTHING if workload.listens is None else workload.listens.may


@pytest.mark.parametrize("case", TEMPLATES, ids=str)
def test_nothing_unknown_is_lost(case: Case) -> None:
    known = _resolved(read(*case.template))
    for place, one in enumerate(case.template):
        for each in variants(one.body):
            if not isinstance(each, Map):
                continue
            others = (*case.template[:place], replace(one, body=each), *case.template[place + 1 :])
            found = read(*others)
            for workload in known:
                assert any(wider(other, workload) for other in _resolved(found)), (workload, each, found)


def _resolved(found: Inventory) -> list[Workload]:
    """The workloads with the subnets of their profiles; open where a profile is not in the input."""
    profiles = {profile.id: profile for profile in found.profiles}
    return [
        replace(
            workload,
            subnets=Links(
                (
                    *workload.subnets.items,
                    *(
                        link
                        for profile in workload.profiles
                        if profile.id in profiles
                        for link in profiles[profile.id].subnets.items
                    ),
                ),
                (
                    *workload.subnets.open,
                    *(
                        reason
                        for profile in workload.profiles
                        for reason in (profiles[profile.id].subnets.open if profile.id in profiles else WHY)
                    ),
                ),
            ),
        )
        for workload in found.workloads
    ]
