from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli import cli
from tests.cli.running import NETWORK, ROOT, THREE_TIER, called, process, written

OFFICE = (
    NETWORK
    + """
variable "office" {
  type = list(string)
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = var.office
  }
}
"""
)


def sources(*words: str) -> dict[str, str]:
    """The verdict for each source of ``sg-web``."""
    ran = called("who-can-reach", "sg-web", *words, "--format", "json")
    assert ran.code == 0, ran.err
    return {row["source"]["name"]: row["verdict"] for row in json.loads(ran.out)["sources"]}


def test_a_variable_without_a_value_is_told_with_what_settles_it(tmp_path: Path):
    ran = called("who-can-reach", "sg-web", written(tmp_path, main_tf=OFFICE))
    assert ran.code == 0
    assert "no sources can reach it, 1 perhaps" in ran.out
    assert "settled by: --var office=…" in ran.out


def test_a_variable_is_set_on_the_command_line(tmp_path: Path):
    found = sources(written(tmp_path, main_tf=OFFICE), "--var", 'office=["10.0.1.0/24"]')
    assert found == {"10.0.1.0/24": "reachable"}


def test_a_variable_is_set_in_a_file_that_is_named(tmp_path: Path):
    root = written(tmp_path, main_tf=OFFICE)
    values = tmp_path / "prod.tfvars"
    values.write_text('office = ["10.0.1.0/24"]\n', encoding="utf-8")
    assert sources(root, "--var-file", str(values)) == {"10.0.1.0/24": "reachable"}


def test_a_variable_is_set_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TF_VAR_office", '["10.0.1.0/24"]')
    assert sources(written(tmp_path, main_tf=OFFICE)) == {"10.0.1.0/24": "reachable"}


def test_a_variable_that_no_input_declares_is_a_usage_error(tmp_path: Path):
    ran = called("show", written(tmp_path, main_tf=OFFICE), "--var", "offic=1")
    assert (ran.code, ran.out) == (2, "")
    assert "--var offic:" in ran.err
    assert "office" in ran.err


def test_a_variable_of_one_of_several_inputs_is_no_error(tmp_path: Path):
    one = written(tmp_path / "one", main_tf=OFFICE)
    other = written(tmp_path / "other", main_tf=NETWORK)
    ran = called("show", one, other, "--var", 'office=["10.0.1.0/24"]')
    assert ran.code == 0
    assert "not understood" not in ran.out


def test_a_variable_without_a_value_given_is_a_usage_error():
    ran = called("show", THREE_TIER, "--var", "office")
    assert (ran.code, ran.out) == (2, "")
    assert "--var office: expected NAME=VALUE" in ran.err


def test_a_file_of_variables_that_there_is_not_is_an_error():
    ran = called("show", THREE_TIER, "--var-file", "no-such.tfvars")
    assert (ran.code, ran.out) == (2, "")
    assert "no-such.tfvars" in ran.err


def test_the_workspace_decides_what_depends_on_it(tmp_path: Path):
    text = OFFICE.replace("var.office", 'terraform.workspace == "prod" ? ["10.0.1.0/24"] : ["10.0.2.0/24"]')
    root = written(
        tmp_path,
        main_tf=text
        + 'resource "aws_subnet" "b" {\n  vpc_id = aws_vpc.main.id\n  cidr_block = "10.0.2.0/24"\n}\n',
    )
    assert sources(root) == {"10.0.2.0/24": "reachable"}
    assert sources(root, "--workspace", "prod") == {"10.0.1.0/24": "reachable"}


OUTSIDE = """
data "aws_vpc" "main" {
  tags = { Name = "main" }
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = data.aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = cidrsubnet(data.aws_vpc.main.cidr_block, 8, 3)
}
"""


def test_strict_takes_nothing_outside_the_input_for_granted(tmp_path: Path):
    root = written(
        tmp_path, main_tf=OUTSIDE.replace("cidrsubnet(data.aws_vpc.main.cidr_block, 8, 3)", '"10.0.0.0/8"')
    )
    assert "AWS's default, allow all, is assumed" in " ".join(called("who-can-reach", "db", root).out.split())
    assert "is assumed" not in called("who-can-reach", "db", root, "--strict").out


def test_an_assumed_value_is_there_for_the_functions_over_it(tmp_path: Path):
    root = written(tmp_path, main_tf=OUTSIDE)
    ran = called("who-can-reach", "db", root, "--assume", "data.aws_vpc.main.cidr_block=10.0.0.0/16")
    assert ran.code == 0
    assert "10.0.3.0/24" in ran.out


def test_an_assumption_that_nothing_asks_for_is_a_usage_error_with_the_nearest_name(tmp_path: Path):
    root = written(tmp_path, main_tf=OUTSIDE)
    ran = called("who-can-reach", "db", root, "--assume", "data.aws_vpc.main.cidr_blok=10.0.0.0/16")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean data.aws_vpc.main.cidr_block" in ran.err


