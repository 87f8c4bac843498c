"""A snapshot as resources and gaps."""

from __future__ import annotations

from auditor.tree import Reading


def read(path: str) -> Reading:
    """All that a folder of AWS answers, or one file of them, holds."""
    raise NotImplementedError(path)
