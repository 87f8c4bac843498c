"""Public modules by the name that the registry gives them, whichever way a source is written."""

from __future__ import annotations

import re

from auditor.frozen import dataclass

_REGISTRY = re.compile(
    r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?([\w-]+)/([\w-]+)/aws(?://([\w/-]+))?"
)
_GIT = re.compile(
    r"(?:git::)?(?:(?:https|ssh)://)?(?:git@)?github\.com[/:]([\w-]+)/terraform-aws-([\w-]+?)(?:\.git)?"
    r"(?://([\w/-]+))?(?:\?(?:.*&)?ref=([^&]+).*|\?.*)?"
)
_TAG = re.compile(r"(?:(?:refs/)?tags/)?v?(\d+\.\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Published:
    """A module of a public registry: ``name`` is ``namespace/name``, with ``/folder`` where it is one that
    lies in another's ``modules`` folder; ``constraint`` the versions that may be meant, all where empty."""

    name: str
    constraint: str = ""


def published(source: str, constraint: str) -> Published | None:
    """The public module that a source names; None where it names none for AWS.

    The registry takes ``namespace/name/aws`` from the repository ``namespace/terraform-aws-name`` on GitHub
    (https://developer.hashicorp.com/terraform/registry/modules/publish#requirements), and a version from the
    tag that is called so.
    """
    if found := _REGISTRY.fullmatch(source):
        return Published(_name(found), constraint)
    if found := _GIT.fullmatch(source):
        tag = _TAG.fullmatch(found[4] or "")
        return Published(_name(found), f"= {tag[1]}" if tag else "")
    return None


def _name(found: re.Match[str]) -> str:
    inner = (found[3] or "").strip("/").removeprefix("modules/")
    return "/".join((found[1], found[2], *filter(None, [inner]))).lower()
