"""Lists in the making, and what functions of lists ask of them."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.terraform.functions.unknowns import as_sequence, further, has_loose_order
from auditor.sources.terraform.values import same
from auditor.sources.terraform.values.numbers import whole_of
from auditor.sources.values import is_wholly_known
from auditor.tree import Location, Node, Scalar, Seq


class Gathering:
    """A list in the making: what is certainly in it, what may be, and whether order is lost."""

    def __init__(self) -> None:
        self.items: list[Node] = []
        self.bounds: list[Node] = []
        self.loose = False

    def add(self, *items: Node) -> None:
        """Elements that are certainly there, in this order."""
        self.loose = self.loose or bool(items and self.bounds)
        self.items += items

    def add_perhaps(self, *bounds: Node) -> None:
        """Any number of elements, each within one of these."""
        self.bounds += bounds

    def add_all(self, sequence: Seq) -> None:
        """The elements of a sequence."""
        self.add(*sequence.items)
        self.loose = self.loose or (has_loose_order(sequence) and bool(sequence.items))
        if sequence.more is not None:
            self.add_perhaps(sequence.more)

    def done(self, at: Location) -> Seq:
        """The list."""
        return Seq(tuple(self.items), at, more=further(self.bounds, at), unordered=self.loose)


def in_order(node: Node, at: Location, message: str) -> Seq:
    """The value as a list; InputError where it is something else, or a set."""
    if isinstance(node, Seq) and node.unordered and is_wholly_known(node):
        raise InputError(f"{message}; got a set")
    try:
        return as_sequence(node, at)
    except InputError:
        raise InputError(message) from None


def whole(node: Scalar, name: str) -> int:
    """The number as a whole one."""
    number = whole_of(node.value)
    if number is None:
        raise InputError(f'invalid value for "{name}" parameter: value must be a whole number')
    return number


def member(sequence: Seq, value: Node) -> bool | None:
    """Whether a value is an element; None where that is not decided."""
    verdicts = [same(item, value) for item in sequence.items]
    if True in verdicts:
        return True
    if None in verdicts or (sequence.more is not None and same(sequence.more, value) is not False):
        return None
    return False
