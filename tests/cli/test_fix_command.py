"""``netaudit fix``: the patch, what it changes, and files that are written only when that is asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from auditor import report
from tests.cli.running import FIXTURES, called, process
from tests.oracle import planning

SCHEMA = json.loads((Path(report.__file__).parent / "schemas" / "fix.json").read_text("utf-8"))
BROKEN = FIXTURES / "three-tier-broken" / "terraform"
EXPECTED = Path(__file__).parent / "expected"
ONLY = ("--only", "cidr-instead-of-group")


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(BROKEN, folder / "network"))


def test_the_text_is_what_it_was(request: pytest.FixtureRequest):
    ran = process("fix", "three-tier-broken/terraform", *ONLY, cwd=FIXTURES)
    assert (ran.code, ran.err) == (0, "")
    expected = EXPECTED / "fix.txt"
    if request.config.getoption("--update"):
        expected.write_text(ran.out, encoding="utf-8")
    assert ran.out == expected.read_text("utf-8")


def test_without_write_no_file_changes(tmp_path: Path):
    folder = copied(tmp_path)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert called("fix", str(folder)).code == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_patch_is_one_that_git_applies(tmp_path: Path):
    folder = copied(tmp_path)
    ran = process("fix", ".", *ONLY, "--format", "json", cwd=folder)
    document = json.loads(ran.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["written"] is False
    assert [each["rule"] for each in document["rewrites"]] == ["cidr-instead-of-group"]
    subprocess.run(["git", "apply", "-"], input=document["patch"], text=True, check=True, cwd=folder)
    assert called("check", str(folder), *ONLY, "--format", "json").out.count('"fingerprint"') == 0


def test_what_is_written_has_nothing_left_to_rewrite(tmp_path: Path):
    folder = copied(tmp_path)
    assert "written" in called("fix", str(folder), "--write", *ONLY).out
    assert called("fix", str(folder), *ONLY).out == "nothing to rewrite\n"
    text = (folder / "security_groups.tf").read_text("utf-8")
    assert "referenced_security_group_id = aws_security_group.jobs.id # planted" in text


@pytest.mark.terraform
def test_terraform_still_plans_what_is_written_and_finds_it_formatted(tmp_path: Path):
    folder = copied(tmp_path)
    called("fix", str(folder), "--write")
    assert planning.terraform(folder, "fmt", "-check", "-diff") == ""
    after = planning.plan(folder, tmp_path / "scratch")
    assert after["planned_values"]["root_module"]["resources"]
