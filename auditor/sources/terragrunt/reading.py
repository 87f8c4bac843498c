"""A unit as resources and gaps: the module that it names, read with the unit's inputs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.depth import deep
from auditor.sources.places import place_of
from auditor.sources.terraform import called_modules as called_by_terraform
from auditor.sources.terraform.evaluate.frame import RecurrenceError
from auditor.sources.terraform.modules.addresses import Call, Missing, beside
from auditor.sources.terraform.modules.installed import holds_configuration, module_folder
from auditor.sources.terraform.modules.mapped import MappedModules
from auditor.sources.terraform.modules.module import Module
from auditor.sources.terraform.options import TerraformOptions
from auditor.sources.terraform.reading import Root, file_reader, repository
from auditor.sources.terraform.states import States
from auditor.sources.terragrunt.arguments import arguments
from auditor.sources.terragrunt.file import ConfigFile, Unit
from auditor.sources.terragrunt.generated import generated
from auditor.sources.terragrunt.merged import Merged, merged
from auditor.sources.terragrunt.units import STACK_FILE, UNIT_FILE
from auditor.tree import Gap, GapKind, Location, Map, Node, Reading, Reason, Resource, Scalar, Scope, Unknown

SETTLED_BY = "map it under modules: in netaudit.yaml"
_REGISTRY = re.compile(r"tfr://([^/]*)/([^?]+)(?:\?(?:.*&)?version=([^&]+))?.*")


class UnitRoot:
    """A unit with a state, read when it is first asked for; it may depend on others of ``states``."""

    __slots__ = ("_folder", "_opened", "_opening", "_options", "_states")

    def __init__(self, folder: str, options: TerraformOptions, states: States | None) -> None:
        self._folder = folder
        self._options = options
        self._states = states
        self._opened: _Opened | None = None
        self._opening = False

    @property
    def top(self) -> Module | None:
        """The unit's module; None where it cannot be read. RecurrenceError where it depends on itself."""
        root = self._open().root
        return None if root is None else root.top

    def reading(self) -> Reading:
        """All that the unit declares."""
        return deep(self._reading)

    def _reading(self) -> Reading:
        opened = self._open()
        if opened.root is None:
            return Reading(opened.unread, opened.gaps)
        reading = opened.root.declared()
        return Reading(reading.resources, (*opened.gaps, *reading.gaps), reading.outputs)

    def release(self) -> None:
        """Let go of the unit's module."""
        if self._opened is not None and self._opened.root is not None:
            self._opened.root.release()
        self._opened = None

    def state_key(self) -> None:
        """Nothing: where Terragrunt keeps a unit's state is not followed."""

    def _open(self) -> _Opened:
        if self._opening:
            raise RecurrenceError
        if self._opened is None:
            self._opening = True
            try:
                self._opened = _opened(self._folder, self._options, self._states)
            finally:
                self._opening = False
        return self._opened


@dataclass(frozen=True, slots=True)
class _Opened:
    """A unit's module with what it is given, or else what stands for it; and what was not understood."""

    gaps: tuple[Gap, ...]
    root: Root | None = None
    unread: tuple[Resource, ...] = ()


def called_modules(folder: str, environment: Mapping[str, str]) -> frozenset[str]:
    """The local folders that a unit, or the Terraform beside it, has as modules."""
    options = TerraformOptions(environment=environment)
    return frozenset({*called_by_terraform(folder), *deep(lambda: _sources(folder, options))})


def _sources(folder: str, options: TerraformOptions) -> tuple[str, ...]:
    try:
        _, whole = _config(folder, options)
    except InputError:
        return ()
    found = _module(folder, whole, options)
    return (found,) if isinstance(found, str) and found != folder else ()


def _config(
    folder: str, options: TerraformOptions, states: States | None = None
) -> tuple[ConfigFile, Merged]:
    path = beside(folder, UNIT_FILE)
    unit = Unit(path, repository(disk.real(folder)), options.environment, file_reader(folder), states)
    file = ConfigFile(unit, path)
    return file, merged(file)


