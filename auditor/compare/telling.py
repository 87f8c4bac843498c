"""The found differences as changes and as what cannot be compared, merged, named and sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.compare.comparing import Comparison
from auditor.compare.deliveries import Doubtful, Shift
from auditor.compare.evidence import evidence
from auditor.compare.far import Far
from auditor.compare.matching import Matching
from auditor.compare.merging import Merging, Row, Told, Whole
from auditor.compare.things import Sort, Thing
from auditor.difference import Apart, Change, Difference, Named, Undecided
from auditor.reach import End, Endpoint, EndpointKind, Engine
from auditor.reach.names import label
from auditor.tree import Reason

_SHOWN = frozenset({Sort.WORKLOAD, Sort.GROUP, Sort.SUBNET, Sort.VPC})


def difference(engines: tuple[Engine, Engine], matching: Matching) -> Difference:
    """All that differs between two networks whose things have been matched."""
    comparison = Comparison(engines, matching)
    merging = Merging(comparison)
    found = tuple(comparison.found())
    moved = ((each, shift) for each in found for shift in each.shifts)
    changes = [_change(comparison, row) for row in merging.rows(moved)]
    doubted = ((each, (doubt, each.unknowns)) for each in found for doubt in each.doubts)
    undecided = [_undecided(comparison, row) for row in merging.rows(doubted)]
    alone = [tuple(_alone(engines[side], matching.alone(side))) for side in (0, 1)]
    return Difference(
        changes=tuple(changes[place] for place in _order(changes)),
        undecided=tuple(undecided[place] for place in _order(undecided)),
        only_before=alone[0],
        only_after=alone[1],
        apart=tuple(_apart(engines, matching)),
        gaps_before=engines[0].inventory.gaps,
        gaps_after=engines[1].inventory.gaps,
    )


def _order(rows: Sequence[Change | Undecided]) -> list[int]:
    """By destination: those first that the internet can reach, then the internet, then the others by name."""
    exposed = {row.destination for row in rows if row.source.end.kind is EndpointKind.INTERNET}

    def key(place: int) -> tuple[object, ...]:
        row = rows[place]
        return (
            row.destination not in exposed,
            *_rank(row.destination.end),
            *_rank(row.source.end),
            row.kind.value if isinstance(row, Change) else row.doubt.value,
            row.traffic.boxes,
        )

    return sorted(range(len(rows)), key=key)


def _rank(end: End) -> tuple[bool, str, str]:
    return end.kind is not EndpointKind.INTERNET, end.name, end.address


def _change(comparison: Comparison, row: Row) -> Change:
    shift = row.told
    if not isinstance(shift, Shift):
        raise TypeError("a change is told of a shift")
    before, after = evidence(comparison, row.example, shift.traffic)
    return Change(
        kind=shift.kind,
        source=_named(comparison, row.source),
        destination=_named(comparison, row.destination),
        traffic=shift.traffic.services(),
        one_way=shift.one_way,
        before=before,
        after=after,
    )


def _undecided(comparison: Comparison, row: Row) -> Undecided:
    match row.told:
        case (Doubtful() as doubt, tuple() as unknowns):
            return Undecided(
                doubt=doubt.doubt,
                source=_named(comparison, row.source),
                destination=_named(comparison, row.destination),
                traffic=doubt.traffic.services(),
                before=row.example.deliveries[0].verdict(doubt.traffic),
                after=row.example.deliveries[1].verdict(doubt.traffic),
                unknowns=tuple(each for each in unknowns if isinstance(each, Reason)),
                opens=doubt.opens,
            )
        case _:
            raise TypeError("what is undecided is told of a doubt")


def _named(comparison: Comparison, told: Told) -> Named:
    match told:
        case Whole(group):
            before, after = comparison.named.group(group)
        case Far(endpoint):
            before = after = endpoint
        case int():
            before, after = comparison.parties[told].ends
    return Named(before=_end(before), after=_end(after))


def _end(endpoint: Endpoint | None) -> End | None:
    return None if endpoint is None else endpoint.end


def _alone(engine: Engine, things: Iterable[Thing]) -> Iterator[End]:
    shown = (thing for thing in things if thing.sort in _SHOWN and not (thing.part or thing.launched))
    yield from sorted((_thing_end(engine, thing) for thing in shown), key=_by_name)


def _by_name(end: End) -> tuple[str, str, str]:
    return end.kind.value, end.name, end.address


def _thing_end(engine: Engine, thing: Thing) -> End:
    if thing.sort in _SHOWN:
        return engine.names.by_id(thing.id).end
    return End(kind=EndpointKind.SUBNET, name=label(thing.id), address=thing.id)


def _apart(engines: tuple[Engine, Engine], matching: Matching) -> Iterator[Apart]:
    for alike in matching.likenesses():
        if alike.before[0].sort in _SHOWN:
            yield Apart(
                before=tuple(_alone(engines[0], alike.before)), after=tuple(_alone(engines[1], alike.after))
            )
