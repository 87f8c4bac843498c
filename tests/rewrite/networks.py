"""Small whole networks whose findings are rewritten, on disk, as ``fix`` does it."""

from __future__ import annotations

from pathlib import Path

from auditor import pipeline
from auditor.finding import Finding
from auditor.fixing import Fixed, fix
from auditor.pipeline import Network

BASE = """\
resource "aws_vpc" "main" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "web" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_route_table" "web" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "web" {
  subnet_id      = aws_subnet.web.id
  route_table_id = aws_route_table.web.id
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id

  ingress {
    description = "https"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.small"
  subnet_id                   = aws_subnet.web.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.web.id]
}
"""


def fixed(folder: Path, rule: str, **files: str) -> Fixed:
    """What fix makes of one rule's findings; a file is named by what stands before ``.tf``."""
    for name, text in {"base": BASE, **files}.items():
        path = folder / f"{name.replace('__', '/')}.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    network = pipeline.load(str(folder))
    assert network.inventory.gaps == ()

    def checked(asked: Network) -> tuple[Finding, ...]:
        return pipeline.check(asked, pipeline.rules(only=(rule,)))

    return fix(network, checked(network), lambda: pipeline.load(str(folder)), checked)
