"""What people type, resolved to endpoints: addresses in the input, ids, names, CIDRs, words with a colon."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.model import Alias, Group, PrefixList, Subnet, Vpc, Workload
from auditor.reach.dns import Dns
from auditor.reach.index import Index
from auditor.reach.tagged import perhaps_tagged
from auditor.reach.verdict import End, EndpointKind
from auditor.traffic import EMPTY, PRIVATE, PUBLIC, IntSet, cidrs, parse_cidr
from auditor.tree import Location, Reason

_NOISE = re.compile(r"[^a-z0-9*]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_Named = Group | Workload | Subnet | Vpc | PrefixList
_KINDS: Mapping[type, EndpointKind] = {
    Group: EndpointKind.SECURITY_GROUP,
    Workload: EndpointKind.WORKLOAD,
    Subnet: EndpointKind.SUBNET,
    Vpc: EndpointKind.VPC,
    PrefixList: EndpointKind.CIDR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One end of a question: a component by its ``id``, ``members`` by theirs, or ``addresses``.

    ``perhaps`` are members that may not be meant, each with why; ``doubts`` is why the component may not be.
    """

    kind: EndpointKind
    name: str
    id: str = ""
    at: Location | None = None
    addresses: IntSet = EMPTY
    members: tuple[str, ...] = ()
    perhaps: tuple[tuple[str, tuple[Reason, ...]], ...] = ()
    doubts: tuple[Reason, ...] = ()

    @property
    def end(self) -> End:
        """The endpoint as answers name it."""
        return End(kind=self.kind, name=self.name, address=self.id, at=self.at)

    @property
    def text(self) -> str:
        """The shortest text that names the endpoint without doubt."""
        return self.id or self.name


INTERNET = Endpoint(kind=EndpointKind.INTERNET, name="internet", addresses=PUBLIC)
ON_PREMISES = Endpoint(kind=EndpointKind.ON_PREMISES, name="on-premises", addresses=PRIVATE)


def cidr_endpoint(addresses: IntSet, text: str = "") -> Endpoint:
    """The hosts at some addresses."""
    return Endpoint(kind=EndpointKind.CIDR, name=text or ", ".join(cidrs(addresses)), addresses=addresses)


def label(identity: str) -> str:
    """The name that the code gives a component: the last part of its address, without an index."""
    bare = re.sub(r"\[[^\]]*\]$", "", identity)
    return re.split(r"[./]", bare)[-1]


def said(component: _Named) -> str:
    """A component's name as people say it: the Name tag, then its own name, then its label."""
    tag = dict(component.tags).get("Name", "") if not isinstance(component, PrefixList) else ""
    return tag or next(iter(component.names), "") or label(component.id)


def plain(text: str) -> str:
    """A name without case, separators and CamelCase."""
    return _NOISE.sub("-", _CAMEL.sub("-", text).lower()).strip("-")


