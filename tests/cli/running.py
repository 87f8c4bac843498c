"""netaudit run as users run it: words in; exit code, output and messages out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from auditor.cli import run

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
THREE_TIER = str(FIXTURES / "three-tier" / "terraform")
UNKNOWNS = str(FIXTURES / "unknowns" / "terraform")


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run left behind."""

    code: int
    out: str
    err: str


def called(*words: str) -> Ran:
    """netaudit in this process: no terminal, all of its own error handling."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(words))
    return Ran(code, out.getvalue(), err.getvalue())


def process(*words: str, cwd: Path | None = None, given: str = "", **environment: str) -> Ran:
    """netaudit as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *words],
        cwd=cwd or ROOT,
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        input=given,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def written(folder: Path, **files: str) -> str:
    """A folder with files in it: ``main_tf`` is ``main.tf``, ``net__main_tf`` is ``net/main.tf``."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_tf", ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(folder)


NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""
