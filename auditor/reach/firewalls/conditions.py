"""What a connection must carry to pass, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.frozen import dataclass
from auditor.model.inspection import FirewallAction
from auditor.reach.firewalls.rulings import Ruling
from auditor.reach.firewalls.stateful import Tracking
from auditor.reach.points import Condition
from auditor.traffic import Traffic

_MOST_NAMES = 8
_MOST_REGIONS = 16
_SEEN = {"tls": ("TLS", "SNI"), "http": ("HTTP", "host")}


def conditions(rulings: Iterable[Ruling], tracking: Tracking) -> tuple[Condition, ...]:
    """What the rules for applications demand of the connections for which it matters."""
    asked = [one for one in rulings if one.application and one.action is not FirewallAction.ALERT]
    found: list[Condition] = []
    for traffic, own in _parted(tracking.open, asked):
        parts = ((traffic & tracking.plain, True), (traffic - tracking.plain, False))
        for part, plain in parts:
            text = _text(own, plain=plain) if part else ""
            if text:
                found.append(Condition(traffic=part, text=text, at=own[0].at))
    return tuple(found)


def _parted(traffic: Traffic, rulings: Sequence[Ruling]) -> Iterator[tuple[Traffic, list[Ruling]]]:
    """The traffic by which of the rules may fit it."""
    regions = list(dict.fromkeys(one.region.may for one in rulings))
    if len(regions) > _MOST_REGIONS:
        regions = [Traffic.union(regions)]
    parts: list[tuple[Traffic, frozenset[Traffic]]] = [(traffic, frozenset())]
    for region in regions:
        parts = [
            (piece, have | {region} if inside else have)
            for part, have in parts
            for piece, inside in ((part & region, True), (part - region, False))
            if piece
        ]
    for part, have in parts:
        own = [one for one in rulings if one.region.may in have or len(regions) == 1]
        if have and own:
            yield part, own


@dataclass(frozen=True, slots=True)
class _Names:
    """What of an application passes: the rest, but for ``dropped``; or ``passed`` alone."""

    rest: bool
    passed: tuple[str, ...]
    dropped: tuple[str, ...]


def _names(rulings: Iterable[Ruling], *, plain: bool) -> _Names:
    passed: dict[str, None] = {}
    dropped: dict[str, None] = {}
    for one in rulings:
        passes = one.action is FirewallAction.PASS
        if one.action is FirewallAction.UNKNOWN or not (passes or one.region.must):
            continue
        if one.domains and not one.negated:
            mine, theirs = (passed, dropped) if passes else (dropped, passed)
            mine.update(dict.fromkeys(name for name in one.domains if name not in theirs))
            continue
        (dropped if passes else passed).update(dict.fromkeys(one.domains))
        return _Names(passes, tuple(passed), tuple(dropped))
    return _Names(plain, tuple(passed), tuple(dropped))


def _text(rulings: Sequence[Ruling], *, plain: bool) -> str:
    alone = [one.application[1:] for one in rulings if one.application.startswith("!") and _drops(one)]
    known = [one for one in rulings if not one.application.startswith("!")]
    applications = sorted({one.application for one in known}, key=lambda one: (one != "tls", one))
    told = [
        (name, _names((one for one in known if one.application == name), plain=plain or name in alone))
        for name in applications
        if not alone or name in alone
    ]
    if not alone:
        return _narrowed(told) if plain else _allowed(told)
    told += [(name, _Names(True, (), ())) for name in sorted(set(alone) - set(applications))]  # noqa: FBT003 - as declared
    return _allowed(told)


def _drops(ruling: Ruling) -> bool:
    return ruling.action in {FirewallAction.DROP, FirewallAction.REJECT} and bool(ruling.region.must)


def _allowed(told: Iterable[tuple[str, _Names]]) -> str:
    """Where nothing but what the rules name passes."""
    parts = []
    for name, names in told:
        protocol, sign = _words(name)
        if names.rest:
            parts.append(protocol + (f" but not to {_listed(names.dropped)}" if names.dropped else ""))
        elif names.passed:
            parts.append(f"{_listed(names.passed)} by {protocol} {sign}")
    return f"only {' or '.join(parts)}" if parts else ""


def _narrowed(told: Iterable[tuple[str, _Names]]) -> str:
    """Where all passes but what the rules name."""
    only, but = [], []
    for name, names in told:
        protocol, sign = _words(name)
        if names.rest and names.dropped:
            but.append(f"{_listed(names.dropped)} by {protocol} {sign}")
        elif not names.rest and names.passed:
            only.append(f"{protocol} only to {_listed(names.passed)} by {sign}")
        elif not names.rest:
            only.append(f"no {protocol}")
    if only:
        only.extend(f"not to {one}" for one in but)
        return "; ".join((*only, "other protocols pass"))
    return f"all but {' and '.join(but)}" if but else ""


def _words(application: str) -> tuple[str, str]:
    return _SEEN.get(application, (application.upper(), "name"))


def _listed(names: Iterable[str]) -> str:
    shown = sorted({f"*{name}" if name.startswith(".") else name for name in names})
    more = len(shown) - _MOST_NAMES
    text = ", ".join(shown[:_MOST_NAMES])
    return f"{text} and {more} more" if more > 0 else text
