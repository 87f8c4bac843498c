"""The exceptions that a user can meet. Each says what is wrong, where, and what would mend it."""

from __future__ import annotations


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
