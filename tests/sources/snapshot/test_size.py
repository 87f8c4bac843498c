"""The snapshots that the benchmarks read are whole."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from auditor.sources.snapshot import is_snapshot, read
from tests.house.pythonfiles import ROOT


def test_a_snapshot_as_the_benchmarks_write_it_has_no_gap(tmp_path: Path):
    program = str(ROOT / "bench" / "snapshots.py")
    for folder in ("a", "b"):
        subprocess.run([sys.executable, program, str(tmp_path / folder), "60", "12"], check=True)
    assert is_snapshot(str(tmp_path / "a"))
    found = read(str(tmp_path / "a"))
    assert found.gaps == ()
    kinds = Counter(each.kind for each in found.resources)
    assert (kinds["NetworkInterfaces"], kinds["Instances"], kinds["SecurityGroups"]) == (60, 30, 12)
    files = [
        sorted(path.read_bytes() for path in (tmp_path / folder).rglob("*.json")) for folder in ("a", "b")
    ]
    assert files[0] == files[1]
