"""Some rules of all."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import UsageError
from auditor.rules.definition import RuleDefinition


def some_rules(
    found: Sequence[RuleDefinition], *, only: Sequence[str] = (), skip: Sequence[str] = ()
) -> tuple[RuleDefinition, ...]:
    """``only`` some of the rules, or all but ``skip``. Raises UsageError for an id that none of them has."""
    known = [rule.id for rule in found]
    for identity in (*only, *skip):
        if identity not in known:
            from difflib import get_close_matches

            near = get_close_matches(identity, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
            raise UsageError(f"no rule is called {identity!r}", hint=hint)
    return tuple(rule for rule in found if rule.id not in skip and (not only or rule.id in only))
