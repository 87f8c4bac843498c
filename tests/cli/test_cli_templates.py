from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import called, process

NET = """Parameters:
  Cidr:
    Type: String
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr
  Database:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the database
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 5432
          ToPort: 5432
          CidrIp: !Ref Cidr
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(NET, encoding="utf-8")
    return tmp_path


def test_a_template_is_shown(here: Path):
    ran = called("show", "net.yaml", "--parameter", "Cidr=10.0.0.0/16")
    assert ran.code == 0, ran.err
    assert "read net.yaml (cloudformation)" in ran.out
    assert "1  VPC" in ran.out


def test_a_group_of_a_template_answers_by_its_logical_id(here: Path):
    ran = called("who-can-reach", "sg-database", "--parameter", "net.Cidr=10.0.0.0/16")
    assert ran.code == 0, ran.err
    assert "10.0.0.0/16" in ran.out
    assert "net.yaml:18:" in ran.out


def test_a_template_is_read_from_standard_input(here: Path):
    ran = process("show", "-", "--parameter", "Cidr=10.0.0.0/16", cwd=here, given=NET)
    assert ran.code == 0, ran.err
    assert "read - (cloudformation)" in ran.out


def test_gaps_of_a_template_are_shown_with_their_places(here: Path):
    nested = "  Part:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./part.yaml}\n"
    (here / "net.yaml").write_text(NET + nested, encoding="utf-8")
    ran = called("show", "--parameter", "Cidr=10.0.0.0/16")
    assert "not understood" in ran.out
    assert "net/Part" in ran.out
    assert "net.yaml:19:3" in ran.out


@pytest.mark.parametrize(
    "words", [("--parameter", "Cdir=1"), ("--parameter", "Cidr"), ("--parameters", "no.json")]
)
def test_a_wrong_parameter_is_one_message_and_exit_code_2(here: Path, words: tuple[str, str]):
    ran = called("show", "net.yaml", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("netaudit: ")


def test_a_kept_answer_rests_on_every_file_of_a_run(here: Path):
    (here / "part.yaml").write_text(NET.replace("Vpc:\n    Type", "Other:\n    Type"), encoding="utf-8")
    (here / "cidr.json").write_text('{"Cidr": "10.0.0.0/16"}', encoding="utf-8")
    nested = "  Part:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./part.yaml}\n"
    (here / "net.yaml").write_text(NET + nested, encoding="utf-8")
    words = ("who-can-reach", "sg-database", "net.yaml", "--all", "--parameters", "cidr.json")
    cache = {"NETAUDIT_CACHE_DIR": str(here / "cache")}
    before = process(*words, cwd=here, **cache)
    assert process(*words, cwd=here, **cache) == before
    (here / "cidr.json").write_text('{"Cidr": "10.9.0.0/16"}', encoding="utf-8")
    assert "10.9.0.0/16" in process(*words, cwd=here, **cache).out
    (here / "part.yaml").write_text(NET.replace("5432", "3306"), encoding="utf-8")
    assert "tcp/3306" in process(*words, cwd=here, **cache).out
