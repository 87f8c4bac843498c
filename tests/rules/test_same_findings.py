"""A finding is the same in whatever order, folder and process it is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import FIXTURES, process

NETWORKS = ("three-tier-broken", "platform")


def findings(*words: str, cwd: Path | None = None, **environment: str) -> list[dict[str, Any]]:
    ran = process("check", *words, "--format", "json", "--no-cache", cwd=cwd, **environment)
    assert ran.code in {0, 1}, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    assert found
    return found


def identities(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    keys = ("fingerprint", "rule", "component", "severity", "judgement")
    return sorted(tuple(each[key] for key in keys) for each in found)


@pytest.mark.parametrize("network", NETWORKS)
def test_neither_the_hash_seed_nor_the_working_folder_changes_a_finding(network: str, tmp_path: Path):
    folder = str(FIXTURES / network / "terraform")
    first = findings(folder, PYTHONHASHSEED="1")
    assert findings(folder, PYTHONHASHSEED="77") == first
    assert findings(folder, cwd=tmp_path, PYTHONPATH=str(FIXTURES.parent)) == first


@pytest.mark.parametrize("network", NETWORKS)
def test_neither_names_of_files_nor_their_place_change_what_a_finding_is(network: str, tmp_path: Path):
    source = FIXTURES / network / "terraform"
    moved = tmp_path / "elsewhere" / "infra"
    shutil.copytree(source, moved)
    files = sorted(moved.glob("*.tf"))
    for number, path in enumerate(reversed(files)):
        text = path.read_text("utf-8")
        path.unlink()
        (moved / f"{number:02}_{path.name}").write_text(f"\n# moved\n\n{text}", encoding="utf-8")
    assert identities(findings(str(moved))) == identities(findings(str(source)))


def test_the_order_and_the_number_of_processes_change_no_finding():
    folders = [str(FIXTURES / network / "terraform") for network in NETWORKS]
    first = findings(*folders)
    assert findings(*folders, "--jobs", "2") == first
    assert identities(findings(*reversed(folders))) == identities(first)
