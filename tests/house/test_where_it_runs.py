"""The files by which others run netaudit: what they run is run here, in a repository with a pull request."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from auditor.cli import cli
from tests.cli.test_diff_revisions import NETWORK, OPENED, committed, git

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "name" in step}
BASH = shutil.which("bash")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q")
    committed(folder, {"infra/main.tf": NETWORK})
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "netaudit").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n', encoding="utf-8"
    )
    (binaries / "gh").write_text(
        f'#!/bin/sh\necho "$@" >> "{tmp_path}/gh"\ncat "{tmp_path}/id" 2>/dev/null || true\n',
        encoding="utf-8",
    )
    for program in binaries.iterdir():
        program.chmod(0o755)
    return folder


def ran(work: Path, name: str, **given: str) -> tuple[int, dict[str, str]]:
    """A step of the action as GitHub runs it: its exit code and its outputs."""
    outputs = work.parent / "outputs"
    outputs.write_text("", encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{work.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(work.parent),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(work.parent / "summary"),
        **given,
    }
    missing = set(STEPS[name].get("env", {})) - given.keys()
    assert missing == set()
    done = subprocess.run(
        [str(BASH), "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
        cwd=work,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    pairs = (line.partition("=") for line in outputs.read_text("utf-8").splitlines())
    return done.returncode, {key: value for key, _, value in pairs}


def judged(work: Path, *, changed: str = "true", new: str = "db") -> int:
    """All steps that decide, one after the other: the exit code of the last."""
    base = git(work, "rev-parse", "HEAD~1").strip()
    _, found = ran(work, "The revision that the pull request is compared with", BASE=base)
    given = {"PATHS": "infra", "ARGS": "", "BASE": found["revision"]}
    code, check = ran(work, "Check the rules", **given, FAIL_ON="medium", CHANGED_ONLY=changed)
    assert code == 0
    assert Path(check["sarif"]).exists()
    code, diff = ran(work, "Compare the reachability", **given, FAIL_ON_NEW=new)
    assert code == 0
    assert Path(diff["comment"]).read_text("utf-8").startswith("<!-- netaudit diff -->")
    return ran(work, "The verdict", CHECK=check["code"], DIFF=diff["code"])[0]


needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not on this machine")


@needs_bash
def test_a_pull_request_that_opens_something_fails_and_says_what(work: Path):
    committed(work, {"infra/main.tf": OPENED})
    assert judged(work) == 1
    comment = (work.parent / "netaudit.md").read_text("utf-8")
    assert "2 newly reachable" in comment
    assert "| `web` | `db` | `tcp/5432` |" in comment
    assert "`infra/main.tf:44`" in comment


@needs_bash
def test_a_pull_request_that_only_moves_a_module_passes_with_an_empty_difference(work: Path):
    git(work, "mv", "infra/main.tf", "infra/network.tf")
    git(work, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "moved")
    assert judged(work) == 0
    assert "reachability does not change" in (work.parent / "netaudit.md").read_text("utf-8")


@needs_bash
def test_the_comment_is_made_once_and_then_kept_up_to_date(work: Path):
    given = {"GH_TOKEN": "x", "REPOSITORY": "a/b", "NUMBER": "7", "COMMENT": "c.md"}
    assert ran(work, "Post the comment", **given)[0] == 0
    assert "repos/a/b/issues/7/comments -F body=@c.md" in (work.parent / "gh").read_text("utf-8")
    (work.parent / "id").write_text("42\n", encoding="utf-8")
    assert ran(work, "Post the comment", **given)[0] == 0
    assert "-X PATCH repos/a/b/issues/comments/42" in (work.parent / "gh").read_text("utf-8")


def test_no_step_of_the_action_puts_what_others_write_into_its_code():
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


def test_what_the_action_outputs_its_steps_give():
    text = (ROOT / "action.yml").read_text("utf-8")
    for step, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
        (found,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == step)
        assert f"{output}=" in found["run"]
    for name in re.findall(r"inputs\.([\w-]+)", text):
        assert name in ACTION["inputs"]


def commands(text: str) -> list[list[str]]:
    lines = re.findall(
        r"^(?![^\n]*(?:<!--|\]\())[^\n]*\bnetaudit ((?:check|diff) [^|\n`]*)", text, re.MULTILINE
    )
    return [line.split() for line in lines]


@pytest.mark.parametrize("name", ["docs/ci/netaudit.gitlab-ci.yml", "docs/ci.md", "action.yml"])
def test_the_options_that_are_used_there_are(name: str):
    for words in commands((ROOT / name).read_text("utf-8")):
        command = cli.get_command(None, words[0])  # type: ignore[arg-type]
        assert command is not None
        help_text = CliRunner().invoke(command, ["--help"]).output
        for option in (
            word.strip('"').partition("=")[0] for word in words[1:] if word.strip('"').startswith("-")
        ):
            assert option in help_text, (name, option)


def test_the_hook_is_one_that_pre_commit_takes():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["id"] == "netaudit"
    assert hook["language"] == "python"
    assert hook["entry"].split()[0] == "netaudit"


def test_the_image_starts_what_it_installs():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert 'ENTRYPOINT ["netaudit"]' in text
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert not {"auditor", "rules", "pyproject.toml", "README.md"} & set(ignored)
