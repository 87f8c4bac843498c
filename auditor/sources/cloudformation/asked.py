"""What templates are read with, all of one run together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.frozen import dataclass
from auditor.sources.cloudformation.given import GivenValue
from auditor.tree import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The templates and assemblies of one run, and what the user says of them.

    ``templates`` and ``assemblies`` are paths; ``texts`` are the contents of those templates that are in no
    file, by their paths. ``values`` are for parameters, the later before the earlier; ``assumed`` pairs of
    the identity of an unknown and the text of the value to take.
    """

    templates: tuple[str, ...] = ()
    assemblies: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    values: tuple[GivenValue, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What all of them declare, and the templates that are only parts of others."""

    reading: Reading
    nested: frozenset[str] = frozenset()
