from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.sources import InputKind, find_inputs

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def root(folder: Path, text: str = VPC) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(text, encoding="utf-8")


def found(*paths: str) -> list[str]:
    return [each.path for each in find_inputs(paths)]


def test_the_current_folder_is_read_where_no_path_is_given(here: Path):
    root(here)
    assert found() == ["."]


def test_a_folder_with_terraform_is_one_root_whatever_is_below_it(here: Path):
    root(here / "infra")
    root(here / "infra" / "examples")
    assert found("infra") == ["infra"]


def test_a_folder_without_terraform_is_searched_for_roots(here: Path):
    root(here / "live" / "prod")
    root(here / "live" / "test" / "network")
    assert found("live") == ["live/prod", "live/test/network"]
    assert found() == ["live/prod", "live/test/network"]


@pytest.mark.parametrize("name", ["main.tf.json", "main.tofu", "main.tofu.json"])
def test_every_suffix_of_terraform_and_opentofu_counts(here: Path, name: str):
    (here / name).write_text("{}" if name.endswith("json") else "", encoding="utf-8")
    assert found() == ["."]


def test_a_module_that_a_root_calls_is_no_root(here: Path):
    root(here / "live", 'module "net" {\n  source = "../modules/net"\n}\n')
    root(here / "modules" / "net", 'module "inner" {\n  source = "./inner"\n}\n')
    root(here / "modules" / "net" / "inner")
    root(here / "modules" / "unused")
    assert found() == ["live", "modules/unused"]


def test_modules_that_only_call_one_another_are_roots_all_the_same(here: Path):
    root(here / "a", 'module "b" {\n  source = "../b"\n}\n')
    root(here / "b", 'module "a" {\n  source = "../a"\n}\n')
    assert found() == ["a", "b"]


def test_hidden_folders_are_left_out(here: Path):
    root(here / "live")
    root(here / ".terraform" / "modules" / "net")
    root(here / ".cache")
    assert found() == ["live"]


def test_what_git_ignores_is_left_out(here: Path):
    (here / ".gitignore").write_text("build/\n/generated\n", encoding="utf-8")
    for name in ("live", "build", "live2/build", "generated", "live2/generated"):
        root(here / name)
    assert found() == ["live", "live2/generated"]


def test_files_that_git_ignores_make_no_root(here: Path):
    (here / ".gitignore").write_text("scratch/*.tf\n", encoding="utf-8")
    root(here / "live")
    root(here / "scratch")
    assert found() == ["live"]


def test_the_ignores_above_count_up_to_the_repository(here: Path):
    (here / ".gitignore").write_text("live/\n", encoding="utf-8")
    (here / "repo" / ".git").mkdir(parents=True)
    (here / "repo" / ".gitignore").write_text("build/\n", encoding="utf-8")
    root(here / "repo" / "infra" / "live")
    root(here / "repo" / "infra" / "build")
    assert found("repo/infra") == ["repo/infra/live"]


def test_the_nearest_ignores_decide(here: Path):
    (here / ".gitignore").write_text("build/\n", encoding="utf-8")
    root(here / "live" / "build")
    (here / "live" / ".gitignore").write_text("!build/\n", encoding="utf-8")
    assert found() == ["live/build"]


def test_a_folder_that_is_asked_for_is_read_even_if_git_ignores_it(here: Path):
    (here / ".gitignore").write_text("build/\n", encoding="utf-8")
    root(here / "build")
    assert found("build") == ["build"]


def test_links_in_a_circle_end(here: Path):
    root(here / "live")
    (here / "again").symlink_to(here, target_is_directory=True)
    (here / "live" / "up").symlink_to(here, target_is_directory=True)
    assert found() == ["live"]


def test_a_link_to_itself_is_an_error_and_no_endless_search(here: Path):
    (here / "loop").symlink_to("loop")
    with pytest.raises(InputError):
        find_inputs(("loop",))


def test_a_root_named_twice_is_read_once(here: Path):
    root(here / "live")
    (here / "same").symlink_to("live", target_is_directory=True)
    assert found("live", "live/", "./live", "same") == ["live"]


def test_files_are_meant_alone(here: Path):
    root(here / "live")
    (here / "live" / "more.tf").write_text("", encoding="utf-8")
    (only,) = find_inputs(("live/more.tf",))
    assert (only.path, only.files) == ("live", ("more.tf",))


def test_files_of_one_folder_are_one_input(here: Path):
    root(here)
    (here / "more.tf").write_text("", encoding="utf-8")
    (both,) = find_inputs(("more.tf", "main.tf"))
    assert (both.path, both.files) == (".", ("main.tf", "more.tf"))


def test_a_folder_says_more_than_a_file_in_it(here: Path):
    root(here / "live")
    (whole,) = find_inputs(("live/main.tf", "live"))
    assert whole.files == ()


@pytest.mark.parametrize("path", ["missing", "missing/main.tf", "with\0null"])
def test_a_path_that_is_not_there_is_an_error(here: Path, path: str):
    with pytest.raises(InputError):
        find_inputs((path,))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_that_is_named_is_an_error(here: Path):
    os.mkfifo(here / "main.tf")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        find_inputs(("main.tf",))


