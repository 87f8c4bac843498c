"""What a call of a public module says while the module is not on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluating import plain, reading, resources, written

from auditor.sources.terraform import TerraformOptions
from auditor.sources.terraform.modules.installed import SETTLED_BY
from auditor.sources.terraform.modules.published import Published, published
from auditor.sources.terraform.modules.ranges import EVERY_VERSION, Versions, admitted
from auditor.sources.terraform.modules.stand_ins import FOLDER
from auditor.tree import GapKind, Location, Map, Node, Presence, Reading, Scalar, Seq, Unknown

ROW = """
stand_in {
  versions = ">= 1.2, < 3.0"
  unset    = ["size"]
  ignored  = ["*_tags"]
}

given "extras" {
  arguments = ["extra_*"]
}

defaults {
  create = true
  name   = "main"
  ranges = []
  extras = 0
}

defaults "< 2.0" {
  open = true
}

defaults ">= 2.0" {
  open = false
}

resource "aws_vpc" "this" {
  count = var.create ? 1 : 0

  cidr_block = var.size
  tags       = { Name = "${var.name}-vpc" }
}

resource "aws_subnet" "this" {
  count = length(var.ranges)

  vpc_id                  = aws_vpc.this[0].id
  cidr_block              = var.ranges[count.index]
  map_public_ip_on_launch = var.open
  tags                    = { Name = var.anything }
}

resource "aws_route" "extra" {
  count = var.extras
}

