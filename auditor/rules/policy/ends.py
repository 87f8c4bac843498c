"""The ends of a policy's questions: groups, workloads, addresses, and all that some names hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.frozen import dataclass
from auditor.reach.ends import Ends
from auditor.reach.names import Endpoint
from auditor.reach.verdict import EndpointKind
from auditor.traffic import EMPTY, IntSet
from auditor.tree import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One end that is asked about: what no filter tells apart, or a group, or addresses.

    ``text`` names it; ``workloads`` are those that it certainly stands for, ``group`` the group that it is.
    ``sure`` is false where the name may not mean it, and ``doubts`` say why. ``selected`` is true where it
    was not named by itself.
    """

    text: str
    endpoint: Endpoint
    ends: Ends
    workloads: tuple[str, ...] = ()
    group: str = ""
    sure: bool = True
    doubts: tuple[Reason, ...] = ()
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """All that some names certainly mean; ``perhaps`` the workloads that they may mean, each with why."""

    workloads: frozenset[str] = frozenset()
    perhaps: tuple[tuple[str, tuple[Reason, ...]], ...] = ()
    groups: frozenset[str] = frozenset()
    addresses: IntSet = EMPTY
    kinds: frozenset[EndpointKind] = frozenset()
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What names mean; ``anywhere`` where one of them means every end there is."""

    atoms: tuple[Atom, ...] = ()
    anywhere: bool = False


def said(atom: Atom) -> str:
    """An end as a finding names it."""
    if atom.endpoint.kind is EndpointKind.INTERNET:
        return "the internet"
    if atom.endpoint.kind is EndpointKind.ON_PREMISES:
        return "on-premises networks"
    return atom.text


def doubted(atoms: Iterable[Atom], endpoint: Endpoint) -> Iterator[Atom]:
    """The atoms of an end that a name may not mean."""
    why = endpoint.doubts
    yield from (replace(atom, sure=False, doubts=atom.doubts + why) for atom in atoms) if why else atoms
