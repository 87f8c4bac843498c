"""The configuration that a plan or state is of, where its folder is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from auditor.errors import InputError
from auditor.sources.terraform.configuration.declarations import declarations
from auditor.sources.terraform.configuration.files import read_folder
from auditor.sources.terraform.saved.instances import INDEX, Block
from auditor.tree import Reading, Resource

_ANY = "[*]"


class Fit(StrEnum):
    """Whether a configuration is the one that a document is of."""

    NO = "no"
    NEARLY = "nearly"
    YES = "yes"


def fit(folder: str, blocks: Iterable[Block], *, exactly: bool) -> tuple[Fit, tuple[str, ...]]:
    """Whether the configuration in ``folder`` is what ``blocks`` stand in, and what only one of both has.

    A plan names every block of its root (``exactly``): where one differs, the code is another one by now.
    State may hold what the code has no more, and lacks what was not applied yet: most must be declared.
    """
    named = {_root_name(block) for block in blocks}
    try:
        found = declarations(read_folder(folder)).blocks
    except InputError:
        return Fit.NO, ()
    declared = {
        *found["resource"],
        *(f"{mode}.{name}" for mode in ("data", "ephemeral") for name in found[mode]),
        *(f"module.{name}" for name in found["module"]),
    }
    differing = tuple(sorted(named ^ declared))
    if 2 * len(named & declared) <= len(named):
        return Fit.NO, differing
    return (Fit.YES if not exactly or not differing else Fit.NEARLY), differing


def _root_name(block: Block) -> str:
    return f"module.{block.modules[0]}" if block.modules else block.key


class Evaluated:
    """The resources as the configuration's own evaluation has them, found by the address in the document."""

    __slots__ = ("_by_address", "_by_block")

    def __init__(self, reading: Reading) -> None:
        self._by_address = {each.address: each for each in reading.resources}
        self._by_block: dict[str, list[Resource]] = {}
        for each in reading.resources:
            self._by_block.setdefault(INDEX.sub("", each.address), []).append(each)

    def find(self, address: str) -> Resource | None:
        """The resource, or the one that stands for any number of its kind; None where there is neither."""
        found = self._by_address.get(address)
        if found is not None:
            return found
        near = self._by_block.get(INDEX.sub("", address), ())
        return next((each for each in near if _stands_for(each.address, address)), None)

    def place(self, block: Block) -> Iterator[Resource]:
        """All resources of a block of the configuration."""
        yield from self._by_block.get(block.address, ())


def _stands_for(general: str, address: str) -> bool:
    indices = list(zip(INDEX.findall(general), INDEX.findall(address), strict=False))
    return all(one in {_ANY, other} for one, other in indices)
