"""Which rules let one interface reach another of its VPC, where only groups stand between, without a walk.

The rules are those that the proof of the answer names: the first of each end's groups that lets it pass.
"""

from __future__ import annotations

from collections.abc import Hashable

from auditor.frozen import dataclass
from auditor.model import Direction, Truth
from auditor.reach.groups import carried
from auditor.reach.inside import Borders
from auditor.reach.points import UNANSWERED, services_text
from auditor.reach.sides import Match
from auditor.reach.spot import Spot
from auditor.reach.verdict import DecisiveRule
from auditor.traffic import EVERYTHING


@dataclass(frozen=True, slots=True)
class Straight:
    """The rule that lets the packets out, and the one that lets them in."""

    out: DecisiveRule
    into: DecisiveRule


class StraightWays:
    """The straight ways between the interfaces of one network."""

    def __init__(self, borders: Borders) -> None:
        self.borders = borders
        self.groups = borders.groups
        self._found: dict[Hashable, DecisiveRule | None] = {}

    def between(self, source: Spot, destination: Spot) -> Straight | None:
        """The straight way between two spots if something certainly passes; None where it takes more."""
        if not (_simple(source) and _simple(destination) and self._is_plain(source, destination)):
            return None
        if not source.initiates or source.opens is not None:
            return None
        if not destination.accepts or destination.listens is not None:
            return None
        into = self._rule(destination, Direction.INGRESS, source)
        out = self._rule(source, Direction.EGRESS, destination) if into else None
        return Straight(out, into) if out and into else None

    def _is_plain(self, source: Spot, destination: Spot) -> bool:
        if source.family is not destination.family or source.vpc is None or source.vpc != destination.vpc:
            return False
        if self.borders.same_subnet(source, destination) is Truth.YES:
            return True
        return self.borders.is_open(source, destination)

    def _rule(self, spot: Spot, direction: Direction, peer: Spot) -> DecisiveRule | None:
        key = (spot.groups, direction, peer.addresses, self.groups.met(spot, direction, peer))
        if key not in self._found:
            self._found[key] = self._decisive(spot, direction, peer)
        return self._found[key]

    def _decisive(self, spot: Spot, direction: Direction, peer: Spot) -> DecisiveRule | None:
        """The first rule that has to do with a peer, where it lets all its addresses pass for certain.

        All traffic, on the way out: what comes in is then decided by the other end alone.
        """
        sides = [self.groups.side(group, direction) for group, _ in carried(spot)]
        if any(side.outside for side in sides):
            return None
        for match in (match for side in sides for match in side.matches):
            by_group = bool(match.group) and bool(self.groups.by_group(match, peer).may)
            if by_group or match.addresses.may.overlaps(peer.addresses):
                return self._told(match, spot, direction) if _lets(match, direction, peer) else None
        return None

    def _told(self, match: Match, spot: Spot, direction: Direction) -> DecisiveRule:
        word = "from" if direction is Direction.INGRESS else "to"
        text = f"{services_text(match.rule.service.may)} {word} {match.text}"
        return DecisiveRule(
            component=self.borders.group_blocker(spot, direction).component, at=match.at, text=text
        )


def _simple(spot: Spot) -> bool:
    """Whether all that filters a spot is known, and the spot itself is certain."""
    return (
        spot.certain
        and spot.filtered
        and not spot.selectable
        and bool(spot.groups)
        and not (spot.possible or spot.open)
    )


def _lets(match: Match, direction: Direction, peer: Spot) -> bool:
    service = match.service
    if match.group not in peer.groups if match.group else not peer.addresses <= match.addresses.must:
        return False
    if direction is Direction.EGRESS:
        return service.must is EVERYTHING or service.must == EVERYTHING
    return service.known and not service.must <= UNANSWERED
