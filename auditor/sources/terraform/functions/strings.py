"""String functions, but for those that format and those of regular expressions."""

from __future__ import annotations

from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.graphemes import graphemes
from auditor.sources.terraform.functions.patterns import decided, substitute
from auditor.sources.terraform.functions.signature import over_values
from auditor.sources.terraform.values import CallSite

_MOST_SPACES = 10_000
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@over_values
def chomp(str_: str) -> str:
    return str_.rstrip("\r\n")


@over_values
def endswith(str_: str, suffix: str) -> bool:
    return str_.endswith(suffix)


@over_values
def startswith(str_: str, prefix: str) -> bool:
    return str_.startswith(prefix)


@over_values
def strcontains(str_: str, substr_: str) -> bool:
    return substr_ in str_


@over_values
def indent(spaces: int, str_: str) -> str:
    if spaces < 0:
        raise InputError("the number of spaces must not be negative")
    if spaces > _MOST_SPACES:
        raise InputError(f"more than {_MOST_SPACES} spaces are not written here")
    return str_.replace("\n", "\n" + " " * spaces)


@over_values
def join(separator: str, *lists: tuple[str, ...]) -> str:
    if not lists:
        raise InputError("at least one list is required")
    for items in lists:
        if None in items:
            raise InputError(f"element {items.index(None)} is null; cannot concatenate null values")
    return separator.join(item for items in lists for item in items)


@over_values
def split(separator: str, str_: str) -> tuple[str, ...]:
    if not separator:
        return tuple(str_)
    return tuple(str_.split(separator))


@over_values
def lower(str_: str) -> str:
    return "".join(character.lower()[0] for character in str_)


@over_values
def upper(str_: str) -> str:
    return "".join(_one_for_one(character, character.upper()) for character in str_)


def _one_for_one(before: str, after: str) -> str:
    return after if len(after) == 1 else before


@over_values
def title(str_: str) -> str:
    result, inside = [], False
    for character in str_:
        result.append(character if inside else _one_for_one(character, character.title()))
        inside = (
            character == "_" or character.isalnum() or (not character.isascii() and not character.isspace())
        )
    return "".join(result)


@over_values
def replace(site: CallSite, str_: str, substr_: str, replace_: str) -> Any:
    if len(substr_) > 1 and substr_.startswith("/") and substr_.endswith("/"):
        given = (str_, substr_, replace_)
        return decided(site, given, "string", lambda: substitute(substr_[1:-1], replace_, str_))
    return str_.replace(substr_, replace_)


@over_values
def strrev(str_: str) -> str:
    return "".join(reversed(graphemes(str_)))


@over_values
def substr(str_: str, offset: int, length: int) -> str:
    clusters = graphemes(str_)
    start = offset if offset >= 0 else max(offset + len(clusters), 0)
    end = len(clusters) if length < 0 else start + length
    return "".join(clusters[start:end])


@over_values
def trim(str_: str, cutset: str) -> str:
    return str_.strip(cutset) if cutset else str_


@over_values
def trimprefix(str_: str, prefix: str) -> str:
    return str_.removeprefix(prefix)


@over_values
def trimsuffix(str_: str, suffix: str) -> str:
    return str_.removesuffix(suffix)


@over_values
def trimspace(str_: str) -> str:
    return str_.strip(_SPACE)
