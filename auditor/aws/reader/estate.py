"""All resources of the input, found by address, by type, by name, and by what they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from auditor.aws.reader.links import is_data, kind_named, one_of
from auditor.aws.reader.nodes import bodies
from auditor.aws.reader.ownership import Ownership, ownership
from auditor.model import Link
from auditor.tree import Dialect, Gap, Map, Node, Reason, Reference, Resource, Scalar, Scope, Unknown

Use = tuple[Resource, Link]
PortOf = Callable[["Estate", Resource], int | None]
ANY = ""


def _no_port(_estate: Estate, _resource: Resource) -> None:
    return None


class Estate:
    """The resources of one input, and what was found wrong with them while they were read.

    Data sources are of the kind ``data.<type>``. ``gaps`` is filled while readers read. ``port_of`` tells on
    which port a resource listens, given or by default.
    """

    __slots__ = (
        "_by_address",
        "_by_kind",
        "_inputs",
        "_names",
        "_ownership",
        "_port_of",
        "_users",
        "gaps",
        "resources",
    )

    def __init__(self, resources: Iterable[Resource], port_of: PortOf = _no_port) -> None:
        self.resources = tuple(resources)
        self.gaps: list[Gap] = []
        self._port_of = port_of
        self._users: dict[tuple[str, str], dict[str, list[Use]]] = {}
        self._by_address = {resource.address: resource for resource in self.resources}
        self._by_kind: dict[str, list[Resource]] = {}
        self._ownership: Ownership | None = None
        self._names: dict[str, dict[tuple[Scope, str], set[str]]] = {}
        for resource in self.resources:
            self._by_kind.setdefault(kind_of(resource), []).append(resource)
        self._inputs = {resource.scope.input for resource in self.resources}

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def at_address(self, address: str) -> Resource | None:
        """The resource with this address, if the input has it."""
        return self._by_address.get(address)

    def kind_at(self, identity: str) -> str:
        """The type of what an address or the identity of a value names; empty where that is not known."""
        found = self._by_address.get(identity)
        return kind_named(identity) if found is None else kind_of(found)

    def of_kind(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these types, in the order of the input."""
        return tuple(resource for kind in kinds for resource in self._by_kind.get(kind, ()))

    def settled(self, node: Node | None) -> Node | None:
        """A port that another resource listens on (``aws_db_instance.main.port``), where that is known."""
        if not isinstance(node, Reference) or _LISTENED.search(node.attribute) is None:
            return node
        resource = self._by_address.get(node.target)
        port = None if resource is None else self._port_of(self, resource)
        return node if port is None else Scalar(port, node.at, node.via)

    def address_of(self, kind: str, name: str, asked_by: Resource) -> str:
        """The address of the one resource of ``kind`` named ``name`` in the asker's input, or empty."""
        names = self._names.get(kind)
        if names is None:
            names = self._names[kind] = {}
            for resource in self._by_kind.get(kind, ()):
                for one in (*own_names(resource), *unknown_names(resource)):
                    names.setdefault((_names_of(resource), one), set()).add(resource.address)
        found = names.get((_names_of(asked_by), name), set())
        return next(iter(found)) if len(found) == 1 else ""

    def users(self, kind: str, attribute: str, ids: Iterable[str]) -> list[Use]:
        """The resources of ``kind`` whose attribute names one of ``ids``, and the link by which each does.

        ``attribute`` may be a path through blocks. A resource of which it is not known what it names may
        name any: its link is not certain.
        """
        index = self._users.get((kind, attribute))
        if index is None:
            index = self._users[kind, attribute] = {}
            for resource in self.of_kind(kind):
                for name, link in _named(resource, attribute):
                    index.setdefault(name, []).append((resource, link))
        found = {user.address: (user, link) for one in (ANY, *ids) for user, link in index.get(one, ())}
        return list(found.values())

    @property
    def ownership(self) -> Ownership:
        """Which interface of a snapshot belongs to what."""
        if self._ownership is None:
            self._ownership = ownership(self.resources)
        return self._ownership

    def default_vpc(self, resource: Resource) -> str:
        """The id of the default VPC of a resource's account and Region, which may be in the input.

        It names the input only where there are several, as their accounts may be others.
        """
        scope = resource.scope
        here = [vpc.address for vpc in self.of_kind("aws_default_vpc") if vpc.scope == scope]
        if len(here) == 1:
            return here[0]
        several = len(self._inputs) > 1
        return "/".join(
            filter(None, ("default-vpc", scope.input if several else "", scope.account, scope.region))
        )


def _names_of(resource: Resource) -> Scope:
    """Where the names in a resource mean something: one input of code, or a Region of an account."""
    return resource.scope if resource.dialect is Dialect.SNAPSHOT else Scope(resource.scope.input)


def _named(resource: Resource, attribute: str) -> Iterator[tuple[str, Link]]:
    """The ids that an attribute names, ``ANY`` where that is not known, each with its link."""
    for node, reasons in _values(resource.body, attribute):
        found = one_of(node)
        for link in found.items:
            yield link.id, link if reasons is None else replace(link, certain=False, reasons=reasons)
        if found.open:
            own = f"{resource.address}.{attribute}"
            yield ANY, Link(own, resource.at, certain=False, reasons=found.open, any=True)


def _values(body: Map, path: str) -> Iterator[tuple[Node | None, tuple[Reason, ...] | None]]:
    """The values of an attribute in all blocks of its path, each with why it may not be there, if it may."""
    name, _, rest = path.partition(".")
    node = body.entries.get(name, body.more)
    if not rest:
        yield node, None
        return
    for inner, reasons in bodies(node) if node is not None else ():
        for value, why in _values(inner, rest):
            yield value, why if reasons is None else reasons


def kind_of(resource: Resource) -> str:
    """The type of a resource, with ``data.`` in front for a data source."""
    kind = resource.kind
    if resource.dialect is not Dialect.TERRAFORM:
        return kind
    return f"data.{kind}" if is_data(resource.address) and not kind.startswith("data.") else kind


# The port of a resource itself, or of one of its endpoints as CloudFormation calls them.
_LISTENED = re.compile(r"^(?:\w*end_?point\.)?port$")

NAMED_BY = (
    "id",
    "arn",
    "name",
    "identifier",
    "cluster_identifier",
    "cluster_id",
    "cluster_name",
    "replication_group_id",
    "replication_subnet_group_id",
    "replication_instance_id",
    "domain_name",
    "broker_name",
    "function_name",
    "workgroup_name",
)
"""The attributes that hold a resource's own names, over all types."""


def unknown_names(resource: Resource) -> tuple[str, ...]:
    """The identities of the names that a resource gives itself and the input does not say."""
    found = (resource.body.entries.get(attribute) for attribute in NAMED_BY)
    return tuple(node.identity for node in found if type(node) is Unknown and node.identity)


def own_names(resource: Resource) -> tuple[str, ...]:
    """The names and ids that a resource gives itself, as far as they are known."""
    entries = resource.body.entries
    found = (entries.get(attribute) for attribute in NAMED_BY)
    return tuple(node.value for node in found if type(node) is Scalar and isinstance(node.value, str))
