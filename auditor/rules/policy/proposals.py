"""What a project may want its policy to say: statements that suit its tiers, and whether they hold today."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.finding import Judgement
from auditor.frozen import dataclass
from auditor.rules.evidence import Evidence
from auditor.rules.policy.binding import policy_rules
from auditor.rules.policy.sentences import parse_sentence
from auditor.rules.policy.statement import Named, Policy, Statement
from auditor.tree import Location

_FORMS = (
    (("data",), "internet never reaches tier:data"),
    (("data",), "tier:data never reaches the internet"),
    (("app", "data"), "only tier:app reaches tier:data"),
    (("public", "data"), "tier:public never reaches tier:data"),
    (("app",), "internet never reaches tier:app"),
    (("internal",), "internet never reaches tier:internal"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement, and what speaks against it today; empty where it holds."""

    text: str
    objection: str


def proposals(evidence: Evidence) -> Iterator[Proposal]:
    """The statements that the tiers of a network suggest."""
    tiers = {tier.name.value for tier in map(evidence.tiers.of, evidence.workloads) if tier}
    for needed, text in _FORMS:
        if tiers.issuperset(needed):
            yield Proposal(text, _objection(text, evidence))


def _objection(text: str, evidence: Evidence) -> str:
    said = parse_sentence(text)
    at = Location("netaudit.yaml")
    statement = Statement(
        name="proposed",
        text=text,
        kind=said.kind,
        at=at,
        sources=tuple(Named(name, at) for name in said.sources),
        destinations=tuple(Named(name, at) for name in said.destinations),
    )
    (rule,) = policy_rules(Policy(names={}, statements=(statement,)))
    found = sorted(rule.judge(evidence), key=lambda each: (each.judgement is not Judgement.VIOLATED, each.at))
    if not found:
        return ""
    word = "is not decided" if found[0].judgement is Judgement.UNDETERMINED else "does not hold today"
    return f"{word}: {found[0].message.partition(' The policy')[0]} ({found[0].at})"
