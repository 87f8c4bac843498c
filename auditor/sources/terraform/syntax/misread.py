"""What both halves of the fast adapter need of a tree-sitter node."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


class Misread(Exception):  # noqa: N818 - no error of the input: the other adapter is asked
    """tree-sitter's grammar cannot read this, or reads it otherwise than Terraform; ``offset`` says where."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def significant(node: Node) -> list[Node]:
    """A node's children without comments."""
    return [child for child in node.children if child.type != "comment"]
