"""What AWS reports on a resource although a resource of its own declares it.

The provider fills the rules of a group, the routes of a table and the entries of an ACL with all that there
are, whoever made them.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group

Here what another resource of the document declares is left to that one, and what nothing declares is kept. A
plan reports what there was before it: what a resource declared then, and will not in the end, goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.terraform.saved.instances import Instance, says_something
from auditor.traffic import protocol_number
from auditor.tree import Resource

Values = Mapping[str, Any]
_SINGLE = {"aws_vpc_security_group_ingress_rule": "ingress", "aws_vpc_security_group_egress_rule": "egress"}
_PEER_LISTS = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_DESTINATIONS = (
    ("cidr_block", "destination_cidr_block"),
    ("ipv6_cidr_block", "destination_ipv6_cidr_block"),
    ("destination_prefix_list_id", "destination_prefix_list_id"),
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list on a resource that another type of resource can add to, by what tells its elements apart."""

    attribute: str
    kind: str
    owner: str
    inline: Callable[[Any], Hashable]
    separate: Callable[[Values], Hashable]


def _destination(place: int) -> Callable[[Values], Hashable]:
    return lambda values: next(
        (values[names[place]] for names in _DESTINATIONS if values.get(names[place])), None
    )


def _entry(*, egress: bool) -> Callable[[Values], Hashable]:
    return lambda values: values.get("rule_number") if bool(values.get("egress")) is egress else None


_ROUTES = _Listed("route", "aws_route", "route_table_id", _destination(0), _destination(1))
_ENTRIES = tuple(
    _Listed(
        attribute,
        "aws_network_acl_rule",
        "network_acl_id",
        lambda values: values.get("rule_no"),
        _entry(egress=attribute == "egress"),
    )
    for attribute in ("ingress", "egress")
)
_PREFIXES = _Listed(
    "entry",
    "aws_ec2_managed_prefix_list_entry",
    "prefix_list_id",
    lambda values: values.get("cidr"),
    lambda values: values.get("cidr"),
)
_SUBNETS = _Listed(
    "subnet_ids",
    "aws_network_acl_association",
    "network_acl_id",
    lambda subnet: subnet,
    lambda values: values.get("subnet_id"),
)
_LISTED: Mapping[str, tuple[_Listed, ...]] = {
    "aws_route_table": (_ROUTES,),
    "aws_default_route_table": (_ROUTES,),
    "aws_network_acl": (*_ENTRIES, _SUBNETS),
    "aws_default_network_acl": _ENTRIES,
    "aws_ec2_managed_prefix_list": (_PREFIXES,),
}
_GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})


PARTS = frozenset(
    {*_SINGLE, "aws_security_group_rule", *(each.kind for rows in _LISTED.values() for each in rows)}
)
"""The types that declare what others report."""


class Computed:
    """The resources of a document that declare what others report, by the id of what they are part of.

    Those that a plan changes or deletes count as they were, too.
    """

    __slots__ = ("_parts", "_rules")

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._rules: dict[str, set[Hashable]] = {}
        self._parts: dict[tuple[str, str], list[Values]] = {}
        owners = {each.kind: each.owner for listed in _LISTED.values() for each in listed}
        for instance in instances:
            values = instance.values
            if instance.kind in owners:
                self._parts.setdefault((instance.kind, str(values.get(owners[instance.kind]))), []).append(
                    values
                )
            elif instance.kind in _SINGLE or instance.kind == "aws_security_group_rule":
                group = str(values.get("security_group_id"))
                self._rules.setdefault(group, set()).update(_separate_rules(instance.kind, values, group))

    def own(self, instance: Instance, expressions: Values, like: Resource | None) -> Instance:
        """The instance without what others declare, but in the lists that its configuration gives.

        ``expressions`` and ``like`` are what a plan and the code say of that configuration.
        """
        identity = instance.values.get("id")
        if not isinstance(identity, str) or (instance.kind not in _GROUPS and instance.kind not in _LISTED):
            return instance
        configured = expressions.keys() | (like.body.entries.keys() if like is not None else set())
        kept: dict[str, list[tuple[Any, Any]]] = {}
        if instance.kind in _GROUPS and identity in self._rules:
            for direction in ("ingress", "egress"):
                if direction not in configured:
                    kept[direction] = list(self._own_rules(direction, instance, identity))
        for listed in _LISTED.get(instance.kind, ()):
            declared = {listed.separate(each) for each in self._parts.get((listed.kind, identity), ())} - {
                None
            }
            if declared and listed.attribute not in configured:
                kept[listed.attribute] = [
                    pair
                    for pair in _elements(instance, listed.attribute)
                    if listed.inline(pair[0]) not in declared
                ]
        return _with(instance, kept) if kept else instance

    def _own_rules(self, direction: str, instance: Instance, group: str) -> Iterator[tuple[Any, Any]]:
        declared = self._rules[group]
        for rule, unknown in _elements(instance, direction):
            if not isinstance(rule, Mapping) or says_something(unknown):
                yield rule, unknown
                continue
            service = _service(direction, rule.get("protocol"), rule)
            left = {
                name: [peer for peer in rule.get(name) or () if (service, _peer(peer, group)) not in declared]
                for name in _PEER_LISTS
            }
            itself = bool(rule.get("self")) and (service, "self") not in declared
            if itself or any(left.values()):
                yield {**rule, **left, "self": itself}, False


def _elements(instance: Instance, name: str) -> Iterator[tuple[Any, Any]]:
    """The elements of a list, each with what of it is not known."""
    values = instance.values.get(name)
    unknown = instance.unknown.get(name) if isinstance(instance.unknown, Mapping) else instance.unknown
    for place, value in enumerate(values if isinstance(values, list) else ()):
        part = unknown[place] if isinstance(unknown, list) and place < len(unknown) else unknown is True
        yield value, part


def _with(instance: Instance, kept: Mapping[str, list[tuple[Any, Any]]]) -> Instance:
    values = {name: [value for value, _ in pairs] for name, pairs in kept.items() if name in instance.values}
    unknown = instance.unknown
    if isinstance(unknown, Mapping):
        parts = {
            name: [part for _, part in pairs]
            for name, pairs in kept.items()
            if isinstance(unknown.get(name), list)
        }
        unknown = {**unknown, **parts}
    return replace(instance, values={**instance.values, **values}, unknown=unknown)


def _separate_rules(kind: str, values: Values, group: str) -> Iterator[Hashable]:
    if kind in _SINGLE:
        service = _service(_SINGLE[kind], values.get("ip_protocol"), values)
        names = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
        peers = [values[name] for name in names if values.get(name)]
    else:
        service = _service(str(values.get("type")), values.get("protocol"), values)
        peers = [peer for name in _PEER_LISTS[:3] for peer in values.get(name) or ()]
        peers += [peer for peer in (values.get("source_security_group_id"),) if peer]
        if values.get("self"):
            yield service, "self"
    for peer in peers:
        yield service, _peer(peer, group)


def _peer(peer: object, group: str) -> Hashable:
    text = str(peer)
    return "self" if text == group else text.rpartition("/")[2] if "/sg-" in text else text


def _service(direction: str, protocol: object, values: Values) -> Hashable:
    """What a rule is about, in one form for all three shapes of rules."""
    try:
        number = protocol_number(str(protocol))
    except ValueError:
        return direction, str(protocol), values.get("from_port"), values.get("to_port")
    return (
        (direction, None)
        if number is None
        else (direction, number, values.get("from_port"), values.get("to_port"))
    )
