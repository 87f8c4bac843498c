"""What of a path a finding stands at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model import Route, Rule
from auditor.reach import Hop, Leg, Path
from auditor.rules.parties import End
from auditor.traffic import EVERYTHING, Traffic
from auditor.tree import Location

# The keys of loops in the address of a resource of Terraform: [0], ["a"].
_KEYS = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


class Blame(StrEnum):
    """What of a path the finding stands at; ``admission`` is the rule that lets it in at its end."""

    ROUTE = "route"
    RULE = "rule"
    SOURCE = "source"
    ADMISSION = "admission"


@dataclass(frozen=True, slots=True)
class Known:
    """What of the input can be blamed: its routes by their places, and its groups with their rules."""

    routes: Mapping[Location, Route]
    groups: Collection[str]
    rules: Mapping[str, Sequence[Rule]]
    _opened: dict[tuple[str, Location], Traffic] = field(default_factory=dict)

    def opened(self, group: str, at: Location) -> Traffic:
        """The services of the rule of a group that stands at a place."""
        found = self._opened.get((group, at))
        if found is None:
            rules = self.rules.get(group, ())
            here = [one for one in rules if at in {one.at, *(peer.at for peer in one.peers)}]
            found = self._opened[group, at] = Traffic.union(one.service.may for one in here)
        return found


@dataclass(frozen=True, slots=True)
class Blamed:
    """What a finding stands at; ``written`` is a route or a rule of the input, not something outside it.

    ``opens`` are the services that it lets pass. ``cause`` is what one text of the input makes several of: a
    route of a table, without the keys of the loops that the table stands in.
    """

    component: str
    at: Location
    what: str
    written: bool = True
    opens: Traffic = EVERYTHING
    cause: str = ""


def blamed(path: Path | None, blame: Blame, ends: tuple[End, End], known: Known) -> Blamed:
    """What is blamed: the route, else a group's rule, else the workload, by what lies outside the input."""
    hop = hop_of(path, "route-table") if blame is Blame.ROUTE else None
    if hop is not None and hop.at is not None:
        route = known.routes.get(hop.at)
        link = route.target.link if route else None
        cause = _KEYS.sub("", hop.component)
        return Blamed(hop.component, link.at if link else hop.at, f"the route {hop.rule}", cause=cause)
    inward = blame is Blame.ADMISSION or not ends[0].workloads
    hop = None if blame is Blame.SOURCE else hop_of(path, "security-group", last=inward)
    if hop is not None and hop.at is not None and hop.component in known.groups:
        opened = known.opened(hop.component, hop.at)
        return Blamed(hop.component, hop.at, f"the rule {hop.rule}", opens=opened)
    workload = (*ends[0].workloads, *ends[1].workloads)[0]
    return Blamed(workload.id, workload.at, hop.rule if hop else "the way that it has", hop is None)


def hop_of(path: Path | None, kind: str, *, last: bool = False) -> Hop | None:
    """The first or the last hop of a kind that the request meets."""
    hops = [hop for hop in (path.hops if path else ()) if hop.kind == kind and hop.leg is Leg.REQUEST]
    if not hops:
        return None
    return hops[-1] if last else hops[0]
