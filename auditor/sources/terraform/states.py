"""The roots of one run, and the outputs that one of them reads from the state of another.

A ``terraform_remote_state`` whose backend is that of another root gives that root's outputs as its code has
them: the state after everything was applied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from auditor import disk
from auditor.sources.join import Prefix, node_under
from auditor.sources.terraform.backends import Key
from auditor.sources.terraform.evaluate.frame import RecurrenceError
from auditor.sources.terraform.modules.mirrored import resource_in
from auditor.sources.terraform.modules.module import Module
from auditor.sources.terraform.options import TerraformOptions
from auditor.sources.terraform.reading import Root
from auditor.tree import Location, Node, Reading


class NotAloneError(Exception):
    """A root was to be read without the others, and asks for what one of them may tell."""


class Stated(Protocol):
    """What has a state: a root, or what else runs one. ``top`` is None where its module cannot be read."""

    @property
    def top(self) -> Module | None:
        """The root module."""

    def reading(self) -> Reading:
        """All that is declared."""

    def release(self) -> None:
        """Let go of what was read."""

    def state_key(self) -> Key | None:
        """Where the state is kept; None where that is not known."""


class States:
    """The roots by path, each of them evaluated once, when it is first asked for.

    ``others`` make what else has a state, by path: the units of Terragrunt. Where they are read ``alone``, to
    ask for another one's state raises NotAloneError. ``depth`` counts the
    states that are being read, one for the sake of the other, just now.
    """

    __slots__ = ("_alone", "_keys", "_outputs", "_places", "_roots", "depth")

    def __init__(
        self,
        roots: Mapping[str, TerraformOptions],
        others: Mapping[str, Callable[[States], Stated]] | None = None,
        *,
        alone: bool = False,
    ) -> None:
        self._alone = alone
        self._roots: dict[str, Stated] = {
            **{path: Root(path, options, self) for path, options in roots.items()},
            **{path: make(self) for path, make in (others or {}).items()},
        }
        self._places: dict[str, str] | None = None
        self._keys: dict[Key, list[str]] | None = None
        self._outputs: dict[tuple[str, str, str], Node | None] = {}
        self.depth = 0

    def reading(self, path: str) -> Reading:
        """All that the root at ``path`` declares."""
        return self._roots[path].reading()

    def release(self) -> None:
        """Let go of what the roots have read: they are asked nothing more."""
        for root in self._roots.values():
            root.release()

    def writer(self, key: Key) -> str:
        """The path of the one root that keeps its state there; empty where there is none, or several."""
        self._require_others()
        if self._keys is None:
            self._keys = {}
            for path, root in self._roots.items():
                own = root.state_key()
                if own is not None:
                    self._keys.setdefault(own, []).append(path)
        found = self._keys.get(key, [])
        return found[0] if len(found) == 1 else ""

    def at(self, folder: str) -> str:
        """The path of the root that lies in a folder; empty where none of this run does."""
        if self._places is None:
            self._places = {disk.real(path): path for path in self._roots}
        found = self._places.get(disk.real(folder), "")
        if found:
            self._require_others()
        return found

    def names(self, writer: str) -> tuple[tuple[str, ...], bool]:
        """The names of a root's outputs, and whether these are all."""
        try:
            top = self._roots[writer].top
        except RecurrenceError:
            top = None
        if top is None:
            return (), False
        return tuple(top.declarations.blocks["output"]), not top.declarations.broken

    def output(self, asker: str, writer: str, name: str, at: Location) -> Node | None:
        """An output of one root as another one sees it; None where it depends on itself through a state."""
        place = (asker, writer, name)
        if place in self._outputs:
            return self._outputs[place]
        found = self._across(asker, writer, lambda top: top.output(name, at))
        if found is not None:
            self._outputs[place] = found
        return found

    def resource(self, asker: str, address: str) -> Node | None:
        """A resource of another root, by its address as the asker has it; None where it is its own."""
        owners = (path for path in self._roots if path != asker and address.startswith(f"{path}:"))
        owner = next(owners, None)
        if owner is None:
            return None
        return self._across(asker, owner, lambda top: resource_in(top, address[len(owner) + 1 :]))

    def _across(self, asker: str, writer: str, find: Callable[[Module], Node | None]) -> Node | None:
        """What is found in one root, as another one sees it; None where it needs itself."""
        self._require_others()
        self.depth += 1
        try:
            top = self._roots[writer].top
            value = None if top is None else find(top)
        except RecurrenceError:
            return None
        finally:
            self.depth -= 1
        if value is None or asker == writer:
            return value
        return node_under(Prefix.of(writer, self._roots), value)

    def _require_others(self) -> None:
        if self._alone:
            raise NotAloneError
