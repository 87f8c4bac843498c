"""Revisions of a git repository as folders: what git keeps is written out, the working tree stays as it is.

Nothing is run but ``git`` with commands that only read its own store, and no transport is allowed to it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from auditor import disk
from auditor.errors import InputError, UsageError
from auditor.frozen import dataclass

LARGEST, LARGEST_JSON = 16_000_000, 256_000_000  # bytes: what is larger is no code, and is left out

_SILENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_GIT = ("git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false")
_FILES = {"100644", "100755"}
_LINK = "120000"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository at ``root``; ``path`` is what of it is meant, from there, ``""`` for all.

    ``text`` is the revision as the user typed it, without a path.
    """

    root: str
    text: str
    commit: str
    path: str

    @property
    def name(self) -> str:
        """The revision as it is shown: a whole hash is cut."""
        return self.text[:10] if re.fullmatch(r"[0-9a-f]{40,64}", self.text) else self.text

    @property
    def shown(self) -> str:
        """The revision and its path, as git spells them."""
        return f"{self.name}:{self.path}"


@dataclass(frozen=True, slots=True)
class Exported:
    """A revision as a folder: ``top`` is the whole tree, ``path`` what of it is meant."""

    revision: Revision
    top: str
    path: str

    def renamed(self, text: str) -> str:
        """A text in which paths of the folder are spelled as git does: ``main:infra/vpc.tf``."""
        return text.replace(f"{self.top}{os.sep}", f"{self.revision.name}:").replace(
            self.top, self.revision.shown
        )

    def restored(self, text: str) -> str:
        """A text in which paths of the folder are those of the working tree, from the current folder."""
        root = disk.real(self.revision.root)
        here = os.path.relpath(disk.real("."), root)
        own = self.top if here == os.curdir else os.path.join(self.top, here)  # noqa: PTH118 - texts as they are
        up = os.path.relpath(root)
        text = text.replace(f"{own}{os.sep}", "")
        beside = "" if up == os.curdir else f"{up}{os.sep}"
        return text.replace(f"{self.top}{os.sep}", beside).replace(own, os.curdir)

    def counterpart(self, path: str) -> str:
        """What stands in the revision where ``path`` stands now; the path itself where nothing does."""
        inside = inside_of(self.revision.root, path)
        found = None if inside is None else os.path.join(self.top, inside)  # noqa: PTH118 - texts as they are
        return path if found is None or disk.kind(found) is disk.Kind.ABSENT else found


def revision(text: str, beside: str | None = None) -> Revision:
    """The revision that a text is: ``origin/main``, ``HEAD~1:infra`` (a path from the top of the repository).

    Without a path the place of ``beside`` is meant, else the current folder's. Raises UsageError where it is
    none, or holds nothing there.
    """
    name, colon, path = text.partition(":")
    try:
        root = _git("rev-parse", "--show-toplevel").strip()
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
    except _GitError as error:
        raise UsageError(
            f"{text!r} is neither a path nor a revision of git" + (f": {error}" if str(error) else ""),
            hint="name a folder, a plan, or a revision such as origin/main or HEAD~1:infra",
        ) from error
    if not colon:
        path = inside_of(root, beside or ".") or ""
    found = Revision(root, name, commit, path.strip("/"))
    if found.path and not _git("ls-tree", "-z", commit, "--", found.path, root=root):
        raise UsageError(
            f"{found.path} is not in {name}", hint=f"{name}:PATH names another path, from {root} on"
        )
    return found


def inside_of(root: str, path: str) -> str | None:
    """A path from ``root`` on, ``""`` for itself; None where it is not inside."""
    found = os.path.relpath(disk.real(path), disk.real(root))
    if found == os.pardir or found.startswith(os.pardir + os.sep):
        return None
    return "" if found == os.curdir else found


@contextmanager
def exported(found: Revision) -> Iterator[Exported]:
    """The files of a revision in a folder that is there while the block runs."""
    disk.unrepeatable(f"{found.text} was read from git")
    with TemporaryDirectory(prefix="netaudit-") as folder:
        top = disk.real(folder)
        _write_out(found, Path(top))
        yield Exported(found, top, str(Path(top, found.path)))


