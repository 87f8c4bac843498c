"""Who carries a security group, for certain or perhaps."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass
from auditor.model import Truth, Workload
from auditor.rules.evidence import Evidence
from auditor.tree import Location, Reason


@dataclass(frozen=True, slots=True)
class Carrier:
    """A workload that carries a group; where that is not certain (``sure``), ``reasons`` would decide it."""

    workload: Workload
    sure: bool
    at: Location
    reasons: tuple[Reason, ...] = ()


def carriers_of(group: str, evidence: Evidence) -> Iterator[Carrier]:
    """The workloads that name a group, in the order of the input."""
    carriers, canonical = evidence.engine.carriers, evidence.engine.index.canonical
    for workload in carriers.members.get(group, ()):
        links = [link for link in carriers.groups(workload).items if canonical(link.id) == group]
        sure = next((link for link in links if link.certain), None)
        if sure is not None:
            yield Carrier(workload, sure=True, at=sure.at)
        else:
            why = Reason(f"whether {workload.id} carries {evidence.group_name(group)}", workload.at)
            yield Carrier(workload, sure=False, at=links[0].at, reasons=links[0].reasons or (why,))


def undecided_of(group: str, evidence: Evidence) -> Iterator[Carrier]:
    """The workloads that may carry a group of their VPC as it is not known which groups they carry."""
    carriers, index = evidence.engine.carriers, evidence.engine.index
    known = index.groups.get(group)
    vpc = index.canonical(known.vpc.id) if known else None
    for workload in carriers.undecided:
        if index.same_vpc(vpc, carriers.vpc(workload)) is not Truth.NO:
            yield Carrier(workload, sure=False, at=workload.at, reasons=carriers.groups(workload).open)
