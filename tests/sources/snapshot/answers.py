"""Snapshots as tests write them, and what is read of them in plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.sources.snapshot import read
from auditor.tree import Map, Node, Reading, Resource, Scalar, Seq, Unknown

ALICE, BOB = "111122223333", "444455556666"
HERE = f"{ALICE}/eu-central-1"
CORE = (
    *("Vpcs", "Subnets", "RouteTables", "SecurityGroups", "NetworkAcls", "NetworkInterfaces"),
    "InternetGateways",
)


def write(folder: Path, answers: dict[str, Any]) -> Path:
    """Write each answer to its path; text as it is."""
    for name, answer in answers.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(answer, bytes):
            path.write_bytes(answer)
        else:
            path.write_text(answer if isinstance(answer, str) else json.dumps(answer, indent=4))
    return folder


def whole(answers: dict[str, Any], where: str = HERE) -> dict[str, Any]:
    """The answers in one account and Region, and empty ones for what every Region is asked for."""
    empty = {f"{where}/{kind}.json": {kind: []} for kind in CORE if kind not in answers}
    return empty | {f"{where}/{name}.json": answer for name, answer in answers.items()}


def reading(folder: Path, answers: dict[str, Any]) -> Reading:
    """What is read of the answers in a folder."""
    return read(str(write(folder, answers)))


def there(found: Reading) -> dict[str, Resource]:
    """What is there, by address: without what stands for what was not collected."""
    return {each.address: each for each in found.resources if each.kind != "NotCollected"}


def plain(node: Node) -> Any:
    """A node's value."""
    match node:
        case Scalar():
            return node.value
        case Map():
            return {key: plain(value) for key, value in node.entries.items()}
        case Seq():
            return [plain(item) for item in node.items] + ([...] if node.more is not None else [])
        case Unknown():
            return ...
        case _:
            raise AssertionError(node)
