"""Files of values that Terraform does not load by itself: what would settle a variable without one."""

from __future__ import annotations

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.configuration.files import parse_path
from auditor.sources.terraform.evaluate.frame import Run
from auditor.sources.terraform.modules.addresses import beside
from auditor.sources.terraform.modules.variables import automatic_files

_SUFFIXES = (".tfvars", ".tfvars.json")
_FOLDERS = frozenset({"config", "configs", "env", "environments", "envs", "tfvars", "variables", "vars"})
_MOST_FILES = 40
_MOST_NAMED = 3


def settled_by(run: Run, name: str) -> str:
    """What gives a root's variable its value: a file beside the root that has one, or ``--var``.

    Which of several environments is meant is the user's to say, so none is ever taken by itself.
    """
    if run.offered is None:
        run.offered = _offered(run)
    files = run.offered.get(name, ())
    root = f"{run.options.name}=" if run.options.name else ""
    shown = [f"--var-file {root}{path}" for path in files[:_MOST_NAMED]]
    return " or ".join([*shown, "…"] if len(files) > _MOST_NAMED else shown) or f"--var {name}=…"


def _offered(run: Run) -> dict[str, list[str]]:
    """The files that give a value to each variable, by its name."""
    found: dict[str, list[str]] = {}
    loaded = {*automatic_files(run.root), *run.options.settings.var_files, *run.options.var_files}
    for path in _files(run.root)[:_MOST_FILES]:
        if path in loaded:
            continue
        try:
            body = parse_path(path)
        except InputError:
            continue
        for attribute in body.attributes:
            found.setdefault(attribute.name, []).append(path)
    return found


def _files(root: str) -> list[str]:
    """The files of values in the root's folder, and in those in it that are named for them."""
    found = _in(root)
    try:
        folders = [name for name, _ in disk.entries(root) if name.lower() in _FOLDERS]
    except OSError:
        return found
    for name in folders:
        folder = beside(root, name)
        found += _in(folder)
        try:
            below = disk.entries(folder)
        except OSError:
            continue
        for inner, _ in below:
            found += _in(beside(folder, inner))
    return found


def _in(folder: str) -> list[str]:
    try:
        names = [name for name, _ in disk.entries(folder)]
    except OSError:
        return []
    return [beside(folder, name) for name in names if name.endswith(_SUFFIXES)]
