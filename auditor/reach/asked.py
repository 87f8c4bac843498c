"""What of all traffic a question asks about, and which ways it counts."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.traffic import Traffic, parse_traffic

Asked = str | Sequence[str] | Traffic | None


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways count beside a single connection.

    ``through_proxies`` those through proxies, ``lateral`` those from host to host of at most so many
    connections (0: none).
    """

    through_proxies: bool = False
    lateral: int = 0


def asked_traffic(traffic: Asked) -> Traffic | None:
    """The traffic that a question names; None for any. Raises UsageError for text that is no traffic."""
    if traffic is None or isinstance(traffic, Traffic):
        return traffic
    texts = (traffic,) if isinstance(traffic, str) else traffic
    try:
        return Traffic.union([parse_traffic(text) for text in texts])
    except ValueError as error:
        raise UsageError(
            str(error), hint="write it as tcp/443, udp/53, tcp/8000-8100, icmp or all"
        ) from error
