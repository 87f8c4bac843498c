"""A pattern as a program: steps that a machine takes side by side, those that come first preferred."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from auditor.frozen import dataclass
from auditor.sources.terraform.patterns.characters import belongs
from auditor.sources.terraform.patterns.tree import Alternation, Chars, Edge, Group, Part, Repeat, Sequence
from auditor.sources.terraform.patterns.trouble import Undecided

_MOST_STEPS = 20_000


class Kind(IntEnum):
    """What a step does."""

    TAKE = 0
    FORK = 1
    SAVE = 2
    EDGE = 3
    DONE = 4


@dataclass(frozen=True, slots=True)
class Step:
    """A step and where it leads: ``preferred`` before ``other``. ``slot`` is the place that it notes."""

    kind: Kind
    preferred: int
    other: int = -1
    slot: int = 0
    edge: Edge = Edge.BEGIN_TEXT
    takes: Callable[[str], bool] | None = None


def program(tree: Part) -> tuple[tuple[Step, ...], int]:
    """The steps, and the first of them. ``Undecided`` where there are too many."""
    steps = [Step(Kind.DONE, -1)]
    first = _Assembly(steps).before(tree, 0)
    return tuple(steps), first


def is_nullable(part: Part) -> bool:
    """Whether a part can match nothing, as far as its form says."""
    match part:
        case Chars():
            return False
        case Edge():
            return True
        case Group(body=body):
            return is_nullable(body)
        case Sequence(parts=parts):
            return all(map(is_nullable, parts))
        case Alternation(ways=ways):
            return any(map(is_nullable, ways))
        case Repeat(body=body, least=least):
            return least == 0 or is_nullable(body)


class _Assembly:
    """Makes steps from the end to the begin: each part before what follows it."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self.classes: dict[Chars, Callable[[str], bool]] = {}

    def add(self, step: Step) -> int:
        if len(self.steps) >= _MOST_STEPS:
            raise Undecided(f"the pattern takes more than {_MOST_STEPS} steps")
        self.steps.append(step)
        return len(self.steps) - 1

    def before(self, part: Part, following: int) -> int:
        """The first step of a part that goes on with ``following``."""
        match part:
            case Chars():
                takes = self.classes.get(part) or self.classes.setdefault(part, belongs(part))
                return self.add(Step(Kind.TAKE, following, takes=takes))
            case Edge():
                return self.add(Step(Kind.EDGE, following, edge=part))
            case Group(number=number, body=body):
                end = self.add(Step(Kind.SAVE, following, slot=2 * number + 1))
                return self.add(Step(Kind.SAVE, self.before(body, end), slot=2 * number))
            case Sequence(parts=parts):
                for each in reversed(parts):
                    following = self.before(each, following)
                return following
            case Alternation(ways=ways):
                return self._one_of([self.before(way, following) for way in ways])
            case Repeat():
                return self._repeat(part, following)

    def _one_of(self, ways: list[int]) -> int:
        first = ways[-1]
        for way in reversed(ways[:-1]):
            first = self.add(Step(Kind.FORK, way, first))
        return first

    def _fork(self, body: int, following: int, *, lazy: bool) -> Step:
        return Step(Kind.FORK, following, body) if lazy else Step(Kind.FORK, body, following)

    def _repeat(self, part: Repeat, following: int) -> int:
        if part.most is None:
            following = self._loop(part, following)
            times = max(part.least - 1, 0)
        else:
            behind = following
            for _ in range(part.most - part.least):
                body = self.before(part.body, following)
                following = self.add(self._fork(body, behind, lazy=part.lazy))
            times = part.least
        for _ in range(times):
            following = self.before(part.body, following)
        return following

    def _loop(self, part: Repeat, following: int) -> int:
        """Any number of times. What can match nothing goes round at least once where it is entered at all."""
        fork = self.add(Step(Kind.FORK, -1, -1))
        body = self.before(part.body, fork)
        self.steps[fork] = self._fork(body, following, lazy=part.lazy)
        if part.least:
            return body
        if is_nullable(part.body):
            return self.add(self._fork(body, following, lazy=part.lazy))
        return fork
