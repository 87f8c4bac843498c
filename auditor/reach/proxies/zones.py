"""Which nodes of a proxy hand on to a target: those of its own Availability Zone, or all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.model import Truth
from auditor.reach.spot import Spot

_NAME = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+[a-z]")
_ID = re.compile(r"[a-z]{2,}\d+-az\d+")


def same_zone(one: str, other: str) -> Truth:
    """Whether two zones are one; a name and an id of a zone may be.

    https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
    """
    if not (one and other):
        return Truth.UNKNOWN
    if one == other:
        return Truth.YES
    told = any(form.fullmatch(one) and form.fullmatch(other) for form in (_NAME, _ID))
    return Truth.NO if told else Truth.UNKNOWN


def nodes_for(
    nodes: Sequence[tuple[Spot, str]], targets: Sequence[tuple[Spot, str]], *, one: bool
) -> tuple[tuple[Spot, ...], Truth]:
    """The nodes that hand on to a target within their zone, each given with its zone.

    ``one`` where the target stands in one of its places, not known which. The truth says whether there
    certainly are such nodes.
    """
    answers = [(node, [same_zone(zone, other) for _, other in targets]) for node, zone in nodes]
    sure = tuple(node for node, found in answers if Truth.YES in found)
    perhaps = tuple(node for node, found in answers if set(found) - {Truth.NO})
    met = [any(found[place] is Truth.YES for _, found in answers) for place in range(len(targets))]
    if met and (all(met) if one else any(met)):
        return sure, Truth.YES
    return perhaps, Truth.UNKNOWN if perhaps else Truth.NO
