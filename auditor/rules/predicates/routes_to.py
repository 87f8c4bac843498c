"""Routes through what joins networks lead further than they need: beyond a peer, or to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from auditor.frozen import dataclass
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.meshes import meshes
from auditor.rules.peerings import wide_routes
from auditor.rules.section import Section


class Joint(StrEnum):
    """What joins the networks."""

    PEERING = "peering"
    TRANSIT_GATEWAY = "transit-gateway"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What joins the networks; from how many networks on one table for all of them is too much."""

    through: Joint
    least: int


SCHEMA = {
    "type": "object",
    "properties": {
        "through": {"enum": [each.value for each in Joint]},
        "networks": {"type": ["string", "integer"], "pattern": "^[0-9]+$"},
    },
    "required": ["through"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``through``: peering or transit-gateway; ``networks``: how many make a mesh, 3 unless given."""
    through = Joint(section.choice("through", tuple(Joint)))
    least = section.text("networks", required=False) or "3"
    if not least.isdecimal() or int(least) < 2:
        section.refuse("networks", "expected a number from 2")
        return Parameters(through, 3)
    return Parameters(through, int(least))


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each route that is too wide, or each table that joins everyone with everyone."""
    match parameters.through:
        case Joint.PEERING:
            yield from wide_routes(evidence)
        case Joint.TRANSIT_GATEWAY:
            yield from meshes(parameters.least, evidence)
        case _:
            assert_never(parameters.through)
