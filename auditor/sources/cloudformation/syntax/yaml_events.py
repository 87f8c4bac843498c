"""PyYAML's parser: its events, the places of its marks, and its errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auditor.errors import InputError
from auditor.sources.places import line_begins, text_locator
from auditor.sources.twin import Place
from auditor.tree import Location

if TYPE_CHECKING:
    import yaml

Event = Any  # PyYAML declares what its events have one kind at a time, and a mark that may be none
Mark = Any
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")  # YAML ends lines at these, and editors do not
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def events(text: str) -> Callable[[], Event]:
    """What gives the next event at each call, from libyaml where PyYAML was built with it."""
    import yaml

    get_event: Callable[[], Event]
    if hasattr(yaml, "CSafeLoader"):
        get_event = yaml.CSafeLoader(text).get_event
        return get_event
    get_event = yaml.SafeLoader(text).get_event

    def event() -> Event:
        try:
            return get_event()  # type: ignore[no-untyped-call]
        except (ValueError, OverflowError):  # escapes and versions of numbers that nobody has
            raise yaml.YAMLError from None

    return event


def placer(text: str, path: str) -> Callable[[Mark], Location]:
    """What gives the place of a mark in a text, in the lines that an editor shows."""
    if not _OTHER_BREAKS.search(text):
        return lambda mark: Place(path, mark.line + 1, mark.column + 1)
    locate = text_locator(line_begins(text), path)
    return lambda mark: locate(mark.index)


def not_yaml(error: yaml.MarkedYAMLError, text: str, path: str) -> InputError:
    """The error for a text that is not YAML."""
    mark = error.problem_mark or error.context_mark
    at = placer(text, path)(mark) if mark else Location(path)
    line = text.split("\n", at.line)[at.line - 1] if mark and at.line <= text.count("\n") + 1 else ""
    indented_by_tab = "\t" in line[: len(line) - len(line.lstrip())]
    hint = "YAML is indented by spaces, not by tabs" if indented_by_tab else ""
    parts = [part for part in (error.problem, error.context) if part]
    return InputError(f"not valid YAML: {' '.join(parts)}", at=str(at), hint=hint)


def not_text(text: str, path: str) -> InputError:
    """The error for a text with a character that YAML does not have."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return InputError("not valid YAML", at=path)
    at = text_locator(line_begins(text), path)(found.start())
    message = f"the character U+{ord(found[0]):04X} may not stand in YAML"
    hint = "is the file UTF-16 without a mark? Save it as UTF-8" if found[0] == "\0" else ""
    return InputError(
        message, at=str(at), hint=hint or "remove it, or write it as an escape in double quotes"
    )
