"""Templates in YAML: what each spelling means, and where it stands."""

from __future__ import annotations

import pytest
from told import parsed, places, plain, problems, read, value

from auditor.sources.cloudformation.syntax import Call, Entries, Items
from auditor.tree import GapKind, Location, Scalar


def at(line: int, column: int) -> Location:
    return Location("t.yaml", line, column)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp", "tcp"),
        ("443", 443),
        ("-1", -1),
        ("1_000", 1000),
        ("0644", 0o644),
        ("0x1F", 31),
        ("0b11", 3),
        ("22:22", 1342),
        ("-1:30", -90),
        ("1:20.5", 80.5),
        ("1.10", 1.1),
        ("1.5e+3", 1500.0),
        (".5", 0.5),
        ("012345670123", 1402433619),
        ("0", 0),
        ("-0", 0),
        ("yes", True),
        ("On", True),
        ("no", False),
        ("OFF", False),
        ("true", True),
        ("~", None),
        ("null", None),
        ("", None),
    ],
)
def test_a_plain_word_has_the_type_that_yaml_1_1_gives_it(text: str, expected: object) -> None:
    found = value(text)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    "text",
    [
        *("2010-09-09", "2001-12-14t21:59:43.10-05:00", "012345678901", "10.0.0.0/16", "10.0.0.1", "::/0"),
        *(
            "y",
            "N",
            "yEs",
            "1e3",
            "1.5e3",
            "-.5",
            "0x",
            "0b_",
            "08",
            "60:60",
            "01:30",
            ".inf",
            "-.INF",
            ".nan",
        ),
        *("1.0e+999", "9" * 401, "+", ".", "=", "a:b", "٣"),
    ],
)
def test_a_plain_word_of_no_such_type_is_its_text(text: str) -> None:
    assert value(text) == text


@pytest.mark.parametrize("text", ["443", "yes", "null", "0644", "2010-09-09", "012345678901", "<<", ""])
def test_what_is_quoted_is_text(text: str) -> None:
    assert value(f"'{text}'") == text
    assert value(f'"{text}"') == text
    assert value(f"!!str '{text}'") == text


def test_yaml_types_may_be_named() -> None:
    assert value("[!!str 0644, !!int '5', !!float '1.5', !!bool 'yes', !!null '~', !!seq [], !!map {}]") == [
        *("0644", 5, 1.5, True, None, [], {}),
    ]


def test_block_scalars_keep_or_fold_their_lines() -> None:
    assert read("a: |\n  x\n  y\nb: >-\n  x\n  y\nc: |+\n  x\n\n") == {
        "a": "x\ny\n",
        "b": "x y",
        "c": "x\n\n",
    }


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("!Ref x", "Ref"),
        ("!Condition x", "Condition"),
        ("!Sub x", "Fn::Sub"),
        ("!GetAtt x", "Fn::GetAtt"),
        ("!ImportValue x", "Fn::ImportValue"),
        ("!Transform x", "Fn::Transform"),
        ("!GetAZs x", "Fn::GetAZs"),
    ],
)
def test_a_short_tag_is_a_call_by_its_full_name(short: str, name: str) -> None:
    root = parsed(f"k: {short}").root
    assert root is not None
    assert root.entries[0].value == Call(name, Scalar("x", at(1, 4)), at(1, 4))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref x", "{Ref: x}"),
        ("!GetAtt [a, b]", "{'Fn::GetAtt': [a, b]}"),
        ("!If [c, !Ref x, !Sub '${y}']", "{'Fn::If': [c, {Ref: x}, {'Fn::Sub': '${y}'}]}"),
        ("!Sub ['${a}', {a: !GetAtt b.c}]", "{'Fn::Sub': ['${a}', {a: {'Fn::GetAtt': b.c}}]}"),
        ("!Transform {Name: AWS::Include}", "{'Fn::Transform': {Name: AWS::Include}}"),
        ("!Base64\n  Fn::Sub: x", "{'Fn::Base64': {'Fn::Sub': x}}"),
    ],
)
def test_a_short_tag_and_the_long_form_are_one(short: str, long: str) -> None:
    assert value(short) == value(long)
    root = parsed(f"k: {long}").root
    assert root is not None
    assert isinstance(root.entries[0].value, Call)


