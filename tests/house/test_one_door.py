"""One door to the disk: what is read past it is not noticed, and a cached answer would outlive it."""

from __future__ import annotations

import ast

from tests.house.pythonfiles import AUDITOR, nodes

READS = {
    *("open", "os.stat", "os.lstat", "os.listdir", "os.scandir", "os.walk", "os.readlink", "os.access"),
    *("os.getenv", "os.environ.get", "os.path.exists", "os.path.lexists", "os.path.isfile", "os.path.isdir"),
    *("os.path.islink", "os.path.realpath", "os.path.samefile", "os.path.getsize", "os.path.getmtime"),
}
METHODS = {
    *("read_text", "read_bytes", "is_file", "is_dir", "is_symlink", "exists", "iterdir", "rglob", "resolve"),
    *("lstat", "readlink", "samefile"),
}
READERS = ("auditor/sources/", "auditor/rules/")


def reads(where: str) -> list[str]:
    """The calls in files whose path begins with ``where`` that look at the disk or the environment."""
    return [
        f"{at} {ast.unparse(node.func)}"
        for at, node in nodes(AUDITOR)
        if isinstance(node, ast.Call)
        and where in at
        and (
            ast.unparse(node.func) in READS
            or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS)
        )
    ]


def test_the_readers_look_at_the_disk_through_one_door():
    assert [read for where in READERS for read in reads(where)] == []


def test_a_look_past_the_door_would_be_seen():
    assert any("os.scandir" in read for read in reads("auditor/disk.py"))


def test_the_environment_is_asked_through_the_same_door():
    asked = [
        at
        for at, node in nodes(AUDITOR)
        if "auditor/sources/" in at
        and isinstance(node, ast.Call | ast.Subscript)
        and "environment" in ast.unparse(node.func if isinstance(node, ast.Call) else node.value)
    ]
    assert asked == []
