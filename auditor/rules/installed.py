"""Rules that installed packages bring, for what no rule file can say: the entry points ``netaudit.rules``.

https://packaging.python.org/en/latest/specifications/entry-points/
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import RuleError
from auditor.rules.definition import RuleDefinition

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "netaudit.rules"


def installed_rules() -> tuple[RuleDefinition, ...]:
    """The rules of all entry points, by id. Each names a rule, several, or a function that gives them.

    Raises RuleError where one cannot be loaded, or gives anything else.
    """
    found: list[RuleDefinition] = []
    _note_packages()
    for entry in _entries():
        # What a package does may differ from run to run, and no look at the disk tells.
        disk.unrepeatable(f"{entry.value} gives rules")
        try:
            given: object = entry.load()
            found += _rules(given() if callable(given) else given)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise RuleError(
                f"the entry point {entry.name!r} gives no rules: {told}", at=entry.value
            ) from error
    return tuple(sorted(found, key=lambda rule: rule.id))


@cache
def _entries() -> tuple[EntryPoint, ...]:
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))


def _note_packages() -> None:
    """Look at what is installed, so that an answer from before a package came is not given after."""
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")) and disk.kind(folder) is disk.Kind.FOLDER:
            disk.entries(folder)


def _rules(given: object) -> tuple[RuleDefinition, ...]:
    several = (given,) if isinstance(given, RuleDefinition) else given
    if not isinstance(several, Iterable):
        raise TypeError(f"expected rules, not {type(given).__name__}")
    rules = tuple(several)
    wrong = [each for each in rules if not isinstance(each, RuleDefinition)]
    if wrong:
        raise TypeError(f"expected rules, not {type(wrong[0]).__name__}")
    return rules


def with_installed(rules: tuple[RuleDefinition, ...]) -> tuple[RuleDefinition, ...]:
    """The rules and those of packages. Raises RuleError where one id is that of two."""
    places = {rule.id: rule.at for rule in rules}
    for rule in (added := installed_rules()):
        if rule.id in places:
            raise RuleError(
                f"the rule {rule.id} is defined twice", at=rule.at, hint=f"the other is in {places[rule.id]}"
            )
        places[rule.id] = rule.at
    return (*rules, *added)
