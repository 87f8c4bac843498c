"""``netaudit init`` writes a configuration that netaudit reads, and never over one that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.rules.policy import configured_rules, read_policy
from auditor.sources.config import read_configuration
from tests.cli.running import FIXTURES, called


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, fixture: str) -> str:
    """What init writes for a fixture."""
    monkeypatch.chdir(folder)
    assert called("init", str(FIXTURES / fixture / "terraform"), "--no-cache").code == 0
    return (folder / "netaudit.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("fixture", ["three-tier", "three-tier-broken", "service-only", "unknowns"])
def test_what_is_written_is_read_and_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixture: str):
    written(tmp_path, monkeypatch, fixture)
    assert read_configuration("netaudit.yaml").fail_on == "high"
    network = pipeline.load(str(FIXTURES / fixture / "terraform"))
    assert pipeline.check(network, configured_rules("netaudit.yaml")) == ()


def test_tiers_groups_and_policy_are_told_with_their_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = written(tmp_path, monkeypatch, "three-tier-broken")
    assert "  # aws_db_instance.postgres: data  # aws_db_instance holds data\n" in text
    assert "  app_server: aws_security_group.app_server  # aws_autoscaling_group.app\n" in text
    assert "  - internet never reaches tier:data\n" in text
    assert "  # does not hold today: aws_db_instance.postgres can open tcp/443 to the internet" in text
    assert [each.text for each in read_policy("netaudit.yaml").statements].count(
        "tier:data never reaches the internet"
    ) == 0


def test_a_file_that_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written(tmp_path, monkeypatch, "three-tier")
    (tmp_path / "netaudit.yaml").write_text("fail-on: low\n")
    ran = called("init", str(FIXTURES / "three-tier" / "terraform"), "--no-cache")
    assert ran.code == 2
    assert "netaudit.yaml is there already" in ran.err
    assert (tmp_path / "netaudit.yaml").read_text() == "fail-on: low\n"
