"""Flow logs: what records which packets pass, of what."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.model import FlowLog, Link

_PATHS = (
    "vpc_id",
    "subnet_id",
    "eni_id",
    "transit_gateway_id",
    "transit_gateway_attachment_id",
    "regional_nat_gateway_id",
)


def read_flow_log(block: Block) -> Iterator[FlowLog]:
    """A flow log. Terraform has an attribute for each type of what is recorded, others one for all.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
    """
    yield FlowLog(id=block.address, at=block.at, of=_recorded(block), presence=block.presence)


def _recorded(block: Block) -> Link:
    links = (block.link(path) for path in _PATHS)
    return next((link for link in links if link is not None), None) or block.target("resource_id")


READERS = {"aws_flow_log": read_flow_log}

SPELLINGS = {
    "AWS::EC2::FlowLog": Spelling(kind="aws_flow_log"),
    "FlowLogs": Spelling(kind="aws_flow_log"),
}
