"""The files that an assembly uploads before it is deployed, by what they are called in their bucket.

https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_cloud-assembly-schema.AssetManifest.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from auditor import disk

_LARGEST = 50_000_000
_MANIFEST = ".assets.json"


def asset_file(key: str, parent: str) -> str | None:
    """The file that the assembly around the template ``parent`` uploads under ``key``, if it does."""
    folder = os.path.dirname(parent) or "."  # noqa: PTH120 -- as it was typed
    for manifest in _manifests(folder):
        for asset in _values(manifest, "files"):
            source = asset.get("source")
            name = source.get("path") if isinstance(source, dict) else None
            if isinstance(name, str) and any(_is_at(key, each) for each in _values(asset, "destinations")):
                found = os.path.normpath(f"{folder}/{name}")
                return found if disk.kind(found) is disk.Kind.FILE else None
    return None


def _manifests(folder: str) -> Iterator[dict[str, Any]]:
    try:
        names = [name for name, kind in disk.entries(folder) if kind is disk.Kind.FILE]
    except OSError:
        return
    for name in sorted(each for each in names if each.endswith(_MANIFEST)):
        try:
            found = json.loads(disk.content(f"{folder}/{name}", _LARGEST))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _values(owner: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    found = owner.get(name)
    for value in found.values() if isinstance(found, dict) else ():
        if isinstance(value, dict):
            yield value


def _is_at(key: str, destination: dict[str, Any]) -> bool:
    own = destination.get("objectKey")
    return isinstance(own, str) and f"/{key}".endswith(f"/{own}")