outputs {
  vpc_id  = try(aws_vpc.this[0].id, var.anything)
  subnets = aws_subnet.this[*].id
  other   = var.anything
}
"""


def called(tmp_path: Path, arguments: str = "", rest: str = "", source: str = "acme/net/aws") -> Reading:
    rows = written(tmp_path / "rows", {"acme/net.hcl": ROW})
    text = f'module "net" {{\n  source = "{source}"\n{arguments}\n}}\n{rest}'
    return reading(tmp_path / "root", text, TerraformOptions(stand_ins=str(rows)))


def body(found: Reading, address: str) -> dict[str, Node]:
    return dict(resources(found)[address].body.entries)


def test_a_row_in_a_folder_is_found_by_its_path_and_evaluated_with_the_call(tmp_path: Path):
    found = called(
        tmp_path,
        '  name = "shop"\n  size = "10.0.0.0/16"\n  ranges = ["10.0.1.0/24", "10.0.2.0/24"]',
        'resource "x" "probe" {\n  vpc = module.net.vpc_id\n  subnet = module.net.subnets[1]\n}\n',
    )
    assert list(resources(found)) == [
        "x.probe",
        "module.net.aws_vpc.this[0]",
        "module.net.aws_subnet.this[0]",
        "module.net.aws_subnet.this[1]",
    ]
    assert plain(body(found, "module.net.aws_vpc.this[0]")["tags"]) == {"Name": "shop-vpc"}
    assert plain(body(found, "module.net.aws_subnet.this[1]")["cidr_block"]) == "10.0.2.0/24"
    assert plain(body(found, "x.probe")["vpc"]) == "&module.net.aws_vpc.this[0].id"
    assert plain(body(found, "x.probe")["subnet"]) == "&module.net.aws_subnet.this[1].id"


def test_the_module_stays_listed_with_what_was_read_and_how_to_settle_the_rest(tmp_path: Path):
    (gap,) = called(tmp_path, '  version = "~> 2.0"').gaps
    assert (gap.kind, gap.what, gap.at.line, gap.settled_by) == (
        GapKind.MODULE,
        "module.net",
        1,
        "run terraform init, or map it under modules: in netaudit.yaml",
    )
    assert gap.why == (
        "the module acme/net/aws cannot be read: it is not on disk; "
        "what its versions >= 1.2, < 3.0 make of the call is taken, and the rest is unknown"
    )


@pytest.mark.parametrize("version", ["", '  version = ">= 1.5"', '  version = ">= 1.0, < 2.0"'])
def test_it_is_said_where_versions_are_admitted_that_were_not_checked(tmp_path: Path, version: str):
    (gap,) = called(tmp_path, version).gaps
    assert "is taken, though others are admitted, and the rest" in gap.why


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ('  version = "~> 3.0"', "of it the versions >= 1.2, < 3.0 are known, and not ~> 3.0"),
        ('  version = "1.1.9"', "of it the versions >= 1.2, < 3.0 are known, and not 1.1.9"),
        ("  colour = 1", "its argument colour is not one that is known of it"),
    ],
)
def test_a_call_that_the_row_does_not_fit_is_an_unread_module(tmp_path: Path, arguments: str, why: str):
    found = called(tmp_path, arguments)
    assert [each.kind for each in found.resources] == ["module"]
    assert found.gaps[0].why == f"the module acme/net/aws cannot be read: it is not on disk, and {why}"


@pytest.mark.parametrize(
    ("version", "expected"),
    [("~> 1.3", True), ("~> 2.0", False), ("2.5.1", False), (">= 2.0", False), (">= 1.2, < 2.1", None)],
)
def test_a_default_counts_where_all_admitted_versions_have_it(
    tmp_path: Path, version: str, expected: bool | None
):
    found = called(tmp_path, f'  version = "{version}"\n  ranges = ["10.0.1.0/24"]')
    value = body(found, "module.net.aws_subnet.this[0]")["map_public_ip_on_launch"]
    assert plain(value) == ("?module.net.var.open" if expected is None else expected)


def test_what_is_not_given_and_has_no_default_is_unknown_and_says_how_to_settle_it(tmp_path: Path):
    value = body(called(tmp_path), "module.net.aws_vpc.this[0]")["cidr_block"]
    assert isinstance(value, Unknown)
    assert [(each.what, each.settled_by) for each in value.reasons] == [("module.net.var.size", SETTLED_BY)]


@pytest.mark.parametrize("null", ["null", 'var.b ? null : "10.0.0.0/16"'])
def test_a_null_that_is_given_is_not_known(tmp_path: Path, null: str):
    value = body(
        called(tmp_path, f"  size = {null}", 'variable "b" {\n  type = bool\n}\n'),
        "module.net.aws_vpc.this[0]",
    )["cidr_block"]
    assert plain(value) == "?module.net.var.size"


def test_a_switch_that_is_not_known_makes_things_possible(tmp_path: Path):
    rest = 'variable "b" {\n  type = bool\n}\nresource "x" "probe" {\n  vpc = module.net.vpc_id\n}\n'
    found = called(tmp_path, "  create = var.b", rest)
    assert resources(found)["module.net.aws_vpc.this[0]"].presence is Presence.POSSIBLE
    assert isinstance(body(found, "x.probe")["vpc"], Unknown)


def test_an_argument_of_a_pattern_makes_further_things_possible(tmp_path: Path):
    assert "module.net.aws_route.extra[*]" not in resources(called(tmp_path))
    extra = resources(called(tmp_path, "  extra_one = true\n  vpc_tags = {}"))[
        "module.net.aws_route.extra[*]"
    ]
    assert extra.presence is Presence.MANY


def test_outputs_that_are_not_known_are_told_apart_by_their_names(tmp_path: Path):
    rest = (
        'resource "x" "probe" {\n  a = module.net.other\n  b = module.net.unheard_of\n  c = module.net\n}\n'
    )
    found = body(called(tmp_path, "", rest), "x.probe")
    assert plain(found["a"]) == "?module.net.other"
    assert plain(found["b"]) == "?module.net.unheard_of"
    assert isinstance(found["c"], Map)
    assert plain(found["c"].entries["vpc_id"]) == "&module.net.aws_vpc.this[0].id"


def test_an_assumption_settles_what_a_stand_in_leaves_open(tmp_path: Path):
    rows = written(tmp_path / "rows", {"acme/net.hcl": ROW})
    text = 'module "net" {\n  source = "acme/net/aws"\n}\n'
    options = TerraformOptions(stand_ins=str(rows), assumed=(("module.net.var.size", "10.9.0.0/16"),))
    found = reading(tmp_path / "root", text, options)
    assert plain(body(found, "module.net.aws_vpc.this[0]")["cidr_block"]) == "10.9.0.0/16"


def test_instances_of_a_call_each_have_their_stand_in(tmp_path: Path):
    found = called(tmp_path, '  for_each = toset(["a", "b"])\n  name = each.key')
    tags = body(found, 'module.net["b"].aws_vpc.this[0]')["tags"]
    assert plain(tags) == {"Name": "b-vpc"}
    assert len(found.gaps) == 1


def test_a_module_on_disk_needs_no_stand_in(tmp_path: Path):
    rows = written(tmp_path / "rows", {"acme/net.hcl": ROW})
    real = written(tmp_path / "real", {"main.tf": 'resource "aws_vpc" "real" {}\n'})
    options = TerraformOptions(stand_ins=str(rows), modules={"acme/net/aws": str(real)})
    found = reading(tmp_path / "root", 'module "net" {\n  source = "acme/net/aws"\n}\n', options)
    assert (list(resources(found)), found.gaps) == (["module.net.aws_vpc.real"], ())


def test_all_that_comes_of_a_stand_in_is_placed_in_the_call(tmp_path: Path):
    found = called(tmp_path, '  size = var.size\n  ranges = ["10.0.1.0/24"]', 'variable "size" {}\n')
    main = str(tmp_path / "root" / "main.tf")
    for resource in found.resources:
        assert {at.path for at in places(resource.body)} | {resource.at.path} == {main}
    cidr = body(found, "module.net.aws_subnet.this[0]")["cidr_block"]
    assert (cidr.at.line, resources(found)["module.net.aws_subnet.this[0]"].at.line) == (4, 1)


def places(node: Node) -> Iterator[Location]:
    yield node.at
    yield from node.via
    inner: tuple[Node | None, ...] = ()
    if isinstance(node, Seq):
        inner = (*node.items, node.more)
    elif isinstance(node, Map):
        inner = (*node.entries.values(), node.more)
    elif isinstance(node, Unknown):
        inner = node.options
        yield from (reason.at for reason in node.reasons)
    for each in inner:
        if each is not None:
            yield from places(each)


ROWS = sorted(path.relative_to(FOLDER).as_posix() for path in Path(FOLDER).rglob("*.hcl"))


@pytest.mark.parametrize("row", ROWS)
def test_every_stand_in_of_the_package_is_evaluated_without_an_error(tmp_path: Path, row: str):
    namespace, name, *inner = row.removesuffix(".hcl").split("/")
    source = "//modules/".join([f"{namespace}/{name}/aws", *inner])
    found = reading(tmp_path, f'module "it" {{\n  source = "{source}"\n}}\n')
    assert [(gap.kind, gap.what) for gap in found.gaps] == [(GapKind.MODULE, "module.it")]
    assert "it is not on disk; what its versions" in found.gaps[0].why


def test_a_part_of_a_module_is_stood_in_for_with_the_address_that_it_has_there(tmp_path: Path):
    text = """
