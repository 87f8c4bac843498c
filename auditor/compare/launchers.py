"""The instances that a scaling group launched: no news where they stand as the group says."""

from __future__ import annotations

from auditor.model import Links, Workload
from auditor.reach import Engine

_TAG = "aws:autoscaling:groupName"
_Place = tuple[str, str, str]


class Launchers:
    """The scaling groups of one network, by the names that the tags of their instances say.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
    """

    def __init__(self, engine: Engine) -> None:
        self._carriers = engine.carriers
        self._canonical = engine.index.canonical
        self._groups: dict[_Place, Workload] = {
            _place(one, name): one
            for one in engine.inventory.workloads
            if one.kind == "aws_autoscaling_group"
            for name in one.names
        }

    def launched(self, workload: Workload) -> bool:
        """Whether it is an instance in its scaling group's subnets, with exactly the groups of its template.

        One that differs, or of which either is not known, is not: what it is then, is worth being told.
        """
        group = self._groups.get(_place(workload, dict(workload.tags).get(_TAG, "")))
        if group is None:
            return False
        own, allowed = (self._certain(self._carriers.subnets(one)) for one in (workload, group))
        carried, given = (self._certain(self._carriers.groups(one)) for one in (workload, group))
        if own is None or allowed is None or carried is None:
            return False
        return bool(own) and own <= allowed and carried == given

    def _certain(self, links: Links) -> frozenset[str] | None:
        """The ids that are named; None where that is not known for certain."""
        if links.open or not all(link.certain for link in links.items):
            return None
        return frozenset(self._canonical(link.id) for link in links.items)


def _place(workload: Workload, name: str) -> _Place:
    return workload.scope.account, workload.scope.region, name
