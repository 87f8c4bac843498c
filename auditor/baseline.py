"""A baseline: findings that were there when it was written, and that no longer fail a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from auditor.errors import RuleError
from auditor.finding import Finding, Judgement, Severity
from auditor.frozen import dataclass

SCHEMA = "netaudit/baseline/1"
_FIELDS = ("rule", "component", "fingerprint", "judgement", "severity", "message")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A finding by what it is about: the rule, the component, and the fact with what it grants.

    No file and no line: it stays the same where code moves. ``message`` is for those who read the file.
    """

    rule: str
    component: str
    fingerprint: str
    judgement: str
    severity: str
    message: str

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is this one, no surer and no more severe than it was."""
        surer = self.judgement == Judgement.UNDETERMINED and finding.judgement is Judgement.VIOLATED
        graver = self.severity in tuple(Severity) and finding.severity.rank > Severity(self.severity).rank
        return finding.fingerprint == self.fingerprint and not surer and not graver


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings that are new, those that were there, and what of the baseline is there no more."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Entry, ...]


def entries(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """The baseline of findings."""
    return tuple(
        sorted(
            {
                Entry(
                    one.rule,
                    one.component,
                    one.fingerprint,
                    one.judgement.value,
                    one.severity.value,
                    one.message,
                )
                for one in findings
            }
        )
    )


def compared(findings: Sequence[Finding], known: Sequence[Entry], ran: Iterable[str]) -> Compared:
    """Findings beside a baseline. What was undetermined and is violated now is new, and what weighs more.

    Of rules that did not run nothing is gone.
    """
    same: dict[str, list[Entry]] = {}
    for entry in known:
        same.setdefault(entry.fingerprint, []).append(entry)
    new: list[Finding] = []
    there: list[Finding] = []
    for finding in findings:
        covered = any(entry.covers(finding) for entry in same.get(finding.fingerprint, ()))
        (there if covered else new).append(finding)
    found = {finding.fingerprint for finding in findings}
    rules = set(ran)
    gone = tuple(entry for entry in known if entry.fingerprint not in found and entry.rule in rules)
    return Compared(tuple(new), tuple(there), gone)


def text_of(baseline: Sequence[Entry]) -> str:
    """A baseline as its file has it: sorted, a line a value, for a diff that can be read."""
    rows = [
        {
            "rule": entry.rule,
            "component": entry.component,
            "message": entry.message,
            "judgement": entry.judgement,
            "severity": entry.severity,
            "fingerprint": entry.fingerprint,
        }
        for entry in baseline
    ]
    return json.dumps({"schema": SCHEMA, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def of_text(text: str, path: str) -> tuple[Entry, ...]:
    """The baseline in a file's text. Raises RuleError where it is none."""
    try:
        document = json.loads(text)
        if document["schema"] != SCHEMA:
            raise RuleError(f"its schema is {document['schema']}, not {SCHEMA}", at=path)
        rows = document["findings"]
        return tuple(Entry(*(str(row[name]) for name in _FIELDS)) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise RuleError(
            "this is no baseline", at=path, hint="netaudit check --write-baseline writes one"
        ) from error
