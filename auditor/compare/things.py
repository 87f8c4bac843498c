"""The things of one network that may have a counterpart in another, with all that tells what they are."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from auditor.compare.launchers import Launchers
from auditor.frozen import dataclass
from auditor.model import Acl, Group, GroupPeer, Link, NatGateway, RouteTable, Rule, Subnet, Vpc, Workload
from auditor.model.topology import Tags
from auditor.reach import Engine
from auditor.traffic import EMPTY, IntSet, Traffic
from auditor.tree import Presence

Identity = str
Use = tuple[Identity, str, Traffic]


class Sort(StrEnum):
    """What a thing is. Only things of one sort and one kind can be the same thing."""

    VPC = "vpc"
    SUBNET = "subnet"
    GROUP = "security-group"
    TABLE = "route-table"
    ACL = "network-acl"
    GATEWAY = "gateway"
    PREFIX_LIST = "prefix-list"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing of one network: its ids, its names, and what it hangs on.

    ``ids`` are its own and all others that the input knows it by. ``vpc``, ``subnets``, ``groups`` and
    ``members`` are ids in the same network. ``part`` says that AWS makes it with its VPC: the default group,
    the default ACL, the main table. ``uses`` are the rules of other groups that name a group. ``launched``
    says of an instance that a scaling group launched it, and that it stands as that group says.
    """

    sort: Sort
    id: Identity
    kind: str = ""
    ids: frozenset[Identity] = frozenset()
    names: tuple[str, ...] = ()
    tags: Tags = ()
    vpc: Identity | None = None
    part: bool = False
    addresses: IntSet = EMPTY
    subnets: frozenset[Identity] = frozenset()
    groups: frozenset[Identity] = frozenset()
    members: frozenset[Identity] = frozenset()
    uses: frozenset[Use] = frozenset()
    launched: bool = False


def things(engine: Engine) -> tuple[Thing, ...]:
    """Everything in a network that may have a counterpart in another, each id once a sort."""
    found: dict[tuple[Sort, Identity], Thing] = {}
    for thing in Census(engine).all():
        found.setdefault((thing.sort, thing.id), thing)
    return tuple(found.values())


