"""Packets followed between networks: through route tables, gateways and what joins VPCs."""

from __future__ import annotations

from auditor.reach.forwarding.course import Arrival, ArrivalKind, Course, Translation
from auditor.reach.forwarding.forwarding import Forwarding
from auditor.reach.forwarding.joining import Followed, Joining, Outward, Stage
from auditor.reach.forwarding.place import Place
from auditor.reach.forwarding.surroundings import Surroundings

__all__ = [
    "Arrival",
    "ArrivalKind",
    "Course",
    "Followed",
    "Forwarding",
    "Joining",
    "Outward",
    "Place",
    "Stage",
    "Surroundings",
    "Translation",
]
