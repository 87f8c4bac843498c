"""The files that a unit writes beside its module before Terraform runs: ``generate``.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate
"""

from __future__ import annotations

import os
import re

from auditor.errors import InputError
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.configuration.files import suffix_of
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.syntax import ast
from auditor.sources.terragrunt.merged import Block, Merged
from auditor.tree import Gap, GapKind, Scalar

_DECLARING = re.compile(r"\b(?:resource|data|module|variable|locals|output)\b")


def generated(whole: Merged) -> dict[str, bytes]:
    """The texts of the files of Terraform's that a unit generates, by name.

    One that is not known is left out if it can only configure providers and backends, and else is a gap.
    """
    found: dict[str, bytes] = {}
    for (kind, label), block in whole.blocks.items():
        if kind != "generate":
            continue
        try:
            path, text = (_text(block, name) for name in ("path", "contents"))
        except InputError as error:
            block.file.module.run.invalid(error, f"generate {label}", block.block.at)
            continue
        if path is not None and not suffix_of(os.path.basename(path)):  # noqa: PTH119 -- a string is at hand
            continue
        if path is not None and text is not None:
            found[path] = text.encode()
        elif not _is_harmless(block):
            why = "what it writes is not known"
            what = f"generate {label}"
            block.file.module.run.gap(Gap(GapKind.INVALID, what, block.block.at, why))
    return found


def _text(block: Block, name: str) -> str | None:
    attribute = find(block.block.body, name)
    node = None if attribute is None else evaluate(attribute.value, block.file.frame)
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _is_harmless(block: Block) -> bool:
    """Whether a text that is known in parts declares nothing that exists."""
    contents = find(block.block.body, "contents")
    if contents is None or not isinstance(contents.value, ast.Template):
        return False
    parts = [part.value for part in contents.value.parts if isinstance(part, ast.Literal)]
    return not any(_DECLARING.search(str(part)) for part in parts)
