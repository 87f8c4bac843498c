"""The kinds of things in a snapshot: under which key AWS answers with them, and how it names them.

All words are AWS's own, as its service models have them (https://github.com/boto/botocore): a test holds
these tables against those. A kind is called as the key of the answer that lists it; where services share a
key, all but one have their service before it: ``eks:clusters``.
"""

from auditor.sources.snapshot.kinds.compute import COMPUTE
from auditor.sources.snapshot.kinds.connections import CONNECTIONS
from auditor.sources.snapshot.kinds.data import DATA
from auditor.sources.snapshot.kinds.finding import by_key, parts_by_key
from auditor.sources.snapshot.kinds.kind import Kind
from auditor.sources.snapshot.kinds.network import NETWORK
from auditor.sources.snapshot.kinds.parts import BESIDE, LISTS, PARTS, TAGS, Part
from auditor.sources.snapshot.kinds.recorded import ITEMS, RECORDED

KINDS: tuple[Kind, ...] = (*NETWORK, *CONNECTIONS, *DATA, *COMPUTE)
KINDS_BY_NAME = {kind.name: kind for kind in KINDS}
KINDS_BY_KEY = by_key(KINDS)
PARTS_BY_KEY = parts_by_key(PARTS)

__all__ = [
    "BESIDE",
    "ITEMS",
    "KINDS",
    "KINDS_BY_KEY",
    "KINDS_BY_NAME",
    "LISTS",
    "PARTS",
    "PARTS_BY_KEY",
    "RECORDED",
    "TAGS",
    "Kind",
    "Part",
]
