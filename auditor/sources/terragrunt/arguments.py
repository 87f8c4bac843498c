"""What a unit has Terraform called with: ``extra_arguments``.

https://terragrunt.gruntwork.io/docs/features/extra-arguments/
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import field

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terragrunt.merged import Block, Merged
from auditor.tree import Location, Map, Node, Scalar, Seq, Unknown

DECIDING = frozenset({"apply", "plan"})
_VARIABLE = "TF_VAR_"


@dataclass(frozen=True, slots=True)
class Arguments:
    """The files of variables and the single variables that a plan is given.

    ``unread`` are places that give more, which is not known.
    """

    var_files: list[str] = field(default_factory=list)
    variables: dict[str, Node] = field(default_factory=dict)
    unread: list[Location] = field(default_factory=list)


def arguments(whole: Merged) -> Arguments:
    """What the ``extra_arguments`` of a unit give to a plan."""
    found = Arguments()
    for (kind, _), block in whole.blocks.items():
        commands = _texts(_value(block, "commands")) if kind == "extra_arguments" else []
        if commands is None or DECIDING.intersection(commands):
            _take_files(block, found)
            _take_words(block, found)
            _take_env_vars(block, found)
    return found


def _value(block: Block, name: str) -> Node | None:
    attribute = find(block.block.body, name)
    if attribute is None:
        return None
    try:
        return evaluate(attribute.value, block.file.frame)
    except InputError as error:
        return block.file.module.run.invalid(error, f"extra_arguments.{name}", attribute.at)


def _texts(node: Node | None) -> list[str] | None:
    """A list of texts; None where it is not known."""
    if node is None:
        return []
    if not isinstance(node, Seq) or node.more is not None:
        return None
    texts = [str(item.value) for item in node.items if isinstance(item, Scalar)]
    return texts if len(texts) == len(node.items) else None


def _take_files(block: Block, found: Arguments) -> None:
    for name in ("required_var_files", "optional_var_files"):
        paths = _texts(_value(block, name))
        if paths is None:
            found.unread.append(block.block.at)
        for path in paths or ():
            _take_file(block, path, found, required=name == "required_var_files")


def _take_file(block: Block, path: str, found: Arguments, *, required: bool) -> None:
    unit = block.file.unit
    where = unit.shown(os.path.join(os.path.dirname(unit.path), path))  # noqa: PTH118, PTH120 -- strings are at hand
    if disk.kind(where) is disk.Kind.FILE:
        found.var_files.append(where)
    elif required:
        error = InputError(f"there is no such variables file: {where}", at=str(block.block.at))
        block.file.module.run.invalid(error, "extra_arguments", block.block.at)
        found.unread.append(block.block.at)


def _take_words(block: Block, found: Arguments) -> None:
    words = _texts(_value(block, "arguments"))
    if words is None:
        found.unread.append(block.block.at)
    for option, value in _options(words or []):
        if option == "-var-file":
            _take_file(block, value, found, required=True)
        elif option == "-var":
            name, _, text = value.partition("=")
            found.variables[name] = Scalar(text, block.block.at)


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Options with their values, written as ``-name=value`` or as two words."""
    rest = iter(words)
    for word in rest:
        option, mark, value = word.replace("--", "-", 1).partition("=")
        if option in {"-var", "-var-file"}:
            yield option, value if mark else next(rest, "")


def _take_env_vars(block: Block, found: Arguments) -> None:
    node = _value(block, "env_vars")
    if isinstance(node, Unknown) or (isinstance(node, Map) and node.more is not None):
        found.unread.append(block.block.at)
    entries: Mapping[str, Node] = node.entries if isinstance(node, Map) else {}
    for name, value in entries.items():
        if name.startswith(_VARIABLE):
            found.variables[name.removeprefix(_VARIABLE)] = value
