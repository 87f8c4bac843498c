"""The text of a template -> syntax nodes that know where they stand."""

from auditor.sources.cloudformation.syntax.limits import SIZE_LIMIT
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Parsed, Syntax
from auditor.sources.cloudformation.syntax.parse import parse
from auditor.sources.cloudformation.syntax.sniff import is_template

__all__ = ["SIZE_LIMIT", "Call", "Entries", "Entry", "Items", "Parsed", "Syntax", "is_template", "parse"]
