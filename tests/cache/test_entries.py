"""The files of the cache: broken ones are dropped, runs at once do no harm, and all has its room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor import disk, pipeline
from auditor.cache.entries import Entries
from auditor.cache.folder import NoCacheError, cache_folder
from auditor.cache.own import own_code
from tests.cli.running import ROOT, called

QUESTION = ("show", "live", "--format", "json")


@pytest.mark.usefixtures("project")
def test_no_cache_neither_reads_nor_writes(cache: Path):
    called(*QUESTION, "--no-cache")
    assert not cache.exists()
    true = called(*QUESTION)
    for path in cache.glob("*.answer"):
        path.write_bytes(b"")
    kept = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert called(*QUESTION, "--no-cache") == true
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == kept


@pytest.mark.usefixtures("project")
def test_the_library_keeps_nothing_unless_it_is_asked_to(cache: Path):
    pipeline.load("live")
    assert not cache.exists()
    pipeline.load("live", cache=True)
    assert cache.exists()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("suffix", [".index", ".answer"])
@pytest.mark.parametrize("harm", ["flipped", "cut", "longer", "empty"])
def test_a_broken_entry_is_dropped(cache: Path, suffix: str, harm: str):
    true = called(*QUESTION)
    whole = {path: path.read_bytes() for path in cache.iterdir()}
    longest = max(len(content) for path, content in whole.items() if path.suffix == suffix)
    for at in range(0, longest, max(longest // 12, 1)):
        for path, content in whole.items():
            path.write_bytes(harmed(content, harm, at) if path.suffix == suffix else content)
        assert called(*QUESTION) == true, at
        assert all(harmed(whole[path], harm, at) != path.read_bytes() for path in cache.glob(f"*{suffix}"))


def harmed(content: bytes, harm: str, at: int) -> bytes:
    at = min(at, len(content) - 1)
    match harm:
        case "flipped":
            return content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :]
        case "cut":
            return content[:at]
        case "longer":
            return content + b"\0"
        case _:
            return b""


@pytest.mark.usefixtures("cache", "project")
def test_runs_at_once_all_give_the_answer():
    true = called(*QUESTION, "--no-cache").out
    command = [sys.executable, "-m", "auditor", *QUESTION]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        started = [
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
            )
            for _ in range(4)
        ]
        assert [each.communicate(timeout=60) for each in started] == [(true, "")] * 4


def test_writers_and_readers_at_once_never_meet_half_an_entry(tmp_path: Path):
    answers = [bytes([number]) * 200_000 for number in range(4)]

    def work(number: int) -> set[bytes]:
        entries, seen = Entries(str(tmp_path)), set[bytes]()
        for _ in range(25):
            entries.keep("key", disk.Observations(environment={"N": "1"}), answers[number])
            seen.add(entries.recall("key", {"N": "1"}) or b"")
        return seen

    with ThreadPoolExecutor(4) as pool:
        found = set[bytes]().union(*pool.map(work, range(4)))
    assert found - {b""} <= set(answers)
    assert not list(tmp_path.glob("new-*"))


def test_what_was_not_used_for_longest_makes_room(tmp_path: Path):
    entries = Entries(str(tmp_path), largest=5_000)
    for number in range(4):
        entries.keep(f"key{number}", disk.Observations(), bytes([number]) * 1_500)
        for path in tmp_path.iterdir():
            os.utime(path, (path.stat().st_atime - 10, path.stat().st_mtime - 10))
        assert entries.recall("key0", {}) == bytes(1_500)
    assert entries.recall("key1", {}) is None
    assert entries.recall("key3", {}) == bytes([3]) * 1_500
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 5_000


def test_only_so_many_states_of_one_input_are_kept(tmp_path: Path):
    entries = Entries(str(tmp_path))
    for number in range(20):
        entries.keep("key", disk.Observations(environment={"N": str(number)}), str(number).encode())
    assert entries.recall("key", {"N": "19"}) == b"19"
    assert entries.recall("key", {"N": "12"}) == b"12"
    assert entries.recall("key", {"N": "11"}) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_folder_that_others_can_write_to_is_not_used(cache: Path, project: Path):
    cache.mkdir()
    cache.chmod(0o777)
    assert called(*QUESTION).code == 0
    assert list(cache.iterdir()) == []
    with pytest.raises(NoCacheError, match="others"):
        cache_folder({"NETAUDIT_CACHE_DIR": str(cache)})
    assert "no cache" in called(*QUESTION, "--debug").err
    assert called(*QUESTION).err == ""
    assert project.exists()


@pytest.mark.usefixtures("project")
def test_a_folder_that_cannot_be_made_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NETAUDIT_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert called(*QUESTION) == called(*QUESTION, "--no-cache")


@pytest.mark.usefixtures("project")
def test_a_cache_that_goes_away_is_made_again(cache: Path):
    true = called(*QUESTION)
    shutil.rmtree(cache)
    assert called(*QUESTION) == true
    assert list(cache.glob("*.answer"))


def test_what_is_kept_is_for_the_user_alone(cache: Path, project: Path):
    called(*QUESTION)
    modes = {path.stat().st_mode & 0o777 for path in cache.iterdir()}
    assert (cache.stat().st_mode & 0o777, modes) == (0o700, {0o600})
    assert project.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep caches elsewhere")
@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "{}/home"}, "home/.cache/netaudit"),
        ({"HOME": "{}/home", "XDG_CACHE_HOME": "{}/xdg"}, "xdg/netaudit"),
        ({"HOME": "{}/home", "XDG_CACHE_HOME": "relative"}, "home/.cache/netaudit"),
        ({"HOME": "{}/home", "XDG_CACHE_HOME": "{}/xdg", "NETAUDIT_CACHE_DIR": "{}/own"}, "own"),
    ],
)
def test_the_cache_lies_where_the_system_keeps_caches(
    environment: dict[str, str], folder: str, tmp_path: Path
):
    given = {name: value.format(tmp_path) for name, value in environment.items()}
    assert cache_folder(given) == str(tmp_path / folder)
    assert (tmp_path / folder).is_dir()


def test_without_a_home_there_is_no_cache():
    with pytest.raises(NoCacheError, match="no home"):
        cache_folder({})


def test_other_code_gives_other_answers():
    told = own_code()
    assert sys.version in told
    assert any(str(ROOT / "auditor" / "reach" / "engine.py") in each for each in told)
    assert any(each.lower().startswith("pyyaml-") for each in told)
