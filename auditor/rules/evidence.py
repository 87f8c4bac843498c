"""What predicates may look at: the engine over one network, and the tiers of its workloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from auditor.errors import RuleError
from auditor.model import Group, Workload
from auditor.reach import Answer, Engine
from auditor.reach.environments import Environments
from auditor.reach.names import label
from auditor.reach.tiers import TierName, Tiers
from auditor.rules.openings import Opens
from auditor.traffic import Traffic

_SAYS_NOTHING = frozenset({"this", "main", "default", "self"})


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
    def opens(self) -> Opens:
        """The groups that are open to the world, or may be."""
        return Opens(self.engine.index)

    @cached_property
    def _from_internet(self) -> dict[object, Answer]:
        return {}

    def from_internet(self, workload: Workload, asked: Traffic) -> Answer:
        """Whether the internet reaches a workload, asked once for all that nothing tells apart."""
        place: object = self.engine.spots.of_workload(workload) if workload.placed else workload.id
        key = (place, workload.listens, asked)
        if key not in self._from_internet:
            self._from_internet[key] = self.engine.can_reach("internet", workload.id, asked)
        return self._from_internet[key]

    @cached_property
    def environments(self) -> Environments:
        """The environments of the workloads."""
        return Environments(self.engine.index, self.engine.carriers)

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """Every workload that lies in a VPC."""
        return tuple(one for one in self.engine.inventory.workloads if one.placed)

    def group_name(self, identity: str) -> str:
        """A security group as people say it: the Name tag, its GroupName, or its label if that tells."""
        group = self.engine.index.groups.get(identity)
        if group is None:
            return identity
        given = dict(group.tags).get("Name", "") or next(iter(group.names), "")
        if group.default and given in {"", "default"}:
            return self.default_group_name(group)
        short = label(identity)
        if given and given != short:
            return given
        return identity if short in _SAYS_NOTHING or self._labels[short] > 1 else short

    @cached_property
    def _labels(self) -> Counter[str]:
        return Counter(label(identity) for identity in self.engine.index.groups)

    def default_group_name(self, group: Group) -> str:
        """The default group of a VPC, by that."""
        return f"the default group of {self.engine.index.canonical(group.vpc.id)}"
