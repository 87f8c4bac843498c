"""Code that is written otherwise and builds the same network has no difference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.pipeline import diff, load
from tests.cli.running import FIXTURES

LABEL = re.compile(r'^resource "(\w+)" "(\w+)"', re.MULTILINE)


def sources(name: str) -> dict[str, str]:
    return {
        path.name: path.read_text("utf-8") for path in sorted((FIXTURES / name / "terraform").glob("*.tf"))
    }


def written(folder: Path, files: dict[str, str]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def same(before: str, after: str) -> None:
    found = diff(load(before), load(after))
    assert (found.changes, found.undecided) == ((), ())
    assert (found.only_before, found.only_after, found.apart) == ((), (), ())


@pytest.mark.parametrize("name", ["three-tier", "three-tier-broken", "microservices"])
def test_other_labels_for_the_same_names(name: str, tmp_path: Path):
    files = sources(name)
    renamed = {}
    for file, own in files.items():
        renamed[file] = own
        for kind, label in {found for text in files.values() for found in LABEL.findall(text)}:
            text = renamed[file].replace(f'resource "{kind}" "{label}"', f'resource "{kind}" "zz_{label}"')
            renamed[file] = re.sub(rf"\b{kind}\.{label}\b", f"{kind}.zz_{label}", text)
    same(str(FIXTURES / name / "terraform"), written(tmp_path, renamed))


@pytest.mark.parametrize("name", ["three-tier", "three-tier-broken", "microservices"])
def test_all_in_one_file_backwards(name: str, tmp_path: Path):
    text = "\n".join(reversed(list(sources(name).values())))
    same(str(FIXTURES / name / "terraform"), written(tmp_path, {"main.tf": text}))


@pytest.mark.parametrize("name", ["three-tier", "three-tier-broken"])
def test_moved_into_a_module(name: str, tmp_path: Path):
    files = sources(name)
    written(tmp_path / "network", files)
    provider = re.search(r'^provider "aws" \{.*?^\}', "\n".join(files.values()), re.MULTILINE | re.DOTALL)
    root = (provider[0].replace("var.region", '"eu-central-1"') if provider else "") + (
        '\nmodule "network" {\n  source = "./network"\n}\n'
    )
    same(str(FIXTURES / name / "terraform"), written(tmp_path, {"main.tf": root}))
