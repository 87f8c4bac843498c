"""A text cut at a delimiter, also one of which pieces are not known."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.sources.cloudformation.values.identity import reasons_of, text_of
from auditor.sources.cloudformation.values.texts import concatenated
from auditor.tree import Location, Node, Reference, Scalar, Seq, Unknown

# What stands in no id, ARN or DNS name that AWS gives: not "|", which joins the parts of some ids.
_NEVER_IN_IDS = frozenset(",;&#!\n\t ")
_TWO_BARS = "||"  # as the CDK joins lists


def split(node: Node, delimiter: str, at: Location) -> Seq | None:
    """The texts between the delimiters of a text; None where nothing is known of them.

    A piece that is not known, and may hold delimiters itself, may be any number of texts.
    """
    text = text_of(node)
    if text is not None:
        cut = text.split(delimiter) if delimiter else [text]
        return Seq(tuple([Scalar(part, at, node.via) for part in cut]), at)
    if not isinstance(node, Unknown) or not node.parts or not delimiter:
        return Seq((node,), at) if is_whole(node, delimiter) else None
    groups = list(_groups(node.parts, delimiter))
    whole = [all(is_whole(piece, delimiter) for piece in group) for group in groups]
    items = tuple([concatenated(group, at) for group, each in zip(groups, whole, strict=True) if each])
    if all(whole):
        return Seq(items, at)
    loose = [piece for group, each in zip(groups, whole, strict=True) if not each for piece in group]
    more = Unknown(reasons_of(*loose), at, type="string")
    return Seq(items, at, more=more, unordered=not all(whole[: len(items)]))


def _groups(parts: tuple[Node, ...], delimiter: str) -> Iterator[list[Node]]:
    """The pieces between those delimiters that are in the known pieces."""
    group: list[Node] = []
    for piece in parts:
        known = text_of(piece)
        if known is None:
            group.append(piece)
            continue
        first, *rest = known.split(delimiter)
        group.append(Scalar(first, piece.at))
        for part in rest:
            yield group
            group = [Scalar(part, piece.at)]
    yield group


def is_whole(piece: Node, delimiter: str) -> bool:
    """Whether the delimiter cannot stand in a piece, whatever it turns out to be."""
    text = text_of(piece)
    if text is not None:
        return delimiter not in text
    an_id = isinstance(piece, Reference) or (isinstance(piece, Unknown) and piece.type.startswith("AWS::"))
    return an_id and (delimiter == _TWO_BARS or not _NEVER_IN_IDS.isdisjoint(delimiter))
