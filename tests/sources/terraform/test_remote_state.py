"""A root that reads another one's state is read with that root's outputs, where both are given."""

from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor.sources import ReadOptions, read
from auditor.tree import Gap, Resource, Unknown
from tests.sources.terraform.evaluating import Plain, plain, written

Roots = dict[str, str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def backend(key: str, kind: str = "s3") -> str:
    """A root's setting of where its state is kept."""
    return f'terraform {{\n  backend "{kind}" {{\n    bucket = "states"\n    key = "{key}"\n  }}\n}}\n'


def state(key: str, name: str = "net", more: str = "") -> str:
    """A data source that reads the state at ``key``."""
    config = f'{{ bucket = "states", key = "{key}" }}'
    text = f'  backend = "s3"\n  config = {config}\n{more}'
    return f'data "terraform_remote_state" "{name}" {{\n{text}}}\n'


def output(name: str, value: str) -> str:
    return f'output "{name}" {{\n  value = {value}\n}}\n'


def probe(value: str) -> str:
    return f'resource "x_probe" "it" {{\n  value = {value}\n}}\n'


NET = backend("net") + 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
NET += output("vpc_id", "aws_vpc.main.id") + output("cidr", "aws_vpc.main.cidr_block")


def roots(files: Roots, options: ReadOptions | None = None) -> tuple[dict[str, Resource], tuple[Gap, ...]]:
    written(Path(), {f"{name}/main.tf": text for name, text in files.items()})
    _, found = read(tuple(files), options or ReadOptions())
    return {each.address: each for each in found.resources}, found.gaps


def value(files: Roots, options: ReadOptions | None = None, *, at: str = "app") -> Plain:
    """The probe's value in one root; nothing may be wrong."""
    found, gaps = roots(files, options)
    assert gaps == ()
    return plain(found[f"{at}:x_probe.it"].body.entries["value"])


def joined(expression: str, net: str = NET, key: str = "net") -> Plain:
    return value({"app": state(key) + probe(expression), "net": net})


OUTPUTS = "data.terraform_remote_state.net.outputs"


def test_an_id_from_another_root_is_that_root_s_resource() -> None:
    assert joined(f"{OUTPUTS}.vpc_id") == "&net:aws_vpc.main.id"


def test_a_known_value_from_another_root_is_known_and_says_where_it_stands() -> None:
    found, _ = roots({"app": state("net") + probe(f"{OUTPUTS}.cidr"), "net": NET})
    node = found["app:x_probe.it"].body.entries["value"]
    assert plain(node) == "10.0.0.0/16"
    assert [place.path for place in (node.at, node.via[-1])] == ["app/main.tf", "net/main.tf"]


def test_all_outputs_can_be_passed_on_as_one_object() -> None:
    text = state("net") + f"locals {{\n  net = {OUTPUTS}\n}}\n" + probe("[local.net.vpc_id, local.net.cidr]")
    assert value({"app": text, "net": NET}) == ["&net:aws_vpc.main.id", "10.0.0.0/16"]


def test_a_data_source_with_for_each_reads_each_root() -> None:
    text = 'data "terraform_remote_state" "all" {\n  for_each = toset(["net", "far"])\n  backend  = "s3"\n'
    text += '  config = { bucket = "states", key = each.key }\n}\n'
    text += probe("{ for k, s in data.terraform_remote_state.all : k => s.outputs.vpc_id }")
    far = NET.replace('"net"', '"far"')
    assert value({"app": text, "far": far, "net": NET}) == {
        "far": "&far:aws_vpc.main.id",
        "net": "&net:aws_vpc.main.id",
    }


def test_the_roots_order_does_not_matter() -> None:
    files = {"a": state("net") + probe(f"{OUTPUTS}.vpc_id"), "b": NET}
    assert value(files, at="a") == "&b:aws_vpc.main.id"
    files = {"z": state("net") + probe(f"{OUTPUTS}.vpc_id"), "b": NET}
    assert value(files, at="z") == "&b:aws_vpc.main.id"


def test_a_value_that_comes_through_a_third_root_is_the_first_one_s() -> None:
    middle = backend("middle") + state("net") + output("vpc", f"{OUTPUTS}.vpc_id")
    app = state("middle", "mid") + probe("data.terraform_remote_state.mid.outputs.vpc")
    assert value({"app": app, "middle": middle, "net": NET}) == "&net:aws_vpc.main.id"


def test_two_roots_that_read_each_other_s_states_are_both_read() -> None:
    a = backend("a") + state("b", "b") + output("one", '"1"')
    a += probe("data.terraform_remote_state.b.outputs.two")
    b = backend("b") + state("a", "a") + output("two", '"${data.terraform_remote_state.a.outputs.one}2"')
    assert value({"a": a, "b": b}, at="a") == "12"


def test_a_value_that_depends_on_itself_through_two_states_is_not_known_and_no_error() -> None:
    a = backend("a") + state("b", "b") + output("x", "data.terraform_remote_state.b.outputs.x")
    a += probe("try(data.terraform_remote_state.b.outputs.x, 1)")
    b = backend("b") + state("a", "a") + output("x", "data.terraform_remote_state.a.outputs.x")
    found, gaps = roots({"a": a, "b": b})
    node = found["a:x_probe.it"].body.entries["value"]
    assert gaps == ()
    assert isinstance(node, Unknown)
    assert any("depends on itself" in reason.what for reason in node.reasons)


def test_a_root_may_read_its_own_state() -> None:
    text = backend("net") + state("net") + output("x", '"before"') + probe(f"{OUTPUTS}.x")
    assert value({"net": text, "z": probe("1")}, at="net") == "before"


@pytest.mark.parametrize(
    ("key", "net"),
    [
        ("other", NET),
        ("net", NET.replace('bucket = "states"', 'bucket = "elsewhere"')),
        ("net", NET.replace('backend "s3"', 'backend "gcs"')),
        ("net", NET.replace('bucket = "states"', "")),
        ("net", NET.partition("}\n}\n")[2]),
    ],
)
def test_a_state_that_no_root_writes_is_not_known_and_says_what_settles_it(key: str, net: str) -> None:
    found, gaps = roots({"app": state(key) + probe(f"{OUTPUTS}.vpc_id"), "net": net})
    node = found["app:x_probe.it"].body.entries["value"]
    assert gaps == ()
    assert plain(node) == f"?app:{OUTPUTS}.vpc_id"
    assert isinstance(node, Unknown)
    assert node.reasons[0].settled_by == "load the root whose state this is beside it"


def test_a_state_that_two_roots_write_is_not_known() -> None:
    files = {"app": state("net") + probe(f"{OUTPUTS}.vpc_id"), "net": NET, "twin": NET}
    assert value(files) == f"?app:{OUTPUTS}.vpc_id"


def test_a_state_whose_place_is_not_known_says_what_it_depends_on() -> None:
    text = 'variable "bucket" {\n  type = string\n}\n' + state("net").replace('"states"', "var.bucket")
    found, _ = roots({"app": text + probe(f"{OUTPUTS}.vpc_id"), "net": NET})
    node = found["app:x_probe.it"].body.entries["value"]
    assert isinstance(node, Unknown)
    assert node.reasons[0].settled_by == "--var bucket=…"


def test_a_workspace_has_a_state_of_its_own() -> None:
    files = {"app": state("net", more='  workspace = "prod"\n') + probe(f"{OUTPUTS}.cidr"), "net": NET}
    assert value(files) == f"?app:{OUTPUTS}.cidr"
    assert value(files, ReadOptions(workspace="prod")) == "10.0.0.0/16"
    by_path = {**files, "app": state("env:/prod/net") + probe(f"{OUTPUTS}.cidr")}
    assert value(by_path, ReadOptions(workspace="prod")) == "10.0.0.0/16"
    assert value(by_path) == f"?app:{OUTPUTS}.cidr"


@pytest.mark.parametrize(
    ("writes", "backend_name", "config"),
    [
        ("", "local", '{ path = "${path.module}/../net/terraform.tfstate" }'),
        ('backend "local" {\n    path = "x/y.tfstate"\n  }', "local", '{ path = "../net/x/y.tfstate" }'),
        (
            'cloud {\n    organization = "o"\n    workspaces {\n      name = "net"\n    }\n  }',
            "remote",
            '{ organization = "o", workspaces = { name = "net" } }',
        ),
        (
            'backend "remote" {\n    organization = "o"\n    workspaces {\n      name = "net"\n    }\n  }',
            "remote",
            '{ hostname = "app.terraform.io", organization = "o", workspaces = { name = "net" } }',
        ),
        (
            'backend "gcs" {\n    bucket = "b"\n    prefix = "net"\n  }',
            "gcs",
            '{ bucket = "b", prefix = "net" }',
        ),
        ('backend "http" {\n    address = "https://s/net"\n  }', "http", '{ address = "https://s/net" }'),
    ],
)
def test_every_backend_is_recognised_by_what_tells_its_states_apart(
    writes: str, backend_name: str, config: str
) -> None:
    net = f"terraform {{\n  {writes}\n}}\n" + NET.partition("}\n}\n")[2]
    text = f'data "terraform_remote_state" "net" {{\n  backend = "{backend_name}"\n  config = {config}\n}}\n'
    assert value({"app": text + probe(f"{OUTPUTS}.vpc_id"), "net": net}) == "&net:aws_vpc.main.id"


def test_outputs_of_a_workspace_of_hcp_terraform_are_read_by_its_own_data_source() -> None:
    net = NET.replace(backend("net"), 'terraform {\n  cloud {\n    organization = "o"\n    workspaces {\n')
    net = net.replace("workspaces {\n", 'workspaces {\n      name = "net"\n    }\n  }\n}\n', 1)
    text = 'data "tfe_outputs" "net" {\n  organization = "o"\n  workspace = "net"\n}\n'
    assert value({"app": text + probe("data.tfe_outputs.net.values.vpc_id"), "net": net}) == (
        "&net:aws_vpc.main.id"
    )


def test_an_output_that_is_null_is_in_no_state() -> None:
    net = backend("net") + output("x", "null") + output("y", '"y"')
    assert joined(f'try({OUTPUTS}.x, "none")', net) == "none"
    defaults = state("net", more='  defaults = { x = "d", y = "d" }\n')
    text = defaults + probe(f"[{OUTPUTS}.x, {OUTPUTS}.y]")
    assert value({"app": text, "net": net}) == ["d", "y"]


def test_an_output_that_may_be_null_may_not_be_there() -> None:
    net = backend("net") + 'variable "c" {\n  type = bool\n}\n' + output("x", 'var.c ? "x" : null')
    assert joined(f"{OUTPUTS}.x", net) == "x"
    assert joined(f'try({OUTPUTS}.x, "none")', net) == {"?": ["x", "none"]}
    local = f"locals {{\n  net = {OUTPUTS}\n}}\n" + probe('try(local.net.x, "none")')
    assert value({"app": state("net") + local, "net": net}) == {"?": [{"?": ["x"]}, "none"]}


def test_an_output_that_is_not_declared_is_a_mistake() -> None:
    _, gaps = roots({"app": state("net") + probe(f"{OUTPUTS}.nope"), "net": NET})
    (gap,) = gaps
    assert "net has no output nope" in gap.why


def test_what_a_root_s_broken_file_may_declare_is_not_known() -> None:
    written(Path(), {"net/broken.tf": "output {{{\n"})
    found, _ = roots({"app": state("net") + probe(f"{OUTPUTS}.nope"), "net": NET})
    assert isinstance(found["app:x_probe.it"].body.entries["value"], Unknown)


PLATFORM = (
    backend("net")
    + """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_security_group" "bastion" {
  vpc_id = aws_vpc.main.id
  egress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.0.0/16"]
  }
}
output "net" {
  value = { vpc = aws_vpc.main.id, subnets = aws_subnet.a[*].id, bastion = aws_security_group.bastion.id }
}
"""
)
SERVICE = (
    state("net")
    + """
locals {
  net = data.terraform_remote_state.net.outputs.net
}
resource "aws_security_group" "db" {
  vpc_id = local.net.vpc
  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [local.net.bastion]
  }
}
resource "aws_db_subnet_group" "db" {
  name       = "db"
  subnet_ids = local.net.subnets
}
resource "aws_db_instance" "db" {
  db_subnet_group_name   = aws_db_subnet_group.db.name
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""
)


def test_questions_across_roots_are_answered_as_of_one_network() -> None:
    written(Path(), {"service/main.tf": SERVICE, "platform/main.tf": PLATFORM})
    network = auditor.load("service", "platform")
    answer = network.can_reach(
        "platform:aws_security_group.bastion", "service:aws_db_instance.db", "tcp/5432"
    )
    assert answer.verdict == "reachable"
    assert network.can_reach("internet", "service:aws_db_instance.db", "tcp/5432").verdict == "blocked"
    alone = auditor.load("service")
    assert alone.can_reach("internet", "aws_db_instance.db", "tcp/5432").verdict != "reachable"
