"""The layout of ``terraform fmt``: equals signs and comments of neighbouring lines stand below each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.frozen import dataclass
from auditor.rewrite.hcl import Attribute, Body, HclFile, Span, parsed


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is an attribute: its name, its value, and the comment behind it.

    Of an element of a list the name is empty.
    """

    begin: int
    end: int
    name: str
    value: str
    comment: str


def aligned(path: str, text: str, offsets: Sequence[int]) -> str:
    """The text, with the runs of attributes and of elements that stand around the offsets aligned.

    https://developer.hashicorp.com/terraform/language/style#code-formatting
    """
    file = parsed(path, text)
    bodies = {_innermost(file, offset) for offset in offsets}
    runs = (run for body in bodies for run in (*_runs(file, body), *_elements(file, body)))
    for line_run in sorted(runs, reverse=True, key=_begin):
        if any(line_run[0].begin - 1 <= offset <= line_run[-1].end + 1 for offset in offsets):
            text = text[: line_run[0].begin] + _written(line_run, text) + text[line_run[-1].end :]
    return text


def _begin(run: Sequence[_Line]) -> int:
    return run[0].begin


def _innermost(file: HclFile, offset: int) -> Body:
    blocks = file.blocks_at(offset)
    return blocks[-1].body if blocks else file.body


def _runs(file: HclFile, body: Body) -> Iterator[list[_Line]]:
    """Attributes of one line each, on lines that follow each other."""
    run: list[_Line] = []
    for attribute in body.attributes:
        line = _line(file.text, attribute)
        if run and (line is None or file.text.count("\n", run[-1].end, attribute.span.begin) != 1):
            yield run
            run = []
        if line is not None:
            run.append(line)
    if run:
        yield run


def _elements(file: HclFile, body: Body) -> Iterator[list[_Line]]:
    """Elements of lists with a line and a comment each, on lines that follow each other."""
    for attribute in body.attributes:
        run: list[_Line] = []
        for item in attribute.items or ():
            begin, end = _around(file.text, item)
            code, mark, comment = _parted(file.text[item.end : end])
            alone = not file.text[begin : item.begin].strip() and mark
            if run and (not alone or run[-1].end + 1 != begin):
                yield run
                run = []
            if alone:
                value = file.text[item.begin : item.end] + code
                run.append(_Line(begin, end, "", value, mark + comment))
        if run:
            yield run


def _parted(text: str) -> tuple[str, str, str]:
    """What stands behind an element: its comma, the mark of its comment, and the rest of that."""
    for mark in ("#", "//"):
        before, found, behind = text.partition(mark)
        if found and before.strip() in {"", ","}:
            return before.strip(), found, behind.rstrip()
    return text, "", ""


def _around(text: str, span: Span) -> tuple[int, int]:
    """Where the line of a piece begins and ends."""
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end - (text[end - 1] == "\r")
    return text.rfind("\n", 0, span.begin) + 1, end


def _line(text: str, attribute: Attribute) -> _Line | None:
    span = attribute.span
    begin, end = _around(text, span)
    if "\n" in text[span.begin : span.end] or text[begin : span.begin].strip():
        return None
    value = text[attribute.value.begin : attribute.value.end]
    return _Line(begin, end, attribute.name, value, text[span.end : end].strip())


def _written(run: Sequence[_Line], text: str) -> str:
    wide = max(len(line.name) for line in run)
    indents = [
        text[line.begin :][: len(text[line.begin :]) - len(text[line.begin :].lstrip(" \t"))] for line in run
    ]
    rows = [
        f"{indent}{line.name:{wide}} = {line.value}" if line.name else f"{indent}{line.value}"
        for indent, line in zip(indents, run, strict=True)
    ]
    widths = _comment_columns(run, rows)
    return ("\r\n" if "\r\n" in text else "\n").join(
        f"{row:{width}} {line.comment}" if line.comment else row
        for row, line, width in zip(rows, run, widths, strict=True)
    )


def _comment_columns(run: Sequence[_Line], rows: Sequence[str]) -> list[int]:
    """For each row how wide it is filled before its comment: alike for comments on lines that follow."""
    widths: list[int] = []
    first = 0
    for number, line in enumerate(run):
        if not line.comment:
            widths.append(0)
            first = number + 1
            continue
        widths.append(0)
        widest = max(len(row) for row in rows[first : number + 1])
        widths[first:] = [widest] * (number + 1 - first)
    return widths
