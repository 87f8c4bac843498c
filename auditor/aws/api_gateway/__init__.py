"""API Gateway: APIs, their integrations, and the links of these into VPCs."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.api_gateway.apis import HTTP, REST, read_api
from auditor.aws.api_gateway.collected import collected_http, collected_rest
from auditor.aws.api_gateway.integrations import (
    FIRST,
    OF_HTTP,
    OF_REST,
    read_described,
    read_first,
    read_integration,
)
from auditor.aws.reader import Block, Spelling
from auditor.model import Component


def read_whole(block: Block) -> Iterator[Component]:
    """An API, and the ways through links that a document describes where it has one."""
    yield from read_api(block)
    yield from read_described(block)


READERS = {
    REST: read_whole,
    HTTP: read_whole,
    OF_REST: read_integration,
    OF_HTTP: read_integration,
    FIRST: read_first,
}

SPELLINGS = {
    "AWS::ApiGateway::RestApi": Spelling(kind=REST),
    "AWS::ApiGatewayV2::Api": Spelling(kind=HTTP),
    "AWS::ApiGateway::Method": Spelling(kind=OF_REST, hoisted=frozenset({"Integration"})),
    "AWS::ApiGatewayV2::Integration": Spelling(kind=OF_HTTP),
    "AWS::ApiGateway::VpcLink": Spelling(kind=FIRST),
    "apigateway:VpcLinks": Spelling(kind=FIRST),
    "RestApis": Spelling(kind=REST, then=collected_rest, also=(OF_REST,)),
    "apigatewayv2:Apis": Spelling(kind=HTTP, then=collected_http, also=(OF_HTTP,)),
}
