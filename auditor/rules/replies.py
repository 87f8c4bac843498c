"""The entries that let the replies through that a network ACL drops, where no others would be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.finding import AdmitReplies, ByHand, ReplyEntry
from auditor.frozen import dataclass
from auditor.model import Acl, AclEntry, Direction, Truth
from auditor.traffic import IPV4, IPV6, IntSet, Traffic, cidrs, parse_cidr, protocol_text, service
from auditor.tree import Location, Presence

MOST_ENTRIES = 20
"""https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""

_EPHEMERAL = (1024, 65535)
_FIRST, _STEP, _LAST = 100, 10, 32766
_FAMILIES = (Traffic.of(destinations=IPV4), Traffic.of(destinations=IPV6))


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An entry that lets requests of a protocol pass of which no reply comes back."""

    entry: AclEntry
    protocol: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an entry must allow, to or from where, for the requests of which entry."""

    direction: Direction
    protocol: int
    cidr: str
    requests: Location

    @property
    def region(self) -> Traffic:
        """What it lets pass, with the addresses of the other end as destinations."""
        ports = IntSet.of(_EPHEMERAL)
        return Traffic.of(destination_ports=ports, destinations=parse_cidr(self.cidr)) & service(
            self.protocol
        )


class _NoneError(Exception):
    """There is no one right rewrite, and why."""


def reply_entries(
    acl: Acl, entries: Sequence[AclEntry], unanswered: Sequence[Unanswered]
) -> AdmitReplies | ByHand:
    """The entries that let the replies through, or why it is not for a machine to say which they are.

    ``entries`` are all that the ACL has. What denies everything stays behind the new entries, what denies
    less before them.
    """
    try:
        inline = _inline(entries)
        wanted = tuple(dict.fromkeys(_wanted(unanswered)))
        return AdmitReplies(
            acl=acl.id,
            at=acl.at,
            inline=inline,
            entries=tuple(
                made
                for direction in Direction
                for made in _numbered(
                    [one for one in _widest(wanted) if one.direction is direction],
                    [one for one in entries if one.direction is direction],
                )
            ),
        )
    except _NoneError as none:
        return ByHand(why=str(none))


def _inline(entries: Sequence[AclEntry]) -> bool:
    if len(kinds := {one.inline for one in entries}) > 1:
        raise _NoneError("some of its entries are written in the network ACL, and some beside it")
    if any(one.presence is not Presence.CERTAIN or not one.acl.certain for one in entries):
        raise _NoneError("it is not known which entries it has")
    return kinds == {True}


def _wanted(unanswered: Sequence[Unanswered]) -> Iterator[_Wanted]:
    for one in unanswered:
        entry = one.entry
        if not entry.service.known or not entry.peer.addresses.known:
            raise _NoneError(f"it is not known what its entry at {entry.at} lets pass")
        ranges = cidrs(entry.peer.addresses.may)
        if len(ranges) != 1:
            raise _NoneError(f"its entry at {entry.at} names no single range")
        other = Direction.EGRESS if entry.direction is Direction.INGRESS else Direction.INGRESS
        yield _Wanted(other, one.protocol, ranges[0], entry.at)


def _widest(wanted: Sequence[_Wanted]) -> Iterator[_Wanted]:
    """Those that no other one makes needless; of two that are alike the first."""
    for place, one in enumerate(wanted):
        others = (
            (number, other)
            for number, other in enumerate(wanted)
            if number != place and other.direction is one.direction and one.region <= other.region
        )
        if all(one.region == other.region and place < number for number, other in others):
            yield one


def _numbered(wanted: Sequence[_Wanted], entries: Sequence[AclEntry]) -> Iterator[ReplyEntry]:
    if not wanted:
        return
    if len(entries) + len(wanted) > MOST_ENTRIES:
        raise _NoneError(f"it would have more than the {MOST_ENTRIES} entries that AWS allows in a direction")
    numbers = [one.number for one in entries if one.number is not None]
    if len(numbers) < len(entries):
        raise _NoneError("it is not known which numbers its entries have")
    before = _before(wanted, entries)
    taken = set(numbers)
    for one in wanted:
        number = _free(taken, before)
        taken.add(number)
        yield ReplyEntry(
            egress=one.direction is Direction.EGRESS,
            protocol=protocol_text(one.protocol),
            ports=_EPHEMERAL,
            cidr=one.cidr,
            number=number,
            requests=one.requests,
        )


def _before(wanted: Sequence[_Wanted], entries: Sequence[AclEntry]) -> int:
    """The number that the new entries must stay below: that of what denies all the rest."""
    end = _LAST + 1
    denying: list[int] = []
    for entry in entries:
        number = entry.number or 0
        if entry.allow.truth is Truth.YES:
            continue
        denied = entry.service.may & Traffic.of(destinations=entry.peer.addresses.may)
        known = entry.service.known and entry.peer.addresses.known and entry.allow.truth is Truth.NO
        if known and any(family <= denied for family in _FAMILIES):
            if any(one.region <= denied for one in wanted):
                end = min(end, number)
        elif any(denied & one.region for one in wanted):
            if not known or any(not _spares(denied, one) for one in wanted):
                raise _NoneError(f"its entry at {entry.at} denies replies, or may: is that meant?")
            denying.append(number)
    if any(number > end for number in denying):
        raise _NoneError(f"an entry behind number {end} denies some of the replies: is that meant?")
    return end


def _spares(denied: Traffic, one: _Wanted) -> bool:
    """Whether what is denied leaves replies pass: those of single addresses may be denied, with all ports."""
    cut = denied & one.region
    return cut != one.region and cut == cut.free("destination_ports") & one.region


def _free(taken: set[int], before: int) -> int:
    """The next number that people would give: behind the others, and before what denies all the rest."""
    last = max((number for number in taken if number < before), default=0)
    wide = last - last % _STEP + _STEP if last else _FIRST
    for number in (wide, before - _STEP, last + 1):
        if last < number < before and number <= _LAST:
            return number
    raise _NoneError(f"no number is free before {before}")
