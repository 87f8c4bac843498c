"""What ``netaudit.yaml`` says of ``check``: its rules, what is answered for, and the baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field

from auditor.errors import one_of
from auditor.frozen import dataclass
from auditor.sources.document import Document, Keys
from auditor.sources.suppressing.words import Words
from auditor.tree import Location

RULES = ("folders", "only", "skip", "severity")
IGNORED = ("rule", "rules", "component", "reason", "until", "owner")
SEVERITIES = ("info", "low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """One entry of ``ignore``: what it says, of which component, and where it stands."""

    words: Words
    component: str
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """The settings of ``check``. ``folders`` hold more rules; ``severities`` are those of single rules.

    ``places`` are where the names of rules stand, for the errors about them.
    """

    folders: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[Ignored, ...] = ()
    baseline: str | None = None
    places: Mapping[str, Location] = field(default_factory=dict)


def checking(document: Document, folder: str) -> Checking:
    """The settings in a configuration file; ``folder`` is what its paths are relative to.

    Raises RuleError where something is of another kind than it must be.
    """
    document.mapping(("rules",), f"settings: {', '.join(RULES)}", RULES)
    severities = document.texts(("rules", "severity"))
    for rule, severity in severities.items():
        if severity not in SEVERITIES:
            keys = ("rules", "severity", rule)
            raise document.error(f"{severity!r} is no severity", keys, one_of(severity, SEVERITIES))
    only, skip = _texts(document, ("rules", "only")), _texts(document, ("rules", "skip"))
    baseline = document.text(("baseline",), "a file")
    places = {rule: document.place(("rules", "severity", rule)) for rule in severities}
    places |= {rule: document.place(("rules", "only")) for rule in only}
    places |= {rule: document.place(("rules", "skip")) for rule in skip}
    return Checking(
        folders=tuple(_in(folder, each) for each in _texts(document, ("rules", "folders"))),
        only=only,
        skip=skip,
        severities=severities,
        ignored=_ignored(document),
        baseline=None if baseline is None else _in(folder, baseline),
        places=places,
    )


def _in(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder and not path.startswith("/") else path


def _texts(document: Document, keys: Keys) -> tuple[str, ...]:
    given = document.value(keys)
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise document.error(f"{keys[-1]}: expected a list of texts", keys)
    return tuple(given)


def _ignored(document: Document) -> tuple[Ignored, ...]:
    given = document.value(("ignore",))
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise document.error("ignore: expected a list of entries", ("ignore",), "- rule: …, with a reason")
    return tuple(_entry(document, entry, number) for number, entry in enumerate(given))


def _entry(document: Document, entry: Mapping[object, object], number: int) -> Ignored:
    keys = ("ignore", str(number))
    for key in entry:
        if key not in IGNORED:
            raise document.error(f"unknown setting {key!r}", keys, one_of(str(key), IGNORED))
    rules = entry.get("rules", entry.get("rule"))
    names = rules if isinstance(rules, list) else [rules] if rules is not None else []
    component = entry.get("component")
    if not isinstance(component, str) or not component:
        hint = 'component: module.vendor.aws_security_group.this["a"], or with * for any'
        raise document.error("component is missing: what of the network it speaks of", keys, hint)
    reason, until, owner = (str(entry.get(key) or "").strip() for key in ("reason", "until", "owner"))
    words = Words(rules=tuple(str(name) for name in names), reason=reason, until=until, owner=owner)
    return Ignored(words=words, component=component, at=document.place(keys))


def unknown_rule(given: Checking, known: Collection[str]) -> tuple[str, Location] | None:
    """A rule that the settings name and nobody knows, and where."""
    return next(((rule, at) for rule, at in given.places.items() if rule not in known), None)
