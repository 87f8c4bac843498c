"""Terraform and OpenTofu configurations: read, evaluated soundly, given as resources and gaps."""

from auditor.sources.terraform.options import TerraformOptions
from auditor.sources.terraform.reading import read
from auditor.sources.terraform.roots import called_modules, is_root, uncalled
from auditor.sources.terraform.states import States

__all__ = ["States", "TerraformOptions", "called_modules", "is_root", "read", "uncalled"]
