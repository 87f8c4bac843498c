"""Bad input: one clear message with its place, the rest of the input counts, and never a traceback."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.running import NETWORK, Ran, called, process, written

RULE = """
resource "aws_vpc_security_group_ingress_rule" "x" {{
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = {low}
  to_port           = {high}
  cidr_ipv4         = "{cidr}"
}}
"""


def gaps_beside(folder: Path, text: str | bytes, name: str = "c.tf") -> list[tuple[str, str]]:
    """Place and message of what is not understood in a file beside a network that is still answered for."""
    root = written(folder, main_tf=NETWORK)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return gaps_of(called("who-can-reach", "db", root, "--port", "5432", "--format", "json"), root)


def gaps_of(ran: Ran, root: str) -> list[tuple[str, str]]:
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    rows = {row["source"]["name"]: row["verdict"] for row in document["sources"]}
    assert rows["10.0.0.0/16"] == "reachable"
    return [(gap["at"].removeprefix(f"{root}{os.sep}"), gap["why"]) for gap in document["gaps"]]


def test_a_syntax_error_in_one_of_several_files(tmp_path: Path):
    assert gaps_beside(tmp_path, 'resource "aws_vpc" "x" {\n') == [
        ("c.tf:1:24", 'this "{" is never closed by a "}"')
    ]


def test_a_syntax_error_is_told_in_text_with_its_place(tmp_path: Path):
    gaps_beside(tmp_path, 'resource "aws_vpc" "x" {\n')
    assert f"! {tmp_path}{os.sep}c.tf:1:24\n" in called("who-can-reach", "db", str(tmp_path)).out


def test_a_file_that_is_empty(tmp_path: Path):
    ran = called("show", written(tmp_path, main_tf=""))
    assert (ran.code, ran.err) == (0, "")
    assert "nothing that bears on the network" in ran.out


def test_a_folder_that_there_is_not():
    ran = called("show", "no-such-folder")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "netaudit: no-such-folder: no such file or folder\n"


def test_a_folder_without_terraform(tmp_path: Path):
    ran = called("show", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"netaudit: {tmp_path}: nothing here that netaudit reads\n  hint: ")


def test_standard_input_with_nothing_on_it():
    ran = process("show", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "netaudit: -: there is nothing on standard input\n  hint: " in ran.err


def test_a_file_of_another_kind(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    ran = called("show", str(tmp_path / "notes.txt"))
    assert (ran.code, ran.out) == (2, "")
    assert "not a kind of file that netaudit reads" in ran.err


def test_a_cycle_of_locals(tmp_path: Path):
    text = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_eip" "e" {\n  domain = local.a\n}\n'
    ((at, why),) = gaps_beside(tmp_path, text)
    assert at.startswith("c.tf:")
    assert why == "local.a depends on itself: local.a -> local.b -> local.a"


def test_a_module_that_calls_itself(tmp_path: Path):
    ((at, why),) = gaps_beside(tmp_path, 'module "me" {\n  source = "./"\n}\n')
    assert at == "c.tf:1:1"
    assert "calls itself" in why


def test_arguments_that_a_function_cannot_take(tmp_path: Path):
    text = 'resource "aws_eip" "e" {\n  address = cidrsubnet("10.0.0.0/16", 20, 1)\n}\n'
    ((at, why),) = gaps_beside(tmp_path, text)
    assert at.startswith("c.tf:2:")
    assert "insufficient address space" in why


@pytest.mark.parametrize("cidr", ["10.0.0.0/33", "300.1.1.1/8", "10.0.0.0"])
def test_a_cidr_that_is_none(tmp_path: Path, cidr: str):
    ((at, why),) = gaps_beside(tmp_path, RULE.format(low=1, high=2, cidr=cidr))
    assert at == "c.tf:7:23"
    assert cidr in why


def test_ports_in_the_wrong_order(tmp_path: Path):
    ((at, why),) = gaps_beside(tmp_path, RULE.format(low=9, high=2, cidr="10.0.0.0/8"))
    assert at.startswith("c.tf:5:")
    assert "9-2" in why


def test_a_single_line_of_megabytes(tmp_path: Path):
    assert gaps_beside(tmp_path, 'locals { x = "' + "a" * 1_000_000 + '" }\n') == []


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("(", ")"), ("{a=", "}"), ("!", "")])
def test_an_expression_that_is_nested_too_deeply(tmp_path: Path, opening: str, closing: str):
    text = "locals {\n  x = " + opening * 100_000 + "1" + closing * 100_000 + "\n}\n"
    ((at, why),) = gaps_beside(tmp_path, text)
    assert at.startswith("c.tf:2:")
    assert "nested" in why


def test_a_program_with_the_name_of_a_text(tmp_path: Path):
    ((at, _),) = gaps_beside(tmp_path, Path(sys.executable).resolve().read_bytes()[:4000])
    assert at.startswith("c.tf:")


def test_bytes_that_are_not_utf_8(tmp_path: Path):
    assert gaps_beside(tmp_path, b'locals { x = "\xff" }\n') == [("c.tf:1:15", "the byte 0xff is not UTF-8")]


def test_a_folder_with_the_name_of_a_file(tmp_path: Path):
    root = written(tmp_path, main_tf=NETWORK)
    (tmp_path / "x.tf").mkdir()
    ((at, why),) = gaps_of(called("who-can-reach", "db", root, "--format", "json"), root)
    assert (at, "a folder" in why) == ("x.tf", True)


def test_a_link_that_leads_nowhere(tmp_path: Path):
    root = written(tmp_path, main_tf=NETWORK)
    (tmp_path / "x.tf").symlink_to("nowhere")
    ((at, why),) = gaps_of(called("who-can-reach", "db", root, "--format", "json"), root)
    assert (at, "cannot be read" in why) == ("x.tf", True)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    root = written(tmp_path, main_tf=NETWORK)
    os.mkfifo(tmp_path / "x.tf")
    ran = process("who-can-reach", "db", root, "--format", "json")
    ((at, _),) = gaps_of(ran, root)
    assert at == "x.tf"


@pytest.mark.parametrize(
    "often", ["count = 1000000000", "for_each = toset([for i in range(1000000000) : tostring(i)])"]
)
def test_more_instances_than_anyone_has(tmp_path: Path, often: str):
    ((at, _),) = gaps_beside(tmp_path, f'resource "aws_eip" "e" {{\n  {often}\n}}\n')
    assert at.startswith("c.tf:2:")


def test_what_is_declared_twice(tmp_path: Path):
    ((at, why),) = gaps_beside(
        tmp_path, 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n', "a.tf"
    )
    assert at == "main.tf:2:1"
    assert why.startswith("resource aws_vpc.main is declared twice: first at")


def test_groups_that_name_themselves_and_one_another_are_a_normal_thing(tmp_path: Path):
    group = """
resource "aws_security_group" "{name}" {{
  name   = "{name}"
  vpc_id = aws_vpc.main.id
  ingress {{
    protocol        = "tcp"
    from_port       = 1
    to_port         = 1
    self            = true
    security_groups = [aws_security_group.{other}.id]
  }}
}}
"""
    text = group.format(name="ping", other="pong") + group.format(name="pong", other="ping")
    assert gaps_beside(tmp_path, text) == []


def test_a_name_cannot_steer_the_terminal(tmp_path: Path):
    text = NETWORK.replace('name   = "db"', 'name   = "db"\n  tags = { Name = "a\\u001b[2Jb" }')
    ran = called("who-can-reach", "db", written(tmp_path, main_tf=text))
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert "a\\x1b[2Jb" in ran.out
