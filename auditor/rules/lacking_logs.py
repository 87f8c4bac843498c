"""VPCs and transit gateways whose packets no flow log records."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement, Related, Severity
from auditor.model import FlowLog, Subnet, TransitGateway, Truth, Vpc
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import listed
from auditor.tree import GapKind, Location, Presence, Reason

_MOST_NAMED = 6


def without_flow_logs(evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each VPC that is not recorded, nor are all its subnets, and each transit gateway."""
    index = evidence.engine.index
    logs = Logs(evidence)
    for vpc in evidence.engine.inventory.vpcs:
        subnets = tuple(index.subnets_of.get(vpc.id, ()))
        own = logs.on(vpc.id)
        within = {subnet.id: logs.on(subnet.id) for subnet in subnets}
        by_subnets = bool(subnets) and all(truth is Truth.YES for truth in within.values())
        if own is Truth.YES or by_subnets:
            continue
        if Truth.UNKNOWN in {own, *within.values()}:
            yield _undetermined(vpc.id, vpc.at, logs.perhaps(vpc.id, *within))
        else:
            yield _violated(vpc, tuple(one for one in subnets if within[one.id] is Truth.YES))
    for gateway in evidence.engine.inventory.transit_gateways:
        match logs.on(gateway.id):
            case Truth.NO:
                yield _violated(gateway, ())
            case Truth.UNKNOWN:
                yield _undetermined(gateway.id, gateway.at, logs.perhaps(gateway.id))
            case Truth.YES:
                pass


class Logs:
    """The flow logs of a network, by what they record."""

    def __init__(self, evidence: Evidence) -> None:
        self.index = evidence.engine.index
        self._here = {*self.index.vpcs, *self.index.subnets}
        self._here |= {one.id for one in evidence.engine.inventory.transit_gateways}
        self._here |= set(evidence.engine.carriers.workloads)
        self._of: dict[str, list[FlowLog]] = {}
        self._of_any: list[FlowLog] = []
        for log in evidence.engine.inventory.flow_logs:
            names = {self.index.canonical(name) for name in (log.of.id, *log.of.among)}
            for name in names:
                self._of.setdefault(name, []).append(log)
            if log.of.any or not names & self._here:
                self._of_any.append(log)
        self._unread = tuple(self._modules(evidence))

    def _modules(self, evidence: Evidence) -> Iterator[Reason]:
        """Modules of which nothing is known, each of which may record anything."""
        known = {*self._here, *self.index.groups, *self.index.tables}
        known |= {one.id for one in evidence.engine.inventory.vpc_endpoints}
        for gap in evidence.engine.inventory.gaps:
            stood_in_for = any(identity.startswith(f"{gap.what}.") for identity in known)
            if gap.kind in {GapKind.SYNTAX, GapKind.MODULE} and not stood_in_for:
                yield Reason(f"{gap.what}, which is not read", gap.at, gap.settled_by)

    def on(self, identity: str) -> Truth:
        """Whether something is recorded; not known where a log may record anything."""
        own = self._of.get(identity, ())
        if any(log.of.certain and log.presence is Presence.CERTAIN and not log.of.among for log in own):
            return Truth.YES
        return Truth.UNKNOWN if own or self._of_any or self._unread else Truth.NO

    def perhaps(self, *identities: str) -> tuple[Reason, ...]:
        """Why that is not known."""
        found = [log for identity in identities for log in self._of.get(identity, ())] + self._of_any
        reasons = [reason for log in found for reason in log.of.reasons]
        reasons += [Reason(f"what {log.id} records, and whether it is there", log.at) for log in found]
        return tuple(dict.fromkeys((*reasons, *self._unread)))


def _violated(of: Vpc | TransitGateway, recorded: tuple[Subnet, ...]) -> Judged:
    names = [one.id for one in recorded[:_MOST_NAMED]]
    only = f", but for what passes in {listed(names)}" if names else ""
    noun = "no flow log records what it rejects and lets pass"
    return Judged(
        judgement=Judgement.VIOLATED,
        component=of.id,
        at=of.at,
        fact="no flow log",
        message=f"{of.id}: {noun}{only}.",
        severity=Severity.INFO if isinstance(of, TransitGateway) else None,
        fix=f"Add a flow log for {of.id}.",
        related=tuple(Related(at=one.at, text=f"{one.id} has one") for one in recorded[:_MOST_NAMED]),
    )


def _undetermined(identity: str, at: Location, reasons: tuple[Reason, ...]) -> Judged:
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=identity,
        at=at,
        fact="flow log",
        message=f"whether a flow log records {identity} is not known.",
        severity=Severity.INFO,
        unknowns=reasons,
    )
