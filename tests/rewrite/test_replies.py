"""Network ACLs that drop replies get the entries that they lack, or the reason why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.fixing import Fixed, write
from tests.oracle import planning
from tests.rewrite.networks import fixed

RULE = "nacl-drops-replies"
ACL = """\
resource "aws_network_acl" "web" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.web.id]
}
"""


def entry(name: str, number: int, **other: str) -> str:
    values = {
        "egress": "false",
        "rule_action": '"allow"',
        "protocol": '"tcp"',
        "cidr_block": '"0.0.0.0/0"',
        "from_port": "443",
        "to_port": "443",
        **other,
    }
    if "ipv6_cidr_block" in values:
        del values["cidr_block"]
    if values["protocol"] == '"-1"':
        del values["from_port"], values["to_port"]
    rows = "".join(f"  {key} = {value}\n" for key, value in values.items())
    return f"""
resource "aws_network_acl_rule" "{name}" {{
  network_acl_id = aws_network_acl.web.id
  rule_number = {number}
{rows}}}
"""


def block(word: str, number: int, cidr: str = '"0.0.0.0/0"', port: int = 443) -> str:
    return f"""
  {word} {{
    rule_no    = {number}
    action     = "allow"
    protocol   = "tcp"
    cidr_block = {cidr}
    from_port  = {port}
    to_port    = {port}
  }}
