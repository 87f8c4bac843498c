"""The rules of a firewall's policy in the order in which they are asked, each with the packets that it fits.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from auditor.frozen import dataclass
from auditor.model.inspection import FirewallAction, FirewallRule, FirewallRuleGroup, GroupUse
from auditor.reach.firewalls.fates import Fate, perhaps
from auditor.reach.points import NONE, PERHAPS, Clause
from auditor.traffic import ANY, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.traffic.bounds import Algebra
from auditor.tree import Location, Presence, Reason

_T = TypeVar("_T", bound=Algebra)

_MANAGED = ":aws-managed:"
_BLOCKING = frozenset({FirewallAction.DROP, FirewallAction.REJECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule at its place in the order.

    ``region`` are the packets of the opener that its header fits, ``back`` those whose answers it
    fits, which one for applications or for packets to the server is not asked of.
    """

    group: str
    at: Location
    text: str
    action: FirewallAction
    region: Bounds[Traffic]
    back: Bounds[Traffic]
    application: str = ""
    domains: tuple[str, ...] = ()
    negated: bool = False
    established: bool = False
    to_server: bool = False
    reasons: tuple[Reason, ...] = ()

    @property
    def settling(self) -> bool:
        """Whether it decides about a whole connection by the first packet of a side."""
        return not (self.application or self.established or self.to_server)

    @property
    def replies(self) -> Bounds[Traffic]:
        """The requests whose replies it may fit: the header is asked of either side's packets."""
        return Bounds(NOTHING, self.back.may)

    def fate(self, region: Bounds[Traffic], passing: frozenset[FirewallAction]) -> Fate:
        """What it does with a region, where ``passing`` are the actions that count as passing."""
        if self.action is FirewallAction.ALERT:
            return Fate(NONE, NONE)
        if self.action is FirewallAction.UNKNOWN:
            return Fate(perhaps(region), perhaps(region))
        return Fate(region, NONE) if self.action in passing else Fate(NONE, region)

    @property
    def clause(self) -> Clause:
        """The rule as a proof tells it."""
        return Clause(
            component=self.group,
            at=self.at,
            text=self.text,
            region=perhaps(self.region) if self.action is FirewallAction.UNKNOWN else self.region,
            allows=self.action not in _BLOCKING,
            undecided=bool(self.reasons),
            reasons=self.reasons,
        )


@dataclass(frozen=True, slots=True)
class Home:
    """The addresses of HOME_NET, and of EXTERNAL_NET, which is everything else.

    https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-variables.html
    """

    inside: Bounds[IntSet]
    outside: Bounds[IntSet]

    @staticmethod
    def of(inside: Bounds[IntSet]) -> Home:
        """HOME_NET, and what is not in it."""
        if inside.known:
            return Home(exact(inside.may), exact(ANY - inside.may))
        return Home(inside, Bounds(ANY - inside.may, ANY - inside.must))

    def within(self, inside: Bounds[IntSet] | None) -> Home:
        """The same in a group that sets HOME_NET itself.

        EXTERNAL_NET stays what the policy makes it unless the group sets it too; as the documentation has
        not always said so, what only one of the two readings holds is left undecided.
        """
        if inside is None:
            return self
        own = Home.of(inside).outside
        return Home(inside, Bounds(own.must & self.outside.must, own.may | self.outside.may))


