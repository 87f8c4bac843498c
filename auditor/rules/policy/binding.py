"""A policy as rules that run beside the others, one a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from auditor.rules.definition import Judged, RuleDefinition
from auditor.rules.evidence import Evidence
from auditor.rules.policy.judging import Court
from auditor.rules.policy.reading import read_policy
from auditor.rules.policy.requiring import required
from auditor.rules.policy.resolving import Resolver
from auditor.rules.policy.statement import Exemption, Kind, Names, Policy, Statement
from auditor.rules.policy.through import Components
from auditor.rules.policy.ways import Ways
from auditor.rules.section import Problem, refusal

Opening = Callable[[Evidence], Court]


def configured_rules(path: str | None) -> tuple[RuleDefinition, ...]:
    """The policy in a configuration file as rules; none where there is no file.

    Raises RuleError for what is wrong in it, all of it at once; names are looked up when the rules run.
    """
    return () if path is None else policy_rules(read_policy(path))


def policy_rules(policy: Policy) -> tuple[RuleDefinition, ...]:
    """The statements as rules. The first that runs tells all names that mean nothing, as a RuleError."""
    opening = _opening(policy)
    return tuple(_rule(one, opening) for one in policy.statements if one.kind is not Kind.ALLOW)


def _rule(statement: Statement, opening: Opening) -> RuleDefinition:
    owner = f" Its owner is {statement.owner}." if statement.owner else ""
    return RuleDefinition(
        id=statement.id,
        title=statement.text,
        family="own",
        severity=statement.severity,
        why=statement.why or f"The policy of this project says so, at {statement.at}.{owner}",
        fix=statement.fix or "Narrow what lets it pass, or let the policy say that it may.",
        references=(),
        frameworks=(),
        predicate="policy",
        judge=partial(_judge, statement, opening),
        examples=(),
        at=str(statement.at),
    )


def _judge(statement: Statement, opening: Opening, evidence: Evidence) -> Iterable[Judged]:
    court = opening(evidence)
    if statement.optional and _misses(statement, court):
        return ()
    if statement.kind is Kind.REQUIRE:
        return required(court, statement)
    return court.forbidden(statement)


def _opening(policy: Policy) -> Opening:
    """What makes a court for a network, once, with all names resolved."""
    kept: list[tuple[Evidence, Court]] = []

    def opened(evidence: Evidence) -> Court:
        if not kept or kept[-1][0] is not evidence:
            kept[:] = [(evidence, _court(policy, evidence))]
        return kept[-1][1]

    return opened


def _court(policy: Policy, evidence: Evidence) -> Court:
    problems: list[Problem] = []
    resolver = Resolver(evidence, policy.names, problems)
    components = Components(evidence, policy.names, problems)
    allowed = []
    for statement in policy.statements:
        before = len(problems)
        for names in _ends(statement):
            resolver.meaning(names)
        for names in _through(statement):
            components.keys(names)
        if statement.optional:
            del problems[before:]
        if statement.kind is Kind.ALLOW and len(problems) == before:
            allowed.append(
                Exemption(
                    sources=statement.sources,
                    destinations=statement.destinations,
                    traffic=statement.asked,
                    through=statement.through,
                )
            )
    if problems:
        raise refusal(tuple(dict.fromkeys(problems)), policy.path)
    return Court(resolver, Ways(evidence.engine), components, tuple(allowed))


def _ends(statement: Statement) -> Iterator[Names]:
    yield statement.sources
    yield statement.destinations
    for each in statement.exemptions:
        yield from (each.either, each.sources, each.destinations)


def _through(statement: Statement) -> Iterator[Names]:
    yield statement.through
    yield from (each.through for each in statement.exemptions)


def _misses(statement: Statement, court: Court) -> bool:
    """Whether the network has nothing of what an optional statement names."""
    for names in (statement.sources, statement.destinations):
        meaning = court.resolver.meaning(names)
        if names and not meaning.atoms and not meaning.anywhere:
            return True
    return bool(statement.through) and not court.components.keys(statement.through)
