"""SARIF logs against the standard's schema, as a library has it that is generated from it and knows no more.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from tests.cli.running import FIXTURES, process
from tests.report.test_sarif import everything_in

IGNORED = """ignore:
  - rule: flow-logs-missing
    component: "*"
    reason: the whole of it is a lesson
    until: 2100-01-01
    owner: teachers
"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], ...]:
    """What check gives: of a whole network, of one left open, of what does not parse, with suppressions."""
    folder = tmp_path_factory.mktemp("sarif")
    (folder / "netaudit.yaml").write_text(IGNORED)
    (folder / "broken.tf").write_text('resource "aws_vpc" {\n')
    network = str(FIXTURES / "three-tier-broken/terraform")
    runs = (
        (network,),
        (str(FIXTURES / "unknowns/terraform"),),
        (str(folder), "--allow-parse-errors"),
        (network, "--config", str(folder / "netaudit.yaml")),
    )
    found = []
    for words in runs:
        ran = process("check", *words, "--format", "sarif", "--no-cache")
        assert ran.code in {0, 1}, ran.err
        found.append(json.loads(ran.out))
    return tuple(found)


def validate(log: dict[str, Any]) -> None:
    """Hold a log against the schema; what the library calls ``state`` has become ``status`` (3.35.3)."""
    known = copy.deepcopy(log)
    for each in everything_in(known):
        for one in each.get("suppressions", ()):
            assert one.pop("status") in {"accepted", "underReview", "rejected"}
    Log.model_validate(known)


def refused(log: dict[str, Any]) -> bool:
    try:
        validate(log)
    except ValidationError:
        return True
    return False


def test_every_log_is_of_the_standard_s_form(logs: tuple[dict[str, Any], ...]) -> None:
    for log in logs:
        validate(log)
    results = [[*log["runs"][0]["results"]] for log in logs]
    assert any("codeFlows" in each for each in results[0])
    assert any(each["kind"] == "review" for each in results[1])
    assert logs[2]["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert any("suppressions" in each for each in results[3])


def result_of(log: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = log["runs"][0]["results"][0]
    return found


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log.update(version="2.2.0"),
        lambda log: log["runs"][0].pop("tool"),
        lambda log: result_of(log).pop("message"),
        lambda log: result_of(log).update(kind="perhaps"),
        lambda log: result_of(log).update(level="high"),
        lambda log: result_of(log).update(rule="no-way"),
        lambda log: result_of(log)["locations"][0]["physicalLocation"]["region"].update(startLine=0),
    ],
)
def test_what_the_standard_does_not_take_is_refused(
    logs: tuple[dict[str, Any], ...], spoil: Callable[[dict[str, Any]], object]
) -> None:
    log = copy.deepcopy(logs[0])
    assert not refused(log)
    spoil(log)
    assert refused(log)


def test_every_message_has_its_text_and_every_place_its_file(logs: tuple[dict[str, Any], ...]) -> None:
    # The schema's "any of" is what the library does not hold: 3.11.2 and 3.29.3 of the standard.
    for log in logs:
        for each in everything_in(log):
            if isinstance(each.get("message"), dict):
                assert each["message"]["text"]
            if "physicalLocation" in each:
                assert each["physicalLocation"]["artifactLocation"]["uri"]


def test_every_rule_and_every_result_s_rule_is_there_once(logs: tuple[dict[str, Any], ...]) -> None:
    for log in logs:
        (run,) = log["runs"]
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert len(ids) == len(set(ids))
        assert {each["ruleId"] for each in run["results"]} <= set(ids)
