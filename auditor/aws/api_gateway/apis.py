"""APIs of API Gateway: HTTPS from the internet, or from execute-api endpoints where they are private.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, open_tags
from auditor.model import NO, YES, Fact, Truth, Workload
from auditor.traffic import TCP, exact, service
from auditor.tree import Reason

REST, HTTP = "aws_api_gateway_rest_api", "aws_apigatewayv2_api"
ACCEPTED = exact(service(TCP, 443, 443))
_POLICY = "aws_api_gateway_rest_api_policy"


def read_api(block: Block) -> Iterator[Workload]:
    """An API, whoever may call it: whether callers must sign is not of the network."""
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names("name"),
        tags=block.tags,
        open_tags=open_tags(block),
        public=_public(block),
        filtered=False,
        default_group=False,
        initiates=False,
        listens=ACCEPTED,
        placed=False,
        scope=block.resource.scope,
        presence=block.presence,
    )


def _public(block: Block) -> Fact:
    """Whether the internet reaches it; a resource policy may say for which addresses it does.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
    """
    types = block.links("endpoint_configuration.types")
    private = {link.id == "PRIVATE" for link in types.items}
    known = not types.open and all(link.certain for link in types.items)
    if known and private == {True}:
        return NO
    disabled = block.fact("disable_execute_api_endpoint")
    limited = block.has("policy") or block.users(_POLICY, "rest_api_id", *block.ids)
    if known and True not in private and not limited and disabled.truth is Truth.NO:
        return YES
    what = f"who in the internet {block.address} lets in"
    return Fact(Truth.UNKNOWN, block.at, (Reason(what, block.at, "its type, policy and domain names"),))
