"""Statements as sentences: ``only app reaches postgres on 5432``.

The words between names are few, and a name that has one of them or a blank in it is put in quotes; so every
sentence has one meaning or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditor.frozen import dataclass
from auditor.rules.policy.statement import Kind
from auditor.traffic import parse_cidr

FORMS = (
    "only A reaches B [on PORT]",
    "A never reaches B [on PORT] [except C]",
    "nothing reaches B [on PORT] [except C]",
    "every way from A to B goes through C",
    "A must reach B on PORT",
    "must stay reachable: A -> B:PORT",
    "A may reach B [on PORT]",
)

_WORDS = re.compile(r'"([^"]*)"|\'([^\']*)\'|(->|→|⟶)|(,)|([^\s,"\']+(?:,\d+(?:-\d+)?(?![^\s,]))*)')
_PORT = re.compile(r"(?P<name>.+):(?P<port>\d{1,5}(?:-\d{1,5})?|(?:tcp|udp)/[\d,-]+|icmp|icmpv6)$")
_VERBS = frozenset({"reach", "reaches"})
_KEYWORDS = _VERBS | frozenset(
    {"only", "never", "must", "may", "nothing", "every", "except", "on", "through", "goes", "go", "via"}
)
_PREFIX = re.compile(r"(?:must\s+stay\s+reachable|stays?\s+reachable)\s*:\s*(?P<rest>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sentence says, all names as they are written."""

    kind: Kind
    sources: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    traffic: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    quoted: bool = False

    @property
    def key(self) -> str:
        return "" if self.quoted else self.text.lower()


def parse_sentence(text: str) -> Said:
    """What a sentence says.

    Raises:
        ValueError: it has none of the forms.
    """
    if found := _PREFIX.match(text.strip()):
        return _arrow(_words(found["rest"]))
    words = _words(text)
    keys = [word.key for word in words]
    if keys[:1] == ["only"]:
        return _only(words[1:])
    if keys[:1] == ["every"]:
        return _every(words[1:])
    if keys[:2] == ["nothing", "reaches"]:
        return _reaching(Kind.DENY, [_Word("anywhere")], words[2:])
    if "->" in keys:
        return _arrow(_without_ending(words))
    return _verb(words)


def is_prefix(key: str) -> bool:
    """Whether a key of YAML's is the beginning of a sentence."""
    return _PREFIX.match(f"{key}: x") is not None


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for match in _WORDS.finditer(text):
        double, single, arrow, comma, plain = match.groups()
        if double is not None or single is not None:
            found.append(_Word(double if double is not None else single, quoted=True))
        else:
            found.append(_Word("->" if arrow else comma or plain))
    return found


def _without_ending(words: list[_Word]) -> list[_Word]:
    """``A -> B must stay reachable``."""
    ending = ["must", "stay", "reachable"]
    return words[:-3] if [word.key for word in words[-3:]] == ending else words


def _only(words: list[_Word]) -> Said:
    before, after = _split(words, _VERBS, "`reaches` after who alone does")
    if before[-1:] and before[-1].key in {"may", "can"}:
        before = before[:-1]
    return _reaching(Kind.ONLY, before, after)


def _verb(words: list[_Word]) -> Said:
    before, after = _split(words, _VERBS, "a verb: `never reaches`, `must reach`, `may reach`")
    if not before or before[-1].key not in {"never", "must", "may"}:
        raise ValueError("before `reach` stands `never`, `must` or `may`")
    kind = {"never": Kind.DENY, "must": Kind.REQUIRE, "may": Kind.ALLOW}[before[-1].key]
    return _reaching(kind, before[:-1], after)


