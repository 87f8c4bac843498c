"""The stateless rules: each packet on its own, the first match wins, then the default action.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-standard.html
"""

from __future__ import annotations

from collections.abc import Sequence

from auditor.frozen import dataclass
from auditor.model.inspection import FirewallAction
from auditor.reach.firewalls.fates import Fate, in_order, rest_of
from auditor.reach.firewalls.rulings import Ruling
from auditor.reach.points import ALL, NONE, PERHAPS, UNANSWERED
from auditor.traffic import EVERYTHING, TCP, Bounds, IntSet, Traffic, exact

_PASS = frozenset({FirewallAction.PASS})
_FORWARD = frozenset({FirewallAction.FORWARD})
_DATAGRAMS = exact(EVERYTHING - Traffic.of(protocols=IntSet.single(TCP)))
_NO_REPLY = exact(UNANSWERED)


@dataclass(frozen=True, slots=True)
class Sorting:
    """Which packets pass at once, which are handed to the stateful rules, and which do either."""

    passed: Bounds[Traffic]
    forwarded: Bounds[Traffic]
    kept: Bounds[Traffic]

    def delivered(self, tracked: Bounds[Traffic]) -> Bounds[Traffic]:
        """The requests that pass, where the stateful rules let ``tracked`` pass."""
        if self.forwarded is ALL:
            return tracked
        return Bounds(
            self.passed.must | self.kept.must & tracked.must,
            self.passed.may | self.forwarded.may & tracked.may,
        )

    def answered(self, back: Sorting) -> Bounds[Traffic]:
        """The requests whose replies pass, where ``back`` sorts the requests by their replies.

        The stateful rules let pass the replies of what they have seen; the replies of what they have not
        are the middle of a connection that they do not know. Where they see the request alone, no TCP
        connection is established for them:
        https://docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html
        """
        if self.forwarded is ALL and back.forwarded is ALL:
            return ALL
        must = (
            (self.passed.must & back.passed.must)
            | (self.forwarded.must & back.forwarded.must)
            | (self.forwarded.must & back.passed.must & _DATAGRAMS.must)
        )
        return Bounds(must, back.passed.may | back.forwarded.may) | _NO_REPLY


def sorting(rulings: Sequence[Ruling], default: FirewallAction, *, back: bool = False) -> Sorting:
    """What the stateless rules do with requests, or with their replies (``back``)."""
    regions = [one.back if back else one.region for one in rulings]
    passed, forwarded, kept = (
        _with_default(
            [one.fate(region, actions) for one, region in zip(rulings, regions, strict=True)],
            default,
            actions,
        )
        for actions in (_PASS, _FORWARD, _PASS | _FORWARD)
    )
    return Sorting(passed, forwarded, kept)


def _with_default(
    fates: list[Fate], default: FirewallAction, passing: frozenset[FirewallAction]
) -> Bounds[Traffic]:
    rest = PERHAPS if default is FirewallAction.UNKNOWN else ALL if default in passing else NONE
    return rest_of(rest, in_order(fates))
