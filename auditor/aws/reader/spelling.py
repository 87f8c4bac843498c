"""What CloudFormation and the API say, in the words that the readers read: those of Terraform.

A ``Spelling`` is data, and stands in the file of its area beside the reader that it serves. Words become
``snake_case`` by themselves (``VpcConfig.SubnetIds`` is ``vpc_config.subnet_ids``); a spelling names only
what is called or shaped differently, and what the dialect takes for given where nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cache

from auditor.aws.reader.meanings import Values, distributed, meant, one_field, tags_of, text_at
from auditor.frozen import dataclass
from auditor.tree import Dialect, Map, Node, Reference, Resource, Scalar, Seq, Unknown

Respell = Callable[[Resource], Iterable[Resource]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How one type of another dialect says what the readers of ``kind`` ask.

    Paths are in the other dialect's words, with dots: ``VpcConfig.SubnetIds``, through lists as well.

    ``renamed``: what a property is called here, beside its siblings; ``/name`` for beside the outermost.
    ``hoisted``: maps whose entries stand where the map itself stands.
    ``single``: properties that hold one of what is a list here.
    ``each``: lists of maps of which only one field counts: the list of that field.
    ``beside``: for such lists, another field of the maps, and the name by which its list stands there too.
    ``gone``: the state of the items of a list (``Attachments.State``), and what it is for those that are no
    more.
    ``values``: what the texts of a property mean here, whatever their case.
    ``attributes``: what an attribute of a resource (``Fn::GetAtt``) is called here.
    ``given``: the dialect's defaults, by their names here, where the property is absent.
    ``only``: the outermost properties that bear on anything; empty for all.
    ``then``: what a table does not say, done to the resource when it is otherwise respelled. It may give
    several resources, of other kinds; what the input has by itself, under the same address, counts more.
    ``also``: those other kinds.
    """

    kind: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    hoisted: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    each: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str | bool | int] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    then: Respell | None = None
    also: tuple[str, ...] = ()


# Maps whose keys are the user's own, and texts of other languages: nothing in them is a word of the dialect.
FREE = frozenset(
    {
        "Tags",
        "tags",
        "TagSet",
        "TagList",
        "Metadata",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Environment",
        "environment",
        "UserData",
        "RuleVariables",
        "IPSetReferences",
    }
)
_TAGS = frozenset({"Tags", "tags", "TagSet", "TagList", "VpcEndpointTags"})
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLURALS = re.compile(r"(ID|ARN|IP)s(?![a-z])")


@cache
def snake(word: str) -> str:
    """A word of CloudFormation or of the API as Terraform writes it: ``DBSubnetIds`` is ``db_subnet_ids``."""
    plain = _PLURALS.sub(lambda found: found[1].capitalize() + "s", word)
    return _WORDS.sub("_", plain).lower()


def respelled(resources: Iterable[Resource], spellings: Mapping[str, Spelling]) -> Iterator[Resource]:
    """The resources in the readers' words. One that no spelling knows keeps its type: no reader reads it."""
    resources = tuple(resources)
    foreign = {
        resource.address: spellings.get(resource.kind, UNKNOWN)
        for resource in resources
        if resource.dialect is not Dialect.TERRAFORM
    }
    if not foreign:
        yield from resources
        return
    tables: dict[str, dict[str, Word]] = {}
    found = [(resource, one) for resource in resources for one in _in_our_words(resource, foreign, tables)]
    seen = {(one.kind, one.address) for resource, one in found if one.address == resource.address}
    for resource, one in found:
        if one.address == resource.address:
            yield one
        elif (one.kind, one.address) not in seen:
            seen.add((one.kind, one.address))
            yield one


def _in_our_words(
    resource: Resource, foreign: Mapping[str, Spelling], tables: dict[str, dict[str, Word]]
) -> Iterable[Resource]:
    if resource.dialect is Dialect.TERRAFORM:
        return (resource,)
    spelling = foreign[resource.address]
    body = _Respelling(spelling, foreign, tables.setdefault(resource.kind, {})).body(resource.body)
    found = replace(resource, kind=spelling.kind or resource.kind, body=body)
    return (found,) if spelling.then is None else spelling.then(found)


