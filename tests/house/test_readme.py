"""The README shows what really happens: its sessions are run, and its two commands are what CI runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SESSIONS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """The commands of the README's sessions, each with what it is shown to print."""
    found = []
    for session in SESSIONS:
        for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown.rstrip("\n")))
    return found


@pytest.mark.parametrize(("command", "shown"), examples(), ids=[command for command, _ in examples()])
def test_a_session_of_the_readme_prints_what_is_shown(command: str, shown: str) -> None:
    words = shlex.split(command)
    assert words[0] == "netaudit"
    done = subprocess.run(
        (sys.executable, "-m", "auditor", *words[1:]),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = (done.stdout + done.stderr).rstrip("\n")
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in shown.splitlines()]


def test_the_python_of_the_readme_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        subprocess.run((sys.executable, "-c", block), cwd=ROOT, check=True, capture_output=True)
