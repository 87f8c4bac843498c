"""A project that an answer depends on in every way there is, and the ways to change it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

MAIN = """
variable "automatic" { default = "" }
variable "given" { default = "" }
variable "environment" { default = "unset" }
variable "asked" { default = "" }

module "local" { source = "../link" }
module "mapped" { source = "acme/net" }
module "installed" { source = "acme/installed" }

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags = {
    Automatic   = var.automatic
    Given       = var.given
    Environment = var.environment
    Asked       = var.asked
    Workspace   = terraform.workspace
    File        = file("text.txt")
    Hash        = filesha256("text.txt")
    Template    = templatefile("text.tftpl", {})
    Exists      = fileexists("perhaps.txt")
    Set         = join(",", fileset("set", "**"))
    Here        = abspath(".")
  }
}

data "aws_vpc" "other" { id = "vpc-0123456789abcdef0" }

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [data.aws_vpc.other.cidr_block]
  }
}
"""

RULE = (Path(__file__).parents[2] / "rules" / "data-tier-egress.yaml").read_text(encoding="utf-8")


def group(name: str) -> str:
    return f'resource "aws_security_group" "{name}" {{\n  name = "{name}"\n}}\n'


FILES = {
    ".gitignore": "ignored/\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    "netaudit.yaml": "modules:\n  acme/net: vendor/one\n",
    "given.tfvars": 'given = "one"\n',
    "live/main.tf": MAIN,
    "live/more.tf": group("more"),
    "live/terraform.tfvars": 'automatic = "one"\n',
    "live/text.txt": "text",
    "live/text.tftpl": "template",
    "live/set/a.txt": "",
    "live/.terraform/modules/modules.json": '{"Modules": [{"Key": "installed", "Dir": "../installed/one"}]}',
    "installed/one/main.tf": group("installed_one"),
    "installed/two/main.tf": group("installed_two"),
    "shared/one/main.tf": group("shared_one"),
    "shared/two/main.tf": group("shared_two"),
    "vendor/one/main.tf": group("vendor_one"),
    "vendor/two/main.tf": group("vendor_two"),
    "ignored/main.tf": group("ignored"),
    "other/main.tf": group("other"),
    "empty/readme.md": "",
    "rules/own.yaml": RULE.replace("id: data-tier-egress", "id: own-rule"),
}

WORDS = ("--var-file", "given.tfvars", "live", "other")


def make_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_project(folder: Path) -> None:
    make_files(folder, FILES)
    (folder / "link").symlink_to("shared/one")


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """The file with another text in it, of the same length and the same age."""

    def change(folder: Path) -> None:
        path = folder / name
        before, text = path.stat(), path.read_text(encoding="utf-8")
        assert old in text
        assert len(old) == len(new)
        path.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def added(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        assert not (folder / name).exists()
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


def removed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _leads_elsewhere(folder: Path) -> None:
    (folder / "link").unlink()
    (folder / "link").symlink_to("shared/two")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a file of the root": replaced("live/main.tf", "10.0.0.0/16", "10.9.0.0/16"),
    "a further file": added("live/new.tf", group("new")),
    "a file less": removed("live/more.tf"),
    "a file that does not parse": added("live/broken.tf", 'resource "aws_vpc" {'),
    "an override": added(
        "live/override.tf", 'resource "aws_vpc" "main" {\n  cidr_block = "10.7.0.0/16"\n}\n'
    ),
    "a file of OpenTofu's": added("live/more.tofu", group("tofu")),
    "the automatic variables": replaced("live/terraform.tfvars", "one", "two"),
    "further automatic variables": added("live/x.auto.tfvars", 'automatic = "two"\n'),
    "the variables file that is given": replaced("given.tfvars", "one", "two"),
    "a file of a module": replaced("shared/one/main.tf", "shared_one", "shared_xxx"),
    "a link to a module": _leads_elsewhere,
    "a file of a mapped module": replaced("vendor/one/main.tf", "vendor_one", "vendor_xxx"),
    "the mapping of modules": replaced("netaudit.yaml", "vendor/one", "vendor/two"),
    "a file of an installed module": replaced("installed/one/main.tf", "installed_one", "installed_xxx"),
    "where modules are installed": replaced("live/.terraform/modules/modules.json", "one", "two"),
    "no module is installed": removed("live/.terraform/modules/modules.json"),
    "a file that is read": replaced("live/text.txt", "text", "next"),
    "a file that is read is gone": removed("live/text.txt"),
    "a template": replaced("live/text.tftpl", "template", "tempTate"),
    "a file that was looked for": added("live/perhaps.txt", ""),
    "a file in a set": added("live/set/b.txt", ""),
    "a file in a new folder of a set": added("live/set/deep/c.txt", ""),
}

SEARCHED: dict[str, Callable[[Path], None]] = {
    "what git ignores": replaced(".gitignore", "ignored", "Ignored"),
    "that git ignores nothing": removed(".gitignore"),
    "what git ignores further down": added("other/.gitignore", "*.tf\n"),
    "a further root": added("empty/main.tf", group("root")),
    "a root less": removed("other/main.tf"),
    "a call of what was a root": added("other/call.tf", 'module "vendor" {\n  source = "../vendor/two"\n}\n'),
}
