"""The answers in one file, taken apart into things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.snapshot.coverage import Coverage
from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import BESIDE, KINDS_BY_KEY, LISTS, PARTS_BY_KEY, TAGS, Kind, Part
from auditor.sources.snapshot.kinds.finding import WHOLE, kind_of
from auditor.sources.snapshot.nodes import body
from auditor.sources.snapshot.text import Lines, Stretch
from auditor.sources.snapshot.thing import Thing, home
from auditor.sources.snapshot.things import Things
from auditor.tree import GapKind

_WHOLE = KINDS_BY_KEY[WHOLE]
_DEEPEST = 2
_TOKENS = ("NextToken", "nextToken", "NextMarker", "Marker", "marker", "position")
_MORE = ("IsTruncated", "AdditionalRoutesAvailable")
_GROUP = re.compile(rb'"sg-(?:[0-9a-f]{17}|[0-9a-f]{8})"')
_OBJECTS = re.compile(rb"[\s\[]*[{\]]")  # a list of objects, or an empty one
_THINGS = (b"[", b"{")
_EC2 = "ec2."
_OF_A_TAG = (("ResourceArn", ""), ("LoadBalancerName", "LoadBalancerDescriptions"))


@dataclass(frozen=True, slots=True)
class Answers:
    """What reading one file goes by: its lines, whose it is, and where what it holds is put."""

    lines: Lines
    seen: Seen
    things: Things
    coverage: Coverage


def read_answer(answers: Answers, whole: Stretch) -> None:
    """Put all that a file holds where it belongs. Raises BrokenError where it is no object."""
    members = whole.members()
    unfinished = is_unfinished(members)
    for key in members:
        if key in KINDS_BY_KEY and members[key].first in _THINGS:
            at = answers.lines.at(whole.start)
            answers.coverage.told(answers.seen, key, at, unfinished=unfinished)
    _document(answers, whole, members, 0)


def is_unfinished(members: Mapping[str, Stretch]) -> bool:
    """Whether an answer says that there is more to ask for."""
    tokens = (members[name].value() for name in _TOKENS if name in members)
    more = (members[name].value() for name in _MORE if name in members)
    return any(isinstance(token, str) and token for token in tokens) or any(one is True for one in more)


def _document(answers: Answers, whole: Stretch, members: Mapping[str, Stretch], depth: int) -> None:
    """An answer, or one of those that are kept together with the ids that they were asked for."""
    itself = _whole(members)
    if itself is not None:
        answers.things.add(itself, whole.value(), answers.lines.at(whole.start), answers.seen)
        return
    unfinished = depth > 0 and is_unfinished(members)
    for key, stretch in members.items():
        part = next((each for each in PARTS_BY_KEY.get(key, ()) if each.owner in members), None)
        if part is not None:
            _part(answers, part, stretch, members)
        elif key not in BESIDE:
            _member(answers, key, stretch, members, depth)
            if unfinished and key in KINDS_BY_KEY:
                answers.coverage.cut(answers.seen, key, answers.lines.at(stretch.start))


def _whole(members: Mapping[str, Stretch]) -> Kind | None:
    """The kind of thing that an answer is itself, and not under any key."""
    return kind_of(dict.fromkeys(members, "there"), _WHOLE)


def _part(answers: Answers, part: Part, stretch: Stretch, members: Mapping[str, Stretch]) -> None:
    name, at = members[part.owner].value(), answers.lines.at(stretch.start)
    answers.things.belong(
        part, str(name), stretch.value(), at, answers.seen, unfinished=is_unfinished(members)
    )


def _member(answers: Answers, key: str, stretch: Stretch, beside: Mapping[str, Stretch], depth: int) -> None:
    """The things under one key of an answer."""
    kinds = KINDS_BY_KEY.get(key, ())
    if stretch.first == b"[":
        if key == TAGS:
            _tags(answers, stretch)
            return
        for number, item in enumerate(stretch.items()):
            _item(answers, (key, number), item, (kinds, beside), depth)
    elif (kinds or key in LISTS) and stretch.first == b"{":
        _item(answers, (key, 0), stretch, (kinds, beside), depth)
    elif kinds and depth == 0:
        answers.things.gap(GapKind.INVALID, key, answers.lines.at(stretch.start), "it is no list")


def _item(
    answers: Answers,
    named: tuple[str, int],
    item: Stretch,
    under: tuple[tuple[Kind, ...], Mapping[str, Stretch]],
    depth: int,
) -> None:
    kinds, beside = under
    if item.first != b"{":
        if kinds and depth == 0:
            _no_object(answers, named[0], item)
        return
    value = item.value() if kinds else None
    kind = kind_of(value, kinds) if value is not None else None
    if kind is not None and value is not None:
        _complete(value, kind, named[0], beside)
        answers.things.add(kind, value, answers.lines.at(item.start), answers.seen)
    elif depth < _DEEPEST and _is_document(item):
        _document(answers, item, item.members(), depth + 1)
    elif any(kind.answers[0].startswith(_EC2) for kind in kinds):
        at, why = answers.lines.at(item.start), f"it has no {kinds[0].id[0]}"
        answers.things.gap(GapKind.INVALID, f"one of the {named[0]}", at, why)
    elif _GROUP.search(item.text, item.start, item.end):
        _unread(answers, named, item)


def _no_object(answers: Answers, key: str, item: Stretch) -> None:
    """A thing that is listed by its name or ARN alone, or nothing that AWS lists."""
    at = answers.lines.at(item.start)
    if item.first == b'"':
        answers.things.listed.append((str(item.value()), at))
    else:
        answers.things.gap(GapKind.INVALID, f"one of the {key}", at, "it is no object")


def _is_document(item: Stretch) -> bool:
    members = item.members()
    return _whole(members) is not None or any(
        any(part.owner in members for part in PARTS_BY_KEY.get(key, ()))
        or (key in KINDS_BY_KEY and _OBJECTS.match(item.text, stretch.start) is not None)
        for key, stretch in members.items()
    )


def _complete(value: dict[str, Any], kind: Kind, key: str, beside: Mapping[str, Stretch]) -> None:
    """Add what a thing has from what it is listed under, and what is told beside it."""
    for name in kind.under:
        if name in beside and name not in value:
            value[name] = beside[name].value()
    for name, owner in BESIDE.items():
        if owner == key and name in beside:
            value[name] = beside[name].value()


def _tags(answers: Answers, stretch: Stretch) -> None:
    for item in stretch.items():
        value, at = item.value(), answers.lines.at(item.start)
        for owner, kind in _OF_A_TAG if isinstance(value, dict) else ():
            if isinstance(value.get(owner), str):
                part = Part("Tags", owner, kind, "")
                answers.things.belong(part, value[owner], value.get("Tags", []), at, answers.seen)


def _unread(answers: Answers, named: tuple[str, int], item: Stretch) -> None:
    """A thing of a kind that is not known and names a security group: it stands in the network."""
    value, at = item.value(), answers.lines.at(item.start)
    key, number = named
    arn = next(_arns(value), "") or f"{answers.seen}/{key}[{number}]"
    answers.things.put(
        Thing(
            kind=key,
            address=arn,
            body=body(value, at),
            seen=answers.seen,
            home=home(arn, value, answers.seen),
        )
    )


def _arns(value: Mapping[str, Any]) -> Iterator[str]:
    """What may be a thing's own ARN, its most likely one first."""
    arns = {key: text for key, text in value.items() if isinstance(text, str) and text.startswith("arn:")}
    own = [text for key, text in arns.items() if key.lower() == "arn"]
    return iter((*own, *(text for key, text in arns.items() if key.lower().endswith("arn"))))
