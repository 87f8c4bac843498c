"""The pages of the rules: an index by family, and a page for each rule, from its file in rules/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from resources_page import cell

from auditor.rules.definition import FAMILIES

RULES = Path(__file__).resolve().parent.parent / "rules"
_OUTCOMES = (("violated", "Before"), ("satisfied", "After"), ("undetermined", "Where it cannot be told"))
Rule = Mapping[str, object]


def rules_pages() -> Iterator[tuple[str, str]]:
    """Each page's path below docs/ and its text."""
    rules = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yaml"))]
    rules.sort(key=lambda rule: str(rule["id"]))
    yield "rules.md", _index(rules)
    for rule in rules:
        yield f"rules/{rule['id']}.md", "\n".join(_page(rule))


def _index(rules: Sequence[Rule]) -> str:
    lines = ["# Rules", ""]
    lines.append(
        f"{len(rules)} rules come with netaudit, each a file in `rules/` with the examples that prove it."
        " Where several see one fault, one of them tells it: the worse one, and of equals the more specific"
        " one ([decision 15](adr/0015-the-more-specific-rule-speaks.md)). A rule's page says which it yields"
        " to."
    )
    for family, title in FAMILIES.items():
        chosen = [rule for rule in rules if rule.get("family") == family]
        if chosen:
            lines += ["", f"## {title}", "", "| rule | severity | what it says |", "| --- | --- | --- |"]
            lines += [
                f"| [{rule['id']}](rules/{rule['id']}.md) | {rule['severity']} | {cell(str(rule['title']))} |"
                for rule in chosen
            ]
    return "\n".join([*lines, "", *_clauses(rules)])


def _clauses(rules: Sequence[Rule]) -> list[str]:
    """A table from the clauses of each framework to the rules that bear on them."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in rules:
        frameworks = rule.get("frameworks")
        for name, clauses in frameworks.items() if isinstance(frameworks, Mapping) else ():
            for clause in clauses:
                found.setdefault((str(name), str(clause)), []).append(str(rule["id"]))
    lines = ["## By framework", "", "| framework | clause | rules |", "| --- | --- | --- |"]
    for (name, clause), identities in sorted(found.items()):
        links = ", ".join(f"[{identity}](rules/{identity}.md)" for identity in identities)
        lines.append(f"| {name} | {clause} | {links} |")
    return lines


def _page(rule: Rule) -> list[str]:
    lines = [f"# {rule['id']}", "", f"{rule['title']} (severity: {rule['severity']})", ""]
    for field, title in (("why", "Why it matters"), ("fix", "How to mend it")):
        if text := str(rule.get(field) or "").strip():
            lines += [f"**{title}.** {text}", ""]
    if yields := rule.get("yields_to"):
        links = ", ".join(f"[{one}]({one}.md)" for one in yields) if isinstance(yields, list) else ""
        lines += [f"**Yields to.** {links}, where they see the same fault.", ""]
    lines += _examples(rule.get("examples"))
    lines += ["## What it asks", "", *fenced(rule.get("question"), "yaml")]
    lines += _bullets("References", rule.get("references"))
    return [*lines, *_bullets("Frameworks", rule.get("frameworks"))]


def _examples(examples: object) -> list[str]:
    lines: list[str] = []
    for outcome, title in _OUTCOMES:
        for example in examples if isinstance(examples, list) else ():
            if example["expect"] == outcome:
                lines += [f"## {title}", "", f"{example['name']}.", "", *fenced(example["terraform"], "hcl")]
    return lines


def _bullets(title: str, values: object) -> list[str]:
    """A list or a map as bullets under a title; nothing where it is empty."""
    if isinstance(values, Mapping):
        rows = [f"- {name}: {', '.join(str(each) for each in value)}" for name, value in values.items()]
    else:
        rows = [f"- {value}" for value in values] if isinstance(values, list) else []
    return [f"## {title}", "", *rows, ""] if rows else []


def fenced(value: object, language: str) -> list[str]:
    """A value as a block of code: text as it is, all else as YAML."""
    text = value if isinstance(value, str) else yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    return [f"```{language}", *text.rstrip("\n").splitlines(), "```", ""]
