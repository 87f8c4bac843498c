"""Rows of section 11 about findings: where they stand, and that they do not change by themselves."""

from __future__ import annotations

from pathlib import Path

from auditor import check, load
from tests.checklist.facts import fact
from tests.checklist.terraform import ANYWHERE, NETWORK, group, instance, rule

OPEN = NETWORK + group("web", rule("22", ANYWHERE)) + instance("web", "public", "web")


def written(folder: Path, name: str) -> str:
    folder.joinpath(name).mkdir()
    folder.joinpath(name, "main.tf").write_text(OPEN, encoding="utf-8")
    return str(folder / name)


@fact("11.P")
def test_a_finding_at_the_same_address_in_another_file_is_another_finding(tmp_path: Path):
    both = check(load(written(tmp_path, "one"), written(tmp_path, "two")))
    alone = check(load(str(tmp_path / "one")))
    assert alone
    assert len(both) == 2 * len(alone)
    assert (
        len({(each.rule, str(each.at)) for each in both})
        == len({(each.rule, str(each.at)) for each in alone}) * 2
    )


@fact("11.Q")
def test_the_same_code_gives_the_same_findings_at_each_run(tmp_path: Path):
    root = written(tmp_path, "one")
    assert [repr(each) for each in check(load(root))] == [repr(each) for each in check(load(root))]
