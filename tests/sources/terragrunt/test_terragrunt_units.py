"""Terragrunt's units, as its documentation has them: https://terragrunt.gruntwork.io/docs/"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sources import InputKind, ReadOptions, find_inputs, read
from auditor.tree import GapKind, Reading
from tests.sources.terraform.evaluating import Plain, plain, written

MODULE = """
variable "a" {
  default = "default"
}
variable "b" {
  default = "default"
}
variable "list" {
  type    = list(string)
  default = []
}
resource "x" "here" {
  a    = var.a
  b    = var.b
  list = var.list
}
"""
SOURCE = 'terraform {\n  source = "../../modules//m"\n}\n'
ROOT = 'include "root" {\n  path   = find_in_parent_folders("root.hcl")\n  expose = true\n}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return written(tmp_path, {"modules/m/main.tf": MODULE})


def unit(here: Path, text: str, options: ReadOptions | None = None, **files: str) -> Reading:
    """What the unit ``live/app`` declares; further files have ``__`` for ``/``, ``_`` for ``.``."""
    named = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    written(here, {"live/app/terragrunt.hcl": text, **named})
    _, found = read(("live/app",), options or ReadOptions())
    return found


def values(found: Reading) -> dict[str, Plain]:
    """The attributes of the module's only resource."""
    (resource,) = [each for each in found.resources if each.kind == "x"]
    return {name: plain(node) for name, node in resource.body.entries.items()}


def value(here: Path, expression: str, **files: str) -> Plain:
    """What the module is given for an input; it must leave no gap."""
    found = unit(here, f"{SOURCE}inputs = {{\n  a = {expression}\n}}\n", **files)
    assert found.gaps == ()
    return values(found)["a"]


def test_a_unit_is_its_module_with_its_inputs(here: Path) -> None:
    found = unit(here, SOURCE + 'inputs = {\n  a = "given"\n  list = ["x"]\n  unused = 1\n}\n')
    assert found.gaps == ()
    assert values(found) == {"a": "given", "b": "default", "list": ["x"]}
    assert [each.address for each in found.resources] == ["x.here"]


def test_a_place_in_the_unit_is_where_the_value_came_from(here: Path) -> None:
    found = unit(here, SOURCE + 'inputs = {\n  a = "given"\n}\n')
    node = found.resources[0].body.entries["a"]
    assert node.at.path == "modules/m/main.tf"
    assert [(place.path, place.line) for place in node.via] == [("live/app/terragrunt.hcl", 5)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("basename(get_terragrunt_dir())", "app"),
        ("basename(get_original_terragrunt_dir())", "app"),
        ("get_path_from_repo_root()", "live/app"),
        ("get_path_to_repo_root()", "../.."),
        ('basename(dirname(find_in_parent_folders("root.hcl")))', "live"),
        ('find_in_parent_folders("no-such.hcl", "fallback")', "fallback"),
        ("path_relative_to_include()", "."),
        ('get_env("NO_SUCH", "fallback")', "fallback"),
        ('read_terragrunt_config("no-such.hcl", {x = "fallback"}).x', "fallback"),
        ('read_terragrunt_config(find_in_parent_folders("root.hcl")).locals.region', "eu-west-1"),
        ('read_terragrunt_config(find_in_parent_folders("root.hcl")).inputs.b', "root"),
        ('read_terragrunt_config("../root.hcl").locals.where', "live"),
        ('jsondecode(read_tfvars_file("../common.tfvars")).size', "large"),
        ('file("../../version.txt")', "1.2.3"),
        ('contains(get_terraform_commands_that_need_vars(), "plan")', "true"),
        ('upper("x")', "X"),
    ],
)
def test_what_the_disk_tells_is_known(here: Path, expression: str, expected: str) -> None:
    root = 'locals {\n  region = "eu-west-1"\n  where = basename(get_terragrunt_dir())\n}\n'
    written(here, {"version.txt": "1.2.3", "live/common.tfvars": 'size = "large"\n'})
    assert value(here, expression, live__root_hcl=root + 'inputs = {\n  b = "root"\n}\n') == expected


def test_the_environment_is_asked_as_terragrunt_asks_it(here: Path) -> None:
    text = SOURCE + 'inputs = {\n  a = get_env("TEAM")\n  b = get_env("SIZE", "small")\n}\n'
    assert values(unit(here, text)) == {"a": '?get_env("TEAM")', "b": "small", "list": []}
    given = ReadOptions(environment={"TEAM": "net", "SIZE": "large", "TF_VAR_b": "own"})
    assert values(unit(here, text, given)) == {"a": "net", "b": "own", "list": []}


