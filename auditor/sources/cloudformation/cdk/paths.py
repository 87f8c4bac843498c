"""The names that things have in an app of the CDK: ``MyStack/Vpc/PublicSubnet1``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.sources.cloudformation.stacks.stack import resources_of
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.tree import Location, Scalar

_KEY = "aws:cdk:path"
# What a construct calls the one thing that it is all about.
_OWN = frozenset({"Resource", "Default", "Subnet", "Instance"})


def construct_paths(roots: Iterable[Entries]) -> Mapping[Location, tuple[str, ...]]:
    """The paths of resources by their places: the whole path, and the construct's that it is all about."""
    found: dict[Location, tuple[str, ...]] = {}
    for root in roots:
        for resource in resources_of(root):
            names = tuple(_names(resource.value)) if isinstance(resource.value, Entries) else ()
            if names:
                found[resource.at] = names
    return found


def _names(resource: Entries) -> Iterator[str]:
    metadata = resource.get("Metadata")
    noted = metadata.value.get(_KEY) if metadata and isinstance(metadata.value, Entries) else None
    path = noted.value.value if noted and isinstance(noted.value, Scalar) else None
    if isinstance(path, str):
        yield path
        above, _, last = path.rpartition("/")
        if last in _OWN and above:
            yield above
