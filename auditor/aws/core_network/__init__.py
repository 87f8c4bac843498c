"""Cloud WAN: core networks, whose segments are the tables of a transit gateway, and what is attached.

https://docs.aws.amazon.com/network-manager/latest/cloudwan/what-is-cloudwan.html
"""

from __future__ import annotations

from auditor.aws.core_network.attachments import READERS as ATTACHMENTS
from auditor.aws.core_network.networks import READERS as NETWORKS
from auditor.aws.core_network.words import SPELLINGS

READERS = {**NETWORKS, **ATTACHMENTS}

__all__ = ["READERS", "SPELLINGS"]