@pytest.mark.parametrize(
    "expression",
    [
        'run_cmd("whoami")',
        "get_aws_account_id()",
        'sops_decrypt_file("s.json")',
        "dependency.vpc.outputs.vpc_id",
    ],
)
def test_what_only_a_run_tells_is_unknown_with_its_reason(here: Path, expression: str) -> None:
    text = 'dependency "vpc" {\n  config_path = "../vpc"\n  mock_outputs = { vpc_id = "mock" }\n}\n'
    found = unit(here, f"{text}{SOURCE}inputs = {{\n  a = {expression}\n}}\n")
    assert found.gaps == ()
    assert values(found)["a"] == f"?{expression}"


def test_an_included_file_gives_what_the_unit_does_not(here: Path) -> None:
    root = """
locals {
  unit = path_relative_to_include()
  dir  = basename(get_terragrunt_dir())
  own  = basename(get_parent_terragrunt_dir())
}
terraform {
  source = "../../modules//m"
}
inputs = {
  a    = "root"
  b    = "${local.unit} ${local.dir} ${local.own}"
  list = ["root"]
}
"""
    found = unit(here, ROOT + 'inputs = {\n  a = "unit ${include.root.locals.own}"\n}\n', live__root_hcl=root)
    assert found.gaps == ()
    assert values(found) == {"a": "unit live", "b": "app app live", "list": ["root"]}


@pytest.mark.parametrize(
    ("strategy", "a", "items"),
    [("deep", "root", ["root", "unit"]), ("shallow", "root", ["unit"]), ("no_merge", "default", ["unit"])],
)
def test_includes_are_merged_as_they_ask(here: Path, strategy: str, a: str, items: list[str]) -> None:
    include = f'include "root" {{\n  path = "../root.hcl"\n  merge_strategy = "{strategy}"\n}}\n'
    root = 'inputs = {\n  a = "root"\n  list = ["root"]\n}\n'
    found = unit(here, include + SOURCE + 'inputs = {\n  list = ["unit"]\n}\n', live__root_hcl=root)
    assert values(found) == {"a": a, "b": "default", "list": items}


def test_an_include_that_cannot_be_read_leaves_no_default_certain(here: Path) -> None:
    found = unit(here, ROOT + SOURCE + 'inputs = {\n  a = "given"\n}\n')
    assert [gap.what for gap in found.gaps] == ["include root"]
    assert values(found) == {"a": "given", "b": "?var.b", "list": "?var.list"}


def test_inputs_that_are_not_wholly_known_leave_no_default_certain(here: Path) -> None:
    found = unit(here, SOURCE + 'inputs = merge(jsondecode(run_cmd("x")), {\n  a = "given"\n})\n')
    assert values(found)["b"] == "?var.b"


def test_one_input_that_fails_spoils_no_other(here: Path) -> None:
    found = unit(here, SOURCE + 'inputs = {\n  a = local.no_such\n  b = "given"\n}\n')
    assert [gap.what for gap in found.gaps] == ["inputs.a"]
    assert values(found)["b"] == "given"
    assert str(values(found)["a"]).startswith("?")


def test_inputs_count_less_than_files_of_variables_and_the_command_line(here: Path) -> None:
    text = SOURCE + 'inputs = {\n  a = "input"\n  b = "input"\n}\n'
    written(here, {"live/app/terraform.tfvars": 'a = "file"\n'})
    assert values(unit(here, text)) == {"a": "file", "b": "input", "list": []}
    assert values(unit(here, text, ReadOptions(variables=(("a", "own"),))))["a"] == "own"


def test_an_input_is_text_as_the_environment_is(here: Path) -> None:
    found = unit(here, SOURCE + 'inputs = {\n  a = ["x"]\n  b = 1\n  list = jsonencode(["y"])\n}\n')
    assert values(found) == {"a": '["x"]', "b": "1", "list": ["y"]}


def test_the_files_of_extra_arguments_are_read(here: Path) -> None:
    text = """
terraform {
  source = "../../modules//m"
  extra_arguments "vars" {
    commands           = get_terraform_commands_that_need_vars()
    required_var_files = ["${get_terragrunt_dir()}/../common.tfvars"]
    optional_var_files = ["${get_terragrunt_dir()}/no-such.tfvars"]
    env_vars           = { TF_VAR_b = "environment" }
  }
  extra_arguments "init" {
    commands  = ["init"]
    arguments = ["-var-file=no-such.tfvars"]
  }
}
inputs = {
  a = "input"
}
"""
    written(here, {"live/common.tfvars": 'a = "common"\n'})
    found = unit(here, text)
    assert found.gaps == ()
    assert values(found) == {"a": "common", "b": "environment", "list": []}


