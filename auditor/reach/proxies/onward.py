"""What proxies hand on: one value for each listener and each of its targets."""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact
from auditor.traffic import Bounds, Traffic
from auditor.tree import Location, Reason


class How(StrEnum):
    """How a proxy hands on: by packets, by a call through AWS, or through PrivateLink."""

    PACKETS = "packets"
    INVOKED = "invoked"
    PRIVATE_LINK = "private-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """What a proxy accepts by one listener, and the connection that it opens then to one target.

    ``proxy`` and ``target`` are ids of workloads; the target is empty where it may be any. ``certain`` is
    false where it is not known whether the proxy does so, for the ``reasons`` given.
    """

    proxy: str
    listener: str
    at: Location
    accepts: Bounds[Traffic]
    target: str
    opens: Bounds[Traffic]
    how: How = How.PACKETS
    preserves: Fact = NO
    cross_zone: Fact = YES
    certain: bool = True
    reasons: tuple[Reason, ...] = ()