module "db" {
  source                 = "terraform-aws-modules/rds/aws"
  version                = "~> 6.0"
  identifier             = "orders"
  engine                 = "postgres"
  vpc_security_group_ids = ["sg-11111111"]
  create_db_subnet_group = true
  subnet_ids             = ["subnet-11111111"]
}
"""
    found = reading(tmp_path, text)
    database = body(found, "module.db.module.db_instance.aws_db_instance.this[0]")
    assert plain(database["identifier"]) == "orders"
    group = "module.db.module.db_subnet_group.aws_db_subnet_group.this[0]"
    assert plain(database["db_subnet_group_name"]) == f"&{group}.id"
    assert len(found.gaps) == 1


VPC = '  cidr = "10.0.0.0/16"\n  azs = ["eu-west-1a", "eu-west-1b"]\n'


def vpc(tmp_path: Path, arguments: str) -> Reading:
    return reading(
        tmp_path,
        f'module "vpc" {{\n  source = "terraform-aws-modules/vpc/aws"\n{VPC}{arguments}\n}}\n',
    )


def test_the_subnets_of_the_vpc_module_have_the_zones_and_names_of_the_call(tmp_path: Path):
    arguments = '  name = "shop"\n  private_subnets = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]'
    third = body(vpc(tmp_path, arguments), "module.vpc.aws_subnet.private[2]")
    assert plain(third["cidr_block"]) == "10.0.3.0/24"
    assert plain(third["availability_zone"]) == "eu-west-1a"
    assert plain(third["tags"]) == {"Name": "shop-private-eu-west-1a"}


@pytest.mark.parametrize(
    ("version", "count"), [("2.55.0", 3), ("2.56.0", 1), ("2.57.0", 3), ("~> 2.0", None), ("~> 5.0", 3)]
)
def test_the_gateways_of_the_vpc_module_are_counted_as_its_versions_count_them(
    tmp_path: Path, version: str, count: int | None
):
    arguments = f"""
  version            = "{version}"
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
  public_subnets     = ["10.0.101.0/24"]
  enable_nat_gateway = true
"""
    found = vpc(tmp_path, arguments).resources
    gateways = [each.presence for each in found if each.kind == "aws_nat_gateway"]
    certain = [each for each in gateways if each is Presence.CERTAIN]
    assert len(certain) == (1 if count is None else count)
    assert len(gateways) == (3 if count is None else count)


def test_the_rules_of_the_group_module_are_what_their_names_say_or_unknown(tmp_path: Path):
    text = """
