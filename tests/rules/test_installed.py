"""Rules of packages, by the entry points ``netaudit.rules``; the package is the one of docs/check.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import NETWORK, ROOT, Ran, process

PAGE = (ROOT / "docs" / "check.md").read_text("utf-8")
(MODULE,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
(ENTRY,) = re.findall(r"^(acme = .*)$", PAGE, re.MULTILINE)


def installed(folder: Path, module: str = MODULE, entry: str = ENTRY) -> Path:
    """A folder as pip leaves it."""
    site = folder / "site-packages"
    about = site / "acme_rules-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[netaudit.rules]\n{entry.replace(chr(34), '')}\n", "utf-8")
    (site / "acme_rules.py").write_text(module, encoding="utf-8")
    (folder / "infra").mkdir()
    (folder / "infra" / "main.tf").write_text(NETWORK, encoding="utf-8")
    return site


def ran(site: Path, *words: str) -> Ran:
    return process(*words, cwd=site.parent / "infra", PYTHONPATH=f"{ROOT}:{site}")


def test_a_rule_of_a_package_is_listed_and_run(tmp_path: Path):
    site = installed(tmp_path)
    listed = json.loads(ran(site, "rules", "list", "--format", "json").out)["rules"]
    assert "group-without-prefix" in {rule["id"] for rule in listed}
    done = ran(site, "check", "--only", "group-without-prefix", "--fail-on", "low")
    assert done.code == 1
    assert "aws_security_group.db is not named" in done.out


def test_an_answer_from_before_a_package_came_is_not_given_after(tmp_path: Path):
    site = installed(tmp_path)
    about, away = site / "acme_rules-1.0.dist-info", tmp_path / "away"
    about.rename(away)
    before = ran(site, "check", "--fail-on", "low")
    assert "group-without-prefix" not in before.out
    away.rename(about)
    assert "group-without-prefix" in ran(site, "check", "--fail-on", "low").out


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("rules = 7\n", "expected rules, not int"),
        ("def rules():\n    raise ValueError('no')\n", "ValueError: no"),
        ("", "AttributeError"),
        (MODULE.replace("group-without-prefix", "flow-logs-missing"), "defined twice"),
    ],
)
def test_a_package_that_gives_no_rules_is_one_clear_error(tmp_path: Path, module: str, told: str):
    done = ran(installed(tmp_path, module), "check")
    assert done.code == 2
    assert told in done.err
    assert "Traceback" not in done.err
