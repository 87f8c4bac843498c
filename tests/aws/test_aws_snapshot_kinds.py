"""The spellings of the API's kinds against the shapes of its answers, as botocore has them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from auditor import aws
from auditor.aws.reader import Spelling
from auditor.aws.uncollected import UNCOLLECTED
from auditor.sources.snapshot.kinds import KINDS, PARTS
from auditor.sources.snapshot.kinds.parts import BESIDE
from tests.aws.test_aws_template_types import paths_of

SPELLINGS = {
    kind: spelling
    for kind, spelling in aws.readers(tuple(aws.__path__)).spellings.items()
    if not kind.startswith("AWS::") and kind != UNCOLLECTED
}
BY_NAME = {kind.name: kind for kind in KINDS}


@cache
def session() -> Any:
    return pytest.importorskip("botocore.session", reason="botocore is not installed").get_session()


def below(shape: Any, above: str, depth: int) -> Iterator[str]:
    """The paths of all fields below a shape, also through lists."""
    if shape.type_name == "list":
        yield from below(shape.member, above, depth)
    elif shape.type_name == "structure" and depth < 8:
        for name, inner in shape.members.items():
            yield above + name
            yield from below(inner, f"{above}{name}.", depth + 1)


def answered(answer: str, kind: str = "") -> Iterator[str]:
    """The fields of the things in an answer, ``service.Operation:Key``, which may be a level deeper."""
    operation, _, key = answer.partition(":")
    service, _, name = operation.partition(".")
    output = session().get_service_model(service).operation_model(name).output_shape
    shape = output if key == "*" else _within(output, key)
    fields = getattr(shape, "members", {}).keys()
    whole = kind in BY_NAME and set(BY_NAME[kind].id) <= fields
    deeper = None if whole or kind in {"", key} else _within(shape, kind.rpartition(":")[2])
    yield from below(shape if deeper is None else deeper, "", 0)


def _within(shape: Any, key: str, depth: int = 4) -> Any:
    """The shape under a key, not far below another."""
    if shape.type_name == "list":
        return _within(shape.member, key, depth)
    if shape.type_name != "structure" or not depth:
        return None
    if key in shape.members:
        return shape.members[key]
    found = (_within(inner, key, depth - 1) for inner in shape.members.values())
    return next((inner for inner in found if inner is not None), None)


def beside(kind: str) -> Iterator[str]:
    """The fields of what stands in an answer beside a thing, and belongs to it."""
    for answer in BY_NAME[kind].answers:
        operation, _, key = answer.partition(":")
        for part in (part for part, whole in BESIDE.items() if whole == key):
            yield part
            yield from (f"{part}.{path}" for path in answered(f"{operation}:{part}"))


@pytest.mark.parametrize("kind", sorted(SPELLINGS))
def test_a_spelling_names_fields_that_there_are(kind: str) -> None:
    known = {path for answer in BY_NAME[kind].answers for path in answered(answer, kind)}
    parts = [part for part in PARTS if part.kind == kind]
    known |= {part.key for part in parts}
    known |= {f"{part.key}.{path}" for part in parts for path in answered(f"{part.operation}:{part.key}")}
    known |= set(beside(kind))
    spelling: Spelling = SPELLINGS[kind]
    assert paths_of(spelling) - known == set()
