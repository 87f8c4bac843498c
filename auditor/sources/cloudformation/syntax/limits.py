"""How large a template may be before it is refused, and what is told of it.

CloudFormation takes a template of at most 1 MB, https://docs.aws.amazon.com/AWSCloudFormation/latest/
UserGuide/cloudformation-limits.html, which is 100,000 keys and values where it is written as densely as
people and programs write. Larger texts are templates before their comments and aliases are resolved.
"""

from __future__ import annotations

from auditor.errors import InputError
from auditor.tree import Gap, GapKind, Location

SIZE_LIMIT = 16_000_000  # bytes
NODE_LIMIT = 500_000  # keys and values, those behind an alias counted at each use
DEPTH_LIMIT = 100
DEEP = "move what lies that deep into a template or a document of its own"
_NOTES_LIMIT = 20
_SHOWN = 60


class Notes:
    """What is wrong in a text that is read all the same; of many, the first and the number of the others."""

    def __init__(self) -> None:
        self._gaps: list[Gap] = []
        self._more = 0

    def add(self, what: str, at: Location, why: str, hint: str = "") -> None:
        """Note that something is not valid, and what is made of it."""
        if len(self._gaps) < _NOTES_LIMIT:
            self._gaps.append(Gap(GapKind.INVALID, what, at, why, hint))
        else:
            self._more += 1

    def gaps(self) -> tuple[Gap, ...]:
        """All that was noted, in the order of the text."""
        if not self._more:
            return tuple(self._gaps)
        last = self._gaps[-1]
        why = f"{last.why}; {self._more} more places in this file are not valid"
        return (*self._gaps[:-1], Gap(last.kind, last.what, last.at, why, last.settled_by))


def too_many(at: Location) -> InputError:
    """The error for a text of more than ``NODE_LIMIT`` values, once its aliases are expanded."""
    message = f"more than {NODE_LIMIT:,} keys and values, those behind YAML aliases counted at each use"
    return InputError(message, at=str(at), hint="CloudFormation takes templates of at most 1 MB")


def shown(text: str) -> str:
    """A piece of a text as a message shows it: quoted, and of a long one its begin."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