def test_files_that_are_not_known_leave_no_value_certain(here: Path) -> None:
    text = 'terraform {\n  source = "../../modules//m"\n  extra_arguments "v" {\n'
    text += '    commands = ["plan"]\n    required_var_files = [run_cmd("x")]\n  }\n}\n'
    text += 'inputs = {\n  a = "input"\n}\n'
    assert values(unit(here, text)) == {"a": "?var.a", "b": "?var.b", "list": "?var.list"}


def test_what_is_generated_is_put_beside_the_module(here: Path) -> None:
    text = """
generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite"
  contents  = <<EOT
provider "x" {
  region = "${local.region}"
}
EOT
}
locals {
  region = "eu-west-1"
}
"""
    found = unit(here, text + SOURCE)
    assert found.gaps == ()
    assert found.resources[0].scope.region == "eu-west-1"


@pytest.mark.parametrize(("contents", "gaps"), [("provider", []), ("resource", ["generate g"])])
def test_a_generated_file_that_is_not_known_is_a_gap_if_it_may_declare_something(
    here: Path, contents: str, gaps: list[str]
) -> None:
    text = f'generate "g" {{\n  path = "g.tf"\n  contents = "{contents} ${{run_cmd("x")}}"\n}}\n'
    assert [gap.what for gap in unit(here, text + SOURCE).gaps] == gaps


def test_the_files_beside_the_unit_are_put_over_the_modules(here: Path) -> None:
    found = unit(
        here,
        SOURCE,
        live__app__main_tf='resource "x" "mine" {\n}\n',
        live__app__more_tf='resource "x" "more" {\n}\n',
    )
    assert [each.address for each in found.resources] == ["x.mine", "x.more"]


def test_a_unit_without_a_source_is_the_terraform_beside_it(here: Path) -> None:
    found = unit(here, 'inputs = {\n  a = "given"\n}\n', live__app__main_tf=MODULE)
    assert (found.gaps, values(found)["a"]) == ((), "given")


@pytest.mark.parametrize(
    "source",
    [
        "git::https://github.com/acme/m.git?ref=v1.0.0",
        "git::git@github.com:acme/modules.git//m?ref=v2",
        "tfr:///acme/m/aws?version=5.8.1",
        "tfr://registry.terraform.io/acme/m/aws?version=5.8.1",
    ],
)
def test_a_source_that_is_no_path_is_mapped(here: Path, source: str) -> None:
    text = f'terraform {{\n  source = "{source}"\n}}\ninputs = {{\n  a = "given"\n}}\n'
    found = unit(here, text)
    assert [(gap.kind, gap.what) for gap in found.gaps] == [(GapKind.MODULE, "terraform.source")]
    (resource,) = found.resources
    assert (resource.kind, plain(resource.body.entries["a"])) == ("module", "given")
    modules = {
        "github.com/acme/m": "modules/m",
        "github.com/acme/modules": "modules",
        "acme/m/aws@5.8.1": "modules/m",
        "acme/m/aws@5.9.0": "no-such",
    }
    assert values(unit(here, text, ReadOptions(modules=modules)))["a"] == "given"


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("terraform {", [GapKind.SYNTAX]),
        ('terraform {\n  source = run_cmd("x")\n}\n', [GapKind.MODULE]),
        ("terraform {\n  source = no_such_function()\n}\n", [GapKind.MODULE, GapKind.INVALID]),
        ('include {\n  path = get_env("X")\n}\n', [GapKind.MODULE, GapKind.INVALID]),
        ('include "a" {\n  path = "terragrunt.hcl"\n}\n', [GapKind.MODULE, GapKind.INVALID]),
        (
            SOURCE + 'locals {\n  a = read_terragrunt_config("terragrunt.hcl")\n}\ninputs = local.a.inputs\n',
            [GapKind.INVALID],
        ),
        (
            SOURCE + "locals {\n  a = local.b\n  b = local.a\n}\ninputs = {\n  a = local.a\n}\n",
            [GapKind.INVALID],
        ),
        (SOURCE + 'inputs = "text"\n', []),
        (SOURCE + "inputs = {\n  a = get_env()\n}\n", [GapKind.INVALID]),
        (SOURCE + 'feature "f" {\n  default = no()\n}\n', [GapKind.INVALID]),
        (SOURCE + 'generate "g" {\n  path = no()\n  contents = ""\n}\n', [GapKind.INVALID]),
    ],
)
def test_what_is_wrong_is_a_gap_and_no_crash(here: Path, text: str, gaps: list[GapKind]) -> None:
    found = unit(here, text)
    assert sorted({gap.kind for gap in found.gaps}) == sorted(set(gaps))
    assert found.resources
    if "inputs" in text:
        assert str(values(found)["a"]).startswith("?")


