"""What the policy of a core network says: its segments, who shares routes, and which rule places whom."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.core_network.documents import document_of
from auditor.aws.reader import Block, why
from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Truth
from auditor.tree import GapKind, Map, Node, Reason, Scalar, Seq, Unknown

# What else leads or filters routes: https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html
_MORE = ("network_function_groups", "routing_policies", "attachment_routing_policy_rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment; routes of others come in only from those in ``allows``, if that is not None."""

    name: str
    isolated: Fact
    acceptance: Fact
    allows: frozenset[str] | None
    denies: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A segment that exchanges routes with others, all where ``others`` is None, but for ``without``."""

    segment: str
    others: frozenset[str] | None
    without: frozenset[str]

    def joins(self, one: str, other: str) -> bool:
        """Whether it lets two segments exchange routes."""
        for mine, theirs in ((one, other), (other, one)):
            meant = self.others is None or theirs in self.others
            if self.segment == mine and meant and theirs not in self.without:
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy. Where there are ``doubts``, what it says is only possible, and so is anything else."""

    segments: tuple[Segment, ...] = ()
    shares: tuple[Share, ...] = ()
    routes: tuple[Block, ...] = ()
    rules: tuple[Block, ...] = ()
    doubts: tuple[Reason, ...] = ()
    group_references: Fact = NO

    def segment(self, name: str) -> Segment | None:
        """The segment of that name."""
        return next((one for one in self.segments if one.name == name), None)

    def hands(self, one: Segment, other: Segment) -> Truth:
        """Whether the routes of attachments in ``one`` come to ``other``.

        A filter of one side may keep routes from the other side too: the pages on it differ.
        """
        if one.name == other.name:
            return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(one.isolated.truth, Truth.UNKNOWN)
        if not any(share.joins(one.name, other.name) for share in self.shares):
            return Truth.NO
        if one.name in other.denies or (other.allows is not None and one.name not in other.allows):
            return Truth.NO
        return Truth.UNKNOWN if other.name in one.denies else Truth.YES


def policy_of(core: Block) -> Policy:
    """The policy of a core network."""
    document = document_of(core)
    if not isinstance(document, Block):
        unknown = Fact(Truth.UNKNOWN, core.at, document)
        return Policy(
            doubts=document or (Reason(f"the policy of {core.address}", core.at),), group_references=unknown
        )
    doubts = [
        *(
            reason
            for name in ("segments", "segment_actions")
            for reason in _doubts(document.body.entries.get(name))
        ),
        *_doubts(document.body.more),
        *_unread(document),
    ]
    actions = list(document.blocks("segment_actions"))
    rules = list(document.blocks("attachment_policies"))
    numbers = {id(rule): rule.integer("rule_number") for rule in rules}
    if None in numbers.values() or not all(map(document.holds, rules)):
        doubts.append(Reason(f"the order of the rules of {document.address}", document.at, "their numbers"))
    return Policy(
        segments=tuple([_segment(each) for each in document.blocks("segments") if each.text("name")]),
        shares=tuple([_share(each) for each in actions if each.text("action") == "share"]),
        routes=tuple([each for each in actions if each.text("action") == "create-route"]),
        rules=tuple(sorted(rules, key=lambda rule: numbers[id(rule)] or 0)),
        doubts=tuple(dict.fromkeys(doubts)),
        group_references=_references(document),
    )


def _references(document: Block) -> Fact:
    path = "core_network_configuration.security_group_referencing_support"
    if document.has(path):
        return document.fact(path)
    what = Reason("whether the core network supports references to groups", document.at, "its policy")
    return Fact(Truth.UNKNOWN, document.at, (what,))


def _unread(document: Block) -> Iterator[Reason]:
    """What leads or filters routes besides, which is not read."""
    found = {name: document.place(name) for name in _MORE if document.has(name)}
    for action in document.blocks("segment_actions"):
        if action.text("action") not in {"share", "create-route"}:
            found.setdefault(action.text("action") or "an action", action.at)
    for name, at in found.items():
        told = name.replace("_", " ")
        document.flag(
            GapKind.RESOURCE, f"{told} of {document.address}", "it changes routes, and is not read", at
        )
        yield Reason(f"what {told} of {document.address} do", at, "a snapshot of the routes")


def _segment(block: Block) -> Segment:
    allows = block.get("allow_filter")
    return Segment(
        name=block.text("name"),
        isolated=block.fact("isolate_attachments", NO),
        acceptance=block.fact("require_attachment_acceptance", YES),
        allows=frozenset(_texts(allows)) if block.has("allow_filter") else None,
        denies=frozenset(_texts(block.get("deny_filter"))),
    )


def _share(block: Block) -> Share:
    """``share_with`` is a list, ``*`` or, in JSON, all ``except`` some."""
    node = block.get("share_with")
    without = [*_texts(block.get("share_with_except"))]
    everybody = node is None
    if isinstance(node, Map):
        without += _texts(node.entries.get("except"))
        everybody = True
    others = frozenset(_texts(node))
    return Share(
        segment=block.text("segment"),
        others=None if everybody or "*" in others else others,
        without=frozenset(without),
    )


def _texts(node: Node | None) -> Iterator[str]:
    match node:
        case Scalar(value) if isinstance(value, str):
            yield value
        case Seq(items=items):
            for item in items:
                yield from _texts(item)
        case _:
            return


def _doubts(node: Node | None) -> Iterator[Reason]:
    """Why any part of a node is not known; what a reference names is known."""
    match node:
        case Unknown():
            yield from why(node)
        case Map(entries, more=more):
            for inner in (*entries.values(), more):
                yield from _doubts(inner)
        case Seq(items, more=more):
            for inner in (*items, more):
                yield from _doubts(inner)
        case _:
            return
