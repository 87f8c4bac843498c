"""Whatever an answer rests on: when it changes, the answer that was kept is not given."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.model import Inventory
from auditor.sources import ReadOptions, terraform
from auditor.sources.config import read_configuration
from tests.cache.project import CHANGES, SEARCHED, WORDS
from tests.cli.running import Ran, called


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roots that were read, one entry each time."""
    found: list[str] = []
    reading = terraform.States.reading

    def counted(states: terraform.States, path: str) -> object:
        found.append(path)
        return reading(states, path)

    monkeypatch.setattr(terraform.States, "reading", counted)
    return found


def loaded(*paths: str, cache: bool = True, **options: object) -> Inventory:
    given = ReadOptions(
        var_files=("given.tfvars",),
        modules=read_configuration(None).modules,
        environment=dict(os.environ),
        **options,  # type: ignore[arg-type]
    )
    return pipeline.load(*paths, options=given, cache=cache).inventory


def checked(*words: str) -> Ran:
    return called("check", *WORDS, "--rules", "rules", "--allow-parse-errors", "--format", "sarif", *words)


@pytest.mark.usefixtures("cache", "project")
def test_what_has_not_changed_is_read_once(reads: list[str]):
    first, second = loaded("live"), loaded("live")
    assert reads == ["live"]
    assert first == second
    assert first.vpcs[0].tags


@pytest.mark.usefixtures("cache", "project")
def test_a_command_is_carried_out_once(reads: list[str]):
    first, second = checked(), checked()
    assert reads == ["live", "other"]
    assert first == second


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_an_input_is_noticed(change: Callable[[Path], None], project: Path, reads: list[str]):
    before = loaded("live", "other")
    called("show", *WORDS, "--format", "json")
    change(project)
    reads.clear()
    after = loaded("live", "other")
    assert reads == ["live", "other"]
    assert after == loaded("live", "other", cache=False)
    assert after != before
    assert called("show", *WORDS, "--format", "json") == called(
        "show", *WORDS, "--format", "json", "--no-cache"
    )


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("change", SEARCHED.values(), ids=SEARCHED.keys())
def test_a_change_of_what_is_found_is_noticed(change: Callable[[Path], None], project: Path):
    before = loaded(".")
    change(project)
    after = loaded(".")
    assert after == loaded(".", cache=False)
    assert after != before


@pytest.mark.usefixtures("cache", "project")
@pytest.mark.parametrize(
    "options",
    [
        {"variables": (("asked", "yes"),)},
        {"workspace": "staging"},
        {"assumed": (("data.aws_vpc.other.cidr_block", "10.5.0.0/16"),)},
    ],
    ids=["a variable", "the workspace", "an assumption"],
)
def test_another_option_is_another_question(options: dict[str, object]):
    before = loaded("live")
    after = loaded("live", **options)
    assert after == loaded("live", cache=False, **options)
    assert after != before


@pytest.mark.usefixtures("cache", "project")
def test_a_variable_of_the_environment_is_an_input(monkeypatch: pytest.MonkeyPatch, reads: list[str]):
    before = loaded("live")
    monkeypatch.setenv("TF_VAR_environment", "set")
    after = loaded("live")
    assert after == loaded("live", cache=False) != before
    monkeypatch.delenv("TF_VAR_environment")
    monkeypatch.setenv("TF_VAR_that_nothing_declares", "set")
    reads.clear()
    assert loaded("live") == before
    assert reads == []


@pytest.mark.usefixtures("cache", "project")
def test_what_was_before_is_still_known_when_it_is_there_again(project: Path, reads: list[str]):
    text = project.joinpath("live/main.tf").read_text()
    before = loaded("live")
    project.joinpath("live/main.tf").write_text(text + "\n")
    loaded("live")
    project.joinpath("live/main.tf").write_text(text)
    reads.clear()
    assert loaded("live") == before
    assert reads == []


@pytest.mark.usefixtures("cache", "project")
def test_the_age_of_a_file_says_nothing(project: Path, reads: list[str]):
    loaded("live")
    os.utime(project / "live/main.tf")
    reads.clear()
    loaded("live")
    assert reads == []


@pytest.mark.usefixtures("cache")
def test_the_same_words_in_another_folder_are_another_question(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    before = called("show", "live", "--format", "json")
    project.rename(tmp_path / "moved")
    monkeypatch.chdir(tmp_path / "moved")
    (tmp_path / "moved/live/main.tf").write_text('resource "aws_vpc" "moved" {}\n')
    after = called("show", "live", "--format", "json")
    assert after == called("show", "live", "--format", "json", "--no-cache") != before


@pytest.mark.usefixtures("cache", "project")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((), ("--strict",)),
        ((), ("--var", "asked=yes")),
        ((), ("--format", "json")),
        ((), ("--verbose",)),
        ((), ("--config", "other.yaml")),
        (("live",), ("other",)),
    ],
)
def test_every_word_counts(first: tuple[str, ...], second: tuple[str, ...], project: Path):
    (project / "other.yaml").write_text("modules:\n  acme/net: vendor/two\n")
    before = called("show", *(first or ("live",)))
    after = called("show", *(second if second == ("other",) else ("live", *second)))
    assert after == called("show", *(second if second == ("other",) else ("live", *second)), "--no-cache")
    assert before == called("show", *(first or ("live",)), "--no-cache")


@pytest.mark.usefixtures("cache")
def test_a_rule_of_ones_own_is_an_input(project: Path):
    checked()
    path = project / "rules/own.yaml"
    path.write_text(path.read_text().replace("own-rule", "new-rule"))
    after = checked()
    assert after == checked("--no-cache")
    assert "new-rule" in after.out


@pytest.mark.usefixtures("cache", "project")
def test_a_configuration_that_appears_is_an_input(project: Path):
    (project / "netaudit.yaml").unlink()
    before = checked()
    (project / "netaudit.yaml").write_text("fail-on: nonsense\n")
    after = checked()
    assert (before.code, after.code) == (0, 2)


@pytest.mark.usefixtures("cache", "project")
def test_a_failure_is_not_kept(project: Path):
    assert called("show", "nowhere").code == 2
    (project / "nowhere").mkdir()
    (project / "nowhere/main.tf").write_text('resource "aws_vpc" "main" {}\n')
    assert called("show", "nowhere").code == 0


@pytest.mark.usefixtures("cache")
def test_where_the_output_goes_is_no_part_of_the_answer(project: Path):
    for _ in range(2):
        assert called("show", "live", "-o", "out.txt") == Ran(0, "", "")
        assert (project / "out.txt").read_text() == called("show", "live", "--no-cache").out
        (project / "out.txt").unlink()
        assert called("show", "live", "--quiet").out == ""


@pytest.mark.usefixtures("cache", "project")
def test_the_exit_code_and_the_warnings_are_kept_too(project: Path):
    (project / "live/broken.tf").write_text('resource "aws_vpc" {')
    first, second = called("check", "live"), called("check", "live")
    assert first == second == called("check", "live", "--no-cache")
    assert first.code == 2
    assert "broken.tf" in first.err
