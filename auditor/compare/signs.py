"""The signs by which a thing of one network is known again in another, the best first.

A sign is a key: two things are one where each is the only one on its side with that key. Keys that hang on
other things (a VPC, subnets, groups) hold the numbers of those that have been matched before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from auditor.compare.things import Identity, Sort, Thing
from auditor.reach.names import label, plain

Number = Callable[[Sort, Identity | None], int | None]
"""The number that a matched thing has on both sides; None for one that is not matched."""

Sign = Callable[[Thing, Number], Iterable[Hashable]]


def same_id(thing: Thing, number: Number) -> Iterator[Hashable]:  # noqa: ARG001 - a sign
    """The same id: an address in the same code, or what AWS calls it."""
    yield thing.id


def known_id(thing: Thing, number: Number) -> Iterator[Hashable]:  # noqa: ARG001 - a sign
    """Any id that both inputs know it by: an ARN, an id of AWS, an address in another input's words."""
    yield from thing.ids


def stack_id(thing: Thing, number: Number) -> Iterator[Hashable]:  # noqa: ARG001 - a sign
    """The stack and the logical id, as CloudFormation tags what it makes.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    """
    yield from thing.ids
    tags = dict(thing.tags)
    stack, logical = tags.get("aws:cloudformation:stack-name"), tags.get("aws:cloudformation:logical-id")
    if stack and logical:
        yield f"{stack}/{logical}"


def within(thing: Thing, number: Number) -> Iterator[Hashable]:
    """A subnet by its ranges in its VPC, which overlap no other's; what AWS makes with a VPC, by the VPC."""
    vpc = number(Sort.VPC, thing.vpc)
    if vpc is None:
        return
    if thing.part:
        yield vpc, "part"
    elif thing.sort is Sort.SUBNET and thing.addresses:
        yield vpc, thing.addresses


def given_name(thing: Thing, number: Number) -> Iterator[Hashable]:
    """The name that AWS knows it by (GroupName, identifier) in its VPC, before tags and labels."""
    spoken = {dict(thing.tags).get("Name", ""), label(thing.id)}
    for name in thing.names:
        if name not in spoken:
            yield number(Sort.VPC, thing.vpc), name


def name_tag(thing: Thing, number: Number) -> Iterator[Hashable]:
    """The tag Name, in its VPC."""
    name = dict(thing.tags).get("Name", "")
    if name:
        yield number(Sort.VPC, thing.vpc), name


def any_name(thing: Thing, number: Number) -> Iterator[Hashable]:
    """Any of its names, in its VPC."""
    for name in _names(thing):
        yield number(Sort.VPC, thing.vpc), name


def spelled(thing: Thing, number: Number) -> Iterator[Hashable]:
    """Any of its names, whatever its case and separators, and with or without ``sg-``."""
    for name in dict.fromkeys(plain(name).removeprefix("sg-") for name in _names(thing)):
        yield number(Sort.VPC, thing.vpc), name


def anywhere(thing: Thing, number: Number) -> Iterator[Hashable]:  # noqa: ARG001 - a sign
    """Any of its names, where only one of the two inputs knows the VPC."""
    yield from _names(thing)


def _names(thing: Thing) -> tuple[str, ...]:
    logical = dict(thing.tags).get("aws:cloudformation:logical-id", "")
    named = (*thing.names, label(thing.id), logical)
    return tuple(dict.fromkeys(name for name in named if name and not (thing.part and name == "default")))


def place(thing: Thing, number: Number) -> Iterator[Hashable]:
    """Where it stands: a VPC by its ranges, a table, an ACL or a NAT gateway by the subnets that use it."""
    match thing.sort:
        case Sort.VPC:
            if thing.addresses:
                yield thing.addresses
        case Sort.TABLE | Sort.ACL | Sort.GATEWAY:
            subnets = _numbers(Sort.SUBNET, thing.subnets, number)
            if subnets:
                yield subnets
        case _:
            return


def surroundings(thing: Thing, number: Number) -> Iterator[Hashable]:
    """A workload by its subnets and groups, a group by its members."""
    if thing.sort is Sort.WORKLOAD:
        subnets = _numbers(Sort.SUBNET, thing.subnets, number)
        groups = _numbers(Sort.GROUP, thing.groups, number)
        if subnets and groups:
            yield subnets, groups
    elif thing.sort is Sort.GROUP:
        members = _numbers(Sort.WORKLOAD, thing.members, number)
        if members:
            yield members


def uses(thing: Thing, number: Number) -> Iterator[Hashable]:
    """A group by the rules of other groups that name it."""
    if thing.sort is not Sort.GROUP or not thing.uses:
        return
    found = {(number(Sort.GROUP, owner), direction, service) for owner, direction, service in thing.uses}
    if all(owner is not None for owner, _, _ in found):
        yield frozenset(found)


def _numbers(sort: Sort, identities: frozenset[Identity], number: Number) -> frozenset[int] | None:
    """The numbers of all of them; None where there is none, or one that is not matched."""
    found = [number(sort, each) for each in identities]
    known = frozenset(each for each in found if each is not None)
    return known if found and None not in found else None


SIGNS: tuple[Sign, ...] = (
    same_id,
    known_id,
    stack_id,
    within,
    given_name,
    name_tag,
    any_name,
    place,
    spelled,
    surroundings,
    uses,
    anywhere,
)