UNKNOWN = Spelling(kind="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a spelling says of the property at one path; ``plain`` where a scalar there is just called so."""

    own: str
    plain: bool
    single: bool
    hoisted: bool
    outermost: bool


class _Respelling:
    """One body respelled; ``targets`` are the spellings of all that references may lead to, by address.

    ``words`` is what the spelling says of each path, shared by all bodies of one type.
    """

    __slots__ = ("doubts", "outermost", "spelling", "targets", "words")

    def __init__(self, spelling: Spelling, targets: Mapping[str, Spelling], words: dict[str, Word]) -> None:
        self.spelling = spelling
        self.targets = targets
        self.words = words
        self.outermost: dict[str, Node] = {}
        self.doubts: list[Unknown] = []

    def body(self, body: Map) -> Map:
        """The outermost map."""
        only = self.spelling.only
        kept = {name: node for name, node in body.entries.items() if name in only} if only else body.entries
        found = self._map(Map(kept, body.at, body.via, body.more), "")
        entries = {**found.entries, **self.outermost}
        for name, value in self.spelling.given.items():
            if name not in entries:
                entries[name] = Scalar(value, body.at)
        return replace(found, entries=entries)

    def _map(self, body: Map, above: str) -> Map:
        found: dict[str, Node] = {}
        lifted: list[Node] = []
        for name, node in body.entries.items():
            path = above + name
            word = self.words.get(path) or self._word(path, name)
            if word.plain and type(node) is Scalar:
                found[word.own] = node
                continue
            value = self._value(name, node, path)
            if word.single and not isinstance(value, Seq):
                value = Seq((value,), value.at)
            if word.hoisted:
                lifted.append(value)
            elif word.outermost:
                self._put_outermost(word.own, value)
            else:
                found[word.own] = value
                found.update(self._beside(path, node))
        more = None if body.more is None else self.node(body.more, above)
        for value in lifted:
            inner = distributed(value)
            if isinstance(inner, Map):
                found.update(inner.entries)
                more = more or inner.more
            else:
                more = more or inner
        return Map(found, body.at, body.via, more)

    def _beside(self, path: str, node: Node) -> dict[str, Node]:
        """The list of another field of the maps in a list of which one field counts, by its name."""
        wanted = self.spelling.beside.get(path)
        return {} if wanted is None else {wanted[1]: one_field(node, wanted[0])}

    def _word(self, path: str, name: str) -> Word:
        spelling = self.spelling
        own = spelling.renamed.get(path) or _own_name(name)
        single, hoisted, outermost = path in spelling.single, path in spelling.hoisted, own.startswith("/")
        looked_into = name in FREE or path in spelling.each or path in spelling.values
        found = self.words[path] = Word(
            own=own.removeprefix("/"),
            plain=not (single or hoisted or outermost or looked_into),
            single=single,
            hoisted=hoisted,
            outermost=outermost,
        )
        return found

    def _put_outermost(self, name: str, value: Node) -> None:
        if self.doubts:
            before = self.outermost.get(name)
            options = (value, Scalar(None, value.at)) if before is None else (value, before)
            value = Unknown(self.doubts[-1].reasons, value.at, options=options)
        self.outermost[name] = value

    def _value(self, name: str, node: Node, path: str) -> Node:
        if name in FREE:
            return tags_of(node) if name in _TAGS else node
        if isinstance(node, Seq):
            node = self._living(node, path)
        wanted = self.spelling.each.get(path)
        if wanted is not None:
            return self.node(one_field(node, wanted), f"{path}.")
        meanings = self.spelling.values.get(path)
        if meanings is not None:
            return meant(node, meanings)
        return self.node(node, f"{path}.")

    def _living(self, node: Seq, path: str) -> Seq:
        """The list without the items that are no more."""
        if not self.spelling.gone:
            return node
        found = node.items
        for state, dead in self.spelling.gone.items():
            if state.startswith(f"{path}."):
                words = state.removeprefix(f"{path}.").split(".")
                found = tuple([item for item in found if text_at(item, words) not in dead])
        return node if found is node.items else replace(node, items=found)

    def node(self, node: Node, above: str) -> Node:
        """A value, whose keys stand below the path ``above``."""
        match node:
            case Scalar():
                return node
            case Reference():
                return self._reference(node)
            case Map():
                return self._lifted(node, above)
            case Seq():
                more = None if node.more is None else self.node(node.more, above)
                items = tuple([self.node(item, above) for item in node.items])
                return Seq(items, node.at, node.via, more, node.unordered)
            case Unknown():
                return self._unknown(node, above) if node.options or node.parts else node

    def _unknown(self, node: Unknown, above: str) -> Unknown:
        self.doubts.append(node)
        options = tuple([self.node(option, above) for option in node.options])
        self.doubts.pop()
        parts = tuple([self._reference(part) if type(part) is Reference else part for part in node.parts])
        return replace(node, options=options, parts=parts)

    def _lifted(self, node: Map, above: str) -> Node:
        """The map, or the value of its only entry where that stands for it, known or not."""
        if len(node.entries) == 1 and self.spelling.hoisted:
            sole = next(iter(node.entries))
            if above + sole in self.spelling.hoisted:
                return self._value(sole, node.entries[sole], above + sole)
        return self._map(node, above)

    def _reference(self, node: Reference) -> Reference:
        target = self.targets.get(node.target)
        return node if target is None else replace(node, attribute=attribute(target, node.attribute))


def attribute(spelling: Spelling, name: str) -> str:
    """What an attribute of a resource is called here: ``id`` for ``Ref`` and for what says the same."""
    if name == "Ref":
        return "id"
    known = spelling.attributes.get(name)
    if known is not None:
        return known
    own = snake(name)
    return "id" if own in {"id", f"{spelling.kind.removeprefix('aws_')}_id"} else own


def _own_name(name: str) -> str:
    return "tags" if name in _TAGS else snake(name)


__all__ = ["Respell", "Spelling", "attribute", "respelled", "snake"]
