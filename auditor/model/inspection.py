"""What inspects traffic on its way: network firewalls, their policies and rule groups.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html
"""

from __future__ import annotations

from enum import StrEnum

from auditor.frozen import dataclass
from auditor.model.facts import NO, Fact, Link
from auditor.model.topology import Tags
from auditor.traffic import Bounds, IntSet, Traffic
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallEndpoint:
    """The endpoint of a firewall in one subnet, which routes lead to by its ``id``."""

    id: str
    at: Location
    subnet: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A network firewall; ``open`` says why it may have other endpoints than those listed."""

    id: str
    at: Location
    vpc: Link
    policy: Link
    endpoints: tuple[FirewallEndpoint, ...]
    names: tuple[str, ...] = ()
    tags: Tags = ()
    open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


class FirewallAction(StrEnum):
    """What becomes of a packet; ``FORWARD`` hands it from the stateless to the stateful rules."""

    PASS = "pass"  # noqa: S105 -- an action
    DROP = "drop"
    REJECT = "reject"
    ALERT = "alert"
    FORWARD = "forward"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUse:
    """A rule group that a policy uses; ``priority`` None where it has none or it is not known."""

    group: Link
    at: Location
    priority: int | None = None
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallPolicy:
    """A firewall policy. ``stateful_defaults`` hold for strict order (``aws:drop_established``, …).

    ``home`` are the addresses of HOME_NET where the policy sets them, else those of the firewall's VPC.
    ``open`` says why there may be rule groups that are not listed.
    """

    id: str
    at: Location
    names: tuple[str, ...] = ()
    stateless: tuple[GroupUse, ...] = ()
    stateless_default: FirewallAction = FirewallAction.UNKNOWN
    stateful: tuple[GroupUse, ...] = ()
    strict: Fact = NO
    stateful_defaults: tuple[str, ...] = ()
    home: Bounds[IntSet] | None = None
    open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """One rule. ``traffic`` are the packets of the connection's opener that its header fits.

    ``both`` where it fits the two directions (``<>``, ``ANY``). ``home_sources`` and ``home_destinations``
    where the rule is about ``$HOME_NET`` there: ``traffic`` then has all addresses, to be narrowed to the
    policy's (``outside_…``: to what is not in it, ``$EXTERNAL_NET``). ``application`` is the protocol that it
    asks for beyond the header (``tls``, ``http``; ``!http``: any but that), and ``domains`` the names of the
    server that it fits, as AWS writes them (``.example.com`` with all below it); empty: any.
    ``negated`` fits all other names.
    ``established`` where it is about packets of connections that both sides have taken part in, ``to_server``
    where it asks the packets of the opener alone, one by one (``flow: to_server``): without either, a rule
    of addresses and ports settles the whole connection with the first packet of either side that it fits.
    ``undecided`` are keywords that restrict it further in ways that are not followed.
    """

    at: Location
    text: str
    action: FirewallAction
    traffic: Bounds[Traffic]
    both: bool = False
    priority: int | None = None
    application: str = ""
    domains: tuple[str, ...] = ()
    negated: bool = False
    home_sources: bool = False
    home_destinations: bool = False
    outside_sources: bool = False
    outside_destinations: bool = False
    established: bool = False
    to_server: bool = False
    undecided: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRuleGroup:
    """A rule group, its rules in the order in which they stand; ``open``: why there may be others.

    ``home`` is HOME_NET where the group sets it itself, which then counts instead of the policy's.
    """

    id: str
    at: Location
    stateful: bool
    rules: tuple[FirewallRule, ...] = ()
    names: tuple[str, ...] = ()
    home: Bounds[IntSet] | None = None
    open: tuple[Reason, ...] = ()
    presence: Presence = Presence.CERTAIN
