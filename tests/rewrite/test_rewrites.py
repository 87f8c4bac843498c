"""Rewrites of Terraform text: what changes, what stays as it was, and what is refused with its reason."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.finding import (
    AdmitReplies,
    Finding,
    Judgement,
    ReferenceGroup,
    Remedy,
    RemoveRule,
    ReplyEntry,
    Severity,
)
from auditor.fixing import Fixed, fix, write
from auditor.pipeline import Network
from auditor.rewrite import Refusal, rewrites, rewritten
from auditor.tree import Location
from tests.webnetwork import WEB

EGRESS = """
resource "aws_vpc_security_group_egress_rule" "web" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "-1"
}
"""
NETWORK = WEB.replace("10.0.1.0/24", "10.0.10.0/24") + EGRESS
INLINE = """\
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id

  # What the database answers.
  ingress {
    description = "postgres" # of the shop
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.10.0/24"] # the web servers
  }
}
"""
OWN_RESOURCE = """\
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "db" {
  security_group_id = aws_security_group.db.id

  cidr_ipv4   = "10.0.10.0/24" # web
  ip_protocol = "tcp"          # not TLS
  from_port   = 5432
  to_port     = 5432
}
"""
OLD_RESOURCE = """\
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group_rule" "db" {
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  cidr_blocks       = ["10.0.10.0/24"]
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
}
"""


def fixed(folder: Path, text: str) -> Fixed:
    (folder / "main.tf").write_text(NETWORK, encoding="utf-8")
    (folder / "db.tf").write_text(text, encoding="utf-8")
    network = pipeline.load(str(folder))
    assert network.inventory.gaps == ()
    findings = [each for each in checked(network) if each.at.path.endswith("db.tf")]
    return fix(network, findings, lambda: pipeline.load(str(folder)), checked)


def checked(network: Network) -> tuple[Finding, ...]:
    return pipeline.check(network, pipeline.rules(only=("cidr-instead-of-group",)))


def is_formatted(text: str) -> bool:
    terraform = shutil.which("terraform")
    if terraform is None:
        return True
    done = subprocess.run(
        [terraform, "fmt", "-check", "-"], input=text, capture_output=True, text=True, check=False
    )
    return done.returncode == 0


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param(
            INLINE,
            """\
    description = "postgres" # of the shop
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.10.0/24"] # the web servers
""",
            """\
    description     = "postgres" # of the shop
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.web.id] # the web servers
""",
            id="inline",
        ),
        pytest.param(
            INLINE.replace("    cidr_blocks =", "\n    security_groups = []\n    cidr_blocks     ="),
            """\
    security_groups = []
    cidr_blocks     = ["10.0.10.0/24"] # the web servers
""",
            """\
    security_groups = [aws_security_group.web.id]
""",
            id="inline-beside-groups",
        ),
        pytest.param(
            INLINE.replace('["10.0.10.0/24"]', '["192.0.2.0/24", "10.0.10.0/24"]'),
            """\
    description = "postgres" # of the shop
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["192.0.2.0/24", "10.0.10.0/24"] # the web servers
""",
            """\
    description     = "postgres" # of the shop
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    cidr_blocks     = ["192.0.2.0/24"]
    security_groups = [aws_security_group.web.id] # the web servers
""",
            id="inline-beside-ranges",
        ),
        pytest.param(
            OWN_RESOURCE,
            """\
  cidr_ipv4   = "10.0.10.0/24" # web
  ip_protocol = "tcp"          # not TLS
  from_port   = 5432
  to_port     = 5432
""",
            """\
  referenced_security_group_id = aws_security_group.web.id # web
  ip_protocol                  = "tcp"                     # not TLS
  from_port                    = 5432
  to_port                      = 5432
""",
            id="own-resource",
        ),
        pytest.param(
            OLD_RESOURCE,
            """\
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  cidr_blocks       = ["10.0.10.0/24"]
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
""",
            """\
  security_group_id        = aws_security_group.db.id
  type                     = "ingress"
  source_security_group_id = aws_security_group.web.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
