"""Where the source of a called module lies on disk."""

from __future__ import annotations

import json
import os

from auditor.errors import InputError
from auditor.sources.terraform.configuration.files import configuration_names, read_bytes
from auditor.sources.terraform.options import TerraformOptions

LOCAL = ("./", "../", ".\\", "..\\", "/")


def holds_configuration(folder: str) -> bool:
    """Whether a folder has files of Terraform's or OpenTofu's in it."""
    try:
        return bool(configuration_names(folder))
    except (OSError, ValueError):
        return False


def beside(folder: str, path: str) -> str:
    """A path as seen from where ``folder`` is seen."""
    return os.path.normpath(os.path.join(folder, path.replace("\\", "/")))  # noqa: PTH118 -- symlinks stay unresolved


def is_local(source: str) -> bool:
    """Whether a module's source is a path."""
    return source.startswith(LOCAL) or source in {".", ".."}


def installed_modules(root: str) -> dict[str, str]:
    """The folders of the modules that ``terraform init`` installed, by the calls' names joined by dots.

    From ``.terraform/modules/modules.json``; empty where that is not there or not as expected.
    """
    path = beside(root, ".terraform/modules/modules.json")
    try:
        content = json.loads(read_bytes(path))
    except (InputError, ValueError, RecursionError):
        return {}
    entries = content.get("Modules") if isinstance(content, dict) else None
    found: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else []:
        if (
            isinstance(entry, dict)
            and isinstance(entry.get("Key"), str)
            and isinstance(entry.get("Dir"), str)
        ):
            found[entry["Key"]] = beside(root, entry["Dir"])
    return found


def module_folder(source: str, folder: str, mapped: TerraformOptions, installed: str | None) -> str | None:
    """The folder of a called module, or None where it is not on disk.

    ``folder`` is the calling module's, ``installed`` what ``terraform init`` noted for this call.
    """
    candidates = [mapped.modules.get(source)]
    if is_local(source):
        candidates.append(beside(folder, source))
    candidates.append(installed)
    for candidate in candidates:
        if candidate is not None and holds_configuration(candidate):
            return candidate
    return None
