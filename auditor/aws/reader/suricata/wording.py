"""The options of a rule, as they are written."""

from __future__ import annotations

import re

from auditor.frozen import dataclass

_OPTION = re.compile(r"\s*((?:[^;\\]|\\.)*);", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BYTES = re.compile(r"\|([0-9A-Fa-f\s]*)\|")


@dataclass(frozen=True, slots=True)
class Option:
    """A keyword and what stands after its colon, both without white space around them."""

    keyword: str
    value: str = ""


def options_of(text: str) -> tuple[Option, ...] | None:
    """The options in the text between a rule's brackets; None where one of them is not ended by ``;``."""
    found: list[Option] = []
    end = 0
    for match in _OPTION.finditer(text):
        if match.start() != end:
            return None
        end = match.end()
        if match[1].strip():
            found.append(option_of(match[1]))
    return None if text[end:].strip() else tuple(found)


def option_of(text: str) -> Option:
    """One option."""
    keyword, _, value = text.partition(":")
    return Option(keyword.strip(), value.strip())


@dataclass(frozen=True, slots=True)
class Content:
    """What a ``content`` looks for, None where that is no text; ``negated`` where it must not be there."""

    text: str | None
    negated: bool


def content_of(value: str) -> Content:
    """The value of ``content``: https://docs.suricata.io/en/suricata-7.0.8/rules/payload-keywords.html."""
    negated = value.startswith("!")
    quoted = value.removeprefix("!").strip()
    body = _ESCAPED.sub(r"\1", quoted[1:-1] if len(quoted) > 1 and quoted[0] == quoted[-1] == '"' else quoted)
    if "|" not in body:
        return Content(body, negated)
    try:
        text = _BYTES.sub(lambda found: bytes.fromhex(found[1]).decode("ascii"), body)
    except ValueError:
        return Content(None, negated)
    return Content(None if "|" in text else text, negated)
