"""The policy of ``netaudit.yaml``: read with everything that is wrong in it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.finding import Severity
from auditor.rules.policy.sentences import FORMS, Said, is_prefix, parse_sentence
from auditor.rules.policy.statement import Exemption, Kind, Named, Names, Policy, Statement
from auditor.rules.section import Problem, Section, composed, refusal
from auditor.traffic import Traffic, parse_traffic
from auditor.tree import Location

if TYPE_CHECKING:
    from yaml.nodes import Node

KEYS = ("names", "policy")
"""The keys of the configuration that are read here."""

NAME = r"[a-z0-9]+([._-][a-z0-9]+)*"
_HINT = "write it as tcp/443, udp/53, 8000-8100 (TCP), icmp or all"


def read_policy(path: str) -> Policy:
    """The names and the statements of a configuration.

    Raises:
        RuleError: something is wrong in them; all of it is told at once.
    """
    from yaml.nodes import MappingNode

    node = composed(path)
    problems: list[Problem] = []
    if not isinstance(node, MappingNode):
        return Policy(path=path, names={})
    section = Section(path, node, problems)
    names = _defined(section)
    statements = tuple(_statements(section))
    _told_twice(statements, problems)
    if problems:
        raise refusal(problems, path)
    return Policy(path=path, names=names, statements=statements)


def _told_twice(statements: tuple[Statement, ...], problems: list[Problem]) -> None:
    seen: dict[str, Statement] = {}
    for one in statements:
        before = seen.setdefault(one.name, one)
        if before is not one and one.name:
            hint = f"the other stands in {before.at}"
            problems.append(Problem(str(one.at), f"two statements are called {one.name}", hint))


def _defined(section: Section) -> Mapping[str, Names]:
    given = section.section("names", required=False)
    found: dict[str, Names] = {}
    if given is not None:
        for name in given.keys:
            found[name] = named(given, name)
        _no_circles(found, section.problems)
    return found


def _no_circles(names: Mapping[str, Names], problems: list[Problem]) -> None:
    for name, parts in names.items():
        seen, left = {name}, list(parts)
        while left:
            part = left.pop()
            if part.text == name:
                problems.append(Problem(str(part.at), f"{name} is defined by itself"))
                break
            if part.text not in seen:
                seen.add(part.text)
                left += names.get(part.text, ())


def named(section: Section, key: str, *, required: bool = True) -> Names:
    """The names below a key, each with its place."""
    node = section.get(key, required=required)
    if node is None:
        return ()
    found = []
    for item in _items(node):
        if not isinstance(item.value, str) or not item.value.strip():
            section.wrong(item, f"{key}: expected a name or a list of names")
            return ()
        found.append(Named(item.value.strip(), _at(section, item)))
    if not found:
        section.wrong(node, f"{key}: a name is missing")
    return tuple(found)


def _items(node: Node) -> list[Node]:
    from yaml.nodes import SequenceNode

    return list(node.value) if isinstance(node, SequenceNode) else [node]


def _at(section: Section, node: Node) -> Location:
    mark = node.start_mark
    return Location(section.path, mark.line + 1, mark.column + 1)


# -- statements ------------------------------------------------------------------------------------


def _statements(section: Section) -> Iterator[Statement]:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    node = section.get("policy", required=False)
    if node is None:
        return
    if not isinstance(node, SequenceNode):
        section.wrong(node, "policy: expected a list of statements", f"such as `- {FORMS[0]}`")
        return
    for item in node.value:
        if isinstance(item, MappingNode):
            found = _of_mapping(section, item)
        elif isinstance(item, ScalarNode):
            found = _said(section, item, item.value, None)
        else:
            section.wrong(item, "expected a statement", f"such as `- {FORMS[0]}`")
            continue
        if found is not None:
            yield found


def _of_mapping(section: Section, node: Node) -> Statement | None:
    from yaml.nodes import MappingNode

    if not isinstance(node, MappingNode):
        return None
    if len(node.value) == 1 and is_prefix(str(node.value[0][0].value)):
        key, value = node.value[0]
        return _said(section, node, f"{key.value}: {value.value}", None)
    own = Section(section.path, node, section.problems)
    kinds = [kind for kind in Kind if kind.value in own.keys]
    if "say" in own.keys and not kinds:
        found = _said(section, own.get("say") or node, own.text("say"), own)
    elif len(kinds) == 1 and "say" not in own.keys:
        found = _typed(own, kinds[0])
    else:
        own.wrong(node, "expected one of allow, deny, only, require, say", f"or a sentence: {FORMS[0]}")
        for key in (*Kind, "say", "name", "owner", "severity", "why", "fix", "optional"):
            own.get(key, required=False)
        found = None
    own.finish()
    return found


def _typed(own: Section, kind: Kind) -> Statement | None:
    inner = own.section(kind.value)
    name = own.matching("name", NAME, "a name: small words with dashes between")
    if inner is None:
        return None
    sources = named(inner, "from", required=kind in {Kind.REQUIRE, Kind.ALLOW})
    destinations = named(inner, "to", required=kind is not Kind.DENY)
    through = named(inner, "through", required=False)
    traffic = tuple(inner.texts("on", required=False))
    exemptions = tuple(_exemptions(inner))
    if not sources and not destinations and kind is Kind.DENY:
        inner.wrong(inner.node, "deny: from or to is missing")
    if kind is Kind.ONLY and not sources and not through:
        inner.wrong(inner.node, "only: from or through is missing")
    if kind is Kind.ALLOW and exemptions:
        inner.refuse("except", "an allow takes no exceptions", "write two statements")
    inner.finish()
    statement = Statement(
        name=name,
        text=_text(kind, sources, destinations, traffic, through),
        kind=kind,
        at=_at(own, own.node),
        sources=sources,
        destinations=destinations,
        asked=_traffic(inner, inner.get("on", required=False), traffic),
        through=through,
        exemptions=exemptions,
    )
    return _with_words(statement, own)


def _text(kind: Kind, sources: Names, destinations: Names, traffic: tuple[str, ...], through: Names) -> str:
    words = [kind.value]
    for before, names in (("", sources), ("->", destinations)):
        words += [before, ", ".join(name.text for name in names) or "anywhere"]
    words += ["on", ", ".join(traffic)] if traffic else []
    words += ["through", ", ".join(name.text for name in through)] if through else []
    return " ".join(filter(None, words))


def _exemptions(section: Section) -> Iterator[Exemption]:
    from yaml.nodes import MappingNode

    node = section.get("except", required=False)
    either: list[Named] = []
    for item in _items(node) if node is not None else ():
        if isinstance(item, MappingNode):
            own = Section(section.path, item, section.problems)
            texts = own.texts("on", required=False)
            yield Exemption(
                sources=named(own, "from", required=False),
                destinations=named(own, "to", required=False),
                traffic=_traffic(own, own.get("on", required=False), texts),
                through=named(own, "through", required=False),
            )
            if not own.keys:
                own.wrong(item, "except: from, to, on or through is missing")
            own.finish()
        elif isinstance(item.value, str) and item.value:
            either.append(Named(item.value, _at(section, item)))
        else:
            section.wrong(item, "except: expected names, or from, to, on, through")
    if either:
        yield Exemption(either=tuple(either))


def _said(section: Section, node: Node, text: str, own: Section | None) -> Statement | None:
    try:
        said = parse_sentence(text)
    except ValueError as error:
        forms = "".join(f"\n      {form}" for form in FORMS)
        section.wrong(node, f"not understood: {text!r}: {error}", f"the forms are:{forms}")
        return _with_words(None, own)
    at = _at(section, node)
    exempt = _placed(said.exempt, at)
    statement = Statement(
        name=_slug(text),
        text=" ".join(text.split()),
        kind=said.kind,
        at=at,
        sources=_placed(said.sources, at),
        destinations=_placed(said.destinations, at),
        asked=_traffic(section, node, said.traffic),
        through=_placed(said.through, at),
        exemptions=(Exemption(either=exempt),) if exempt else (),
    )
    return _with_words(statement, own)


def _placed(names: tuple[str, ...], at: Location) -> Names:
    return tuple(Named(name, at) for name in names)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"->|→|⟶", " to ", text.lower())).strip("-")


def _traffic(section: Section, node: Node | None, texts: tuple[str, ...]) -> Traffic | None:
    found = []
    for text in texts:
        try:
            found.append(parse_traffic(text))
        except ValueError as error:
            section.wrong(node or section.node, f"on: {str(error).partition(';')[0]}", _HINT)
    return Traffic.union(found) if found else None


def _with_words(statement: Statement | None, own: Section | None) -> Statement | None:
    """The statement with what its mapping says beside it."""
    from dataclasses import replace

    if own is None:
        return statement
    name = own.text("name", required=False) if statement is None or statement.name else ""
    if name:
        name = own.matching("name", NAME, "a name: small words with dashes between")
    severity = own.choice("severity", tuple(Severity), Severity.HIGH)
    owner, why, fix = (own.text(key, required=False) for key in ("owner", "why", "fix"))
    optional = own.choice("optional", ("true", "false"), "false") == "true"
    if statement is None:
        return None
    return replace(
        statement,
        name=name or statement.name,
        severity=Severity(severity),
        owner=owner,
        why=why,
        fix=fix,
        optional=optional,
    )


__all__ = ["KEYS", "Said", "named", "read_policy"]
