"""The tier of a workload: how far inside the network it is meant to stand, and by which sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.model import OpenTag, Subnet, Tags, TargetKind, Truth, Workload
from auditor.reach.carriers import Carriers
from auditor.reach.index import Index
from auditor.reach.names import Endpoint, label, plain
from auditor.reach.tables import Tables
from auditor.reach.tagged import decided_by, first_told
from auditor.reach.verdict import EndpointKind
from auditor.traffic import PUBLIC
from auditor.tree import Reason


class TierName(StrEnum):
    """The tiers, from the outside in.

    ``internal`` is for what serves the network itself, ``external`` for what stands for somebody else's:
    partners, and those who dial in.
    """

    PUBLIC = "public"
    APP = "app"
    DATA = "data"
    INTERNAL = "internal"
    EXTERNAL = "external"


class Sign(StrEnum):
    """What a tier is told by, the strongest sign first."""

    CONFIGURATION = "configuration"
    TAG = "tag"
    SERVICE = "service"
    SUBNET_GROUP = "subnet-group"
    SUBNET = "subnet"
    NAME = "name"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier, by which sign, and the reason in words."""

    name: TierName
    sign: Sign
    reason: str


_TAGS = frozenset({"tier", "layer"})
_WORDS: Mapping[TierName, frozenset[str]] = {
    TierName.DATA: frozenset(
        {
            "data",
            "database",
            "databases",
            "db",
            "dbs",
            "rds",
            "persistence",
            "persistent",
            "storage",
            "cache",
            "redis",
            "postgres",
            "mysql",
        }
    ),
    TierName.PUBLIC: frozenset({"public", "dmz", "edge", "ingress", "internet"}),
    TierName.INTERNAL: frozenset(
        {"internal", "management", "mgmt", "infra", "infrastructure", "shared", "ops"}
    ),
    TierName.EXTERNAL: frozenset(
        {"external", "partner", "partners", "vendor", "vendors", "thirdparty", "extranet"}
    ),
    TierName.APP: frozenset(
        {"app", "apps", "application", "applications", "private", "backend", "service", "services"}
    ),
}
_BALANCERS = frozenset(
    {
        "aws_lb",
        "aws_alb",
        "aws_elb",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancing::LoadBalancer",
    }
)
_STORES = re.compile(
    r"aws_(db_|rds_|elasticache_|redshift|docdb|neptune|memorydb_|opensearch|elasticsearch_|dax_|msk_)"
    r"|AWS::(RDS|ElastiCache|Redshift|RedshiftServerless|DocDB|DocDBElastic|Neptune|MemoryDB|OpenSearchService"
    r"|Elasticsearch|DAX|MSK)::"
)
_FUNCTIONS = frozenset({"aws_lambda_function", "AWS::Lambda::Function"})
_DIALLED = frozenset({"aws_ec2_client_vpn_endpoint", "AWS::EC2::ClientVpnEndpoint"})
_OUTWARD = frozenset(
    {
        TargetKind.NAT_GATEWAY,
        TargetKind.EGRESS_ONLY_GATEWAY,
        TargetKind.TRANSIT_GATEWAY,
        TargetKind.CORE_NETWORK,
        TargetKind.VPN_GATEWAY,
    }
)


def is_balancer(workload: Workload) -> bool:
    """Whether a workload is a load balancer of any type."""
    return workload.kind in _BALANCERS


