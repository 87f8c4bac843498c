"""Merging a block with one that overrides it."""

from __future__ import annotations

from auditor.sources.terraform.syntax import ast


def merged(base: ast.Block, override: ast.Block) -> ast.Block:
    """The block with the override's attributes, and with its nested blocks in the stead of those of a type.

    A ``lifecycle`` block is merged by its attributes
    (https://developer.hashicorp.com/terraform/language/files/override).
    """
    given = {attribute.name: attribute for attribute in override.body.attributes}
    attributes = [given.pop(attribute.name, attribute) for attribute in base.body.attributes]
    types = {_type(block) for block in override.body.blocks}
    kept = [block for block in base.body.blocks if _type(block) not in types or block.type == "lifecycle"]
    blocks = [block for block in override.body.blocks if block.type != "lifecycle"]
    replaced = set(given) & {_type(block) for block in kept}
    kept = [block for block in kept if _type(block) not in replaced]
    body = ast.Body((*attributes, *given.values()), (*kept, *blocks), base.body.at)
    return ast.Block(base.type, base.labels, body, base.at)


def _type(block: ast.Block) -> str:
    """The type of the blocks that a block gives: a dynamic block's label."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
