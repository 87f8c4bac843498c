"""Comments that suppress, and the lines that each speaks of.

A comment behind code speaks of its line; one on a line of its own, of the next line that is no comment. Where
that line opens a block, it speaks of the whole block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.suppressing.words import MARK
from auditor.sources.terraform.syntax.mask import Masker
from auditor.tree import Location

_HCL = re.compile(rf"(?:#|//|/\*)\s*{MARK}(?![\w-])(?P<words>[^\n]*)")
_YAML = re.compile(rf"(?:^|(?<=\s))#\s*{MARK}(?![\w-])(?P<words>[^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """What a comment says behind the mark, where it stands, and the lines that it speaks of."""

    words: str
    at: Location
    lines: range


def in_hcl(path: str, text: str) -> Iterator[Comment]:
    """The comments of a Terraform file. Nothing where the file does not parse: it is a gap already."""
    try:
        code = Masker(text, lambda _: Location(path)).code(0).text
    except InputError:
        return
    lines = code.split("\n")
    for found in _HCL.finditer(text):
        if not code[found.start() : found.end()].strip():
            words = found["words"].rstrip().removesuffix("*/")
            yield _comment(path, text, (found.start(), words), _Hcl(lines).extent)


def in_yaml(path: str, text: str) -> Iterator[Comment]:
    """The comments of a YAML file; no scalar is taken for one. Nothing where the file is no YAML."""
    import yaml

    try:
        scalars = [
            (token.start_mark.index, token.end_mark.index)
            for token in yaml.scan(text, Loader=yaml.SafeLoader)
            if isinstance(token, yaml.ScalarToken)
        ]
    except yaml.YAMLError:
        return
    lines = text.split("\n")
    for found in _YAML.finditer(text):
        if not any(begin <= found.start() < end for begin, end in scalars):
            yield _comment(path, text, (found.start(), found["words"]), _Yaml(lines).extent)


def _comment(path: str, text: str, found: tuple[int, str], extent: Callable[[int, bool], range]) -> Comment:
    start, words = found
    line = text.count("\n", 0, start)
    begin = text.rfind("\n", 0, start) + 1
    alone = not text[begin:start].strip()
    return Comment(words.strip(), Location(path, line + 1, start - begin + 1), extent(line, alone))


@dataclass(frozen=True, slots=True)
class _Hcl:
    """Lines of code in which comments are blank."""

    lines: list[str]

    def extent(self, line: int, alone: bool) -> range:  # noqa: FBT001 - of a place
        """The lines, from 1, of what stands at a line: it, or the block that it opens."""
        if alone:
            line = next((n for n in range(line + 1, len(self.lines)) if self.lines[n].strip()), line)
        depth = 0
        for number in range(line, len(self.lines)):
            depth += sum(self.lines[number].count(sign) for sign in "{[(")
            depth -= sum(self.lines[number].count(sign) for sign in "}])")
            if depth <= 0:
                return range(line + 1, number + 2)
        return range(line + 1, len(self.lines) + 1)


@dataclass(frozen=True, slots=True)
class _Yaml:
    """Lines in which deeper indentation is what belongs to the line before."""

    lines: list[str]

    def extent(self, line: int, alone: bool) -> range:  # noqa: FBT001 - of a place
        """The lines, from 1, of what stands at a line: it, and all that is indented below it."""
        if alone:
            line = next((n for n in range(line + 1, len(self.lines)) if self._counts(n)), line)
        own = self.lines[line].split(" #")[0].strip()
        listed = own.endswith(":") and not own.startswith("- ")
        end = line + 1
        while end < len(self.lines) and self._belongs(end, _indent(self.lines[line]), listed=listed):
            end += 1
        return range(line + 1, end + 1)

    def _belongs(self, number: int, indent: int, *, listed: bool) -> bool:
        """Whether a line is deeper, or an item of a list that stands no deeper than its key."""
        text, deep = self.lines[number].strip(), _indent(self.lines[number])
        return not text or deep > indent or (listed and deep == indent and text.startswith("- "))

    def _counts(self, number: int) -> bool:
        text = self.lines[number].strip()
        return bool(text) and not text.startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
