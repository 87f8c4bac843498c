"""Rows: most services merely own interfaces, and one row of data says where those are and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from auditor.aws.reader.block import Block
from auditor.aws.reader.links import joined
from auditor.aws.reader.nodes import alternatives, number, opposite
from auditor.aws.reader.standing import standing
from auditor.frozen import dataclass
from auditor.model import NO, Fact, Link, Links, Placement, Profile, Truth, Workload
from auditor.traffic import NOTHING, TCP, Bounds, IntSet, Traffic, exact, service
from auditor.tree import Dialect, Node, Reason

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a type of resource says what the model asks of a workload. Paths are those of ``Block``.

    ``subnets`` and ``groups`` are paths of lists, ``subnet`` and ``group`` paths of single ids. ``profiles``
    are pairs of a path and the type of what it names: a subnet group, a launch template. ``cluster`` is the
    path and the row of what has the groups, and the subnets where this names none. ``requires`` is the block
    without which there is no interface; ``outside`` says whether there is a workload then, in no VPC.

    ``public`` is the path of a boolean, or of a text that is ``public_text``; ``private`` is the path of its
    negation; ``public_default`` holds where both are absent, and is None where the subnet decides. ``port``
    is the path of the port that it listens on, ``ports`` what it listens on where that is absent,
    ``ports_of`` the same by the text of ``ports_by``. What ``made_from`` names has a port of its own, which
    holds instead of these, and is not known. ``default_group`` is false where AWS makes a group for
    what names none, instead of taking the VPC's default one.
    """

    kinds: tuple[str, ...]
    subnets: Paths = ()
    subnet: Paths = ()
    groups: Paths = ()
    group: Paths = ()
    vpc: str = ""
    profiles: tuple[tuple[str, str], ...] = ()
    cluster: tuple[str, Row] | None = None
    requires: str = ""
    outside: bool = False
    public: str = ""
    public_text: str = ""
    private: str = ""
    public_default: Fact | None = NO
    port: str = ""
    ports: tuple[int, ...] = ()
    ports_by: str = ""
    ports_of: Mapping[str, int] = field(default_factory=dict)
    made_from: Paths = ()
    placement: Placement = Placement.EACH
    initiates: bool = True
    accepts: bool = True
    filtered: bool = True
    default_group: bool = True
    names: Paths = ("name",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """Where a type of resource names the subnets or groups that others take from it."""

    kinds: tuple[str, ...]
    subnets: Paths = ("subnet_ids",)
    groups: Paths = ()
    names: Paths = ("name",)


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
            yield _outside(row, block)
        return
    subnets, groups, profiles = placed(row, block)
    found = standing(block)
    workload = Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(*row.names),
        tags=block.tags,
        subnets=subnets,
        groups=groups,
        profiles=profiles,
        vpc=block.link(row.vpc) if row.vpc else None,
        placement=row.placement,
        public=published(row, block),
        filtered=row.filtered,
        default_group=row.filtered and row.default_group,
        initiates=row.initiates,
        accepts=row.accepts,
        listens=listening(row, block),
        scope=block.resource.scope,
        presence=block.presence,
    )
    yield workload if found is None else found.of(workload)


def _outside(row: Row, block: Block) -> Workload:
    return Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(*row.names),
        tags=block.tags,
        initiates=row.initiates,
        accepts=row.accepts,
        placed=False,
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


def owner(path: str, kind: str, block: Block) -> Block | None:
    """The one resource of ``kind`` in the input that an attribute certainly names."""
    links = block.named(path, kind)
    if len(links.items) != 1 or links.open or not links.items[0].certain:
        return None
    resource = block.estate.at_address(links.items[0].id)
    return None if resource is None else Block.of(resource, block.estate)


def published(row: Row, block: Block) -> Fact | None:
    """Whether the workload has a public IPv4 address; None where its subnets decide."""
    if row.public and block.has(row.public):
        return block.fact(row.public) if not row.public_text else block.says(row.public, row.public_text)
    if row.private:
        return opposite(block.fact(row.private))
    default = row.public_default
    if default is None or default.truth is not Truth.UNKNOWN:
        return default
    what = f"{block.address}.{row.public}, which is not given"
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, f"give {row.public}"),))


def tcp(ports: Iterable[int]) -> Traffic:
    """TCP to any of these ports."""
    wanted = IntSet.of(*((port, port) for port in ports))
    return Traffic.of(protocols=IntSet.single(TCP), destination_ports=wanted) if wanted else NOTHING


def listening(row: Row, block: Block) -> Bounds[Traffic] | None:
    """What the workload accepts, as far as its type or its port says so."""
    if row.cluster is not None and block.has(row.cluster[0]):
        found = owner(row.cluster[0], row.cluster[1].kinds[0], block)
        return None if found is None else listening(row.cluster[1], found)
    known: tuple[int, ...] = row.ports
    if _says_port(row, block):
        ports = _given_ports(row, block)
        if len(ports) != 1:
            return Bounds(NOTHING, tcp(ports) if ports else service(TCP))
        known = tuple(ports)
    elif row.ports_by:
        port = _by_text(row, block)
        known = () if port is None else (port,)
    return exact(tcp(known)) if known else None


def port_of(row: Row, block: Block) -> int | None:
    """The one port that a workload listens on, given or by default; None where it is not that."""
    if row.cluster is not None and block.has(row.cluster[0]):
        found = owner(row.cluster[0], row.cluster[1].kinds[0], block)
        return None if found is None else port_of(row.cluster[1], found)
    if _says_port(row, block):
        ports = _given_ports(row, block)
        return next(iter(ports)) if len(ports) == 1 else None
    if row.ports_by:
        return _by_text(row, block)
    return row.ports[0] if len(row.ports) == 1 else None


def _says_port(row: Row, block: Block) -> bool:
    """Whether a port is given, or that of what the workload is made from."""
    return bool(row.port) and (block.has(row.port) or any(map(block.has, row.made_from)))


def _given_ports(row: Row, block: Block) -> frozenset[int]:
    """All ports that can be given; empty where it can be any."""
    return _ports(block.get(row.port), () if any(map(block.has, row.made_from)) else row.ports)


def _by_text(row: Row, block: Block) -> int | None:
    """The port of what the text at ``ports_by`` says, where that is known."""
    names = block.choices(row.ports_by) or frozenset()
    ports = {engine.lower(): port for engine, port in row.ports_of.items()}
    return ports.get(next(iter(names)).lower()) if len(names) == 1 else None


def _ports(node: Node | None, default: Iterable[int]) -> frozenset[int]:
    """All ports that a node can be, the default for absent; empty where it can be any."""
    choices = alternatives(node)
    found = [frozenset(default) if one is None else frozenset((number(one),)) for one in choices or ()]
    every = frozenset(port for ports in found for port in ports if port is not None)
    known = all(ports and None not in ports for ports in found)
    return every if known else frozenset()
