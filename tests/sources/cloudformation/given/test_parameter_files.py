"""The shapes are those of the tools' own pages, which the module names."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.sources.cloudformation.given.files import read_parameter_file

LIST = """[
  {"ParameterKey": "Env", "ParameterValue": "prod"},
  {"ParameterKey": "Cidr", "ParameterValue": "10.0.0.0/16"}
]"""
SAM = "[default.deploy.parameters]\nparameter_overrides = "
IN_QUOTES = '"Env=\\"prod\\" Cidr=\'10.0.0.0/16\'"\n'
IN_PAIRS = '"ParameterKey=Env,ParameterValue=prod ParameterKey=Cidr,ParameterValue=10.0.0.0/16"\n'


def values(folder: Path, name: str, text: str) -> dict[str, str | None]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return {each.name: each.text for each in read_parameter_file(str(path))}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.json", LIST),
        ("pairs.json", '["Env=prod", "Cidr=10.0.0.0/16"]'),
        ("pipeline.json", '{"Parameters": {"Env": "prod", "Cidr": "10.0.0.0/16"}, "Tags": {"a": "b"}}'),
        ("map.json", '{"Env": "prod", "Cidr": "10.0.0.0/16"}'),
        ("map.yaml", "Env: prod\nCidr: 10.0.0.0/16\n"),
        ("list.yaml", "- ParameterKey: Env\n  ParameterValue: prod\n- Cidr=10.0.0.0/16\n"),
        ("samconfig.toml", f"version = 0.1\n{SAM}{IN_QUOTES}"),
        ("samconfig.toml", f"{SAM}{IN_PAIRS}"),
        (
            "samconfig.toml",
            '[default.global.parameters]\nparameter_overrides = ["Env=prod", "Cidr=10.0.0.0/16"]\n',
        ),
    ],
)
def test_every_shape_of_a_file_gives_the_same_values(tmp_path: Path, name: str, text: str):
    assert values(tmp_path, name, text) == {"Env": "prod", "Cidr": "10.0.0.0/16"}


def test_values_are_the_text_that_cloudformation_takes(tmp_path: Path):
    text = '{"On": true, "Count": 3, "Ids": ["a", "b"], "Made": {"Fn::GetAtt": ["x", "y"]}}'
    assert values(tmp_path, "map.json", text) == {"On": "true", "Count": "3", "Ids": "a,b", "Made": None}


def test_a_previous_value_is_not_known(tmp_path: Path):
    text = '[{"ParameterKey": "Env", "UsePreviousValue": true, "ParameterValue": ""}]'
    assert values(tmp_path, "list.json", text) == {"Env": None}


def test_sams_configuration_says_the_region_and_the_name_of_the_stack(tmp_path: Path):
    text = '[default.global.parameters]\nregion = "eu-west-1"\n'
    text += '[default.deploy.parameters]\nstack_name = "shop"\n'
    assert values(tmp_path, "samconfig.toml", text) == {
        "AWS::Region": "eu-west-1",
        "AWS::StackName": "shop",
    }


def test_each_value_has_its_place(tmp_path: Path):
    path = tmp_path / "list.json"
    path.write_text(LIST, encoding="utf-8")
    assert [(each.at.line, each.at.column) for each in read_parameter_file(str(path))] == [(2, 21), (3, 21)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broken.json", '{"a": '),
        ("number.json", "[1]"),
        ("text.yaml", "just words"),
        ("broken.toml", "a = = b"),
        ("deep.json", "[" * 100_000),
        ("object.yaml", "!!python/object/apply:os.system ['true']"),
    ],
)
def test_a_file_of_no_shape_is_one_error_that_says_what_to_write(tmp_path: Path, name: str, text: str):
    with pytest.raises(InputError, match="samconfig"):
        values(tmp_path, name, text)


def test_a_file_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="cannot read the parameters"):
        read_parameter_file("missing.json")
