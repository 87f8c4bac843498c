"""``netaudit.yaml``: what a project says of itself, once, for every run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import one_of
from auditor.frozen import dataclass
from auditor.sources.checking import Checking, checking
from auditor.sources.document import Document, Keys, read_document
from auditor.sources.settings import RootSettings
from auditor.tree import Location, Map, Node, Scalar, Seq

if TYPE_CHECKING:
    from auditor.sources.cloudformation.given import GivenValue

DEFAULT_NAME = "netaudit.yaml"
NOTHING_SAID = Checking()


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings of a project; paths in it are relative to the configuration file.

    ``modules`` maps a module's source, or ``source@version``, to a folder that holds it. ``roots`` are the
    values for single roots, by their folders. ``parameters`` are the values for templates, those for all
    stacks before those for single ones. ``tiers`` maps a component's name or address to its tier
    (``public``, ``app``, ``data``, ``internal``, ``external``). ``fail_on`` is the severity from which
    ``check`` fails; ``checking`` what else is said of it. ``path`` is the file itself, None where there is
    none.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, RootSettings] = field(default_factory=dict)
    parameters: tuple[GivenValue, ...] = ()
    tiers: Mapping[str, str] = field(default_factory=dict)
    fail_on: str | None = None
    checking: Checking = NOTHING_SAID
    path: str | None = field(default=None, compare=False)


POLICY_KEYS = ("names", "policy")
KEYS = (
    "modules",
    "roots",
    "parameters",
    "parameter-files",
    "stacks",
    "tiers",
    "fail-on",
    "rules",
    "ignore",
    "baseline",
    *POLICY_KEYS,
)
"""All keys; what stands below the last, the rules read for themselves."""
TIERS = ("public", "app", "data", "internal", "external")
STACK_KEYS = ("parameters", "parameter-files")
ROOT_KEYS = ("var-files", "variables", "workspace")


def read_configuration(path: str | None) -> Configuration:
    """The configuration in ``path``; where it is None, in ``netaudit.yaml`` here, if there is one.

    Raises RuleError where it is missing though named, no YAML, or has keys that mean nothing.
    """
    if path is None:
        if disk.kind(DEFAULT_NAME) is not disk.Kind.FILE:
            return Configuration()
        path = DEFAULT_NAME
    document = read_document(path)
    document.mapping((), "settings, each as `name: value`", KEYS)
    folder = os.path.dirname(path)  # noqa: PTH120 -- as the user would type it
    roots = document.mapping(("roots",), "`folder: settings` pairs")
    return Configuration(
        modules={source: _path(folder, target) for source, target in document.texts(("modules",)).items()},
        roots={_path(folder, root): _root(document, folder, root) for root in roots},
        parameters=tuple(_parameters(document, folder)),
        tiers=_tiers(document),
        fail_on=document.text(("fail-on",), "a severity", "info, low, medium, high or critical"),
        checking=checking(document, folder),
        path=path,
    )


def _tiers(document: Document) -> Mapping[str, str]:
    found = document.texts(("tiers",))
    for name, tier in found.items():
        if tier not in TIERS:
            raise document.error(f"{tier!r} is no tier", ("tiers", name), one_of(tier, TIERS))
    return found


def _path(folder: str, path: str) -> str:
    return os.path.normpath(f"{folder or '.'}/{path}") if not os.path.isabs(path) else path  # noqa: PTH117 -- as above


def _root(document: Document, folder: str, root: str) -> RootSettings:
    keys = ("roots", root)
    if disk.kind(_path(folder, root)) is not disk.Kind.FOLDER:
        raise document.error(f"there is no folder {root}", keys, _nearest_folder(folder, root))
    document.mapping(keys, f"settings: {', '.join(ROOT_KEYS)}", ROOT_KEYS)
    variables = (*keys, "variables")
    values = document.mapping(variables, "`name: value` pairs")
    try:
        nodes = {name: _node(document, (*variables, name), each) for name, each in values.items()}
    except RecursionError:
        raise document.error("variables: a value holds itself", variables) from None
    return RootSettings(
        var_files=tuple(_path(folder, each) for each in _list(document, (*keys, "var-files"))),
        variables=nodes,
        workspace=document.text((*keys, "workspace"), "a name"),
    )


def _parameters(document: Document, folder: str) -> Iterator[GivenValue]:
    """The values for all stacks, then those for single ones; those in files before those that stand here."""
    from auditor.sources.cloudformation.given import GivenValue, as_text

    stacks = document.mapping(("stacks",), "`stack: settings` pairs")
    for stack in ("", *stacks):
        keys = ("stacks", stack) if stack else ()
        if stack:
            document.mapping(keys, f"settings: {', '.join(STACK_KEYS)}", STACK_KEYS)
        yield from _in_files(document, folder, stack, (*keys, "parameter-files"))
        own = (*keys, "parameters")
        for name, value in document.mapping(own, "`name: value` pairs").items():
            at = document.place((*own, name))
            if not isinstance(value, str | int | float | list):
                raise document.error(f"{name}: expected text, a number or a list of them", (*own, name))
            yield GivenValue(name, as_text(value), at, stack=stack, told=str(at))


def _in_files(document: Document, folder: str, stack: str, keys: Keys) -> Iterator[GivenValue]:
    from auditor.sources.cloudformation.given import given_in_file

    for path in _list(document, keys):
        where = _path(folder, path)
        if disk.kind(where) is not disk.Kind.FILE:
            raise document.error(f"there is no file {path}", keys)
        yield from given_in_file(where, stack, where)


def _list(document: Document, keys: Keys) -> list[str]:
    given = document.value(keys)
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise document.error(f"{keys[-1]}: expected a list of files", keys)
    return given


def _nearest_folder(folder: str, root: str) -> str:
    """A hint at the folder that was meant: those beside it, as the configuration would name them."""
    above = os.path.dirname(root)  # noqa: PTH120 -- as the user would type it
    try:
        found = disk.entries(_path(folder, above or "."))
    except OSError:
        return "folders are relative to the configuration file"
    beside = [name for name, kind in found if kind is disk.Kind.FOLDER and not name.startswith(".")]
    named = [f"{above}/{name}" if above else name for name in beside]
    return one_of(root, named) if named else "folders are relative to the configuration file"


def _node(document: Document, keys: Keys, value: object) -> Node:
    """A value of YAML's as one of Terraform's, placed where it is set."""
    at = document.place(keys)
    return _placed(value, at, document, keys)


def _placed(value: object, at: Location, document: Document, keys: Keys) -> Node:
    match value:
        case None | bool() | int() | float() | str():
            return Scalar(value, at)
        case list():
            return Seq(tuple(_placed(each, at, document, keys) for each in value), at)
        case dict() if all(isinstance(key, str) for key in value):
            return Map({key: _placed(each, at, document, keys) for key, each in value.items()}, at)
        case _:
            raise document.error(f"{keys[-1]}: expected text, a number, a list or a map", keys, "quote it")
