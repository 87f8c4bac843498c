"""What a user may say about a Terraform root module beside its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformOptions:
    """The inputs of a root module.

    ``variables`` are pairs of a name and the value's text as in ``--var name=text``; ``var_files`` are paths;
    both count in their order, the variables last. ``environment`` is where ``TF_VAR_name`` is looked up.
    ``modules`` maps a module's source, as written, to the folder that holds it. ``assumed`` are pairs of the
    identity of an unknown (``data.aws_vpc.main.cidr_block``) and the text of the value to take for it.
    ``files`` are the names of the only files of the folder that are meant; all of them where it is empty.
    """

    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[str, ...] = ()
    workspace: str = "default"
    environment: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
