"""Templates in JSON, and JSON and YAML in files that are named after the other."""

from __future__ import annotations

import pytest
from told import parsed, places, problems, read

from auditor.sources.cloudformation.syntax import Call, Entries
from auditor.tree import GapKind


def in_json(text: str) -> object:
    return read(text, "t.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": -2.5, "c": 1e3, "d": 10.0}', {"a": 1, "b": -2.5, "c": 1000.0, "d": 10.0}),
        ('{"a": [true, false, null, {}, []]}', {"a": [True, False, None, {}, []]}),
        ('{"a": "yes", "b": "0644", "c": "2010-09-09"}', {"a": "yes", "b": "0644", "c": "2010-09-09"}),
        ('{"a": "\\ud83d\\ude00", "b": "\\n\\"\\u00e9"}', {"a": "😀", "b": '\n"é'}),
        ('{"a": "\\ud83d", "\\ude00": 1}', {"a": "\ufffd", "\ufffd": 1}),
        ('{"a": 1e999, "b": ' + "9" * 5000 + "}", {"a": "1e999", "b": "9" * 5000}),
        ('\n\t{\r\n"a" : [ 1 , 2 ] }\n', {"a": [1, 2]}),
    ],
)
def test_json_is_read_as_it_is_written(text: str, expected: object) -> None:
    assert in_json(text) == expected
    assert read(text, "t.yaml") == expected


def test_every_key_and_value_knows_its_place() -> None:
    root = parsed('{"é": [1,\n "x"],\n  "R": {"Ref": "y"}}', "t.json").root
    assert root is not None
    assert [(place.line, place.column) for place, _ in places(root)] == [
        *((1, 1), (1, 2), (1, 7), (1, 8), (2, 2), (3, 3), (3, 8), (3, 16)),
    ]


def test_functions_are_calls_and_the_outermost_map_is_none() -> None:
    root = parsed('{"Fn::Transform": {"Fn::ForEach::a": [{"Fn::GetAtt": ["a", "b"]}]}}', "t.json").root
    assert root is not None
    inner = root.entries[0].value
    assert isinstance(inner, Entries)
    assert isinstance(inner.entries[0].value.items[0], Call)  # type: ignore[union-attr]


def test_of_a_key_that_stands_twice_the_last_counts_and_both_places_are_told() -> None:
    text = '{"a": 1,\n "b": {"c": 1, "c": 2},\n "a": 3}'
    found = parsed(text, "t.json")
    assert found.root is not None
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID] * 2
    assert problems(text, "t.json") == [
        "2:16: it stands twice in one map, at 2:8 and here; the last one counts",
        "3:2: it stands twice in one map, at 1:2 and here; the last one counts",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,}', '1:9: expected a value, found "}"'),
        ('{"a": [1,]}', '1:10: expected a value, found "]"'),
        ('{"a" 1}', '1:6: expected ":", found "1"'),
        ("{a: 1}", '1:2: expected a name in double quotes, found "a"'),
        ('{"a": 01}', '1:8: expected "," or "}", found "1"'),
        ('{"a": truex}', '1:7: expected a value, found "t"'),
        ('{"a": 1} x', '1:10: expected the end of the file, found "x"'),
        ('{"a": "\n"}', "1:8: this string is not valid: invalid control character"),
        ('{"a": "x', "1:7: this string is not valid: unterminated string starting"),
    ],
)
def test_what_is_no_json_says_why_and_where(text: str, expected: str) -> None:
    assert problems(text, "t.json") == [expected]


def test_yaml_in_a_file_named_json_is_yaml() -> None:
    assert in_json("Resources:\n  A: !Ref b\n") == {"Resources": {"A": {"Ref": "b"}}}


def test_yaml_in_braces_is_yaml() -> None:
    assert read("{Resources: {A: !Ref b}} # in short") == {"Resources": {"A": {"Ref": "b"}}}


def test_of_what_is_neither_the_name_says_what_it_was_meant_to_be() -> None:
    assert problems('{"a": [1}', "t.yaml")[0].startswith("1:9: not valid YAML")
    assert problems('{"a": [1}', "t.json") == ['1:9: expected "," or "]", found "}"']
    assert problems('{"a": [1}', "t.template") == ['1:9: expected "," or "]", found "}"']


def test_what_is_wrong_is_told_once_where_json_is_read_as_yaml_in_the_end() -> None:
    assert len(problems('{"a": 1, "a": 2, b: 3}')) == 1
