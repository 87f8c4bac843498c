"""All that a snapshot holds, gathered answer by answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import KINDS_BY_NAME, Kind, Part
from auditor.sources.snapshot.kinds.finding import text_at
from auditor.sources.snapshot.nodes import body, node
from auditor.sources.snapshot.thing import GENERAL, Thing, address, associations, home, joined
from auditor.tree import (
    Dialect,
    Gap,
    GapKind,
    Location,
    Node,
    Presence,
    Reason,
    Resource,
    Scalar,
    Scope,
    Seq,
    Unknown,
)

_TABLES = "TransitGatewayRouteTables"
_LATER = "a snapshot taken later"


@dataclass(frozen=True, slots=True)
class Belonging:
    """A part of the thing of ``kind`` whose ``owner`` is ``name``; ``unfinished`` where there is more."""

    kind: str
    owner: str
    name: str
    key: str
    value: Any
    at: Location
    seen: Seen
    unfinished: bool = False


class Things:
    """What was found so far, by address, and what could not be read."""

    __slots__ = ("_ended", "_named", "belongings", "found", "gaps", "listed")

    def __init__(self) -> None:
        self.found: dict[str, Thing] = {}
        self.belongings: list[Belonging] = []
        self.gaps: list[Gap] = []
        self.listed: list[tuple[str, Location]] = []
        self._ended: dict[str, str] = {}
        self._named: dict[tuple[str, str], dict[str, list[Thing]]] = {}

    def add(self, kind: Kind, value: Mapping[str, Any], at: Location, seen: Seen, *, when: str = "") -> None:
        """Take down a thing, unless it is gone."""
        now = text_at(value, kind.state) if kind.state else ""
        named = address(kind, value, seen)
        if now in kind.gone:
            self.end((named or "",), when)
            return
        if named is None:
            missing = " or ".join(kind.id[0].split("|"))
            self.gap(GapKind.INVALID, f"one of the {kind.name}", at, f"it has no {missing}")
            return
        waiting = now if now in kind.waiting else ""
        thing = Thing(
            kind=kind.name,
            address=named,
            body=body(value, at),
            seen=seen,
            home=home(named, value, seen),
            waiting=waiting,
            when=when,
        )
        self.put(thing)
        if kind.name == GENERAL and not waiting:
            for table, told in associations(value):
                self.belong(
                    Part("Associations", "TransitGatewayRouteTableId", _TABLES, ""), table, [told], at, seen
                )

    def put(self, thing: Thing) -> None:
        """Take down a thing that is there; one that was seen before is the same one."""
        if thing.when and self._ended.get(thing.address, "") > thing.when:
            return
        known = self.found.get(thing.address)
        if known is None:
            self.found[thing.address] = thing
            return
        if (
            known.kind != thing.kind
            and GENERAL not in {known.kind, thing.kind}
            and not _attached(known, thing)
        ):
            self.put(replace(thing, address=f"{thing.kind}/{thing.address}"))
            return
        self.found[thing.address], differing = joined(known, thing)
        if differing:
            why = f"{known.body.at} says something else of its {differing[0]}"
            self.gap(GapKind.INVALID, thing.address, thing.body.at, why, "a snapshot taken at one time")

    def end(self, names: Iterable[str], when: str) -> None:
        """Take down when a thing, by any of its names, was gone; what was seen of it before is over."""
        for name in names if when else ():
            self._ended[name] = max(when, self._ended.get(name, ""))
            known = self.found.get(name)
            if known is not None and known.when and known.when < when:
                del self.found[name]

    def belong(
        self, part: Part, name: str, value: Any, at: Location, seen: Seen, *, unfinished: bool = False
    ) -> None:
        """Take down a part of a thing."""
        self.belongings.append(Belonging(part.kind, part.owner, name, part.key, value, at, seen, unfinished))

    def gap(self, kind: GapKind, what: str, at: Location, why: str, settled_by: str = "") -> None:
        """Take down what was not understood."""
        self.gaps.append(Gap(kind, what, at, why, settled_by))

    def resources(self) -> Iterator[Resource]:
        """All that was found, with its parts."""
        self._assign()
        self._miss()
        region, account = self._only("region"), self._only("account")
        for thing in self.found.values():
            kind = KINDS_BY_NAME.get(thing.kind)
            if kind and kind.needs and not any(name in thing.body.entries for name in kind.needs):
                why = f"it is listed, and not described: it has no {kind.needs[0]}"
                self.gap(GapKind.RESOURCE, thing.address, thing.body.at, why, "a snapshot that describes it")
            scope = Scope(account=thing.home.account or account, region=thing.home.region or region)
            yield _resource(thing, scope)

    def _miss(self) -> None:
        """Tell of what is listed by its name or ARN alone."""
        described = {name for thing in self.found.values() for name in (thing.address, _last(thing.address))}
        for name, at in self.listed:
            if name not in described:
                why = "it is named, and no answer describes it"
                self.gap(GapKind.RESOURCE, name, at, why, "a snapshot that describes it")

    def _only(self, field: str) -> str:
        """The account or Region of all things whose files do not say one, where it is one."""
        named = {
            getattr(thing.home, field) for thing in self.found.values() if not getattr(thing.seen, field)
        }
        named.discard("")
        return named.pop() if len(named) == 1 else ""

    def _assign(self) -> None:
        """Give every part to the thing that it belongs to."""
        gathered: dict[tuple[str, str], list[Belonging]] = {}
        for each in self.belongings:
            owner = self._owner(each)
            if owner is None:
                why = "no answer describes what it belongs to"
                what = f"{each.key} of {each.name}"
                self.gap(GapKind.RESOURCE, what, each.at, why, f"a snapshot with {each.kind}".rstrip())
            else:
                gathered.setdefault((owner.address, each.key), []).append(each)
        self.belongings.clear()
        for (named, key), parts in gathered.items():
            thing = self.found[named]
            entries = {**thing.body.entries, key: _together(parts)}
            self.found[named] = replace(thing, body=replace(thing.body, entries=entries))

    def _owner(self, each: Belonging) -> Thing | None:
        found = self.found.get(each.name.removeprefix("/hostedzone/"))
        if found is not None and each.kind in {found.kind, ""}:
            return found
        index = self._named.get((each.kind, each.owner))
        if index is None:
            index = self._named[each.kind, each.owner] = {}
            for thing in self.found.values():
                name = thing.body.entries.get(each.owner)
                if thing.kind == each.kind and isinstance(name, Scalar):
                    index.setdefault(str(name.value), []).append(thing)
        there = index.get(each.name, ())
        return next(
            (thing for thing in there if thing.seen == each.seen), there[0] if len(there) == 1 else None
        )


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _attached(known: Thing, thing: Thing) -> bool:
    return known.address.startswith("tgw-attach-") and thing.address.startswith("tgw-attach-")


def _together(parts: list[Belonging]) -> Node:
    """A part that several answers tell of: lists one after the other, each item once."""
    first = parts[0]
    if not isinstance(first.value, list):
        return node(first.value, first.at)
    items: dict[str, Node] = {}
    for part in parts:
        for value in part.value if isinstance(part.value, list) else ():
            items.setdefault(repr(value), node(value, part.at))
    open_ = next((part for part in parts if part.unfinished), None)
    more = None
    if open_ is not None:
        why = Reason(f"the rest of the {open_.key} of {open_.name}", open_.at, "a snapshot with all pages")
        more = Unknown((why,), open_.at)
    return Seq(tuple(items.values()), first.at, more=more)


def _resource(thing: Thing, scope: Scope) -> Resource:
    reasons: tuple[Reason, ...] = ()
    if thing.waiting:
        reasons = (Reason(f"whether {thing.address}, now {thing.waiting}, comes up", thing.body.at, _LATER),)
    return Resource(
        thing.kind,
        thing.address,
        thing.body,
        thing.body.at,
        Dialect.SNAPSHOT,
        scope,
        Presence.POSSIBLE if reasons else Presence.CERTAIN,
        reasons,
    )
