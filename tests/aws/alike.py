"""The facts of some lists of an inventory, each as text, under names that dialects share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Inventory
from tests.fixtures.sameness import canonical, facts_of, named_by

PLACES = frozenset({"at", "reasons", "text", "names", "tags", "TransitRoute.id", "scope"})


def alike(found: Inventory, lists: Iterable[str], words: Mapping[str, str], *without: str) -> list[str]:
    """The facts of the lists, sorted; ``words`` gives what an id is called in all dialects."""
    wanted, naming = frozenset(lists), named_by(found, dict(words))
    return sorted(
        f"{name}: {canonical(fact, naming, PLACES | set(without))}"
        for name, fact in facts_of(found)
        if name in wanted
    )