def changed_lines(since: Revision) -> dict[str, tuple[range, ...]]:
    """The lines of each file of the working tree that differ from a revision, by the file's real path.

    A file that git does not know is changed as a whole.
    """
    commit, root = since.commit, disk.real(since.root)
    text = _git(
        "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "-U0", commit, root=root
    )
    found: dict[str, list[range]] = {}
    path = ""
    for line in text.split("\n"):
        if line.startswith("+++ "):
            path = os.path.join(root, line[6:].strip('"')) if line.startswith("+++ b/") else ""  # noqa: PTH118
        elif line.startswith("@@") and path:
            begin, _, count = line.split(" ")[2].removeprefix("+").partition(",")
            found.setdefault(path, []).append(range(int(begin), int(begin) + int(count or 1)))
    for name in _git("ls-files", "-z", "--others", "--exclude-standard", root=root).split("\0"):
        if name:
            found[os.path.join(root, name)] = [range(1, 1 << 31)]  # noqa: PTH118
    return {name: tuple(lines) for name, lines in found.items()}


def _write_out(found: Revision, top: Path) -> None:
    """Every file and link of the tree that is not too large; what leads out of it leads nowhere.

    Modules that ``terraform init`` has installed lie in no revision: those of the working tree are linked.
    """
    entries = tuple(_entries(found))
    for (mode, _, path), data in zip(entries, _contents(found, entries), strict=True):
        target = top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode == _LINK:
            _link(target, data.decode("utf-8", "surrogateescape"), top)
        else:
            target.write_bytes(data)
    for folder in sorted({Path(path).parent for _, _, path in entries}):
        installed, target = Path(found.root, folder, ".terraform"), top / folder / ".terraform"
        if disk.kind(str(installed)) is disk.Kind.FOLDER and disk.kind(str(target)) is disk.Kind.ABSENT:
            target.symlink_to(installed)


def _contents(found: Revision, entries: Sequence[tuple[str, str, str]]) -> Iterator[bytes]:
    """What each entry holds, one at a time: a tree may be larger than the memory."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{name}\n" for _, name, _ in entries).encode())
        asked.seek(0)
        with subprocess.Popen(  # noqa: S603 - no shell, and a command that only reads
            [*_GIT, "cat-file", "--batch"],
            cwd=found.root,
            stdin=asked,
            stdout=subprocess.PIPE,
            env=os.environ | _SILENT,
        ) as git:
            if git.stdout is None:
                raise AssertionError("a pipe that was asked for")
            for _ in entries:
                words = git.stdout.readline().split()
                if len(words) != 3:
                    raise InputError(f"git does not have all of {found.text} here", at=found.root)
                yield git.stdout.read(int(words[2]))
                git.stdout.read(1)


def _entries(found: Revision) -> Iterator[tuple[str, str, str]]:
    """The mode, the name and the path of each file."""
    for row in _git("ls-tree", "-r", "-z", "-l", "--full-tree", found.commit, root=found.root).split("\0"):
        words, _, path = row.partition("\t")
        if not path or ".." in path.split("/"):
            continue
        mode, _, name, size = words.split()
        if mode == _LINK or (mode in _FILES and int(size) <= _largest(path)):
            yield mode, name, path


def _largest(path: str) -> int:
    return LARGEST_JSON if path.endswith(".json") else LARGEST


def _link(target: Path, to: str, top: Path) -> None:
    """A link. One that leads out of the tree leads nowhere here, so that who looks for it is told of it."""
    led = os.path.normpath(os.path.join(target.parent, to))  # noqa: PTH118 - the link need not lead anywhere
    inside = not os.path.isabs(to) and led.startswith(f"{top}{os.sep}")  # noqa: PTH117 - as above
    target.symlink_to(to if inside else "outside-of-the-repository")


class _GitError(Exception):
    """What git says against it; empty where it just says no."""


def _git(*words: str, root: str = ".") -> str:
    """What git prints. Raises _GitError where it refuses, InputError where there is no git."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and commands that only read
            [*_GIT, *words], cwd=root, capture_output=True, check=False, env=os.environ | _SILENT
        )
    except OSError as error:
        raise InputError("git is needed to read a revision, and is not on this machine") from error
    if done.returncode:
        raise _GitError(done.stderr.decode(errors="replace").strip().removeprefix("fatal: "))
    return done.stdout.decode("utf-8", "surrogateescape")
