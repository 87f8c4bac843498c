"""All courses from a place, for each combination of what is not known, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile

from auditor.model import TargetKind, Truth
from auditor.reach.forwarding.choices import MOST, Alternative, Choices
from auditor.reach.forwarding.course import Arrival, ArrivalKind, Course, open_course, perhaps_point
from auditor.reach.forwarding.crossing import Sender, sent
from auditor.reach.forwarding.lookup import ANYWHERE, Lying
from auditor.reach.forwarding.place import Place
from auditor.reach.forwarding.supposing import is_consistent
from auditor.reach.forwarding.surroundings import Surroundings
from auditor.reach.forwarding.tracing import Tracer
from auditor.reach.verdict import Code
from auditor.traffic import IntSet
from auditor.tree import Location, Presence, Reason

_MOST_COURSES = 64

Explored = tuple[Alternative, ...]


class Forwarding:
    """The courses of one network."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.index = around.index
        self._kept: dict[tuple[Place, IntSet, str, Lying], Explored] = {}

    def out(
        self,
        place: Place,
        addresses: IntSet,
        leg: str,
        *,
        foreign: bool = False,
        native: str | None = None,
    ) -> Explored:
        """The courses from a place to addresses; ``leg`` tells the request's choices from the reply's.

        ``foreign`` addresses lie in no VPC, those of interfaces of ``native`` in that one.
        """
        lying = Lying(foreign, native)
        key = (place, addresses, leg, lying)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _explored(
                lambda tracer: tracer.courses(place, addresses),
                lambda choices: Tracer(self.around, choices, leg, lying),
            )
        return found

    def entering(self, vpc: str | None, addresses: IntSet, kind: TargetKind, leg: str) -> Explored:
        """The courses of what enters a VPC by a gateway of a kind, by the gateway's own table if any."""
        key = (Place(vpc, None, f"at {kind.value}"), addresses, leg, ANYWHERE)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._entered(vpc, addresses, kind, leg)
        return found

    def _entered(self, vpc: str | None, addresses: IntSet, kind: TargetKind, leg: str) -> Explored:
        candidates = list(self._edge_tables(vpc, kind))
        if not candidates:
            arrival = Arrival(kind=ArrivalKind.INTERFACE, vpc=vpc)
            return (Alternative((), (Course(points=(), arrival=arrival),)),)

        def explore(tracer: Tracer) -> Iterator[Course]:
            what = f"the route table of the gateway of {vpc}"
            for table, doubt in tracer.choices.pick(f"edge {vpc}", candidates, what):
                if table is None:
                    yield Course(points=doubt, arrival=Arrival(kind=ArrivalKind.INTERFACE, vpc=vpc))
                    continue
                for course in tracer.courses(Place(vpc, None, table), addresses):
                    yield course.after(*doubt)

        return _explored(explore, lambda choices: Tracer(self.around, choices, leg, ANYWHERE))

    def _edge_tables(self, vpc: str | None, kind: TargetKind) -> Iterator[str | None]:
        """The tables of the gateways of a kind that are, or may be, attached to a VPC; None for no table."""
        index = self.index
        kinds = {one.id: one.kind for one in index.inventory.gateways}
        sure = False
        for one in index.inventory.table_associations:
            if one.gateway is None:
                continue
            gateway = index.canonical(one.gateway.id)
            attached = index.attached(gateway, vpc)
            if kinds.get(gateway, kind) is not kind or attached is Truth.NO:
                continue
            certain = one.presence is Presence.CERTAIN and one.gateway.certain and one.table.certain
            sure = sure or (certain and attached is Truth.YES)
            yield index.canonical(one.table.id)
            if not (certain and attached is Truth.YES):
                yield None

    def sent(self, attachment: str, gateway: str, addresses: IntSet, leg: str) -> Explored:
        """The courses of what enters a transit gateway by an attachment that is no VPC's."""
        one = self.around.transit.attachments[attachment]
        key = (Place(None, None, f"by {attachment} {gateway}"), addresses, leg, ANYWHERE)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _explored(
                lambda tracer: sent(tracer, Sender(gateway, one), addresses, frozenset()),
                lambda choices: Tracer(self.around, choices, leg, ANYWHERE),
            )
        return found


def _explored(follow: Callable[[Tracer], Iterator[Course]], tracer: Callable[[Choices], Tracer]) -> Explored:
    found: list[Alternative] = []
    waiting: list[dict[str, int]] = [{}]
    while waiting:
        chosen = waiting.pop()
        choices = Choices(chosen)
        courses = _followed(follow, tracer(choices))
        if choices.asked is None:
            found.append(Alternative(tuple(sorted(chosen.items())), courses))
            continue
        key, count = choices.asked
        if len(found) + len(waiting) + count > MOST:
            loose = _together(follow, tracer(Choices({}, loose=True)))
            return (Alternative((), loose),)
        waiting.extend({**chosen, key: number} for number in reversed(range(count)))
    return tuple(found)


def _together(follow: Callable[[Tracer], Iterator[Course]], tracer: Tracer) -> tuple[Course, ...]:
    """All courses at once, none for certain; a way that may lead anywhere where they are too many."""
    found = tuple(islice(follow(tracer), _MOST_COURSES + 1))
    if len(found) > _MOST_COURSES:
        what = "which of many route tables and endpoints are in effect"
        why = Reason(what, Location(""), "the input that decides it, or a snapshot")
        return (open_course(perhaps_point("choice", what, Code.NO_PATH, (why,), None)),)
    return _consistent(found, tracer)


def _followed(follow: Callable[[Tracer], Iterator[Course]], tracer: Tracer) -> tuple[Course, ...]:
    """The courses, as far as the choices go: what comes after one that has not been made is another's."""
    return _consistent(takewhile(lambda _: tracer.choices.asked is None, follow(tracer)), tracer)


def _consistent(courses: Iterable[Course], tracer: Tracer) -> tuple[Course, ...]:
    return tuple(filter(is_consistent, courses) if tracer.around.supposing else courses)
