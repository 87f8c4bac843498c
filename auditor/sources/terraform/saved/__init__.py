"""What Terraform itself has written down: plans and state as JSON, read as resources and gaps."""

from auditor.sources.terraform.saved.reading import read_saved

__all__ = ["read_saved"]
