from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import RuleError
from auditor.sources.config import Configuration, read_configuration
from tests.sources.terraform.evaluating import plain


def written(folder: Path, text: str) -> str:
    path = folder / "netaudit.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_file_there_are_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert read_configuration(None) == Configuration()


def test_the_file_of_the_current_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "fail-on: low\n")
    assert read_configuration(None).fail_on == "low"


def test_modules_are_relative_to_the_file(tmp_path: Path):
    path = written(tmp_path, "modules:\n  acme/net/aws: vendor/net\n")
    assert read_configuration(path).modules == {"acme/net/aws": str(tmp_path / "vendor" / "net")}


def test_tiers_are_taken_as_they_are(tmp_path: Path):
    path = written(tmp_path, "tiers: {sg-app: app, sg-db: data}\n")
    assert read_configuration(path).tiers == {"sg-app": "app", "sg-db": "data"}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "modules:\ntiers:\n"])
def test_a_file_that_says_nothing_sets_nothing(tmp_path: Path, text: str):
    assert read_configuration(written(tmp_path, text)) == Configuration()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("module: {}\n", "did you mean modules?"),
        ("zzz: 1\n", "one of modules, roots, parameters, parameter-files, stacks, tiers, fail-on"),
        ("- a\n- b\n", "expected settings"),
        ("modules: [a]\n", "modules: expected"),
        ("tiers: {app: [a]}\n", "tiers: expected"),
        ("modules: text\n", "modules: expected"),
        ("fail-on: 3\n", "fail-on: expected a severity"),
        ("a: [\n", "not YAML"),
        ("!!python/object/apply:os.system ['true']\n", "not YAML"),
        ("modules: &a [*a]\n", "modules: expected"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_it(tmp_path: Path, text: str, said: str):
    path = written(tmp_path, text)
    with pytest.raises(RuleError) as raised:
        read_configuration(path)
    assert said in str(raised.value)
    assert str(raised.value).startswith(path)


def test_what_is_no_text_is_an_error(tmp_path: Path):
    (tmp_path / "netaudit.yaml").write_bytes(b"tiers: \xff\xfe")
    with pytest.raises(RuleError, match="not YAML"):
        read_configuration(str(tmp_path / "netaudit.yaml"))


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str):
    with pytest.raises(RuleError, match="cannot read"):
        read_configuration(str(tmp_path / name))


def test_a_wrong_line_is_named(tmp_path: Path):
    path = written(tmp_path, "tiers:\n  a: b\n c: d\n")
    with pytest.raises(RuleError) as raised:
        read_configuration(path)
    assert raised.value.at == f"{path}:3:2"
    assert "\n" not in raised.value.message


ROOTS = """
roots:
  envs/prod:
    var-files: [prod.tfvars, envs/prod/more.tfvars]
    workspace: prod
    variables:
      office: 10.0.0.0/8
      cidrs: [10.0.0.0/8, "10.1.0.0/16"]
      tags: {a: b, n: 3}
"""


def test_a_root_has_values_of_its_own_relative_to_the_file(tmp_path: Path):
    (tmp_path / "envs" / "prod").mkdir(parents=True)
    found = read_configuration(written(tmp_path, ROOTS)).roots
    (settings,) = found.values()
    assert list(found) == [str(tmp_path / "envs" / "prod")]
    assert settings.var_files == (
        str(tmp_path / "prod.tfvars"),
        str(tmp_path / "envs" / "prod" / "more.tfvars"),
    )
    assert settings.workspace == "prod"
    assert {name: plain(node) for name, node in settings.variables.items()} == {
        "office": "10.0.0.0/8",
        "cidrs": ["10.0.0.0/8", "10.1.0.0/16"],
        "tags": {"a": "b", "n": 3},
    }
    assert settings.variables["office"].at.line == 7


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("tiers:\n  a: app\nmodule:\n  x: y\n", "did you mean modules?", "3:1"),
        ("roots:\n  envs/prd: {}\n", "did you mean envs/prod?", "2:3"),
        ("roots:\n  envs/prod:\n    var-file: x\n", "did you mean var-files?", "3:5"),
        ("roots:\n  envs/prod:\n    var-files: x\n", "var-files: expected a list", "3:5"),
        ("roots:\n  envs/prod:\n    workspace: 3\n", "workspace: expected a name", "3:5"),
        ("roots:\n  envs/prod: prod\n", "envs/prod: expected settings", "2:3"),
        ("roots: [envs/prod]\n", "roots: expected", "1:1"),
        ("roots:\n  envs/prod:\n    variables:\n      day: 2024-01-01\n", "day: expected text", "4:7"),
        ("roots:\n  envs/prod:\n    variables:\n      a: &a [*a]\n", "a value holds itself", "3:5"),
        ("modules:\n  a: b\n  c: [d]\n", "modules: expected `name: text` pairs", "3:3"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path, text: str, said: str, place: str):
    (tmp_path / "envs" / "prod").mkdir(parents=True)
    path = written(tmp_path, text)
    with pytest.raises(RuleError) as raised:
        read_configuration(path)
    assert said in str(raised.value)
    assert raised.value.at == f"{path}:{place}"


def test_values_for_templates_are_those_for_all_stacks_before_those_for_one(tmp_path: Path):
    (tmp_path / "prod.json").write_text('{"Zone": "a"}', encoding="utf-8")
    text = (
        "parameters:\n  Env: prod\n  AWS::Region: eu-west-1\nparameter-files: [prod.json]\n"
        "stacks:\n  net:\n    parameters:\n      Cidrs: [10.0.0.0/16, 10.1.0.0/16]\n      Count: 3\n"
    )
    found = read_configuration(written(tmp_path, text)).parameters
    assert [(each.stack, each.name, each.text) for each in found] == [
        ("", "Zone", "a"),
        ("", "Env", "prod"),
        ("", "AWS::Region", "eu-west-1"),
        ("net", "Cidrs", "10.0.0.0/16,10.1.0.0/16"),
        ("net", "Count", "3"),
    ]
    assert [each.at.line for each in found[1:]] == [2, 3, 8, 9]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parameters: {A: {b: c}}\n", "A: expected text"),
        ("parameter-files: [missing.json]\n", "there is no file missing.json"),
        ("stacks: {net: {paramters: {}}}\n", "did you mean parameters"),
    ],
)
def test_wrong_values_for_templates_are_an_error_that_names_them(tmp_path: Path, text: str, said: str):
    with pytest.raises(RuleError) as raised:
        read_configuration(written(tmp_path, text))
    assert said in str(raised.value)
