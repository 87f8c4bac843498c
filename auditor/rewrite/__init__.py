"""The one right rewrite of a finding: an edit of the Terraform text that keeps comments and layout."""

from __future__ import annotations

from auditor.rewrite.edits import Edit, RefusedError, patch
from auditor.rewrite.rewriting import Refusal, Rewrite, rewrites, rewritten

__all__ = ["Edit", "Refusal", "RefusedError", "Rewrite", "patch", "rewrites", "rewritten"]
