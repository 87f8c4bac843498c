"""Rule files: found by folder, read with everything that is wrong in them at once."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import disk
from auditor.errors import RuleError
from auditor.finding import Severity
from auditor.rules.definition import FAMILIES, Example, Expectation, Judge, RuleDefinition
from auditor.rules.evidence import Evidence
from auditor.rules.section import Problem, Section, composed, refusal

if TYPE_CHECKING:
    from yaml.nodes import Node

FLAGGED = "# flagged"

FRAMEWORKS = ("CIS AWS Foundations 3.0", "AWS FSBP", "PCI DSS 4.0", "NIST SP 800-53 Rev. 5", "SOC 2")


def catalogue() -> Path:
    """The folder of the rules that come with netaudit: in the package, or beside it in a checkout."""
    installed = Path(__file__).parent / "catalogue"
    return installed if disk.kind(str(installed)) is disk.Kind.FOLDER else Path(__file__).parents[2] / "rules"


def predicate_names() -> tuple[str, ...]:
    """The questions that a rule can ask, sorted."""
    folder = Path(__file__).parent / "predicates"
    return tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))


def load_catalogue() -> tuple[RuleDefinition, ...]:
    """The rules that come with netaudit, sorted by id."""
    return load_folders((catalogue(),))


def load_folders(folders: Sequence[Path]) -> tuple[RuleDefinition, ...]:
    """Every rule in the ``*.yaml`` files of the folders, sorted by id.

    Raises:
        RuleError: a file is wrong, two rules have one id, or a folder is missing.
    """
    found: dict[str, RuleDefinition] = {}
    for path in dict.fromkeys(path for folder in folders for path in _files(folder)):
        rule = load_file(path)
        before = found.setdefault(rule.id, rule)
        if before is not rule:
            raise RuleError(
                f"the rule {rule.id} is defined twice", at=rule.at, hint=f"the other is in {before.at}"
            )
    return tuple(found[identity] for identity in sorted(found))


def _files(folder: Path) -> list[Path]:
    if disk.kind(str(folder)) is not disk.Kind.FOLDER:
        raise RuleError("no such folder of rules", at=str(folder))
    return [folder / name for name, _ in disk.entries(str(folder)) if name.endswith(".yaml")]


def load_file(path: Path) -> RuleDefinition:
    """The rule in a file.

    Raises:
        RuleError: the file cannot be read, is no YAML, or says what no rule can say; all of it is told at
            once.
    """
    node = composed(str(path))
    problems: list[Problem] = []
    section = _root(node, str(path), problems)
    rule = _rule(section)
    if problems:
        raise refusal(problems, str(path))
    return rule


def _root(node: Node | None, path: str, problems: list[Problem]) -> Section:
    from yaml.nodes import MappingNode

    if not isinstance(node, MappingNode):
        raise RuleError("expected a rule, as `name: value` pairs", at=path)
    return Section(path, node, problems)


def _rule(section: Section) -> RuleDefinition:
    identity = section.matching("id", r"[a-z0-9]+(-[a-z0-9]+)*", "an id: small words with dashes between")
    title, severity = section.text("title"), section.choice("severity", tuple(Severity))
    why, fix = section.text("why"), section.text("fix")
    references, frameworks = section.texts("references"), tuple(_frameworks(section))
    predicate, judge = _question(section)
    rule = RuleDefinition(
        id=identity,
        title=title,
        family=section.choice("family", tuple(FAMILIES), "own"),
        severity=Severity(severity),
        why=why,
        fix=fix,
        references=references,
        frameworks=frameworks,
        predicate=predicate,
        judge=judge,
        examples=_examples(section),
        at=section.path,
        yields_to=section.texts("yields_to", required=False),
    )
    section.finish()
    return rule


def _frameworks(section: Section) -> Iterator[tuple[str, tuple[str, ...]]]:
    given = section.section("frameworks", required=False)
    if given is None:
        return
    for name in FRAMEWORKS:
        clauses = given.texts(name, required=False)
        if clauses:
            yield name, clauses
    given.finish()


def _nothing(_: Evidence) -> tuple[()]:
    return ()


def _question(section: Section) -> tuple[str, Judge]:
    """The name of the predicate, and the question ready to be asked."""
    question = section.section("question")
    if question is None:
        return "", _nothing
    names = predicate_names()
    if len(question.keys) != 1:
        section.refuse("question", "expected one predicate", f"one of {', '.join(names)}")
        return "", _nothing
    for name in names:
        if name in question.keys:
            parameters = question.section(name)
            if parameters is None:
                return name, _nothing
            module = importlib.import_module(f"auditor.rules.predicates.{name}")
            judge: Judge = partial(module.judge, module.parameters(parameters))
            parameters.finish()
            return name, judge
    for name in names:
        question.get(name, required=False)
    question.finish()
    return "", _nothing


def _examples(section: Section) -> tuple[Example, ...]:
    examples = tuple(_example(each) for each in section.sections("examples"))
    missing = [expect.value for expect in Expectation if expect not in _expected(examples)]
    if missing and examples:
        section.refuse("examples", f"none is {' and none '.join(missing)}", "one of each proves the rule")
    return examples


def _expected(examples: Iterable[Example]) -> set[Expectation]:
    return {example.expect for example in examples}


def _example(section: Section) -> Example:
    expect = Expectation(section.choice("expect", tuple(Expectation)))
    name, text = section.text("name"), section.raw_text("terraform")
    flagged = tuple(
        number for number, line in enumerate(text.splitlines(), 1) if line.rstrip().endswith(FLAGGED)
    )
    if text and bool(flagged) is (expect is Expectation.SATISFIED):
        wanted = "no line" if expect is Expectation.SATISFIED else "a line"
        section.refuse("terraform", f"{expect.value}: {wanted} must end with `{FLAGGED}`")
    section.finish()
    return Example(name=name, expect=expect, terraform=text, flagged=flagged)
