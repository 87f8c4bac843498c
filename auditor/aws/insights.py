"""Questions about paths: Network Access Scopes, and the paths of Reachability Analyzer.

https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/packet-header-statement.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInsightsPath.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import NO_LINKS, AccessScope, AnalysedPath, Link, Links, PathEnd, PathPattern
from auditor.traffic import PORTS, TCP, UDP, IntSet, Traffic, parse_cidr
from auditor.tree import Reason, Scalar, Seq

SCOPE, PATH = "aws_ec2_network_insights_access_scope", "aws_ec2_network_insights_path"
_PROTOCOLS = {"tcp": TCP, "udp": UDP}


def read_scope(block: Block) -> Iterator[AccessScope]:
    """A scope. A pattern that may not be there leaves its answer open, as does a scope that matches nothing.

    Every scope has one match condition at least: where none is told, its content is not in the input.
    https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/match-paths.html
    """
    open_: list[Reason] = []
    found: dict[str, list[PathPattern]] = {"match": [], "exclude": []}
    for name, patterns in found.items():
        for path in block.blocks(f"{name}_paths"):
            if path.presence is not block.presence:
                open_ += path.reasons or (Reason(f"the {name} paths of {block.address}", path.at),)
            else:
                patterns.append(_pattern(path))
    if not found["match"] and not open_:
        open_.append(Reason(f"the match paths of {block.address}", block.at, "an input that has its content"))
    yield AccessScope(
        id=block.address,
        at=block.at,
        names=block.names(),
        matches=tuple(found["match"]),
        excludes=tuple(found["exclude"]),
        open=tuple(open_),
        presence=block.presence,
    )


def _pattern(block: Block) -> PathPattern:
    return PathPattern(
        at=block.at,
        source=next(map(_end, block.blocks("source")), None),
        destination=next(map(_end, block.blocks("destination")), None),
        through=tuple(map(_end, block.blocks("through_resources"))),
    )


def _end(block: Block) -> PathEnd:
    open_: list[Reason] = []
    resources, types = NO_LINKS, list[str]()
    for statement in block.blocks("resource_statement"):
        resources = statement.links("resources")
        types += _texts(statement, "resource_types", open_)
    traffic, lists = None, (NO_LINKS, NO_LINKS)
    for header in block.blocks("packet_header_statement"):
        traffic = _header(header, open_)
        lists = (header.links("source_prefix_lists"), header.links("destination_prefix_lists"))
    return PathEnd(
        at=block.at,
        resources=resources,
        types=tuple(types),
        traffic=traffic,
        lists=lists,
        open=(*open_, *resources.open, *lists[0].open, *lists[1].open),
    )


def _texts(block: Block, path: str, open_: list[Reason]) -> list[str]:
    """The texts of a list; why one of them is not known is put into ``open_``."""
    node = block.get(path)
    items = node.items if isinstance(node, Seq) and node.more is None else [node] if node is not None else []
    known = [str(item.value) for item in items if isinstance(item, Scalar)]
    if len(known) < len(items):
        open_ += block.why(path) or (Reason(f"{block.address}.{path}", block.place(path)),)
    return known


def _header(block: Block, open_: list[Reason]) -> Traffic:
    """The packets of a header: TCP and UDP where it names no protocol."""
    protocols = [_PROTOCOLS.get(text.lower()) for text in _texts(block, "protocols", open_)] or [TCP, UDP]
    return Traffic.of(
        protocols=IntSet.union(IntSet.single(one) for one in protocols if one is not None),
        sources=_addresses(block, "source_addresses", open_),
        destinations=_addresses(block, "destination_addresses", open_),
        source_ports=_ports(block, "source_ports", open_),
        destination_ports=_ports(block, "destination_ports", open_),
    )


def _addresses(block: Block, path: str, open_: list[Reason]) -> IntSet:
    found = []
    for text in _texts(block, path, open_):
        try:
            found.append(parse_cidr(text))
        except ValueError:
            open_.append(Reason(f"{text!r} is no address", block.place(path), "write a CIDR"))
    return IntSet.union(found) if found else Traffic.of().sources


def _ports(block: Block, path: str, open_: list[Reason]) -> IntSet:
    found = []
    for text in _texts(block, path, open_):
        low, _, high = text.partition("-")
        if low.isdigit() and (high or low).isdigit() and int(low) <= int(high or low) <= 65535:
            found.append(IntSet.of((int(low), int(high or low))))
        else:
            open_.append(Reason(f"{text!r} is no port", block.place(path), "write 443 or 8000-8100"))
    return IntSet.union(found) if found else PORTS


# -- paths to be analysed --------------------------------------------------------------------------


def read_path(block: Block) -> Iterator[AnalysedPath]:
    """A path: from a thing to a thing or an address, with what its packets look like at both ends."""
    open_: list[Reason] = []
    protocols = [_PROTOCOLS.get(text.lower()) for text in _texts(block, "protocol", open_)]
    if not protocols or None in protocols:
        open_ += block.why("protocol") or (Reason("the protocol", block.place("protocol"), "tcp or udp"),)
    first = _filtered(block, "filter_at_source", open_)
    last = _filtered(block, "filter_at_destination", open_)
    whole = Traffic.of(
        protocols=IntSet.union(IntSet.single(one) for one in protocols if one is not None)
        or IntSet.of((TCP, TCP), (UDP, UDP)),
        sources=_addresses(block, "source_ip", open_),
        destinations=_addresses(block, "destination_ip", open_),
        destination_ports=_ports(block, "destination_port", open_),
    )
    yield AnalysedPath(
        id=block.address,
        at=block.at,
        names=block.names(),
        path=PathPattern(
            at=block.at,
            source=_at(block, "source", whole & first, tuple(open_)),
            destination=_at(block, "destination", whole & last, ()),
        ),
        presence=block.presence,
    )


def _at(block: Block, name: str, traffic: Traffic, open_: tuple[Reason, ...]) -> PathEnd:
    link: Link | None = block.link(name)
    reasons = link.reasons if link is not None and not link.certain else ()
    return PathEnd(
        at=block.place(name),
        resources=Links((link,) if link else ()),
        traffic=traffic,
        open=(*open_, *reasons),
    )


def _filtered(block: Block, name: str, open_: list[Reason]) -> Traffic:
    found = Traffic.of()
    for inner in block.blocks(name):
        if inner.presence is not block.presence:
            open_ += inner.reasons
        for side, low in (("source", "from_port"), ("destination", "from_port")):
            addresses = _addresses(inner, f"{side}_address", open_)
            ports = IntSet.union(
                _ports_between(each, low, "to_port", open_) for each in inner.blocks(f"{side}_port_range")
            )
            if side == "source":
                found &= Traffic.of(sources=addresses, source_ports=ports or PORTS)
            else:
                found &= Traffic.of(destinations=addresses, destination_ports=ports or PORTS)
    return found


def _ports_between(block: Block, low: str, high: str, open_: list[Reason]) -> IntSet:
    first, last = block.integer(low), block.integer(high)
    if first is None or last is None or not 0 <= first <= last <= 65535:
        open_ += block.why(low, high) or (Reason(f"the ports of {block.address}", block.at),)
        return PORTS
    return IntSet.of((first, last))


READERS = {SCOPE: read_scope, PATH: read_path}

SPELLINGS = {
    "AWS::EC2::NetworkInsightsAccessScope": Spelling(kind=SCOPE),
    "NetworkInsightsAccessScopes": Spelling(
        kind=SCOPE, hoisted=frozenset({"NetworkInsightsAccessScopeContent"})
    ),
    "AWS::EC2::NetworkInsightsPath": Spelling(kind=PATH),
    "NetworkInsightsPaths": Spelling(kind=PATH),
}
