"""Runs the real ``terraform plan`` on a copy of a configuration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
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
    _terraform(copy, "init", f"-plugin-dir={plugins}", "-input=false", "-no-color")
    _terraform(copy, "plan", "-out=plan", "-input=false", "-no-color", "-refresh=false", "-lock=false")
    shown: dict[str, Any] = json.loads(_terraform(copy, "show", "-json", "plan"))
    return shown


def _terraform(folder: Path, *arguments: str) -> str:
    environment = {
        **os.environ,
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
    }
    done = subprocess.run(
        ("terraform", *arguments), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"terraform {arguments[0]}: {done.stderr[-2000:]}"
    return done.stdout
