"""What is committed names no machine, and the pages are true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.pythonfiles import ROOT

# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    r"(?<![\w.*-])/(?:" + "|".join(("work/", "root/", "tmp/" + "nv", "home/" + r"\w")) + ")"
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def committed() -> list[Path]:
    """Every file that git keeps, or a skip where this is no checkout (an unpacked archive)."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_committed_text_names_a_path_of_a_machine():
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]
    assert hits == []


def test_every_link_between_the_pages_leads_somewhere():
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md")]
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_the_generated_pages_are_fresh():
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_architecture_page_names_every_part_of_the_package():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    parts = [
        path.name if path.suffix else f"{path.name}/"
        for path in sorted((ROOT / "auditor").rglob("*"))
        if path.name != "__pycache__"
        and (path.is_dir() or path.parent.name in {"auditor", "traffic", "model", "reach"})
        and (path.suffix == ".py" or any(path.glob("*.py")))
    ]
    assert [part for part in parts if not re.search(rf"(?<![\w]){re.escape(part)}", page)] == []
