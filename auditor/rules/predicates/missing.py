"""Something lacks what it should have: a flow log, an endpoint, a tag, somebody who uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from auditor.frozen import dataclass
from auditor.rules.definition import Judged
from auditor.rules.evidence import Evidence
from auditor.rules.lacking_endpoints import without_endpoints
from auditor.rules.lacking_logs import without_flow_logs
from auditor.rules.lacking_tags import without_tags
from auditor.rules.lacking_users import without_users
from auditor.rules.section import Section


class Thing(StrEnum):
    """What may be missing."""

    FLOW_LOG = "flow-log"
    GATEWAY_ENDPOINT = "gateway-endpoint"
    LOAD_BALANCER_TAG = "load-balancer-tag"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What may be missing."""

    what: Thing


SCHEMA = {
    "type": "object",
    "properties": {"what": {"enum": ["flow-log", "gateway-endpoint", "load-balancer-tag", "user"]}},
    "required": ["what"],
    "additionalProperties": False,
}


def parameters(section: Section) -> Parameters:
    """``what``: flow-log (of a VPC), gateway-endpoint (of one that uses NAT), load-balancer-tag (of the
    subnets of an EKS cluster), or user (of a security group).
    """
    return Parameters(Thing(section.choice("what", tuple(Thing))))


_JUDGES: Mapping[Thing, Callable[[Evidence], Iterator[Judged]]] = {
    Thing.FLOW_LOG: without_flow_logs,
    Thing.GATEWAY_ENDPOINT: without_endpoints,
    Thing.LOAD_BALANCER_TAG: without_tags,
    Thing.USER: without_users,
}


def judge(parameters: Parameters, evidence: Evidence) -> Iterator[Judged]:
    """One judgement for each thing that lacks it, or may."""
    yield from _JUDGES[parameters.what](evidence)
