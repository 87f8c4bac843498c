"""The small words that every noun of the model is made of: three-valued facts and links between things."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.tree import Location, Reason


class Truth(StrEnum):
    """Yes, no, or not decided by the input."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """A yes-or-no fact, where it stands, and what would decide it while it is unknown."""

    truth: Truth
    at: Location | None = None
    reasons: tuple[Reason, ...] = ()


YES = Fact(Truth.YES)
NO = Fact(Truth.NO)


@dataclass(frozen=True, slots=True)
class Link:
    """One component naming another.

    ``id`` is the other's id, or, where the input does not hold it, the identity of the value that names
    it (``var.vpc_id``, ``data.aws_vpc.main.id``, ``sg-0123456789abcdef0``): equal ids are one thing, known
    or not. ``certain`` is false for one of several possibilities; ``reasons`` say what would decide.
    Where the id stands for one of several things, ``among`` are their ids, and ``any`` says that it may be
    another one, too: whatever it is, the link is a fact about that.
    """

    id: str
    at: Location
    certain: bool = True
    reasons: tuple[Reason, ...] = ()
    among: tuple[str, ...] = ()
    any: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """The things that a component names. ``open`` says why there may be others; empty: these are all."""

    items: tuple[Link, ...] = ()
    open: tuple[Reason, ...] = ()


NO_LINKS = Links()


class Direction(StrEnum):
    """As seen from the interface or the subnet that the filter stands at."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Family(StrEnum):
    """An address family."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
