"""The workspace that a root is read in (https://developer.hashicorp.com/terraform/language/state/workspaces)."""

from __future__ import annotations

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.configuration.files import read_bytes
from auditor.sources.terraform.modules.addresses import beside
from auditor.sources.terraform.modules.installed import data_folder
from auditor.sources.terraform.options import TerraformOptions

DEFAULT = "default"


def workspace(root: str, options: TerraformOptions) -> str:
    """The workspace that the user or the configuration names, else the one that ``terraform`` would use.

    That is ``TF_WORKSPACE``'s, or the one that ``terraform workspace select`` noted.
    """
    named = (
        options.workspace or options.settings.workspace or disk.variable(options.environment, "TF_WORKSPACE")
    )
    if named:
        return named
    try:
        noted = read_bytes(beside(data_folder(root, options.environment), "environment"))
    except InputError:
        return DEFAULT
    return noted.decode("utf-8", "replace").strip() or DEFAULT
