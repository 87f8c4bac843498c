"""Rules of groups that grant what others grant go, or the reason is told why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.fixing import write
from tests.oracle import planning
from tests.rewrite.networks import fixed

DB = """\
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id
}
"""
VARIABLES = """
variable "one" {
  default = "10.0.0.0/24"
}

variable "other" {
  default = "10.0.0.0/24"
}
"""


def rule(name: str, cidr: str = '"192.0.2.0/24"', more: str = "", port: str = "5432") -> str:
    return f"""
resource "aws_vpc_security_group_ingress_rule" "{name}" {{
  security_group_id = aws_security_group.db.id
{more}  cidr_ipv4         = {cidr}
  ip_protocol       = "tcp"
  from_port         = {port}
  to_port           = {port}
}}
"""


def old(name: str, *cidrs: str) -> str:
    return f"""
resource "aws_security_group_rule" "{name}" {{
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  cidr_blocks       = [{", ".join(cidrs)}]
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
}}
"""


def inline(*cidrs: str, more: str = "") -> str:
    return f"""
  ingress {{
{more}    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [{", ".join(cidrs)}]
  }}
"""


def group(*blocks: str) -> str:
    return DB.replace("vpc.main.id\n", f"vpc.main.id\n{''.join(blocks)}")


A, B, INSIDE = '"192.0.2.0/24"', '"198.51.100.0/24"', '"192.0.2.7/32"'
DESCRIBED = '  description       = "the shop"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DB + rule("one") + rule("two"), DB + rule("one")),
        (DB + rule("one") + rule("two", more=DESCRIBED), DB + rule("two", more=DESCRIBED)),
        (DB + rule("one", more=DESCRIBED) + rule("two"), DB + rule("one", more=DESCRIBED)),
        (DB + rule("one") + old("two", A), DB + rule("one")),
        (DB + old("one", A, B) + old("two", B), DB + old("one", A, B)),
        (DB + rule("one") + old("two", B, A), DB + rule("one") + old("two", B)),
        (DB + old("one", A, B, A), DB + old("one", A, B)),
        (group(inline(A), inline(A)), group(inline(A))),
        (group(inline(A), "\n  # again", inline(A)), group(inline(A))),
        (group(inline(A), inline(B, A)), group(inline(A), inline(B))),
        (
            VARIABLES + DB + rule("one", "var.one") + rule("two", "var.one"),
            VARIABLES + DB + rule("one", "var.one"),
        ),
    ],
    ids=[
        "two",
        "the-described-one-stays",
        "wherever-it-stands",
        "old-and-new",
        "inside-a-list",
        "an-element",
        "twice-in-one-list",
        "blocks",
        "with-its-comment",
        "an-element-of-a-block",
        "the-same-variable",
    ],
)
def test_of_two_that_grant_the_same_one_goes(tmp_path: Path, text: str, expected: str):
    found = fixed(tmp_path, "rule-duplicate", db=text)
    assert found.refusals == ()
    write(found)
    assert (tmp_path / "db.tf").read_text("utf-8") == expected
    assert found.difference.changes == ()
    after = pipeline.load(str(tmp_path))
    assert pipeline.check(after, pipeline.rules(only=("rule-duplicate",))) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            DB + rule("one", more=DESCRIBED) + rule("two", more=DESCRIBED.replace("shop", "bank")),
            "which description",
        ),
        (VARIABLES + DB + rule("one", "var.one") + rule("two", "var.other"), "written differently"),
        (VARIABLES + DB + rule("one", "var.one") + rule("two", '"10.0.0.0/24"'), "written differently"),
        (
            'variable "port" {\n  default = 5432\n}\n' + DB + rule("one", port="var.port") + rule("two"),
            "written differently",
        ),
        (DB + rule("one") + rule("two", more="  count             = 1\n"), "there on a condition"),
        (DB + rule("one", more="  count             = 1\n") + rule("two"), "there on a condition"),
        (group(inline(A)) + rule("two"), "one of the two is written in the group"),
        (
            DB
            + rule("one")
            + rule("two")
            + 'output "it" {\n  value = aws_vpc_security_group_ingress_rule.two.id\n}\n',
            "named",
        ),
    ],
    ids=[
        "descriptions",
        "variables",
        "a-variable-and-a-text",
        "ports",
        "counted",
        "beside-a-counted-one",
        "in-and-beside",
        "named",
    ],
)
def test_where_it_is_not_certain_that_one_can_go_both_stay(tmp_path: Path, text: str, why: str):
    found = fixed(tmp_path, "rule-duplicate", db=text)
    assert found.files == ()
    (refusal,) = found.refusals
    assert why in refusal.why


def test_of_three_alike_one_stays(tmp_path: Path):
    text = DB + rule("one") + rule("two") + rule("three", more=DESCRIBED)
    for _ in range(2):
        write(found := fixed(tmp_path, "rule-duplicate", db=text))
        text = (tmp_path / "db.tf").read_text("utf-8")
        assert found.files
    assert text == DB + rule("three", more=DESCRIBED)


def test_two_ends_of_one_rule_never_go_together_and_leave_an_empty_list(tmp_path: Path):
    text = DB + rule("one", A) + rule("two", B) + old("both", A, B)
    write(fixed(tmp_path, "rule-duplicate", db=text))
    assert (tmp_path / "db.tf").read_text("utf-8") == DB + rule("one", A) + rule("two", B) + old("both", B)
    write(fixed(tmp_path, "rule-duplicate", db=(tmp_path / "db.tf").read_text("utf-8")))
    assert (tmp_path / "db.tf").read_text("utf-8") == DB + rule("one", A) + rule("two", B)


def test_a_range_inside_another_of_the_same_list_goes(tmp_path: Path):
    write(fixed(tmp_path, "rule-redundant", db=group(inline(A, INSIDE, B))))
    assert (tmp_path / "db.tf").read_text("utf-8") == group(inline(A, B))


def on_lines(*rows: str) -> str:
    items = "".join(f"\n      {row}" for row in rows)
    return group(inline(f"{items}\n    "))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            (
                '"192.0.2.0/24",      # office',
                '"198.51.100.128/25", # branch',
                '"192.0.2.7/32",      # printer',
            ),
            ('"192.0.2.0/24",      # office', '"198.51.100.128/25", # branch'),
        ),
        (
            ('"192.0.2.0/24",    # office', '"192.0.2.128/25",  # its half', '"203.0.113.9/32",  # branch'),
            ('"192.0.2.0/24",   # office', '"203.0.113.9/32", # branch'),
        ),
        (
            ("# all of us", '"192.0.2.7/32",', '"192.0.2.0/24" // office'),
            ("# all of us", '"192.0.2.0/24" // office'),
        ),
    ],
)
def test_elements_that_stay_keep_their_lines_and_their_comments(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...]
):
    write(fixed(tmp_path, "rule-redundant", db=on_lines(*before)))
    assert (tmp_path / "db.tf").read_text("utf-8") == on_lines(*after)


def test_of_two_rules_of_which_one_grants_more_it_is_not_said_which_is_meant(tmp_path: Path):
    found = fixed(tmp_path, "rule-redundant", db=DB + rule("one", A) + rule("two", INSIDE))
    assert (found.rewrites, found.refusals) == ((), ())


def test_a_range_in_a_list_that_a_variable_gives_stays(tmp_path: Path):
    text = 'variable "some" {\n  default = ["192.0.2.0/24", "192.0.2.7/32"]\n}\n' + group(
        inline(A).replace(f"[{A}]", "var.some")
    )
    found = fixed(tmp_path, "rule-redundant", db=text)
    assert found.files == ()
    assert len(found.refusals) == 1


@pytest.mark.terraform
def test_what_is_written_is_formatted_and_terraform_plans_it(tmp_path: Path):
    folder = tmp_path / "network"
    folder.mkdir()
    text = (
        DB
        + rule("one")
        + old("two", B, A)
        + rule("three", more=DESCRIBED, port="80")
        + rule("four", port="80")
    )
    write(fixed(folder, "rule-duplicate", db=text))
    assert planning.terraform(folder, "fmt", "-check", "-diff") == ""
    planned = planning.plan(folder, tmp_path / "scratch")["planned_values"]["root_module"]["resources"]
    names = {one["name"] for one in planned if "rule" in one["type"]}
    assert names == {"one", "two", "three"}
