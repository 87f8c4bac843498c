"""Whatever a value is and however it is written, it is read as PyYAML and json read it, and where they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told import parsed, places, read

from auditor.sources.cloudformation.syntax import Call, Entries, Entry, Items, Syntax
from auditor.tree import Location, Scalar

BREAKS = "\x85\u2028\u2029"  # what PyYAML writes of these is not what it reads
ODD = (
    "0644",
    "yes",
    "2010-09-09",
    "22:22",
    "null",
    "~",
    "<<",
    "Ref",
    "Fn::Sub",
    "*a",
    "&a",
    "!Ref a",
    "a: b",
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters=BREAKS)
TEXTS = st.text(CHARACTERS, max_size=12) | st.sampled_from(ODD)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
MAPS = st.dictionaries(TEXTS, VALUES, max_size=5)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from((True, False, None)),
        "default_style": st.sampled_from((None, '"', "'", "|", ">")),
        "allow_unicode": st.booleans(),
        "indent": st.sampled_from((2, 4, 7)),
        "width": st.sampled_from((20, 80, 1000)),
        "explicit_start": st.booleans(),
        "line_break": st.sampled_from(("\n", "\r\n")),
    }
)
PATIENT = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def exact(value: Any) -> Any:
    """A value in which numbers of two types are two, and -0.0 is not 0.0."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    return (type(value), repr(value))


@PATIENT
@given(MAPS, STYLES)
def test_yaml_of_any_style_is_read_as_pyyaml_reads_it(value: dict[str, Any], style: dict[str, Any]) -> None:
    text = yaml.dump(value, Dumper=yaml.SafeDumper, **style)
    if '"<<"' in text or "'<<'" in text:  # PyYAML merges also where it is quoted
        return
    # Not as it was dumped: PyYAML folds some texts so that it reads them otherwise itself.
    assert exact(read(text)) == exact(yaml.safe_load(text))


@PATIENT
@given(MAPS, st.sampled_from((None, 0, 2, "\t")), st.booleans(), st.sampled_from((None, (" ,", " : "))))
def test_json_of_any_style_is_read_as_json_reads_it(
    value: dict[str, Any], indent: Any, escaped: bool, separators: Any
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped, separators=separators)
    for path in ("t.json", "t.yaml"):
        assert exact(read(text, path)) == exact(value)


@PATIENT
@given(MAPS, STYLES)
def test_in_yaml_every_place_is_the_one_that_pyyaml_gives(
    value: dict[str, Any], style: dict[str, Any]
) -> None:
    text = yaml.dump(value, Dumper=yaml.SafeDumper, **style)
    root = parsed(text).root
    assert root is not None
    if not any(each in text for each in ("Ref", "Fn::", "<<")):
        found = [(place.line, place.column) for place, _ in places(root)]
        assert found == [
            _line_and_column(text, index) for index in _marks(yaml.compose(text, yaml.SafeLoader))
        ]


def _marks(node: Any) -> Iterator[int]:
    yield node.start_mark.index
    for each in node.value if not isinstance(node, yaml.ScalarNode) else ():
        if isinstance(node, yaml.MappingNode):
            yield each[0].start_mark.index
            yield from _marks(each[1])
        else:
            yield from _marks(each)


def _line_and_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


@PATIENT
@given(MAPS, st.sampled_from((None, 0, 2, "\t")), st.booleans())
def test_in_json_every_place_is_where_the_value_begins(
    value: dict[str, Any], indent: Any, escaped: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    root = parsed(text, "t.json").root
    assert root is not None
    lines = text.split("\n")
    for place, node in places(root):
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        begins, _ = json.JSONDecoder().raw_decode(rest)
        assert exact(begins) == exact(_written(node))


def _written(node: Syntax | Entry) -> Any:
    match node:
        case Entry(key):
            return key
        case Scalar(value):
            return value
        case Items(items):
            return [_written(item) for item in items]
        case Entries(entries):
            return {entry.key: _written(entry.value) for entry in entries}
        case Call(name, argument):
            return {name: _written(argument)}


@PATIENT
@given(MAPS)
def test_a_text_in_both_languages_gives_equal_nodes(value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=True)
    if "\\ud" in text or '"<<"' in text or "e" in text.lower().replace("true", "").replace("false", ""):
        return  # pairs of surrogates and exponents without a sign are JSON's alone
    in_yaml = parsed("# not JSON\n" + text)
    in_json = parsed("\n" + text)
    assert in_yaml == in_json
    assert in_json.root is not None
    assert in_json.root.at == Location("t.yaml", 2, 1)