def call(source: str, name: str = "m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n}}\n'


@pytest.mark.parametrize(
    "source", ["../../modules/net", "../../modules//net", "..\\\\..\\\\modules\\\\net", "../../modules/net/"]
)
def test_a_local_source_in_any_spelling_makes_a_module(here: Path, source: str):
    root(here / "envs" / "prod", call(source))
    root(here / "modules" / "net")
    assert found() == ["envs/prod"]


def test_a_module_called_through_a_linked_folder_is_no_root(here: Path):
    root(here / "envs" / "prod", call("./modules/net"))
    root(here / "modules" / "net")
    (here / "envs" / "prod" / "modules").symlink_to("../../modules", target_is_directory=True)
    assert found() == ["envs/prod"]


def test_a_linked_root_calls_what_is_beside_the_folder_that_it_is(here: Path):
    root(here.parent / f"{here.name}-far" / "prod", call("../net"))
    root(here.parent / f"{here.name}-far" / "net")
    (here / "envs").mkdir()
    (here / "envs" / "prod").symlink_to(here.parent / f"{here.name}-far" / "prod", target_is_directory=True)
    root(here / "envs" / "net")
    assert found() == ["envs/net", "envs/prod"]


def test_a_call_in_a_comment_is_none(here: Path):
    root(here / "live", "# " + call("../net").replace("\n", "\n# "))
    root(here / "net")
    assert found() == ["live", "net"]


def test_the_source_in_an_overriding_file_counts_and_the_overridden_one_does_not(here: Path):
    root(here / "live", call("../old"))
    (here / "live" / "override.tf").write_text(call("../new"), encoding="utf-8")
    root(here / "old")
    root(here / "new")
    assert found() == ["live", "old"]


def test_calls_in_json_and_in_opentofu_files_count(here: Path):
    (here / "live").mkdir()
    (here / "live" / "main.tf.json").write_text('{"module": {"m": {"source": "../a"}}}', encoding="utf-8")
    (here / "live" / "more.tofu").write_text(call("../b", "n"), encoding="utf-8")
    root(here / "a")
    root(here / "b")
    assert found() == ["live"]


def test_a_module_with_examples_and_tests_is_no_root(here: Path):
    root(here / "vpc")
    root(here / "vpc" / "examples" / "complete", call("../.."))
    root(here / "vpc" / "test", call("../"))
    assert found() == ["vpc/examples/complete", "vpc/test"]


def test_a_module_with_examples_that_is_named_is_a_root(here: Path):
    root(here / "vpc")
    root(here / "vpc" / "examples" / "complete", call("../.."))
    assert found("vpc") == ["vpc"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("terraform.tfvars", ""), ("backend.tf", 'terraform {\n  backend "s3" {}\n}\n'), ("x.auto.tfvars", "")],
)
def test_a_folder_with_a_backend_or_values_of_its_own_is_a_root_whatever_its_tests_call(
    here: Path, name: str, text: str
):
    root(here / "network")
    (here / "network" / name).write_text(text, encoding="utf-8")
    root(here / "network" / "tests", call("../"))
    assert found() == ["network", "network/tests"]


def test_modules_in_a_circle_are_not_lost_beside_a_root(here: Path):
    root(here / "live")
    root(here / "a", call("../b"))
    root(here / "b", call("../a") + call("../c", "c"))
    root(here / "c")
    root(here / "self", call("./"))
    assert found() == ["a", "b", "live", "self"]


def test_a_link_out_of_the_tree_is_followed(here: Path):
    root(here / "infra" / "live")
    root(here / "shared" / "dns")
    (here / "infra" / "dns").symlink_to("../shared/dns", target_is_directory=True)
    assert found("infra") == ["infra/dns", "infra/live"]


def test_only_files_that_may_call_a_local_module_are_parsed(here: Path, monkeypatch: pytest.MonkeyPatch):
    from auditor.sources.terraform import roots

    parsed: list[str] = []
    original = roots.parse_text
    monkeypatch.setattr(roots, "parse_text", lambda text, path: parsed.append(path) or original(text, path))
    root(here / "envs" / "prod", call("../../modules/net"))
    (here / "envs" / "prod" / "groups.tf").write_text(VPC, encoding="utf-8")
    (here / "envs" / "prod" / "far.tf").write_text(call("acme/net/aws", "far"), encoding="utf-8")
    root(here / "modules" / "net")
    assert found() == ["envs/prod"]
    assert parsed == [str(Path("envs", "prod", "main.tf"))]


TEMPLATE = "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties:\n      CidrBlock: 10.0.0.0/16\n"
MANIFEST = '{"version": "48.0.0", "artifacts": {"Net": {"type": "aws:cloudformation:stack"}}}'
ANSWER = '{"Vpcs": [{"VpcId": "vpc-0123456789abcdef0", "CidrBlock": "10.0.0.0/16", "State": "available"}]}'


