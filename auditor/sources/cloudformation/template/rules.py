"""Rules: what CloudFormation refuses of parameters' values before it makes anything.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate import Frame
from auditor.sources.cloudformation.evaluate.logic import condition
from auditor.sources.cloudformation.syntax.nodes import Entries, Items, Syntax
from auditor.sources.cloudformation.template.conditions import TRUE
from auditor.tree import Gap, GapKind, Location, Scalar

if TYPE_CHECKING:
    from auditor.sources.cloudformation.template.named import Stack


def check_rules(stack: Stack) -> None:
    """Takes down each assertion that does not hold, whatever the unknowns are."""
    for entry in stack.sections.of("Rules", Location("")).entries:
        frame = stack.frame.about(f"{stack.name}/Rules.{entry.key}")
        if not isinstance(entry.value, Entries):
            frame.run.invalid(InputError("a rule is a map of Assertions"), frame.label, entry.at)
            continue
        test = entry.value.get("RuleCondition")
        holds = TRUE if test is None else condition(test.value, frame)
        found = entry.value.get("Assertions")
        assertions = found.value.items if found is not None and isinstance(found.value, Items) else ()
        for assertion in assertions if holds.truth else ():
            _check(assertion, frame)


def _check(assertion: Syntax, frame: Frame) -> None:
    claim = assertion.get("Assert") if isinstance(assertion, Entries) else None
    if claim is None or not isinstance(assertion, Entries):
        frame.run.invalid(InputError("an assertion is a map of Assert"), frame.label, assertion.at)
        return
    if condition(claim.value, frame).truth is not False:
        return
    told = assertion.get("AssertDescription")
    text = (
        str(told.value.value)
        if told is not None and isinstance(told.value, Scalar)
        else "a rule does not hold"
    )
    frame.run.gap(Gap(GapKind.INVALID, frame.label, claim.at, text, "give other values to the parameters"))
