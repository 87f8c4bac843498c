from __future__ import annotations

import json
from pathlib import Path

from auditor.sources.terraform import TerraformOptions, called_modules, is_root, read
from auditor.tree import GapKind, Presence, Reading, Scalar
from tests.sources.terraform.evaluating import plain, reading, resources, written

NET = """
variable "vpc_id" {
  type = string
}
variable "names" {
  type    = set(string)
  default = []
}
resource "aws_subnet" "s" {
  vpc_id = var.vpc_id
}
resource "aws_subnet" "named" {
  for_each = var.names
}
output "subnet_id" {
  value = aws_subnet.s.id
}
output "vpc_id" {
  value = var.vpc_id
}
"""


def addresses(found: Reading) -> list[str]:
    return [resource.address for resource in found.resources]


def test_a_local_module_gives_its_resources_and_outputs(tmp_path: Path) -> None:
    text = """
resource "aws_vpc" "main" {}
module "net" {
  source = "./net"
  vpc_id = aws_vpc.main.id
  names  = ["a"]
}
resource "x" "probe" {
  subnet = module.net.subnet_id
  vpc    = module.net.vpc_id
}
"""
    found = reading(tmp_path, text, None, net__main_tf=NET)
    assert found.gaps == ()
    assert addresses(found) == [
        "aws_vpc.main",
        "x.probe",
        "module.net.aws_subnet.s",
        'module.net.aws_subnet.named["a"]',
    ]
    probe = resources(found)["x.probe"].body.entries
    assert (plain(probe["subnet"]), plain(probe["vpc"])) == (
        "&module.net.aws_subnet.s.id",
        "&aws_vpc.main.id",
    )


def test_an_input_keeps_the_identity_of_what_was_passed(tmp_path: Path) -> None:
    text = 'variable "v" {}\nmodule "net" {\n  source = "./net"\n  vpc_id = var.v\n}\n'
    found = resources(reading(tmp_path, text, None, net__main_tf=NET))
    assert plain(found["module.net.aws_subnet.s"].body.entries["vpc_id"]) == "?var.v"


def test_a_value_passed_through_a_module_is_placed_where_it_is_used_with_its_way(tmp_path: Path) -> None:
    text = 'locals {\n  id = "vpc-1"\n}\nmodule "net" {\n  source = "./net"\n  vpc_id = local.id\n}\n'
    found = resources(reading(tmp_path, text, None, net__main_tf=NET))
    used = found["module.net.aws_subnet.s"].body.entries["vpc_id"]
    assert (used.at.path, used.at.line) == (str(tmp_path / "net" / "main.tf"), 10)
    assert [(Path(place.path).name, place.line) for place in used.via] == [("main.tf", 6), ("main.tf", 2)]


def test_a_module_is_repeated_by_count_and_by_for_each(tmp_path: Path) -> None:
    text = """
module "c" {
  source = "./net"
  count  = 2
  vpc_id = "vpc-${count.index}"
}
module "e" {
  source   = "./net"
  for_each = toset(["x", "y"])
  vpc_id   = each.key
}
resource "x" "probe" {
  c = module.c[*].subnet_id
  e = { for k, m in module.e : k => m.vpc_id }
  one = module.e["x"].subnet_id
}
"""
    found = resources(reading(tmp_path, text, None, net__main_tf=NET))
    probe = found["x.probe"].body.entries
    assert plain(probe["c"]) == ["&module.c[0].aws_subnet.s.id", "&module.c[1].aws_subnet.s.id"]
    assert plain(probe["e"]) == {"x": "x", "y": "y"}
    assert plain(probe["one"]) == '&module.e["x"].aws_subnet.s.id'
    assert plain(found["module.c[1].aws_subnet.s"].body.entries["vpc_id"]) == "vpc-1"


def test_what_is_in_a_module_that_may_be_there_may_be_there(tmp_path: Path) -> None:
    text = """
variable "create" {}
variable "n" {}
module "net" {
  source = "./net"
  count  = var.create ? 1 : 0
  vpc_id = "v"
}
module "many" {
  source = "./net"
  count  = var.n
  vpc_id = "v"
}
"""
    found = resources(reading(tmp_path, text, None, net__main_tf=NET))
    assert found["module.net[0].aws_subnet.s"].presence is Presence.POSSIBLE
    assert found["module.many[*].aws_subnet.s"].presence is Presence.MANY
    assert [reason.what for reason in found["module.many[*].aws_subnet.s"].reasons] == ["var.n"]


def test_a_module_that_is_not_on_disk_is_a_gap_and_its_outputs_are_unknown(tmp_path: Path) -> None:
    text = """
module "vpc" {
  source = "acme/vpc/aws"
}
resource "x" "probe" {
  subnet = module.vpc.private_subnets[0]
}
"""
    found = reading(tmp_path, text)
    (gap,) = found.gaps
    assert (gap.kind, gap.what, gap.at.line) == (GapKind.MODULE, "module.vpc", 2)
    assert gap.settled_by == "run terraform init, or map it under modules: in netaudit.yaml"
    assert plain(found.resources[0].body.entries["subnet"]) == "?module.vpc.private_subnets[0]"


def test_a_missing_module_that_is_counted_to_zero_is_no_gap(tmp_path: Path) -> None:
    text = 'module "vpc" {\n  source = "acme/vpc/aws"\n  count  = 0\n}\n'
    assert reading(tmp_path, text).gaps == ()


