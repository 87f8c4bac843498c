"""What python-hcl2's grammar reads otherwise than Terraform, blanked out for the reference adapter.

Every string and heredoc becomes a plain string of the same length, every comment blanks, a line break in
``( )``, ``[ ]``, ``${ }`` or ``{for … }`` a blank, a letter beyond ASCII a ``u``. All offsets stay, so what
was there is read from the text itself. Finding the ends of strings also finds what is never closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.terraform.syntax.compose import DEPTH_LIMIT, too_deep
from auditor.tree import Location

_CODE = re.compile(
    r'(?P<string>")|(?P<comment>#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<open_comment>/\*)'
    r"|(?P<heredoc><<-?(?P<marker>[^\W\d][\w.-]*)[ \t\r]*\n)|(?P<bad_heredoc><<)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<line>\n)|(?P<number>(?<=-)\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<decimal>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[^\W\d][\w-]*)|(?P<plain>[^\w\"#/<()\[\]{}\n]+|\w+|.)",
    re.DOTALL,
)
_QUOTED = re.compile(r'[^"\\$%\n]+|\\.|\$\$\{|%%\{|(?P<insert>[$%]\{)|(?P<end>")|(?P<line>\n)|.', re.DOTALL)
_INSERT = re.compile(r"(?:\$\$\{|%%\{)|(?P<insert>[$%]\{)")
_FOR = re.compile(r"\{\s*for\s+[^\W\d]")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Span:
    """A string or heredoc: where its text begins and ends; whether it is a heredoc, and one of ``<<-``."""

    begin: int
    end: int
    heredoc: bool = False
    unindent: bool = False


@dataclass(frozen=True, slots=True)
class Masked:
    """Text that python-hcl2 reads, with what the mask hides by offset."""

    begin: int
    end: int
    text: str
    spans: dict[int, Span]


@dataclass(frozen=True, slots=True)
class _Scan:
    begin: int
    inside: bool
    out: list[str] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    open: list[tuple[int, bool]] = field(default_factory=list)

    def loose(self) -> bool:
        """Whether a line break counts for nothing here."""
        return self.open[-1][1] if self.open else self.inside


class Masker:
    """Masks a text or a part of it. Raises ``InputError`` for what is never closed."""

    def __init__(self, text: str, locate: Callable[[int], Location]) -> None:
        self.text = text
        self.locate = locate
        self.depth = 0

    def error(self, message: str, offset: int, hint: str = "") -> InputError:
        """The error at ``offset``."""
        return InputError(message, at=str(self.locate(offset)), hint=hint)

    def code(self, begin: int, *, inside: bool = False) -> Masked:
        """The code from ``begin`` on, up to the ``}`` that closes it where it is ``inside`` of a template."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise too_deep(self.locate(begin))
        scan = _Scan(begin, inside)
        position = begin
        while (match := _CODE.match(self.text, position)) is not None:
            kind = match.lastgroup or "plain"
            if kind == "close" and inside and not scan.open and match.group() == "}":
                break
            position = self._token(scan, kind, match)
        else:
            self._at_end(scan)
        self.depth -= 1
        return Masked(begin, position, "".join(scan.out), scan.spans)

    def _at_end(self, scan: _Scan) -> None:
        if scan.open:
            offset = scan.open[-1][0]
            bracket = self.text[offset]
            raise self.error(f'this "{bracket}" is never closed by a "{_CLOSING[bracket]}"', offset)
        if scan.inside:
            raise self.error('this is never closed by a "}"', max(0, scan.begin - 2))

    def _token(self, scan: _Scan, kind: str, match: re.Match[str]) -> int:
        token, begin, end = match.group(), match.start(), match.end()
        if kind in ("string", "heredoc", "marker"):
            span = self._quoted(begin) if kind == "string" else self._heredoc(match)
            end = span.end + 1 if kind == "string" else self._after_marker(span, match.group("marker"))
            scan.spans[begin] = span
            token = f'"{"x" * (end - begin - 2)}"'
        elif kind in ("open_comment", "bad_heredoc"):
            what = (
                "this comment is never closed by */" if kind == "open_comment" else "no heredoc begins here"
            )
            raise self.error(what, begin, "" if kind == "open_comment" else "write <<EOT and a line break")
        elif kind == "comment":
            token = " " * len(token)
        elif kind in ("open", "close"):
            self._bracket(scan, kind, begin)
        elif kind == "line":
            token = " " if scan.loose() else token
        elif kind == "number":
            token = "n" * len(token)
        elif not token.isascii() and kind == "word":
            token = "".join(c if c.isascii() else "u" for c in token)
        scan.out.append(token)
        return end

    def _bracket(self, scan: _Scan, kind: str, offset: int) -> None:
        bracket = self.text[offset]
        if kind == "open":
            if len(scan.open) > 2 * DEPTH_LIMIT:
                raise too_deep(self.locate(offset))
            loose = bracket != "{" or _FOR.match(self.text, offset) is not None
            scan.open.append((offset, loose))
            return
        if not scan.open:
            raise self.error(f'this "{bracket}" closes nothing', offset)
        opened, _ = scan.open.pop()
        wanted = _CLOSING[self.text[opened]]
        if bracket != wanted:
            place = self.locate(opened)
            what = f'"{self.text[opened]}" of line {place.line}'
            raise self.error(f'expected "{wanted}" to close the {what}, found "{bracket}"', offset)

    def _quoted(self, begin: int) -> Span:
        position = begin + 1
        while (match := _QUOTED.match(self.text, position)) is not None:
            kind = match.lastgroup
            if kind == "end":
                return Span(begin + 1, match.start())
            if kind == "line":
                break
            position = match.end()
            if kind == "insert":
                position = self.code(position, inside=True).end + 1
        raise self.error(
            "this string is not closed on its line", begin, 'close it with a ", or use a heredoc (<<EOT)'
        )

    def _heredoc(self, match: re.Match[str]) -> Span:
        marker = match.group("marker")
        closing = re.compile(rf"^[^\S\n]*{re.escape(marker)}[^\S\n]*$", re.MULTILINE)
        found = closing.search(self.text, match.end())
        if found is None:
            message = f"this heredoc is never closed by a line with {marker} alone"
            raise self.error(message, match.start())
        unindent = match.group().startswith("<<-")
        return Span(match.end(), found.start(), heredoc=True, unindent=unindent)

    def _after_marker(self, span: Span, marker: str) -> int:
        return self.text.index(marker, span.end) + len(marker)

    def insertions(self, span: Span) -> list[tuple[int, Masked]]:
        """The ``${ }`` and ``%{ }`` of a template: where each begins, and the code within."""
        pattern = _INSERT if span.heredoc else _QUOTED
        result: list[tuple[int, Masked]] = []
        position = span.begin
        while (match := pattern.search(self.text, position, span.end)) is not None:
            position = match.end()
            if match.lastgroup == "insert":
                masked = self.code(position, inside=True)
                result.append((match.start(), masked))
                position = masked.end + 1
        return result
