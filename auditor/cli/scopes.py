"""What a run judges beside the rules: the project's policy, and the Network Access Scopes of ``--scope``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from auditor.model import AccessScope, Inventory

if TYPE_CHECKING:
    from auditor.rules import RuleDefinition


def own_rules(has: Inventory, configuration: str | None, scopes: Sequence[str]) -> tuple[RuleDefinition, ...]:
    """The policy in a configuration file, and the scopes and paths that are asked about, as rules."""
    from auditor.rules.policy import configured_rules, scope_rules, written_scopes

    asked = scope_rules((*scopes_of(scopes), *written_scopes(has.access_scopes)), has.analysed_paths)
    return (*configured_rules(configuration), *asked)


def scopes_of(names: Sequence[str]) -> tuple[AccessScope, ...]:
    """The scopes in files, or among the presets (``preset:NAME``)."""
    if not names:
        return ()
    from auditor import aws
    from auditor.sources.scopes import read_scopes
    from auditor.tree import Reading

    return aws.inventory(Reading(resources=read_scopes(names))).access_scopes
