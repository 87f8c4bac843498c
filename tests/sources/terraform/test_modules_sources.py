"""Where the modules that are called by registry, git, archive or path are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.sources.terraform import TerraformOptions, read
from auditor.sources.terraform.modules.addresses import module_address
from auditor.sources.terraform.modules.versions import parse_version, satisfies
from auditor.tree import Reading, Unknown
from tests.sources.terraform.evaluating import plain, written

PROBE = 'resource "x" "here" {{\n  name = "{name}"\n}}\n'


def probe(name: str) -> str:
    return PROBE.format(name=name)


def called(folder: Path, source: str, version: str = "", **options: object) -> Reading:
    line = f'  version = "{version}"\n' if version else ""
    written(folder, {"main.tf": f'module "m" {{\n  source = "{source}"\n{line}}}\n'})
    return read(str(folder), TerraformOptions(**options))  # type: ignore[arg-type]


def names(found: Reading) -> list[object]:
    return [plain(each.body.entries["name"]) for each in found.resources if each.kind == "x"]


# What Terraform 1.11 does with each: `terraform init` on a module with these versions published.
@pytest.mark.parametrize(
    ("version", "constraint", "verdict"),
    [
        ("5.8.1", "~> 5.0", True),
        ("6.0.0", "~> 5.0", False),
        ("5.9.0", "~> 5.8.1", False),
        ("5.8.9", "~> 5.8.1", True),
        ("6.1.0", "~> 5", True),
        ("5.8.1", ">= 5.0, < 6.0, != 5.8.1", False),
        ("5.8.1", "5.8.1", True),
        ("5.8.1", "= 5.8", False),
        ("5.8.0", "= 5.8", True),
        ("v5.8.0", ">5.7.9", True),
        ("5.8.0-rc1", ">= 5.0", False),
        ("5.8.0-rc1", "5.8.0-rc1", True),
        ("5.8.0-rc.2", ">= 5.8.0-rc.1", True),
        ("5.8.0", ">= 5.8.0-rc.1", True),
        ("5.8.0", "five", None),
        ("10.0.0", "> 9.1", True),
    ],
)
def test_a_version_satisfies_a_constraint_or_not(version: str, constraint: str, verdict: bool | None) -> None:
    parsed = parse_version(version)
    assert parsed is not None
    assert satisfies(parsed, constraint) is verdict


@pytest.mark.parametrize(
    ("source", "package", "ref", "subdir"),
    [
        ("terraform-aws-modules/vpc/aws", "terraform-aws-modules/vpc/aws", "", ""),
        ("registry.terraform.io/terraform-aws-modules/vpc/aws", "terraform-aws-modules/vpc/aws", "", ""),
        ("terraform-aws-modules/vpc/aws//modules/x", "terraform-aws-modules/vpc/aws", "", "modules/x"),
        ("app.terraform.io/acme/net/aws", "app.terraform.io/acme/net/aws", "", ""),
        ("github.com/acme/net", "git::github.com/acme/net", "", ""),
        ("github.com/acme/net//sub?ref=v1", "git::github.com/acme/net", "v1", "sub"),
        ("git::https://github.com/acme/net.git//sub?ref=v1", "git::github.com/acme/net", "v1", "sub"),
        ("git@github.com:acme/net.git?ref=v2", "git::github.com/acme/net", "v2", ""),
        ("git::ssh://git@example.com/acme/net.git?depth=1&ref=v2", "git::example.com/acme/net", "v2", ""),
        ("https://example.com/net.zip//a/b?archive=zip", "https://example.com/net.zip", "", "a/b"),
        ("s3::https://s3.amazonaws.com/b/net.zip", "s3::https://s3.amazonaws.com/b/net.zip", "", ""),
    ],
)
def test_a_source_is_a_package_a_revision_and_a_folder(
    source: str, package: str, ref: str, subdir: str
) -> None:
    address = module_address(source)
    assert (address.package, address.ref, address.subdir) == (package, ref, subdir)


@pytest.mark.parametrize(
    ("source", "version", "key"),
    [
        ("acme/net/aws", "~> 5.0", "acme/net/aws"),
        ("acme/net/aws", "~> 5.0", "registry.terraform.io/acme/net/aws"),
        ("acme/net/aws", "~> 5.0", "acme/net/aws@5.8.1"),
        ("git::https://github.com/acme/net.git?ref=v1", "", "github.com/acme/net"),
        ("git@github.com:acme/net.git?ref=v1", "", "git::https://github.com/acme/net.git?ref=v1"),
        ("https://example.com/net.zip?checksum=md5:1", "", "https://example.com/net.zip"),
        ("s3::https://s3.amazonaws.com/b/net.zip", "", "s3::https://s3.amazonaws.com/b/net.zip"),
    ],
)
def test_a_module_is_mapped_by_its_source_in_any_spelling(
    tmp_path: Path, source: str, version: str, key: str
) -> None:
    vendored = written(tmp_path / "vendor", {"main.tf": probe("here")})
    found = called(tmp_path / "root", source, version, modules={key: str(vendored)})
    assert (found.gaps, names(found)) == ((), ["here"])


def test_of_the_mapped_versions_the_newest_that_the_call_allows_is_taken(tmp_path: Path) -> None:
    versions = ("4.9.0", "5.2.0", "5.10.0", "6.0.0", "5.11.0-rc1")
    for each in versions:
        written(tmp_path / each, {"main.tf": probe(each)})
    modules = {f"acme/net/aws@{each}": str(tmp_path / each) for each in versions}
    assert names(called(tmp_path / "a", "acme/net/aws", "~> 5.0", modules=modules)) == ["5.10.0"]
    assert names(called(tmp_path / "b", "acme/net/aws", modules=modules)) == ["6.0.0"]
    found = called(tmp_path / "c", "acme/net/aws", "~> 7.0", modules=modules)
    assert names(found) == []
    assert "none is ~> 7.0" in found.gaps[0].why
    anyone = written(tmp_path / "any", {"main.tf": probe("any")})
    modules["acme/net/aws"] = str(anyone)
    assert names(called(tmp_path / "d", "acme/net/aws", "~> 7.0", modules=modules)) == ["any"]
    assert names(called(tmp_path / "e", "acme/net/aws", "~> 4.0", modules=modules)) == ["4.9.0"]


def test_a_mapping_for_one_revision_holds_for_no_other(tmp_path: Path) -> None:
    vendored = written(tmp_path / "vendor", {"main.tf": probe("v1")})
    found = called(
        tmp_path, "github.com/acme/net?ref=v2", modules={"github.com/acme/net?ref=v1": str(vendored)}
    )
    assert names(found) == []
    assert found.gaps[0].why.endswith("it is not on disk")


def test_the_folder_in_a_package_is_appended_to_the_mapped_one(tmp_path: Path) -> None:
    vendored = written(tmp_path / "vendor", {"modules/x/main.tf": probe("sub"), "main.tf": probe("top")})
    source = "acme/net/aws//modules/x"
    assert names(called(tmp_path / "a", source, modules={"acme/net/aws": str(vendored)})) == ["sub"]
    exact = {source: str(vendored), "acme/net/aws": str(tmp_path)}
    assert names(called(tmp_path / "b", source, modules=exact)) == ["top"]


def test_a_mapped_folder_without_configuration_is_said_to_be_one(tmp_path: Path) -> None:
    found = called(tmp_path, "acme/net/aws", modules={"acme/net/aws": str(tmp_path / "typo")})
    assert found.gaps[0].why.endswith(f"there is no configuration in {tmp_path / 'typo'}")


def installed(root: Path, data: str = ".terraform", **entry: str) -> None:
    noted = {"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "m", **entry}]}
    written(
        root, {f"{data}/modules/modules.json": json.dumps(noted), f"{data}/modules/m/main.tf": probe("m")}
    )


REGISTRY = "registry.terraform.io/acme/net/aws"


@pytest.mark.parametrize(
    "noted", [".terraform/modules/m", "/ci/build/.terraform/modules/m", "C:\\ci\\.terraform\\modules\\m"]
)
def test_an_installed_module_is_found_wherever_it_was_installed(tmp_path: Path, noted: str) -> None:
    installed(tmp_path, Source=REGISTRY, Version="5.8.1", Dir=noted)
    found = called(tmp_path, "acme/net/aws", "~> 5.0")
    assert (found.gaps, names(found)) == ((), ["m"])


def test_an_absolute_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    installed(tmp_path / "other", Source=REGISTRY, Version="5.8.1", Dir="x")
    folder = str(tmp_path / "other" / ".terraform" / "modules" / "m")
    installed(tmp_path, Source=REGISTRY, Version="5.8.1", Dir=folder)
    (tmp_path / ".terraform" / "modules" / "m" / "main.tf").unlink()
    assert names(called(tmp_path, "acme/net/aws", "~> 5.0")) == ["m"]


def test_the_data_folder_is_the_one_that_terraform_was_told(tmp_path: Path) -> None:
    installed(tmp_path, "data", Source=REGISTRY, Version="5.8.1", Dir="data/modules/m")
    assert names(called(tmp_path, "acme/net/aws")) == []
    assert names(called(tmp_path, "acme/net/aws", environment={"TF_DATA_DIR": "data"})) == ["m"]


@pytest.mark.parametrize(
    ("source", "version", "noted", "why"),
    [
        ("acme/net/aws", "~> 6.0", REGISTRY, "version 5.8.1 is installed, which is not ~> 6.0"),
        ("acme/other/aws", "", REGISTRY, f"what is installed for it is {REGISTRY}"),
        (
            "github.com/acme/net?ref=v2",
            "",
            "git::https://github.com/acme/net.git?ref=v1",
            "what is installed for it is git::https://github.com/acme/net.git?ref=v1",
        ),
    ],
)
def test_what_terraform_would_refuse_as_outdated_is_not_read(
    tmp_path: Path, source: str, version: str, noted: str, why: str
) -> None:
    installed(tmp_path, Source=noted, Version="5.8.1", Dir=".terraform/modules/m")
    found = called(tmp_path, source, version)
    assert names(found) == []
    assert found.gaps[0].why == f"the module {source} cannot be read: {why}"
    assert found.gaps[0].settled_by.startswith("run terraform init")


def test_variables_and_local_values_stand_in_a_source_as_opentofu_has_it(tmp_path: Path) -> None:
    text = """