def kinds(*paths: str) -> dict[str, InputKind]:
    return {each.path: each.kind for each in find_inputs(paths)}


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["net.yaml", "net.yml", "net.template", "net.template.yaml", "net.json", "net.template.json"]
)
def test_templates_are_found_by_what_is_in_them(here: Path, name: str):
    vpc = {"Resources": {"Vpc": {"Type": "AWS::EC2::VPC"}}}
    put(here / "stacks" / name, json.dumps(vpc) if "json" in name else TEMPLATE)
    put(here / "stacks" / f"other-{name}", "kind: Deployment\nmetadata: {}\nResources: none\n")
    assert kinds() == {f"stacks/{name}": InputKind.CLOUDFORMATION}


def test_a_template_beside_terraform_is_an_input_of_its_own(here: Path):
    root(here)
    put(here / "net.yaml", TEMPLATE)
    assert kinds() == {".": InputKind.TERRAFORM, "net.yaml": InputKind.CLOUDFORMATION}


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_cloudformation_stack" "net" {\n  template_url = "https://x"\n}\n',
        'locals {\n  body = file("${path.module}/net.yaml")\n}\n',
    ],
)
def test_a_template_that_terraform_deploys_is_that_terraforms(here: Path, text: str):
    root(here / "live", text)
    put(here / "live" / "net.yaml", TEMPLATE)
    put(here / "live" / "files" / "net.yaml", TEMPLATE)
    assert kinds("live") == kinds() == {"live": InputKind.TERRAFORM}


def test_an_assembly_is_one_input_with_all_that_is_below_it(here: Path):
    put(here / "cdk.out" / "manifest.json", MANIFEST)
    put(here / "cdk.out" / "Net.template.json", '{"Resources": {"A": {"Type": "AWS::EC2::VPC"}}}')
    put(here / "cdk.out" / "assembly-Prod" / "manifest.json", MANIFEST)
    put(here / "cdk.out" / "asset.1" / "t.yaml", TEMPLATE)
    assert kinds() == kinds("cdk.out") == kinds("cdk.out/manifest.json") == {"cdk.out": InputKind.CDK}


def test_a_manifest_of_something_else_is_no_assembly(here: Path):
    root(here)
    put(here / "manifest.json", '{"version": 3, "artifacts": []}')
    assert kinds() == {".": InputKind.TERRAFORM}


@pytest.mark.parametrize("folder", ["cdk.out", ".serverless", "build/cdk.out"])
def test_what_git_ignores_and_what_is_hidden_is_read_where_it_is_named(here: Path, folder: str):
    put(here / ".git" / "HEAD", "")
    put(here / ".gitignore", "cdk.out\n.serverless/\n/build\n")
    root(here / "live")
    name = "cloudformation-template-update-stack.json"
    put(here / folder / name, '{"Resources": {"A": {"Type": "AWS::EC2::VPC"}}}')
    assert kinds() == {"live": InputKind.TERRAFORM}
    assert kinds(folder) == {f"{folder}/{name}": InputKind.CLOUDFORMATION}


def test_serverless_writes_one_stack_twice(here: Path):
    for step in ("create", "update"):
        text = '{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}'
        put(here / f"cloudformation-template-{step}-stack.json", text)
    assert list(kinds()) == ["cloudformation-template-update-stack.json"]


def test_packages_of_node_are_not_searched(here: Path):
    put(here / "node_modules" / "aws-cdk" / "bootstrap-template.yaml", TEMPLATE)
    put(here / "net.yaml", TEMPLATE)
    assert list(kinds()) == ["net.yaml"]


def test_answers_of_aws_are_one_input_with_their_accounts_and_regions(here: Path):
    put(here / "live" / "123456789012" / "eu-west-1" / "Vpcs.json", ANSWER)
    put(here / "live" / "123456789012" / "us-east-1" / "Vpcs.json", ANSWER)
    put(here / "net.yaml", TEMPLATE)
    found = {"live": InputKind.SNAPSHOT, "net.yaml": InputKind.CLOUDFORMATION}
    assert kinds() == found
    assert kinds("live/123456789012/eu-west-1/Vpcs.json") == {
        "live/123456789012/eu-west-1/Vpcs.json": InputKind.SNAPSHOT
    }


def test_a_template_that_is_named_is_read_whatever_it_is_called(here: Path):
    put(here / "stack.txt", TEMPLATE)
    put(here / "broken.yaml", "Resources: [")
    assert kinds("stack.txt") == {"stack.txt": InputKind.CLOUDFORMATION}
    assert kinds("broken.yaml") == {"broken.yaml": InputKind.CLOUDFORMATION}


def test_nothing_to_read_is_an_error_that_names_all_that_could_be(here: Path):
    put(here / "notes.md", "nothing")
    with pytest.raises(InputError, match="nothing here") as raised:
        find_inputs(())
    assert all(
        word in raised.value.hint for word in ("*.tf", "CloudFormation", "SAM", "cdk.out", "AWS answers")
    )


def test_an_app_of_the_cdk_that_was_not_synthesized_is_told_how(here: Path):
    put(here / "cdk.json", '{"app": "node bin/app.js"}')
    with pytest.raises(InputError) as raised:
        find_inputs(())
    assert "cdk synth" in raised.value.hint
