"""Rules in the model's words."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader.suricata.conditions import Conditions, conditions_of
from auditor.aws.reader.suricata.headers import ACTIONS, SAME, Header, Selection, Selections
from auditor.aws.reader.suricata.lines import Line
from auditor.aws.reader.suricata.names import ALL, Fit, Names, names_of
from auditor.aws.reader.suricata.wording import Option, options_of
from auditor.frozen import dataclass
from auditor.model import FirewallAction, FirewallRule
from auditor.traffic import Bounds, Traffic
from auditor.tree import Location, Reason

_SETTLED_BY = "a test with live traffic"
# What Suricata asks of versions of a protocol, beside the protocol itself.
_VERSIONS = {"http1": "http", "http2": "http"}


def rules_of(line: Line, selections: Selections, at: Location) -> tuple[FirewallRule, ...] | str:
    """The rules that a line of text is, mostly one; or why it is none.

    Two are made of one that asks for names by their endings whatever stands before: one fits those that are
    below a name, and one, undecided, may fit any other.
    """
    head, bracket, rest = line.text.partition("(")
    selected = selections.of_text(head)
    if isinstance(selected, str):
        return selected
    if not bracket or not rest.rstrip().endswith(")"):
        return "its options do not stand in brackets"
    options = options_of(rest.rstrip()[:-1])
    if options is None:
        return "an option does not end with a semicolon"
    return parsed(selected, options, at, line.text)


def parsed(
    selected: tuple[Header, Selection], options: tuple[Option, ...], at: Location, text: str
) -> tuple[FirewallRule, ...] | str:
    """The rules that a header with options is; ``at`` is where it stands, ``text`` how it is written."""
    header, traffic = selected
    action = ACTIONS.get(header.action.lower())
    if action is None:
        return f"{header.action!r} is no action"
    asked = conditions_of(options)
    turned = asked.to_client and not asked.to_server
    found = _Rule(action, header, traffic.reversed() if turned else traffic, asked, at, text)
    return tuple(found.rules())


@dataclass(frozen=True, slots=True)
class _Rule:
    """All that one rule says."""

    action: FirewallAction
    header: Header
    selected: Selection
    asked: Conditions
    at: Location
    text: str

    def rules(self) -> Iterator[FirewallRule]:
        names = names_of(self.asked.asked)
        application, doubts = _application(self.selected, self.asked)
        doubts = (*doubts, *self._doubts(names))
        yield self._made(application, names, doubts)
        if names.fit is Fit.NARROWER:
            listed = names.domains[0].removeprefix(".")
            others = f"names that end with {listed} and have no dot before it"
            yield self._made(application, ALL, (*doubts, others))

    def _doubts(self, names: Names) -> Iterator[str]:
        blocking = self.action in {FirewallAction.DROP, FirewallAction.REJECT}
        if names.fit is Fit.NEITHER or (names.fit is Fit.WIDER and blocking):
            yield "what it asks of the server's name"
        yield from self.asked.undecided
        if self.selected.strange:
            yield self.selected.strange
        if self.action is FirewallAction.PASS and (self.asked.beginning or self.asked.to_client):
            yield "that it passes a part of each connection alone"

    def _made(self, application: str, names: Names, doubts: tuple[str, ...]) -> FirewallRule:
        selected = self.selected
        return FirewallRule(
            at=self.at,
            text=self.text,
            action=self.action,
            traffic=self._traffic(),
            both=self.header.both,
            priority=self.asked.priority,
            application=application,
            domains=names.domains,
            negated=names.negated,
            home_sources=selected.home_sources,
            home_destinations=selected.home_destinations,
            outside_sources=selected.outside_sources,
            outside_destinations=selected.outside_destinations,
            established=self.asked.established,
            to_server=self.asked.to_server,
            undecided=tuple([Reason(doubt, self.at, _SETTLED_BY) for doubt in dict.fromkeys(doubts)]),
            reasons=selected.reasons,
        )

    def _traffic(self) -> Bounds[Traffic]:
        """The packets that the header fits, of the protocols that are asked for."""
        asked = Traffic.of(protocols=self.asked.protocols)
        return self.selected.traffic & Bounds(asked, asked)


def _application(selected: Selection, asked: Conditions) -> tuple[str, tuple[str, ...]]:
    """The one protocol that a rule asks for by its header and its options, and what makes it doubtful."""
    wanted = SAME.get(asked.application, asked.application)
    own = selected.application
    names = [_VERSIONS.get(name, name) for name in (own, wanted) if name]
    doubts = tuple(f"the version {name}" for name in (own, wanted) if name in _VERSIONS)
    if len(set(names)) > 1:
        doubts = (*doubts, f"{names[1]} in {names[0]}")
    return names[0] if names else "", doubts
