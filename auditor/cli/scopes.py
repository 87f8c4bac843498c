"""The Network Access Scopes that ``--scope`` names."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import AccessScope


def scopes_of(names: Sequence[str]) -> tuple[AccessScope, ...]:
    """The scopes in files, or among the presets (``preset:NAME``)."""
    if not names:
        return ()
    from auditor import aws
    from auditor.sources.scopes import read_scopes
    from auditor.tree import Reading

    return aws.inventory(Reading(resources=read_scopes(names))).access_scopes
