"""The tables of kinds say what AWS's own service models say."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from auditor.sources.snapshot.kinds import BESIDE, KINDS, PARTS, RECORDED, Kind, Part
from auditor.sources.snapshot.kinds.finding import WHOLE, by_key, kind_of

session = pytest.importorskip("botocore.session", reason="botocore comes with the aws extra")

ANSWERS = [(kind, answer) for kind in KINDS for answer in kind.answers]


@cache
def service(name: str) -> Any:
    return session.get_session().get_service_model(name)


def operation(name: str) -> Any:
    where, _, what = name.partition(".")
    return service(where).operation_model(what)


def thing(answer: str) -> Any:
    """The shape of the things that an answer has."""
    name, _, key = answer.partition(":")
    shape = operation(name).output_shape
    if key != WHOLE:
        assert key in shape.members
        shape = shape.members[key]
    shape = shape.member if shape.type_name == "list" else shape
    return shape.members["Instances"].member if key == "Reservations" else shape


def at(shape: Any, path: str) -> Any:
    for name in path.split("."):
        if shape is None or name not in shape.members:
            return None
        shape = shape.members[name]
    return shape


def beside(answer: str) -> set[str]:
    """The keys that are put into the things of an answer from beside them."""
    return {key for key, owner in BESIDE.items() if owner == answer.partition(":")[2]}


@pytest.mark.parametrize(
    ("kind", "answer"), ANSWERS, ids=[f"{kind.name} {answer}" for kind, answer in ANSWERS]
)
def test_every_answer_has_the_fields_that_name_its_things(kind: Kind, answer: str):
    shape = thing(answer)
    required = [field.split("|") for field in kind.id if not field.endswith("?")]
    assert [names for names in required if not any(at(shape, name) for name in names)] == []


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_kind_is_told_by_fields_that_it_has(kind: Kind):
    shapes = [thing(answer) for answer in kind.answers]
    assert [field for field in kind.tells if not any(at(shape, field) for shape in shapes)] == []
    needed = {name for answer in kind.answers for name in (*thing(answer).members, *beside(answer))}
    assert not kind.needs or needed & set(kind.needs)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_states_are_the_service_s_own(kind: Kind):
    fields = (
        [field for answer in kind.answers if (field := at(thing(answer), kind.state))] if kind.state else []
    )
    assert bool(fields) == bool(kind.state)
    for field in fields:
        named = set(getattr(field, "enum", ()) or kind.gone | kind.waiting)
        named |= {name[:1].lower() + name[1:] for name in named}  # as EC2 answers for endpoints
        assert kind.gone | kind.waiting <= named
    assert not kind.gone & kind.waiting


@pytest.mark.parametrize("part", PARTS, ids=[f"{part.operation} {part.owner}" for part in PARTS])
def test_a_part_is_asked_for_by_its_owner(part: Part):
    asked = operation(part.operation)
    assert part.key in asked.output_shape.members
    assert part.owner in asked.input_shape.members
    assert part.kind in {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_thing_with_all_its_fields_is_of_its_own_kind(kind: Kind):
    """Services share keys: no kind takes the things of another."""
    for answer in kind.answers:
        key = answer.partition(":")[2]
        fields = dict.fromkeys(thing(answer).members, "x") | dict.fromkeys(beside(answer), "x")
        if all(field in fields for field in kind.tells):
            key = "Instances" if key == "Reservations" else key
            assert kind_of(fields, by_key(KINDS)[key]) is kind


def test_kinds_are_named_once_and_recorded_types_are_kinds():
    names = [kind.name for kind in KINDS]
    assert len(names) == len(set(names))
    assert set(RECORDED.values()) <= set(names)
