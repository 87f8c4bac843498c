"""The kinds of things in a snapshot: under which key AWS answers with them, and how it names them.

All words are AWS's own, as its service models have them (https://github.com/boto/botocore, which a test holds
these tables against). A kind is called as the key of the answer that lists it; where services share a key, all
but one have their service before it: ``eks:clusters``.
"""

from auditor.sources.snapshot.kinds.kind import Kind
from auditor.sources.snapshot.kinds.network import NETWORK
from auditor.sources.snapshot.kinds.parts import BESIDE, PARTS, TAGS, Part
from auditor.sources.snapshot.kinds.services import SERVICES

KINDS: tuple[Kind, ...] = (*NETWORK, *SERVICES)

__all__ = ["BESIDE", "KINDS", "PARTS", "TAGS", "Kind", "Part"]
