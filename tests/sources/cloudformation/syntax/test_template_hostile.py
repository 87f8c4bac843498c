"""Whatever the text, the end is nodes or one gap, after work that the limits bound."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told import parsed, places, plain, problems, read

from auditor.sources.cloudformation.syntax import Call, parse, yaml_text
from auditor.sources.cloudformation.syntax.limits import DEPTH_LIMIT, NODE_LIMIT, SIZE_LIMIT
from auditor.tree import GapKind

LEVELS = 100_000
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
MERGES = f"a0: &a0 {{{', '.join(f'k{n}: 1' for n in range(100))}}}\n" + "".join(
    f"a{n}: &a{n} {{x: {{<<: *a{n - 1}}}, y: *a{n - 1}, <<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n"
    for n in range(1, 10)
)


def refusal(text: str | bytes, path: str = "t.yaml") -> str:
    """The one thing that is wrong with a text that has no root."""
    found = parsed(text, path)
    assert found.root is None
    (gap,) = found.gaps
    assert gap.kind is GapKind.SYNTAX
    assert gap.at.path == path
    return f"{gap.at.line}:{gap.at.column}: {gap.why}"


@pytest.mark.parametrize("text", [LAUGHS, MERGES])
def test_aliases_that_explode_are_refused_at_the_alias_that_is_too_much(text: str) -> None:
    assert f"more than {NODE_LIMIT:,} keys and values" in refusal(text)


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("a: [1, 2, 3]\nb: {c: 1}\n", 9),
        ("a: &a [1, {b: 2}]\nc: *a\nd: {<<: {e: *a}, f: 1}\n", 2 + 4 + 2 + 4 + 2 + 2 + 2 + 4 + 2),
        ("a: &a x\nb: [*a, *a, &b y]\n*b : 1\n", 9),
    ],
)
def test_keys_and_values_are_counted_at_each_use(
    text: str, nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_text, "NODE_LIMIT", nodes)
    assert read(text)
    monkeypatch.setattr(yaml_text, "NODE_LIMIT", nodes - 1)
    assert "keys and values" in refusal(text)


@pytest.mark.parametrize(
    "opening", ["[", "{", "{a: ", '{"a": ', '{"a": [', "- ", "? ", "a: [", "[\n", "- - ? "]
)
def test_what_is_nested_too_deeply_is_refused(opening: str) -> None:
    for path in ("t.yaml", "t.json"):
        assert refusal(opening * LEVELS, path)
        assert refusal("k: " + opening * LEVELS, path)


def test_indentation_that_is_nested_too_deeply_is_refused() -> None:
    text = "".join(f"{' ' * level}a:\n" for level in range(3000))
    assert refusal(text) == f"{DEPTH_LIMIT + 1}:{DEPTH_LIMIT + 1}: nested more than {DEPTH_LIMIT} levels deep"


def test_the_levels_behind_an_alias_count_as_if_they_stood_there() -> None:
    deep = "a: &a " + "[" * 60 + "]" * 60 + "\n"
    assert read(deep + "b: [*a]\n")
    assert "levels deep" in refusal(deep + "b: " + "[" * 40 + "*a" + "]" * 40)
    assert "levels deep" in refusal(
        deep + "b: &b " + "[" * 30 + "*a" + "]" * 30 + "\nc: " + "[" * 20 + "*b" + "]" * 20
    )


def test_a_hundred_levels_are_read() -> None:
    inner = "[" * (DEPTH_LIMIT - 1) + "]" * (DEPTH_LIMIT - 1)
    assert read(f"a: {inner}") == read(f'{{"a": {inner}}}')
    assert "levels deep" in refusal(f"a: [{inner}]")
    assert "levels deep" in refusal(f'{{"a": [{inner}]}}', "t.json")


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system",
        "!!python/object/new:os.system",
        "!!python/name:os.system",
        "!!python/module:os",
        "!<tag:yaml.org,2002:python/object/apply:os.system>",
    ],
)
def test_a_tag_constructs_nothing(tag: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    found = parsed(f"a: {tag} ['touch {trace}']\nb: 1\n")
    assert found.root is not None
    assert isinstance(found.root.entries[0].value, Call)
    assert found.root.entries[1].key == "b"
    assert [gap.kind for gap in found.gaps] == [GapKind.INVALID]
    assert not trace.exists()


@pytest.mark.parametrize("path", ["t.yaml", "t.json"])
def test_a_text_of_fifty_megabytes_is_refused_by_its_size(path: str) -> None:
    assert refusal(b"a: " + b"x" * 50_000_000, path) == "0:0: a template of 50 MB"


def test_a_text_of_as_many_bytes_as_are_taken_is_read() -> None:
    assert len(read(b"a: " + b"x" * (SIZE_LIMIT - 3))["a"]) == SIZE_LIMIT - 3


@pytest.mark.parametrize("text", ["a: [" + "1, " * NODE_LIMIT + "1]", '{"a": [' + "1, " * NODE_LIMIT + "1]}"])
def test_more_values_than_the_limit_are_refused(text: str) -> None:
    assert "keys and values" in refusal(text)


def test_many_problems_are_told_as_the_first_few_and_a_number() -> None:
    found = parsed("a: 1\n" * 1000)
    assert len(found.gaps) == 20
    assert found.gaps[-1].why.endswith("; 979 more places in this file are not valid")


def test_a_long_name_is_shown_by_its_begin() -> None:
    assert len(problems("a: *" + "x" * 100_000)[0]) < 200
    assert len(parsed(f"a: !<{'x' * 100_000}> 1").gaps[0].what) < 200


SANE = (
    "a: &x {b: !Ref c}\nd: {<<: *x}\n",
    "a: |\n  b\n\n  c\nd: >-\n  e\n  f\n'g': \"\\n\\u00e9\"\n",
    "Resources:\n  A:\n  - !Sub\n    - ${a}\n    - a: !GetAtt b.c\n  - !If [a, !Ref b, 012]\n",
    "a: 1\r\né: é # c\r\nb: [1,\r\n 2]\r\n",
)
PIECES = (
    *(
        "a",
        "a: ",
        "- ",
        "? ",
        ": ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!Ref ",
        "!!binary ",
        "<<: ",
        "|\n",
        ">-\n",
    ),
    *(
        '"',
        "'",
        "\\",
        "\\ud800",
        "#",
        "\n",
        "\n  ",
        "\t",
        "\r\n",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "%TAG ! x\n",
    ),
    *("é", "\x85", "\u2028", "\ufeff", "\0", "0x_", "0b", "1:2", "1e5", "null", "~", "@", "`", "!", "!<x> "),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(("t.yaml", "t.json")))
def test_any_text_gives_nodes_or_one_gap(pieces: list[str], path: str) -> None:
    hold("".join(pieces).encode(), path)


@settings(max_examples=300)
@given(st.binary(max_size=100), st.sampled_from(("t.yaml", "t.json")))
def test_any_bytes_give_nodes_or_one_gap(content: bytes, path: str) -> None:
    hold(content, path)


def hold(content: bytes, path: str) -> None:
    """Hold that a text gives nodes that all have places, or one gap that has one."""
    found = parse(content, path)
    if found.root is None:
        assert [gap.kind for gap in found.gaps] == [GapKind.SYNTAX]
    else:
        assert all(place.line > 0 and place.column > 0 for place, _ in places(found.root))
        assert plain(found.root) is not None


def test_without_the_c_loader_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    swift = [parsed(text) for text in SANE]
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert [parsed(text) for text in SANE] == swift


def test_without_the_c_loader_any_text_gives_nodes_or_one_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    draw = random.Random(4)
    for _ in range(1000):
        hold("".join(draw.choices(PIECES, k=12)).encode(), "t.yaml")
    for text in ("[" * 3000, "- " * 3000, "a: x\0", '"\\UFFFFFFFF"', "%YAML " + "9" * 5000 + ".1\n--- x"):
        assert parsed(text).root is None
