"""What a reader sees as one character: Unicode's grapheme clusters (UAX #29), in their main cases."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def graphemes(text: str) -> list[str]:
    """The text's clusters: a base with its marks, a line end, a flag, an emoji and what is joined to it."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _continues(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if last in "\r\n" or character in "\r\n":
        return cluster == "\r" and character == "\n"
    if character == _JOINER or ord(character) in _SKIN_TONES:
        return True
    if last == _JOINER:
        return unicodedata.category(character) == "So"
    if ord(character) in _FLAGS:
        return len(cluster) == 1 and ord(last) in _FLAGS
    return unicodedata.category(character) in {"Mn", "Me", "Mc"}
