"""The environment of a workload: whether it is production or something before it, and by which sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import takewhile

from auditor.frozen import dataclass
from auditor.model import OpenTag, Tags, Vpc, Workload
from auditor.reach.carriers import Carriers
from auditor.reach.index import Index
from auditor.reach.names import label, plain
from auditor.reach.tagged import Tagged, decided_by, first_told
from auditor.tree import Reason


class EnvironmentName(StrEnum):
    """What runs for customers, and what does not."""

    PRODUCTION = "production"
    OTHER = "non-production"


class EnvironmentSign(StrEnum):
    """What an environment is told by, the strongest sign first."""

    TAG = "tag"
    VPC = "vpc"
    SUBNET = "subnet"
    GROUP = "group"
    NAME = "name"
    ACCOUNT = "account"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment, by which sign, and the reason in words."""

    name: EnvironmentName
    sign: EnvironmentSign
    reason: str


_TAGS = frozenset({"environment", "env", "stage", "environment-name", "env-name"})
_WORDS: Mapping[EnvironmentName, frozenset[str]] = {
    EnvironmentName.PRODUCTION: frozenset({"prod", "production", "prd", "live"}),
    EnvironmentName.OTHER: frozenset(
        {
            "dev",
            "develop",
            "development",
            "nonprod",
            "preprod",
            "qa",
            "sandbox",
            "stage",
            "staging",
            "stg",
            "test",
            "testing",
            "tst",
            "uat",
        }
    ),
}


def _named(text: str) -> EnvironmentName | None:
    """The environment that a text names; None where it names none, or both."""
    whole = plain(text).replace("non-prod", "nonprod").replace("pre-prod", "preprod")
    words = set(whole.replace("nonproduction", "nonprod").replace("preproduction", "preprod").split("-"))
    found = [name for name, signs in _WORDS.items() if words & signs]
    return found[0] if len(found) == 1 else None


class Environments:
    """The environments of one inventory's workloads.

    A workload's own tag counts before what its VPC, its subnets and its groups are tagged or called, these
    before its own name, and that before its account, all of whose VPCs are of one environment, and the folder
    that it is read from: of several inputs, what tells their paths apart.
    """

    def __init__(self, index: Index, carriers: Carriers) -> None:
        self.index = index
        self.carriers = carriers
        self._known: dict[str, tuple[Environment | None, tuple[OpenTag, ...]]] = {}

    def of(self, workload: Workload) -> Environment | None:
        """The environment of a workload, by the first sign that there is; None where nothing says."""
        return self._told(workload)[0]

    def doubts(self, workload: Workload) -> tuple[Reason, ...]:
        """Why a workload may be of another environment: stronger signs, of which the value is not known."""
        return tuple(dict.fromkeys(why for tag in self.signs(workload) for why in tag.reasons))

    def signs(self, workload: Workload) -> tuple[OpenTag, ...]:
        """The signs before the one that tells the environment of a workload, whose value is not known."""
        return self._told(workload)[1]

    def _told(self, workload: Workload) -> tuple[Environment | None, tuple[OpenTag, ...]]:
        if workload.id not in self._known:
            self._known[workload.id] = first_told(self._signs(workload))
        return self._known[workload.id]

    def _signs(self, workload: Workload) -> Iterator[Environment | OpenTag]:
        yield from _tagged(workload, EnvironmentSign.TAG, "its tag")
        vpc = self.index.vpcs.get(self.carriers.vpc(workload) or "")
        if vpc is not None:
            yield from _tagged(vpc, EnvironmentSign.VPC, f"the tag of its VPC {vpc.id}")
            names = _names(vpc.id, vpc.names, vpc.tags)
            yield from _worded(names, EnvironmentSign.VPC, f"the name of its VPC {vpc.id}")
        for link in self.carriers.subnets(workload).items:
            subnet = self.index.subnets.get(self.index.canonical(link.id))
            if subnet is not None:
                yield from _tagged(subnet, EnvironmentSign.SUBNET, f"the tag of its subnet {subnet.id}")
                names = _names(subnet.id, subnet.names, subnet.tags)
                yield from _worded(names, EnvironmentSign.SUBNET, f"the name of its subnet {subnet.id}")
        for identity in self.carriers.group_ids(workload):
            group = self.index.groups.get(identity)
            if group is not None:
                yield from _tagged(group, EnvironmentSign.GROUP, f"the tag of its group {group.id}")
                names = _names(group.id, group.names, group.tags)
                yield from _worded(names, EnvironmentSign.GROUP, f"the name of its group {group.id}")
        own = _names(workload.id, workload.names, workload.tags)
        yield from _worded(own, EnvironmentSign.NAME, "its name")
        yield from self._by_account(workload)
        own_parts = workload.scope.input.split("/")[self._shared :]
        yield from _worded(own_parts[::-1], EnvironmentSign.INPUT, "the input that it is read from")

    @cached_property
    def _shared(self) -> int:
        """How many parts the paths of all inputs begin with: where they lie says nothing of what they are."""
        inventory = self.index.inventory
        scoped: tuple[Vpc | Workload, ...] = (*inventory.vpcs, *inventory.workloads)
        paths = [path.split("/") for path in sorted({one.scope.input for one in scoped})]
        return len(list(takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))))

    def _by_account(self, workload: Workload) -> Iterator[Environment]:
        account = workload.scope.account
        own = [one for one in self.index.inventory.vpcs if account and one.scope.account == account]
        found = {
            next((name for text in _all(one.id, one.names, one.tags) if (name := _named(text))), None)
            for one in own
        }
        if len(found) == 1 and (name := found.pop()) is not None:
            yield Environment(name, EnvironmentSign.ACCOUNT, f"all VPCs of its account {account}")


def _names(identity: str, names: Iterable[str], tags: Tags) -> Iterator[str]:
    tag = dict(tags).get("Name", "")
    yield from (name for name in (tag, *names, label(identity)) if name)


def _all(identity: str, names: Iterable[str], tags: Tags) -> Iterator[str]:
    yield from (value for key, value in tags if plain(key) in _TAGS)
    yield from _names(identity, names, tags)


def _tagged(one: Tagged, sign: EnvironmentSign, noun: str) -> Iterator[Environment | OpenTag]:
    for key, value in one.tags:
        name = _named(value) if plain(key) in _TAGS else None
        if name is not None:
            yield Environment(name, sign, f"{noun} {key}={value}")
    yield from decided_by(one, lambda key: plain(key) in _TAGS, lambda value: _named(value) is not None)


def _worded(names: Iterable[str], sign: EnvironmentSign, noun: str) -> Iterator[Environment]:
    for text in names:
        name = _named(text)
        if name is not None:
            yield Environment(name, sign, f"{noun}: {text}")
