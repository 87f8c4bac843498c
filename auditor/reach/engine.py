"""The engine: questions about one network, answered with proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.model import Direction, Inventory
from auditor.reach.carriers import Carriers
from auditor.reach.changes import Opening, least
from auditor.reach.details import Details
from auditor.reach.ends import Ends, Resolved
from auditor.reach.folds import Folds
from auditor.reach.index import Index
from auditor.reach.inside import Borders
from auditor.reach.joined import Joined
from auditor.reach.journey import Journey
from auditor.reach.journeys import Journeys
from auditor.reach.later import Later
from auditor.reach.names import Endpoint, Names
from auditor.reach.neighbours import Search
from auditor.reach.notes import Remarks, untold
from auditor.reach.of_service import known
from auditor.reach.outcomes import Outcomes, of_asked
from auditor.reach.paths import Ways, ways
from auditor.reach.proof import blockers, conditions, reply_blockers, unknowns
from auditor.reach.quick import Quick
from auditor.reach.spot import Party
from auditor.reach.spots import Spots
from auditor.reach.straight import StraightWays
from auditor.reach.verdict import NOTHING_OPENS, Answer, Blocker, EndpointKind, Neighbours, Verdict
from auditor.reach.walk import Outcome
from auditor.traffic import EVERYTHING, Traffic
from auditor.tree import Reason

if TYPE_CHECKING:
    from auditor.reach.tiers import Tiers

_CLOSED = frozenset({Verdict.BLOCKED, Verdict.ONE_WAY})
_MOST_SUPPOSED = 64
Named = str | Endpoint


class Engine:
    """Answers questions about one inventory; everything that two questions share is computed once.

    ``strict`` makes unknown what is otherwise assumed of things outside the input. ``service`` is the one
    service of AWS that an engine answers about, where it was made for that. ``tiers`` are tiers by the names
    of workloads, groups or subnets, where the signs do not tell them.
    """

    def __init__(
        self,
        inventory: Inventory,
        strict: bool = False,  # noqa: FBT001, FBT002 - contract
        service: str = "",
        tiers: Mapping[str, str] | None = None,
    ) -> None:
        self.inventory = inventory
        self.service = service
        self.strict = strict
        self._tiers_given = tiers or {}
        self.index = Index(inventory)
        self.carriers = Carriers(self.index)
        self.spots = Spots(self.index, self.carriers)
        self.borders = Borders(self.index, strict=strict)
        self.journeys = Journeys(self.borders, self.carriers)
        self.groups = self.borders.groups
        self.quick = Quick(self.borders)
        self.outcomes = Outcomes(self.journeys, self.quick)
        self.resolved = Resolved(self.spots, service)
        self._of_services: dict[str, Engine] = {}
        self.joined = Joined(self.index)
        self.details = Details(self.index)
        self.folds = Folds()
        self.straight = StraightWays(self.borders)
        self.remarks = Remarks(self.carriers, self.borders.acls, inventory.gaps)
        self._kept_notes: dict[int, tuple[Ends, tuple[str, ...]]] = {}
        self._named: dict[str, tuple[Endpoint, ...]] = {}
        self.names = Names(self.index)

    def endpoints(self, text: str) -> tuple[Endpoint, ...]:
        """Every endpoint that ``text`` names.

        Raises:
            UsageError: nothing has that name; the hint holds the nearest names.
        """
        found = self._named.get(text)
        if found is None:
            word, _, tier = text.partition(":")
            named = (self.tiers.end(tier),) if word.lower() == "tier" else self.names.resolve(text)
            found = self._named[text] = named
        return found

    @cached_property
    def tiers(self) -> Tiers:
        """The tiers of the workloads."""
        from auditor.reach.tiers import Tiers

        return Tiers(self.index, self.carriers, self._tiers_given)

    def endpoint(self, named: Named) -> Endpoint:
        """The one endpoint that a text names.

        Raises:
            UsageError: nothing has that name, or several things do; all are listed.
        """
        if isinstance(named, Endpoint):
            return named
        found = self.endpoints(named)
        if len(found) > 1:
            listed = ", ".join(sorted(one.text for one in found))
            raise UsageError(f"{named!r} names several things: {listed}", hint="use one of these")
        return found[0]

    def can_reach(
        self, source: Named, destination: Named, asked: Traffic | None = None, *, every: bool = False
    ) -> Answer:
        """Whether ``source`` can open a connection to ``destination``, with the proof: a few ways, or every.

        Raises:
            UsageError: a text names nothing, or several things.
        """
        start, end = self.endpoint(source), self.endpoint(destination)
        if end.kind is EndpointKind.SERVICE and not self.service:
            return self.about(end.name.partition(":")[2]).can_reach(start, end, asked, every=every)
        traffic = EVERYTHING if asked is None else asked
        ends = (self.resolved.ends(start), self.resolved.ends(end).arrived)
        outcome = self.outcome(*ends, traffic)
        verdict = outcome.verdict
        stops = self.plain_blockers(ends, traffic) if verdict is Verdict.BLOCKED else ()
        journeys = () if stops else self._journeys(ends, outcome, traffic)
        bounds = outcome.request if verdict is Verdict.ONE_WAY else outcome.both
        found = ways(journeys, traffic, self.folds, every=every) if verdict is not Verdict.BLOCKED else Ways()
        opening = Later(lambda: self._opening(ends, verdict, traffic, journeys).opened)
        return Answer(
            source=start.text,
            destination=end.text,
            asked=traffic,
            verdict=verdict,
            traffic=bounds,
            paths=found.told,
            blockers=stops or self._blockers(verdict, journeys, traffic),
            unknowns=unknowns(journeys, traffic) if verdict is Verdict.UNKNOWN else (),
            remarks=(*self._of_ways(found), *self._filtered(journeys, traffic), *self._notes(ends)),
            opening=opening if verdict in _CLOSED else NOTHING_OPENS,
        )

    def _opening(
        self, ends: tuple[Ends, Ends], verdict: Verdict, asked: Traffic, journeys: tuple[Journey, ...]
    ) -> Opening:
        """The least that would open a way; routes that are not there are supposed where they may help."""
        plain = self._plain(ends)
        if verdict is Verdict.BLOCKED and not journeys and plain is not None:
            journeys = (self.journeys.between(plain[0].spots[0], plain[1].spots[0]),)
        elif not all(self.borders.stays(*one.spots) for one in journeys) or not journeys:
            return least(islice(self._supposed.all(*ends), _MOST_SUPPOSED), asked)
        return least(journeys, asked)

    @cached_property
    def _supposed(self) -> Journeys:
        return Journeys(self.borders, self.carriers, supposing=True)

    def _of_ways(self, found: Ways) -> tuple[str, ...]:
        return (*untold(found.untold), *self.details.of(found.walks))

    def about(self, service: str) -> Engine:
        """The engine for questions about a service of AWS."""
        found = self._of_services.get(service)
        if found is None:
            found = Engine(known(self.inventory, service), self.strict, service)
            self._of_services[service] = found
        return found

    def _filtered(self, journeys: tuple[Journey, ...], asked: Traffic) -> tuple[str, ...]:
        return conditions(journeys, asked) if self.inventory.firewalls else ()

    def filtered(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> tuple[str, ...]:
        """What firewalls ask of what passes between a target and a neighbour, beside addresses and ports."""
        if not self.inventory.firewalls:
            return ()
        source, destination = (other, one) if direction is Direction.INGRESS else (one, other)
        return conditions(self.journeys.all(source, destination), asked)

    def who_can_reach(self, target: Named, asked: Traffic | None = None) -> Neighbours:
        """Every source that can open a connection to ``target``, each covered by one row at least.

        Raises:
            UsageError: the text names nothing, or several things.
        """
        return self._neighbours(self.endpoint(target), asked, Direction.INGRESS)

    def reach_from(self, source: Named, asked: Traffic | None = None) -> Neighbours:
        """Every destination that ``source`` can open a connection to; otherwise as ``who_can_reach``."""
        return self._neighbours(self.endpoint(source), asked, Direction.EGRESS)

    def _neighbours(self, target: Endpoint, asked: Traffic | None, direction: Direction) -> Neighbours:
        traffic = EVERYTHING if asked is None else asked
        ends = self.resolved.ends(target)
        ends = ends.arrived if direction is Direction.INGRESS else ends
        search = Search(self, ends, direction, traffic)
        return Neighbours(
            target=target.end,
            asked=traffic,
            rows=search.rows(),
            gaps=self.inventory.gaps,
            notes=self._notes((ends,)),
        )

    def met(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> Outcome:
        """The outcome between a target and a neighbour; ``direction`` as seen from the target."""
        source, destination = (other, one) if direction is Direction.INGRESS else (one, other)
        return self.outcomes.of(source, destination, asked, around=False)

    def why(self, one: Ends, other: Ends, direction: Direction, asked: Traffic) -> tuple[Reason, ...]:
        """The unknowns that decide between a target and a neighbour."""
        source, destination = (other, one) if direction is Direction.INGRESS else (one, other)
        return unknowns(self.journeys.all(source, destination), asked)

    def plain_blockers(self, ends: tuple[Ends, Ends], asked: Traffic) -> tuple[Blocker, ...]:
        """The groups that block on their own where only groups are in the way, else none."""
        pair = self._plain(ends)
        if pair is None:
            return ()
        source, destination = pair
        accepted = destination.kin.listens if destination.kin else None
        if accepted is not None and not asked & accepted:
            return ()
        found = []
        for spot, direction, bounds in zip(
            (source.kin, destination.kin),
            (Direction.EGRESS, Direction.INGRESS),
            self.quick.filters(source, destination),
            strict=True,
        ):
            if spot is not None and not of_asked(bounds, asked).may:
                found.append(self.borders.group_blocker(spot, direction))
        return tuple(found)

    def _plain(self, ends: tuple[Ends, Ends]) -> tuple[Party, Party] | None:
        source, destination = ends
        if len(source.parties) != 1 or len(destination.parties) != 1:
            return None
        pair = (source.parties[0], destination.parties[0])
        return pair if self.quick.is_plain(*pair) else None

    def _journeys(self, ends: tuple[Ends, Ends], outcome: Outcome, asked: Traffic) -> tuple[Journey, ...]:
        """The journeys that the proof is made of: one of them where all are alike."""
        pair = self._plain(ends)
        if pair is None or outcome.verdict not in {Verdict.REACHABLE, Verdict.BLOCKED}:
            return tuple(self.journeys.all(*ends))
        if outcome.verdict is Verdict.BLOCKED:
            return (self.journeys.between(pair[0].spots[0], pair[1].spots[0]),)
        return tuple(self.journeys.between(*spots) for spots in self.quick.cover(*pair, outcome, asked))

    def _blockers(
        self, verdict: Verdict, journeys: tuple[Journey, ...], asked: Traffic
    ) -> tuple[Blocker, ...]:
        if verdict is Verdict.BLOCKED:
            return blockers(journeys, asked)
        return reply_blockers(journeys, asked) if verdict is Verdict.ONE_WAY else ()

    def matrix(self, asked: Traffic | None = None) -> Iterator[tuple[str, str, Verdict]]:
        """The verdict between every two security groups, each by its id, in the order of the input.

        A group stands for all its members; the pairs of a group with itself are among them.
        """
        traffic = EVERYTHING if asked is None else asked
        ends = {group: self.resolved.ends(self.names.by_id(group)) for group in self.index.groups}
        for source, start in ends.items():
            for destination, end in ends.items():
                yield source, destination, self.outcome(start, end, traffic).verdict

    def outcome(self, source: Ends, destination: Ends, asked: Traffic) -> Outcome:
        """What of the asked traffic is delivered between two ends."""
        return self.outcomes.of(source, destination, asked, around=True)

    # -- notes -------------------------------------------------------------------------------------

    def _notes(self, ends: tuple[Ends, ...]) -> tuple[str, ...]:
        notes: dict[str, None] = {}
        for end in ends:
            notes.update(dict.fromkeys(self._notes_on(end)))
        if self.inventory.gaps:
            count = len(self.inventory.gaps)
            parts = "part of the input was" if count == 1 else "parts of the input were"
            notes[f"{count} {parts} not read (netaudit show lists them)"] = None
        return tuple(notes)

    def _notes_on(self, end: Ends) -> tuple[str, ...]:
        key = id(end)
        kept = self._kept_notes.get(key)
        if kept is not None and kept[0] is end:
            return kept[1]
        notes = dict.fromkeys(self.remarks.on(end.spots))
        self._kept_notes[key] = (end, tuple(notes))
        return tuple(notes)
