"""The words that findings share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.model import Direction
from auditor.reach import Leg, Path
from auditor.traffic import Bounds, Traffic, traffic_text

_MOST_SERVICES = 4


def listed(texts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *firsts, last = texts
    return f"{', '.join(firsts)} and {last}" if firsts else last


def some(texts: Iterable[str], most: int) -> str:
    """The first texts as ``listed`` has them, and how many more there are."""
    whole = tuple(texts)
    more = (f"{len(whole) - most} more",) if len(whole) > most else ()
    return listed((*whole[:most], *more))


def steps(path: Path | None, leg: Leg = Leg.REQUEST) -> Iterator[str]:
    """The hops of a path in one direction, a line each."""
    for hop in path.hops if path else ():
        if hop.leg is leg:
            rule = f": {hop.rule}" if hop.rule else ""
            place = f" ({hop.at})" if hop.at and hop.at.path else ""
            yield f"{hop.component} {hop.decision}{rule}{place}"


def service_text(service: Bounds[Traffic] | Traffic) -> str:
    """The services on one line; ``all traffic`` for everything."""
    texts = traffic_text(service.may if isinstance(service, Bounds) else service)
    if texts == ("all",):
        return "all traffic"
    shown = ", ".join(texts[:_MOST_SERVICES]) or "nothing"
    return shown + (f" and {len(texts) - _MOST_SERVICES} more" if len(texts) > _MOST_SERVICES else "")


def all_services(service: Bounds[Traffic]) -> str:
    """The services on one line as the facts of findings have them, none left out."""
    texts = traffic_text(service.may)
    return "all traffic" if texts == ("all",) else ", ".join(texts) or "nothing"


def peer_word(direction: Direction) -> str:
    """How a rule names its other end."""
    return "from" if direction is Direction.INGRESS else "to"
