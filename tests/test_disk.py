"""Looks at the disk are noted, and noticed when they would give something else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path

import pytest

from auditor import disk

LOOKS: dict[str, Callable[[str], object]] = {
    "content": disk.content,
    "head": lambda path: disk.head(path, 4),
    "stream": disk.stream,
    "kind": disk.kind,
    "is_link": disk.is_link,
    "entries": disk.entries,
    "walk": lambda path: list(disk.walk(path)),
    "real": disk.real,
}


def seen_by(look: Callable[[str], object], path: Path) -> disk.Observations:
    with disk.observed() as notes, suppress(OSError):
        look(str(path))
    return notes


def is_still_so(notes: disk.Observations) -> bool:
    return disk.still_so(notes, {}, {})


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_every_look_is_noted_also_at_what_is_not_there(look: Callable[[str], object], tmp_path: Path):
    notes = seen_by(look, tmp_path / "absent")
    assert notes.looks
    assert is_still_so(notes)


CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a file appears": ("content head stream kind entries", lambda path: path.write_text("new")),
    "a folder appears": ("content head stream kind entries walk", lambda path: path.mkdir()),
    "a link appears": ("is_link real", lambda path: path.symlink_to("elsewhere")),
}


@pytest.mark.parametrize(
    ("look", "change"),
    [(look, change) for looks, change in CHANGES.values() for look in looks.split()],
)
def test_what_appears_is_noticed(look: str, change: Callable[[Path], object], tmp_path: Path):
    notes = seen_by(LOOKS[look], tmp_path / "path")
    change(tmp_path / "path")
    assert not is_still_so(notes)


@pytest.mark.parametrize("look", ["content", "kind", "entries", "walk"])
def test_what_goes_away_is_noticed(look: str, tmp_path: Path):
    path = tmp_path / "path"
    path.mkdir() if look in {"entries", "walk"} else path.write_text("x")
    notes = seen_by(LOOKS[look], path)
    assert is_still_so(notes)
    path.rename(tmp_path / "moved")
    assert not is_still_so(notes)


def test_a_file_that_becomes_a_folder_of_that_name_is_noticed(tmp_path: Path):
    (tmp_path / "a").write_text("")
    notes = seen_by(disk.entries, tmp_path)
    (tmp_path / "a").unlink()
    (tmp_path / "a").mkdir()
    assert not is_still_so(notes)


def test_a_link_that_leads_elsewhere_is_noticed(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("one")
    notes = [seen_by(look, tmp_path / "link") for look in (disk.is_link, disk.real)]
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("two")
    assert not any(is_still_so(each) for each in notes)


def test_a_walk_is_that_of_the_standard_library(tmp_path: Path):
    for name in ("b/c", "a", "hidden/d"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("x", "b/y", "b/c/z", "hidden/d/w"):
        (tmp_path / name).write_text("")
    (tmp_path / "link").symlink_to("b")
    (tmp_path / "broken").symlink_to("nowhere")

    def pruned(walk: Callable[[str], object]) -> list[tuple[str, list[str], list[str]]]:
        found = []
        for folder, below, names in walk(str(tmp_path)):  # type: ignore[attr-defined]
            below[:] = sorted(name for name in below if name != "hidden")
            found.append((folder, list(below), sorted(names)))
        return found

    assert pruned(disk.walk) == pruned(os.walk)


def test_content_is_compared_and_not_the_date(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("one")
    notes, status = seen_by(disk.content, path), path.stat()
    path.write_text("two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not is_still_so(notes)
    path.write_text("one")
    assert is_still_so(notes)


def test_a_file_that_grows_beyond_what_is_read_is_noticed(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("12345")
    with disk.observed() as notes:
        assert disk.content(str(path), 5) == b"12345"
    path.write_text("123456")
    assert not is_still_so(notes)
    with disk.observed() as too_large, pytest.raises(disk.FileTooLargeError):
        disk.content(str(path), 5)
    assert is_still_so(too_large)


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(disk.NotRegularError):
        disk.content(str(tmp_path / "pipe"))


def test_a_file_that_changes_while_it_is_read_cannot_be_repeated(tmp_path: Path):
    path = tmp_path / "file"
    with disk.observed() as notes:
        path.write_text("one")
        disk.content(str(path))
        path.write_text("two")
        disk.content(str(path))
    assert notes.unrepeatable
    assert not is_still_so(notes)


def test_what_cannot_be_looked_at_again_is_never_still_so():
    with disk.observed() as notes:
        disk.unrepeatable("an answer of the network")
    assert not is_still_so(notes)


def test_who_observes_from_further_out_sees_all(tmp_path: Path):
    with disk.observed() as outer:
        with disk.observed() as inner:
            disk.kind(str(tmp_path))
        disk.kind(str(tmp_path / "x"))
        disk.include(seen_by(disk.kind, tmp_path / "y"))
    assert {look[1] for look in inner.looks} == {str(tmp_path)}
    assert {look[1] for look in outer.looks} == {str(tmp_path), str(tmp_path / "x"), str(tmp_path / "y")}


def test_a_thread_with_the_context_is_observed_and_another_is_not(tmp_path: Path):
    def look(name: str) -> None:
        disk.kind(str(tmp_path / name))

    with disk.observed() as notes:
        mine = threading.Thread(target=copy_context().run, args=(look, "mine"))
        other = threading.Thread(target=look, args=("other",))
        for thread in (mine, other):
            thread.start()
            thread.join()
    assert {Path(look[1]).name for look in notes.looks} == {"mine"}


def test_a_variable_that_was_asked_for_is_noted():
    with disk.observed() as notes:
        disk.variable({"A": "1", "B": "2"}, "A")
        disk.variable({}, "C")
    assert disk.still_so(notes, {"A": "1"}, {})
    assert not disk.still_so(notes, {"A": "2"}, {})
    assert not disk.still_so(notes, {"A": "1", "C": "3"}, {})


def test_only_the_beginning_counts_where_that_alone_was_read(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("beginning and end")
    notes = seen_by(LOOKS["head"], path)
    path.write_text("beginning and what follows")
    assert is_still_so(notes)
    path.write_text("Beginning and what follows")
    assert not is_still_so(notes)


def test_a_pipe_that_has_a_name_is_read_once():
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    with disk.observed() as notes:
        assert disk.stream(f"/dev/fd/{reading}") == b"text"
    os.close(reading)
    assert notes.unrepeatable


def test_two_environments_are_no_environment():
    with disk.observed() as notes:
        disk.variable({"A": "1"}, "A")
        disk.variable({}, "A")
    assert not disk.still_so(notes, {"A": "1"}, {})
    assert not disk.still_so(notes, {}, {})
