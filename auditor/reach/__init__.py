"""Reachability: what can open a connection to what in one network, for certain, perhaps, or not, and why."""

from __future__ import annotations

from auditor.reach.engine import Engine
from auditor.reach.index import Index
from auditor.reach.names import Endpoint
from auditor.reach.verdict import (
    Answer,
    Blocker,
    Code,
    DecisiveRule,
    End,
    EndpointKind,
    Hop,
    Leg,
    Neighbour,
    Neighbours,
    Path,
    Verdict,
)

__all__ = [
    "Answer",
    "Blocker",
    "Code",
    "DecisiveRule",
    "End",
    "Endpoint",
    "EndpointKind",
    "Engine",
    "Hop",
    "Index",
    "Leg",
    "Neighbour",
    "Neighbours",
    "Path",
    "Verdict",
]
