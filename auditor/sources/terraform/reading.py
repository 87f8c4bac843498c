"""A root module as resources and gaps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import InputError
from auditor.sources.depth import deep
from auditor.sources.terraform.backends import Key, backend_block, state_key
from auditor.sources.terraform.configuration.files import read_bytes
from auditor.sources.terraform.evaluate.frame import Frame, Run
from auditor.sources.terraform.modules.blocks import body_of
from auditor.sources.terraform.modules.installed import installed_modules
from auditor.sources.terraform.modules.module import Module
from auditor.sources.terraform.modules.workspace import workspace
from auditor.sources.terraform.options import TerraformOptions
from auditor.tree import Location, Map, Reading, Resource

if TYPE_CHECKING:
    from auditor.sources.terraform.states import States

NOTHING = Map({}, Location(""))


def read(root: str, options: TerraformOptions) -> Reading:
    """All that a root module declares, its modules included: resources, data sources, and gaps.

    Nothing is run, nothing fetched. InputError where the folder or a file that ``options`` name is not there.
    """
    one = Root(root, options)
    reading = one.reading()
    one.release()
    return reading


class Root:
    """A root module, evaluated when it is first asked for; its data sources may read ``states``.

    ``name`` is what it is called among these, where that is not its path.
    """

    __slots__ = ("_top", "name", "options", "path", "states")

    def __init__(
        self, path: str, options: TerraformOptions, states: States | None = None, name: str = ""
    ) -> None:
        self.path = path
        self.name = name or path
        self.options = options
        self.states = states
        self._top: Module | None = None

    @property
    def top(self) -> Module:
        """The root module itself."""
        if self._top is None:
            run = Run(self.path, self.options, file_reader(self.path))
            run.installed = installed_modules(self.path, self.options.environment)
            run.workspace = workspace(self.path, self.options)
            run.name, run.states = self.name, self.states
            self._top = Module(run, self.path, None, None)
            if self.options.assumed:
                from auditor.sources.terraform.evaluate.assumed import Assumptions

                run.assumed = Assumptions(self.options.assumed, Frame(self._top, {}, isolated=True))
        return self._top

    def reading(self) -> Reading:
        """All that the root declares. InputError where its folder or a file that it is given is not there."""
        if disk.kind(self.path) is not disk.Kind.FOLDER:
            raise InputError("there is no such folder", at=self.path, hint="give a folder with .tf files")
        return deep(self.declared)

    def declared(self) -> Reading:
        """The same where the caller has given it room, by ``deep``, and knows that the folder is there."""
        return _read(self.top)

    def release(self) -> None:
        """Let go of the root's modules: it is asked nothing more."""
        if self._top is not None:
            _release(self._top)
            self._top = None

    def state_key(self) -> Key | None:
        """Where the root keeps its state; None where its code does not say so."""
        top = self.top
        block = backend_block(top.declarations.settings)
        if block is None:
            return (
                None if top.declarations.broken else state_key("local", NOTHING, top.run.workspace, self.path)
            )
        kind = block.labels[0] if block.labels else block.type
        config = body_of(block, top.frame, f"terraform.{kind}")
        return state_key(kind, config, top.run.workspace, self.path)


def _read(top: Module) -> Reading:
    run = top.run
    resources: list[Resource] = []
    waiting = [top]
    while waiting:
        module = waiting.pop()
        resources += module.resources.all()
        resources += module.calls.unread()
        waiting += reversed(list(module.calls.all()))
    for gap in run.assumed.unused() if run.assumed is not None else ():
        run.gap(gap)
    gaps = tuple(run.gaps)
    return Reading(tuple(resources), gaps, tuple(_outputs(top)))


def _outputs(top: Module) -> Iterator[Resource]:
    """The outputs of the root, which others read. What is wrong with one is no part of the network."""
    for name, block in top.declarations.blocks["output"].items():
        try:
            value = top.output(name, block.at)
        except InputError:
            continue
        yield Resource("output", f"output.{name}", Map({"value": value}, block.at), block.at)


def _release(module: Module) -> None:
    """Free what the module and those that it calls have read and worked out.

    They refer to one another, and a large network is made with the cyclic collector off.
    """
    for called in module.calls.made():
        _release(called)
    for name in Module.__slots__:
        delattr(module, name)


def file_reader(root: str) -> Callable[[str], bytes]:
    """Reads the files that a configuration names, if they are in the root's repository, or its folder."""
    allowed = repository(disk.real(root))

    def read_file(path: str) -> bytes:
        real = disk.real(path)
        if os.path.commonpath([real, allowed]) != allowed:
            raise PermissionError(f"{path} is outside of what was given")
        try:
            return read_bytes(path)
        except InputError as error:
            raise OSError(error.message) from None

    return read_file


def repository(folder: str) -> str:
    """The nearest folder from here upwards that is a repository's; the folder itself where there is none."""
    at = folder
    while disk.kind(os.path.join(at, ".git")) is disk.Kind.ABSENT:  # noqa: PTH118 -- strings are at hand
        above = os.path.dirname(at)  # noqa: PTH120 -- as above
        if above == at:
            return folder
        at = above
    return at
