"""Security groups that nothing carries and no other group names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.finding import Judgement, Severity
from auditor.model import Group, GroupPeer, Link, Truth, UnknownPeer
from auditor.reach.names import label
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.tree import GapKind, Presence, Reason

_MOST_UNKNOWNS = 12


def without_users(evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each group that is not its VPC's default."""
    users = Users(evidence)
    for group in evidence.engine.inventory.groups:
        if group.default or users.certainly(group.id):
            continue
        reasons = users.perhaps(group)
        if group.presence is not Presence.CERTAIN and not reasons:
            continue
        yield _judged(group, evidence, reasons)


class Users:
    """What uses groups: carries them, gives them to what it launches, or names them in rules of others."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.index = evidence.engine.index
        self._used = {*evidence.engine.carriers.members}
        inventory = evidence.engine.inventory
        self._use(link for profile in inventory.profiles for link in profile.groups.items)
        self._use(one.group for one in inventory.group_attachments)
        self._use(one.group for one in inventory.group_vpcs)
        for group, rules in self.index.rules.items():
            peers = (peer.group for rule in rules for peer in rule.peers if isinstance(peer, GroupPeer))
            self._use(link for link in peers if self.index.canonical(link.id) != group)
        self._anything = tuple(self._of_anything())
        self._mentions: dict[str, list[Reason]] = {}
        for mention in inventory.group_mentions:
            reason = Reason(f"what uses {mention.group.id}, which {mention.by} names", mention.at)
            self._mentions.setdefault(self.index.canonical(mention.group.id), []).append(reason)

    def _use(self, links: Iterable[Link]) -> None:
        for link in links:
            self._used |= {self.index.canonical(name) for name in (link.id, *link.among)}

    def certainly(self, group: str) -> bool:
        """Whether something in the input uses a group, if only perhaps."""
        return group in self._used

    def _of_anything(self) -> Iterator[Reason]:
        """Why any group may be used by something that is not known."""
        inventory = self.evidence.engine.inventory
        for gap in inventory.gaps:
            if gap.kind in {GapKind.SYNTAX, GapKind.MODULE} or "NetworkInterfaces" in gap.what:
                yield Reason(f"{gap.what}, which is not read", gap.at, gap.settled_by)
        for profile in inventory.profiles:
            yield from profile.groups.open
        for rule in inventory.rules:
            for peer in rule.peers:
                if isinstance(peer, UnknownPeer):
                    yield from peer.reasons

    def perhaps(self, group: Group) -> tuple[Reason, ...]:
        """Why something that is not known may use a group."""
        carriers = self.evidence.engine.carriers
        vpc = self.index.canonical(group.vpc.id)
        found = list(self._mentions.get(group.id, ()))
        for workload in carriers.undecided:
            if self.index.same_vpc(vpc, carriers.vpc(workload)) is not Truth.NO:
                found.extend(carriers.groups(workload).open)
        return tuple(dict.fromkeys((*found, *self._anything)))


def _judged(group: Group, evidence: Evidence, reasons: tuple[Reason, ...]) -> Judged:
    name = evidence.group_name(group.id)
    said = name if name != label(group.id) else group.id
    if reasons:
        message = f"nothing in the input certainly carries or names {said}; something that is not known may."
    else:
        message = f"nothing carries {said}, and no rule of another group names it."
    return Judged(
        judgement=Judgement.UNDETERMINED if reasons else Judgement.VIOLATED,
        component=group.id,
        at=group.at,
        fact="no user",
        message=message,
        severity=Severity.INFO if reasons else None,
        fix="" if reasons else f"Remove {said}, or give it to what it was made for.",
        unknowns=reasons[:_MOST_UNKNOWNS],
    )
