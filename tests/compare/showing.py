"""Differences as short lines that a test can hold against a list."""

from __future__ import annotations

from auditor.difference import Difference, Named
from auditor.pipeline import Network, diff
from auditor.traffic import traffic_text


def changes(before: Network, after: Network) -> list[str]:
    """Every change: its kind, its ends, its traffic."""
    return shown(diff(before, after))


def shown(difference: Difference) -> list[str]:
    return sorted(
        f"{each.kind.value}{' one-way' * each.one_way}: {_name(each.source)} -> {_name(each.destination)}: "
        + ", ".join(traffic_text(each.traffic))
        for each in difference.changes
    )


def open_questions(difference: Difference) -> list[str]:
    return sorted(
        f"{each.doubt.value}: {_name(each.source)} -> {_name(each.destination)}: "
        + ", ".join(traffic_text(each.traffic))
        for each in difference.undecided
    )


def _name(named: Named) -> str:
    return named.end.name


MIRRORS = {
    "added": "removed",
    "removed": "added",
    "widened": "narrowed",
    "narrowed": "widened",
    "now-answered": "now-one-way",
    "now-one-way": "now-answered",
}


def mirrored(line: str) -> str:
    """A change as it is told when the two networks are swapped."""
    word = line.split(":", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    return MIRRORS[word] + line.removeprefix(word)
