"""What git ignores: the ``.gitignore`` files of a repository, the nearest one deciding.

https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import disk

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NAME = ".gitignore"


class Ignored:
    """What the ``.gitignore`` files say of paths below ``top``: those above it in its repository to begin
    with, and each that is added while walking down.

    Where they ignore ``top`` itself, it is meant all the same, and what is above says nothing of it.
    """

    def __init__(self, top: str) -> None:
        self._specs: list[tuple[str, GitIgnoreSpec]] = []
        for folder in _up_to_repository(disk.real(top)):
            if disk.kind(str(Path(folder, _NAME))) is disk.Kind.FILE:
                self.add(folder)
        above, name = os.path.split(disk.real(top))
        if name and self.folder(above, name):
            self._specs.clear()

    def add(self, folder: str) -> None:
        """Take the ``.gitignore`` of ``folder`` into account; one that cannot be read ignores nothing."""
        from pathspec import GitIgnoreSpec

        try:
            text = disk.content(str(Path(folder, _NAME))).decode("utf-8", errors="replace")
        except OSError:
            return
        self._specs.append((disk.real(folder), GitIgnoreSpec.from_lines(text.splitlines())))

    def folder(self, above: str, name: str) -> bool:
        """Whether git ignores a folder in the folder ``above``."""
        return self._says(above, f"{name}/")

    def file(self, folder: str, name: str) -> bool:
        """Whether git ignores a file in ``folder``, that folder not being ignored."""
        return self._says(folder, name)

    def _says(self, folder: str, name: str) -> bool:
        if not self._specs:
            return False
        whole = f"{disk.real(folder)}{os.sep}{name}"
        for base, spec in reversed(self._specs):
            if whole.startswith(base + os.sep):
                said = spec.check_file(whole.removeprefix(base + os.sep)).include
                if said is not None:
                    return said
        return False


def _up_to_repository(folder: str) -> list[str]:
    """The folders above ``folder`` up to its repository's, that one first; none outside of a repository."""
    chain = (Path(folder), *Path(folder).parents)
    for depth, at in enumerate(chain):
        if disk.kind(str(at / ".git")) is not disk.Kind.ABSENT:
            return [str(each) for each in reversed(chain[1 : depth + 1])]
    return []
