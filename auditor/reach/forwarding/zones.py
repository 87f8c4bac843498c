"""Availability Zones: whether two names are one zone.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html
"""

from __future__ import annotations

import re

from auditor.model import Truth

_NAME = re.compile(r"[a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]{2}(-[a-z]+)+-\d(-[a-z]+)+-\d[a-z]")
_ID = re.compile(r"[a-z]{3,4}\d-az\d")


def same_zone(one: str, other: str) -> Truth:
    """Whether two zones are one, each by its name, its id, or what stands for it while it is not known."""
    if not one or not other:
        return Truth.UNKNOWN
    if one == other:
        return Truth.YES
    comparable = any(kind.fullmatch(one) and kind.fullmatch(other) for kind in (_NAME, _ID))
    return Truth.NO if comparable else Truth.UNKNOWN
