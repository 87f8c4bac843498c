"""The folders below one, as a person would go through them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.ignored import Ignored

_PACKAGES = "node_modules"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as seen from where the search began, and the names of its files, sorted."""

    path: str
    files: tuple[str, ...]


def folders_below(top: str) -> Iterator[Folder]:
    """``top`` and every folder below it, each once; hidden ones, installed packages of Node's and what git
    ignores left out.

    A link to a folder is followed where it leads out of ``top``: what is below ``top`` is met in its place.
    """
    inside = disk.real(top)
    met = {inside}
    waiting = [top]
    while waiting:
        links: list[str] = []
        for start in waiting:
            yield from _walk(start, links)
        waiting = []
        for link in sorted(links):
            real = disk.real(link)
            if not any(_within(real, other) or _within(other, real) for other in met):
                met.add(real)
                waiting.append(link)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _walk(top: str, links: list[str]) -> Iterator[Folder]:
    """The folders below ``top``, links not followed but put to ``links``."""
    ignored = Ignored(top)
    for folder, below, names in disk.walk(top):
        if ".gitignore" in names:
            ignored.add(folder)
        own = (name for name in below if not name.startswith(".") and name != _PACKAGES)
        kept = sorted(name for name in own if not ignored.folder(folder, name))
        links += [path for path in (f"{folder}{os.sep}{name}" for name in kept) if disk.is_link(path)]
        below[:] = kept
        files = tuple(sorted(name for name in names if not ignored.file(folder, name)))
        yield Folder(os.path.normpath(folder), files)
