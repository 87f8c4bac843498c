"""What the files of one folder declare together, overriding files merged in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.files import SourceFiles
from auditor.sources.terraform.configuration.override import merged
from auditor.sources.terraform.syntax import ast
from auditor.tree import Gap, GapKind, Location

LABELS = {"variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2, "ephemeral": 2}
IGNORED = {"terraform", "moved", "removed", "import", "check", "action", "locals"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """The blocks of a module by what they are named.

    ``blocks`` has one mapping for each sort of block (``variable``, ``resource``, …) from the labels, joined
    by dots, to the block; a provider's name has its alias. ``broken`` are the places where files
    do not parse. ``settings`` are the ``terraform`` blocks, the overriding ones last.
    """

    blocks: Mapping[str, Mapping[str, ast.Block]]
    locals: Mapping[str, ast.Attribute]
    settings: tuple[ast.Block, ...] = ()
    broken: tuple[Location, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class _Collected:
    blocks: dict[str, dict[str, ast.Block]] = field(default_factory=lambda: {kind: {} for kind in LABELS})
    locals: dict[str, ast.Attribute] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    def invalid(self, what: str, at: Location, why: str, hint: str = "") -> None:
        """Takes down what cannot be declared so."""
        self.gaps.append(Gap(GapKind.INVALID, what, at, why, hint))


def find(body: ast.Body, name: str) -> ast.Attribute | None:
    """The attribute of that name in a body."""
    for attribute in body.attributes:
        if attribute.name == name:
            return attribute
    return None


def declarations(files: SourceFiles) -> Declarations:
    """What the files declare; what is declared twice, or cannot be, is a gap."""
    collected = _Collected()
    for body in files.bodies:
        _collect(body, collected)
    for body in files.overrides:
        _override(body, collected)
    return Declarations(
        blocks=collected.blocks,
        locals=collected.locals,
        settings=tuple(
            block
            for body in (*files.bodies, *files.overrides)
            for block in body.blocks
            if block.type == "terraform"
        ),
        broken=tuple(files.broken),
        gaps=(*files.gaps, *collected.gaps),
    )


def _collect(body: ast.Body, collected: _Collected) -> None:
    for attribute in body.attributes:
        collected.invalid(attribute.name, attribute.at, "an attribute stands outside of any block")
    for block in body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                if attribute.name in collected.locals:
                    _twice(
                        f"local.{attribute.name}",
                        attribute.at,
                        collected.locals[attribute.name].at,
                        collected,
                    )
                collected.locals.setdefault(attribute.name, attribute)
        elif block.type in LABELS:
            _declare(block, collected)
        elif block.type not in IGNORED:
            collected.invalid(block.type, block.at, f"there is no block {block.type} in a configuration")


def _declare(block: ast.Block, collected: _Collected) -> None:
    name = _name(block)
    if not name:
        number = LABELS[block.type]
        collected.invalid(
            block.type, block.at, f"a {block.type} block needs {number} label{'s' * (number > 1)}"
        )
        return
    known = collected.blocks[block.type]
    if name in known:
        _twice(f"{block.type} {name}", block.at, known[name].at, collected)
    else:
        known[name] = block


def _twice(what: str, at: Location, first: Location, collected: _Collected) -> None:
    collected.invalid(
        what, at, f"{what} is declared twice: first at {first}", "rename or delete one of the two"
    )


def _name(block: ast.Block) -> str:
    """A block's name among those of its sort; empty where its labels are wrong."""
    if len(block.labels) != LABELS[block.type]:
        return ""
    name = ".".join(block.labels)
    if block.type == "provider":
        alias = find(block.body, "alias")
        if alias is not None and isinstance(alias.value, ast.Literal):
            return f"{name}.{alias.value.value}"
    return name


def _override(body: ast.Body, collected: _Collected) -> None:
    """Merges an overriding file (https://developer.hashicorp.com/terraform/language/files/override)."""
    for block in body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                collected.locals[attribute.name] = attribute
        elif block.type in LABELS:
            name = _name(block)
            known = collected.blocks[block.type]
            if name in known:
                known[name] = merged(known[name], block)
            elif block.type == "provider" and name:
                known[name] = block
            else:
                why = f"there is no {block.type} {name} that this could override"
                collected.invalid(f"{block.type} {name}", block.at, why)
