"""Rows: most services merely own interfaces, and one row of data says where those are and what they do."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.block import Block
from auditor.aws.reader.callers import asks_callers
from auditor.aws.reader.links import joined
from auditor.aws.reader.nodes import opposite
from auditor.aws.reader.ports import listening, opening
from auditor.aws.reader.row import ProfileRow, Row, owner
from auditor.aws.reader.standing import standing
from auditor.aws.reader.tagging import open_tags
from auditor.model import NO, YES, Fact, Link, Links, Profile, Truth, Workload
from auditor.tree import Dialect, Reason


def read_profile(row: ProfileRow, block: Block) -> Iterator[Profile]:
    """The profile that a resource is."""
    yield Profile(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(*row.names),
        subnets=block.links(*row.subnets),
        groups=block.links(*row.groups),
        presence=block.presence,
    )


def read_row(row: Row, block: Block) -> Iterator[Workload]:
    """The workload that a resource is, if it is one."""
    if row.requires and not block.has(row.requires):
        if row.outside:
            yield read_outside(row, block)
        return
    subnets, groups, profiles = placed(row, block)
    found = standing(block)
    workload = Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(*row.names),
        tags=block.tags,
        open_tags=open_tags(block),
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        vpc=block.link(row.vpc) if row.vpc else None,
        placement=row.placement,
        public=published(row, block),
        ipv6=has_ipv6(row, block),
        filtered=row.filtered,
        default_group=row.filtered and row.default_group,
        initiates=row.initiates,
        accepts=row.accepts,
        listens=listening(row, block),
        opens=opening(row),
        calls=row.calls,
        scope=block.resource.scope,
        presence=block.presence,
    )
    yield workload if found is None else found.of(workload)


def read_outside(row: Row, block: Block) -> Workload:
    """A workload in no VPC: it is on AWS's side."""
    return Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(*row.names),
        tags=block.tags,
        open_tags=open_tags(block),
        initiates=row.initiates,
        accepts=row.accepts,
        public=YES if row.outside_public else None,
        listens=listening(row, block),
        placed=False,
        authenticates=asks_callers(block, *row.callers) if row.callers else None,
        scope=block.resource.scope,
        presence=block.presence,
    )


def placed(row: Row, block: Block) -> tuple[Links, Links, tuple[Link, ...]]:
    """The subnets, groups and profiles of a workload; open where nothing says in which subnets it is."""
    subnets = joined(block.links(*row.subnets), block.one(*row.subnet))
    groups = joined(block.links(*row.groups), block.one(*row.group))
    named = [block.named(path, kind) for path, kind in row.profiles]
    profiles = tuple({link.id: link for links in named for link in reversed(links.items)}.values())
    unknown = Links(open=tuple(reason for links in named for reason in links.open))
    subnets, groups = joined(subnets, unknown), joined(groups, unknown)
    if row.cluster is not None and block.has(row.cluster[0]):
        theirs = _clustered(row.cluster, block)
        groups = joined(groups, theirs[1])
        if not (subnets.items or subnets.open or profiles):
            subnets, profiles = theirs[0], theirs[2]
    if not (subnets.items or subnets.open or profiles):
        subnets = Links(open=(Reason(f"the subnets of {block.address}", block.at, "a snapshot"),))
    if row.filtered and not row.default_group and not (groups.items or groups.open):
        groups = Links(
            open=(Reason(f"the group that AWS makes for {block.address}", block.at, "a snapshot"),)
        )
    elif row.filtered and not (groups.items or groups.open) and _untold(row, block):
        why = Reason(f"the security groups of {block.address}", block.at, "the whole answer of AWS")
        groups = Links(open=(why,))
    return subnets, groups, profiles


def _untold(row: Row, block: Block) -> bool:
    """Whether an answer of AWS lacks the groups: the default one would stand there as any other."""
    paths = (*row.groups, *row.group)
    collected = block.resource.dialect is Dialect.SNAPSHOT
    return collected and bool(paths) and not any(map(block.mentions, paths))


def _clustered(cluster: tuple[str, Row], block: Block) -> tuple[Links, Links, tuple[Link, ...]]:
    path, row = cluster
    found = owner(path, row.kinds[0], block)
    if found is not None:
        return placed(row, found)
    reason = Reason(
        f"the cluster of {block.address}", block.place(path), "load the input that declares it too"
    )
    return Links(open=(reason,)), Links(open=(reason,)), ()


def published(row: Row, block: Block) -> Fact | None:
    """Whether the workload has a public IPv4 address; None where its subnets decide."""
    if row.outside_public and not _is_inside(row, block):
        return Fact(Truth.UNKNOWN, block.place(row.requires), _outside(row, block))
    if row.public and block.has(row.public):
        return block.fact(row.public) if not row.public_text else block.says(row.public, row.public_text)
    if row.private:
        return opposite(block.fact(row.private))
    default = row.public_default
    if default is None or default.truth is not Truth.UNKNOWN:
        return default
    what = f"{block.address}.{row.public}, which is not given"
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, f"give {row.public}"),))


def _is_inside(row: Row, block: Block) -> bool:
    """Whether the block that puts a workload into a VPC is certainly there."""
    inner = tuple(block.blocks(row.requires))
    return not inner or any(block.holds(one) for one in inner)


def _outside(row: Row, block: Block) -> tuple[Reason, ...]:
    found = tuple(dict.fromkeys(why for inner in block.blocks(row.requires) for why in inner.reasons))
    return found or (Reason(f"whether {block.address} is in a VPC", block.at, f"give {row.requires}"),)


def has_ipv6(row: Row, block: Block) -> Fact:
    """Whether a workload says that it has IPv6 addresses: alone, or beside IPv4 (``DUAL``, ``dualstack``)."""
    if not row.ipv6 or not block.has(row.ipv6):
        return _ipv6_of_cluster(row, block)
    texts, at = block.choices(row.ipv6), block.place(row.ipv6)
    if texts is None:
        return block.fact(row.ipv6)
    answers = {text == "true" or "dual" in text.lower() or "6" in text for text in texts}
    if len(answers) == 1:
        return Fact(Truth.YES if answers.pop() else Truth.NO, at)
    return Fact(Truth.UNKNOWN, at, block.why(row.ipv6))


def _ipv6_of_cluster(row: Row, block: Block) -> Fact:
    if row.cluster is None or not row.cluster[1].ipv6 or not block.has(row.cluster[0]):
        return NO
    found = owner(row.cluster[0], row.cluster[1].kinds[0], block)
    if found is not None:
        return has_ipv6(row.cluster[1], found)
    at = block.place(row.cluster[0])
    why = Reason(f"whether the cluster of {block.address} has IPv6", at, "the input that declares it")
    return Fact(Truth.UNKNOWN, at, (why,))
