"""What a snapshot leaves out: that no answer tells of a kind does not say that there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import KINDS_BY_KEY
from auditor.tree import Dialect, Gap, GapKind, Location, Map, Resource, Scalar, Scope

CORE = (
    *("Vpcs", "Subnets", "RouteTables", "SecurityGroups", "NetworkAcls", "NetworkInterfaces"),
    "InternetGateways",
)
"""What every VPC has, and what decides without being named elsewhere whether the internet gets into one.

Where one of these kinds is not told of, it was not asked for: AWS answers with an empty list otherwise.
"""

OPEN = "NotCollected"
"""The kind of what stands for things that may be there: ``Kind`` is theirs, ``Why`` says why that is open."""

_CAPITALS = re.compile(r"([A-Z]+(?=[A-Z][a-z]|$)|[A-Z][a-z0-9]*)")
_GLOBAL = ("route53.", "networkmanager.", "globalaccelerator.", "directconnect.")
_PAGES = "the answer has further pages, which are not in the snapshot"


class Coverage:
    """Which kinds were told of, by account and Region, and which of them not to the end."""

    __slots__ = ("_open", "_pages", "_told")

    def __init__(self) -> None:
        self._told: dict[Seen, set[str]] = {}
        self._pages: dict[tuple[Seen, str], list[tuple[bool, Location]]] = {}
        self._open: dict[tuple[Seen, str], tuple[Location, str, str]] = {}

    def told(self, seen: Seen, key: str, at: Location, *, unfinished: bool = False) -> None:
        """Note an answer under a key, perhaps an empty one."""
        kinds = KINDS_BY_KEY[key]
        if not all(kind.answers[0].startswith(_GLOBAL) for kind in kinds):
            self._told.setdefault(seen, set()).update(kind.name for kind in kinds)
        self._pages.setdefault((seen, key), []).append((unfinished, at))

    def cut(self, seen: Seen, key: str, at: Location) -> None:
        """Note an answer about one thing that is not all there."""
        self._open.setdefault((seen, _name(key)), (at, _PAGES, _command(key, seen)))

    def denied(self, seen: Seen, what: str, at: Location, why: str, settled_by: str) -> None:
        """Note a call that gave no answer."""
        self._open.setdefault((seen, what), (at, why, settled_by))

    def lost(self, seen: Seen, key: str, at: Location, why: str) -> None:
        """Note a file that cannot be read; ``key`` is what it is called, perhaps after what it told of."""
        if key in KINDS_BY_KEY:
            self._open.setdefault((seen, _name(key)), (at, why, _command(key, seen)))

    def complete(self, key: str) -> Iterator[Seen]:
        """Where all answers under a key are there."""
        for (seen, told), pages in self._pages.items():
            if told == key and not all(unfinished for unfinished, _ in pages):
                yield seen

    def left_out(self, empty: frozenset[Seen], at: Location) -> Iterator[tuple[Gap, Resource]]:
        """What is open, each as a gap and as what stands for it; where a Region is ``empty``, nothing is.

        ``at`` is the snapshot's own place.
        """
        for (seen, key), pages in self._pages.items():
            if all(unfinished for unfinished, _ in pages):
                self.cut(seen, key, pages[-1][1])
        for seen, told in self._told.items():
            for kind in CORE if seen not in empty else ():
                if kind not in told:
                    why = "no answer tells of them: they were not asked for"
                    self._open.setdefault((seen, kind), (at, why, _command(kind, seen)))
        for (seen, what), (place, why, settled_by) in self._open.items():
            yield _left_open(seen, what, place, why, settled_by)


def _name(key: str) -> str:
    """The kind that is told of under a key; the key where there are several."""
    kinds = KINDS_BY_KEY[key]
    return kinds[0].name if len(kinds) == 1 else key


def _command(key: str, seen: Seen) -> str:
    """The command that would tell of a kind."""
    operation = KINDS_BY_KEY[key][-1].answers[0].partition(":")[0]
    service, _, name = operation.partition(".")
    words = _CAPITALS.sub(r"-\1", name).lstrip("-").lower()
    region = f" --region {seen.region}" if seen.region else ""
    return f"aws {service} {words}{region}"


def _left_open(seen: Seen, what: str, at: Location, why: str, settled_by: str) -> tuple[Gap, Resource]:
    gap = Gap(GapKind.RESOURCE, f"{what} of {seen}", at, why, settled_by)
    body = Map({"Kind": Scalar(what, at), "Why": Scalar(why, at)}, at)
    scope = Scope(account=seen.account, region=seen.region)
    return gap, Resource(OPEN, f"{seen}/{what}", body, at, Dialect.SNAPSHOT, scope)
