"""The body of a resource, or of one of its blocks, read attribute by attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from auditor.aws.reader import nodes
from auditor.aws.reader.amounts import addresses_of, known_addresses, most_of, traffic_of
from auditor.aws.reader.estate import Estate, own_names
from auditor.aws.reader.links import joined, many_of, one_of, uncertain
from auditor.frozen import dataclass
from auditor.model import NO, YES, AddressPeer, Fact, Link, Links, Truth
from auditor.model.topology import Tags
from auditor.traffic import EVERYTHING, NOTHING, Bounds, IntSet, Traffic
from auditor.tree import (
    Dialect,
    Gap,
    GapKind,
    Location,
    Map,
    Node,
    Presence,
    Reason,
    Resource,
    Scalar,
    Seq,
    Unknown,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The body of a resource or of a block in it.

    Names are paths: ``vpc_config.subnet_ids`` is the attribute of all blocks ``vpc_config``. ``presence``
    says whether the block is there, the resource's own presence included, and ``reasons`` why that is not
    certain; ``doubts`` counts the blocks around it, itself included, that may not be there.
    """

    resource: Resource
    estate: Estate
    body: Map
    presence: Presence
    reasons: tuple[Reason, ...]
    doubts: int = 0

    @staticmethod
    def of(resource: Resource, estate: Estate) -> Block:
        """The whole body of a resource."""
        return Block(resource, estate, resource.body, resource.presence, resource.reasons)

    @property
    def address(self) -> str:
        """The resource's address."""
        return self.resource.address

    @property
    def at(self) -> Location:
        """Where the block stands, or the resource where this is all of it."""
        return self.resource.at if self.body is self.resource.body else self.body.at

    @property
    def possible(self) -> Presence:
        """The presence of what may follow from the block."""
        return nodes.both(self.presence, Presence.POSSIBLE)

    def perhaps(self, reasons: tuple[Reason, ...]) -> Block:
        """The same block, only possible, because of ``reasons``."""
        return replace(self, presence=self.possible, reasons=(*self.reasons, *reasons))

    def place(self, path: str) -> Location:
        """Where an attribute stands, or its block where it is absent."""
        node = self.get(path)
        return self.at if node is None else node.at

    def get(self, path: str) -> Node | None:
        """The node of an attribute, or of one of several blocks; None where it is absent, null or empty."""
        node = self.body.entries.get(path)
        if node is not None:
            return nodes.given(node)
        name, _, rest = path.partition(".")
        node = self.body.entries.get(name) if rest else None
        if node is None:
            more = self.body.more
            return None if more is None else Unknown(nodes.why(more), self.body.at)
        found = [(block, block.get(rest)) for block in self.blocks(name)]
        present = [(block, inner) for block, inner in found if inner is not None]
        if not present or (len(present) == 1 and self.holds(present[0][0])):
            return present[0][1] if present else None
        options = [inner for _, inner in present]
        if not any(self.holds(block) for block, _ in present):
            options.append(Scalar(None, node.at))
        reasons = dict.fromkeys(reason for block, _ in present for reason in block.reasons)
        return Unknown(tuple(reasons), options[0].at, options=tuple(options))

    def holds(self, inner: Block) -> bool:
        """Whether an inner block is there whenever this one is."""
        return inner.doubts == self.doubts

    def has(self, path: str) -> bool:
        """Whether an attribute or block is, or may be, there."""
        node = self.get(path)
        return node is not None and not (type(node) is Seq and not node.items and node.more is None)

    def decided(self, path: str) -> bool:
        """Whether the input says what an attribute is, if only by naming another resource."""
        return type(self.get(path)) is not Unknown

    def link(self, path: str) -> Link | None:
        """The one thing that an attribute names.

        Where it is one of several, the link is uncertain; where nothing names it, its id is that of the
        attribute itself, which is one thing, though not known.
        """
        node = self.get(path)
        if node is None:
            return None
        found = one_of(node)
        if len(found.items) == 1 and not found.open:
            return found.items[0]
        own = f"{self.address}.{path}"
        if not found.items:
            return Link(own, node.at, reasons=found.open, any=True) if found.open else None
        name = (node.identity if isinstance(node, Unknown) else "") or own
        among = tuple([item.id for item in found.items])
        return Link(name, node.at, False, nodes.why(node), among, bool(found.open))  # noqa: FBT003 -- as declared

    def target(self, path: str) -> Link:
        """The one thing that an attribute must name; where it is absent, one thing that is not known."""
        found = self.link(path)
        if found is not None:
            return found
        name = f"{self.address}.{path}"
        return Link(name, self.at, reasons=(Reason(name, self.at, f"give {path}"),))

    def vpc(self, path: str = "vpc_id") -> Link:
        """The VPC that an attribute names; the Region's default VPC where it is absent."""
        found = self.link(path)
        return self.default_vpc() if found is None else found

    def default_vpc(self) -> Link:
        """The default VPC of the Region; it is one thing, whether or not the input has it."""
        return Link(self.estate.default_vpc(self.resource), self.at)

    def one(self, *paths: str) -> Links:
        """What attributes name that take one thing each."""
        return joined(*(self.linked(path, one_of) for path in paths if self.mentions(path)))

    def links(self, *paths: str) -> Links:
        """What attributes name that take lists."""
        return joined(*(self.linked(path, many_of) for path in paths if self.mentions(path)))

    def mentions(self, path: str) -> bool:
        """Whether the body says anything of the first word of a path."""
        return path.partition(".")[0] in self.body.entries or self.body.more is not None

    def linked(self, path: str, read: Callable[[Node | None], Links]) -> Links:
        """What an attribute names, read by ``read`` in each block that has it."""
        name, _, rest = path.partition(".")
        if not rest:
            return read(self.get(name))
        parts = []
        for block in self.blocks(name):
            found = block.linked(rest, read)
            parts.append(found if self.holds(block) else uncertain(found, block.reasons))
        return joined(*parts)

    def named(self, path: str, kind: str) -> Links:
        """What an attribute names, which may be by the name of a resource of ``kind`` in the input."""
        return self.resolved(self.one(path), kind)

    def resolved(self, links: Links, kind: str) -> Links:
        """The same links, where one is the name of a resource of ``kind`` in the input as a link to that."""
        named = ((link, self.estate.address_of(kind, link.id, self.resource)) for link in links.items)
        return Links(tuple(replace(link, id=name) if name else link for link, name in named), links.open)

    def text(self, path: str) -> str:
        """The text of an attribute where it is known, else empty."""
        node = self.body.entries.get(path)
        if type(node) is Scalar and type(node.value) is str:
            return node.value
        values = nodes.texts(self.get(path)) or ()
        return next(iter(values)) or "" if len(values) == 1 else ""

    def choices(self, path: str, default: str = "") -> AbstractSet[str] | None:
        """All texts that an attribute can be, ``default`` for absent; None where it can be any."""
        values = nodes.texts(self.get(path))
        return None if values is None else frozenset(value or default for value in values)

    def integer(self, path: str) -> int | None:
        """The whole number of an attribute where it is known."""
        return nodes.number(self.get(path))

    def fact(self, path: str, default: Fact = NO) -> Fact:
        """A boolean attribute, ``default`` where it is absent."""
        return nodes.fact(self.get(path), default)

    @property
    def ids(self) -> tuple[str, ...]:
        """All that others can name the resource by: its address, and its own ids and names."""
        return (self.address, *own_names(self.resource))

    def users(self, kind: str, attribute: str, *ids: str) -> list[tuple[Block, Link]]:
        """The resources of ``kind`` whose attribute names one of ``ids``, and the link by which each does."""
        return [(Block.of(user, self.estate), link) for user, link in self.estate.users(kind, attribute, ids)]

    def says(self, path: str, text: str) -> Fact:
        """Whether the text of an attribute is the given one."""
        found, at = self.choices(path), self.place(path)
        if found == {text}:
            return Fact(YES.truth, at)
        if found is not None and text not in found:
            return Fact(NO.truth, at)
        return Fact(Truth.UNKNOWN, at, self.why(path))

    def why(self, *paths: str) -> tuple[Reason, ...]:
        """Why attributes are not known; empty where they are."""
        found = (self.get(path) for path in paths)
        return tuple(dict.fromkeys(why for node in found if node is not None for why in nodes.why(node)))

    def blocks(self, name: str) -> Iterator[Block]:
        """The blocks of one type, also where they are given as a list of objects.

        What may be there is given as possible; a block of which nothing is known has all attributes unknown.
        """
        node = self.body.entries.get(name, self.body.more)
        if node is None:
            return
        for body, reasons in nodes.bodies(node):
            if reasons is None:
                yield Block(self.resource, self.estate, body, self.presence, self.reasons, self.doubts)
            else:
                presence = nodes.presence_of(body, node, self.presence)
                why = (*self.reasons, *reasons)
                yield Block(self.resource, self.estate, body, presence, why, self.doubts + 1)

    def flag(self, kind: GapKind, what: str, why: str, at: Location, hint: str = "") -> None:
        """Notes something in the input that is not understood."""
        self.estate.gaps.append(Gap(kind, what, at, why, hint))

    def _complain(self, node: Node, why: str) -> None:
        self.flag(
            GapKind.INVALID, self.address, why, node.at, "write a CIDR such as 10.0.0.0/16 or 2001:db8::"
        )

    def addresses(self, path: str, within: IntSet) -> Bounds[IntSet] | None:
        """The addresses of an attribute that holds a CIDR or CIDRs; None where it is absent."""
        node = self.get(path)
        return None if node is None else addresses_of(node, within, self._complain)

    def peer(self, node: Node, within: IntSet) -> AddressPeer:
        """The addresses of one CIDR as the other end of a rule or a route."""
        text = node.value if type(node) is Scalar else None
        if isinstance(text, str) and isinstance(known := known_addresses(text, within), Bounds):
            return AddressPeer(known, text, node.at)
        wrong = Reason(f"{nodes.described(node)} is no CIDR of its family", node.at, "a CIDR that AWS takes")
        reasons = (wrong,) if type(node) is Scalar else nodes.why(node)
        bounds, most = addresses_of(node, within, self._complain), most_of(node, within)
        return AddressPeer(bounds, nodes.described(node), node.at, reasons, most)

    def peers(self, path: str, within: IntSet) -> list[AddressPeer]:
        """One end for each CIDR of a list (in CloudFormation of one) and one for what it may hold besides."""
        node = self.get(path)
        if type(node) is not Seq:
            lists = self.resource.dialect is not Dialect.CLOUDFORMATION and type(node) is not Scalar
            return [] if node is None else [replace(self.peer(node, within), several=lists)]
        found = [self.peer(item, within) for item in node.items]
        if node.more is not None:
            further = self.peer(node.more, within)
            bounds, most = Bounds(IntSet(()), further.addresses.may), most_of(node.more, within, several=True)
            found.append(replace(further, addresses=bounds, most=most, several=True))
        return found

    def service(self, protocol: str, low: str, high: str) -> Bounds[Traffic]:
        """The traffic that a protocol and two ports (or ICMP type and code) select."""
        return self.selection(self.get(protocol), self.get(low), self.get(high))

    def selection(self, protocol: Node | None, low: Node | None, high: Node | None) -> Bounds[Traffic]:
        """The traffic that nodes select; of what cannot be, anything, with a gap."""
        found = traffic_of(protocol, self.estate.settled(low), self.estate.settled(high))
        if isinstance(found, Bounds):
            return found
        node = low or protocol
        at = self.at if node is None else node.at
        self.flag(GapKind.INVALID, self.address, found, at, "AWS refuses this; correct protocol and ports")
        return Bounds(NOTHING, EVERYTHING)

    @property
    def tags(self) -> Tags:
        """The tags of which key and value are known."""
        return nodes.tags(self.body.entries.get("tags_all")) or nodes.tags(self.body.entries.get("tags"))

    def names(self, *attributes: str) -> tuple[str, ...]:
        """What people call the resource: its Name tag, its own names, and what the input calls it."""
        found = [*(value for key, value in self.tags if key == "Name"), *map(self.text, attributes)]
        if self.resource.dialect is not Dialect.SNAPSHOT:
            found += (*reversed(self.resource.names), nodes.label(self.address))
        return tuple(dict.fromkeys(filter(None, found)))
