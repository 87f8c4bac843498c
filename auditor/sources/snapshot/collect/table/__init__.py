"""All that a snapshot holds, by area: one piece is one file, and the read-only call whose answer it is."""

from __future__ import annotations

from auditor.sources.snapshot.collect.table import balancing, compute, data, services, vpc, wide

PIECES = (*vpc.PIECES, *compute.PIECES, *balancing.PIECES, *data.PIECES, *wide.PIECES, *services.PIECES)

__all__ = ["PIECES"]
