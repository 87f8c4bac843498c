"""The examples of docs/check.md are ones that netaudit takes."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from auditor.report import format_names
from auditor.rules import load_catalogue
from auditor.sources.checking import checking
from auditor.sources.document import read_document
from auditor.sources.suppressing.comments import in_hcl
from auditor.sources.suppressing.words import parsed_words, suppression
from auditor.suppression import Suppression
from auditor.tree import Location

PAGE = (Path(__file__).parents[2] / "docs" / "check.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
KNOWN = {rule.id for rule in load_catalogue()}


def blocks(language: str, word: str) -> str:
    (found,) = (text for kind, text in BLOCKS if kind == language and word in text)
    return found


def test_the_comment_is_a_suppression():
    (comment,) = in_hcl("main.tf", blocks("hcl", "netaudit:ignore") + "}\n")
    found = suppression(parsed_words(comment.words), comment.at, comment.lines, KNOWN)
    assert isinstance(found, Suppression)
    assert found.owner == "shop"


def test_the_settings_are_taken(tmp_path: Path):
    text = blocks("yaml", "component:") + blocks("yaml", "folders:")
    path = tmp_path / "netaudit.yaml"
    path.write_text(text, encoding="utf-8")
    found = checking(read_document(str(path)), "")
    (ignored,) = found.ignored
    assert ignored.component == 'module.vendor.aws_security_group.this["a"]'
    assert isinstance(suppression(ignored.words, Location("x"), None, KNOWN, ignored.component), Suppression)
    assert found.folders == ("policy/rules",)


def test_the_metadata_is_yaml():
    assert yaml.safe_load(blocks("yaml", "Metadata"))["Metadata"]["netaudit"]["ignore"][0]["owner"] == "shop"


def test_every_format_is_on_the_page():
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == set(format_names())
