"""Network Access Scopes and paths to be analysed, answered before anything is deployed.

A path that matches one pattern of a scope and none that it excludes is a finding; what a scope says that is
not evaluated leaves it undetermined.
https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/what-is-network-access-analyzer.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from auditor.finding import Judgement, Severity
from auditor.model import AccessScope, AnalysedPath
from auditor.reach import Verdict
from auditor.reach.names import label
from auditor.rules.definition import Judged, RuleDefinition
from auditor.rules.evidence import Evidence
from auditor.rules.policy.judging import Court, named
from auditor.rules.policy.patterns import Spelling
from auditor.rules.policy.resolving import Resolver
from auditor.rules.policy.statement import Exemption, Named, Names, Statement
from auditor.rules.policy.through import Components
from auditor.rules.policy.ways import Filter, Ways
from auditor.rules.section import Problem
from auditor.rules.words import service_text, steps
from auditor.traffic import cidrs
from auditor.tree import Location, Presence, Reason

_SCOPES = (
    "https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/what-is-network-access-analyzer.html"
)
_PATHS = "https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html"
_MOST_UNKNOWNS = 12
_CREATED = "(Amazon created)"


def written_scopes(scopes: Iterable[AccessScope]) -> tuple[AccessScope, ...]:
    """The scopes that somebody wrote, without those that Amazon creates in every account.

    They show what there is, such as every path from an internet gateway: nobody says that it should not be.
    https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/getting-started.html
    """
    return tuple(one for one in scopes if not any(name.endswith(_CREATED) for name in one.names))


def scope_rules(scopes: Iterable[AccessScope], paths: Iterable[AnalysedPath]) -> tuple[RuleDefinition, ...]:
    """Scopes and paths as rules, one each: ``access-scope/<name>`` and ``insights-path/<name>``."""
    return (*map(_scope_rule, scopes), *map(_path_rule, paths))


def _name(identity: str) -> str:
    return re.sub(r"[^a-zA-Z0-9._-]+", "-", label(identity)).strip("-").lower() or "scope"


def _scope_rule(scope: AccessScope) -> RuleDefinition:
    return RuleDefinition(
        id=f"access-scope/{_name(scope.id)}",
        title=f"the Network Access Scope {scope.id}",
        family="own",
        severity=Severity.HIGH,
        why="A path matches the scope, and none of the paths that it excludes.",
        fix="Narrow what lets it pass, or exclude the path from the scope.",
        references=(_SCOPES,),
        frameworks=(),
        predicate="policy",
        judge=partial(_scope, scope),
        examples=(),
        at=str(scope.at),
    )


def _path_rule(path: AnalysedPath) -> RuleDefinition:
    return RuleDefinition(
        id=f"insights-path/{_name(path.id)}",
        title=f"the Network Insights Path {path.id}",
        family="own",
        severity=Severity.INFO,
        why="The input asks whether the path is reachable.",
        fix="Nothing is to be mended: this is the answer.",
        references=(_PATHS,),
        frameworks=(),
        predicate="policy",
        judge=partial(_path, path),
        examples=(),
        at=str(path.at),
    )


# -- scopes ----------------------------------------------------------------------------------------


def _scope(scope: AccessScope, evidence: Evidence) -> Iterator[Judged]:
    excluding = Spelling(evidence.engine)
    exemptions = [excluding.exemption(pattern) for pattern in scope.excludes]
    doubts = (*excluding.open, *scope.open, *_presence(scope.id, scope.at, scope.presence))
    known = tuple(one for one in exemptions if one is not None)
    left: dict[Reason, None] = dict.fromkeys(scope.open)
    for pattern in scope.matches:
        matching = Spelling(evidence.engine)
        statement = matching.statement(pattern, _name(scope.id), scope.id)
        left.update(dict.fromkeys(matching.open))
        if statement is not None:
            yield from _matched(replace(statement, exemptions=known), evidence, scope, doubts)
    if left:
        yield _unanswered(scope.id, scope.at, tuple(left))


def _presence(what: str, at: Location, presence: Presence) -> tuple[Reason, ...]:
    return () if presence is Presence.CERTAIN else (Reason(f"whether {what} is there", at),)


def _matched(
    statement: Statement, evidence: Evidence, scope: AccessScope, doubts: tuple[Reason, ...]
) -> Iterator[Judged]:
    court, problems = _court(evidence, statement)
    if problems:
        reasons = tuple(Reason(one.message, scope.at, one.hint) for one in dict.fromkeys(problems))
        yield _unanswered(scope.id, scope.at, reasons)
        return
    for judged in court.forbidden(statement):
        message = judged.message.partition(" The policy")[0]
        told = f"{message} It matches the Network Access Scope {scope.id}."
        found = replace(judged, message=told)
        if doubts and judged.judgement is Judgement.VIOLATED:
            found = replace(found, judgement=Judgement.UNDETERMINED, unknowns=doubts[:_MOST_UNKNOWNS])
        yield found


def _court(evidence: Evidence, statement: Statement) -> tuple[Court, list[Problem]]:
    """A court without a policy; what the names of a statement do not mean."""
    problems: list[Problem] = []
    resolver = Resolver(evidence, {}, problems)
    components = Components(evidence, {}, problems)
    for names in (statement.sources, statement.destinations, *_excepted(statement.exemptions)):
        resolver.meaning(names)
    for names in (statement.through, *(one.through for one in statement.exemptions)):
        components.keys(names)
    return Court(resolver, Ways(evidence.engine), components, ()), problems


def _excepted(exemptions: Iterable[Exemption]) -> Iterator[Names]:
    for one in exemptions:
        yield one.sources
        yield one.destinations


def _unanswered(what: str, at: Location, reasons: tuple[Reason, ...]) -> Judged:
    told = ", ".join(dict.fromkeys(reason.what for reason in reasons))
    return Judged(
        judgement=Judgement.UNDETERMINED,
        component=what,
        at=at,
        fact=f"not evaluated: {told}",
        message=f"{what} is not answered in full: {told}.",
        unknowns=reasons[:_MOST_UNKNOWNS],
    )


# -- paths -----------------------------------------------------------------------------------------


def _path(path: AnalysedPath, evidence: Evidence) -> Iterator[Judged]:
    spelling = Spelling(evidence.engine)
    statement = spelling.statement(path.path, _name(path.id), path.id)
    statement = _ending(statement, path) if statement else None
    court, problems = _court(evidence, statement) if statement else (None, [])
    reasons = (*spelling.open, *_presence(path.id, path.at, path.presence))
    reasons += tuple(Reason(one.message, path.at, one.hint) for one in problems)
    if statement is None or court is None or reasons:
        yield _unanswered(path.id, path.at, reasons or (Reason("its ends", path.at),))
        return
    yield _answered(path, statement, court)


def _ending(statement: Statement, path: AnalysedPath) -> Statement:
    """A path whose end is given by an address alone ends there."""
    end = path.path.destination
    if end is None or end.resources.items or end.resources.open or end.traffic is None:
        return statement
    texts = cidrs(end.traffic.destinations)
    return replace(statement, destinations=tuple(Named(text, end.at) for text in texts))


def _answered(path: AnalysedPath, statement: Statement, court: Court) -> Judged:
    ways = Filter(through=court.components.keys(statement.through) if statement.through else None)
    sources, destinations = (
        court.resolver.meaning(names).atoms for names in (statement.sources, statement.destinations)
    )
    pairs = [(one, other) for one in sources for other in destinations]
    if not pairs:
        return _unanswered(path.id, path.at, (Reason("its ends are nothing in the network", path.at),))
    asked = statement.asked
    answers = [(pair, court.ways.answer(*pair, asked, ways)) for pair in pairs]
    order = (Verdict.REACHABLE, Verdict.UNKNOWN, Verdict.ONE_WAY, Verdict.BLOCKED)
    (source, destination), best = min(answers, key=lambda each: order.index(each[1].verdict))
    unknown = best.verdict is Verdict.UNKNOWN
    services = service_text(asked) if asked is not None else "all traffic"
    ends = f"{services} from {named([source])} to {named([destination])}"
    told = {
        Verdict.REACHABLE: "is reachable",
        Verdict.ONE_WAY: "arrives, and no reply comes back",
        Verdict.BLOCKED: "is blocked",
        Verdict.UNKNOWN: "is not decided",
    }[best.verdict]
    lines = tuple(steps(best.path))
    if best.verdict is Verdict.BLOCKED:
        blocking = court.ways.blocking(source.ends, destination.ends, asked, ways)
        lines = tuple(f"{one.code.value} at {one.component}: {one.text}" for one in blocking)
    return Judged(
        judgement=Judgement.UNDETERMINED if unknown else Judgement.VIOLATED,
        component=path.id,
        at=path.at,
        fact=f"{ends}: {best.verdict.value}",
        message=f"{path.id}: {ends} {told}.",
        proof=lines,
        unknowns=best.unknowns if unknown else (),
    )
