"""Addresses of functions: HTTPS from the internet, which AWS makes calls of the function of.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, open_tags, opposite
from auditor.aws.reader.handing import handed_to
from auditor.aws.reader.invoking import invoking
from auditor.model import (
    YES,
    Component,
    Fact,
    Link,
    Truth,
    Workload,
)
from auditor.traffic import TCP, exact, service
from auditor.tree import Reason

URL = "aws_lambda_function_url"
_ACCEPTED = exact(service(TCP, 443, 443))


def read_url(block: Block) -> Iterator[Component]:
    """An address of a function, which anybody may call where its authorization is NONE."""
    yield Workload(
        id=block.address,
        kind=block.resource.kind,
        at=block.at,
        names=block.names(),
        tags=block.tags,
        open_tags=open_tags(block),
        public=YES,
        filtered=False,
        default_group=False,
        initiates=False,
        listens=_ACCEPTED,
        placed=False,
        authenticates=_signed(block),
        scope=block.resource.scope,
        presence=block.presence,
    )
    yield from _invoking(block)


def _signed(block: Block) -> Fact:
    """Whether callers must sign what they send.

    https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    """
    path = "authorization_type"
    if block.has(path):
        return opposite(block.says(path, "NONE"))
    why = Reason(f"whether callers of {block.address} must sign", block.at, f"give {path}")
    return Fact(Truth.UNKNOWN, block.at, (why,))


def _invoking(block: Block) -> Iterator[Component]:
    """What an address hands its requests to: the function."""
    group = Link(f"{block.address}.targets", block.at)
    yield from invoking(block, group, Link(block.address, block.at), _ACCEPTED)
    functions = block.named("function_name", "aws_lambda_function")
    for function in functions.items or (block.target("function_name"),):
        yield handed_to(function, group, block, function.at)


READERS = {URL: read_url}

SPELLINGS = {
    "AWS::Lambda::Url": Spelling(
        kind=URL, renamed={"TargetFunctionArn": "function_name", "AuthType": "authorization_type"}
    ),
    "FunctionUrlConfigs": Spelling(
        kind=URL, renamed={"FunctionArn": "function_name", "AuthType": "authorization_type"}
    ),
}
