"""Conditions that are decided, that are not, and what follows from taking one for true."""

from __future__ import annotations

import pytest

from auditor.tree import Presence
from tests.sources.cloudformation.evaluating import (
    bodies,
    plain,
    read,
    reading_of,
    resources,
    value_of,
    whys,
)

BEFORE = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, test, prod]}
  Free: {Type: String}
  Count: {Type: Number, Default: 2}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  Prod: !Equals [!Ref Env, prod]
  Maybe: !Equals [!Ref Free, x]
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!Equals [a, a]", True),
        ("!Equals [a, A]", False),
        ("!Equals [1, '1']", True),
        ("!Equals [true, 'true']", True),
        ("!Equals [!Ref Count, 2]", True),
        ("!Equals [!Ref Env, staging]", False),
        ("!Equals [!Ref Env, prod]", None),
        ("!Equals [!Ref Free, !Ref Free]", True),
        ("!Equals [!Sub 'a-${Free}', 'b-c']", False),
        ("!Equals [!Sub 'a-${Free}', 'a-c']", None),
        ("!Equals [!Sub 'a-${Free}', !Join ['-', [a, !Ref Free]]]", True),
        ("!Equals [[a, b], [a, b]]", True),
        ("!Equals [[a, b], [a]]", False),
        ("!Equals [{a: 1}, {a: '1'}]", True),
        ("!Equals [{a: 1}, {b: 1}]", False),
        ("!Not [!Equals [a, b]]", True),
        ("!Not [!Condition Maybe]", None),
        ("!And [!Condition Always, !Condition Always]", True),
        ("!And [!Condition Maybe, !Condition Never]", False),
        ("!And [!Condition Maybe, !Condition Always]", None),
        ("!And [!Condition Maybe, !Not [!Condition Maybe]]", False),
        ("!Or [!Condition Maybe, !Condition Always]", True),
        ("!Or [!Condition Maybe, !Condition Never]", None),
        ("!Or [!Condition Maybe, !Not [Condition: Maybe]]", True),
        ("!Or [Condition: Never, Condition: Never]", False),
        ("{'Fn::Contains': [[a, b], a]}", True),
        ("{'Fn::Contains': [[dev, test, prod], !Ref Env]}", None),
        ("{'Fn::Contains': [[a, b], !Ref Env]}", False),
        ("{'Fn::EachMemberEquals': [[a, a], a]}", True),
        ("{'Fn::EachMemberIn': [[a, c], [a, b]]}", False),
    ],
)
def test_a_condition_is_decided_wherever_the_unknowns_do_not_matter(
    condition: str, expected: bool | None
) -> None:
    before = f"{BEFORE}  It: {condition}\n"
    reading, value = reading_of("!If [It, true, false]", before)
    assert plain(value) == ({"one of": [True, False]} if expected is None else expected)
    assert not reading.gaps


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("yes-no", "there is no condition yes-no"),
        ("!Equals [a]", "takes a list of 2 values"),
        ("!Not [a, b]", "takes a list of 1 values"),
        ("!And [!Condition Always]", "takes a list of 2 to 10 values"),
        ("!Condition Nope", "there is no condition Nope"),
        ("{a: b, c: d}", "this is no condition"),
        ("!Condition It", "It depends on itself"),
        ("!Sub x", "this is no condition"),
    ],
)
def test_a_condition_that_is_none_leaves_open_what_depends_on_it(condition: str, why: str) -> None:
    reading, value = reading_of("!If [It, a, b]", f"{BEFORE}  It: {condition}\n")
    assert plain(value) == {"one of": ["a", "b"]}
    assert any(why in each for each in whys(reading)), whys(reading)


def test_a_resource_is_there_as_its_condition_says() -> None:
    reading = read(
        BEFORE
        + """
Resources:
  A: {Type: T, Condition: Always}
  B: {Type: T, Condition: Never}
  C: {Type: T, Condition: Maybe}
  D: {Type: T, Condition: Nope}
"""
    )
    found = resources(reading)
    assert {name: each.presence for name, each in found.items()} == {
        "net/A": Presence.CERTAIN,
        "net/C": Presence.POSSIBLE,
        "net/D": Presence.POSSIBLE,
    }
    assert [why.what for why in found["net/C"].reasons] == ["net/Free"]
    assert whys(reading) == ["there is no condition Nope"]


def test_inside_of_a_resource_its_condition_holds() -> None:
    reading = read(
        BEFORE.replace("Maybe:", "Both: !And [!Condition Prod, !Condition Maybe]\n  Maybe:")
        + """
Resources:
  C:
    Type: T
    Condition: Both
    Properties:
      One: !If [Prod, a, b]
      Two: !If [Maybe, a, b]
      Three: !If [Both, !If [Maybe, a, b], c]
Outputs:
  O: {Condition: Maybe, Value: !If [Maybe, a, b]}
"""
    )
    assert bodies(reading) == {"net/C": {"One": "a", "Two": "a", "Three": "a"}}
    assert plain(reading.outputs["O"]) == "a"


def test_inside_of_a_branch_its_condition_is_decided() -> None:
    assert plain(value_of("!If [Maybe, !If [Maybe, a, b], !If [Maybe, c, d]]", BEFORE)) == {
        "one of": ["a", "d"]
    }


def test_a_branch_that_gives_the_same_either_way_is_that() -> None:
    assert plain(value_of("!If [Maybe, a, a]", BEFORE)) == "a"


def test_branches_of_one_text_but_two_types_are_not_one() -> None:
    value = value_of("{'Fn::ToJsonString': {a: !If [Maybe, 7, '7']}}", BEFORE)
    assert plain(value) == "?"


def test_one_of_two_branches_may_be_absent() -> None:
    assert plain(value_of("!If [Maybe, a, !Ref AWS::NoValue]", BEFORE)) == {"one of": ["a", None]}


def test_equal_conditionals_are_equal_values() -> None:
    before = BEFORE + "  It: !Equals [!If [Maybe, !Ref Free, b], !If [Maybe, !Ref Free, b]]\n"
    assert plain(value_of("!If [It, same, other]", before)) == "same"


def test_a_resource_whose_condition_does_not_hold_cannot_be_named() -> None:
    reading = read(
        BEFORE
        + """
Resources:
  A: {Type: T, Condition: Never}
  B: {Type: T, Properties: {X: !Ref A, Y: !If [Never, !Ref A, b]}}
"""
    )
    assert bodies(reading) == {"net/B": {"X": "?", "Y": "b"}}
    assert whys(reading) == ["the condition of A does not hold, so it is not there"]


def test_a_given_property_that_may_be_absent_may_be_what_aws_fills_in() -> None:
    resources_ = """
Resources:
  A: {Type: T, Properties: {X: !If [Maybe, given, !Ref AWS::NoValue]}}
"""
    assert plain(value_of("!GetAtt A.X", BEFORE + resources_)) == {"one of": ["given", "&net/A.X"]}


def test_a_chain_of_a_thousand_conditions_is_followed() -> None:
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(1000))
    reading, value = reading_of("!If [C0, a, b]", f"Conditions:\n{chain}  C1000: !Equals [a, a]\n")
    assert plain(value) == "a"
    assert not reading.gaps
