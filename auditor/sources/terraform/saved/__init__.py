"""What Terraform itself has written down: plans and state as JSON, read as resources and gaps."""

from auditor.sources.terraform.saved.reading import decoded, read_saved

__all__ = ["decoded", "read_saved"]