"""


def inline(*blocks: str) -> str:
    return ACL.replace("]\n}", f"]\n{''.join(blocks)}}}")


DENY_ALL = {"egress": "true", "rule_action": '"deny"', "protocol": '"-1"'}


def made(found: Fixed) -> list[tuple[str, str, str]]:
    """Direction, number and range of each entry that the patch adds."""
    added = "\n".join(line[1:] for line in found.patch.splitlines() if re.match(r"\+(?!\+\+)", line))
    pieces = re.split(r"\n(?=resource )|\n(?= *(?:ingress|egress) \{)", added)
    entries = []
    for piece in pieces:
        number = re.search(r"rule_(?:no|number) +=+ (\d+)", piece)
        if number is not None:
            way = "egress" if re.search(r"egress +\{|egress +=+ true", piece) else "ingress"
            cidr = re.search(r"cidr_block +=+ (\S+)", piece)
            entries.append((way, number[1], cidr[1] if cidr else ""))
    return entries


WORLD = '"0.0.0.0/0"'


@pytest.mark.parametrize(
    ("acl", "entries"),
    [
        (ACL + entry("https", 100), [("egress", "100", WORLD)]),
        (
            ACL + entry("https", 100) + entry("dns", 107, egress="true", from_port="53", to_port="53"),
            [("egress", "110", WORLD), ("ingress", "110", WORLD)],
        ),
        (
            ACL + entry("https", 100) + entry("http", 110, from_port="80", to_port="80"),
            [("egress", "100", WORLD)],
        ),
        (ACL + entry("https", 100) + entry("rest", 100, **DENY_ALL), [("egress", "90", WORLD)]),
        (ACL + entry("https", 100) + entry("rest", 5, **DENY_ALL), [("egress", "1", WORLD)]),
        (
            ACL
            + entry("https", 100)
            + entry(
                "blocked",
                60,
                egress="true",
                rule_action='"deny"',
                protocol='"-1"',
                cidr_block='"203.0.113.0/24"',
            )
            + entry("rest", 70, **DENY_ALL),
            [("egress", "61", WORLD)],
        ),
        (
            ACL
            + entry("https", 100)
            + entry("own", 110, cidr_block='"10.0.0.0/16"', from_port="80", to_port="80"),
            [("egress", "100", WORLD)],
        ),
        (
            ACL + entry("https", 100) + entry("https6", 101, ipv6_cidr_block='"::/0"'),
            [("egress", "100", WORLD), ("egress", "110", '"::/0"')],
        ),
        (inline(block("ingress", 100)), [("egress", "100", WORLD)]),
        (
            inline(block("ingress", 100), block("egress", 32760, '"10.9.0.0/16"', 53)),
            [("egress", "32761", WORLD), ("ingress", "110", '"10.9.0.0/16"')],
        ),
        (
            'variable "clients" {\n  default = "0.0.0.0/0"\n}\n\n'
            + inline(block("ingress", 100, "var.clients")),
            [("egress", "100", "var.clients")],
        ),
    ],
    ids=[
        "first",
        "both-ways",
        "one-for-two",
        "before-what-denies-all",
        "between-the-first-numbers",
        "behind-what-denies-some",
        "the-widest",
        "both-families",
        "inline",
        "inline-near-the-last-number",
        "as-the-range-is-written",
    ],
)
def test_the_entries_that_are_lacking_get_numbers_that_count(
    tmp_path: Path, acl: str, entries: list[tuple[str, str, str]]
):
    found = fixed(tmp_path, RULE, acl=acl)
    assert found.refusals == ()
    assert sorted(made(found)) == sorted(entries)
    write(found)
    after = pipeline.load(str(tmp_path))
    assert pipeline.check(after, pipeline.rules(only=(RULE,))) == ()
    assert after.can_reach("internet", "aws_instance.web", "tcp/443").verdict.value == "reachable"


@pytest.mark.parametrize(
    ("acl", "why"),
    [
        (ACL + entry("all", 100, protocol='"-1"'), "lets all ports of clients pass: requests, or replies?"),
        (
            ACL
            + entry("https", 100)
            + entry("no", 90, egress="true", rule_action='"deny"', from_port="1024", to_port="65535"),
            "denies replies, or may: is that meant?",
        ),
        (
            ACL
            + entry("https", 100)
            + entry("no", 90, egress="true", rule_action='"deny"', from_port="3389", to_port="3389"),
            "denies replies, or may: is that meant?",
        ),
        (
            ACL
            + entry("https", 100)
            + entry("rest", 70, **DENY_ALL)
            + entry(
                "late",
                80,
                egress="true",
                rule_action='"deny"',
                protocol='"-1"',
                cidr_block='"203.0.113.0/24"',
            ),
            "an entry behind number 70 denies some of the replies",
        ),
        (ACL + entry("https", 100) + entry("rest", 1, **DENY_ALL), "no number is free before 1"),
        (
            ACL
            + entry("https", 100)
            + "".join(
                entry(f"e{n}", n, egress="true", cidr_block=f'"10.9.{n}.0/24"', from_port="22", to_port="22")
                for n in range(1, 21)
            ),
            "more than the 20 entries",
        ),
        (
            inline(block("egress", 100, '"10.9.0.0/16"', 9100)) + entry("https", 100),
            "some of its entries are written in the network ACL, and some beside it",
        ),
        (
            ACL + entry("https", 100).replace("  rule_number", "  count = 1\n  rule_number"),
            "made by a loop, or on a condition",
        ),
        (
            inline(block("ingress", 100))
            .replace("  ingress {", '  dynamic "ingress" {\n    for_each = [1]\n    content {')
            .replace("    to_port    = 443\n  }", "    to_port    = 443\n    }\n  }"),
            "made by an expression",
        ),
        (
            inline(block("ingress", 100)).replace("subnet_ids", "count = 1\n  subnet_ids"),
            "made by a loop, or on a condition",
        ),
    ],
    ids=[
        "all-protocols",
        "denied",
        "a-port-is-denied",
        "denied-behind-the-rest",
        "no-number",
        "twenty",
        "in-and-beside",
        "count",
        "dynamic",
        "count-of-the-acl",
    ],
)
def test_where_there_is_no_one_right_entry_the_reason_is_told(tmp_path: Path, acl: str, why: str):
    found = fixed(tmp_path, RULE, acl=acl)
    assert found.rewrites == ()
    (refusal,) = found.refusals
    assert why in refusal.why


def test_nineteen_entries_leave_room_for_one(tmp_path: Path):
    others = "".join(
        entry(f"e{n}", n, egress="true", cidr_block=f'"10.0.0.{n}/32"', from_port="22", to_port="22")
        for n in range(1, 20)
    )
    replies_in = entry("in", 110, cidr_block='"10.0.0.0/16"', from_port="1024", to_port="65535")
    found = fixed(tmp_path, RULE, acl=ACL + entry("https", 100) + replies_in + others)
    assert ("egress", "20", WORLD) in made(found)


ADMIN = """\
resource "aws_subnet" "admin" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "admin" {
  name   = "admin"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.0.0.0/24"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "admin" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.admin.id
  vpc_security_group_ids = [aws_security_group.admin.id]
}

