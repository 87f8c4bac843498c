"""One file of Terragrunt's: what it includes, and what its expressions are worth."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.declarations import LABELS, Declarations, find
from auditor.sources.terraform.configuration.files import parse_path
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame, Run
from auditor.sources.terraform.modules.module import Module
from auditor.sources.terraform.options import TerraformOptions
from auditor.sources.terraform.states import States
from auditor.sources.terraform.syntax import ast
from auditor.sources.terragrunt.dependencies import Asking, dependency, open_map
from auditor.tree import Gap, Location, Map, Node, Reason, Scalar, Unknown

MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """What all files that one unit reads have in common.

    ``path`` is the unit's own file, ``repository`` the folder that files may be read from. ``reading`` are
    the files that are being read just now, ``read`` those that were, as values, ``gaps`` what was not
    understood.
    """

    path: str
    repository: str
    environment: Mapping[str, str]
    read_file: Callable[[str], bytes]
    states: States | None = None
    reading: list[str] = field(default_factory=list)
    gaps: dict[Gap, None] = field(default_factory=dict)
    read: dict[str, Node] = field(default_factory=dict)

    def shown(self, path: str) -> str:
        """A path as the user would see it: from here, where the unit's is from here."""
        absolute = os.path.abspath(path)  # noqa: PTH100 -- links stay unresolved, as Terragrunt has it
        return absolute if os.path.isabs(self.path) else os.path.relpath(absolute)  # noqa: PTH117 -- as above


@dataclass(frozen=True, slots=True)
class Include:
    """A file that another one includes, and how the two are merged: ``no_merge``, ``shallow`` or ``deep``."""

    name: str
    file: ConfigFile
    strategy: str


