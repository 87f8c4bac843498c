"""Questions about paths that the input asks itself: access scopes, and paths to be analysed.

https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/what-is-network-access-analyzer.html
https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html
"""

from __future__ import annotations

from auditor.frozen import dataclass
from auditor.model.facts import NO_LINKS, Links
from auditor.traffic import Traffic
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEnd:
    """One end of paths, or what they go through: things by their links, or all of certain types.

    Where it has neither, it is anything. ``traffic`` are the packets there, None for all, and
    ``lists`` the prefix lists that hold their sources and their destinations.
    """

    at: Location
    resources: Links = NO_LINKS
    types: tuple[str, ...] = ()
    traffic: Traffic | None = None
    lists: tuple[Links, Links] = (NO_LINKS, NO_LINKS)
    open: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPattern:
    """Paths from one end to another, through each of some things; an end that is None is anything."""

    at: Location
    source: PathEnd | None = None
    destination: PathEnd | None = None
    through: tuple[PathEnd, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessScope:
    """Paths that are looked for: those that match one pattern and none of the excluded ones.

    ``open`` says why there may be other patterns.
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    matches: tuple[PathPattern, ...] = ()
    excludes: tuple[PathPattern, ...] = ()
    open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedPath:
    """A path whose reachability is asked for."""

    id: str
    at: Location
    path: PathPattern
    names: tuple[str, ...] = ()
    presence: Presence = Presence.CERTAIN
