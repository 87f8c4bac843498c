"""Places: where a route table is looked up."""

from __future__ import annotations

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A subnet of a VPC, or the edge of one at a gateway (``edge``: the gateway's own route table)."""

    vpc: str | None
    subnet: str | None
    edge: str = ""


Seen = frozenset[Place]
