"""Terragrunt's units: a Terraform module with inputs, files and settings gathered from ``terragrunt.hcl``."""

from auditor.sources.terragrunt.reading import UnitRoot, called_modules
from auditor.sources.terragrunt.units import STACK_FILE, UNIT_FILE, is_unit

__all__ = ["STACK_FILE", "UNIT_FILE", "UnitRoot", "called_modules", "is_unit"]
