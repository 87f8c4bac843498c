"""Which folders are units of Terragrunt's.

https://terragrunt.gruntwork.io/docs/features/units/
"""

from __future__ import annotations

from collections.abc import Collection

from auditor.errors import InputError
from auditor.sources.terraform.configuration.declarations import find
from auditor.sources.terraform.configuration.files import parse_path, suffix_of
from auditor.sources.terraform.modules.addresses import beside

UNIT_FILE = "terragrunt.hcl"
STACK_FILE = "terragrunt.stack.hcl"


def is_unit(folder: str, files: Collection[str]) -> bool:
    """Whether Terragrunt has something to run in a folder with these files: a stack, or a unit with a module.

    A ``terragrunt.hcl`` that names no module, includes nothing and has no Terraform beside it is there to be
    included by others. One that does not parse is a unit: reading it says what is wrong.
    """
    if STACK_FILE in files:
        return True
    if UNIT_FILE not in files:
        return False
    if any(suffix_of(name) for name in files):
        return True
    try:
        body = parse_path(beside(folder, UNIT_FILE))
    except InputError:
        return True
    sources = (find(block.body, "source") for block in body.blocks if block.type == "terraform")
    return any(block.type == "include" for block in body.blocks) or any(sources)
