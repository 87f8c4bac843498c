"""Reads a pattern: the syntax that Go's package regexp/syntax takes in Perl's manner."""

from __future__ import annotations

import re

from auditor.errors import InputError
from auditor.sources.terraform.patterns.classes import DOT, NO_LINE_END, ClassReader, escaped_class
from auditor.sources.terraform.patterns.escapes import escaped
from auditor.sources.terraform.patterns.tree import (
    Alternation,
    Chars,
    Edge,
    Group,
    Part,
    Repeat,
    Sequence,
    inner,
)
from auditor.sources.terraform.patterns.trouble import Undecided, invalid

_MOST_TIMES = 1000
_DEEPEST = 50
_LONGEST = 10_000
_EDGES = {"A": Edge.BEGIN_TEXT, "z": Edge.END_TEXT, "b": Edge.WORD, "B": Edge.NO_WORD}
_TIMES = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_NAME = re.compile(r"\(\?P?<([^>]*)>")
_FLAGS = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_GROUP_NAME = re.compile(r"[0-9A-Za-z_]+")


class _Open:
    """A group that is being read: the ways so far and the parts of the last one."""

    def __init__(self, flags: str, number: int) -> None:
        self.flags = flags
        self.number = number
        self.ways: list[Part] = []
        self.parts: list[Part] = []

    def next_way(self) -> None:
        self.ways.append(_sequence(self.parts))
        self.parts = []

    def done(self) -> Part:
        self.next_way()
        body = self.ways[0] if len(self.ways) == 1 else Alternation(tuple(self.ways))
        return Group(self.number, body) if self.number else body


def _sequence(parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


class Reader:
    """Reads one pattern. ``names`` are those of its groups, in their order, empty where one has none."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise Undecided(f"the pattern has more than {_LONGEST} characters")
        self.text = text
        self.position = 0
        self.flags = ""
        self.names: list[str] = []
        self.groups = [_Open("", 0)]
        self.repeated = -1

    def read(self) -> Part:
        """The pattern as a tree; InputError where Go refuses it, ``Undecided`` where it is not read."""
        while self.position < len(self.text):
            self._part()
        if len(self.groups) > 1:
            raise invalid("missing closing )", self.text)
        return self.groups[0].done()

    def _part(self) -> None:
        letter = self.text[self.position]
        match letter:
            case "(":
                self._open()
            case ")":
                self._close()
            case "|":
                self.groups[-1].next_way()
                self.position += 1
            case "*" | "+" | "?" | "{":
                self._repeat(letter)
            case "\\":
                self._escape()
            case "[":
                chars, self.position = ClassReader(self.text, self.position, self._fold()).read()
                self._add(chars)
            case _:
                self._add(self._single(letter))
                self.position += 1

    def _add(self, part: Part) -> None:
        self.groups[-1].parts.append(part)

    def _fold(self) -> bool:
        return "i" in self.flags

    def _single(self, letter: str) -> Part:
        match letter:
            case ".":
                return DOT if "s" in self.flags else NO_LINE_END
            case "^":
                return Edge.BEGIN_LINE if "m" in self.flags else Edge.BEGIN_TEXT
            case "$":
                return Edge.END_LINE if "m" in self.flags else Edge.END_TEXT
            case _:
                return Chars(((ord(letter), ord(letter)),), fold=self._fold())

    def _open(self) -> None:
        if not self.text.startswith("(?", self.position):
            self._push("")
            self.position += 1
            return
        rest = self.text[self.position :]
        if rest.startswith(("(?P<", "(?<")):
            self._open_named(rest)
            return
        found = _FLAGS.match(rest)
        if found is None:
            raise invalid("invalid or unsupported Perl syntax", rest)
        flags = (set(self.flags) | set(found[1])) - set(found[2] or "")
        if found[3] == ":":
            self._push(None)
        self.flags = "".join(sorted(flags))
        self.position += found.end()

    def _open_named(self, rest: str) -> None:
        found = _NAME.match(rest)
        if found is None or not _GROUP_NAME.fullmatch(found[1]):
            raise invalid("invalid named capture", rest)
        self._push(found[1])
        self.position += found.end()

    def _push(self, name: str | None) -> None:
        """Opens a group: without a number where the name is None."""
        if len(self.groups) > _DEEPEST:
            raise Undecided(f"the pattern has groups more than {_DEEPEST} levels deep")
        if name is not None:
            self.names.append(name)
        self.groups.append(_Open(self.flags, 0 if name is None else len(self.names)))

    def _close(self) -> None:
        if len(self.groups) == 1:
            raise invalid("unexpected )", self.text)
        group = self.groups.pop()
        self.flags = group.flags
        self._add(group.done())
        self.position += 1

    def _repeat(self, letter: str) -> None:
        start = self.position
        times = self._times(letter)
        if times is None:
            self._add(self._single(letter))
            self.position += 1
            return
        parts = self.groups[-1].parts
        if not parts:
            raise invalid("missing argument to repetition operator", self.text[start : self.position])
        lazy = self.text.startswith("?", self.position)
        self.position += lazy
        if self.repeated == start:
            raise invalid("invalid nested repetition operator", self.text[start : self.position])
        self.repeated = self.position
        parts[-1] = Repeat(parts[-1], *times, lazy=lazy != ("U" in self.flags))
        if max(times[0], times[1] or 0) >= 2 and not _is_small(parts[-1], _MOST_TIMES):
            raise invalid("invalid repeat count", self.text[start : self.position])

    def _times(self, letter: str) -> tuple[int, int | None] | None:
        """How often, with the position behind it; None where a brace is just a brace."""
        if letter != "{":
            self.position += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[letter]
        found = _TIMES.match(self.text, self.position)
        if found is None:
            return None
        if max(len(found[1]), len(found[3] or "")) > len(str(_MOST_TIMES)):
            raise invalid("invalid repeat count", found[0])
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if max(least, most or 0) > _MOST_TIMES or (most is not None and least > most):
            raise invalid("invalid repeat count", found[0])
        self.position = found.end()
        return least, most

    def _escape(self) -> None:
        rest = self.text[self.position : self.position + 2]
        if len(rest) < len(r"\x"):
            raise InputError("invalid regexp pattern: trailing backslash at end of expression in ")
        letter = rest[1]
        if letter in _EDGES:
            self._add(_EDGES[letter])
            self.position += len(rest)
        elif letter == "Q":
            self._quoted()
        elif (found := escaped_class(self.text, self.position, fold=self._fold())) is not None:
            chars, self.position = found
            self._add(chars)
        else:
            code, self.position = escaped(self.text, self.position)
            self._add(Chars(((code, code),), fold=self._fold()))

    def _quoted(self) -> None:
        text, end, _ = self.text[self.position + 2 :].partition(r"\E")
        for letter in text:
            self._add(Chars(((ord(letter), ord(letter)),), fold=self._fold()))
        self.position += len(r"\Q") + len(text) + len(end)


def _is_small(part: Part, times: int) -> bool:
    """Whether nothing in a part is repeated more often than so, with all that repeats it."""
    if isinstance(part, Repeat):
        often = part.least if part.most is None else part.most
        if part.most == 0:
            return True
        if often > times:
            return False
        times = times // often if often else times
    return all(_is_small(each, times) for each in inner(part))
