"""Regular expressions as Go's package regexp has them, in time that grows with the text alone.

The syntax is RE2's (https://pkg.go.dev/regexp/syntax), of several matches the leftmost counts, and of
those the one that a search which tries alternatives in their order would find first.
"""

from auditor.sources.terraform.patterns.pattern import Pattern, compiled
from auditor.sources.terraform.patterns.trouble import Undecided

__all__ = ["Pattern", "Undecided", "compiled"]
