"""Snapshots: folders of raw AWS answers, as ``aws ec2 describe-*`` gives them."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.sources.snapshot.sniffing import is_snapshot
from auditor.tree import Reading


def read(path: str) -> Reading:
    """All that a folder of AWS answers, or one file of them, holds.

    What no answer tells of is a gap, and a resource of the kind ``NotCollected`` stands for it.
    """
    return read_together((path,))


def read_together(paths: Iterable[str]) -> Reading:
    """All that several folders and files of AWS answers hold: one id is one thing in all of them."""
    from auditor.sources.snapshot.reading import read_files

    return read_files(tuple(paths))


__all__ = ["is_snapshot", "read", "read_together"]
