"""Which folders are root modules, and which are called by others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.configuration.declarations import Declarations, declarations, find
from auditor.sources.terraform.configuration.files import (
    SourceFiles,
    configuration_names,
    overrides,
    parse_text,
    read_bytes,
)
from auditor.sources.terraform.modules.addresses import beside, is_local
from auditor.sources.terraform.modules.installed import holds_configuration, is_linked, of_root
from auditor.sources.terraform.syntax import ast

# What has none of these calls no local module: most files need not be parsed.
_LOCAL_SOURCE = re.compile(rb'"(?:\.{1,2}[/\\"]|/)')
_CALL = re.compile(rb"\bmodule\b")
_OF_A_ROOT = re.compile(rb'^[ \t]*(?:backend[ \t]+"?\w|cloud[ \t]*\{)', re.MULTILINE)
_GIVEN = (".auto.tfvars", ".auto.tfvars.json")


def is_root(folder: str) -> bool:
    """Whether a folder holds Terraform or OpenTofu files, so that it can be read as a root module."""
    return holds_configuration(folder)


def called_modules(folder: str) -> frozenset[str]:
    """The folders that the configuration in ``folder`` calls as local modules, seen from where it is seen."""
    found: set[str] = set()
    seen = of_root if is_linked(folder) else beside
    for block in _calling(folder).blocks["module"].values():
        source = find(block.body, "source")
        if source is None or not isinstance(source.value, ast.Literal):
            continue
        text = source.value.value
        if isinstance(text, str) and is_local(text):
            found.add(seen(folder, text))
    return frozenset(found)


def _calling(folder: str) -> Declarations:
    """What the files declare that could call a local module; a file that cannot be read calls none."""
    files = SourceFiles()
    names = _names(folder)
    overridden = any(map(overrides, names))
    for name in names:
        path = beside(folder, name)
        try:
            text = read_bytes(path)
            if overridden or (_CALL.search(text) and _LOCAL_SOURCE.search(text)):
                (files.overrides if overrides(name) else files.bodies).append(parse_text(text, path))
        except InputError:
            continue
    return declarations(files)


def _names(folder: str) -> list[str]:
    try:
        return configuration_names(folder)
    except OSError:
        return []


def uncalled(calls: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The folders of ``calls`` that are roots, in its order: it leads from each to the folders that it calls.

    What another one calls is a module, save where its callers all lie below it, as examples and tests do, and
    it has a backend or values of its own: then it is a root with tests. Those that only call one another in
    a circle are roots, since Terraform's error for them must not be lost.
    """
    by_place = {disk.real(folder): folder for folder in calls}
    places = {folder: place for place, folder in by_place.items()}
    called_by: dict[str, set[str]] = {place: set() for place in by_place}
    for place, folder in by_place.items():
        for target in {places.get(each) or disk.real(each) for each in calls[folder]}:
            if target in called_by:
                called_by[target].add(place)
    roots = {place for place in by_place if not called_by[place] or _stands_alone(place, called_by[place])}
    roots |= _circles(set(by_place) - _reached(roots, called_by), called_by)
    return tuple(folder for place, folder in by_place.items() if place in roots)


def _stands_alone(place: str, callers: set[str]) -> bool:
    if not all(caller.startswith(place + os.sep) for caller in callers):
        return False
    try:
        names = [name for name, _ in disk.entries(place)]
        given = any(name.startswith("terraform.tfvars") or name.endswith(_GIVEN) for name in names)
        texts = (read_bytes(beside(place, name)) for name in configuration_names(place))
        return given or any(_OF_A_ROOT.search(text) for text in texts)
    except (OSError, InputError):
        return False


def _reached(roots: set[str], called_by: Mapping[str, set[str]]) -> set[str]:
    """The roots and all that is called from them, through however many modules."""
    calls: dict[str, list[str]] = {}
    for target, callers in called_by.items():
        for caller in callers:
            calls.setdefault(caller, []).append(target)
    reached = set(roots)
    waiting = list(roots)
    while waiting:
        fresh = [each for each in calls.get(waiting.pop(), ()) if each not in reached]
        reached.update(fresh)
        waiting += fresh
    return reached


def _circles(places: set[str], called_by: Mapping[str, set[str]]) -> set[str]:
    """Of the places that no root leads to, those that all their callers are called by."""
    reach = {place: _reached({place}, called_by) for place in places}
    return {
        place for place in places if all(other in reach[place] for other in places if place in reach[other])
    }
