"""EKS clusters whose VPC has no subnet that is tagged as a place for load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.finding import Judgement, Related, Severity
from auditor.frozen import dataclass
from auditor.model import Subnet, SubnetTag, TargetKind, Truth, Workload
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.words import some
from auditor.traffic import PUBLIC
from auditor.tree import Location, Presence, Reason

CLUSTER = "aws_eks_cluster"
# https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
PUBLIC_ROLE, PRIVATE_ROLE = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"
_MOST_NAMED = 6
_MOST_UNKNOWNS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A subnet, whether it is public, and whether it has the tag of a role."""

    subnet: Subnet
    public: Truth
    tagged: dict[str, Truth]
    reasons: tuple[Reason, ...]


def without_tags(evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each cluster and role of which no subnet of its VPC certainly has the tag."""
    index = evidence.engine.index
    tags = _separate(evidence)
    told: set[tuple[str, str]] = set()
    for workload in evidence.workloads:
        if not fnmatchcase(workload.kind, CLUSTER):
            continue
        vpc = evidence.engine.carriers.vpc(workload)
        subnets = index.subnets_of.get(vpc or "", ())
        if not subnets:
            yield _outside(workload, vpc)
            continue
        places = [_place(subnet, tags.get(subnet.id, ()), evidence) for subnet in subnets]
        for role, public in ((PUBLIC_ROLE, Truth.YES), (PRIVATE_ROLE, Truth.NO)):
            if (vpc or "", role) not in told:
                told.add((vpc or "", role))
                yield from _of_role(workload, role, public, places)


def _separate(evidence: Evidence) -> dict[str, list[SubnetTag]]:
    """The tags that resources of their own put on subnets; those of nobody knows which on all."""
    index = evidence.engine.index
    found: dict[str, list[SubnetTag]] = {}
    for tag in evidence.engine.inventory.subnet_tags:
        names = {index.canonical(name) for name in (tag.subnet.id, *tag.subnet.among)}
        for name in index.subnets if tag.subnet.any else names:
            found.setdefault(name, []).append(tag)
    return found


def _place(subnet: Subnet, separate: tuple[SubnetTag, ...] | list[SubnetTag], evidence: Evidence) -> Place:
    keys = {key for key, _ in subnet.tags}
    open_ = [why for tag in subnet.open_tags if tag.key != "Name" for why in tag.reasons]
    for tag in separate:
        if tag.subnet.certain and tag.presence is Presence.CERTAIN and not tag.subnet.any:
            keys |= {key for key, _ in tag.tags}
            open_ += tag.reasons
        else:
            open_ += tag.reasons or (Reason(f"whether {subnet.id} has a further tag", tag.at),)
    tagged = {role: _has(role, keys, open_) for role in (PUBLIC_ROLE, PRIVATE_ROLE)}
    public, why = _public(subnet, evidence)
    return Place(subnet, public, tagged, (*open_, *why))


def _has(role: str, keys: set[str], open_: list[Reason]) -> Truth:
    if role in keys:
        return Truth.YES
    return Truth.UNKNOWN if open_ else Truth.NO


def _public(subnet: Subnet, evidence: Evidence) -> tuple[Truth, tuple[Reason, ...]]:
    """Whether a subnet routes to an internet gateway."""
    index = evidence.engine.index
    in_effect = evidence.engine.borders.tables.in_effect(subnet.id, index.canonical(subnet.vpc.id))
    ways = [way for table in in_effect for way in table.ways if way.region.may.overlaps(PUBLIC)]
    out = [way for way in ways if way.target.kind is TargetKind.INTERNET_GATEWAY]
    known = len(in_effect) == 1 and not in_effect[0].outside
    if known and any(way.region.must.overlaps(PUBLIC) for way in out):
        return Truth.YES, ()
    if known and not out and not any(way.target.kind is TargetKind.UNKNOWN for way in ways):
        return Truth.NO, ()
    reasons = [reason for table in in_effect for reason in table.outside]
    reasons += [reason for way in ways for reason in way.reasons]
    return Truth.UNKNOWN, tuple(reasons) or (Reason(f"whether {subnet.id} is public", subnet.at),)


def _of_role(workload: Workload, role: str, public: Truth, places: list[Place]) -> Iterator[Judged]:
    if any(place.tagged[role] is Truth.YES for place in places):
        return
    certain = [place for place in places if place.public is public]
    perhaps = [place for place in places if place.public is Truth.UNKNOWN]
    if certain and all(place.tagged[role] is Truth.NO for place in places):
        yield _violated(workload, role, [place.subnet for place in certain])
    elif certain or perhaps:
        reasons = dict.fromkeys(reason for place in (*certain, *perhaps) for reason in place.reasons)
        first = (*certain, *perhaps)[0].subnet
        yield _undetermined(workload, role, first.at, tuple(reasons))


def _violated(workload: Workload, role: str, subnets: list[Subnet]) -> Judged:
    facing = "internet-facing" if role == PUBLIC_ROLE else "internal"
    sort = "public" if role == PUBLIC_ROLE else "private"
    text = some((one.id for one in subnets), _MOST_NAMED)
    return Judged(
        judgement=Judgement.VIOLATED,
        component=workload.id,
        at=subnets[0].at,
        fact=f"no subnet has {role}",
        message=f"{workload.id} finds no place for {facing} load balancers: no {sort} subnet of its VPC has"
        f" the tag {role}.",
        fix=f'Add the tag "{role}" = "1" to {text}.',
        related=(
            Related(at=workload.at, text=workload.id),
            *dict.fromkeys(Related(at=one.at, text=one.id) for one in subnets[1:_MOST_NAMED]),
        ),
    )


def _undetermined(workload: Workload, role: str, at: Location, reasons: tuple[Reason, ...]) -> Judged:
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=workload.id,
        at=at,
        fact=role,
        message=f"whether a subnet of the VPC of {workload.id} has the tag {role} is not known.",
        severity=Severity.INFO,
        unknowns=reasons[:_MOST_UNKNOWNS],
    )


def _outside(workload: Workload, vpc: str | None) -> Judged:
    what = f"the tags of the subnets of {vpc or workload.id}"
    return _undetermined(
        workload,
        f"{PUBLIC_ROLE} or {PRIVATE_ROLE}",
        workload.at,
        (Reason(what, workload.at, "the input that defines the subnets, or a snapshot"),),
    )
