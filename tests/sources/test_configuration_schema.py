"""The published schema of netaudit.yaml takes what the readers take, and refuses what they refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from auditor.errors import RuleError
from auditor.rules.policy import read_policy
from auditor.sources.config import KEYS, read_configuration
from tests.cli.running import FIXTURES, process

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/netaudit.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PAGES = ("README.md", *(f"docs/{name}.md" for name in ("configuration", "policy", "check", "ci")))


def documented() -> Iterator[tuple[str, str]]:
    """The examples of a configuration on a page, each with its place."""
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        for found in re.finditer(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            given = yaml.safe_load(found[1])
            if isinstance(given, dict) and given.keys() & {*KEYS}:
                yield f"{page}:{text[: found.start()].count(chr(10)) + 1}", found[1]


def told(text: str) -> Any:
    """What YAML 1.2 says, as editors read it: ``on`` is a word, and there are no dates."""
    return plain(yaml.safe_load(text))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {"on" if key is True else key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def read(folder: Path, text: str) -> None:
    """Read a configuration as check does, with the folders and files that it names."""
    given = yaml.safe_load(text)
    given = given if isinstance(given, dict) else {}
    for root in given["roots"] if isinstance(given.get("roots"), dict) else ():
        (folder / root).mkdir(parents=True)
    for name in ("prod.json", "network.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    path = folder / "netaudit.yaml"
    path.write_text(text, encoding="utf-8")
    read_configuration(str(path))
    read_policy(str(path))


EXAMPLES = tuple(documented())


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES], ids=[place for place, _ in EXAMPLES])
def test_every_documented_example_is_taken_by_both(text: str, tmp_path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(told(text))] == []
    read(tmp_path, text)


def test_the_pages_have_such_examples() -> None:
    assert {place.partition(":")[0] for place, _ in EXAMPLES} >= {"docs/configuration.md", "docs/policy.md"}


@pytest.mark.parametrize("name", ["three-tier", "two-vpcs", "unknowns"])
def test_what_init_writes_is_taken_by_both(name: str, tmp_path: Path) -> None:
    path = tmp_path / "netaudit.yaml"
    ran = process("init", str(FIXTURES / name / "terraform"), "-o", str(path))
    assert ran.code == 0, ran.err
    text = path.read_text("utf-8")
    assert [error.message for error in VALIDATOR.iter_errors(told(text))] == []
    read(tmp_path, text)


TAKEN = [
    "{}",
    "modules:\ntiers:\npolicy:\n",
    "parameters: { Zones: [a, b], Size: 3, Name: x, Wide: true }",
    "names: { app: sg-app, all: [app, sg-db] }\npolicy: [app never reaches sg-db]",
    "policy: [{ must stay reachable: 'app -> db:5432' }]",
    "policy: [{ say: app may reach db, owner: me, severity: low, optional: true }]",
    "policy: [{ deny: { to: db, on: 22 }, name: no-ssh, why: x, fix: y }]",
    "policy: [{ only: { to: db, through: fw, except: [{ from: app, on: [443, udp/53] }, x] }, name: a }]",
    "ignore: [{ rules: [flow-logs-missing], component: 'a.*', reason: x, until: 2030-01-31 }]",
]
REFUSED = [
    "[]",
    "tier: { a: app }",
    "modules: [a]",
    "modules: { a: [b] }",
    "tiers: { a: apps }",
    "roots: { prod: { var-file: [a] } }",
    "roots: { prod: { var-files: a } }",
    "roots: { prod: { workspace: [a] } }",
    "stacks: { network: { parameter: {} } }",
    "parameters: { A: { b: c } }",
    "parameter-files: prod.json",
    "fail-on: [high]",
    "rules: { folder: [a] }",
    "rules: { only: a }",
    "rules: { severity: { a: worst } }",
    "ignore: { rule: a }",
    "ignore: [{ rule: a, reason: b }]",
    "ignore: [{ rule: a, component: b, reason: c, because: d }]",
    "baseline: [a]",
    "names: [a]",
    "names: { app: [] }",
    "policy: app never reaches db",
    "policy: [[app never reaches db]]",
    "policy: [{ deny: { to: db } }]",
    "policy: [{ deny: { on: 22 }, name: a }]",
    "policy: [{ deny: { to: db, form: app }, name: a }]",
    "policy: [{ deny: { to: db }, allow: { from: a, to: b }, name: a }]",
    "policy: [{ deny: { to: db }, name: Not This }]",
    "policy: [{ deny: { to: db }, name: a, severity: worst }]",
    "policy: [{ deny: { to: db }, name: a, who: me }]",
    "policy: [{ allow: { from: a, to: b, except: c }, name: a }]",
    "policy: [{ allow: { from: a }, name: a }]",
    "policy: [{ only: { to: db }, name: a }]",
    "policy: [{ require: { to: db }, name: a }]",
    "policy: [{ say: app may reach db, optional: perhaps }]",
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_the_readers_take_the_schema_takes(text: str, tmp_path: Path) -> None:
    read(tmp_path, text)
    assert [error.message for error in VALIDATOR.iter_errors(told(text))] == []


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_readers_refuse_the_schema_refuses(text: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        read(tmp_path, text)
    assert not VALIDATOR.is_valid(told(text))


def test_the_schema_is_one_and_knows_the_keys_of_the_reader() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["properties"]) == KEYS
