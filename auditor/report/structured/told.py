"""The tiers and environments of workloads as values of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model import Workload
from auditor.report.components import Json
from auditor.report.structured.common import unknowns_of
from auditor.tree import Reason

if TYPE_CHECKING:
    from auditor.reach.environments import Environment
    from auditor.reach.tiers import Tier


def told(
    noun: str, workload: Workload, found: Tier | Environment | None, doubts: tuple[Reason, ...]
) -> dict[str, Json]:
    """A workload with its ``noun``, a tier or an environment, by which sign, and why it may be another."""
    return {
        "workload": workload.id,
        noun: found.name.value if found else None,
        "sign": found.sign.value if found else None,
        "reason": found.reason if found else "",
        "at": str(workload.at),
        "unknowns": unknowns_of(doubts),
    }