@pytest.mark.parametrize("argument", ["yes", "0644", "''", "012345670123", ""])
def test_the_word_behind_a_short_tag_is_text(argument: str) -> None:
    assert value(f"!Sub {argument}") == {"Fn::Sub": argument.strip("'")}


def test_a_map_of_more_keys_is_no_call() -> None:
    root = parsed("k: {Ref: a, b: c}\nl: {Condition: c}\nm: {refer: a}").root
    assert root is not None
    assert [type(entry.value) for entry in root.entries] == [Entries] * 3


def test_for_each_gives_keys_to_its_map_and_is_no_call() -> None:
    root = parsed("Resources:\n  Fn::ForEach::All: [x, [a], {}]").root
    assert root is not None
    assert isinstance(root.entries[0].value, Entries)


def test_the_outermost_map_is_no_call() -> None:
    assert read("Fn::Transform: {Name: x}") == {"Fn::Transform": {"Name": "x"}}


def test_every_key_and_value_knows_its_place() -> None:
    root = parsed("A:\r\n  é: [1, !Ref x]\r\n  c: |\r\n    d\r\n").root
    assert root is not None
    assert [(place.line, place.column) for place, _ in places(root)] == [
        *((1, 1), (1, 1), (2, 3), (2, 3), (2, 6), (2, 7), (2, 10), (2, 10), (3, 3), (3, 6)),
    ]


def test_lines_are_those_of_an_editor() -> None:
    root = parsed("a: x\u2028b: 1\nc: x\x85\nd: y\n").root
    assert root is not None
    assert {entry.key: (entry.at.line, entry.at.column) for entry in root.entries} == {
        "a": (1, 1),
        "b": (1, 6),
        "c": (2, 1),
        "d": (3, 1),
    }


def test_keys_are_the_text_that_is_written() -> None:
    assert read("yes: 1\n012345670123: 2\n1.10: 3\n'null': 4\n? k\n: 5\n") == {
        "yes": 1,
        "012345670123": 2,
        "1.10": 3,
        "null": 4,
        "k": 5,
    }


def test_an_alias_is_what_its_anchor_names_in_the_place_of_the_alias() -> None:
    root = parsed("a: &x [1]\nb: *x\nc: &y t\nd: *y\n&k e: 1\nf: *k\n*k : 2").root
    assert root is not None
    assert root.entries[1].value == Items((Scalar(1, at(1, 8)),), at(2, 4))
    assert root.entries[3].value == Scalar("t", at(4, 4), (at(3, 4),))
    assert plain(root) == {"a": [1], "b": [1], "c": "t", "d": "t", "e": 2, "f": "e"}


def test_an_anchor_may_be_given_again() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x") == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    ("merge", "expected"),
    [
        ("<<: *x", {"p": 1, "q": 2}),
        ("q: 3, <<: *x", {"p": 1, "q": 3}),
        ("<<: *x, q: 3", {"p": 1, "q": 3}),
        ("<<: [*y, *x]", {"p": 9, "q": 2, "r": 8}),
        ("<<: [*x, *y]", {"p": 1, "q": 2, "r": 8}),
        ("<<: {p: 7, <<: *y}", {"p": 7, "r": 8}),
        ("<<: *x, <<: *y", {"p": 9, "q": 2, "r": 8}),
        ("<<: *f, Ref: b", {"Ref": "b"}),
        ("<<: *f", {"Ref": "a"}),
        ("<<: []", {}),
        ("'<<': *x", {"<<": {"p": 1, "q": 2}}),
    ],
)
def test_a_merge_gives_the_keys_that_are_not_there(merge: str, expected: object) -> None:
    text = f"x: &x {{p: 1, q: 2}}\ny: &y {{p: 9, r: 8}}\nf: &f {{Ref: a}}\nk: {{{merge}}}\n"
    assert read(text)["k"] == expected


def test_a_merged_function_is_a_call() -> None:
    root = parsed("a: &a {Ref: x}\nb: {<<: *a}").root
    assert root is not None
    assert root.entries[1].value == Call("Ref", Scalar("x", at(1, 13)), at(2, 4))


