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


def told_tier(workload: Workload, tier: Tier | None, doubts: tuple[Reason, ...]) -> Json:
    """A workload with its tier, by which sign, and why it may be another."""
    return {
        "workload": workload.id,
        "tier": tier.name.value if tier else None,
        "sign": tier.sign.value if tier else None,
        "reason": tier.reason if tier else "",
        "at": str(workload.at),
        "unknowns": unknowns_of(doubts),
    }


def told_environment(workload: Workload, environment: Environment | None, doubts: tuple[Reason, ...]) -> Json:
    """A workload with its environment, by which sign, and why it may be another."""
    return {
        "workload": workload.id,
        "environment": environment.name.value if environment else None,
        "sign": environment.sign.value if environment else None,
        "reason": environment.reason if environment else "",
        "at": str(workload.at),
        "unknowns": unknowns_of(doubts),
    }