def test_the_configuration_says_where_modules_lie(tmp_path: Path):
    written(
        tmp_path, root__main_tf='module "net" {\n  source = "acme/net/aws"\n}\n', vendor__net__main_tf=NETWORK
    )
    config = tmp_path / "netaudit.yaml"
    config.write_text("modules:\n  acme/net/aws: vendor/net\n", encoding="utf-8")
    root = str(tmp_path / "root")
    assert "not understood" in called("show", root).out
    ran = called("who-can-reach", "db", root, "--config", str(config))
    assert ran.code == 0
    assert "module.net.aws_security_group.db" in ran.out
    assert "not understood" not in ran.out


def test_the_configuration_beside_which_one_stands_applies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written(tmp_path, main_tf='module "net" {\n  source = "acme/net/aws"\n}\n', vendor__net__main_tf=NETWORK)
    (tmp_path / "netaudit.yaml").write_text("modules: {acme/net/aws: vendor/net}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "module.net.aws_security_group.db" in called("who-can-reach", "db").out


def test_a_configuration_that_there_is_not_is_an_error():
    ran = called("show", THREE_TIER, "--config", "no-such.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "no-such.yaml: cannot read" in ran.err


def test_output_goes_to_the_file_that_is_named(tmp_path: Path):
    target = tmp_path / "answer.json"
    ran = called("who-can-reach", "sg-database-postgres", THREE_TIER, "--format", "json", "-o", str(target))
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(target.read_text("utf-8"))["schema"] == "netaudit/sources/1"


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path):
    ran = called("show", THREE_TIER, "-o", str(tmp_path / "no" / "such" / "folder.txt"))
    assert ran.code == 2
    assert "cannot write" in ran.err


def test_quiet_answers_by_the_exit_code_alone():
    ran = called(
        "can-reach", "internet", "sg-database-postgres", THREE_TIER, "--quiet", "--assert", "reachable"
    )
    assert (ran.code, ran.out, ran.err) == (1, "", "")


def test_no_colours_where_no_terminal_shows_them():
    assert "\x1b" not in process("show", THREE_TIER).out


def in_a_terminal(*words: str, **environment: str) -> str:
    """What netaudit prints to a terminal."""
    import pty

    reader, writer = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", *words],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.DEVNULL,
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **environment},
    ) as running:
        os.close(writer)
        parts = []
        try:
            while part := os.read(reader, 4096):
                parts.append(part)
        except OSError:
            pass  # the other side is closed
        running.wait(timeout=60)
    os.close(reader)
    return b"".join(parts).decode("utf-8")


QUESTION = ("who-can-reach", "sg-database-postgres", THREE_TIER)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_a_terminal_shows_colours_unless_it_is_told_not_to():
    assert "\x1b[32;1mreachable" in in_a_terminal(*QUESTION)
    assert "\x1b" not in in_a_terminal(*QUESTION, "--no-color")
    assert "\x1b" not in in_a_terminal(*QUESTION, NO_COLOR="1")


def test_a_reader_that_leaves_early_is_no_error():
    command = f'"{sys.executable}" -m auditor show "{THREE_TIER}" --verbose; echo "code $?" >&2'
    with subprocess.Popen(
        ["sh", "-c", command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b"code 0\n"


def broken_show(*words: str) -> None:
    raise ZeroDivisionError("a defect of netaudit")


def test_a_defect_of_netaudit_is_one_line_unless_debug_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cli, "resolve_command", broken_show)
    plain, debug = called("show", THREE_TIER), called("show", THREE_TIER, "--debug")
    assert (plain.code, debug.code) == (2, 2)
    assert "internal error: ZeroDivisionError: a defect of netaudit" in plain.err
    assert "Traceback" not in plain.err
    assert "Traceback" in debug.err


def test_paths_are_those_of_the_folder_that_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written(tmp_path, infra__main_tf=NETWORK)
    monkeypatch.chdir(tmp_path)
    assert "infra/main.tf:" in called("who-can-reach", "db", "infra").out
    monkeypatch.chdir(tmp_path / "infra")
    assert "  main.tf:" in called("who-can-reach", "db").out.replace("db  main.tf", "  main.tf")


def test_a_terminal_that_knows_no_unicode_gets_the_answer_all_the_same():
    ran = process("can-reach", "internet", "sg-database-postgres", THREE_TIER, PYTHONIOENCODING="ascii")
    assert ran.code == 0
    assert "blocked" in ran.out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_an_interrupted_run_is_told_from_one_with_findings(tmp_path: Path):
    root = written(tmp_path, main_tf=NETWORK)
    script = f"""
import os, signal, sys
from auditor.cli import cli, main
def interrupted(*words, **options):
    os.kill(os.getpid(), signal.SIGINT)
cli.invoke = interrupted
main(["show", {root!r}])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
