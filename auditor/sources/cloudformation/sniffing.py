"""What looks like an assembly of the CDK, by the head of its manifest."""

from __future__ import annotations

import os
from collections.abc import Container

from auditor import disk

MANIFEST = "manifest.json"
_HEAD = 65536
_MARKS = (b'"version"', b'"artifacts"')
_TYPES = (b'"aws:cloudformation:stack"', b'"cdk:')


def is_assembly(folder: str, files: Container[str]) -> bool:
    """Whether a folder with these files is what ``cdk synth`` leaves: a manifest that names its artifacts.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.AssemblyManifest.html
    """
    if MANIFEST not in files:
        return False
    try:
        head = disk.head(os.path.join(folder, MANIFEST), _HEAD)  # noqa: PTH118 -- as it was typed
    except OSError:
        return False
    return all(mark in head for mark in _MARKS) and any(kind in head for kind in _TYPES)