def test_of_a_key_that_stands_twice_the_last_counts_and_both_places_are_told() -> None:
    found = parsed("R:\n  a: 1\n  b: 2\n  a: 3\n")
    assert found.root is not None
    assert plain(found.root) == {"R": {"a": 3, "b": 2}}
    (gap,) = found.gaps
    assert (gap.kind, gap.what, gap.at) == (GapKind.INVALID, "the key 'a'", at(4, 3))
    assert gap.why == "it stands twice in one map, at 2:3 and here; the last one counts"


def test_a_tag_that_nobody_knows_is_a_call_under_that_tag_and_told() -> None:
    found = parsed("a: !!binary eA==\nb: !x/y 1\nc: !<Ref> z\nd: !!timestamp 2001-01-01\ne: !!int x\n")
    assert found.root is not None
    assert [type(entry.value) for entry in found.root.entries] == [Call] * 5
    assert plain(found.root) == {
        "a": {"!!binary": "eA=="},
        "b": {"!x/y": "1"},
        "c": {"!<Ref>": "z"},
        "d": {"!!timestamp": "2001-01-01"},
        "e": {"!!int": "x"},
    }
    assert [(gap.kind, gap.at.line) for gap in found.gaps] == [
        (GapKind.INVALID, line) for line in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: there is nothing in this file"),
        ("# nothing\n", "2:1: there is nothing in this file"),
        ("- a\n", "1:1: a template is a map, and this is none"),
        ("text", "1:1: a template is a map, and this is none"),
        ("!Sub {a: b}", "1:1: a template is a map, and this is none"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here"),
        ("a: *b\n", "1:4: no anchor before this is named 'b'"),
        ("a: &b {c: [*b]}\n", "1:12: the alias 'b' stands within what it stands for"),
        ("&a\nb: {<<: *a}\n", "2:9: the alias 'a' stands within what it stands for"),
        ("a: {<<: 1}\n", "1:9: << merges maps, and this is none"),
        ("a: &a [1]\nb: {<<: *a}\n", "2:9: << merges maps, and this is none"),
        ("a: &a !If {b: c}\nb: {<<: *a}\n", "2:9: << merges maps, and this is none"),
        ("{{ x }}: 1\n", "1:1: a key must be text"),
        ("a:\n  ? [b]\n  : 1\n", "2:5: a key must be text"),
        ("!Ref a: 1\n", "1:1: a key must be text"),
        ("a: 1\nb: {!Ref a: 1}\n", "2:5: a key must be text"),
        ("'null': 1\nb: {null: 1}\n", "2:5: a key without a name"),
        ("&a [1]: 2\n*a : 3\n", "1:1: a key must be text"),
        ("~: 1\n", "1:1: a key without a name"),
        ("? \n: 1\n", "1:2: a key without a name"),
        ("a: x\0y\n", "1:5: the character U+0000 may not stand in YAML"),
        ("é: \x07\n", "1:4: the character U+0007 may not stand in YAML"),
        ("a: '\ud800'", "1:5: the byte 0xed is not UTF-8"),
        ("é: é\nb: ".encode() + b"\xe9", "2:4: the byte 0xe9 is not UTF-8"),
    ],
)
def test_what_is_no_template_says_why_and_where(text: str | bytes, expected: str) -> None:
    found = parsed(text)
    assert found.root is None
    assert [gap.kind for gap in found.gaps] == [GapKind.SYNTAX]
    assert problems(text)[0].startswith(expected)


@pytest.mark.parametrize(
    "text", ["a:\n\tb: 1\n", "\ta: 1\n", "a: [1,\n", "a: 'x\n", "a: b: c\n", "a: !Base64 !Sub x"]
)
def test_what_is_no_yaml_says_why_and_where(text: str) -> None:
    (gap,) = parsed(text).gaps
    assert gap.kind is GapKind.SYNTAX
    assert gap.why.startswith("not valid YAML: ")
    assert gap.at.line > 0
    assert ("tabs" in gap.settled_by) == ("\t" in text)


@pytest.mark.parametrize(
    "text", ["a: 1\nb: é\n", "a: 1\r\nb: é\r\n", "a: 1\rb: é\r", "---\na: 1\nb: é\n...\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_encodings_make_no_difference(text: str, encoding: str) -> None:
    found = read(text.encode(encoding))
    assert found == {"a": 1, "b": "é"}


def test_what_is_not_the_utf_16_that_it_begins_as_is_refused() -> None:
    assert problems(b"\xff\xfea")[0].endswith("this is not the UTF-16 that it begins as")
