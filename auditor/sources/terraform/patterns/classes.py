"""Reads classes of characters: in brackets, and by the names that an escape gives."""

from __future__ import annotations

import re

from auditor.sources.terraform.patterns.characters import (
    CATEGORIES,
    LAST,
    LETTERS,
    NAMED,
    complement,
    of_any_case,
)
from auditor.sources.terraform.patterns.escapes import escaped
from auditor.sources.terraform.patterns.tree import Chars, Ranges
from auditor.sources.terraform.patterns.trouble import Undecided, invalid

DOT = Chars(((0, LAST),))
NO_LINE_END = Chars(((10, 10),), negated=True)
_PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)([^}]*)\}|(.))", re.DOTALL)
_SCRIPT = re.compile(r"[A-Z][A-Za-z_]{2,}")
_NAMED_CLASS = re.compile(r"\[:(\^?)(\w*):\]")


def escaped_class(text: str, position: int, *, fold: bool) -> tuple[Chars, int] | None:
    """The class that an escape at a position names, and the position behind it; None where it names none."""
    letter = text[position + 1 : position + 2]
    if letter.lower() in LETTERS and letter:
        return Chars(_named(LETTERS[letter.lower()], letter.isupper(), fold), fold=fold), position + 2
    if letter not in {"p", "P"}:
        return None
    found = _PROPERTY.match(text, position)
    if found is None:
        raise invalid("invalid character class range", text[position:])
    name = found[3] if found[4] is None else found[4]
    negated = (found[1] == "P") != bool(found[2])
    if name == "Any":
        return Chars(() if negated else ((0, LAST),)), found.end()
    if name in CATEGORIES:
        return Chars((), ((name, negated),), fold=fold), found.end()
    if _SCRIPT.fullmatch(name):
        raise Undecided(f"the script of {found[0]} is not known here")
    raise invalid("invalid character class range", found[0])


def _named(ranges: Ranges, negated: bool, fold: bool) -> Ranges:  # noqa: FBT001 -- both are flags
    found = of_any_case(ranges) if fold else ranges
    return complement(found) if negated else found


class ClassReader:
    """Reads one class in brackets, from its bracket on."""

    def __init__(self, text: str, position: int, fold: bool) -> None:  # noqa: FBT001 -- the flag (?i)
        self.text = text
        self.start = position
        self.position = position + 1
        self.fold = fold
        self.ranges: list[tuple[int, int]] = []
        self.categories: list[tuple[str, bool]] = []

    def read(self) -> tuple[Chars, int]:
        """The class and the position behind it; InputError where Go refuses it."""
        negated = self.text.startswith("^", self.position)
        self.position += negated
        first = self.position
        while not self.text.startswith("]", self.position) or self.position == first:
            if self.position >= len(self.text):
                raise invalid("missing closing ]", self.text[self.start :])
            self._item()
        chars = Chars(tuple(self.ranges), tuple(self.categories), negated, self.fold)
        return chars, self.position + 1

    def _item(self) -> None:
        if self.text.startswith("[:", self.position) and self._named():
            return
        if self.text.startswith("\\", self.position):
            found = escaped_class(self.text, self.position, fold=self.fold)
            if found is not None:
                self.ranges += found[0].ranges
                self.categories += found[0].categories
                self.position = found[1]
                return
        self._range()

    def _named(self) -> bool:
        found = _NAMED_CLASS.match(self.text, self.position)
        if found is None:
            if ":]" in self.text[self.position + 2 :]:
                raise invalid("invalid character class range", self.text[self.position :])
            return False
        if found[2] not in NAMED:
            raise invalid("invalid character class range", found[0])
        self.ranges += _named(NAMED[found[2]], bool(found[1]), self.fold)
        self.position = found.end()
        return True

    def _range(self) -> None:
        start = self.position
        first = last = self._character()
        follows = self.text[self.position : self.position + 2]
        if follows.startswith("-") and follows not in {"-", "-]"}:
            self.position += 1
            last = self._character()
        if last < first:
            raise invalid("invalid character class range", self.text[start : self.position])
        self.ranges.append((first, last))

    def _character(self) -> int:
        if self.position >= len(self.text):
            raise invalid("missing closing ]", self.text[self.start :])
        if self.text[self.position] == "\\":
            if self.position + 1 >= len(self.text):
                raise invalid("trailing backslash at end of expression", "")
            code, self.position = escaped(self.text, self.position)
            return code
        self.position += 1
        return ord(self.text[self.position - 1])
