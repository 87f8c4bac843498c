"""What a suppression says: the rules, a reason, until when, and who answers for it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from auditor.errors import one_of
from auditor.frozen import dataclass
from auditor.suppression import Invalid, Suppression
from auditor.tree import Location

MARK = "netaudit:ignore"
FORM = f'write # {MARK} RULE reason="…" until=2027-01-31 owner=NAME'

# Whether a run puts such a question is said on its command line: another run's is no mistake.
_ASKED = "access-scope/"

_WORD = re.compile(r"""\s*(?:(?P<name>[a-z]+)=(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))|(?P<other>\S+))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The parts as texts; empty where they are not given."""

    rules: tuple[str, ...]
    reason: str = ""
    until: str = ""
    owner: str = ""
    unknown: tuple[str, ...] = ()


def parsed_words(text: str) -> Words:
    """The words behind the mark of a comment: ``rule,rule reason="…" until=… owner=…``."""
    rules: list[str] = []
    named: dict[str, str] = {}
    unknown: list[str] = []
    for found in _WORD.finditer(text):
        if found["other"]:
            rules += [one for one in found["other"].split(",") if one]
        elif found["name"] in {"reason", "until", "owner"}:
            named[found["name"]] = found["plain"] if found["quoted"] is None else found["quoted"]
        else:
            unknown.append(found["name"])
    return Words(
        rules=tuple(rules),
        reason=named.get("reason", "").strip(),
        until=named.get("until", ""),
        owner=named.get("owner", ""),
        unknown=tuple(unknown),
    )


def suppression(
    words: Words, at: Location, lines: range | None, known: Collection[str], component: str = ""
) -> Suppression | Invalid:
    """The suppression that the words are, of the rules that are ``known``."""
    why = _wrong(words, known)
    if why:
        return Invalid(at=at, why=why[0], fix=why[1])
    return Suppression(
        rules=words.rules,
        at=at,
        reason=words.reason,
        until=date.fromisoformat(words.until) if words.until else None,
        owner=words.owner,
        lines=lines,
        component=component,
    )


def _wrong(words: Words, known: Collection[str]) -> tuple[str, str] | None:
    if words.unknown:
        return f"{words.unknown[0]} is nothing that it can say", FORM
    if not words.rules:
        return "it names no rule", FORM
    for rule in words.rules:
        if rule not in known and not rule.startswith(_ASKED):
            return f"no rule is called {rule}", one_of(rule, known)
    if not words.reason:
        return "it gives no reason", FORM
    if words.until and not _is_date(words.until):
        return f"{words.until} is no date", "write until=2027-01-31"
    return None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
