"""What an expression is evaluated in: the run, the module, and the names bound around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from auditor.errors import InputError
from auditor.sources.places import place_of
from auditor.sources.terraform.modules.mapped import MappedModules
from auditor.sources.terraform.options import TerraformOptions
from auditor.tree import Gap, GapKind, Location, Node, Reason, Scope, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.configuration.declarations import Declarations
    from auditor.sources.terraform.evaluate.assumed import Assumptions
    from auditor.sources.terraform.modules.installed import Installed
    from auditor.sources.terraform.modules.module import Module
    from auditor.sources.terraform.states import States
    from auditor.sources.terraform.syntax import ast

T = TypeVar("T")
DEEPEST_CHAIN = 3000


class RecurrenceError(Exception):
    """A value of one root needs itself by way of another root's state, which was written before it."""


class Run:
    """The state of one reading: its gaps, and what is being evaluated just now.

    ``doubtful`` is set whenever an access could fail for some value of the unknowns, with the reasons in
    ``doubts``; ``try`` looks at them. ``watched`` counts the ``try`` and ``can`` that are being evaluated.
    ``functions`` are those that there are beside Terraform's.
    ``states`` are the states that the roots of this run write, among which this one is called ``name``.
    """

    __slots__ = (
        "_scopes",
        "assumed",
        "chain",
        "declared",
        "doubtful",
        "doubts",
        "functions",
        "gaps",
        "installed",
        "mapped",
        "modules",
        "name",
        "offered",
        "options",
        "pending",
        "read_file",
        "root",
        "states",
        "watched",
        "workspace",
    )

    def __init__(self, root: str, options: TerraformOptions, read_file: Callable[[str], bytes]) -> None:
        self.root = self.name = root
        self.options = options
        self.read_file = read_file
        self.gaps: dict[Gap, None] = {}
        self.chain: list[str] = []
        self.pending: dict[tuple[int, object], int] = {}
        self.doubtful = False
        self.doubts: dict[Reason, None] = {}
        self.modules = 0
        self.assumed: Assumptions | None = None
        self.watched = 0
        self.declared: dict[str, Declarations] = {}
        self.installed: Mapping[str, Installed] = {}
        self.mapped = MappedModules(options.modules)
        self.workspace = "default"
        self.functions: Mapping[str, Callable[[ast.Call, Frame], Node]] = {}
        self.offered: dict[str, list[str]] | None = None
        self.states: States | None = None
        self._scopes: dict[tuple[str, str], Scope] = {}

    def scope(self, account: str, region: str) -> Scope:
        """The scope of an account and a Region in this input, one value for all that are in it."""
        found = self._scopes.get((account, region))
        if found is None:
            found = self._scopes[account, region] = Scope(self.root, account, region)
        return found

    def doubt(self, reasons: Iterable[Reason]) -> None:
        """Takes down that what was just evaluated fails for some value of the unknowns."""
        self.doubtful = True
        self.doubts.update(dict.fromkeys(reasons))

    def gap(self, gap: Gap) -> None:
        """Takes down a gap, once."""
        self.gaps[gap] = None

    def invalid(self, error: InputError, what: str, at: Location) -> Unknown:
        """Takes down an error as a gap, and gives the value that stands for what it spoilt."""
        place = place_of(error, at)
        self.gap(Gap(GapKind.INVALID, what, place, error.message, error.hint))
        return Unknown((Reason(what, place, error.hint or "correct the error"),), at)

    def demand(
        self, memo: dict[T, Node], key: T, label: str, at: Location, compute: Callable[[], Node]
    ) -> Node:
        """The value of ``key``, computed once; one that needs itself or fails is unknown, with a gap."""
        found = memo.get(key)
        if found is not None:
            return found
        try:
            value = self.once(memo, key, label, compute)
        except InputError as error:
            value = self.invalid(error, label, at)
        if self.assumed is not None and isinstance(value, Unknown):
            value = self.assumed.named(label.removeprefix("output "), value)
        memo[key] = value
        return value

    def once(self, memo: object, key: object, label: str, compute: Callable[[], T]) -> T:
        """What ``compute`` gives; InputError where it asks for itself on the way.

        RecurrenceError where the way leads through another root's state: Terraform takes what was there.
        """
        mark, depth = (id(memo), key), 0 if self.states is None else self.states.depth
        if mark in self.pending:
            if depth > self.pending[mark]:
                raise RecurrenceError
            raise InputError(self._cycle(label), hint="break the cycle: Terraform refuses it too")
        if len(self.chain) >= DEEPEST_CHAIN:
            raise InputError(f"more than {DEEPEST_CHAIN} values depend on one another in one chain")
        doubtful, doubts = self.doubtful, self.doubts
        self.doubts = {}
        self.pending[mark] = depth
        self.chain.append(label)
        try:
            return compute()
        except RecursionError:
            raise InputError("this is nested too deeply to be evaluated") from None
        finally:
            self.chain.pop()
            self.pending.pop(mark, None)
            self.doubtful, self.doubts = doubtful, doubts

    def _cycle(self, label: str) -> str:
        start = len(self.chain) - 1 - self.chain[::-1].index(label) if label in self.chain else 0
        return f"{label} depends on itself: {' -> '.join([*self.chain[start:], label])}"


class Frame:
    """A module and the names bound in an expression: by ``for``, ``each``, ``count``, a dynamic block.

    ``isolated`` is a template's frame, in which nothing of the module can be named.
    """

    __slots__ = ("isolated", "module", "names")

    def __init__(self, module: Module, names: dict[str, Node], *, isolated: bool = False) -> None:
        self.module = module
        self.names = names
        self.isolated = isolated

    def bind(self, names: dict[str, Node]) -> Frame:
        """This frame with further names."""
        return Frame(self.module, {**self.names, **names}, isolated=self.isolated)
