"""The parser and python-hcl2's grammar read the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import syntax_reference as reference
from syntax_corpus import LAX, SNIPPETS

from auditor.errors import InputError
from auditor.sources.places import Origin
from auditor.sources.terraform.syntax import ast, parse_expression, parse_template, swift


@pytest.mark.parametrize("text", SNIPPETS)
def test_both_parsers_give_equal_values_and_places(text: str) -> None:
    assert swift.parse(text, "m.tf") == reference.parse(text, "m.tf")


@pytest.mark.parametrize("text", reference.DEVIATIONS)
def test_the_reference_rejects_its_known_deviations_alone(text: str) -> None:
    assert swift.parse(text, "m.tf").attributes
    with pytest.raises(InputError):
        reference.parse(text, "m.tf")


@pytest.mark.terraform
def test_terraform_reads_the_corpus(tmp_path: Path) -> None:
    for number, text in enumerate((*SNIPPETS, *reference.DEVIATIONS)):
        (tmp_path / f"{number}.tf").write_bytes(text.encode())
    said = subprocess.run(
        ["terraform", "fmt", "-write=false", "-list=false", "-no-color", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    refused = {text for number, text in enumerate(SNIPPETS) if f"/{number}.tf line" in said.stderr}
    assert refused == set(LAX)


def test_a_key_with_dots_is_a_reference_in_providers_alone() -> None:
    found = swift.parse('module "m" {\n  providers = { aws.a = aws.b }\n}\n', "m.tf")
    [(key, value)] = found.blocks[0].body.attributes[0].value.items
    assert isinstance(key, ast.GetAttribute)
    assert (key.object.name, key.name) == ("aws", "a")
    assert isinstance(value, ast.GetAttribute)
    with pytest.raises(InputError, match="a reference or a name with dots"):
        swift.parse("providers = { aws.a = 1 }\nb = { c.d = 1 }\n", "m.tf")


@pytest.mark.parametrize("text", ['core::upper("a")', 'core :: upper ("a")', '[core\n::\nupper("a")][0]'])
def test_a_function_in_a_namespace_is_called_by_its_whole_name(text: str) -> None:
    call = parse_expression(text, "x")
    if isinstance(call, ast.Index):
        call = call.object.items[0]
    assert isinstance(call, ast.Call)
    assert call.name == "core::upper"


def test_the_places_of_a_part_count_from_where_it_stands() -> None:
    origin = Origin(lines=4, columns=10, one_line=True)
    expression = parse_expression("a.b +\tc", "x", origin)
    assert (expression.at.line, expression.at.column) == (5, 11)
    template = parse_template("é ${a}\n${b}", "x", Origin(lines=4, columns=10))
    assert [(part.at.line, part.at.column) for part in template.parts] == [(5, 11), (5, 15), (5, 17), (6, 3)]


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    assert len(set(SNIPPETS)) == len(SNIPPETS) > 200