class Tiers:
    """The tiers of one inventory's workloads.

    ``overrides`` maps the name or address of a workload, a security group or a subnet to a tier's name, as
    the configuration has it.
    """

    def __init__(self, index: Index, carriers: Carriers, overrides: Mapping[str, str]) -> None:
        self.index = index
        self.carriers = carriers
        self._tables = Tables(index)
        self._overrides = {plain(name): TierName(tier) for name, tier in overrides.items()}
        self._known: dict[str, tuple[Tier | None, tuple[OpenTag, ...]]] = {}

    def of(self, workload: Workload) -> Tier | None:
        """The tier of a workload, by the first sign that there is; None where nothing says."""
        return self._told(workload)[0]

    def doubts(self, workload: Workload) -> tuple[Reason, ...]:
        """Why a workload may be of another tier: stronger signs, of which the value is not known."""
        return tuple(dict.fromkeys(why for tag in self.signs(workload) for why in tag.reasons))

    def signs(self, workload: Workload) -> tuple[OpenTag, ...]:
        """The signs before the one that tells the tier of a workload, of which the value is not known."""
        return self._told(workload)[1]

    def _told(self, workload: Workload) -> tuple[Tier | None, tuple[OpenTag, ...]]:
        if workload.id not in self._known:
            self._known[workload.id] = first_told(self._signs(workload))
        return self._known[workload.id]

    def end(self, name: str) -> Endpoint:
        """All workloads of a tier as one end, with those that may be of it.

        Raises:
            UsageError: there are none.
        """
        doubts = {one: why for one, it in self.carriers.workloads.items() if (why := self.doubts(it))}
        tier_of = {one: self.of(workload) for one, workload in self.carriers.workloads.items()}
        named = sorted(one for one, tier in tier_of.items() if tier and tier.name.value == name.lower())
        members = [one for one in named if one not in doubts]
        if not members and not (doubts and name.lower() in tuple(TierName)):
            found = sorted({tier.name.value for tier in tier_of.values() if tier})
            raise UsageError(
                f"no workload is of the tier {name!r}", hint=f"there are: {', '.join(found) or 'none'}"
            )
        return Endpoint(
            kind=EndpointKind.WORKLOAD,
            name=f"tier:{name.lower()}",
            members=tuple(members),
            perhaps=tuple(sorted(doubts.items())),
        )

    def _signs(self, workload: Workload) -> Iterator[Tier | OpenTag]:
        subnets = self._subnets(workload)
        yield from self._overridden(workload, subnets)
        yield from _tagged(workload, Sign.TAG, "its tag")
        yield from self._by_service(workload)
        for link in workload.profiles:
            if "subnet_group" in link.id.partition(".")[0]:
                yield from _worded(label(link.id), Sign.SUBNET_GROUP, f"the subnet group {link.id}")
        for subnet in subnets:
            yield from _tagged(subnet, Sign.SUBNET, f"the tag of its subnet {subnet.id}")
        for subnet in subnets:
            for name in _names(subnet.id, subnet.names, subnet.tags):
                found = _worded(name, Sign.SUBNET, f"the name of its subnet {subnet.id}")
                # Whoever calls a subnet external means that it is public, or not; its routes tell.
                yield from (tier for tier in found if tier.name is not TierName.EXTERNAL)
        for name in _names(workload.id, workload.names, workload.tags):
            found = _worded(name, Sign.NAME, "its name")
            # A function is called after the data that it works with, and holds none.
            yield from (
                tier for tier in found if tier.name is not TierName.DATA or workload.kind not in _FUNCTIONS
            )
        yield from self._by_routes(workload, subnets)

    def _by_routes(self, workload: Workload, subnets: Iterable[Subnet]) -> Iterator[Tier]:
        """What the routes of the subnets say of a workload that nothing else does.

        A host in a subnet that routes to an internet gateway is public where it has a public address, too.
        https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
        """
        public = self.carriers.public(workload)
        for subnet in subnets:
            tables = self._tables.in_effect(subnet.id, self.index.canonical(subnet.vpc.id))
            if len(tables) != 1 or tables[0].outside:
                continue
            kinds = {way.target.kind for way in tables[0].ways if way.region.must & PUBLIC}
            addressed = public if public is not None else subnet.public_on_launch
            if TargetKind.INTERNET_GATEWAY in kinds and addressed.truth is Truth.YES:
                reason = f"a public address, and {subnet.id} routes to an internet gateway"
                yield Tier(TierName.PUBLIC, Sign.ROUTE, reason)
            elif kinds and kinds <= _OUTWARD:
                reason = f"{subnet.id} routes to the outside by {', '.join(sorted(kinds))}"
                yield Tier(TierName.APP, Sign.ROUTE, reason)

    def _subnets(self, workload: Workload) -> list[Subnet]:
        found = (
            self.index.subnets.get(self.index.canonical(link.id))
            for link in self.carriers.subnets(workload).items
        )
        return [subnet for subnet in found if subnet is not None]

    def _overridden(self, workload: Workload, subnets: Iterable[Subnet]) -> Iterator[Tier]:
        if not self._overrides:
            return
        named = [(workload.id, workload.names, workload.tags)]
        for identity in self.carriers.group_ids(workload):
            group = self.index.groups.get(identity)
            named.append((identity, group.names if group else (), group.tags if group else ()))
        named += [(subnet.id, subnet.names, subnet.tags) for subnet in subnets]
        for identity, names, tags in named:
            for name in (identity, *_names(identity, names, tags)):
                tier = self._overrides.get(plain(name))
                if tier is not None:
                    yield Tier(tier, Sign.CONFIGURATION, f"the configuration says so of {name}")

    def _by_service(self, workload: Workload) -> Iterator[Tier]:
        if _STORES.match(workload.kind):
            yield Tier(TierName.DATA, Sign.SERVICE, f"{workload.kind} holds data")
        if workload.kind in _DIALLED:
            yield Tier(TierName.EXTERNAL, Sign.SERVICE, "those who dial in come from it")
        public = self.carriers.public(workload)
        if is_balancer(workload) and public is not None and public.truth is Truth.YES:
            yield Tier(TierName.PUBLIC, Sign.SERVICE, "an internet-facing load balancer")


def _names(identity: str, names: Iterable[str], tags: Tags) -> Iterator[str]:
    tag = dict(tags).get("Name", "")
    yield from (name for name in (tag, *names, label(identity)) if name)


def _tagged(one: Workload | Subnet, sign: Sign, noun: str) -> Iterator[Tier | OpenTag]:
    for key, value in one.tags:
        if key.lower() in _TAGS:
            yield from _worded(value, sign, f"{noun} {key}={value}", named=False)
    yield from decided_by(one, lambda key: key.lower() in _TAGS, lambda value: any(_worded(value, sign, "")))


def _worded(name: str, sign: Sign, reason: str, *, named: bool = True) -> Iterator[Tier]:
    words = set(plain(name).split("-"))
    for tier, signs in _WORDS.items():
        if words & signs:
            yield Tier(tier, sign, f"{reason}: {name}" if named else reason)
