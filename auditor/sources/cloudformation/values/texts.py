"""Texts that consist of pieces, known or not, and the dynamic references in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.errors import InputError
from auditor.sources.cloudformation.values.identity import identity_of, reasons_of, text_of
from auditor.sources.values import identity
from auditor.tree import Location, Node, Reason, Reference, Scalar, Seq, Unknown

LONGEST_TEXT = 1 << 20
MOST_PARTS = 200
_DYNAMIC = re.compile(r"\{\{resolve:[^{}]*\}\}")
_MARK = "{{resolve:"


def literal(node: Scalar) -> Node:
    """A scalar as it is written: one that holds dynamic references is known as far as the rest of it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    """
    value = node.value
    if not isinstance(value, str) or _MARK not in value:
        return node
    pieces: list[Node] = []
    at = 0
    for found in _DYNAMIC.finditer(value):
        pieces += [Scalar(value[at : found.start()], node.at, node.via), dynamic(found[0], node.at)]
        at = found.end()
    pieces.append(Scalar(value[at:], node.at, node.via))
    return _whole(list(_merged(pieces)), node.at)


def dynamic(text: str, at: Location) -> Unknown:
    """What a dynamic reference stands for: one value wherever it is written."""
    return Unknown((Reason(text, at, "a snapshot"),), at, identity=text, type="string")


def concatenated(pieces: Iterable[Node], at: Location) -> Node:
    """The pieces one after the other. InputError where one cannot be part of a text."""
    merged = list(_merged(_pieces(pieces)))
    if not merged:
        return Scalar("", at)
    if len(merged) == 1 and type(merged[0]) is Scalar:
        return literal(Scalar(merged[0].value, at, merged[0].via))
    return _whole(merged, at)


def _pieces(pieces: Iterable[Node]) -> Iterator[Node]:
    for piece in pieces:
        if isinstance(piece, Unknown) and piece.parts:
            yield from piece.parts
        elif isinstance(piece, Unknown | Reference):
            yield piece
        else:
            text = text_of(piece)
            if text is None:
                what = "a list" if isinstance(piece, Seq) else "what stands here"
                raise InputError(f"{what} cannot be part of a text")
            yield Scalar(text, piece.at, piece.via)


def _merged(pieces: Iterable[Node]) -> Iterator[Node]:
    """The pieces with the known ones that stand beside each other as one, and no empty one."""
    waiting: list[str] = []
    first: Node | None = None
    length = 0
    for piece in pieces:
        text = text_of(piece)
        if text is None:
            if first is not None and any(waiting):
                yield Scalar("".join(waiting), first.at, first.via)
            waiting, first = [], None
            yield piece
            continue
        length += len(text)
        if length > LONGEST_TEXT:
            raise InputError(f"the text is longer than {LONGEST_TEXT} characters")
        waiting.append(text)
        first = first or piece
    if first is not None and any(waiting):
        yield Scalar("".join(waiting), first.at, first.via)


def _whole(merged: list[Node], at: Location) -> Node:
    if not merged:
        return Scalar("", at)
    if len(merged) == 1:
        return merged[0]
    names = [identity_of(piece) for piece in merged]
    name = identity(" + ".join(names)) if all(names) else ""
    # A known piece that begins a dynamic reference will not be found in the text as it stands.
    apart = len(merged) <= MOST_PARTS and not any(_MARK in (text_of(piece) or "") for piece in merged)
    return Unknown(
        reasons_of(*merged), at, identity=name, type="string", parts=tuple(merged) if apart else ()
    )