class Census:
    """The things of one network, read from its index."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.index = engine.index
        inventory = engine.inventory
        scoped: tuple[Vpc | Group | Workload, ...] = (
            *inventory.vpcs,
            *inventory.groups,
            *inventory.workloads,
        )
        self._inputs = tuple(sorted({f"{one.scope.input}:" for one in scoped if one.scope.input}))
        self._launchers = Launchers(engine)
        self._others: dict[Identity, set[Identity]] = {}
        for alias in inventory.aliases:
            self._others.setdefault(self.index.canonical(alias.id), set()).add(alias.id)

    def all(self) -> Iterator[Thing]:
        """Every thing, those first that others hang on."""
        yield from self._networks()
        yield from self._tables()
        yield from self._acls()
        yield from self._gateways()
        yield from self._groups()
        yield from map(self._workload, self.engine.carriers.workloads.values())

    def _ids(self, identity: Identity) -> frozenset[Identity]:
        """All ids of a thing, its own without the input that tells it apart from another input's too."""
        prefix = next((one for one in self._inputs if identity.startswith(one)), "")
        return frozenset({identity, identity.removeprefix(prefix), *self._others.get(identity, ())})

    def _named(self, link: Link | None) -> Identity | None:
        return self.index.canonical(link.id) if link else None

    def _networks(self) -> Iterator[Thing]:
        for vpc in self.index.vpcs.values():
            yield Thing(
                sort=Sort.VPC,
                id=vpc.id,
                ids=self._ids(vpc.id),
                names=vpc.names,
                tags=vpc.tags,
                addresses=self.index.ranges(vpc.id).must,
            )
        for subnet in self.index.subnets.values():
            yield self._in_vpc(Sort.SUBNET, subnet, subnet.cidrs.must)

    def _in_vpc(
        self,
        sort: Sort,
        one: Subnet | Acl | RouteTable,
        addresses: IntSet = EMPTY,
        subnets: frozenset[Identity] = frozenset(),
        *,
        part: bool = False,
    ) -> Thing:
        return Thing(
            sort=sort,
            id=one.id,
            ids=self._ids(one.id),
            names=one.names,
            tags=one.tags,
            vpc=self._named(one.vpc),
            addresses=addresses,
            subnets=subnets,
            part=part,
        )

    def _tables(self) -> Iterator[Thing]:
        users: dict[Identity, set[Identity]] = {}
        for association in self.engine.inventory.table_associations:
            subnet = self._named(association.subnet)
            if subnet and association.presence is Presence.CERTAIN:
                users.setdefault(self.index.canonical(association.table.id), set()).add(subnet)
        for table in self.index.tables.values():
            main = (table.id, True) in self.index.main_tables(self._named(table.vpc))
            yield self._in_vpc(
                Sort.TABLE, table, subnets=frozenset(users.get(table.id, ())), part=main or table.main
            )
        for vpc in self.index.vpcs:
            for identity, _ in self.index.main_tables(vpc):
                yield Thing(sort=Sort.TABLE, id=identity, ids=self._ids(identity), vpc=vpc, part=True)

    def _acls(self) -> Iterator[Thing]:
        users: dict[Identity, set[Identity]] = {}
        for association in self.engine.inventory.acl_associations:
            if association.presence is Presence.CERTAIN:
                acl = self.index.canonical(association.acl.id)
                users.setdefault(acl, set()).add(self.index.canonical(association.subnet.id))
        for one in self.index.acls.values():
            subnets = frozenset(users.get(one.id, ()))
            yield self._in_vpc(Sort.ACL, one, subnets=subnets, part=one.default)
        for vpc in self.index.vpcs:
            identity = self.index.default_acl(vpc)
            if identity:
                yield Thing(sort=Sort.ACL, id=identity, ids=self._ids(identity), vpc=vpc, part=True)

    def _gateways(self) -> Iterator[Thing]:
        inventory = self.engine.inventory
        attached = {self.index.canonical(one.gateway.id): one.vpc for one in inventory.gateway_attachments}
        for gateway in inventory.gateways:
            yield Thing(
                sort=Sort.GATEWAY,
                id=gateway.id,
                kind=gateway.kind.value,
                ids=self._ids(gateway.id),
                names=gateway.names,
                vpc=self._named(gateway.vpc or attached.get(gateway.id)),
                part=True,
            )
        for nat in self.index.nat_gateways.values():
            yield self._nat(nat)
        for one in self.index.prefix_lists.values():
            yield Thing(sort=Sort.PREFIX_LIST, id=one.id, ids=self._ids(one.id), names=one.names)

    def _nat(self, nat: NatGateway) -> Thing:
        subnet = self.index.canonical(nat.subnet.id)
        return Thing(
            sort=Sort.GATEWAY,
            id=nat.id,
            kind="nat-gateway",
            ids=self._ids(nat.id),
            names=nat.names,
            tags=nat.tags,
            vpc=self.index.vpc_of_subnet(subnet),
            subnets=frozenset({subnet}),
        )

    def _groups(self) -> Iterator[Thing]:
        members = self.engine.carriers.members
        uses = self._uses()
        for group in self.index.groups.values():
            yield Thing(
                sort=Sort.GROUP,
                id=group.id,
                ids=self._ids(group.id),
                names=group.names,
                tags=group.tags,
                vpc=self._named(group.vpc),
                part=group.default,
                members=frozenset(one.id for one in members.get(group.id, ())),
                uses=frozenset(uses.get(group.id, ())),
            )
        for identity in sorted({*uses, *members} - set(self.index.groups)):
            yield Thing(
                sort=Sort.GROUP,
                id=identity,
                ids=self._ids(identity),
                members=frozenset(one.id for one in members.get(identity, ())),
                uses=frozenset(uses.get(identity, ())),
            )

    def _uses(self) -> dict[Identity, set[Use]]:
        """The rules of other groups that name a group, by that group's id."""
        found: dict[Identity, set[Use]] = {}
        for owner, rules in self.index.rules.items():
            for rule in rules:
                for named in self._peers(rule):
                    if named != owner:
                        use = (owner, rule.direction.value, rule.service.may)
                        found.setdefault(named, set()).add(use)
        return found

    def _peers(self, rule: Rule) -> Iterator[Identity]:
        for peer in rule.peers:
            if isinstance(peer, GroupPeer):
                yield self.index.canonical(peer.group.id)

    def _workload(self, workload: Workload) -> Thing:
        carriers = self.engine.carriers
        subnets = carriers.subnets(workload)
        canonical = self.index.canonical
        return Thing(
            sort=Sort.WORKLOAD,
            id=workload.id,
            kind=workload.kind,
            ids=self._ids(workload.id),
            names=workload.names,
            tags=workload.tags,
            vpc=carriers.vpc(workload),
            subnets=frozenset(canonical(link.id) for link in subnets.items if link.certain),
            groups=frozenset(carriers.group_ids(workload)),
            launched=self._launchers.launched(workload),
        )