class Rulings:
    """The rules behind the groups that a policy uses."""

    def __init__(
        self, groups: Mapping[str, FirewallRuleGroup], canonical: Callable[[str], str], home: Home
    ) -> None:
        self.groups = groups
        self.canonical = canonical
        self.home = home

    def stateless(self, uses: Sequence[GroupUse]) -> list[Ruling]:
        """By the groups' priorities, and in each by the rules': the lowest first."""
        found = []
        for use, group, sure in self._ordered(uses):
            if group is None or group.open:
                found.append(_unknown(use, group))
            if group is None:
                continue
            numbered = len(group.rules) == 1 or all(rule.priority is not None for rule in group.rules)
            rules = sorted(group.rules, key=lambda rule: rule.priority or 0)
            found.extend(self._ruling(group, rule, sure=sure and numbered) for rule in rules)
        return found

    def stateful(self, uses: Sequence[GroupUse], *, strict: bool) -> list[Ruling]:
        """In strict order as they stand, the groups by priority; else all that pass before all that drop."""
        found = []
        for use, group, sure in self._ordered(uses) if strict else self._known(uses):
            if group is None or group.open:
                found.append(_unknown(use, group))
            if group is not None:
                found.extend(self._ruling(group, rule, sure=sure) for rule in group.rules)
        return found if strict else list(_by_action(found))

    def _ordered(self, uses: Sequence[GroupUse]) -> Iterator[tuple[GroupUse, FirewallRuleGroup | None, bool]]:
        """The groups by priority; those without one first, and nothing of them certain."""
        lone = len(uses) == 1
        known = sorted(self._known(uses), key=lambda one: -1 if one[0].priority is None else one[0].priority)
        for use, group, sure in known:
            yield use, group, sure and (lone or use.priority is not None)

    def _known(self, uses: Iterable[GroupUse]) -> Iterator[tuple[GroupUse, FirewallRuleGroup | None, bool]]:
        for use in uses:
            link = use.group
            group = None if link.among or link.any else self.groups.get(self.canonical(link.id))
            sure = link.certain and use.presence is Presence.CERTAIN
            yield use, group, sure and (group is None or group.presence is Presence.CERTAIN)

    def _ruling(self, group: FirewallRuleGroup, rule: FirewallRule, *, sure: bool) -> Ruling:
        region = fitting(rule, self.home.within(group.home))
        if not sure or rule.undecided or rule.presence is not Presence.CERTAIN:
            region = perhaps(region)
        return Ruling(
            group=group.id,
            at=rule.at,
            text=rule.text,
            action=rule.action,
            region=region,
            back=NONE if rule.to_server or rule.application else _mapped(region, Traffic.reversed),
            application=rule.application,
            domains=rule.domains,
            negated=rule.negated,
            established=rule.established,
            to_server=rule.to_server,
            reasons=rule.reasons + rule.undecided,
        )


def fitting(rule: FirewallRule, home: Home) -> Bounds[Traffic]:
    """The packets of the opener that a rule's header fits."""
    region = rule.traffic
    for asked, addresses in ((rule.home_sources, home.inside), (rule.outside_sources, home.outside)):
        if asked:
            region = region & _mapped(addresses, lambda one: Traffic.of(sources=one))
    for asked, addresses in (
        (rule.home_destinations, home.inside),
        (rule.outside_destinations, home.outside),
    ):
        if asked:
            region = region & _mapped(addresses, lambda one: Traffic.of(destinations=one))
    return region | _mapped(region, Traffic.reversed) if rule.both else region


def _mapped(bounds: Bounds[_T], made: Callable[[_T], Traffic]) -> Bounds[Traffic]:
    may = made(bounds.may)
    return exact(may) if bounds.known else Bounds(made(bounds.must), may)


def _unknown(use: GroupUse, group: FirewallRuleGroup | None) -> Ruling:
    """What stands for the rules of a group that are not known: those of AWS itself pass nothing."""
    name = group.id if group else use.group.id
    managed = group is None and _MANAGED in name
    words = "the rules that AWS manages in" if managed else "the rules of"
    why = Reason(f"{words} {name}", use.group.at, "the input that defines them, or a snapshot")
    return Ruling(
        group=name,
        at=use.at,
        text=f"{words} {name}",
        action=FirewallAction.DROP if managed else FirewallAction.UNKNOWN,
        region=PERHAPS,
        back=PERHAPS,
        reasons=(group.open if group else use.group.reasons) or (why,),
    )


def _by_action(rulings: Iterable[Ruling]) -> Iterator[Ruling]:
    """In the order of actions, where one with an unknown action stands among both."""
    blocking = []
    for one in rulings:
        if one.action is FirewallAction.UNKNOWN:
            doubtful, back = perhaps(one.region), perhaps(one.back)
            yield replace(one, action=FirewallAction.PASS, region=doubtful, back=back)
            blocking.append(replace(one, action=FirewallAction.DROP, region=doubtful, back=back))
        elif one.action is FirewallAction.PASS:
            yield one
        elif one.action in _BLOCKING:
            blocking.append(one)
    yield from blocking