module "web" {
  source              = "terraform-aws-modules/security-group/aws"
  version             = "~> 5.0"
  name                = "web"
  vpc_id              = "vpc-11111111"
  ingress_cidr_blocks = ["10.0.0.0/8"]
  ingress_rules       = ["https-443-tcp", "a-rule-of-a-name-that-nobody-knows"]
}
"""
    found = reading(tmp_path, text)
    known = body(found, "module.web.aws_security_group_rule.ingress_rules[0]")
    other = body(found, "module.web.aws_security_group_rule.ingress_rules[1]")
    assert [plain(known[name]) for name in ("from_port", "to_port", "protocol")] == [443, 443, "tcp"]
    assert all(isinstance(other[name], Unknown) for name in ("from_port", "to_port", "protocol"))
    assert plain(other["cidr_blocks"]) == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("source", "constraint", "expected"),
    [
        ("acme/net/aws", "~> 1.0", ("acme/net", "~> 1.0")),
        ("registry.terraform.io/acme/net/aws", "", ("acme/net", "")),
        ("acme/net/aws//modules/inner", "1.0.0", ("acme/net/inner", "1.0.0")),
        ("github.com/acme/terraform-aws-net", "", ("acme/net", "")),
        ("github.com/acme/terraform-aws-net?ref=v1.2.3", "", ("acme/net", "= 1.2.3")),
        ("git::https://github.com/acme/terraform-aws-net.git?ref=tags/1.2.3", "", ("acme/net", "= 1.2.3")),
        ("git@github.com:acme/terraform-aws-net.git?ref=main", "", ("acme/net", "")),
        ("git@github.com:acme/terraform-aws-net//modules/in?ref=2.0.0&a=b", "", ("acme/net/in", "= 2.0.0")),
        ("acme/net/azurerm", "", None),
        ("app.terraform.io/acme/net/aws", "", None),
        ("git::https://example.com/acme/terraform-aws-net.git", "", None),
        ("acme/net/aws//../../etc", "", None),
    ],
)  # fmt: skip
def test_a_public_module_is_known_by_each_way_to_name_it(
    source: str, constraint: str, expected: tuple[str, str] | None
):
    assert published(source, constraint) == (None if expected is None else Published(*expected))


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("", EVERY_VERSION),
        ("1.2.3", Versions((1, 2, 3), (1, 2, 3, 1))),
        ("= 1.2", Versions((1, 2, 0), (1, 2, 0, 1))),
        (">= 1.2, < 3", Versions((1, 2, 0), (3, 0, 0))),
        ("> 1.2.3, <= 1.4.0", Versions((1, 2, 3, 1), (1, 4, 0, 1))),
        ("~> 1.2", Versions((1, 2, 0), (2, 0, 0))),
        ("~> 1.2.3", Versions((1, 2, 3), (1, 3, 0))),
        ("~> 1", Versions((1, 0, 0), (2, 0, 0))),
        ("~> 1.0, != 1.5.0", Versions((1, 0, 0), (2, 0, 0))),
        ("v1.0.0-beta1", Versions((1, 0, 0), (1, 0, 0, 1))),
        ("whatever", EVERY_VERSION),
    ],
)
def test_a_constraint_admits_the_versions_between_its_bounds(constraint: str, expected: Versions):
    assert admitted(constraint) == expected


def test_versions_lie_within_one_another_or_share_some():
    assert admitted("~> 1.2").within(admitted(">= 1.0, < 2.0"))
    assert not admitted(">= 1.2").within(admitted(">= 1.0, < 2.0"))
    assert admitted("~> 1.0").shared(admitted("~> 2.0")) is None
    assert admitted("> 1.0.0").shared(admitted("1.0.0")) is None


@pytest.mark.parametrize(
    ("endpoint", "service"),
    [
        ('service = "s3"', "com.amazonaws.eu-west-1.s3"),
        ('service = "s3", service_region = "eu-west-2"', None),
        ('service = "s3", service_endpoint = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"', None),
        ('service_name = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"', None),
    ],
)
def test_an_endpoint_of_the_module_is_one_of_the_service_that_the_call_names(
    tmp_path: Path, endpoint: str, service: str | None
):
    text = f"""
provider "aws" {{
  region = "eu-west-1"
}}

module "e" {{
  source    = "terraform-aws-modules/vpc/aws//modules/vpc-endpoints"
  version   = "~> 5.0"
  vpc_id    = "vpc-11111111"
  endpoints = {{ one = {{ policy = "{{}}", private_dns_enabled = true, {endpoint} }} }}
}}
"""
    found = body(reading(tmp_path, text), 'module.e.aws_vpc_endpoint.this["one"]')
    assert (plain(found["service_name"]) if isinstance(found["service_name"], Scalar) else None) == service
    assert (plain(found["policy"]), plain(found["private_dns_enabled"])) == ("{}", True)


@pytest.mark.parametrize(("version", "hostnames"), [("3.19.0", False), ("4.0.0", True), ("~> 5.0", True)])
def test_the_dns_settings_of_the_vpc_module_are_those_of_its_versions(
    tmp_path: Path, version: str, hostnames: bool
):
    found = body(vpc(tmp_path, f'  version = "{version}"'), "module.vpc.aws_vpc.this[0]")
    assert plain(found["enable_dns_hostnames"]) is hostnames
    assert plain(found["enable_dns_support"]) is True