variable "which" {
  default = "net"
}
locals {
  base = "./modules"
}
module "m" {
  source = "${local.base}/${var.which}"
}
"""
    written(tmp_path, {"main.tofu": text, "modules/net/main.tf": probe("net")})
    found = read(str(tmp_path), TerraformOptions())
    assert (found.gaps, names(found)) == ((), ["net"])


def test_a_source_that_is_not_known_leaves_the_module_unread(tmp_path: Path) -> None:
    text = 'variable "which" {}\nmodule "m" {\n  source = "./${var.which}"\n}\n'
    text += 'module "n" {\n  source = module.n.x\n}\nresource "x" "y" {\n  name = module.m.z\n}\n'
    found = read(str(written(tmp_path, {"main.tofu": text})), TerraformOptions())
    assert {gap.what for gap in found.gaps} == {"module.m", "module.n"}
    assert isinstance(found.resources[0].body.entries["name"], Unknown)


def test_a_linked_root_reads_the_module_beside_the_folder_that_it_is(tmp_path: Path) -> None:
    written(tmp_path, {"far/net/main.tf": probe("far"), "envs/net/main.tf": probe("near")})
    written(tmp_path / "far" / "prod", {"main.tf": 'module "m" {\n  source = "../net"\n}\n'})
    (tmp_path / "envs" / "prod").symlink_to("../far/prod", target_is_directory=True)
    assert names(read(str(tmp_path / "envs" / "prod"), TerraformOptions())) == ["far"]


def test_the_configurations_that_a_providers_for_each_makes_are_told_apart(tmp_path: Path) -> None:
    text = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias    = "by"
  for_each = toset(["us-east-1", "us-east-2"])
  region   = each.value
}
resource "x" "one" {
  for_each = toset(["us-east-1", "us-east-2"])
  provider = aws.by[each.key]
  name     = each.key
}
variable "which" {}
resource "x" "open" {
  provider = aws.by[var.which]
}
module "m" {
  source    = "./m"
  for_each  = toset(["us-east-2"])
  providers = { aws = aws.by[each.key] }
}
"""
    inner = 'resource "aws_vpc" "here" {}\n'
    found = read(str(written(tmp_path, {"main.tofu": text, "m/main.tofu": inner})), TerraformOptions())
    assert found.gaps == ()
    regions = {each.address: each.scope.region for each in found.resources}
    assert regions['x.one["us-east-1"]'] == "us-east-1"
    assert regions['x.one["us-east-2"]'] == "us-east-2"
    assert regions["x.open"] == ""
    assert regions['module.m["us-east-2"].aws_vpc.here'] == "us-east-2"


def test_what_opentofu_alone_has_is_no_gap(tmp_path: Path) -> None:
    text = """
terraform {
  encryption {
    key_provider "pbkdf2" "mine" {
      passphrase = var.passphrase
    }
  }
}
variable "passphrase" {}
"""
    assert read(str(written(tmp_path, {"main.tofu": text})), TerraformOptions()).gaps == ()
