"""The exceptions that a user can meet, and hints. Each says what is wrong, where, and what would mend it."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet


class NetauditError(Exception):
    """A problem told to the user in one message.

    ``at`` is the place as ``path:line:column`` (or a path alone), ``hint`` what would mend it.
    """

    def __init__(self, message: str, *, at: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class InputError(NetauditError):
    """The input cannot be read, or says something that cannot be."""


class UsageError(NetauditError):
    """The question or its options do not fit the input."""


class RuleError(NetauditError):
    """A rule file or the configuration is wrong."""


def nearest(word: str, known: Collection[str]) -> str:
    """A hint at what was meant; empty where no known word is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, _ordered(known), n=1)
    return f"did you mean {near[0]}?" if near else ""


def one_of(word: str, known: Collection[str]) -> str:
    """A hint at what was meant: the nearest of the known words, or else all of them."""
    return nearest(word, known) or f"one of {', '.join(_ordered(known))}"


def _ordered(known: Collection[str]) -> list[str]:
    return sorted(known) if isinstance(known, AbstractSet) else list(known)
