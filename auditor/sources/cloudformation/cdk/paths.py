"""The names that things have in an app of the CDK: ``MyStack/Vpc/PublicSubnet1``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.sources.cloudformation.cdk.noted import Noted
from auditor.sources.cloudformation.stacks.stack import resources_of
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.tree import Location, Scalar

_KEY = "aws:cdk:path"
# What a construct calls the one thing that it is all about.
_OWN = frozenset({"Resource", "Default", "Subnet", "Instance"})


def construct_paths(roots: Iterable[Entries], constructs: Noted) -> Mapping[Location, tuple[str, ...]]:
    """The paths of resources by their places: the whole path, and the construct's that it is all about.

    They stand in the templates, unless the app was synthesized without its command line: then they are noted
    beside them, as ``constructs``.
    """
    found: dict[Location, tuple[str, ...]] = {}
    for root in roots:
        for resource in resources_of(root):
            written = _written(resource.value) if isinstance(resource.value, Entries) else None
            path = written or constructs.get((resource.at.path, resource.key))
            if path:
                found[resource.at] = tuple(_names(path))
    return found


def _written(resource: Entries) -> str | None:
    metadata = resource.get("Metadata")
    noted = metadata.value.get(_KEY) if metadata and isinstance(metadata.value, Entries) else None
    path = noted.value.value if noted and isinstance(noted.value, Scalar) else None
    return path if isinstance(path, str) else None


def _names(path: str) -> Iterator[str]:
    yield path
    above, _, last = path.rpartition("/")
    if last in _OWN and above:
        yield above
