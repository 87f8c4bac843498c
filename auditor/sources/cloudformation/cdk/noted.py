"""What the CDK notes of an app's constructs beside the templates: which resource each has become.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactMetadataEntryType.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from auditor import disk

_LARGEST = 50_000_000
_LOGICAL_ID, _TEMPLATE = "aws:cdk:logicalId", "aws:cdk:templateFile"

Noted = Mapping[tuple[str, str], str]
"""The paths of constructs by template file and logical id."""


def noted(artifact: Mapping[str, Any], folder: str) -> Noted:
    """The constructs of a stack and of those nested in it. What two of them may have become is left out."""
    metadata = {**_metadata(artifact.get("metadata")), **_further(artifact, folder)}
    own = str((artifact.get("properties") or {}).get("templateFile", ""))
    files = {path: text for path, kind, text in _entries(metadata) if kind == _TEMPLATE}
    found = [
        ((f"{folder}/{_file(path, files) or own}", text), path.lstrip("/"))
        for path, kind, text in _entries(metadata)
        if kind == _LOGICAL_ID
    ]
    counts = Counter(key for key, _ in found)
    return {key: path for key, path in found if counts[key] == 1}


def _file(path: str, files: Mapping[str, str]) -> str:
    """The template of the innermost stack that a construct is in."""
    while path:
        if path in files:
            return files[path]
        path = path.rpartition("/")[0]
    return ""


def _entries(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, entries in metadata.items():
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("data"), str):
                yield str(path), str(entry.get("type")), entry["data"]


def _metadata(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _further(artifact: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The metadata that newer versions keep in a file of its own."""
    name = artifact.get("additionalMetadataFile")
    if not isinstance(name, str):
        return {}
    try:
        return _metadata(json.loads(disk.content(f"{folder}/{name}", _LARGEST)))
    except (OSError, ValueError, RecursionError):
        return {}
