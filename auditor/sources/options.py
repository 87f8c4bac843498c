"""What the user says about how the input is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import UsageError, one_of
from auditor.frozen import dataclass
from auditor.sources.settings import NO_SETTINGS, RootSettings

if TYPE_CHECKING:
    from auditor.sources.cloudformation.given import GivenValue
    from auditor.sources.inputs import Input
    from auditor.sources.terraform import TerraformOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Values for the input's variables, and where to find what it names.

    ``variables`` are (name, text) pairs as ``--var`` takes them; ``var_files`` are ``FILE`` for every root or
    ``ROOT=FILE`` for one; ``assumed`` are (identity of an unknown, text) pairs as ``--assume`` takes them;
    ``workspace`` is for every root, None where each has its own; ``modules`` maps a module's source, or
    ``source@version``, to a folder; ``roots`` are the settings of single roots by their folders;
    ``parameters`` are (name, text) pairs as ``--parameter`` takes them, ``parameter_files`` are ``FILE`` for
    every stack or ``STACK=FILE`` for one, ``given`` the values that the configuration has for parameters;
    ``shared`` says that values are for another input too: one that means nothing here is no mistake;
    ``environment`` is where ``TF_VAR_*`` and its kin are looked up (the caller passes ``os.environ``).
    """

    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[str, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()
    workspace: str | None = None
    modules: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, RootSettings] = field(default_factory=dict)
    parameters: tuple[tuple[str, str], ...] = ()
    parameter_files: tuple[str, ...] = ()
    given: tuple[GivenValue, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False

    def question(self) -> tuple[tuple[str, str], ...]:
        """Every option with its value as text; without the environment, of which only a little is asked."""
        given = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "environment"}
        return tuple(
            (name, repr(sorted(value.items()) if isinstance(value, Mapping) else value))
            for name, value in given.items()
        )

    def terraform(self, found: Input, *, alone: bool = True) -> TerraformOptions:
        """The same for the Terraform root ``found``, which is ``alone`` or one of several."""
        from auditor.sources.terraform import TerraformOptions

        files = tuple(var_file(text) for text in self.var_files)
        settings = (each for root, each in self.roots.items() if _is_folder(root, found))
        return TerraformOptions(
            variables=self.variables,
            var_files=tuple(file for root, file in files if not root or _is_folder(root, found)),
            settings=next(settings, NO_SETTINGS),
            assumed=self.assumed,
            workspace=self.workspace,
            modules=self.modules,
            environment=self.environment,
            files=found.files,
            name="" if alone else found.path,
        )

    def values(self) -> tuple[GivenValue, ...]:
        """All values for parameters of templates, the later before the earlier.

        Raises InputError for a file of them that cannot be read.
        """
        from auditor.sources.cloudformation.given import given_in_file, given_on_command_line

        files = ((text, *var_file(text)) for text in self.parameter_files)
        return (
            *self.given,
            *(value for text, stack, path in files for value in given_in_file(path, stack, text)),
            *(given_on_command_line(name, text) for name, text in self.parameters),
        )

    def require_roots(self, inputs: tuple[Input, ...]) -> None:
        """Raises UsageError where a file of variables is for a root that is none of ``inputs``."""
        for text in self.var_files:
            root, _ = var_file(text)
            if root and not any(_is_folder(root, found) for found in inputs):
                hint = one_of(root, tuple(found.path for found in inputs))
                raise UsageError(f"--var-file {text}: no root is called {root}", hint=hint)


def var_file(text: str) -> tuple[str, str]:
    """The root and the file that ``ROOT=FILE`` names; the root is empty where a file alone is named."""
    root, mark, file = text.partition("=")
    return (root, file) if mark and root and disk.kind(text) is disk.Kind.ABSENT else ("", text)


def _is_folder(path: str, found: Input) -> bool:
    return disk.real(path) == disk.real(found.path)
