"""The table of calls against AWS's own description of its API, as botocore carries it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from auditor.sources.snapshot.collect import policy
from auditor.sources.snapshot.collect.calls import Call, Found, Piece, calls_of, needed_by
from auditor.sources.snapshot.collect.policy import action_of
from auditor.sources.snapshot.collect.table import PIECES
from auditor.sources.snapshot.collect.withheld import written

BY_FILE = {piece.file: piece for piece in PIECES}
CALLS = sorted(
    {(call.service, call.operation): call for piece in PIECES for call in calls_of(piece.call)}.items()
)
READS = ("Describe", "List", "Get", "Search", "BatchGet")
each_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.file)
each_call = pytest.mark.parametrize("call", [call for _, call in CALLS], ids=lambda call: call.operation)


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    """The description of each service that the table names."""
    session = pytest.importorskip("botocore.session", reason="boto3 comes with the extra `aws`")
    of = session.get_session().get_service_model
    return {service: of(service) for service in {service for (service, _), _ in CALLS}}


def operation(models: dict[str, Any], call: Call) -> Any:
    return models[call.service].operation_model(call.operation)


@each_call
def test_every_operation_reads_and_nothing_else(call: Call) -> None:
    assert call.operation.startswith(READS)


@each_call
def test_every_operation_exists_and_its_answer_has_the_key(call: Call, models: dict[str, Any]) -> None:
    answer = operation(models, call).output_shape
    for name in call.key.split(".") if call.key else ():
        assert name in answer.members
        answer = answer.members[name]
    answer = operation(models, call).output_shape
    assert set(call.also) <= set(answer.members)


@each_call
def test_every_parameter_exists_and_none_that_is_required_is_missing(
    call: Call, models: dict[str, Any]
) -> None:
    shape = operation(models, call).input_shape
    for variant in call.variants:
        given = {name for name, _ in variant}
        if call.each:
            given |= {call.each.parameter, *call.each.along}
        assert given <= set(shape.members if shape else ())
        assert set(shape.required_members if shape else ()) <= given
    if call.each:
        assert (shape.members[call.each.parameter].type_name == "list") is (call.each.batch > 0)


@each_call
def test_the_permission_is_named_as_the_service_signs(call: Call, models: dict[str, Any]) -> None:
    assert (
        action_of(f"{call.service}:{call.operation}").partition(":")[0] == models[call.service].signing_name
    )


def item_of(models: dict[str, Any], call: Call) -> Any:
    """The shape of one object of an answer."""
    answer = operation(models, call).output_shape
    shape = answer
    for name in call.key.split(".") if call.key else ():
        shape = shape.members[name]
    return shape.member if shape.type_name == "list" else shape


def shapes_at(shape: Any, path: list[str]) -> Iterator[Any]:
    """The shapes at a path, lists passed through."""
    if shape.type_name == "list":
        yield from shapes_at(shape.member, path)
    elif not path:
        yield shape
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            if fnmatchcase(name, path[0]):
                yield from shapes_at(member, path[1:])
    elif shape.type_name == "map":
        yield from shapes_at(shape.value, path[1:])


@each_piece
def test_every_field_that_is_kept_or_chosen_by_exists(piece: Piece, models: dict[str, Any]) -> None:
    shape = item_of(models, piece.call)
    fields = [*piece.kept, *([piece.where.field] if piece.where else [])]
    assert [field for field in fields if not list(shapes_at(shape, field.split(".")))] == []


def test_every_field_that_is_dropped_exists_in_an_answer_of_the_files_that_share_its_list(
    models: dict[str, Any],
) -> None:
    pieces_by_list: dict[tuple[str, ...], list[Piece]] = {}
    for piece in PIECES:
        pieces_by_list.setdefault(piece.dropped, []).append(piece)
    assert [
        (field, [piece.file for piece in pieces])
        for dropped, pieces in pieces_by_list.items()
        for field in dropped
        if not any(list(shapes_at(item_of(models, piece.call), field.split("."))) for piece in pieces)
    ] == []


def sensitive(shape: Any, path: tuple[str, ...] = (), above: frozenset[str] = frozenset()) -> Iterator[Any]:
    """The paths of what AWS itself marks as sensitive."""
    if shape.name in above:
        return
    above |= {shape.name}
    if shape.metadata.get("sensitive"):
        yield path
    for name, member in shape.members.items() if shape.type_name == "structure" else ():
        yield from sensitive(member, (*path, name), above)
    if shape.type_name in {"list", "map"}:
        below = shape.member if shape.type_name == "list" else shape.value
        yield from sensitive(below, path, above)


@each_piece
def test_nothing_that_aws_marks_as_sensitive_is_written(piece: Piece, models: dict[str, Any]) -> None:
    kept = []
    for path in sensitive(item_of(models, piece.call)):
        thing: Any = "the-secret"
        for name in reversed(path):
            thing = {name: thing}
        if "the-secret" in str(written(thing, piece)):
            kept.append(path)
    assert kept == []


def found_of(call: Call) -> Iterator[Found]:
    for each in calls_of(call):
        yield from each.each.found if each.each else ()


@each_piece
def test_every_id_stands_in_the_answer_that_it_is_taken_from(piece: Piece, models: dict[str, Any]) -> None:
    for found in found_of(piece.call):
        source = BY_FILE[found.of].call if isinstance(found.of, str) else found.of
        fields = [found.field, *([found.where.field] if found.where else [])]
        for field in fields:
            (shape,) = shapes_at(item_of(models, source), [name for name in field.split(".") if name])
            assert shape.type_name in {"string", "boolean"}


@each_piece
def test_no_id_is_asked_for_that_is_not_written(piece: Piece) -> None:
    for found in found_of(piece.call):
        if isinstance(found.of, str):
            source = BY_FILE[found.of]
            assert not source.wrap
            assert not source.kept
            assert found.field not in source.dropped


def test_no_two_pieces_are_one_file() -> None:
    assert [file for file, count in Counter(piece.file for piece in PIECES).items() if count > 1] == []
    assert {name for piece in PIECES for name in needed_by(piece.call)} <= set(BY_FILE)


@each_piece
def test_a_wrapped_answer_cannot_be_taken_for_a_plain_one(piece: Piece) -> None:
    assert piece.wrap != piece.call.key or not piece.wrap
    assert piece.top


@each_piece
def test_what_is_one_for_all_regions_needs_nothing_of_a_region(piece: Piece) -> None:
    for name in needed_by(piece.call):
        assert BY_FILE[name].everywhere is piece.everywhere


def test_the_policy_allows_every_call_and_fits_what_iam_takes() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.
    document = json.loads(policy())
    (statement,) = document["Statement"]
    wanted = {action_of(f"{service}:{name}") for (service, name), _ in CALLS}
    assert {
        each for each in wanted if not any(fnmatchcase(each, one) for one in statement["Action"])
    } == set()
    assert all(action.split(":")[1].startswith((*READS, "GET")) for action in statement["Action"])
    assert len("".join(policy().split())) <= 6144


def test_the_policy_for_some_pieces_allows_no_more_than_they_need() -> None:
    (statement,) = json.loads(policy(("elb",)))["Statement"]
    assert statement["Action"] == [
        "ec2:DescribeRegions",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
    ]
