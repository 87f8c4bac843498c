"""What the blocks of one module mention of each other: which way a dependency goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from auditor import disk
from auditor.frozen import dataclass
from auditor.rewrite.hcl import Block, HclFile, read
from auditor.tree import Location

_MENTION = re.compile(r"\b(?:data\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Module:
    """Each thing that a module's files declare, by the words that name it, with what its text mentions."""

    mentions: dict[str, frozenset[str]]

    def depends(self, one: str, other: str) -> bool:
        """Whether a thing needs another, directly or through others, as far as their words say."""
        seen, left = {one}, [one]
        while left:
            for word in self.mentions.get(left.pop(), frozenset()):
                if word == other:
                    return True
                if word in self.mentions and word not in seen:
                    seen.add(word)
                    left.append(word)
        return False

    def mentioned(self, name: str) -> bool:
        """Whether anything but itself mentions a thing."""
        return any(name in words for thing, words in self.mentions.items() if thing != name)


class Code:
    """The files that are rewritten and the modules that they belong to, each read once."""

    def __init__(self) -> None:
        self._files: dict[str, HclFile] = {}
        self._modules: dict[Path, Module] = {}

    def file(self, path: str) -> HclFile:
        """The file at a path. Raises RefusedError where it is not read."""
        if path not in self._files:
            self._files[path] = read(path)
        return self._files[path]

    def place(self, at: Location) -> tuple[HclFile, tuple[Block, ...], int]:
        """The file of a place, the blocks around it, the outermost first, and its offset."""
        file = self.file(at.path)
        offset = file.offset(at)
        return file, file.blocks_at(offset), offset

    def module(self, path: str) -> Module:
        """The module that a file belongs to. Raises RefusedError where one of its files is not read."""
        folder = Path(path).parent
        if folder not in self._modules:
            mentions: dict[str, frozenset[str]] = {}
            for name, _ in disk.entries(str(folder)):
                if name.endswith((".tf", ".tofu")):
                    for thing, words in _declared(self.file(str(folder / name))):
                        mentions[thing] = mentions.get(thing, frozenset()) | words
            self._modules[folder] = Module(mentions)
        return self._modules[folder]


def _declared(file: HclFile) -> Iterator[tuple[str, frozenset[str]]]:
    for block in file.body.blocks:
        text = file.text[block.body.span.begin : block.body.span.end]
        match block.words:
            case ("resource", kind, name):
                yield f"{kind}.{name}", _mentioned(text)
            case ("data", kind, name):
                yield f"data.{kind}.{name}", _mentioned(text)
            case ("locals",):
                for one in block.body.attributes:
                    yield f"local.{one.name}", _mentioned(file.text[one.value.begin : one.value.end])
            case ("variable", name):
                yield f"var.{name}", _mentioned(text)
            case words:
                yield ".".join(words), _mentioned(text)


def _mentioned(text: str) -> frozenset[str]:
    return frozenset(_MENTION.findall(text))
