"""Starting is a feature: what only some questions need is imported when such a question is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("boto3", "hcl2", "jinja2", "lark", "networkx", "tabulate", "yaml")


def imported_by(program: str) -> set[str]:
    """The heavy packages that are loaded once the program has run."""
    report = f"import sys; print('loaded:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    script = f"try:\n    {program}\nexcept SystemExit:\n    pass\n{report}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_importing_the_package_imports_nothing_heavy():
    assert imported_by("import auditor") == set()


def test_loading_a_heavy_package_would_be_seen():
    assert imported_by("import yaml") == {"yaml"}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["who-can-reach", "--help"], ["snapshot", "--print-policy"]]
)
def test_asking_for_help_imports_nothing_heavy(arguments: list[str]):
    assert imported_by(f"from auditor.cli import main; main({arguments!r})") == set()