""",
            id="old-resource",
        ),
    ],
)
def test_a_range_becomes_a_reference_and_all_else_stays(tmp_path: Path, text: str, old: str, new: str):
    assert old in text
    made = fixed(tmp_path, text)
    ((path, before, after),) = made.files
    assert (path, before) == (str(tmp_path / "db.tf"), text)
    assert after == text.replace(old, new)
    assert is_formatted(after)
    assert made.refusals == ()
    assert [change.kind.value for change in made.difference.changes] == ["removed"]
    assert (tmp_path / "db.tf").read_text("utf-8") == text


def test_writing_makes_the_finding_go(tmp_path: Path):
    write(fixed(tmp_path, INLINE))
    network = pipeline.load(str(tmp_path))
    assert (
        network.can_reach("aws_instance.web", "aws_security_group.db", "tcp/5432").verdict.value
        == "reachable"
    )
    found = pipeline.check(network, pipeline.rules(only=("cidr-instead-of-group",)))
    assert [each for each in found if each.at.path.endswith("db.tf")] == []


def test_line_ends_of_windows_stay(tmp_path: Path):
    made = fixed(tmp_path, INLINE.replace("\n", "\r\n"))
    ((_, _, after),) = made.files
    assert after.count("\n") == after.count("\r\n") == INLINE.count("\n")
    assert "security_groups = [aws_security_group.web.id] # the web servers\r\n" in after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            INLINE.replace('["10.0.10.0/24"]', "[aws_subnet.web.cidr_block]"),
            "not written as a plain text where the rule is",
        ),
        (
            INLINE.replace('["10.0.10.0/24"]', "[local.web]") + '\nlocals {\n  web = "10.0.10.0/24"\n}\n',
            "not written",
        ),
        (
            OLD_RESOURCE.replace('["10.0.10.0/24"]', '["10.0.10.0/24", "192.0.2.0/24"]'),
            "other sources stand beside it in one rule",
        ),
        (
            OWN_RESOURCE.replace(
                "  security_group_id = aws_security_group.db.id\n",
                "  count             = 2\n  security_group_id = aws_security_group.db.id\n",
            ),
            "is made several times",
        ),
        (
            INLINE.replace('name   = "db"', 'name   = "db" # ${').replace("# ${", "# of the shop")
            + """
resource "aws_security_group_rule" "web_to_db" {
  security_group_id        = aws_security_group.web.id
  type                     = "egress"
  source_security_group_id = aws_security_group.db.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}
""",
            "",
        ),
    ],
    ids=["expression", "local", "list-of-a-rule", "count", "no-cycle"],
)
def test_what_has_no_one_right_rewrite_is_left_with_the_reason(tmp_path: Path, text: str, why: str):
    made = fixed(tmp_path, text)
    assert [why in each.why for each in made.refusals] == [True] * bool(why)
    assert bool(made.files) is not bool(why)


def test_two_groups_never_come_to_need_each_other(tmp_path: Path):
    text = (
        INLINE
        + """
resource "aws_security_group" "client" {
  name   = "client"
  vpc_id = aws_vpc.main.id

  egress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.db.id]
  }
}

resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.20.0/24"
}

resource "aws_instance" "client" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.client.id
  vpc_security_group_ids = [aws_security_group.client.id]
}
"""
    )
    made = fixed(tmp_path, text.replace('cidr_blocks = ["10.0.10.0/24"]', 'cidr_blocks = ["10.0.20.0/24"]'))
    assert made.files == ()
    (refusal,) = made.refusals
    assert "the two would need each other" in refusal.why


# -- remedies by themselves ---------------------------------------------------------------------------------


def finding(remedy: Remedy, at: Location) -> Finding:
    return Finding(
        rule="a-rule",
        severity=Severity.MEDIUM,
        judgement=Judgement.VIOLATED,
        component="aws_network_acl.main",
        at=at,
        message="",
        remedy=remedy,
    )


def after(folder: Path, text: str, remedy: Callable[[str], Remedy]) -> tuple[str, tuple[Refusal, ...]]:
    path = folder / "main.tf"
    path.write_text(text, encoding="utf-8")
    made = remedy(str(path))
    done, refused = rewrites([finding(made, Location(str(path), 1, 1))], {})
    return next((new for _, new in rewritten(done).values()), text), refused


ACL = """\
resource "aws_network_acl" "main" {
  vpc_id = aws_vpc.main.id

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }

  tags = {
    Name = "main"
  }
}
"""


def replies(path: str) -> AdmitReplies:
    return AdmitReplies(
        acl="aws_network_acl.main",
        at=Location(path, 1, 1),
        inline=True,
        entries=(
            ReplyEntry(
                egress=True,
                protocol="tcp",
                ports=(1024, 65535),
                cidr="0.0.0.0/0",
                number=100,
                requests=Location(path, 4, 3),
            ),
        ),
    )


def test_an_acl_with_entries_of_its_own_gets_one_more(tmp_path: Path):
    text, refused = after(tmp_path, ACL, replies)
    assert refused == ()
    assert is_formatted(text)
    assert text == ACL.replace(
        "    to_port    = 443\n  }\n",
        """\
    to_port    = 443
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "0.0.0.0/0"
    from_port  = 1024
    to_port    = 65535
  }
""",
    )


RULE = """\
resource "aws_network_acl_rule" "https" {
  network_acl_id = aws_network_acl.main.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = var.clients # all of them
  from_port      = 443
  to_port        = 443
}
"""


def beside(path: str) -> AdmitReplies:
    made = replies(path)
    return replace(made, inline=False, entries=(replace(made.entries[0], requests=Location(path, 1, 1)),))


def test_an_acl_whose_entries_are_resources_gets_a_resource(tmp_path: Path):
    text, refused = after(tmp_path, RULE, beside)
    assert refused == ()
    assert is_formatted(text)
    assert (
        text
        == RULE
        + """
