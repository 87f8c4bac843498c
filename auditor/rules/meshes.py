"""Transit gateways whose one table joins every VPC with every other.

https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-isolated.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related
from auditor.frozen import dataclass
from auditor.model import AttachmentKind, TransitAttachment, Truth
from auditor.reach.forwarding.transit import Transit
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import some
from auditor.tree import Location, Presence, Reason

_MOST_NAMED = 6
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class _Users:
    """The attachments for whose packets a table is looked up: those that certainly are, and all that may."""

    sure: tuple[TransitAttachment, ...]
    perhaps: tuple[TransitAttachment, ...]
    reasons: tuple[Reason, ...]


def meshes(least: int, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each table by which so many VPCs reach, or may reach, each other."""
    transit = Transit(evidence.engine.index)
    for name, users in _tables(transit).items():
        joined = _reached(transit, name, users.sure, certain=True)
        if len(joined) >= least:
            yield _violated(transit, name, joined, evidence)
            continue
        perhaps = _reached(transit, name, users.perhaps, certain=False)
        if len(perhaps) >= least:
            yield _undetermined(transit, name, perhaps, users)


def _tables(transit: Transit) -> dict[str, _Users]:
    """The tables of the gateways, with the attachments of VPCs that use them."""
    found: dict[str, tuple[list[TransitAttachment], list[TransitAttachment], list[Reason]]] = {}
    for one in transit.attachments.values():
        if one.kind is not AttachmentKind.VPC or one.active.truth is Truth.NO:
            continue
        gateway = transit.index.canonical(one.gateway.id)
        names, why = transit.looked_up(one, gateway)
        there = one.presence is Presence.CERTAIN and one.gateway.certain and one.active.truth is Truth.YES
        for name in names:
            sure, perhaps, reasons = found.setdefault(name, ([], [], []))
            perhaps.append(one)
            reasons += (*why, *one.active.reasons)
            if there and not why and len(names) == 1:
                sure.append(one)
    return {name: _Users(tuple(sure), tuple(may), tuple(why)) for name, (sure, may, why) in found.items()}


def _reached(
    transit: Transit, table: str, users: tuple[TransitAttachment, ...], *, certain: bool
) -> tuple[TransitAttachment, ...]:
    """Those of a table's users that the table leads to, so that each of them reaches all the others."""
    view = transit.view(table)
    ways = [way for way in view.ways if (way.region.must if certain else way.region.may)]
    led = {transit.index.canonical(way.target.link.id) for way in ways if way.target.link}
    return tuple(one for one in users if one.id in led or (view.outside and not certain))


def _place(transit: Transit, table: str) -> Location:
    known = transit.tables.get(table)
    return known.at if known else Location("")


def _vpcs(joined: tuple[TransitAttachment, ...]) -> str:
    names = list(dict.fromkeys(one.vpc.id if one.vpc else one.id for one in joined))
    return some(names, _MOST_NAMED)


def _related(joined: tuple[TransitAttachment, ...]) -> tuple[Related, ...]:
    return tuple(Related(at=one.at, text=f"{one.id} uses it") for one in joined[:_MOST_NAMED])


def _violated(
    transit: Transit, table: str, joined: tuple[TransitAttachment, ...], evidence: Evidence
) -> Judged:
    ids = {one.id for one in joined}
    canonical = evidence.engine.index.canonical
    ways = [
        way for way in transit.view(table).ways if way.target.link and canonical(way.target.link.id) in ids
    ]
    return Judged(
        judgement=Judgement.VIOLATED,
        component=table,
        at=_place(transit, table),
        fact="joins every VPC with every other",
        message=f"{table} is the table of {_vpcs(joined)}, and leads from each of them to all the others.",
        proof=tuple(
            f"{table} sends {way.text} to {way.target.link.id}" + (f" ({way.at})" if way.at else "")
            for way in ways[:_MOST_NAMED]
            if way.target.link
        ),
        related=_related(joined),
    )


def _undetermined(
    transit: Transit, table: str, joined: tuple[TransitAttachment, ...], users: _Users
) -> Judged:
    view = transit.view(table)
    reasons = [*users.reasons, *(why for way in view.ways for why in way.reasons), *view.outside]
    reasons += [why for one in joined for why in (*one.gateway.reasons, *one.active.reasons)]
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=table,
        at=_place(transit, table) if _place(transit, table).path else joined[0].at,
        fact="joins every VPC with every other",
        message=f"{table} may be the table of {_vpcs(joined)}, and lead from each of them to all the others.",
        related=_related(joined),
        unknowns=tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )
