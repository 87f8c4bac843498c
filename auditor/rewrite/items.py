"""Elements of lists that go, while the others keep their lines and their comments."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auditor.rewrite.edits import Edit
from auditor.rewrite.hcl import Attribute, HclFile, Span


def without(file: HclFile, attribute: Attribute, gone: Collection[Span]) -> Iterator[Edit]:
    """The edits that take elements out of a list; with the last of them the whole attribute goes."""
    items = attribute.items or ()
    if len(gone) == len(items):
        yield without_attribute(file, attribute)
        return
    kept = [number for number, span in enumerate(items) if span not in gone]
    for number, span in enumerate(items):
        if span not in gone:
            continue
        line = _line(file.text, span)
        if line is not None:
            yield Edit(file.path, line.begin, line.end, "")
        elif number > kept[0]:
            yield Edit(file.path, items[number - 1].end, span.end, "")
        else:
            yield Edit(file.path, span.begin, items[number + 1].begin, "")


def without_attribute(file: HclFile, attribute: Attribute) -> Edit:
    """Without the lines of the attribute."""
    span = attribute.span
    begin = file.text.rfind("\n", 0, span.begin) + 1
    end = file.text.find("\n", span.end)
    return Edit(file.path, begin, len(file.text) if end < 0 else end + 1, "")


def _line(text: str, span: Span) -> Span | None:
    """The line of an element, with its comma and its comment, where nothing else stands on it."""
    begin = text.rfind("\n", 0, span.begin) + 1
    found = text.find("\n", span.end)
    end = len(text) if found < 0 else found + 1
    behind = text[span.end : end].strip().removeprefix(",").lstrip()
    if text[begin : span.begin].strip() or (behind and not behind.startswith(("#", "//"))):
        return None
    return Span(begin, end)
