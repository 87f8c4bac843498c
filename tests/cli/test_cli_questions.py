from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import NETWORK, THREE_TIER, UNKNOWNS, called, process, written

COMMANDS = ("who-can-reach", "reach-from", "can-reach", "show")

TWINS = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "twin" {
  for_each = toset(["blue", "green"])
  name     = "twin-${each.key}"
  vpc_id   = aws_vpc.main.id
  tags     = { Name = "twin" }

  ingress {
    protocol    = "tcp"
    from_port   = each.key == "blue" ? 80 : 443
    to_port     = each.key == "blue" ? 80 : 443
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""


def test_who_can_reach_names_the_source_the_traffic_and_the_rule():
    ran = called("who-can-reach", "sg-database-postgres", THREE_TIER)
    assert ran.code == 0
    assert "1 source can reach it" in ran.out
    assert "sg-app-server" in ran.out
    assert "tcp/5432" in ran.out
    assert "security_groups.tf:144:34" in ran.out


def test_reach_from_names_every_destination():
    ran = called("reach-from", "sg-app-server", THREE_TIER, "--format", "json")
    names = [row["destination"]["name"] for row in json.loads(ran.out)["destinations"]]
    assert ran.code == 0
    assert {"sg-database-postgres", "sg-cache-redis", "internet"} <= set(names)


def test_a_port_that_nothing_opens_leaves_no_source():
    ran = called("who-can-reach", "sg-database-postgres", THREE_TIER, "--port", "22")
    assert ran.code == 0
    assert "no sources can reach it" in ran.out


@pytest.mark.parametrize("port", ["5432", "5000-5500", "80,5432"])
def test_ports_and_ranges_are_taken_as_people_write_them(port: str):
    ran = called("who-can-reach", "sg-database-postgres", THREE_TIER, "--port", port)
    assert "sg-app-server" in ran.out


def test_traffic_that_is_none_is_refused_before_anything_is_read():
    ran = called("who-can-reach", "anything", "no-such-folder", "--port", "99999")
    assert ran.code == 2
    assert "99999" in ran.err
    assert "hint: write it as tcp/443" in ran.err


@pytest.mark.parametrize(
    ("asserted", "source", "code"),
    [
        ("reachable", "sg-app-server", 0),
        ("blocked", "sg-app-server", 1),
        ("reachable", "internet", 1),
        ("blocked", "internet", 0),
    ],
)
def test_an_assertion_decides_the_exit_code(asserted: str, source: str, code: int):
    ran = called("can-reach", source, "sg-database-postgres", THREE_TIER, "--assert", asserted)
    assert ran.code == code


@pytest.mark.parametrize("asserted", ["reachable", "blocked"])
def test_an_assertion_that_the_input_does_not_decide_exits_with_three(asserted: str):
    ran = called("can-reach", "internet", "sg-bastion", UNKNOWNS, "--port", "22", "--assert", asserted)
    assert ran.code == 3
    assert "var.office_cidr" in ran.out


def test_without_an_assertion_every_answer_exits_with_zero():
    assert called("can-reach", "internet", "sg-database-postgres", THREE_TIER).code == 0
    assert called("can-reach", "internet", "sg-bastion", UNKNOWNS, "--port", "22").code == 0


def test_a_name_that_nothing_has_is_a_usage_error_with_the_nearest_names():
    ran = called("who-can-reach", "sg-database-postgers", THREE_TIER)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean sg-database-postgres" in ran.err


def test_an_ambiguous_name_is_a_usage_error_that_lists_all(tmp_path: Path):
    ran = called("who-can-reach", "twin", written(tmp_path, main_tf=TWINS))
    assert (ran.code, ran.out) == (2, "")
    at = f"{tmp_path / 'main.tf'}:11:1"
    assert ran.err.splitlines() == [
        "netaudit: 'twin' names several things:",
        f'  aws_security_group.twin["blue"]  {at}',
        f'  aws_security_group.twin["green"]  {at}',
        "  hint: name one of these, or give --all",
    ]


def test_all_answers_for_each_thing_that_a_name_stands_for(tmp_path: Path):
    ran = called("who-can-reach", "twin", written(tmp_path, main_tf=TWINS), "--all", "--format", "json")
    answers = json.loads(ran.out)["answers"]
    assert ran.code == 0
    assert [answer["target"]["address"] for answer in answers] == [
        'aws_security_group.twin["blue"]',
        'aws_security_group.twin["green"]',
    ]
    assert [row["traffic"]["must"] for answer in answers for row in answer["sources"]] == [
        ["tcp/80"],
        ["tcp/443"],
    ]


def test_all_in_text_is_one_answer_after_the_other(tmp_path: Path):
    ran = called("reach-from", "twin", written(tmp_path, main_tf=TWINS), "--all")
    assert ran.code == 0
    assert ran.out.count("can reach no destinations") == 2


def test_an_assertion_over_all_holds_only_if_it_holds_for_each(tmp_path: Path):
    question = ("can-reach", "10.0.0.0/16", "twin", written(tmp_path, main_tf=TWINS), "--all")
    assert called(*question, "--port", "80", "--assert", "blocked").code != 0
    assert called(*question, "--port", "80", "--assert", "reachable").code == 1
    assert called(*question, "--port", "22", "--assert", "blocked").code == 0


def test_show_counts_what_was_read_and_names_what_is_public():
    ran = called("show", THREE_TIER)
    assert ran.code == 0
    assert "sg-database-postgres" in ran.out
    assert ran.out.index("public\n") < ran.out.index("aws_lb.public")


STAGED = """
resource "aws_vpc" "production" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.production.id
  cidr_block = "10.1.1.0/24"
}

resource "aws_instance" "web" {
  subnet_id = aws_subnet.main.id
}

resource "aws_instance" "trial" {
  subnet_id = aws_subnet.main.id
  tags      = { Environment = "staging" }
}
"""


def test_show_tells_the_environment_of_each_workload_with_its_reason(tmp_path: Path):
    folder = written(tmp_path, main_tf=STAGED)
    text = called("show", folder).out
    assert "production      web: the name of its VPC aws_vpc.production: production" in text
    assert "non-production  trial: its tag Environment=staging" in text
    told = json.loads(called("show", folder, "--format", "json").out)["environments"]
    assert {each["workload"]: (each["environment"], each["sign"], each["reason"]) for each in told} == {
        "aws_instance.web": ("production", "vpc", "the name of its VPC aws_vpc.production: production"),
        "aws_instance.trial": ("non-production", "tag", "its tag Environment=staging"),
    }


WORKER = (
    NETWORK
    + """
resource "aws_instance" "worker" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.a.id
}
"""
)


def test_show_says_nothing_of_environments_where_nothing_tells_one(tmp_path: Path):
    folder = written(tmp_path / "network", main_tf=WORKER)
    assert "environments" not in called("show", folder).out
    told = json.loads(called("show", folder, "--format", "json").out)["environments"]
    assert [each["environment"] for each in told] == [None]


def test_the_folder_of_an_input_tells_its_environment_beside_other_inputs_only(tmp_path: Path):
    alone = written(tmp_path / "test" / "network", main_tf=WORKER)
    assert "environments" not in called("show", alone).out
    both = [written(tmp_path / "test" / name, main_tf=WORKER) for name in ("prod", "staging")]
    told = json.loads(called("show", *both, "--format", "json").out)["environments"]
    assert {(each["environment"], each["reason"].rpartition(": ")[2]) for each in told} == {
        ("production", "prod"),
        ("non-production", "staging"),
    }


def test_show_says_what_it_does_not_know_of_tiers_and_environments(tmp_path: Path):
    tags = 'tags = {\n    Tier        = var.tier\n    Environment = "${var.stage}"\n  }'
    text = f"""
variable "tier" {{
  type = string
}}
variable "stage" {{
  type = string
}}
resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_subnet" "main" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}}
resource "aws_instance" "worker" {{
  ami           = "ami-1"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.main.id
  {tags}
}}
"""
    folder = written(tmp_path / "network", main_tf=text)
    shown = called("show", folder).out
    assert "unknown  worker: by var.tier (--var tier=…)" in shown
    assert "unknown  worker: by var.stage (--var stage=…)" in shown
    told = json.loads(called("show", folder, "--format", "json").out)
    assert [each["what"] for each in told["tiers"][0]["unknowns"]] == ["var.tier"]
    assert [each["what"] for each in told["environments"][0]["unknowns"]] == ["var.stage"]
    assert told["tiers"][0]["tier"] is told["environments"][0]["environment"] is None


def test_show_names_workloads_that_are_not_modelled(tmp_path: Path):
    strange = 'resource "aws_opensearch_thing" "x" {\n  security_group_ids = [aws_security_group.db.id]\n}\n'
    ran = called("show", written(tmp_path, main_tf=NETWORK + strange))
    assert ran.code == 0
    assert "aws_opensearch_thing.x" in ran.out


def test_a_command_that_there_is_not_is_a_usage_error_with_the_nearest_one():
    ran = called("who-can-raech", "x")
    assert ran.code == 2
    assert "Did you mean who-can-reach" in ran.err


def test_an_option_that_there_is_not_is_a_usage_error_with_the_nearest_one():
    ran = called("show", THREE_TIER, "--fromat", "json")
    assert ran.code == 2
    assert "id you mean '--format'" in ran.err or "--format" in ran.err.splitlines()[-1]


def test_a_format_that_there_is_not_is_a_usage_error_with_the_nearest_one():
    ran = called("show", "no-such-folder", "--format", "jsn")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean json?" in ran.err


@pytest.mark.parametrize("command", ["who-can-reach", "reach-from", "can-reach", "show"])
def test_every_command_explains_itself(command: str):
    ran = called(command, "--help")
    assert ran.code == 0
    assert "--format" in ran.out


def test_the_list_of_commands_fits_eighty_columns():
    lines = process("--help").out.partition("Commands:")[2].splitlines()
    own = [line for line in lines if line.split()[:1] and line.split()[0] in COMMANDS]
    assert [line for line in own if line.endswith("...") or len(line) > 80] == []
    assert len(own) == len(COMMANDS)
