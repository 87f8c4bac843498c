"""Functions of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_values
from auditor.sources.terraform.patterns import Pattern, Undecided, compiled
from auditor.sources.terraform.values import CallSite, unknown_call
from auditor.tree import Reason, Scalar, Unknown

_REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+)|\$)")


def decided(site: CallSite, arguments: tuple[str, ...], type_: str, work: Callable[[], Any]) -> Any:
    """What ``work`` gives; an unknown where it finds that a pattern cannot be decided here."""
    try:
        return work()
    except Undecided as why:
        call = unknown_call(site, tuple(Scalar(argument, site.at) for argument in arguments), type_)
        reason = Reason(f"{site.name}()", site.at, f"a plan or a simpler pattern: {why}")
        return Unknown((reason,), site.at, identity=call.identity, type=type_)


def substitute(pattern: str, replacement: str, text: str) -> str:
    """The text with all matches replaced; ``$1``, ``$name`` and ``${name}`` stand for groups."""
    found = compiled(pattern)
    result, position = [], 0
    for places in found.matches(text):
        result += [text[position : places[0]], _expand(found, places, text, replacement)]
        position = places[1]
    return "".join((*result, text[position:]))


def _expand(pattern: Pattern, places: tuple[int, ...], text: str, template: str) -> str:
    def group(reference: re.Match[str]) -> str:
        name = reference.group(1) or reference.group(2)
        if name is None:
            return "$"
        if name.isdecimal() and name.isascii():
            return _text_of(places, int(name), text) or ""
        numbers = [number for number, own in enumerate(pattern.names, 1) if own == name]
        return next(filter(None, (_text_of(places, number, text) for number in numbers)), "")

    return _REFERENCE.sub(group, template)


def _text_of(places: tuple[int, ...], number: int, text: str) -> str | None:
    if not 0 <= 2 * number < len(places) or places[2 * number] < 0:
        return None
    return text[places[2 * number] : places[2 * number + 1]]


def _captured(pattern: Pattern, places: tuple[int, ...], text: str) -> Any:
    if not pattern.names:
        return text[places[0] : places[1]]
    groups = [_text_of(places, number, text) for number in range(1, len(pattern.names) + 1)]
    return dict(zip(pattern.names, groups, strict=True)) if pattern.names[0] else tuple(groups)


def _compiled(pattern: str) -> Pattern:
    found = compiled(pattern)
    if len({bool(name) for name in found.names}) > 1:
        raise InputError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return found


@over_values
def regex(site: CallSite, pattern: str, string: str) -> Any:
    """The first match: its text, the tuple of its groups, or the object of its named groups."""

    def work() -> Any:
        found = _compiled(pattern)
        places = next(found.matches(string), None)
        if places is None:
            raise InputError("pattern did not match any part of the given string")
        return _captured(found, places, string)

    return decided(site, (pattern, string), "", work)


@over_values
def regexall(site: CallSite, pattern: str, string: str) -> Any:
    """All matches that do not overlap."""

    def work() -> Any:
        found = _compiled(pattern)
        return tuple(_captured(found, places, string) for places in found.matches(string))

    return decided(site, (pattern, string), "", work)
