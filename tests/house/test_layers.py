"""The layers of docs/architecture.md, as import-linter holds them."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tests.house.pythonfiles import ROOT

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"


def contracts() -> list[dict[str, object]]:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(pyproject["tool"]["importlinter"]["contracts"])


def test_the_layers_are_kept():
    pytest.importorskip("importlinter", reason="import-linter comes with the dev extra")
    done = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_of_the_package_has_its_layer():
    layers = next(contract for contract in contracts() if contract["type"] == "layers")
    assert layers["exhaustive"] is True
    named = {name.strip(" ()") for layer in layers["layers"] for name in str(layer).split("|")}
    children = {
        path.stem
        for path in (ROOT / "auditor").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert children - {"__init__"} <= named


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for path in (ROOT / "auditor").rglob("*.py")}
    assert [
        str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()
    ] == []
