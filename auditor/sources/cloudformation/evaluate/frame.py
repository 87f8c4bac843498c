"""What syntax is evaluated in: the run, the stack, the names of loops, and what is taken for true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.tree import Gap, GapKind, Location, Map, Node, Reason, Seq, Unknown

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.conditions import Condition
    from auditor.sources.cloudformation.template.named import Stack

T = TypeVar("T")
DEEPEST_CHAIN = 3000
LARGEST = 20_000


class Run:
    """The state of one reading: its gaps, what is being evaluated just now, and how much was made."""

    __slots__ = ("_chain", "_pending", "_weights", "expanded", "gaps", "stacks")

    def __init__(self) -> None:
        self.gaps: dict[Gap, None] = {}
        self.stacks = 0
        self.expanded = 0
        self._chain: list[str] = []
        self._pending: set[tuple[int, str]] = set()
        self._weights: dict[int, tuple[int, Node]] = {}

    def gap(self, gap: Gap) -> None:
        """Takes down a gap, once."""
        self.gaps[gap] = None

    def invalid(self, error: InputError, what: str, at: Location) -> Unknown:
        """Takes down an error as a gap, and gives the value that stands for what it spoilt."""
        self.gap(Gap(GapKind.INVALID, what, at, error.message, error.hint))
        return Unknown((Reason(what, at, error.hint or "correct the error"),), at)

    def once(self, memo: dict[str, T], key: str, label: str, compute: Callable[[], T]) -> T:
        """The value of ``key``, computed once. InputError where it needs itself, or is nested too deeply."""
        found = memo.get(key)
        if found is not None:
            return found
        mark = (id(memo), key)
        if mark in self._pending:
            raise InputError(self._cycle(label), hint="break the cycle: CloudFormation refuses it too")
        if len(self._chain) >= DEEPEST_CHAIN:
            raise InputError(f"more than {DEEPEST_CHAIN} values depend on one another in one chain")
        self._pending.add(mark)
        self._chain.append(label)
        try:
            found = memo[key] = compute()
        except RecursionError:
            raise InputError("this is nested too deeply to be evaluated") from None
        finally:
            self._chain.pop()
            self._pending.discard(mark)
        return found

    def demand(
        self, memo: dict[str, Node], key: str, label: str, at: Location, compute: Callable[[], Node]
    ) -> Node:
        """The value of ``key``, computed once; one that needs itself or fails is unknown, with a gap."""
        try:
            return self.once(memo, key, label, lambda: self._weighed(compute()))
        except InputError as error:
            found = memo[key] = self.invalid(error, label, at)
            return found

    def _weighed(self, node: Node) -> Node:
        """The value; InputError where it holds more values than any template means, by way of others."""
        if self._weight(node) > LARGEST:
            raise InputError(f"the value holds more than {LARGEST} values")
        return node

    def _weight(self, node: Node) -> int:
        """How many values are in one, each as often as it stands there."""
        match node:
            case Seq():
                inner = node.items if node.more is None else (*node.items, node.more)
            case Map():
                values = tuple(node.entries.values())
                inner = values if node.more is None else (*values, node.more)
            case Unknown():
                inner = (*node.options, *node.parts)
            case _:
                return 1
        known = self._weights.get(id(node))
        if known is None:
            known = self._weights[id(node)] = (1 + sum(map(self._weight, inner)), node)
        return known[0]

    def _cycle(self, label: str) -> str:
        start = len(self._chain) - 1 - self._chain[::-1].index(label) if label in self._chain else 0
        return f"{label} depends on itself: {' -> '.join([*self._chain[start:], label])}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A stack, the values of loops' identifiers, and the conditions that are taken for true or false.

    ``label`` is what gaps found here are about.
    """

    stack: Stack
    label: str
    names: Mapping[str, Node]
    assumed: Mapping[str, bool]

    @property
    def run(self) -> Run:
        """The state of the reading."""
        return self.stack.run

    def bind(self, name: str, value: Node) -> Frame:
        """This frame with the value of a loop's identifier."""
        return replace(self, names={**self.names, name: value})

    def about(self, label: str) -> Frame:
        """This frame where gaps are about something else."""
        return replace(self, label=label)

    def given(self, condition: Condition, *, truth: bool) -> Frame:
        """This frame where a condition is taken for true, or for false."""
        found = condition.follows(truth=truth)
        return replace(self, assumed={**self.assumed, **found}) if found else self
