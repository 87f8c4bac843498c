"""A member that may not exist is told: the answer is about the network with it."""

from __future__ import annotations

from pathlib import Path

import auditor

TEXT = """
variable "size" { type = number }

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }

resource "aws_subnet" "app" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port = 80
    to_port   = 80
    protocol  = "tcp"
    self      = true
  }
  egress {
    from_port = 80
    to_port   = 80
    protocol  = "tcp"
    self      = true
  }
}

resource "aws_instance" "app" {
  count                  = var.size
  subnet_id              = aws_subnet.app.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
"""


def test_a_group_whose_only_member_may_not_exist_is_answered_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TEXT)
    answer = auditor.load(str(tmp_path)).can_reach("sg-app", "sg-app", "tcp/80")
    assert answer.verdict is auditor.Verdict.REACHABLE
    assert "aws_instance.app[*] may not exist: the answer holds where it does" in answer.notes
