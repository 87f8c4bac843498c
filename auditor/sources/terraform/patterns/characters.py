"""Classes of characters: their names, what case folds together, and membership."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from auditor.sources.terraform.patterns.tree import Chars, Ranges

LAST = 0x10FFFF


def _spans(*texts: str) -> Ranges:
    return tuple((ord(text[0]), ord(text[-1])) for text in texts)


DIGIT = _spans("09")
WORD = _spans("09", "AZ", "__", "az")
SPACE = _spans("\t\n", "\f\r", "  ")
NAMED: dict[str, Ranges] = {
    "alnum": _spans("09", "AZ", "az"),
    "alpha": _spans("AZ", "az"),
    "ascii": _spans("\x00\x7f"),
    "blank": _spans("\t\t", "  "),
    "cntrl": _spans("\x00\x1f", "\x7f\x7f"),
    "digit": DIGIT,
    "graph": _spans("!~"),
    "lower": _spans("az"),
    "print": _spans(" ~"),
    "punct": _spans("!/", ":@", "[`", "{~"),
    "space": _spans("\t\r", "  "),
    "upper": _spans("AZ"),
    "word": WORD,
    "xdigit": _spans("09", "AF", "af"),
}
LETTERS: dict[str, Ranges] = {"d": DIGIT, "w": WORD, "s": SPACE}
_MINORS = {"C": "cfos", "L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "S": "ckmo", "Z": "lps"}
CATEGORIES = frozenset({major + minor for major, minors in _MINORS.items() for minor in ("", *minors)})
_ASCII_TWINS = {"k": "\u212a", "s": "\u017f"}


def complement(ranges: Ranges) -> Ranges:
    """All characters that are in none of the ranges."""
    result, upcoming = [], 0
    for first, last in sorted(ranges):
        if first > upcoming:
            result.append((upcoming, first - 1))
        upcoming = max(upcoming, last + 1)
    if upcoming <= LAST:
        result.append((upcoming, LAST))
    return tuple(result)


def of_any_case(ranges: Ranges) -> Ranges:
    """The ranges, which are in ASCII, with what differs from their characters by case alone."""
    letters = [chr(code) for first, last in ranges for code in range(first, last + 1)]
    return tuple((ord(each), ord(each)) for letter in letters for each in alike(letter))


def alike(character: str) -> tuple[str, ...]:
    """The character and all that differ from it by case alone (Unicode's simple case folding)."""
    if character.isascii():
        if not character.isalpha():
            return (character,)
        twin = _ASCII_TWINS.get(character.lower())
        return (character, character.swapcase(), *([twin] if twin else []))
    return _foldings().get(_folded(character), (character,))


def _folded(character: str) -> str:
    for text in (character.casefold(), character.lower()):
        if len(text) == 1:
            return text
    return character


@cache
def _foldings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in range(0x1F000):
        character = chr(code)
        if character.isalpha() or character.lower() != character or character.casefold() != character:
            found.setdefault(_folded(character), []).append(character)
    return {key: tuple(alike) for key, alike in found.items() if len(alike) > 1}


def belongs(chars: Chars) -> Callable[[str], bool]:
    """A function that says whether a character is one of a class, and remembers its answers."""
    known: dict[str, bool] = {}

    def ask(character: str) -> bool:
        answer = known.get(character)
        if answer is None:
            answer = known[character] = _is_in(chars, character)
        return answer

    return ask


def _is_in(chars: Chars, character: str) -> bool:
    candidates = alike(character) if chars.fold else (character,)
    inside = any(first <= ord(each) <= last for each in candidates for first, last in chars.ranges)
    return (inside or _has_category(chars, candidates)) is not chars.negated


def _has_category(chars: Chars, candidates: tuple[str, ...]) -> bool:
    if not chars.categories:
        return False
    found = {unicodedata.category(candidate) for candidate in candidates} - {"Cn"}
    return any(
        any(each.startswith(name) for each in found) is not negated for name, negated in chars.categories
    )
