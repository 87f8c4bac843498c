"""Entries of network ACLs that never match, since others come before them."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.model import Acl, Truth
from auditor.rules.definition import Judged
from auditor.rules.stated import Stated
from auditor.rules.words import listed
from auditor.traffic import Traffic
from auditor.tree import Reason

_MOST_NAMED = 4
_MOST_UNKNOWNS = 12


def shadowed(acl: Acl, stated: tuple[Stated, ...]) -> Iterator[Judged]:
    """One judgement for each entry of a direction that others before it leave nothing to match."""
    for position, one in enumerate(stated):
        region = one.clause.region
        if not region.may:
            continue
        others = [each for number, each in enumerate(stated) if number != position]
        sure = _covering(region.may, [each for each in others if _surely_before(each, one)], must=True)
        if sure:
            yield _never(acl, one, sure, certain=True)
            continue
        perhaps = _perhaps_covering(one, [each for each in others if _perhaps_before(each, one)])
        if perhaps and any(_contrary(each, one) for each in perhaps):
            yield _never(acl, one, perhaps, certain=False)


def _perhaps_covering(one: Stated, before: list[Stated]) -> tuple[Stated, ...]:
    """The entries that take at the least what an entry is for; any that it meets where that is nothing."""
    region, entry = one.clause.region, one.entry
    least = region.may if entry.service.known and entry.peer.addresses.known else region.must
    if least:
        return _covering(least, before, must=False)
    return tuple(each for each in before if each.clause.region.may & region.may)


def _surely_before(one: Stated, other: Stated) -> bool:
    known = one.entry.allow.truth is not Truth.UNKNOWN
    first, second = one.entry.number, other.entry.number
    return known and first is not None and second is not None and first < second


def _perhaps_before(one: Stated, other: Stated) -> bool:
    first, second = one.entry.number, other.entry.number
    return first is None or second is None or first < second


def _contrary(one: Stated, other: Stated) -> bool:
    truths = {one.entry.allow.truth, other.entry.allow.truth}
    return len(truths) > 1 or Truth.UNKNOWN in truths


def _covering(region: Traffic, before: list[Stated], *, must: bool) -> tuple[Stated, ...]:
    """The entries that take all of a region: the first that does alone, else all that do together."""
    taken = [(one, one.clause.region.must if must else one.clause.region.may) for one in before]
    alone = next(((one,) for one, traffic in taken if region <= traffic), None)
    if alone:
        return alone
    meeting = [(one, traffic) for one, traffic in taken if traffic & region]
    if meeting and region <= Traffic.union(traffic for _, traffic in meeting):
        return tuple(one for one, _ in meeting)
    return ()


def _never(acl: Acl, one: Stated, before: tuple[Stated, ...], *, certain: bool) -> Judged:
    entry, contrary = one.entry, any(_contrary(each, one) for each in before)
    names = listed(f"{each.clause.text!r}" for each in before[:_MOST_NAMED])
    comes = "comes" if len(before) == 1 else "come"
    reasons = [reason for each in (one, *before) for reason in each.clause.reasons]
    reasons += [_number_of(each) for each in (one, *before) if each.entry.number is None]
    return Judged(
        judgement=Judgement.VIOLATED if certain else Judgement.UNDETERMINED,
        component=acl.id,
        at=entry.at,
        fact=f"{entry.direction.value} {one.clause.text}",
        message=f"The {entry.direction.value} entry {one.clause.text!r} of {acl.id} "
        f"{'never matches' if certain else 'may never match'}: {names} {comes} before it.",
        severity=None if contrary and certain else Severity.LOW,
        fix=_renumbered(before) if contrary else "Remove the entry: what it says is said before it.",
        proof=tuple(
            f"{acl.id}, {entry.direction.value}: {each.clause.text} ({each.entry.at})" for each in before
        ),
        related=tuple(
            Related(at=each.entry.at, text=f"matches first: {each.clause.text}") for each in before
        ),
        unknowns=() if certain else tuple(dict.fromkeys(reasons))[:_MOST_UNKNOWNS],
    )


def _number_of(one: Stated) -> Reason:
    return Reason(f"the number of the entry for {one.entry.peer.text}", one.entry.at, "give its number")


def _renumbered(before: tuple[Stated, ...]) -> str:
    numbers = [each.entry.number for each in before if each.entry.number is not None]
    if not numbers:
        return "Give the entries numbers in the order in which they are meant."
    return f"Give the entry a number below {min(numbers)} if it is meant, and remove it if it is not."
