"""Proxies of RDS: they accept on their engine's port, and connect to databases on those of the databases.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.aws.reader import Block, Row, Spelling, joined, owner, read_row
from auditor.aws.reader.respelling import inner, maps, named_siblings, undecided, with_entries
from auditor.model import YES, Component, Link, Links, Listener, ProxyTarget, TargetGroup, TargetType
from auditor.traffic import NOTHING, TCP, Bounds, Traffic, exact, service
from auditor.tree import Presence, Reason, Reference, Resource, Scalar, Seq

PROXY = "aws_db_proxy"
TARGET = "aws_db_proxy_target"
MEMBER = "aws_rds_cluster_instance"
FAMILIES = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}


ENDPOINT = Row(
    kinds=("aws_db_proxy_endpoint",),
    subnets=("vpc_subnet_ids",),
    groups=("vpc_security_group_ids",),
    names=("db_proxy_endpoint_name",),
)


def read_proxy(block: Block) -> Iterator[Component]:
    """What a proxy accepts, and its group of targets; open where the input registers no database."""
    told = block.has("all_targets") or block.users(TARGET, "db_proxy_name", *block.ids)
    yield _listener(block, block, _group(block.address, block))
    why = Reason(f"the databases behind {block.address}", block.at, "a snapshot")
    yield TargetGroup(
        id=_group(block.address, block).id,
        at=block.at,
        type=TargetType.IP,
        service=Bounds(NOTHING, service(TCP)),
        cross_zone=YES,
        open=() if told else (why,),
        presence=block.presence,
    )


def _group(proxy: str, block: Block) -> Link:
    return Link(f"{proxy}.targets", block.at)


def _listener(block: Block, proxy: Block | None, group: Link) -> Listener:
    return Listener(
        id=f"{block.address}.listener",
        at=block.at,
        proxy=Link(block.address, block.at),
        service=_accepted(proxy),
        targets=Links((group,)),
        presence=block.presence,
    )


def _accepted(proxy: Block | None) -> Bounds[Traffic]:
    family = "" if proxy is None else proxy.text("engine_family")
    port = FAMILIES.get(family.upper())
    return Bounds(NOTHING, service(TCP)) if port is None else exact(service(TCP, port, port))


def read_endpoint(block: Block) -> Iterator[Component]:
    """A further endpoint of a proxy, which accepts what that does and leads to the same databases."""
    declared = owner("db_proxy_name", PROXY, block)
    for workload in read_row(ENDPOINT, block):
        yield replace(workload, listens=_accepted(declared))
    for proxy in block.named("db_proxy_name", PROXY).items or (block.target("db_proxy_name"),):
        found = _listener(block, declared, _group(proxy.id, block))
        yield found if proxy.certain else replace(found, presence=block.possible)


def read_target(block: Block) -> Iterator[ProxyTarget]:
    """The databases registered with a proxy; of a cluster all its instances.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html
    """
    proxies = block.named("db_proxy_name", PROXY).items or (block.target("db_proxy_name"),)
    for database in _databases(block):
        port = block.estate.settled(Reference(database.id, "port", block.at))
        known = port.value if isinstance(port, Scalar) and isinstance(port.value, int) else None
        for proxy in proxies:
            sure = database.certain and proxy.certain
            yield ProxyTarget(
                at=database.at,
                group=Link(f"{proxy.id}.targets", proxy.at, proxy.certain, proxy.reasons, (), proxy.any),
                workload=database,
                service=None if known is None else exact(service(TCP, known, known)),
                presence=block.presence if sure else block.possible,
                reasons=(*block.reasons, *(() if sure else (*proxy.reasons, *database.reasons))),
            )


def _databases(block: Block) -> Iterator[Link]:
    single, several = "db_instance_identifier", "db_instance_identifiers"
    instances = joined(block.one(single), block.links(several))
    clusters = joined(block.one("db_cluster_identifier"), block.links("db_cluster_identifiers"))
    for kind in (MEMBER, "aws_db_instance"):
        instances = block.resolved(instances, kind)
    yield from instances.items
    for cluster in block.resolved(clusters, "aws_rds_cluster").items:
        yield from _members(block, cluster)
    for open_ in (instances.open, clusters.open):
        if open_:
            yield Link(f"{block.address}.{single}", block.at, certain=False, reasons=open_, any=True)


def _members(block: Block, cluster: Link) -> Iterator[Link]:
    """The instances of a cluster, and the cluster by itself, which may have others or none of its own."""
    yield cluster
    resource = block.estate.at_address(cluster.id)
    ids = (cluster.id,) if resource is None else Block.of(resource, block.estate).ids
    for user, link in block.users(MEMBER, "cluster_identifier", *ids):
        sure = cluster.certain and link.certain and user.presence is Presence.CERTAIN
        yield Link(user.address, cluster.at, sure, () if sure else (*link.reasons, *user.reasons))


READERS = {PROXY: read_proxy, "aws_db_proxy_endpoint": read_endpoint, TARGET: read_target}


def _collected(resource: Resource) -> Iterator[Resource]:
    """A proxy of the API's, and what is registered with it, which is a list in an answer of its own.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxyTarget.html
    """
    targets = resource.body.entries.get("targets")
    whole = isinstance(targets, Seq) and targets.more is None
    told = Scalar(True, resource.body.at)  # noqa: FBT003 -- a value
    yield with_entries(resource, targets=None, all_targets=told if whole else None)
    for place, body in enumerate(maps(targets)):
        kind = inner(body, "type")
        cluster = isinstance(kind, Scalar) and kind.value != "RDS_INSTANCE"
        name = inner(body, "rds_resource_id")
        unknown = undecided(resource, "target", f"a target of {resource.address}", "a snapshot")
        path = "db_cluster_identifier" if cluster else "db_instance_identifier"
        entries = {"db_proxy_name": Scalar(resource.address, body.at), path: name or unknown}
        one = replace(
            resource,
            kind=TARGET,
            address=f"{resource.address}/target/{place}",
            names=(),
            body=replace(body, entries=entries),
            at=body.at,
        )
        found = named_siblings(
            replace(one, address=resource.address), **{path: "cluster:" if cluster else "db:"}
        )
        yield replace(found, address=one.address)


SPELLINGS = {
    "AWS::RDS::DBProxyTargetGroup": Spelling(kind=TARGET),
    "DBProxies": Spelling(kind=PROXY, renamed={"DBProxyName": "name"}, then=_collected, also=(TARGET,)),
}
