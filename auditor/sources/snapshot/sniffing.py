"""What looks like AWS answers."""

from __future__ import annotations


def is_snapshot(path: str) -> bool:
    """Whether a folder, or a file, looks as if it held AWS answers; the heads of a few files are read."""
    raise NotImplementedError(path)
