"""The manifest of an assembly of the CDK, and of those nested in it for its stages.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema-readme.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.cdk.noted import Noted, noted
from auditor.sources.cloudformation.sniffing import MANIFEST
from auditor.tree import Gap, GapKind, Location

_LARGEST = 50_000_000
_TARGET = re.compile(r"aws://([^/]+)/(.+)")
_ACCOUNT = re.compile(r"\d{12}")
_STACK, _ASSEMBLY = "aws:cloudformation:stack", "cdk:cloud-assembly"
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblyStack:
    """One stack: its template file, its name in AWS, and its names in the app, the nearest first.

    ``account`` and ``region`` are empty where the app leaves them open; ``parameters`` are the values that
    the CDK gives to the template's, ``constructs`` the paths in the app of what it has become.
    """

    path: str
    name: str
    names: tuple[str, ...]
    account: str = ""
    region: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    constructs: Noted = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The stacks of an assembly, and what is not understood of it.

    It holds values that are ``made_up`` where the app looked something up and had no answer.
    """

    stacks: tuple[AssemblyStack, ...]
    gaps: tuple[Gap, ...] = ()
    made_up: bool = False


def read_assembly(folder: str, depth: int = 0) -> Assembly:
    """The stacks of the assembly in a folder. InputError where its manifest cannot be read."""
    path = f"{folder}/{MANIFEST}"
    manifest = _manifest(path)
    stacks: list[AssemblyStack] = []
    gaps = list(_missing(manifest, path))
    made_up = bool(gaps)
    for name, artifact in sorted(_artifacts(manifest)):
        properties = artifact.get("properties") or {}
        if artifact.get("type") == _STACK and isinstance(properties.get("templateFile"), str):
            stacks.append(_stack(name, artifact, properties, folder))
        elif artifact.get("type") == _ASSEMBLY and isinstance(properties.get("directoryName"), str):
            below = f"{folder}/{properties['directoryName']}"
            if depth < _DEEPEST and disk.kind(f"{below}/{MANIFEST}") is disk.Kind.FILE:
                inner = read_assembly(below, depth + 1)
                stacks += inner.stacks
                gaps += inner.gaps
                made_up = made_up or inner.made_up
            else:
                why = "the assembly of this stage is not in its folder"
                gaps.append(Gap(GapKind.MODULE, str(name), Location(path), why, "run cdk synth again"))
    return Assembly(tuple(stacks), tuple(gaps), made_up)


def _manifest(path: str) -> dict[str, Any]:
    try:
        found = json.loads(disk.content(path, _LARGEST))
    except OSError as error:
        raise InputError(f"cannot read the manifest: {error.strerror}", at=path) from None
    except (ValueError, RecursionError) as error:
        hint = "run cdk synth again"
        raise InputError(f"the manifest is no JSON: {error}", at=path, hint=hint) from None
    return found if isinstance(found, dict) else {}


def _artifacts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    found = manifest.get("artifacts")
    for name, artifact in found.items() if isinstance(found, dict) else ():
        if isinstance(artifact, dict) and isinstance(artifact.get("properties") or {}, dict):
            yield str(name), artifact


def _stack(
    identity: str, artifact: Mapping[str, Any], properties: Mapping[str, Any], folder: str
) -> AssemblyStack:
    target = _TARGET.fullmatch(str(artifact.get("environment", "")))
    account, region = target.groups() if target else ("", "")
    name = str(properties.get("stackName") or identity)
    shown = artifact.get("displayName")
    given = properties.get("parameters")
    return AssemblyStack(
        path=f"{folder}/{properties['templateFile']}",
        name=name,
        names=tuple(dict.fromkeys((name, identity, *([shown] if isinstance(shown, str) else [])))),
        account=account if _ACCOUNT.fullmatch(account) else "",
        region="" if region.startswith("unknown") else region,
        parameters={str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {},
        constructs=noted(artifact, folder),
    )


def _missing(manifest: Mapping[str, Any], path: str) -> Iterator[Gap]:
    """What the app looked up and did not find: the CDK then writes made-up networks into the template."""
    missing = manifest.get("missing")
    for each in missing if isinstance(missing, list) else ():
        key = str(each.get("key", "context")) if isinstance(each, dict) else "context"
        why = "the app looked this up and had no answer, so the CDK wrote made-up values into the templates"
        yield Gap(GapKind.INVALID, key, Location(path), why, "cdk synth with credentials for the look-up")
