"""What the project's configuration says of one root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.frozen import dataclass
from auditor.tree import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class RootSettings:
    """The values that hold for one root in every run.

    ``var_files`` are paths, ``variables`` values by name, each placed where the configuration gives it: they
    count more than what Terraform loads by itself, and less than the command line. ``workspace`` is None
    where the configuration names none.
    """

    var_files: tuple[str, ...] = ()
    variables: Mapping[str, Node] = field(default_factory=dict)
    workspace: str | None = None


NO_SETTINGS = RootSettings()
