"""The variables that firewall rules name: sets of addresses and ports, and references to prefix lists.

https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_RuleVariables.html
https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-groups-ip-set-references.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.aws.reader.block import Block
from auditor.aws.reader.nodes import given, why
from auditor.aws.reader.respelling import with_entries
from auditor.aws.reader.spelling import snake
from auditor.aws.reader.suricata import Place, Sets
from auditor.traffic import ANY, EMPTY, PORTS, Bounds, IntSet
from auditor.tree import Map, Node, Reason, Resource, Scalar, Seq

HOME = "HOME_NET"
_PREFIX_LIST = "aws_ec2_managed_prefix_list"
_BY_ITSELF = Sets()


def sets_of(body: Block) -> Sets:
    """The variables of a rule group."""
    addresses, ports, references = {}, {}, {}
    unknown: list[Reason] = []
    for variables in body.blocks("rule_variables"):
        addresses.update(_named(variables, "ip_sets", _addresses, unknown))
        ports.update(_named(variables, "port_sets", _ports, unknown))
    for sets in body.blocks("reference_sets"):
        references.update(_named(sets, "ip_set_references", _referenced, unknown))
    return Sets(addresses, ports, references, tuple(unknown))


def home_of(body: Block) -> Bounds[IntSet] | None:
    """HOME_NET, where a policy sets it; anything where it may."""
    unknown: list[Reason] = []
    for variables in body.blocks("policy_variables"):
        found = _named(variables, "rule_variables", _addresses, unknown)
        if HOME in found:
            return found[HOME].numbers
    return Bounds(EMPTY, ANY) if unknown else None


def _named(body: Block, name: str, read: Callable[[Block], Place], unknown: list[Reason]) -> dict[str, Place]:
    """The variables in the blocks of one type, by name; why there may be others goes to ``unknown``."""
    found: dict[str, Place] = {}
    for one in body.blocks(name):
        key = one.text("key")
        if not key or not body.holds(one):
            unknown += one.why("key") or one.reasons
        if key:
            place = read(one)
            before = found.get(key)
            found[key] = place if before is None else _either(before, place)
    return found


def _either(one: Place, other: Place) -> Place:
    numbers = Bounds(one.numbers.must & other.numbers.must, one.numbers.may | other.numbers.may)
    return Place(numbers, reasons=(*one.reasons, *other.reasons))


def _addresses(one: Block) -> Place:
    return _place(one.get("ip_set.definition"), ANY, _BY_ITSELF.address)


def _ports(one: Block) -> Place:
    return _place(one.get("port_set.definition"), PORTS, _BY_ITSELF.port)


def _place(node: Node | None, everything: IntSet, read: Callable[[str], Place | str]) -> Place:
    if not isinstance(node, Seq):
        return Place(Bounds(EMPTY, everything), reasons=() if node is None else why(node))
    places = [_item(item, everything, read) for item in node.items]
    if node.more is not None:
        places.append(Place(Bounds(EMPTY, everything), reasons=why(node.more)))
    numbers = [place.numbers for place in places]
    return Place(
        Bounds(IntSet.union(one.must for one in numbers), IntSet.union(one.may for one in numbers)),
        reasons=tuple(reason for place in places for reason in place.reasons),
    )


def _item(node: Node, everything: IntSet, read: Callable[[str], Place | str]) -> Place:
    found = read(str(node.value)) if isinstance(node, Scalar) and given(node) is not None else ""
    if isinstance(found, Place):
        return found
    wrong = Reason(found or "an item of a variable", node.at, "addresses or ports that AWS takes")
    return Place(Bounds(EMPTY, everything), reasons=why(node) or (wrong,))


def _referenced(one: Block) -> Place:
    """The entries of a prefix list of the input; any addresses for another one, or for a resource group."""
    link = one.link("ip_set_reference.reference_arn")
    resource = None if link is None or not link.certain else one.estate.at_address(link.id)
    if resource is None or resource.kind != _PREFIX_LIST:
        at = one.place("ip_set_reference")
        name = "an IP set" if link is None else link.id
        return Place(Bounds(EMPTY, ANY), reasons=(Reason(f"the addresses of {name}", at, "a snapshot"),))
    listed = Block.of(resource, one.estate)
    places = [_entry(listed, entry) for entry in listed.blocks("entry")]
    users = listed.users("aws_ec2_managed_prefix_list_entry", "prefix_list_id", *listed.ids)
    places += [_entry(user, user) for user, _ in users]
    numbers = [place.numbers for place in places]
    reasons = tuple(reason for place in places for reason in place.reasons)
    found = Bounds(IntSet.union(one.must for one in numbers), IntSet.union(one.may for one in numbers))
    if not places:
        reason = Reason(f"the entries of {resource.address}", resource.at, "a snapshot")
        return Place(Bounds(EMPTY, ANY), reasons=(reason,))
    return Place(found, reasons=reasons)


def _entry(listed: Block, entry: Block) -> Place:
    place = _item(entry.get("cidr") or Scalar(None, entry.at), ANY, _BY_ITSELF.address)
    if listed.holds(entry) and not entry.reasons:
        return place
    return replace(place, numbers=Bounds(EMPTY, place.numbers.may), reasons=(*place.reasons, *entry.reasons))


def variables_listed(resource: Resource, outer: str, **inner: str) -> Resource:
    """A resource whose variables, by name in CloudFormation and the API, are the blocks that Terraform has.

    ``inner`` are the names below the entry ``outer`` that hold such maps (two with an underscore twice
    between them), and what each variable's own block is called.
    """
    node = resource.body.entries.get(outer)
    if not isinstance(node, Map):
        return resource
    for path, own in inner.items():
        node = _listed(node, path.split("__"), own)
    return with_entries(resource, **{outer: node})


def _listed(node: Node, path: list[str], own: str) -> Node:
    if not path:
        return Seq(tuple(_blocks(node, own)), node.at, more=node.more) if isinstance(node, Map) else node
    if not isinstance(node, Map):
        return node
    entries = {
        name if name.islower() else snake(name): value
        if snake(name) != path[0]
        else _listed(value, path[1:], own)
        for name, value in node.entries.items()
    }
    return replace(node, entries=entries)


def _blocks(node: Map, own: str) -> Iterator[Map]:
    for name, value in node.entries.items():
        body = value
        if isinstance(value, Map):
            body = replace(value, entries={snake(key): inner for key, inner in value.entries.items()})
        yield Map({"key": Scalar(name, value.at), own: body}, value.at)


__all__ = ["HOME", "home_of", "sets_of", "variables_listed"]
