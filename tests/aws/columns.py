"""One thing in three dialects, and what a model says of it beside its name."""

from __future__ import annotations

from dataclasses import replace

from auditor.frozen import dataclass
from auditor.model import Fact, Inventory, Link, Links, Workload
from auditor.tree import Location, Reason, Resource
from tests.aws.build import read

AREA = "eu-west-1:111122223333"
NOWHERE = Location("")
SOMETHING = Reason("something", NOWHERE)


def arn(service: str, rest: str) -> str:
    """The ARN of something in the one account and Region of the tests."""
    return f"arn:aws:{service}:{AREA}:{rest}"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing as Terraform, CloudFormation and the API say it; the last may not tell of it at all."""

    name: str
    terraform: tuple[Resource, ...]
    template: tuple[Resource, ...]
    snapshot: tuple[Resource, ...] = ()

    def __str__(self) -> str:
        return self.name


def told(resources: tuple[Resource, ...]) -> list[Workload]:
    """The workloads of these resources, without what the dialects cannot but say differently.

    That is ids, places, labels, reasons, and tags that AWS lists apart. Subnets and groups are the links of
    each and of its profiles.
    """
    found = read(*resources)
    assert found.gaps == ()
    assert found.workloads
    return sorted((_plain(one, found) for one in found.workloads), key=lambda one: (one.kind, one.names))


def _plain(one: Workload, found: Inventory) -> Workload:
    profiles = [profile for link in one.profiles for profile in found.profiles if profile.id == link.id]
    outside = {link.id for link in one.profiles} - {profile.id for profile in profiles}
    return replace(
        one,
        open_tags=(),
        id="",
        at=NOWHERE,
        names=tuple(name for name in one.names if name != "it"),
        subnets=_links(one.subnets, *(profile.subnets for profile in profiles)),
        groups=_links(one.groups, *(profile.groups for profile in profiles)),
        profiles=tuple(Link(name, NOWHERE) for name in sorted(outside)),
        vpc=None if one.vpc is None else replace(one.vpc, at=NOWHERE, reasons=()),
        public=None if one.public is None else Fact(one.public.truth),
        ipv6=Fact(one.ipv6.truth),
        filters_private_link=Fact(one.filters_private_link.truth),
    )


def _links(*parts: Links) -> Links:
    items = {replace(link, at=NOWHERE, reasons=()) for part in parts for link in part.items}
    opened = any(part.open for part in parts)
    return Links(tuple(sorted(items, key=lambda link: link.id)), (SOMETHING,) if opened else ())
