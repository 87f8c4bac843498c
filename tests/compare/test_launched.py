"""An instance that a scaling group launched is that group's, as long as it stands as the group says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.compare import compare
from auditor.model import Component, Inventory, Links, Workload
from auditor.reach import Engine
from auditor.tree import Reason, Scope
from tests.reach.network import allow_out, group, host, links, subnet, vpc

AROUND: list[Component] = [
    vpc(),
    subnet("s1", "10.0.1.0/24"),
    subnet("s2", "10.0.2.0/24"),
    group("app"),
    group("other"),
    allow_out("app"),
    allow_out("other"),
]
SCALED = replace(host("asg", ("s1", "s2"), "app", names=("fleet",)), kind="aws_autoscaling_group")
TAG = "aws:autoscaling:groupName"


def launched(*groups: str, place: str = "s1", tag: str = "fleet", **more: object) -> Workload:
    return replace(host("i-1", place, *(groups or ("app",)), tags=((TAG, tag),)), **more)


def only_after(instance: Workload, scaled: Workload = SCALED) -> list[str]:
    found = compare(
        Engine(Inventory.of([*AROUND, scaled])), Engine(Inventory.of([*AROUND, scaled, instance]))
    )
    assert found.only_before == ()
    return [end.address for end in found.only_after]


def test_one_in_a_subnet_and_with_the_groups_of_its_scaling_group_is_no_news():
    assert only_after(launched()) == []


@pytest.mark.parametrize(
    "instance",
    [
        launched("app", "other"),
        launched("other"),
        launched(place="elsewhere"),
        launched(tag="another"),
        launched(tag=""),
        launched(scope=Scope(account="1", region="eu-central-1")),
        launched(groups=Links(links("app").items, (Reason("its groups", None, ""),))),
    ],
)
def test_one_that_differs_or_may_differ_is_told(instance: Workload):
    assert only_after(instance) == ["i-1"]


def test_where_it_is_open_what_the_scaling_group_launches_its_instances_are_told():
    scaled = replace(SCALED, groups=Links((), (Reason("its groups", None, ""),)))
    assert only_after(launched(), scaled) == ["i-1"]
