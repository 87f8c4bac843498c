"""What a file holds, by what stands in it: the documents that are told apart by their content alone."""

from __future__ import annotations

import re
from enum import StrEnum

from auditor import disk
from auditor.errors import InputError

HEAD = 65536
KINDS = (
    "netaudit reads *.tf files, plans and state as JSON (terraform show -json), *.tfstate, "
    "CloudFormation and SAM templates, cdk.out, and AWS answers as JSON"
)
_PLAN = ("resource_changes", "planned_values", "configuration", "prior_state")
_MARKS_OF_SAVED = (b"format_version", b"resource_changes", b"planned_values", b"terraform_version")
_KEY = re.compile(rb'"([A-Za-z_]+)"\s*:')
_MARKS = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)


class Content(StrEnum):
    """The plans and state that netaudit knows by their content."""

    PLAN = "plan"
    SHOWN_STATE = "shown-state"
    STATE_FILE = "state-file"


def in_utf8(content: bytes) -> bytes:
    """The content without its byte-order mark, and in UTF-8: PowerShell's ``>`` writes UTF-16."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace").encode()
    return content


def opening(path: str) -> bytes:
    """The first ``HEAD`` bytes of a file in UTF-8; none where it cannot be read."""
    try:
        return in_utf8(disk.head(path, HEAD))
    except OSError:
        return b""


def is_document(head: bytes) -> bool:
    """Whether a text looks like a plan or state, by its first ``HEAD`` bytes."""
    text = head.lstrip()
    if not any(mark in text for mark in _MARKS_OF_SAVED):
        return False
    keys = {key.decode() for key in _KEY.findall(text)} if text.startswith(b"{") else set[str]()
    shown = "format_version" in keys or bool(keys & {"resource_changes", "planned_values"})
    return shown or ({"version", "terraform_version"} <= keys and bool(keys & {"serial", "lineage"}))


def content_of(content: bytes, path: str) -> Content:
    """What a whole file is; InputError with a hint where it is nothing that netaudit reads."""
    text = content.lstrip()
    _refuse_other_formats(text, path)
    keys = _top_keys(text, path) if text.startswith(b"{") else frozenset()
    if "encrypted_data" in keys:
        hint = "let OpenTofu decrypt it: tofu show -json"
        raise InputError("an encrypted plan or state", at=path, hint=hint)
    if keys & {"resource_changes", "planned_values"} or ("format_version" in keys and keys & set(_PLAN)):
        return Content.PLAN
    if "format_version" in keys:
        return Content.SHOWN_STATE
    if {"version", "resources"} <= keys or {"version", "modules"} <= keys:
        return Content.STATE_FILE
    raise InputError("not a kind of file that netaudit reads", at=path, hint=KINDS)


def _refuse_other_formats(text: bytes, path: str) -> None:
    if text.startswith(b"PK\x03\x04"):
        hint = f"turn it into JSON: terraform show -json {path} > plan.json"
        raise InputError("a plan in Terraform's own format, which only Terraform reads", at=path, hint=hint)
    if text.startswith(b'{"@level"'):
        hint = "save the plan and show it: terraform plan -out=FILE, then terraform show -json FILE"
        raise InputError("the log of a run of Terraform, not its plan", at=path, hint=hint)


def _top_keys(content: bytes, path: str) -> frozenset[str]:
    import msgspec

    from auditor.sources.terraform.saved.documents import decode

    return frozenset(decode(content, dict[str, msgspec.Raw], path))
