"""The kinds of things in a snapshot: under which key AWS answers with them, and how it names them.

All words are AWS's own, as its service models have them (https://github.com/boto/botocore): a test holds
these tables against those. A kind is called as the key of the answer that lists it; where services share a
key, all but one have their service before it: ``eks:clusters``.
"""

from auditor.sources.snapshot.kinds.compute import COMPUTE
from auditor.sources.snapshot.kinds.connections import CONNECTIONS
from auditor.sources.snapshot.kinds.data import DATA
from auditor.sources.snapshot.kinds.kind import Kind
from auditor.sources.snapshot.kinds.network import NETWORK
from auditor.sources.snapshot.kinds.parts import BESIDE, PARTS, TAGS, Part
from auditor.sources.snapshot.kinds.recorded import RECORDED

KINDS: tuple[Kind, ...] = (*NETWORK, *CONNECTIONS, *DATA, *COMPUTE)

__all__ = ["BESIDE", "KINDS", "PARTS", "RECORDED", "TAGS", "Kind", "Part"]
