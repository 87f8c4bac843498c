"""What predicates may look at: the engine over one network, and the tiers of its workloads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.errors import RuleError
from auditor.model import Workload
from auditor.reach import Engine
from auditor.reach.environments import Environments
from auditor.reach.names import label
from auditor.reach.tiers import TierName, Tiers


@dataclass(frozen=True)
class Evidence:
    """One network as the rules question it. ``overrides`` are the tiers that the configuration gives.

    Raises RuleError for an override that is no tier.
    """

    engine: Engine
    overrides: Mapping[str, str]

    def __post_init__(self) -> None:
        for name, tier in self.overrides.items():
            if tier not in tuple(TierName):
                raise RuleError(f"tiers: {name}: {tier!r} is no tier", hint=f"one of {', '.join(TierName)}")

    @cached_property
    def tiers(self) -> Tiers:
        """The tiers of the workloads."""
        return Tiers(self.engine.index, self.engine.carriers, self.overrides)

    @cached_property
    def environments(self) -> Environments:
        """The environments of the workloads."""
        return Environments(self.engine.index, self.engine.carriers)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """Every workload that lies in a VPC."""
        return tuple(one for one in self.engine.inventory.workloads if one.placed)

    def group_name(self, identity: str) -> str:
        """A security group as people say it: the Name tag, its GroupName, or its label."""
        group = self.engine.index.groups.get(identity)
        if group is None:
            return identity
        return dict(group.tags).get("Name", "") or next(iter(group.names), "") or label(identity)
