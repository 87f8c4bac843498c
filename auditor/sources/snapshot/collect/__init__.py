"""Collects the live network through the AWS API: read-only calls, each answer in a file of its own."""

from __future__ import annotations

import threading

from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.sources.snapshot.collect.access import Access, accounts, enabled_regions
from auditor.sources.snapshot.collect.folder import MANIFEST, Denied, Folder, Manifest
from auditor.sources.snapshot.collect.policy import action_of
from auditor.sources.snapshot.collect.policy import policy as policy_of
from auditor.sources.snapshot.collect.refusals import Reason
from auditor.sources.snapshot.collect.run import Done, Place, Task, chosen, collect, tasks_of
from auditor.sources.snapshot.collect.table import PIECES

__all__ = [
    "Access",
    "Denied",
    "Done",
    "Manifest",
    "Reason",
    "Request",
    "Task",
    "action_of",
    "collect",
    "opened",
    "policy",
    "tasks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be collected: which Regions (none: the profile's), and which pieces (none: all)."""

    access: Access
    regions: tuple[str, ...] = ()
    all_regions: bool = False
    only: tuple[str, ...] = ()


def opened(path: str, *, resume: bool) -> Folder:
    """The folder for a snapshot. Raises UsageError where it holds one and ``resume`` is not said.

    Two collections in one folder would be read as one network that never was.
    """
    folder = Folder(path)
    if not resume and folder.holds(MANIFEST):
        hint = "--resume collects what it lacks; another folder takes a new one"
        raise UsageError(f"{path} holds a snapshot already", hint=hint)
    return folder


def policy(only: tuple[str, ...] = ()) -> str:
    """The least IAM policy that collecting needs, as JSON. Raises UsageError where ``only`` names nothing."""
    return policy_of(chosen(PIECES, only))


def tasks(request: Request, stop: threading.Event) -> tuple[Task, ...]:
    """All that there is to collect. Raises UsageError without boto3, credentials or a Region."""
    pieces = chosen(PIECES, request.only)
    found, first = accounts(request.access, next(iter(request.regions), None), stop)
    places = [
        Place(account.id, region, account.api(region))
        for account in found
        for region in (
            enabled_regions(account, first)
            if request.all_regions
            else tuple(dict.fromkeys(request.regions or (first,)))
        )
    ]
    return tasks_of(places, pieces)