resource "aws_vpc_security_group_ingress_rule" "web_console" {
  security_group_id            = aws_security_group.web.id
  referenced_security_group_id = aws_security_group.admin.id
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_network_acl" "admin" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.admin.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "10.0.0.0/24"
    from_port  = 22
    to_port    = 22
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "10.0.0.0/24"
    from_port  = 443
    to_port    = 443
  }
}
"""


def test_an_entry_that_would_let_requests_pass_too_is_left_and_the_other_is_made(tmp_path: Path):
    found = fixed(tmp_path, RULE, admin=ADMIN)
    assert made(found) == [("ingress", "110", '"10.0.0.0/24"')]
    assert [change.kind.value for change in found.difference.changes] == ["now-answered"]
    (refusal,) = found.refusals
    assert "it would let requests pass, not replies alone: tcp/8080" in refusal.why
    assert refusal.finding.fix == "Allow tcp/1024-65535 to 10.0.0.0/24 (egress) in aws_network_acl.admin."
    assert found.rewrites[0].finding.fix.startswith("Allow tcp/1024-65535 from 10.0.0.0/24 (ingress) in ")


MODULE = """\
variable "vpc_id" {
  type = string
}

variable "range" {
  type = string
}

resource "aws_subnet" "main" {
  vpc_id     = var.vpc_id
  cidr_block = var.range
}

resource "aws_network_acl" "main" {
  vpc_id     = var.vpc_id
  subnet_ids = [aws_subnet.main.id]
}

resource "aws_network_acl_rule" "https" {
  network_acl_id = aws_network_acl.main.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "10.0.0.0/16"
  from_port      = 443
  to_port        = 443
}
"""


def calls(ranges: str, loop: str = "") -> str:
    return f"""\
module "net" {{
  source = "./net"
{loop}  vpc_id = aws_vpc.main.id
  range  = {ranges}
}}
"""


@pytest.mark.parametrize(
    ("root", "why"),
    [
        (calls('"10.0.1.0/24"'), ""),
        (
            calls('"10.0.1.0/24"') + calls('"10.0.2.0/24"').replace('"net"', '"other"'),
            "is made several times",
        ),
        (
            calls("each.value", '  for_each = toset(["10.0.1.0/24", "10.0.2.0/24"])\n'),
            "is made several times",
        ),
        (calls("each.value", '  for_each = toset(["10.0.1.0/24"])\n'), "made by a module in a loop"),
        (calls('"10.0.1.0/24"', "  count = 1\n"), "made by a module in a loop, or on a condition"),
    ],
    ids=["once", "twice", "each", "each-of-one", "count"],
)
def test_a_module_is_rewritten_where_it_is_called_once_alone(tmp_path: Path, root: str, why: str):
    found = fixed(tmp_path, RULE, root=root, net__main=MODULE)
    assert bool(found.files) is not bool(why)
    assert all(why in each.why for each in found.refusals)
    assert bool(found.refusals) is bool(why)


@pytest.mark.terraform
def test_what_is_written_is_formatted_and_terraform_plans_it(tmp_path: Path):
    acl = ACL + entry("https", 100) + entry("rest", 100, **DENY_ALL)
    folder = tmp_path / "network"
    folder.mkdir()
    (folder / "acl.tf").write_text(acl, encoding="utf-8")
    planning.terraform(folder, "fmt")
    write(fixed(folder, RULE, acl=(folder / "acl.tf").read_text("utf-8"), admin=ADMIN))
    assert planning.terraform(folder, "fmt", "-check", "-diff") == ""
    planned = planning.plan(folder, tmp_path / "scratch")["planned_values"]["root_module"]["resources"]
    replies = [one["values"] for one in planned if one["name"] == "https_replies"]
    assert [(one["egress"], one["rule_number"], one["cidr_block"]) for one in replies] == [
        (True, 90, "0.0.0.0/0")
    ]
