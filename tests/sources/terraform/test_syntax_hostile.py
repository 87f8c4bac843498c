"""Whatever the text, the answer is a body or an ``InputError``, and both within seconds."""

from __future__ import annotations

import time

import pytest
import syntax_reference as reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syntax_corpus import SNIPPETS

from auditor.errors import InputError
from auditor.sources.terraform.syntax import parse_expression, parse_file_text, parse_template, swift
from auditor.sources.terraform.syntax.ast import Body

PIECES = (
    *(
        '"',
        "${",
        "}",
        "%{",
        "~",
        "(",
        ")",
        "[",
        "]",
        "{",
        "\n",
        "\r\n",
        "<<EOT\n",
        "<<-EOT\n",
        "EOT",
        "=",
        " ",
    ),
    *(
        "*",
        ".",
        "[*]",
        ".*",
        "?",
        ":",
        "for ",
        "in ",
        "if ",
        "endif",
        "=>",
        "...",
        "\\",
        "$",
        "%",
        "#",
        "/*",
        "*/",
    ),
    *(
        "é",
        "0",
        "1e5",
        "-",
        "!",
        "\0",
        "\f",
        "::",
        ",",
        '"x"',
        "null",
        "a",
        "a.b",
        "EOT\n",
        "\ufeff",
        "\ud800",
    ),
)
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A snippet of the corpus with a few pieces put in or cut out."""
    text = draw(st.sampled_from(SNIPPETS))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 3))
        text = text[:place] + draw(st.sampled_from(("", *PIECES))) + text[place + cut :]
    return text


def refused(error: InputError, path: str) -> None:
    """Hold that an error says what it is about and where."""
    assert error.at.startswith(path)
    assert error.message


def body_or_error(text: bytes, path: str) -> Body | None:
    try:
        return parse_file_text(text, path)
    except InputError as error:
        return refused(error, path)


@RELAXED
@given(st.binary(max_size=200), st.sampled_from(("m.tf", "m.tf.json", "m.tofu", "x.tfvars.json")))
def test_random_bytes_give_a_body_or_an_input_error(text: bytes, path: str) -> None:
    body_or_error(text, path)


@RELAXED
@given(mutated())
def test_mutated_text_gives_a_body_or_an_input_error(text: str) -> None:
    body_or_error(text.encode("utf-8", "surrogatepass"), "m.tf")


@RELAXED
@given(mutated())
def test_where_both_parsers_read_a_mutation_they_read_the_same(text: str) -> None:
    try:
        data = swift.utf8(text, "m.tf")
        expected = reference.parse(data, "m.tf")
        found = swift.parse(data, "m.tf")
    except InputError:
        return
    assert found == expected


@RELAXED
@given(mutated())
def test_templates_and_expressions_give_a_value_or_an_input_error(text: str) -> None:
    for parse in (parse_template, parse_expression):
        try:
            parse(text, "x")
        except InputError as error:
            refused(error, "x")


@RELAXED
@given(st.recursive(st.sampled_from(('"${a}"', "1", "null", '"x"')), lambda inner: st.lists(inner).map(str)))
def test_nested_json_gives_a_body_or_an_input_error(text: str) -> None:
    body_or_error(f'{{"locals": {{"a": {text.replace(chr(39), chr(34))}}}}}'.encode(), "m.tf.json")


DEEP = {
    "tuples": "a = " + "[" * 5000 + "]" * 5000,
    "parentheses": "a = " + "(" * 5000 + "1" + ")" * 5000,
    "objects": "a = " + "{a=" * 5000 + "1" + "}" * 5000,
    "calls": "a = " + "f(" * 5000 + "1" + ")" * 5000,
    "sums": "a = 1" + " + 1" * 5000,
    "conditionals": "a = " + "b ? c : " * 5000 + "d",
    "signs": "a = " + "!" * 5000 + "b",
    "names": "a = b" + ".c" * 5000,
    "indexes": "a = b" + "[0]" * 5000,
    "splats": "a = b" + "[*]" * 5000,
    "templates": 'a = "' + '${"' * 2000 + "x" + '"}' * 2000 + '"',
    "directives": 'a = "' + "%{if a}" * 2000 + "%{endif}" * 2000 + '"',
    "blocks": "a {\n" * 5000 + "}\n" * 5000,
    "for": "a = " + "[for x in " * 2000 + "y" + ": x]" * 2000,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deeply_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(InputError, match="nested more than 100 levels deep") as caught:
        parse_file_text(DEEP[name].encode(), "m.tf")
    assert caught.value.at.startswith("m.tf:")


@pytest.mark.parametrize("name", DEEP)
def test_both_parsers_refuse_what_is_nested_too_deeply(name: str) -> None:
    with pytest.raises(InputError):
        reference.parse(DEEP[name], "m.tf")


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 5000, '{"locals": {"a": ' + "[" * 5000])
def test_json_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="levels deep"):
        parse_file_text(text.encode(), "m.tf.json")


def test_ninety_levels_are_read() -> None:
    assert parse_file_text(("a = " + "[" * 90 + "]" * 90).encode(), "m.tf").attributes
    assert reference.parse("a = " + "[" * 90 + "]" * 90, "m.tf").attributes


SIZE = 1_000_000
HUGE = {
    "quotes": '"' * SIZE,
    "quotes in an argument": "a = " + '"' * SIZE,
    "brackets": "a = " + "[" * SIZE,
    "a string": 'a = "' + "x" * SIZE + '"',
    "escapes": 'a = "' + "\\n" * (SIZE // 2) + '"',
    "dollars": 'a = "' + "$" * SIZE + '"',
    "a number": "a = " + "9" * SIZE,
    "a list": "a = [" + '"10.0.0.0/8", ' * (SIZE // 14) + "]",
    "a list beyond ASCII": 'a = ["é", ' + '"10.0.0.0/8", ' * (SIZE // 14) + "]",
    "a list that never ends": "a = [" + "1," * (SIZE // 2),
    "an object": "a = {" + "b=1," * (SIZE // 4) + "}",
    "interpolations": 'a = "' + "${b}" * (SIZE // 4) + '"',
    "directives": 'a = "' + "%{if b}c%{endif}" * (SIZE // 16) + '"',
    "a heredoc": "a = <<-EOT\n" + "  b\n" * (SIZE // 4) + "EOT\n",
    "a heredoc of insertions": "a = <<-EOT\n" + "  ${b}\n" * (SIZE // 7) + "EOT\n",
    "a heredoc that never ends": "a = <<EOT\n" + "b\n" * (SIZE // 2),
    "heredocs": "a = <<A\nA\n" * (SIZE // 10),
    "comments": "/**/" * (SIZE // 4),
    "comments that never end": "/*" * (SIZE // 2),
    "blank lines": "\r\n" * (SIZE // 2),
    "arguments": "a=1\n" * (SIZE // 4),
    "blocks": "a{}\n" * (SIZE // 4),
    "labels": "a " + '"b" ' * (SIZE // 4),
    "hyphens": "a = b" + "-" * SIZE,
    "NUL": "\0" * SIZE,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_megabyte_of_anything_takes_seconds(name: str) -> None:
    begin = time.process_time()
    body_or_error(HUGE[name].encode(), "m.tf")
    assert time.process_time() - begin < 12