def test_a_feature_has_its_default(here: Path) -> None:
    text = 'feature "wide" {\n  default = "yes"\n}\n'
    assert values(unit(here, text + SOURCE + "inputs = {\n  a = feature.wide.value\n}\n"))["a"] == "yes"


def test_a_stack_is_a_gap_that_says_so(here: Path) -> None:
    written(here, {"live/stack/terragrunt.stack.hcl": 'unit "vpc" {\n  source = "x"\n  path = "vpc"\n}\n'})
    _, found = read(("live/stack",), ReadOptions())
    (gap,) = found.gaps
    assert "a stack's units are generated" in gap.why
    assert "terragrunt stack generate" in gap.settled_by


def kinds(*paths: str) -> list[tuple[str, InputKind]]:
    return [(each.path, each.kind) for each in find_inputs(paths)]


def test_units_are_found_and_what_they_share_is_none(here: Path) -> None:
    written(
        here,
        {
            "live/terragrunt.hcl": 'remote_state {\n  backend = "s3"\n}\n',
            "live/root.hcl": "locals {}\n",
            "live/a/terragrunt.hcl": SOURCE,
            "live/b/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}\n"
            'terraform {\n  source = "${get_repo_root()}/modules/n"\n}\n',
            "live/c/terragrunt.hcl": "inputs = {}\n",
            "live/c/main.tf": 'module "o" {\n  source = "../../modules/o"\n}\n',
            "live/.terragrunt-cache/x/main.tf": MODULE,
            "live/s/terragrunt.stack.hcl": "",
            "modules/n/main.tf": MODULE,
            "modules/o/main.tf": MODULE,
            "plain/main.tf": MODULE,
        },
    )
    assert kinds() == [
        *[(f"live/{name}", InputKind.TERRAGRUNT) for name in ("a", "b", "c", "s")],
        ("plain", InputKind.TERRAFORM),
    ]
    assert kinds("live/a", "live/c/terragrunt.hcl") == [
        ("live/a", InputKind.TERRAGRUNT),
        ("live/c", InputKind.TERRAGRUNT),
    ]


def test_the_configuration_settles_a_units_variables_too(here: Path) -> None:
    found = unit(
        here,
        SOURCE,
        ReadOptions(assumed=(("var.a", "assumed"),)),
        modules__m__main_tf=MODULE.replace('variable "a" {\n  default = "default"\n}', 'variable "a" {}'),
    )
    assert values(found)["a"] == "assumed"


def test_what_an_included_file_declares_is_there_for_the_unit(here: Path) -> None:
    root = 'feature "wide" {\n  default = "yes"\n}\ndependency "vpc" {\n  config_path = "../vpc"\n}\n'
    text = "inputs = {\n  a = feature.wide.value\n  b = dependency.vpc.outputs.id\n}\n"
    found = unit(here, ROOT + SOURCE + text, live__root_hcl=root)
    assert (found.gaps, values(found)) == ((), {"a": "yes", "b": "?dependency.vpc.outputs.id", "list": []})


@pytest.mark.parametrize("name", ['dependency.many["x"].outputs.id', "dependency.elsewhere.outputs.id"])
def test_a_dependency_that_is_many_or_declared_elsewhere_is_unknown(here: Path, name: str) -> None:
    text = 'dependency "many" {\n  for_each = toset(["x"])\n  config_path = "../${each.key}"\n}\n'
    found = unit(here, f"{text}{SOURCE}inputs = {{\n  a = {name}\n}}\n")
    assert found.gaps == ()
    assert str(values(found)["a"]).startswith("?dependency.")


def test_a_source_that_is_a_path_without_a_dot_is_one_if_it_is_there(here: Path) -> None:
    found = unit(here, 'terraform {\n  source = "m"\n}\n', live__app__m__main_tf=MODULE)
    assert (found.gaps, values(found)["a"]) == ((), "default")
