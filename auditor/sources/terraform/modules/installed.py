"""Where the source of a called module lies on disk: beside its caller, where the user says, or installed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.configuration.files import configuration_names, read_bytes
from auditor.sources.terraform.modules.addresses import Call, Missing, beside, is_local, module_address
from auditor.sources.terraform.modules.mapped import MappedModules
from auditor.sources.terraform.modules.versions import parse_version, satisfies

SETTLED_BY = "run terraform init, or map it under modules: in netaudit.yaml"
_DATA = ".terraform"


@dataclass(frozen=True, slots=True)
class Installed:
    """What ``terraform init`` noted of a call: where it put the module, and which one it was."""

    folder: str
    source: str
    version: str


def holds_configuration(folder: str) -> bool:
    """Whether a folder has files of Terraform's or OpenTofu's in it."""
    try:
        return bool(configuration_names(folder))
    except (OSError, ValueError):
        return False


def of_root(root: str, path: str) -> str:
    """A path that a root's own files name: from where the root really is, if it is reached by a link.

    Terraform runs in the root's folder, and resolves by their text only the paths below that.
    """
    shown = beside(root, path)
    if ".." not in path or not is_linked(root):
        return shown
    real = disk.real(os.path.join(root, path.replace("\\", "/")))  # noqa: PTH118 -- a string is at hand
    return shown if disk.real(shown) == real else real


def is_linked(folder: str) -> bool:
    """Whether a link is on the way to a folder."""
    return disk.real(folder) != os.path.abspath(folder)  # noqa: PTH100 -- a string is at hand


def data_folder(root: str, environment: Mapping[str, str]) -> str:
    """The folder that ``terraform init`` fills: ``.terraform``, or, from the root, ``TF_DATA_DIR``."""
    return beside(root, disk.variable(environment, "TF_DATA_DIR") or _DATA)


def installed_modules(root: str, environment: Mapping[str, str]) -> dict[str, Installed]:
    """What ``terraform init`` installed, by the calls' names joined by dots.

    From ``modules/modules.json``; empty where that is not there or not as expected. A folder noted
    on another machine is looked for at its place below this root's.
    """
    data = data_folder(root, environment)
    try:
        content = json.loads(read_bytes(beside(data, "modules/modules.json")))
    except (InputError, ValueError, RecursionError):
        return {}
    entries = content.get("Modules") if isinstance(content, dict) else None
    found: dict[str, Installed] = {}
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        texts = {key: each for key, each in entry.items() if isinstance(each, str)}
        if "Key" in texts and "Dir" in texts:
            folder = _moved(root, data, texts["Dir"].replace("\\", "/"))
            found[texts["Key"]] = Installed(folder, texts.get("Source", ""), texts.get("Version", ""))
    return found


def _moved(root: str, data: str, noted: str) -> str:
    """A noted folder; where it is not there, what lies at its place among the modules installed here."""
    folder = of_root(root, noted)
    if not holds_configuration(folder):
        parts = noted.split("/modules/")
        for start in range(1, len(parts)):
            here = beside(data, "modules/" + "/modules/".join(parts[start:]))
            if holds_configuration(here):
                return here
    return folder


def module_folder(call: Call, root: str, mapped: MappedModules, installed: Installed | None) -> str | Missing:
    """The folder of a called module, or why it cannot be read. Nothing is ever fetched."""
    given = mapped.folder(call)
    if isinstance(given, Missing):
        return given
    if given is not None:
        return given if holds_configuration(given) else Missing(f"there is no configuration in {given}")
    if is_local(call.source):
        folder = (of_root if call.folder == root else beside)(call.folder, call.source)
        if holds_configuration(folder):
            return folder
        if not call.source.startswith("/"):
            return Missing("there is no configuration in that folder")
    if installed is None or not holds_configuration(installed.folder):
        return Missing("it is not on disk")
    stale = _stale(call, installed)
    return Missing(stale) if stale else installed.folder


def _stale(call: Call, installed: Installed) -> str:
    """Why Terraform would refuse what is installed for a call; empty where it would not."""
    is_other = installed.source and module_address(call.source) != module_address(installed.source)
    if is_other and not is_local(call.source):
        return f"what is installed for it is {installed.source}"
    version = parse_version(installed.version) if installed.version else None
    if call.version and version is not None and not satisfies(version, call.version):
        return f"version {installed.version} is installed, which is not {call.version}"
    return ""
