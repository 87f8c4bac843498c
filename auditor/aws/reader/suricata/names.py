"""Which servers a rule is about by their names: what its contents ask of the name that a client gives.

https://docs.suricata.io/en/suricata-7.0.8/rules/tls-keywords.html#tls-sni
https://docs.suricata.io/en/suricata-7.0.8/rules/transforms.html#dotprefix
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from auditor.frozen import dataclass

BUFFERS = {
    "tls.sni": "tls",
    "tls_sni": "tls",
    "http.host": "http",
    "http.host.raw": "http",
    "http_host": "http",
    "http_raw_host": "http",
    "dns.query": "dns",
    "dns_query": "dns",
}
"""The buffers that hold a server's name, and the application in which a client gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one content asks of a name; ``strange`` where it asks something else besides."""

    buffer: str
    text: str | None
    negated: bool = False
    starts: bool = False
    ends: bool = False
    dotted: bool = False
    strange: bool = False


class Fit(StrEnum):
    """How names that are listed stand to those that are asked for."""

    EXACT = "exact"
    WIDER = "wider"  # but for a few names, all that are listed are asked for, and no others
    NARROWER = "narrower"  # there may be others
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of servers, or, where ``negated``, all but these."""

    domains: tuple[str, ...]
    fit: Fit
    negated: bool = False


ALL = Names((), Fit.EXACT)


def names_of(asked: Iterable[Asked]) -> Names:
    """The names that fulfil all that is asked."""
    every = list(asked)
    if not every:
        return ALL
    wanted = [_name(one) for one in every if not one.negated]
    unwanted = [_name(one) for one in every if one.negated]
    if not wanted:
        exactly = all(fit in {Fit.EXACT, Fit.WIDER} for _, fit in unwanted)
        domains = tuple(dict.fromkeys(name for name, _ in unwanted))
        return Names(domains, Fit.EXACT, negated=True) if exactly else Names((), Fit.NEITHER)
    name, fit = wanted[0]
    if len(every) == 1:
        return Names((name,), fit) if fit is not Fit.NEITHER else Names((), fit)
    within = [one for one, how in wanted if how in {Fit.EXACT, Fit.WIDER}]
    return Names(tuple(within[:1]), Fit.NEITHER)


def _name(asked: Asked) -> tuple[str, Fit]:
    """The name as AWS writes it: ``.example.com`` for what ends so and ``example.com`` itself."""
    text = asked.text
    if text is None or not text or asked.strange or not asked.ends:
        return "", Fit.NEITHER
    if asked.starts:
        bare = text.removeprefix(".") if asked.dotted else text
        return bare, Fit.EXACT if not asked.dotted or text.startswith(".") else Fit.NEITHER
    if not text.startswith("."):
        return f".{text}", Fit.NARROWER
    return text, Fit.EXACT if asked.dotted else Fit.WIDER
