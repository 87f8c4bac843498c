"""Conditions: true, false, or open, and then an expression of which parts can be taken for true or false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from auditor.frozen import dataclass
from auditor.sources.values import identity, joined
from auditor.tree import Location, Node, Reason, Scalar, Unknown

LARGEST = 500  # conditions in one of which the parts are looked into


class Connective(StrEnum):
    """How a condition consists of others."""

    NONE = ""
    NOT = "Not"
    AND = "And"
    OR = "Or"


@dataclass(frozen=True, slots=True)
class Condition:
    """``truth`` is None for one that the input does not decide. Equal names are equal conditions."""

    truth: bool | None
    name: str = ""
    reasons: tuple[Reason, ...] = ()
    connective: Connective = Connective.NONE
    parts: tuple[Condition, ...] = ()
    size: int = 1

    def follows(self, *, truth: bool) -> Mapping[str, bool]:
        """What is known of conditions where this one is true (or false), by their names."""
        if self.truth is not None:
            return {}
        found = {self.name: truth} if self.name else {}
        if self.connective is Connective.NOT:
            found.update(self.parts[0].follows(truth=not truth))
        elif self.connective is (Connective.AND if truth else Connective.OR):
            for part in self.parts:
                found.update(part.follows(truth=truth))
        return found

    def within(self, assumed: Mapping[str, bool]) -> Condition:
        """The condition where some are taken for true or false."""
        if self.truth is not None or not assumed:
            return self
        known = assumed.get(self.name) if self.name else None
        if known is not None:
            return TRUE if known else FALSE
        match self.connective:
            case Connective.NOT:
                return negated(self.parts[0].within(assumed))
            case Connective.AND:
                return every(part.within(assumed) for part in self.parts)
            case Connective.OR:
                return some(part.within(assumed) for part in self.parts)
            case Connective.NONE:
                return self

    def node(self, at: Location) -> Node:
        """The condition as a value."""
        if self.truth is not None:
            return Scalar(self.truth, at)
        return Unknown(self.reasons, at, identity=self.name, type="bool")


TRUE = Condition(truth=True)
FALSE = Condition(truth=False)


def undecided(reasons: Iterable[Reason], name: str = "") -> Condition:
    """A condition that the input does not decide."""
    return Condition(None, name, joined(reasons))


def negated(condition: Condition) -> Condition:
    """The negation."""
    if condition.truth is not None:
        return FALSE if condition.truth else TRUE
    if condition.connective is Connective.NOT:
        return condition.parts[0]
    name = identity(f"Not({condition.name})") if condition.name else ""
    return Condition(None, name, condition.reasons, Connective.NOT, (condition,), condition.size)


def every(conditions: Iterable[Condition]) -> Condition:
    """The conjunction."""
    return _joined(conditions, Connective.AND, decisive=False)


def some(conditions: Iterable[Condition]) -> Condition:
    """The disjunction."""
    return _joined(conditions, Connective.OR, decisive=True)


def _joined(conditions: Iterable[Condition], connective: Connective, *, decisive: bool) -> Condition:
    open_ones: dict[object, Condition] = {}
    for condition in conditions:
        if condition.truth is decisive:
            return condition
        if condition.truth is None:
            open_ones.setdefault(condition.name or id(condition), condition)
    if not open_ones:
        return FALSE if decisive else TRUE
    kept = tuple(open_ones.values())
    if len(kept) == 1:
        return kept[0]
    if any(negated(each).name in open_ones for each in kept if each.name):
        return TRUE if decisive else FALSE  # one of them and its negation
    names = sorted(each.name for each in kept)
    name = identity(f"{connective}({', '.join(names)})") if all(names) else ""
    reasons = joined(why for each in kept for why in each.reasons)
    size = sum(each.size for each in kept)
    if size > LARGEST:
        return Condition(None, name, reasons)
    return Condition(None, name, reasons, connective, kept, size)
