"""Templates in YAML, built from the events of PyYAML's parser: nothing is constructed but syntax."""

from __future__ import annotations

from typing import assert_never

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.syntax.limits import DEEP, DEPTH_LIMIT, NODE_LIMIT, Notes, shown, too_many
from auditor.sources.cloudformation.syntax.maps import (
    MakeCall,
    MakeEntries,
    MakeEntry,
    MakeItems,
    called,
    entries,
    merged,
)
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.sources.cloudformation.syntax.scalars import MakeScalar, Value, plain
from auditor.sources.cloudformation.syntax.tags import STRING, tagged
from auditor.sources.cloudformation.syntax.yaml_events import Event, events, not_text, not_yaml, placer
from auditor.tree import Location, Scalar

_UNTAGGED = (None, "!")
_TEXTUAL = (*_UNTAGGED, STRING)
_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor names: the value, the map that it is if it is one, how many nodes and levels it has."""

    value: Syntax
    map: Entries | None
    size: int
    height: int


def read(text: str, path: str, notes: Notes) -> Entries:
    """The map that the one document of a text holds.

    Raises ``InputError`` where it is not YAML, holds no map, or more than the limits allow.
    """
    import yaml

    try:
        return _Builder(text, path, notes).document()
    except yaml.MarkedYAMLError as error:
        raise not_yaml(error, text, path) from None
    except yaml.YAMLError:
        raise not_text(text, path) from None


class _Builder:
    """Builds the nodes of one text."""

    def __init__(self, text: str, path: str, notes: Notes) -> None:
        import yaml

        self.next = events(text)
        self.scalar_event, self.alias_event = yaml.ScalarEvent, yaml.AliasEvent
        self.list_event, self.list_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
        self.map_event, self.map_end = yaml.MappingStartEvent, yaml.MappingEndEvent
        self.stream_end = yaml.StreamEndEvent
        self.notes = notes
        self.anchors: dict[str, _Anchored | None] = {}
        self.nodes = self.deepest = 0
        self.words: dict[str, Value] = {}
        self.names: dict[str, str] = {}
        self.place = placer(text, path)

    def document(self) -> Entries:
        """The map that the text holds."""
        self.next()
        event = self.next()
        if isinstance(event, self.stream_end):
            raise self.refusal(event, "there is nothing in this file")
        event = self.next()
        if not isinstance(event, self.map_event) or event.tag not in _UNTAGGED:
            raise self.refusal(event, "a template is a map, and this is none")
        if event.anchor:
            self.anchors[event.anchor] = None
        root = self.map(event, 0)
        self.next()
        event = self.next()
        if not isinstance(event, self.stream_end):
            hint = "keep each template in a file of its own"
            raise self.refusal(event, "a second document begins here", hint)
        return root

    def refusal(self, event: Event, message: str, hint: str = "") -> InputError:
        """The error for what is at ``event``."""
        return InputError(message, at=str(self.place(event.start_mark)), hint=hint)

    def opened(self, event: Event, depth: int, height: int = 0) -> Location:
        """Where a list or map begins that lies in ``depth`` others and is ``height`` levels high."""
        if depth + height >= DEPTH_LIMIT:
            raise self.refusal(event, f"nested more than {DEPTH_LIMIT} levels deep", DEEP)
        self.deepest = max(self.deepest, depth + height)
        return self.place(event.start_mark)

    def value(self, event: Event, depth: int) -> Syntax:
        """The value that begins with ``event``."""
        kind = event.__class__
        if kind is self.scalar_event:
            return self.scalar(event) if event.tag is None and event.anchor is None else self.marked(event)
        if kind is self.alias_event:
            return self.alias(event, depth)
        if event.anchor is None:
            return self.collection(event, depth)[0]
        outer, before = self.deepest, self.nodes
        self.anchors[event.anchor], self.deepest = None, depth
        value, whole = self.collection(event, depth)
        self.anchors[event.anchor] = _Anchored(value, whole, self.nodes - before, self.deepest - depth)
        self.deepest = max(outer, self.deepest)
        return value

    def collection(self, event: Event, depth: int) -> tuple[Syntax, Entries | None]:
        """A list or a map as the value that it is with its tag, and a map without a tag also as a map."""
        whole = self.map(event, depth) if event.__class__ is self.map_event else None
        value: Syntax = self.items(event, depth) if whole is None else called(whole)
        if event.tag in _UNTAGGED:
            return value, whole
        return tagged(event.tag, value, self.notes), None

    def scalar(self, event: Event) -> Scalar:
        """A scalar as it is without its tag."""
        text, at = event.value, self.place(event.start_mark)
        if not event.implicit[0]:
            return MakeScalar(text, at)
        if text not in self.words:
            self.words[text] = plain(text)
        return MakeScalar(self.words[text], at)

    def marked(self, event: Event) -> Syntax:
        """A scalar with a tag or an anchor, or the call that its tag makes of it."""
        value: Syntax = self.scalar(event)
        if event.tag not in _UNTAGGED:
            value = tagged(event.tag, MakeScalar(event.value, value.at), self.notes)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, None, 0, 0)
        return value

    def alias(self, event: Event, depth: int) -> Syntax:
        """What an alias stands for, in the place of the alias."""
        anchored = self.anchored(event, depth)
        return _moved(anchored.value, self.place(event.start_mark))

    def anchored(self, event: Event, depth: int) -> _Anchored:
        """What an alias names, with its values counted once more."""
        if event.anchor not in self.anchors:
            raise self.refusal(event, f"no anchor before this is named {shown(event.anchor)}")
        anchored = self.anchors[event.anchor]
        if anchored is None:
            raise self.refusal(event, f"the alias {shown(event.anchor)} stands within what it stands for")
        self.nodes += anchored.size
        if self.nodes > NODE_LIMIT:
            raise too_many(self.place(event.start_mark))
        if anchored.height or not isinstance(anchored.value, Scalar):
            self.opened(event, depth, anchored.height)
        return anchored

    def items(self, event: Event, depth: int) -> Items:
        """A list."""
        at = self.opened(event, depth)
        items = []
        while (event := self.next()).__class__ is not self.list_end:
            items.append(self.value(event, depth + 1))
            self.nodes += 1
            if self.nodes > NODE_LIMIT:
                raise too_many(at)
        return MakeItems(tuple(items), at)

    def map(self, event: Event, depth: int) -> Entries:
        """A map, with what ``<<`` merges into it."""
        at = self.opened(event, depth)
        own: list[Entry] = []
        layers: list[Entries] = []
        following, known, scalar, ending = self.next, self.names, self.scalar_event, self.map_end
        while (event := following()).__class__ is not ending:
            place = self.place(event.start_mark)
            bare = event.__class__ is scalar and event.anchor is None and event.tag is None
            name = (known.get(event.value) if bare else None) or self.key(event)
            if name == _MERGE and self.merges(event):
                layers += self.layers(following(), depth + 1)
            else:
                own.append(MakeEntry(name, place, self.value(following(), depth + 1)))
            self.nodes += 2
            if self.nodes > NODE_LIMIT:
                raise too_many(place)
        made = entries(own, at, self.notes)
        return merged(made, layers) if layers else made

    def key(self, event: Event) -> str:
        """A key as it is written: also a number or ``yes`` is the name that functions look for."""
        if isinstance(event, self.alias_event):
            named = self.anchored(event, 0).value
            if isinstance(named, Scalar) and isinstance(named.value, str):
                return named.value
        if not isinstance(event, self.scalar_event) or event.tag not in _TEXTUAL:
            raise self.refusal(event, "a key must be text", "put it in quotes")
        if event.anchor:
            value = MakeScalar(event.value, self.place(event.start_mark))
            self.anchors[event.anchor] = _Anchored(value, None, 0, 0)
        if plain(event.value) is not None:
            return self.names.setdefault(event.value, event.value)
        if event.implicit[0]:
            raise self.refusal(event, "a key without a name", "put it in quotes")
        return event.value

    def merges(self, event: Event) -> bool:
        """Whether a key is the ``<<`` that merges."""
        return isinstance(event, self.scalar_event) and event.implicit[0] and event.tag is None

    def layers(self, event: Event, depth: int) -> list[Entries]:
        """The maps that ``<<`` is given, the one that counts least first: of a list the first counts most.

        https://yaml.org/type/merge.html
        """
        if isinstance(event, self.list_event):
            self.opened(event, depth)
            layers: list[Entries] = []
            while not isinstance(event := self.next(), self.list_end):
                layers.append(self.layer(event, depth + 1))
            return layers[::-1]
        return [self.layer(event, depth)]

    def layer(self, event: Event, depth: int) -> Entries:
        """A map that is merged into another one."""
        if isinstance(event, self.map_event) and event.tag in _UNTAGGED and not event.anchor:
            return self.map(event, depth)
        layer = self.anchored(event, depth).map if isinstance(event, self.alias_event) else None
        if layer is None:
            raise self.refusal(event, "<< merges maps, and this is none", "give it an alias of a map")
        return layer


def _moved(value: Syntax, at: Location) -> Syntax:
    match value:
        case Scalar(scalar, defined, via):
            return MakeScalar(scalar, at, (defined, *via))
        case Items(items):
            return MakeItems(items, at)
        case Entries(given):
            return MakeEntries(given, at)
        case Call(name, argument):
            return MakeCall(name, argument, at)
        case _:
            assert_never(value)