def _every(words: list[_Word]) -> Said:
    if not words or words[0].key not in {"way", "path"}:
        raise ValueError("after `every` stands `way`")
    before, after = _split(words[1:], {"goes", "go"}, "`goes through`")
    if not after or after[0].key not in {"through", "via"}:
        raise ValueError("after `goes` stands `through`")
    sources, destinations = [_Word("everything")], before
    if before and before[0].key == "from":
        sources, destinations = _split(before[1:], {"to"}, "`to` after where the ways come from")
    elif before and before[0].key == "to":
        destinations = before[1:]
    parts = _parts(after[1:], ("on", "except"))
    return Said(
        kind=Kind.ONLY,
        sources=_names(sources, "where the ways come from"),
        destinations=_names(destinations, "where the ways lead to"),
        through=_names(parts[""], "what they go through"),
        traffic=_traffic(parts.get("on")),
        exempt=_names(parts["except"], "what is excepted") if "except" in parts else (),
    )


def _reaching(kind: Kind, sources: list[_Word], rest: list[_Word]) -> Said:
    parts = _parts(rest, ("on", "through", "except"))
    return Said(
        kind=kind,
        sources=_names(sources, "who reaches it"),
        destinations=_names(parts[""], "what is reached"),
        traffic=_traffic(parts.get("on")),
        through=_names(parts["through"], "what is gone through") if "through" in parts else (),
        exempt=_names(parts["except"], "what is excepted") if "except" in parts else (),
    )


def _arrow(words: list[_Word]) -> Said:
    before, after = _split(words, {"->"}, "`A -> B:PORT`")
    parts = _parts(after, ("on", "through"))
    traffic = list(_traffic(parts.get("on")))
    destinations = []
    for word in parts[""]:
        name, port = (word.text, "") if word.quoted else _with_port(word.text)
        destinations.append(_Word(name, word.quoted))
        traffic += [port] if port else []
    return Said(
        kind=Kind.REQUIRE,
        sources=_names(before, "who reaches it"),
        destinations=_names(destinations, "what is reached"),
        traffic=tuple(dict.fromkeys(traffic)),
        through=_names(parts["through"], "what is gone through") if "through" in parts else (),
    )


def _with_port(text: str) -> tuple[str, str]:
    """A name and the port behind its last colon; an address of IPv6 has none."""
    found = _PORT.match(text)
    if found is None or found["name"] in {"tier", "tag", "kind", "name", "subnet", "vpc", "service"}:
        return text, ""
    try:
        parse_cidr(text)
    except ValueError:
        return found["name"], found["port"]
    return text, ""


def _split(words: list[_Word], at: frozenset[str] | set[str], what: str) -> tuple[list[_Word], list[_Word]]:
    for index, word in enumerate(words):
        if word.key in at:
            return words[:index], words[index + 1 :]
    raise ValueError(f"{what} is missing")


def _parts(words: list[_Word], keys: tuple[str, ...]) -> Mapping[str, list[_Word]]:
    """The words before the first key, below ``""``, and those behind each key."""
    found: dict[str, list[_Word]] = {"": []}
    current = ""
    for word in words:
        if word.key in keys:
            current = word.key
            if current in found:
                raise ValueError(f"`{current}` stands there twice")
            found[current] = []
        else:
            found[current].append(word)
    return found


def _traffic(words: list[_Word] | None) -> tuple[str, ...]:
    if words is None:
        return ()
    return _names(words, "which port")


def _names(words: list[_Word], what: str) -> tuple[str, ...]:
    """The names that stand side by side: with commas or ``and`` between, ``the`` before."""
    found: list[str] = []
    for group in _listed(words):
        if not group:
            raise ValueError(f"{what}: a name is missing")
        if len(group) > 1:
            text = " ".join(word.text for word in group)
            raise ValueError(f"{what}: {text!r} is no name; put a name with blanks in quotes")
        if group[0].key in _KEYWORDS:
            raise ValueError(
                f"{what}: `{group[0].text}` stands where a name belongs; put it in quotes if it is one"
            )
        found.append(group[0].text)
    return tuple(found)


def _listed(words: list[_Word]) -> Iterator[list[_Word]]:
    group: list[_Word] = []
    for word in words:
        if word.key in {",", "and"}:
            if group or word.key == ",":
                yield group
            group = []
        elif word.key != "the":
            group.append(word)
    yield group