class ConfigFile:
    """A file that is read for a unit.

    ``origin`` is the file whose folder ``get_terragrunt_dir()`` gives: an included file's is the including
    one. ``included`` says whether this is such. Raises InputError where it cannot be read.
    """

    __slots__ = ("body", "included", "includes", "module", "origin", "path", "unit")

    def __init__(self, unit: Unit, path: str, origin: str | None = None) -> None:
        self.unit = unit
        self.path = unit.shown(path)
        self.origin = unit.shown(origin) if origin is not None else self.path
        self.included = origin is not None
        if self.path in unit.reading or len(unit.reading) > MOST_FILES:
            raise InputError(f"{self.path} reads itself: {' -> '.join([*unit.reading, self.path])}")
        self.includes: tuple[Include, ...] = ()
        unit.reading.append(self.path)
        try:
            self.body = parse_path(self.path)
            self.module = self._module()
            self.includes = self._includes()
            # What a dependency is called by may name all the rest.
            self.module.frame = Frame(self.module, self._names())
            self.module.frame = self.frame.bind({"dependency": self._dependencies()})
        finally:
            unit.reading.pop()

    @property
    def folder(self) -> str:
        """The folder of this file."""
        return os.path.dirname(self.path) or "."  # noqa: PTH120 -- a string is at hand

    @property
    def frame(self) -> Frame:
        """What the file's expressions are evaluated in."""
        return self.module.frame

    def _module(self) -> Module:
        from auditor.sources.terragrunt.functions import functions

        run = Run(self.folder, TerraformOptions(), self.unit.read_file)
        run.gaps = self.unit.gaps
        run.functions = functions(self)
        values = {
            attribute.name: attribute
            for block in self.body.blocks
            if block.type == "locals"
            for attribute in block.body.attributes
        }
        run.declared[self.unit.repository] = Declarations(blocks={kind: {} for kind in LABELS}, locals=values)
        return Module(run, self.unit.repository, None, None)

    def _includes(self) -> tuple[Include, ...]:
        found = []
        for block in self.body.blocks:
            if block.type != "include":
                continue
            label = block.labels[0] if block.labels else ""
            what = f"include {label}".strip()
            try:
                found.append(self._include(label, block))
            except InputError as error:
                self.module.run.invalid(error, what, block.at)
        return tuple(found)

    def _include(self, label: str, block: ast.Block) -> Include:
        path = self.text(block.body, "path")
        if path is None:
            raise InputError("the path of what is included is not known", at=str(block.at))
        strategy = self.text(block.body, "merge_strategy") or "shallow"
        where = os.path.join(self.folder, path)  # noqa: PTH118 -- a string is at hand
        return Include(label, ConfigFile(self.unit, where, self.origin), strategy)

    def text(self, body: ast.Body, name: str) -> str | None:
        """An attribute of a block as text; None where it is not given or not known."""
        attribute = find(body, name)
        node = None if attribute is None else evaluate(attribute.value, self.frame)
        return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None

    def unread_includes(self) -> tuple[ast.Block, ...]:
        """The include blocks whose files could not be read."""
        blocks = [block for block in self.body.blocks if block.type == "include"]
        read = {each.name for each in self.includes}
        return tuple(block for block in blocks if (block.labels[0] if block.labels else "") not in read)

    def _names(self) -> dict[str, Node]:
        at = Location(self.path)
        names: dict[str, Node] = {"values": open_map("values", at, "the stack that generates this unit")}
        features: dict[str, Node] = {}
        for block in self.body.blocks:
            label = block.labels[0] if block.labels else ""
            if block.type == "feature":
                features[label] = Map({"value": self._default(label, block)}, block.at)
        for include in self.includes:
            features = {**_entries(include.file, "feature"), **features}
        # A file that is included may name what only the including one, or another one, declares.
        names["feature"] = open_map("feature", at, entries=features)
        exposed = {include.name: include.file.exports() for include in self.includes}
        for block in self.unread_includes():
            label = block.labels[0] if block.labels else ""
            exposed[label] = open_map(f"include.{label}".removesuffix("."), block.at)
        names["include"] = exposed[""] if "" in exposed else Map(exposed, at)
        return names

    def _dependencies(self) -> Node:
        # A file that is included names units as seen from the including one; what is there decides.
        folders = (os.path.dirname(self.origin) or ".", self.folder)  # noqa: PTH120 -- a string is at hand
        own = os.path.dirname(self.unit.path) or "."  # noqa: PTH120 -- as above
        asking = Asking(self.frame, folders, own, self.unit.states)
        found: dict[str, Node] = {}
        for block in self.body.blocks:
            if block.type == "dependency":
                found[block.labels[0] if block.labels else ""] = dependency(block, asking)
        for include in self.includes:
            found = {**_entries(include.file, "dependency"), **found}
        return open_map("dependency", Location(self.path), entries=found)

    def _default(self, label: str, block: ast.Block) -> Node:
        default = find(block.body, "default")
        if default is None:
            return open_map(f"feature.{label}", block.at)
        try:
            return evaluate(default.value, self.frame)
        except InputError as error:
            return self.module.run.invalid(error, f"feature {label}", default.at)

    def exports(self) -> Node:
        """The file as a value, as ``read_terragrunt_config`` and an exposed ``include`` give it."""
        from auditor.sources.terragrunt.merged import merged

        at = Location(self.path)
        whole = merged(self)
        inputs = Map(whole.inputs, at, more=Unknown(whole.open, at) if whole.open else None)
        values = {
            name: self.module.local(name, attribute.at)
            for name, attribute in self.module.declarations.locals.items()
        }
        entries: dict[str, Node] = {"locals": Map(values, at), "inputs": inputs}
        for name in ("dependency", "feature"):
            entries[name] = self.frame.names[name]
        if whole.source is not None:
            entries["terraform"] = Map({"source": whole.source}, at)
        reasons = (Reason(self.path, at),)
        return Map(entries, at, more=Unknown(reasons, at, identity=f"{self.path}."))


def _entries(file: ConfigFile, name: str) -> Mapping[str, Node]:
    node = file.frame.names[name]
    return node.entries if isinstance(node, Map) else {}
