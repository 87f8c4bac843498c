"""Functions of the AWS provider (5.100).

Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_parse
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import Function, over_values

_PROVIDER = "provider::aws::"
_SECTIONS = ("partition", "service", "region", "account_id", "resource")
_ROLE = "role/"


def _provided(work: Callable[..., Any]) -> Function:
    function = over_values(work)
    return replace(function, name=f"{_PROVIDER}{function.name}")


def _sections(arn: str) -> dict[str, str]:
    prefix, *parts = arn.split(":", len(_SECTIONS))
    if prefix != "arn" or not parts:
        raise InputError("arn: invalid prefix")
    if len(parts) < len(_SECTIONS):
        raise InputError("arn: not enough sections")
    return dict(zip(_SECTIONS, parts, strict=True))


@_provided
def arn_parse(arn: str) -> Any:
    """The parts of an ARN as an object."""
    return _sections(arn)


@_provided
def arn_build(partition: str, service: str, region: str, account_id: str, resource: str) -> str:
    """The ARN of these parts."""
    return ":".join(("arn", partition, service, region, account_id, resource))


@_provided
def trim_iam_role_path(arn: str) -> str:
    """The ARN of a role without its path."""
    parts = _sections(arn)
    if parts["service"] != "iam":
        raise InputError('service must be "iam"')
    if parts["region"]:
        raise InputError("region must be empty")
    if not parts["resource"].startswith(_ROLE):
        raise InputError('resource must begin with "role/"')
    parts["resource"] = _ROLE + parts["resource"].rpartition("/")[2]
    return ":".join(("arn", *parts.values()))
