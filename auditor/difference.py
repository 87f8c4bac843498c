"""What a difference between two networks consists of: changes, what cannot be compared, what only one has."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.reach.verdict import Blocker, DecisiveRule, End, Verdict
from auditor.traffic import Traffic
from auditor.tree import Gap, Reason


class Kind(StrEnum):
    """How reachability changed. Each has its mirror, which it is when the two networks are swapped."""

    ADDED = "added"  # nothing passed, and now something does
    REMOVED = "removed"
    WIDENED = "widened"  # more passes than did
    NARROWED = "narrowed"
    NOW_ANSWERED = "now-answered"  # packets arrived without replies, and now connections open
    NOW_ONE_WAY = "now-one-way"  # connections opened, and now packets arrive without replies

    @property
    def mirror(self) -> Kind:
        """The kind of the same change seen from the other side."""
        return _MIRROR[self]

    @property
    def opens(self) -> bool:
        """Whether something passes that did not."""
        return self in _OPENS


_OPENS = frozenset({Kind.ADDED, Kind.WIDENED, Kind.NOW_ANSWERED})
_PAIRS = (
    (Kind.ADDED, Kind.REMOVED),
    (Kind.WIDENED, Kind.NARROWED),
    (Kind.NOW_ANSWERED, Kind.NOW_ONE_WAY),
)
_MIRROR = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}


class Doubt(StrEnum):
    """Why reachability cannot be compared."""

    NOW_UNKNOWN = "now-unknown"  # the base decides it, the head does not
    NOW_DECIDED = "now-decided"  # the head decides it, the base does not
    UNKNOWN = "unknown"  # neither does, each by an unknown of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One end as the two networks name it; None where only the other has it."""

    before: End | None
    after: End | None

    @property
    def end(self) -> End:
        """The end as the head names it, or as the base does where the head has none."""
        found = self.after or self.before
        if found is None:
            raise AssertionError("an end that neither network has")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one of the networks says of it: the verdict, the rules that let it, or what stops it."""

    verdict: Verdict
    rules: tuple[DecisiveRule, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    unknowns: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Traffic that passes from ``source`` to ``destination`` in one of the networks, and not in the other.

    ``one_way`` where packets arrive and replies do not. An end that one of the networks does not have gives
    no evidence there (None).
    """

    kind: Kind
    source: Named
    destination: Named
    traffic: Traffic
    one_way: bool = False
    before: Evidence | None = None
    after: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """Traffic of which at least one of the networks does not say whether it passes.

    ``opens`` where it may pass in the head without passing for certain in the base.
    """

    doubt: Doubt
    source: Named
    destination: Named
    traffic: Traffic
    before: Verdict
    after: Verdict
    unknowns: tuple[Reason, ...]
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Things that fit each other's signs and cannot be told apart."""

    before: tuple[End, ...]
    after: tuple[End, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The difference in reachability between a base and a head, everything sorted.

    ``only_before`` and ``only_after`` are workloads, groups, subnets and VPCs that have no counterpart,
    without the instances of scaling groups that stand as their groups say.
    """

    changes: tuple[Change, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    only_before: tuple[End, ...] = ()
    only_after: tuple[End, ...] = ()
    apart: tuple[Apart, ...] = ()
    gaps_before: tuple[Gap, ...] = ()
    gaps_after: tuple[Gap, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether reachability is the same, as far as both networks decide it."""
        return not (self.changes or self.undecided)
