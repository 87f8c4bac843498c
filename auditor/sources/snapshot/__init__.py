"""Snapshots: folders of raw AWS answers, as ``aws ec2 describe-*`` gives them."""

from auditor.sources.snapshot.reading import read, read_together
from auditor.sources.snapshot.sniffing import is_snapshot

__all__ = ["is_snapshot", "read", "read_together"]