def test_an_installed_module_is_found_by_its_key(tmp_path: Path) -> None:
    source = "registry.terraform.io/x/net/aws"
    net = {"Key": "net", "Dir": ".terraform/modules/net", "Source": source, "Version": "1.0.0"}
    noted = {"Modules": [{"Key": "", "Dir": "."}, net]}
    text = 'module "net" {\n  source = "x/net/aws"\n  vpc_id = "v"\n}\n'
    files = {".terraform/modules/modules.json": json.dumps(noted), ".terraform/modules/net/main.tf": NET}
    written(tmp_path, files)
    found = reading(tmp_path, text)
    assert (found.gaps, addresses(found)) == ((), ["module.net.aws_subnet.s"])


def test_a_module_is_found_where_the_user_says_that_it_is(tmp_path: Path) -> None:
    elsewhere = written(tmp_path / "elsewhere", {"main.tf": NET})
    root = written(
        tmp_path / "root", {"main.tf": 'module "n" {\n  source = "x/net/aws"\n  vpc_id = "v"\n}\n'}
    )
    found = read(str(root), TerraformOptions(modules={"x/net/aws": str(elsewhere)}))
    assert (found.gaps, addresses(found)) == ((), ["module.n.aws_subnet.s"])


def test_a_module_beside_the_root_is_read(tmp_path: Path) -> None:
    written(tmp_path / "net", {"main.tf": NET})
    root = written(tmp_path / "root", {"main.tf": 'module "n" {\n  source = "../net"\n  vpc_id = "v"\n}\n'})
    assert addresses(read(str(root), TerraformOptions())) == ["module.n.aws_subnet.s"]
    assert {Path(folder).name for folder in called_modules(str(root))} == {"net"}
    assert (is_root(str(root)), is_root(str(tmp_path))) == (True, False)


def test_a_module_that_calls_itself_is_a_gap(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        'module "a" {\n  source = "./a"\n}\n',
        None,
        a__main_tf='module "b" {\n  source = "../b"\n}\n',
        b__main_tf='module "a" {\n  source = "../a"\n}\nresource "x" "y" {}\n',
    )
    assert addresses(found) == ["module.a.module.b.x.y", "module.a.module.b.module.a"]
    assert [(gap.kind, gap.what) for gap in found.gaps] == [(GapKind.INVALID, "module.a.module.b.module.a")]


def test_a_module_that_is_not_given_a_variable_is_a_gap(tmp_path: Path) -> None:
    text = 'module "net" {\n  source = "./net"\n  vpcid = "v"\n}\n'
    found = reading(tmp_path, text, None, net__main_tf=NET)
    whys = sorted(gap.why for gap in found.gaps)
    assert whys == ["module.net is not given its variable vpc_id", "the module has no variable vpcid"]


def test_the_providers_account_and_region_are_where_a_resource_lives(tmp_path: Path) -> None:
    text = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
provider "aws" {
  alias  = "prod"
  region = "eu-west-1"
  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/net"
  }
}
provider "aws" {
  alias   = "other"
  profile = "other"
}
resource "aws_vpc" "default" {}
resource "aws_vpc" "us" {
  provider = aws.us
}
resource "aws_vpc" "prod" {
  provider = aws.prod
}
resource "aws_vpc" "other" {
  provider = aws.other
}
module "net" {
  source    = "./net"
  vpc_id    = "v"
  providers = { aws = aws.prod }
}
"""
    found = resources(reading(tmp_path, text, None, net__main_tf=NET))
    scopes = {address: (each.scope.account, each.scope.region) for address, each in found.items()}
    assert scopes == {
        "aws_vpc.default": ("", "eu-west-1"),
        "aws_vpc.us": ("", "us-east-1"),
        "aws_vpc.prod": ("123456789012", "eu-west-1"),
        "aws_vpc.other": ("aws.other", ""),
        "module.net.aws_subnet.s": ("123456789012", "eu-west-1"),
    }


def test_a_module_that_is_not_on_disk_is_given_on_with_its_arguments(tmp_path: Path) -> None:
    text = 'module "m" {\n  source = "acme/net/aws"\n  count  = 2\n  size   = count.index\n}\n'
    found = reading(tmp_path, text)
    assert [(each.kind, each.address) for each in found.resources] == [
        ("module", "module.m[0]"),
        ("module", "module.m[1]"),
    ]
    sizes = [each.body.entries["size"] for each in found.resources]
    assert [size.value for size in sizes if isinstance(size, Scalar)] == [0, 1]


SIGNED_IN = """
provider "aws" {
  alias  = "first"
  region = "eu-west-2"
}
provider "aws" {
  region = "eu-west-2"
  assume_role {
    role_arn = "arn:aws:iam::${data.aws_caller_identity.first.id}:role/net"
  }
}
data "aws_caller_identity" "first" {
  provider = aws.%s
}
resource "aws_vpc" "here" {}
resource "aws_vpc" "there" {
  provider = aws.first
}
"""


def test_a_provider_may_be_made_of_what_another_configuration_of_it_reads(tmp_path: Path) -> None:
    found = reading(tmp_path, SIGNED_IN % "first", None)
    assert found.gaps == ()
    here, there = (resources(found)[f"aws_vpc.{name}"].scope for name in ("here", "there"))
    assert here.region == there.region == "eu-west-2"
    assert here.account != there.account


def test_a_provider_may_not_be_made_of_what_it_reads_itself(tmp_path: Path) -> None:
    found = reading(
        tmp_path, (SIGNED_IN % "first").replace("provider = aws.first\n}\nresource", "}\nresource"), None
    )
    assert any("depends on itself" in gap.why for gap in found.gaps)
