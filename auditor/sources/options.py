"""What the user says about how the input is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from auditor.frozen import dataclass

if TYPE_CHECKING:
    from auditor.sources.detect import Input
    from auditor.sources.terraform import TerraformOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Values for the input's variables, and where to find what it names.

    ``variables`` are (name, text) pairs as ``--var`` takes them; ``assumed`` are (identity of an unknown,
    text) pairs as ``--assume`` takes them; ``modules`` maps a module's source to a folder; ``environment``
    is where ``TF_VAR_*`` are looked up (the caller passes ``os.environ``).
    """

    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[str, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()
    workspace: str = "default"
    modules: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def terraform(self, found: Input) -> TerraformOptions:
        """The same for the Terraform root ``found``."""
        from auditor.sources.terraform import TerraformOptions

        return TerraformOptions(
            variables=self.variables,
            var_files=self.var_files,
            assumed=self.assumed,
            workspace=self.workspace,
            modules=self.modules,
            environment=self.environment,
            files=found.files,
        )