def _opened(folder: str, options: TerraformOptions, states: States | None) -> _Opened:
    stack = _stack(folder)
    if disk.kind(beside(folder, UNIT_FILE)) is disk.Kind.ABSENT:
        return _Opened(stack)
    try:
        file, whole = _config(folder, options, states)
    except InputError as error:
        at = place_of(error, Location(beside(folder, UNIT_FILE)))
        gap = Gap(GapKind.SYNTAX, beside(folder, UNIT_FILE), at, error.message, error.hint)
        unread = _unread(at, {}, (Reason(UNIT_FILE, at, "a file that parses"),))
        return _Opened((*stack, gap), unread=(unread,))
    found = _module(folder, whole, options)
    if isinstance(found, Missing):
        at = whole.source.at if whole.source is not None else Location(file.path)
        reason = Reason("terraform.source", at, SETTLED_BY)
        gap = Gap(GapKind.MODULE, "terraform.source", at, found.why, SETTLED_BY)
        gaps = (*stack, *file.unit.gaps, gap)
        return _Opened(gaps, unread=(_unread(at, whole.inputs, (reason,)),))
    root = Root(found, _given(folder, found, options, whole), states, folder)
    return _Opened((*stack, *file.unit.gaps), root)


def _given(folder: str, module: str, options: TerraformOptions, whole: Merged) -> TerraformOptions:
    """The options with what the unit gives its module: values, and files that are put over its own."""
    extra = arguments(whole)
    at = Location(beside(folder, UNIT_FILE))
    more = Unknown(whole.open, at) if whole.open else None
    settings = replace(options.settings, var_files=(*extra.var_files, *options.settings.var_files))
    return replace(
        options,
        inputs=Map({**whole.inputs, **extra.variables}, at, more=more),
        settings=settings,
        unread=tuple(extra.unread),
        overlaid=(folder,) if module != folder else (),
        generated=generated(whole),
    )


def _module(folder: str, whole: Merged, options: TerraformOptions) -> str | Missing:
    """The folder of the unit's module: its own where it names none."""
    if whole.source is None:
        if holds_configuration(folder):
            return folder
        return Missing("the unit names no module, and there is no Terraform beside it")
    if not isinstance(whole.source, Scalar) or not isinstance(whole.source.value, str):
        return Missing("the unit's module source is not known")
    source, version = whole.source.value, ""
    if named := _REGISTRY.fullmatch(source):
        host, path, version = named.groups("")
        source = f"{host}/{path}".lstrip("/")
    elif holds_configuration(beside(folder, source)):
        source = beside(".", source) if os.path.isabs(source) else f"./{source}"  # noqa: PTH117 -- a string is at hand
    found = module_folder(Call(source, version, folder), folder, MappedModules(options.modules), None)
    if isinstance(found, Missing):
        return Missing(f"the module {source} cannot be read: {found.why}")
    is_from_here = os.path.isabs(found) and not os.path.isabs(folder)  # noqa: PTH117 -- strings are at hand
    return os.path.relpath(found) if is_from_here else found


def _unread(at: Location, inputs: Mapping[str, Node], reasons: tuple[Reason, ...]) -> Resource:
    return Resource("module", "terraform.source", Map(dict(inputs), at), at, scope=Scope(), reasons=reasons)


def _stack(folder: str) -> tuple[Gap, ...]:
    path = beside(folder, STACK_FILE)
    if disk.kind(path) is disk.Kind.ABSENT:
        return ()
    made = beside(folder, ".terragrunt-stack")
    there = disk.kind(made) is disk.Kind.FOLDER
    hint = f"give {made} as well" if there else "run terragrunt stack generate, and give what it writes"
    return (
        Gap(GapKind.MODULE, path, Location(path), "a stack's units are generated, and are not read", hint),
    )
