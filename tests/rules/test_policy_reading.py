"""What is wrong in a policy is told at once, with its line and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import RuleError
from tests.rules.policies import APP, database, found, says


def test_all_names_that_mean_nothing_are_told_at_once(tmp_path: Path):
    policy = says("sg-ap never reaches sg-db", "every way to the internet goes through the firewal")
    with pytest.raises(RuleError) as caught:
        found(tmp_path, policy, APP, database())
    text = str(caught.value)
    assert "netaudit.yaml:3:5: nothing in the input is named 'sg-ap' (did you mean app?)" in text
    assert "netaudit.yaml:4:5: no way goes through anything named 'firewal' (did you mean firewall?)" in text


def test_all_that_is_written_wrongly_is_told_at_once(tmp_path: Path):
    policy = says(
        "app reaches db",
        "{name: n, deny: {form: app}, severty: high}",
        "{name: m, deny: {from: app, to: db, on: 99999}}",
        "{name: m, only: {to: db}}",
        "{name: o, denny: {from: app, to: db}}",
        names="names: {a: b, b: a, c: []}",
    )
    with pytest.raises(RuleError) as caught:
        found(tmp_path, policy)
    text = str(caught.value)
    for part in (
        "a is defined by itself",
        "c: a name is missing",
        "before `reach` stands `never`, `must` or `may`",
        "unknown key 'form' (did you mean from?)",
        "unknown key 'severty' (did you mean severity?)",
        "'99999' is not a number from 0 to 65535",
        "only: from or through is missing",
        "two statements are called m",
        "unknown key 'denny' (did you mean deny?)",
    ):
        assert part in text


def test_an_optional_statement_says_nothing_of_what_is_not_there(tmp_path: Path):
    deny = "{name: n, deny: {from: sg-app, to: sg-nowhere}, optional: true}"
    assert found(tmp_path, says(deny), APP) == ()
    with pytest.raises(RuleError):
        found(tmp_path, says(deny.replace("true", "false")), APP)
