"""What each firewall of an inventory lets pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial

from auditor.frozen import dataclass
from auditor.model import Truth
from auditor.model.inspection import Firewall, FirewallAction, FirewallPolicy
from auditor.reach.filing import by_id
from auditor.reach.firewalls.conditions import conditions
from auditor.reach.firewalls.rulings import Home, Rulings
from auditor.reach.firewalls.slices import Parts, Settled, condensed, settled
from auditor.reach.firewalls.stateful import defaults, tracking
from auditor.reach.firewalls.stateless import sorting
from auditor.reach.index import Index
from auditor.reach.points import ALL, PERHAPS, Clause, Condition
from auditor.traffic import ANY, EMPTY, NOTHING, Bounds, Traffic
from auditor.tree import Location, Presence, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a firewall lets pass: ``passes`` are the connections, by their openers' first packets, of which
    at least something that they can carry is delivered; ``conditions`` tell what else they must fulfil.

    ``replies`` are the requests whose answers its stateless rules let pass, in terms of the request.
    """

    component: str
    at: Location
    passes: Bounds[Traffic]
    replies: Bounds[Traffic] = ALL
    clauses: tuple[Clause, ...] = ()
    conditions: tuple[Condition, ...] = ()


class Firewalls:
    """The network firewalls of an inventory."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._inspections: dict[str, Inspection] = {}
        self._alone: dict[str, tuple[Traffic, Traffic]] = {}

    def find(self, identity: str) -> Firewall | None:
        """The firewall that an endpoint's id, its own, or an alias of either names."""
        return self._by_id.get(self.index.canonical(identity))

    def inspection(self, firewall: Firewall) -> Inspection:
        """What a firewall lets pass, by the policy that it uses."""
        found = self._inspections.get(firewall.id)
        if found is None:
            found = self._inspections[firewall.id] = self._inspected(firewall)
        return found

    def alone(self, firewall: Firewall) -> tuple[Traffic, Traffic]:
        """The requests that pass packet by packet, whatever else is seen of them: by themselves, by replies.

        The stateless rules look at each packet alone, so that it does not matter which way the other takes.
        """
        found = self._alone.get(firewall.id)
        if found is None:
            found = self._alone[firewall.id] = self._stateless(firewall)
        return found

    def _stateless(self, firewall: Firewall) -> tuple[Traffic, Traffic]:
        policy = self._policies.get(self.index.canonical(firewall.policy.id))
        if policy is None or policy.open or not firewall.policy.certain:
            return NOTHING, NOTHING
        groups = by_id(self.index.inventory.firewall_rule_groups)
        rulings = Rulings(groups, self.index.canonical, self._home(firewall, policy))
        stateless = rulings.stateless(policy.stateless)
        there = sorting(stateless, policy.stateless_default)
        back = sorting(stateless, policy.stateless_default, back=True)
        return there.passed.must, back.passed.must

    @cached_property
    def _by_id(self) -> Mapping[str, Firewall]:
        canonical = self.index.canonical
        found: dict[str, Firewall] = {}
        for one in self.index.inventory.firewalls:
            for identity in (one.id, *(endpoint.id for endpoint in one.endpoints)):
                found.setdefault(canonical(identity), one)
        return found

    @cached_property
    def _policies(self) -> Mapping[str, FirewallPolicy]:
        return by_id(self.index.inventory.firewall_policies)

    def _inspected(self, firewall: Firewall) -> Inspection:
        link = firewall.policy
        policy = self._policies.get(self.index.canonical(link.id))
        if policy is None or link.among or link.any:
            why = Reason(f"the policy {link.id}", link.at, "the input that defines it, or a snapshot")
            return _undecided(firewall, f"the policy {link.id}", link.at, link.reasons or (why,))
        if policy.open or policy.presence is not Presence.CERTAIN or not link.certain:
            return _undecided(firewall, f"the policy {policy.id}", policy.at, policy.open + link.reasons)
        return self._compiled(firewall, policy)

    def _compiled(self, firewall: Firewall, policy: FirewallPolicy) -> Inspection:
        groups = by_id(self.index.inventory.firewall_rule_groups)
        rulings = Rulings(groups, self.index.canonical, self._home(firewall, policy))
        stateless = rulings.stateless(policy.stateless)
        orders = [one for one in (True, False) if policy.strict.truth is not (Truth.NO if one else Truth.YES)]
        stateful = [rulings.stateful(policy.stateful, strict=strict) for strict in orders]
        parts = (tuple(stateless), *map(condensed, stateful))
        found = settled(parts, partial(_settle, policy, tuple(orders)))
        return Inspection(
            component=firewall.id,
            at=firewall.at,
            passes=found.passes,
            replies=found.replies,
            clauses=(
                *(one.clause for one in stateless if one.action is not FirewallAction.FORWARD or one.reasons),
                *(one.clause for one in stateful[0] if one.action is not FirewallAction.ALERT),
                *_defaults(policy, found.passes),
            ),
            conditions=found.conditions,
        )

    def _home(self, firewall: Firewall, policy: FirewallPolicy) -> Home:
        if policy.home is not None:
            return Home.of(policy.home)
        vpc = firewall.vpc
        if not vpc.certain or vpc.among or vpc.any:
            return Home.of(Bounds(EMPTY, ANY))
        return Home.of(self.index.ranges(self.index.canonical(vpc.id)))


def _settle(policy: FirewallPolicy, orders: tuple[bool, ...], parts: Parts) -> Settled:
    """What some rules of a policy do, in the order of the policy, or in both where it is not known."""
    stateless, *stateful = parts
    there = sorting(stateless, policy.stateless_default)
    back = sorting(stateless, policy.stateless_default, back=True)
    bounds, told = [], list[Condition]()
    for strict, rulings in zip(orders, stateful, strict=True):
        found = tracking(rulings, defaults(policy.stateful_defaults if strict else ()))
        bounds.append(there.delivered(found.passes))
        told.extend(conditions(rulings, found))
    passes = bounds[0]
    for other in bounds[1:]:
        passes = Bounds(passes.must & other.must, passes.may | other.may)
    asked = passes.may & there.forwarded.may - there.passed.must if told else NOTHING
    return Settled(passes, there.answered(back), _within(told, asked))


def _within(told: Iterable[Condition], traffic: Traffic) -> tuple[Condition, ...]:
    narrowed = ((one, one.traffic & traffic) for one in dict.fromkeys(told))
    return tuple(Condition(traffic=part, text=one.text, at=one.at) for one, part in narrowed if part)


def _defaults(policy: FirewallPolicy, passes: Bounds[Traffic]) -> tuple[Clause, ...]:
    actions = ", ".join(policy.stateful_defaults) if policy.strict.truth is not Truth.NO else ""
    text = f"by default: {policy.stateless_default.value}"
    if policy.stateless_default is FirewallAction.FORWARD:
        text += f", then {actions or 'pass'}"
    return (
        Clause(
            component=policy.id,
            at=policy.at,
            text=text,
            region=passes,
            reasons=policy.strict.reasons,
            undecided=policy.strict.truth is Truth.UNKNOWN,
        ),
    )


def _undecided(firewall: Firewall, what: str, at: Location, reasons: tuple[Reason, ...]) -> Inspection:
    clause = Clause(component=firewall.id, at=at, text=f"{what}: not known", region=PERHAPS, reasons=reasons)
    return Inspection(
        component=firewall.id, at=firewall.at, passes=PERHAPS, replies=PERHAPS, clauses=(clause,)
    )
