"""What workloads listen on: the ports that are given to them, or those of their types."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from auditor.aws.reader.block import Block
from auditor.aws.reader.nodes import alternatives, number
from auditor.aws.reader.row import Row, owner
from auditor.traffic import EVERYTHING, NOTHING, TCP, Bounds, IntSet, Traffic, exact, parse_traffic, service
from auditor.tree import Node


def tcp(ports: Iterable[int]) -> Traffic:
    """TCP to any of these ports."""
    wanted = IntSet.of(*((port, port) for port in ports))
    return Traffic.of(protocols=IntSet.single(TCP), destination_ports=wanted) if wanted else NOTHING


def listening(row: Row, block: Block) -> Bounds[Traffic] | None:
    """What the workload accepts, as far as its type or its port says so; None where nothing does."""
    found = _on_ports(row, block)
    if row.services:
        beside = exact(Traffic.union(map(parse_traffic, row.services)))
        found = beside if found is None else found | beside
    if found is None:
        return None
    if _others(row, block):
        return Bounds(found.must, EVERYTHING)
    return Bounds(found.must, Traffic.union([found.may, *map(parse_traffic, row.perhaps)]))


def opening(row: Row) -> Bounds[Traffic] | None:
    """The requests that a workload of the type sends, where they are to some services only."""
    return exact(Traffic.union(map(parse_traffic, row.opens))) if row.opens else None


def _others(row: Row, block: Block) -> bool:
    """Whether the workload may accept more than its ports say."""
    if row.cluster is not None and block.has(row.cluster[0]):
        return row.cluster[1].others
    if row.others or not (row.others_of or row.others_with):
        return row.others
    names = block.choices(row.ports_by)
    return names is None or any(_opens_others(name.lower(), row, block) for name in names)


def _opens_others(name: str, row: Row, block: Block) -> bool:
    """Whether what is of this name may accept more than its ports say; what has none may be any."""
    if not name or name.startswith(row.others_of):
        return True
    paths = [path for known, each in row.others_with.items() if name.startswith(known) for path in each]
    return any(_chosen(block.choices(path)) for path in paths if block.has(path))


def _chosen(names: AbstractSet[str] | None) -> bool:
    """Whether something may be named that is not a default of AWS (``default:mysql-8-0``)."""
    return names is None or any(name and not name.startswith("default") for name in names)


def _on_ports(row: Row, block: Block) -> Bounds[Traffic] | None:
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
