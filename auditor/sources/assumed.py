"""``--assume``: what is said of assumptions, whatever the dialect that they are for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from difflib import get_close_matches

from auditor.tree import Gap, GapKind, Location

OPTION = "--assume"


def unused(given: Iterable[str], used: AbstractSet[str], met: Iterable[str]) -> Iterator[Gap]:
    """A gap for each assumption that nothing asked for, with the nearest of the names that were ``met``."""
    for name in given:
        if name not in used:
            near = get_close_matches(name, sorted(met), n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "netaudit show lists what is open"
            why = "the input leaves nothing of this name open"
            yield Gap(GapKind.INVALID, name, Location(f"{OPTION} {name}"), why, hint)
