"""What cfn-lint's own loader reads, or refuses, netaudit reads alike, or reports."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lint_batch import DATE
from told import parsed, plain

PROGRAM = Path(__file__).with_name("lint_batch.py")

READ = (
    "Resources:\n  A:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.0.0.0/16, Enable: yes}\n",
    "a: !GetAtt b.c.d\nb: !GetAtt [c, !Ref d]\nc: !If [x, !Sub 'y', !Join ['', [!Ref a, 0644]]]\n",
    "a: !Base64\n  Fn::Sub: |\n    x\n    ${y}\nb: !Sub >-\n  x\n  y\nc: !GetAZs ''\nd: !GetAZs\n",
    "a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\ne: {<<: [*a, {c: 9, f: 8}], g: *a}\n",
    "a: [0644, 08, 22:22, 1_000, 0x1F, 0b1, 1.5, 1e3, 1.5e+3, 012345678901]\n",
    "a: [yes, No, ON, off, y, ~, null, '']\n",
    "a: 2010-09-09\nb: '2010-09-09'\nc: 2001-12-14t21:59:43.10-05:00\n",
    "a: !Condition b\nc: !Equals [!Ref d, yes]\ne: !Transform {Name: AWS::Include, Parameters: {L: s3}}\n",
    "Fn::Transform: {Name: AWS::Include}\nResources:\n  Fn::ForEach::A: [x, [a, b], {'A${x}': {Type: T}}]\n",
    "---\na: 1\n...\n",
    "a: 1\r\nb: |\r\n  x\r\n  y\r\n",
    '{"a": {"Fn::GetAtt": ["b", "c"]}, "d": [1, -2.5, true, null, "\\u00e9"]}',
    '{"a": "yes", "b": "0644", "c": {}, "d": []}',
)
REFUSED = (
    "a: 1\nb: 2\na: 3\n",
    "Resources:\n  A:\n    Type: x\n  B:\n    Type: y\n  A:\n    Type: z\n",
    "a: {b: 1, b: 2}\n",
    "a: *b\n",
    "a: [1\nb: 2\n",
    "a:\n\tb: 1\n",
    "a: b: c\n",
    "a: !Base64 !Sub x\n",
    "~: 1\n",
    '{"a": 1, "a": 2}',
    '{"a": {"b": 1,\n"c": 2,\n"b": 3}}',
    '{"a": 1',
)


@cache
def linted() -> dict[str, dict[str, Any]]:
    """What cfn-lint says of each text; skips the test where no Python of this machine has it."""
    texts = [*READ, *REFUSED]
    for name in ("python3", "/usr/bin/python3", "/usr/local/bin/python3"):
        python = shutil.which(name)
        if python is None or subprocess.run([python, "-c", "import cfnlint"], check=False).returncode:
            continue
        done = subprocess.run(
            [python, PROGRAM], input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        return dict(zip(texts, json.loads(done.stdout), strict=True))
    pytest.skip("no python3 on the PATH has cfn-lint")


def same(found: Any, expected: Any) -> bool:
    """Whether two values are one. cfn-lint splits what ``!GetAtt`` is given, and makes dates of dates."""
    if expected == DATE:
        return isinstance(found, str)
    if isinstance(found, dict) and isinstance(expected, dict):
        if found.keys() == expected.keys() == {"Fn::GetAtt"} and isinstance(found["Fn::GetAtt"], str):
            return found["Fn::GetAtt"].split(".", 1) == expected["Fn::GetAtt"]
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return type(found) is type(expected) and bool(found == expected)


@pytest.mark.parametrize("text", READ)
def test_what_cfn_lint_reads_is_read_alike(text: str) -> None:
    found = parsed(text)
    assert found.gaps == ()
    assert found.root is not None
    assert same(plain(found.root), linted()[text]["value"])


@pytest.mark.parametrize("text", REFUSED)
def test_what_cfn_lint_refuses_is_reported_at_one_of_its_lines(text: str) -> None:
    lines = {gap.at.line for gap in parsed(text).gaps}
    refused = linted()[text]["refused"]
    assert lines
    assert lines <= set(refused) or (refused and text.startswith("{"))  # in JSON some of its lines begin at 0
