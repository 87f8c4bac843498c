"""What the CDK writes in the place of what it could not look up.

https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc.ts (``DUMMY_VPC_PROPS``), and
the look-ups of zones, images, groups, parameters and hosted zones beside it.
"""

from __future__ import annotations

import re

from auditor.tree import Node, Reason, Scalar, Unknown

_MADE_UP = re.compile(
    r"1\.2\.3\.4/5|vpc-12345|[spi]-(?:12345|67890)|[spi]-route-table-(?:12345|67890)|rtb-(?:12345|67890)[spi]|"
    r"dummy1[a-c]|ami-1234|sg-12345678|dummy-value-for-.*|DUMMY"
)
_SETTLED_BY = "cdk synth with credentials for the look-up"


def without_made_up(node: Node) -> Node | None:
    """An unknown for a value that no look-up gave; None for any other value."""
    if not (isinstance(node, Scalar) and isinstance(node.value, str) and _MADE_UP.fullmatch(node.value)):
        return None
    reason = Reason(f"what the app looked up ({node.value} is made up)", node.at, _SETTLED_BY)
    return Unknown((reason,), node.at, node.via, identity=f"cdk:{node.value}")
