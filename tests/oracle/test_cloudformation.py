"""Templates of which all is known are evaluated as moto evaluates them, and loops expanded as cfn-lint does.

The other Python is ``NETAUDIT_MOTO_PYTHON``, or the first in the path that has moto and cfn-lint.
"""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sources.cloudformation.evaluating import plain, read, resources

SCRIPT = Path(__file__).with_name("foreign_cloudformation.py")
BEFORE = """
Parameters:
  Env: {Type: String, Default: prod}
  Text: {Type: String, Default: "a,b/c"}
  Items: {Type: CommaDelimitedList, Default: "x,y,z"}
Mappings:
  M:
    dev: {Size: small, Zones: [p]}
    prod: {Size: large, Zones: [p, q]}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Dev: !Equals [!Ref Env, dev]
  Neither: !And [!Not [Condition: Prod], !Not [Condition: Dev]]
  Either: !Or [Condition: Dev, !Equals [!Ref Text, "a,b/c"]]
"""
TEXTS = ("one", "'a,b'", "'7'", "!Ref Env", "!Ref Text", "!Ref AWS::Region", "!FindInMap [M, !Ref Env, Size]")
LISTS = ("!Ref Items", "[p, q]", "!FindInMap [M, prod, Zones]", "!Split [',', 'a,b,,c']")
CONDITIONS = ("Prod", "Dev", "Neither", "Either")


def some_text(chance: random.Random, depth: int) -> str:
    if not depth:
        return chance.choice(TEXTS)
    inner = functools.partial(some_text, chance, depth - 1)
    match chance.randrange(7):
        case 0:
            return f"!Join [{chance.choice(['-', ',', '|'])!r}, [{inner()}, {inner()}]]"
        case 1:
            return f"!Join ['-', {chance.choice(LISTS)}]"
        case 2:
            return f"!Select [{chance.randrange(2)}, {chance.choice(LISTS[:2])}]"
        case 3:
            return f"!If [{chance.choice(CONDITIONS)}, {inner()}, {inner()}]"
        case 4:
            return f"!Sub ['<${{A}}-${{Env}}-${{B}}>', {{A: {inner()}, B: {inner()}}}]"
        case 5:
            return f"!Select [0, !Split [{chance.choice([',', '/', '-'])!r}, {inner()}]]"
        case _:
            return f"{{'Fn::Base64': {chance.choice(['plain', '{Ref: Env}'])}}}"


def template(seed: int) -> str:
    chance = random.Random(seed)
    value = some_text(chance, 3)
    return f"{BEFORE}Resources:\n  It:\n    Type: AWS::S3::Bucket\n    Properties:\n      V: {value}\n"


LOOP = """
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "Success,Failure,Time-out"}
Resources:
  Fn::ForEach::Topics:
    - TopicName
    - !Ref Names
    - "Topic&{TopicName}":
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub "${TopicName}.fifo"
          Own: !Ref TopicName
  Fn::ForEach::Outer:
    - Az
    - [a, b]
    - Fn::ForEach::Inner:
        - Tier
        - [App, Data]
        - "Subnet${Tier}${Az}":
            Type: AWS::EC2::Subnet
            Properties: {Fn::ForEach::P: [Key, [L, R], {"${Key}${Az}": !Ref Key}]}
"""


@functools.cache
def foreign_python() -> str:
    """A Python with moto and cfn-lint, or nothing."""
    names = [os.environ.get("NETAUDIT_MOTO_PYTHON", ""), "python3", "python"]
    for path in filter(None, (shutil.which(name) for name in names if name)):
        found = subprocess.run(
            [path, "-c", "import moto.cloudformation, cfnlint"], capture_output=True, timeout=60, check=False
        )
        if not found.returncode:
            return path
    return ""


def asked(**texts: list[str]) -> Any:
    if not foreign_python():
        pytest.skip("no Python here has moto and cfn-lint")
    done = subprocess.run(
        [foreign_python(), str(SCRIPT)],
        input=json.dumps({"values": [], "loops": []} | texts),
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return json.loads(done.stdout)


def test_known_templates_are_evaluated_as_moto_evaluates_them() -> None:
    texts = [template(seed) for seed in range(300)]
    answers = asked(values=texts)["values"]
    compared = 0
    for text, answer in zip(texts, answers, strict=True):
        reading = read(text, pseudo={"AWS::Region": "us-east-1"})
        assert "error" not in answer, (text, answer)
        found = plain(resources(reading)["net/It"].body)
        assert not reading.gaps, text
        assert found == answer["value"], text
        compared += 1
    assert compared == 300


def test_loops_are_expanded_as_cfn_lint_expands_them() -> None:
    (answer,) = asked(loops=[LOOP])["loops"]
    expected = {f"net/{key}": each["Properties"] for key, each in answer["value"]["Resources"].items()}
    assert len(expected) == 7
    assert {address: plain(each.body) for address, each in resources(read(LOOP)).items()} == expected
