"""Runs a program over a text: all its threads side by side, so that a text is read once.

After Rob Pike's and Russ Cox's machine (https://swtch.com/~rsc/regexp/regexp2.html): threads stand in the
order in which a search with backtracking would try them, and none stands twice at one step.
"""

from __future__ import annotations

from auditor.sources.terraform.patterns.characters import WORD
from auditor.sources.terraform.patterns.program import Kind, Step
from auditor.sources.terraform.patterns.tree import Edge
from auditor.sources.terraform.patterns.trouble import Undecided

MOST_WORK = 500_000
_OVERHEAD = 3
_WORD = frozenset(chr(code) for first, last in WORD for code in range(first, last + 1))

Places = tuple[int, ...]


class Budget:
    """How many steps may still be taken."""

    def __init__(self, steps: int = MOST_WORK) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Takes so many steps off; ``Undecided`` where there are none left."""
        self.left -= steps
        if self.left < 0:
            raise Undecided(f"the search takes more than {MOST_WORK} steps")


class Machine:
    """A program with the number of places that it notes."""

    def __init__(self, steps: tuple[Step, ...], first: int, groups: int) -> None:
        self.steps = steps
        self.first = first
        self.none: Places = (-1,) * (2 * groups + 2)

    def search(self, text: str, start: int, budget: Budget) -> Places | None:
        """Begin and end of the first match from ``start`` on, and of its groups, -1 where one has none."""
        threads: list[tuple[int, Places]] = []
        found: Places | None = None
        for position in range(start, len(text) + 1):
            if found is None:
                fresh = (position, *self.none[1:])
                threads.append((self.first, fresh))
            elif not threads:
                break
            ready = self._ready(threads, text, position, budget)
            character = text[position : position + 1]
            threads = []
            for step, places in ready:
                if step.kind is Kind.DONE:
                    found = (places[0], position, *places[2:])
                    break
                if step.takes is not None and character and step.takes(character):
                    threads.append((step.preferred, places))
        return found

    def _ready(
        self, threads: list[tuple[int, Places]], text: str, position: int, budget: Budget
    ) -> list[tuple[Step, Places]]:
        """The threads, each gone on to where it takes a character or is done."""
        steps, seen = self.steps, set[int]()
        ready: list[tuple[Step, Places]] = []
        for thread in threads:
            pending = [thread]
            while pending:
                number, places = pending.pop()
                if number in seen:
                    continue
                seen.add(number)
                step = steps[number]
                match step.kind:
                    case Kind.FORK:
                        pending.append((step.other, places))
                        pending.append((step.preferred, places))
                    case Kind.SAVE:
                        slot = step.slot
                        pending.append((step.preferred, (*places[:slot], position, *places[slot + 1 :])))
                    case Kind.EDGE:
                        if stands(step.edge, text, position):
                            pending.append((step.preferred, places))
                    case _:
                        ready.append((step, places))
        budget.spend(len(seen) + _OVERHEAD)
        return ready


def stands(edge: Edge, text: str, position: int) -> bool:
    """Whether a position in a text is such an edge."""
    match edge:
        case Edge.BEGIN_TEXT:
            return position == 0
        case Edge.END_TEXT:
            return position == len(text)
        case Edge.BEGIN_LINE:
            return position == 0 or text[position - 1] == "\n"
        case Edge.END_LINE:
            return position == len(text) or text[position] == "\n"
        case Edge.WORD | Edge.NO_WORD:
            before = position > 0 and text[position - 1] in _WORD
            after = position < len(text) and text[position] in _WORD
            return (before != after) is (edge is Edge.WORD)
