"""A pattern that is ready to be searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auditor.sources.terraform.patterns import quick
from auditor.sources.terraform.patterns.machine import Budget, Machine, Places
from auditor.sources.terraform.patterns.program import program
from auditor.sources.terraform.patterns.syntax import Reader
from auditor.sources.terraform.patterns.tree import Part
from auditor.sources.terraform.patterns.trouble import Undecided


class Pattern:
    """A pattern; ``names`` are those of its groups, in their order, empty where one has none."""

    def __init__(self, tree: Part, names: tuple[str, ...]) -> None:
        self.names = names
        self._tree = tree
        self._ascii_only = quick.needs_ascii(tree)
        text = quick.expression(tree)
        self._quick = None if text is None else re.compile(text)
        self._machine: Machine | None = None

    def matches(self, text: str) -> Iterator[Places]:
        """Begin and end of each match and of its groups, -1 where a group has none.

        Matches do not overlap, and an empty one does not touch the one before. ``Undecided`` where the search
        takes too long.
        """
        search = self._quickly if self._is_quick(text) else self._steadily
        budget = Budget()
        position, end = 0, -1
        while position <= len(text):
            found = search(text, position, budget)
            if found is None:
                return
            begin, position = found[0], max(found[1], position)
            if found[1] > begin or begin != end:
                yield found
            position += found[1] == begin
            end = found[1]

    def _quickly(self, text: str, position: int, _budget: Budget) -> Places | None:
        match = self._quick.search(text, position) if self._quick else None
        return None if match is None else tuple(place for pair in match.regs for place in pair)

    def _steadily(self, text: str, position: int, budget: Budget) -> Places | None:
        if self._machine is None:
            self._machine = Machine(*program(self._tree), len(self.names))
        return self._machine.search(text, position, budget)

    def _is_quick(self, text: str) -> bool:
        if self._quick is None or (self._ascii_only and not text.isascii()):
            return False
        return not quick.takes_long(self._tree, len(text))


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Pattern:
    """The pattern; InputError where Go refuses it, ``Undecided`` where it cannot be searched for here."""
    reader = Reader(pattern)
    try:
        tree = reader.read()
        return Pattern(tree, tuple(reader.names))
    except RecursionError:
        raise Undecided("the pattern is nested too deeply") from None
