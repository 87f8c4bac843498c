"""The names that AWS gives its services in a Region: of prefix lists and of endpoints."""

from __future__ import annotations

import re

from auditor.tree import Node, Scalar, Unknown

_SERVICE = r"(?P<service>[a-z0-9][a-z0-9.-]*)"
# The Region may be one that the input does not say: then it stands as ``${var.region}``, in quotes.
_NAME = re.compile(rf"(?:com|cn)\.amazonaws\.(?:[^.${{}}]+|\$\{{[^{{}}]*region[^{{}}]*\}})\.{_SERVICE}")
# CloudFormation has the parts of such a text side by side: ``"com.amazonaws." + net/AWS::Region + ".s3"``.
_PARTS = re.compile(rf'"(?:com|cn)\.amazonaws\." \+ [^ "+]*[Rr]egion \+ "\.{_SERVICE}"')


def service_named(node: Node | None) -> str:
    """The service in ``com.amazonaws.eu-west-1.s3``, whatever the Region is; empty for any other name."""
    if type(node) is Scalar:
        found = _NAME.fullmatch(str(node.value))
    elif type(node) is Unknown and node.identity.endswith('"'):
        found = _PARTS.fullmatch(node.identity) or _NAME.fullmatch(node.identity[:-1].rpartition('"')[2])
    else:
        return ""
    return found["service"] if found else ""
