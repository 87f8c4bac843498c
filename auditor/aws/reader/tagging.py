"""Tags of which the input does not say all."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import nodes
from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import kind_of
from auditor.model import OpenTag
from auditor.tree import Dialect, Map, Node, Reason, Scalar, Unknown

_ANYTHING = ("*",)

# What AWS describes together with its tags; those of other things it lists apart.
_DESCRIBED_WITH = (
    "aws_autoscaling_group",
    "aws_db_",
    "aws_default_",
    "aws_ec2_",
    "aws_instance",
    "aws_nat_gateway",
    "aws_network_interface",
    "aws_rds_",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
)


def open_tags(block: Block) -> tuple[OpenTag, ...]:
    """The tags that a resource may have, of which the key or the value is not known."""
    entries = block.body.entries
    node = entries["tags_all"] if "tags_all" in entries else entries.get("tags", block.body.more)
    apart = not kind_of(block.resource).startswith(_DESCRIBED_WITH)
    if node is None and apart and block.resource.dialect is Dialect.SNAPSHOT:
        why = Reason(f"the tags of {block.address}", block.at, "a snapshot with what AWS lists of its tags")
        return (OpenTag(key="", values=_ANYTHING, reasons=(why,)),)
    return tuple(_opened(node))


def _opened(node: Node | None) -> Iterator[OpenTag]:
    match node:
        case None | Scalar():
            return
        case Map(entries=entries, more=more):
            for key, value in entries.items():
                if type(value) is not Scalar:
                    yield OpenTag(
                        key=key,
                        values=tuple(_patterns(value)),
                        reasons=nodes.why(value),
                        identity=value.identity if isinstance(value, Unknown) else nodes.described(value),
                    )
            if more is not None:
                yield OpenTag(key="", values=_ANYTHING, reasons=nodes.why(more))
        case Unknown(options=options) if options:
            yield from _of_one(options, nodes.why(node))
        case _:
            reasons = nodes.why(node)
            yield from (OpenTag(key="", values=_ANYTHING, reasons=reasons),) if reasons else ()


def _of_one(options: tuple[Node, ...], reasons: tuple[Reason, ...]) -> Iterator[OpenTag]:
    """The tags that there are if it is one of several."""
    for option in options:
        yield from _opened(option)
        for key, value in option.entries.items() if isinstance(option, Map) else ():
            if isinstance(value, Scalar):
                yield OpenTag(key=key, values=tuple(_patterns(value)), reasons=reasons)


def _patterns(node: Node) -> Iterator[str]:
    match node:
        case Scalar(value=None):
            return
        case Scalar():
            yield nodes.described(node)
        case Unknown(options=options) if options:
            for option in options:
                yield from _patterns(option)
        case Unknown(parts=parts) if parts:
            yield "".join(nodes.described(part) if isinstance(part, Scalar) else "*" for part in parts)
        case _:
            yield from _ANYTHING
