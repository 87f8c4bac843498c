"""Runs the real ``terraform plan`` on a copy of a configuration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROVIDER = "terraform-provider-aws*"
MIRRORS = (
    "/opt/tf-plugins",
    "~/.terraform.d/plugins",
    "/usr/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
)

OFFLINE = """
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
"""


def plugin_folder() -> Path:
    """The filesystem mirror that holds the AWS provider; skips the test where there is none."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on this machine")
    named = os.environ.get("NETAUDIT_TF_PLUGINS")
    for candidate in (named, *MIRRORS) if named else MIRRORS:
        folder = Path(candidate).expanduser()
        if folder.is_dir() and next(folder.rglob(PROVIDER), None):
            return folder
    pytest.skip("the AWS provider is in no filesystem mirror on this machine (NETAUDIT_TF_PLUGINS names one)")


def plan(configuration: Path, scratch: Path) -> dict[str, Any]:
    """The plan of a copy of ``configuration`` as ``terraform show -json`` gives it."""
    plugins = plugin_folder()
    copy = scratch / "copy"
    shutil.copytree(configuration, copy)
    (copy / "offline_override.tf").write_text(OFFLINE)
    terraform(copy, "init", f"-plugin-dir={plugins}", "-input=false", "-no-color")
    terraform(copy, "plan", "-out=plan", "-input=false", "-no-color", "-refresh=false", "-lock=false")
    shown: dict[str, Any] = json.loads(terraform(copy, "show", "-json", "plan"))
    return shown


@dataclass(frozen=True, slots=True)
class Problem:
    """Why terraform refuses a configuration, and where."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A configuration that terraform does not plan."""

    problems: tuple[Problem, ...]


def planned(folder: Path, *, plugins: Path | None = None) -> dict[str, Any] | Refused:
    """The plan of what is in ``folder``, or why there is none. Without ``plugins`` it uses no provider."""
    init = ("init", "-input=false", "-no-color", "-json")
    done = _run(folder, *init, *((f"-plugin-dir={plugins}",) if plugins else ()))
    if done.returncode == 0:
        done = _run(folder, "plan", "-out=plan", "-input=false", "-json", "-refresh=false", "-lock=false")
    if done.returncode != 0:
        return Refused(tuple(_problems(done.stdout)) or (Problem("", 0, done.stderr[-2000:]),))
    shown: dict[str, Any] = json.loads(terraform(folder, "show", "-json", "plan"))
    return shown


def _problems(output: str) -> Iterator[Problem]:
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        found = message.get("diagnostic", {})
        if found.get("severity") == "error":
            place = found.get("range") or {"filename": "", "start": {"line": 0}}
            why = f"{found['summary']}: {found.get('detail', '')}"
            yield Problem(place["filename"], place["start"]["line"], why)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
    }
    return subprocess.run(
        ("terraform", *arguments), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def terraform(folder: Path, *arguments: str) -> str:
    """What ``terraform`` prints when it is run in ``folder``."""
    done = _run(folder, *arguments)
    assert done.returncode == 0, f"terraform {arguments[0]}: {done.stderr[-2000:]}"
    return done.stdout