resource "aws_network_acl_rule" "https_replies" {
  network_acl_id = aws_network_acl.main.id
  egress         = true
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = var.clients
  from_port      = 1024
  to_port        = 65535
}
"""
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            RULE.replace("  rule_number", "  count          = 1\n  rule_number"),
            "by a loop, or on a condition",
        ),
        (RULE.replace("var.clients", "each.value"), "which is not for others"),
        (RULE + RULE.replace('"https"', '"https_replies"').replace("443", "80"), ""),
    ],
)
def test_a_resource_whose_values_are_its_own_is_no_pattern_for_another(tmp_path: Path, text: str, why: str):
    found, refused = after(tmp_path, text, beside)
    assert [why in each.why for each in refused] == [True] * bool(why)
    assert ('"https_replies_tcp"' in found) is not bool(why)


def test_entries_that_an_expression_makes_are_left(tmp_path: Path):
    text, (refusal,) = after(tmp_path, ACL.replace("  ingress {", '  dynamic "ingress" {'), replies)
    assert text == ACL.replace("  ingress {", '  dynamic "ingress" {')
    assert "made by an expression" in refusal.why


TWICE = """\
# The first.
resource "aws_security_group_rule" "one" {
  type = "ingress"
}

# The same once more,
# by mistake.
resource "aws_security_group_rule" "two" {
  type = "ingress"
}

resource "aws_security_group" "main" {
  ingress {
    protocol = "tcp"
  }

  ingress {
    protocol = "tcp"
  }
}
"""


def second(path: str) -> RemoveRule:
    lines = Path(path).read_text("utf-8").splitlines()
    one, two = (
        next(number for number, line in enumerate(lines, 1) if f'"{name}"' in line) for name in ("one", "two")
    )
    return removal("aws_security_group_rule.two", Location(path, two, 1), Location(path, one, 1))


def removal(rule: str, at: Location, beside: Location) -> RemoveRule:
    return RemoveRule(rule=rule, at=at, other=rule, beside=beside, ends=(), whole=True)


def test_a_rule_that_repeats_another_goes_with_its_comment(tmp_path: Path):
    text, refused = after(tmp_path, TWICE, second)
    assert refused == ()
    assert is_formatted(text)
    assert text == TWICE.replace(
        """\
# The same once more,
# by mistake.
resource "aws_security_group_rule" "two" {
  type = "ingress"
}

""",
        "",
    )


def test_a_block_that_repeats_another_goes(tmp_path: Path):
    text, _ = after(
        tmp_path,
        TWICE,
        lambda path: removal("aws_security_group.main", Location(path, 17, 3), Location(path, 13, 3)),
    )
    assert text == TWICE.replace('\n  ingress {\n    protocol = "tcp"\n  }\n}\n', "}\n")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (TWICE, TWICE + '\noutput "it" {\n  value = aws_security_group_rule.two.id\n}\n', "named elsewhere"),
        ('"one" {', '"one" {\n  count = 1', "there on a condition"),
        ('"two" {', '"two" {\n  for_each = var.some', "on a condition"),
        ('"two" {', '"two" {\n  from_port = var.port', "differently"),
        ('"two" {', '"two" {\n  lifecycle {}\n', "more than the rule"),
    ],
)
def test_a_rule_that_may_be_needed_is_left(tmp_path: Path, old: str, new: str, why: str):
    given = TWICE.replace(old, new)
    assert given != TWICE
    text, refused = after(tmp_path, given, second)
    assert text == given
    assert why in refused[0].why


def test_code_that_was_installed_is_left(tmp_path: Path):
    folder = tmp_path / ".terraform" / "modules" / "net"
    folder.mkdir(parents=True)
    text, (refusal,) = after(folder, TWICE, second)
    assert text == TWICE
    assert "installed from elsewhere" in refusal.why


def test_text_that_is_no_code_is_left(tmp_path: Path):
    _, (refusal,) = after(
        tmp_path,
        "resource {",
        lambda path: removal("aws_security_group_rule.two", Location(path, 1, 1), Location(path, 1, 1)),
    )
    assert "does not read" in refusal.why


def test_a_group_of_another_module_is_not_referenced(tmp_path: Path):
    def remedy(path: str) -> ReferenceGroup:
        return ReferenceGroup(
            own="module.db.aws_security_group.db",
            group="module.web.aws_security_group.web",
            places=((Location(path, 1, 1), "10.0.0.0/8"),),
        )

    _, (refusal,) = after(tmp_path, OWN_RESOURCE, remedy)
    assert "another module" in refusal.why