class Names:
    """All that can be named in one inventory."""

    def __init__(self, index: Index) -> None:
        self.index = index
        inventory = index.inventory
        self._components: dict[str, _Named] = {}
        everything: tuple[_Named, ...] = (
            *index.groups.values(),
            *inventory.workloads,
            *inventory.subnets,
            *inventory.vpcs,
            *inventory.prefix_lists,
        )
        for component in everything:
            self._components.setdefault(component.id, component)
        self._aliases: tuple[Alias, ...] = inventory.aliases
        self._dns = Dns(index, self._components.__contains__)

    def endpoint(self, component: _Named) -> Endpoint:
        """A component as an endpoint."""
        addresses = EMPTY
        if isinstance(component, PrefixList):
            addresses = IntSet.union(entry.addresses.may for entry in component.entries)
        return Endpoint(
            kind=_KINDS[type(component)],
            name=said(component),
            id=component.id,
            at=component.at,
            addresses=addresses,
        )

    def by_id(self, identity: str) -> Endpoint:
        """The endpoint of a component's id, or a group outside the input."""
        component = self._components.get(self.index.canonical(identity))
        if component:
            return self.endpoint(component)
        return Endpoint(kind=EndpointKind.SECURITY_GROUP, name=identity, id=identity)

    def resolve(self, text: str) -> tuple[Endpoint, ...]:
        """Every endpoint that a text names, the best kind of match only: a full address before all else.

        Raises:
            UsageError: nothing has that name; the hint holds the nearest ones.
        """
        text = text.strip()
        if text in self._components:
            return (self.endpoint(self._components[text]),)
        fixed = self._fixed(text) or (self._by_dns(text) if "." in text else ())
        if fixed:
            return fixed
        word, colon, rest = text.partition(":")
        chosen = self._by_word(word, rest) if colon else None
        if chosen is None:
            chosen = self._by_name(text, lambda _: True) or self._by_dns(text)
        if not chosen:
            raise UsageError(f"nothing in the input is named {text!r}", hint=self._nearest(text))
        return chosen

    def _by_dns(self, text: str) -> tuple[Endpoint, ...]:
        """What a name in DNS stands for, each thing by itself; one that is not known whole is an error."""
        meaning = self._dns.meaning(text)
        if meaning is None:
            return ()
        if meaning.unknown:
            what = ", ".join(sorted({why.what for why in meaning.unknown}))
            hints = sorted({why.settled_by for why in meaning.unknown if why.settled_by})
            raise UsageError(f"what {text} stands for is not known: {what}", hint="; ".join(hints))
        found = [self.endpoint(self._components[one]) for one in meaning.components]
        return (*found, *([cidr_endpoint(meaning.addresses, text)] if meaning.addresses else ()))

    def _fixed(self, text: str) -> tuple[Endpoint, ...]:
        if text.lower() == "internet":
            return (INTERNET,)
        if text.lower() in {"on-premises", "on-prem", "onpremises"}:
            return (ON_PREMISES,)
        if text.lower().startswith("service:") and len(text) > 8:
            name = text.lower()
            return (Endpoint(kind=EndpointKind.SERVICE, name=name, addresses=PUBLIC),)
        try:
            return (cidr_endpoint(parse_cidr(text), text),)
        except ValueError:
            return ()

    def _by_word(self, word: str, rest: str) -> tuple[Endpoint, ...] | None:
        match word.lower():
            case "subnet":
                return self._by_name(rest, lambda one: isinstance(one, Subnet))
            case "vpc":
                return self._by_name(rest, lambda one: isinstance(one, Vpc))
            case "tag":
                return self._by_tag(rest)
            case _:
                return None

    def _by_tag(self, text: str) -> tuple[Endpoint, ...]:
        """What certainly has a tag; what may have it where nothing has."""
        found = self.tagged(text)
        return tuple(one for one in found if not one.doubts) or found

    def tagged(self, text: str) -> tuple[Endpoint, ...]:
        """What has the tag ``Key=Value``, or may have it: hosts and groups, else networks.

        Raises:
            UsageError: the text has no value.
        """
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"tag:{text} has no value", hint="write it as tag:Key=Value")
        tagged = [one for one in self._components.values() if not isinstance(one, PrefixList)]
        found = {
            one.id: () if (key, value) in one.tags else perhaps_tagged(one, key, value) for one in tagged
        }
        chosen = [one for one in tagged if found[one.id] or (key, value) in one.tags]
        hosts = [one for one in chosen if isinstance(one, Group | Workload)]
        return tuple(replace(self.endpoint(one), doubts=found[one.id]) for one in hosts or chosen)

    # -- names -------------------------------------------------------------------------------------

    @cached_property
    def _exact(self) -> Mapping[str, list[_Named]]:
        found: dict[str, list[_Named]] = {}
        for one in self._components.values():
            for name in dict.fromkeys((one.id, self._bare(one.id), said(one), *one.names)):
                found.setdefault(name, []).append(one)
        for alias in self._aliases:
            of = self._components.get(self.index.canonical(alias.id))
            if of is not None:
                found.setdefault(alias.id, []).append(of)
        return found

    def _bare(self, identity: str) -> str:
        """An id without the input that tells it apart from others of several inputs."""
        prefix = next((one for one in self._inputs if identity.startswith(one)), "")
        return identity.removeprefix(prefix)

    @cached_property
    def _inputs(self) -> tuple[str, ...]:
        inventory = self.index.inventory
        scoped: tuple[Vpc | Group | Workload, ...] = (
            *inventory.vpcs,
            *inventory.groups,
            *inventory.workloads,
        )
        return tuple(
            sorted({f"{one.scope.input}:" for one in scoped if one.scope.input}, key=len, reverse=True)
        )

    @cached_property
    def _loose(self) -> Mapping[str, list[_Named]]:
        found: dict[str, list[_Named]] = {}
        for name, components in self._exact.items():
            for spelling in {plain(name), plain(label(name))}:
                found.setdefault(spelling, []).extend(components)
        for one in self._components.values():
            found.setdefault(plain(label(one.id)), []).append(one)
        return found

    def _by_name(self, text: str, wanted: Callable[[_Named], bool]) -> tuple[Endpoint, ...]:
        for found in self._candidates(text):
            chosen = [one for one in dict.fromkeys(found) if wanted(one)]
            if chosen:
                return tuple(self.endpoint(one) for one in _preferred(chosen))
        outside = self._outside_groups & {text, f"{text}.id"}
        return tuple(self.by_id(one) for one in outside)

    def _candidates(self, text: str) -> Iterator[list[_Named]]:
        whole = self._components.get(self.index.canonical(text))
        if whole is not None:
            yield [whole]
        loose = plain(text)
        bare = loose.removeprefix("sg-")
        if loose != bare:
            # "sg-" says that a group is meant, whether or not its name begins with it.
            found = [*self._exact.get(text, ()), *self._loose.get(loose, ()), *self._loose.get(bare, ())]
            yield [one for one in found if isinstance(one, Group)]
        yield [one for one in self._exact.get(text, ()) if said(one) == text]
        yield self._exact.get(text, [])
        yield self._loose.get(loose, [])
        yield [one for one in self._loose.get(f"sg-{loose}", []) if isinstance(one, Group)]
        yield self._loose.get(bare, [])

    @cached_property
    def _outside_groups(self) -> frozenset[str]:
        named = {self.index.canonical(rule.group.id) for rule in self.index.inventory.rules}
        for workload in self.index.inventory.workloads:
            named.update(self.index.canonical(link.id) for link in workload.groups.items)
        for rules in self.index.rules.values():
            for rule in rules:
                named.update(_peer_groups(rule.peers, self.index))
        return frozenset(named - set(self.index.groups))

    def _nearest(self, text: str) -> str:
        from difflib import get_close_matches

        known = {said(one) for one in self._components.values()} | set(self._components)
        spelled = {plain(name): name for name in sorted(known)}
        near = get_close_matches(plain(text), spelled, n=4, cutoff=0.5)
        if near:
            return "did you mean " + ", ".join(spelled[name] for name in near) + "?"
        return "netaudit show lists what was read"


def _peer_groups(peers: tuple[object, ...], index: Index) -> Iterator[str]:
    from auditor.model import GroupPeer

    for peer in peers:
        if isinstance(peer, GroupPeer):
            yield index.canonical(peer.group.id)


def _preferred(found: list[_Named]) -> list[_Named]:
    """Things that own interfaces before the networks that they stand in."""
    hosts: list[_Named] = [one for one in found if isinstance(one, Group | Workload)]
    return hosts or found
