"""A piece of a snapshot, asked for: all pages as one, for all ids, without what is withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Protocol

from auditor.frozen import dataclass
from auditor.sources.snapshot.collect.calls import Call, Each, Found, Piece
from auditor.sources.snapshot.collect.refusals import Reason, RefusedError
from auditor.sources.snapshot.collect.withheld import holds, values, written

# An action that is not allowed for the first few ids is not allowed for the rest.
_ENOUGH_REFUSALS = 5

Objects = Mapping[str, list[Any]]


class Api(Protocol):
    """The AWS API for one account in one Region."""

    def pages(
        self, service: str, operation: str, arguments: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """The pages of an answer. Raises RefusedError where AWS gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The content of a piece's file, and the calls for it that were not answered."""

    content: Any
    count: int
    refusals: tuple[RefusedError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What one call gave: its parameters, what stands under the key, and the members that count beside it."""

    parameters: Mapping[str, Any]
    found: Any
    beside: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Asking:
    api: Api
    known: Objects
    refusals: list[RefusedError] = field(default_factory=list)


def ask(piece: Piece, api: Api, known: Objects) -> Asked:
    """What AWS says of a piece. ``known`` are the objects of the files whose ids it is asked for.

    What is gone when it is asked for is left out. Raises RefusedError where not one call was answered.
    """
    asking = _Asking(api, known)
    answers = [_written(answer, piece) for answer in _answers(piece.call, asking)]
    if asking.refusals and not answers:
        raise asking.refusals[0]
    content = _content(answers, piece)
    count = len(content) if isinstance(content, list) else 1
    return Asked(content={piece.top: content}, count=count, refusals=tuple(asking.refusals))


def _content(answers: list[_Answer], piece: Piece) -> Any:
    if piece.wrap:
        key = piece.call.key
        return [
            {**answer.parameters, **({key: answer.found} if key else answer.found), **answer.beside}
            for answer in answers
        ]
    if piece.call.each is None and not isinstance(answers[0].found, list):
        return answers[0].found
    return [item for answer in answers for item in _items(answer.found)]


def _written(answer: _Answer, piece: Piece) -> _Answer:
    if isinstance(answer.found, list):
        found: Any = [written(item, piece) for item in answer.found if holds(piece.where, item)]
    else:
        found = written(answer.found, piece)
    return _Answer(parameters=answer.parameters, found=found, beside=answer.beside)


def _answers(call: Call, asking: _Asking) -> Iterator[_Answer]:
    """The answers to a call, one for each set of parameters that it is made with."""
    if call.each is None:
        yield _answer(call, {}, asking.api)
        return
    answered, refused = False, 0
    for parameters in list(_parameters(call.each, asking)):
        try:
            answer = _answer(call, parameters, asking.api)
        except RefusedError as error:
            if error.reason is Reason.GONE:
                continue
            asking.refusals.append(error)
            refused += 1
            if refused == _ENOUGH_REFUSALS and not answered:
                return
        else:
            answered = True
            yield answer


def _answer(call: Call, parameters: Mapping[str, Any], api: Api) -> _Answer:
    listed: list[Any] = []
    single: Any = None
    beside: dict[str, Any] = {}
    for variant in call.variants:
        arguments = {**parameters, **{name: _plain(value) for name, value in variant}}
        for page in api.pages(call.service, call.operation, arguments):
            found = _under(page, call.key)
            if isinstance(found, list):
                listed.extend(found)
            else:
                single = found
            beside.update({name: page[name] for name in call.also if name in page})
    found = listed if single is None else single
    return _Answer(parameters=parameters, found=found, beside=beside)


def _under(page: Mapping[str, Any], key: str) -> Any:
    """What stands under a key of an answer, or of an object in it; the answer itself without a key."""
    found: Any = page
    for name in key.split(".") if key else ():
        found = found.get(name, []) if isinstance(found, Mapping) else []
    return found


def _plain(value: object) -> Any:
    """An argument as botocore takes it: pairs are a structure, other tuples a list."""
    if not isinstance(value, tuple):
        return value
    pairs = [pair for pair in value if isinstance(pair, tuple) and len(pair) == 2]
    if pairs and isinstance(pairs[0][0], str):
        return {name: _plain(each) for name, each in pairs}
    return [_plain(each) for each in value]


def _parameters(each: Each, asking: _Asking) -> Iterator[dict[str, Any]]:
    """The parameters of each call: those taken along, and the ids, one by one or in batches; none twice."""
    groups: dict[tuple[tuple[str, Any], ...], dict[Any, None]] = {}
    for found in each.found:
        for along, value in _ids(found, each, asking):
            groups.setdefault(along, {})[value] = None
    for along, ids in groups.items():
        names = list(ids)
        step = each.batch or 1
        for start in range(0, len(names), step):
            batch = names[start : start + step]
            yield {**dict(along), each.parameter: batch if each.batch else batch[0]}


def _ids(found: Found, each: Each, asking: _Asking) -> Iterator[tuple[tuple[tuple[str, Any], ...], Any]]:
    if isinstance(found.of, str):
        yield from (((), value) for value in _chosen(asking.known[found.of], found))
        return
    for answer in _answers(found.of, asking):
        along = tuple((name, answer.parameters[name]) for name in each.along)
        yield from ((along, value) for value in _chosen(_items(answer.found), found))


def _chosen(things: list[Any], found: Found) -> Iterator[Any]:
    return (value for thing in things if holds(found.where, thing) for value in values(thing, found.field))


def _items(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
