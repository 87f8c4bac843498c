"""Resources to facts, one file an AWS area.

A module in this package declares what it reads, and is found by its folder: ``READERS`` maps types of
resources to functions that give the facts of one, ``PREFIXES`` does so for all types that begin alike,
``ROWS`` and ``PROFILES`` describe types that merely own interfaces. Types are Terraform's; ``SPELLINGS`` maps
the types of CloudFormation and of the API to what they are in its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from auditor.aws.reader import (
    Block,
    Estate,
    ProfileRow,
    Row,
    Spelling,
    kind_of,
    mentions,
    port_of,
    read_profile,
    read_row,
    read_unread,
    respelled,
)
from auditor.collecting import collector_off
from auditor.frozen import dataclass
from auditor.model import Alias, Component, Inventory
from auditor.tree import Reading, Resource, Scalar

Reader = Callable[[Block], Iterable[Component]]


def inventory(reading: Reading) -> Inventory:
    """The facts of the network that a reading declares, and the gaps: its own and those found here."""
    known = readers(tuple(__path__))
    chosen: dict[str, tuple[Reader, ...]] = {}
    components: list[Component] = []
    with collector_off():
        estate = Estate(respelled(reading.resources, known.spellings), partial(_port_of, known.rows))
        for resource in estate:
            kind = kind_of(resource)
            if kind not in chosen:
                chosen[kind] = _readers_of(kind, known)
            block = Block.of(resource, estate)
            for read in chosen[kind]:
                components.extend(read(block))
        components.extend(_ids(estate))
        components.extend(mentions(estate, reading.outputs, tuple(components)))
    return Inventory.of(components, dict.fromkeys((*reading.gaps, *estate.gaps)))


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of resources: by type, and by the beginning of the type, longest first.

    ``spellings`` are by the types of other dialects, ``rows`` by the types that they describe.
    """

    exact: Mapping[str, tuple[Reader, ...]]
    prefixes: tuple[tuple[str, Reader], ...]
    spellings: Mapping[str, Spelling]
    rows: Mapping[str, Row]


@cache
def readers(folders: tuple[str, ...]) -> Readers:
    """The readers that the modules in ``folders`` declare. Several may read one type."""
    exact: dict[str, tuple[Reader, ...]] = {}
    prefixes: dict[str, Reader] = {}
    spellings: dict[str, Spelling] = {}
    rows: dict[str, Row] = {}
    for module in iter_modules(folders):
        if module.name == "reader":
            continue
        declared = import_module(f"{__name__}.{module.name}")
        for kind, read in _declared(declared):
            exact[kind] = (*exact.get(kind, ()), read)
        prefixes.update(getattr(declared, "PREFIXES", {}))
        spellings.update(getattr(declared, "SPELLINGS", {}))
        rows.update((kind, row) for row in getattr(declared, "ROWS", ()) for kind in row.kinds)
    longest_first = tuple(sorted(prefixes.items(), key=lambda item: (-len(item[0]), item[0])))
    return Readers(exact, longest_first, spellings, rows)


def _declared(module: ModuleType) -> Iterator[tuple[str, Reader]]:
    single: Mapping[str, Reader] = getattr(module, "READERS", {})
    rows: Iterable[Row] = getattr(module, "ROWS", ())
    profiles: Iterable[ProfileRow] = getattr(module, "PROFILES", ())
    yield from single.items()
    for row in rows:
        yield from ((kind, partial(read_row, row)) for kind in row.kinds)
    for profile in profiles:
        yield from ((kind, partial(read_profile, profile)) for kind in profile.kinds)


def _port_of(rows: Mapping[str, Row], estate: Estate, resource: Resource) -> int | None:
    row = rows.get(kind_of(resource))
    return None if row is None else port_of(row, Block.of(resource, estate))


def _readers_of(kind: str, known: Readers) -> tuple[Reader, ...]:
    exact = known.exact.get(kind)
    if exact is not None:
        return exact
    return (next((read for prefix, read in known.prefixes if kind.startswith(prefix)), read_unread),)


_GIVEN_BY_AWS = re.compile(r"arn:|(?:[a-z]+-)+(?:[0-9a-f]{17}|[0-9a-f]{8})$")


def _ids(estate: Estate) -> Iterator[Alias]:
    """The ids that AWS has given to resources already, where the input has them, and their further names."""
    for resource in estate:
        yield from (Alias(id=name, of=resource.address) for name in resource.names)
        for attribute in ("id", "arn"):
            value = resource.body.entries.get(attribute)
            if type(value) is Scalar and isinstance(value.value, str) and _GIVEN_BY_AWS.match(value.value):
                yield Alias(id=value.value, of=resource.address)


__all__ = ["Reader", "Readers", "inventory", "readers"]
