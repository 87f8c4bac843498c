"""Macros: ``AWS::Include`` from local files; what another one makes is not known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""

from __future__ import annotations

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Items, Syntax
from auditor.sources.cloudformation.values.identity import reasons_of
from auditor.tree import Gap, GapKind, Location, Node, Reason, Scalar, Unknown

INCLUDE = "AWS::Include"
_SETTLED_BY = "a template that the macro has been run on"


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro that is called by name, with its parameters."""

    name: str
    parameters: Entries | None
    at: Location

    @property
    def only_adds(self) -> bool:
        """Whether it leaves all as it is that stands beside it."""
        return self.name == INCLUDE


def macros(syntax: Syntax) -> tuple[Macro, ...]:
    """The macros that a ``Transform`` names. InputError where it names none."""
    match syntax:
        case Scalar(value=str() as name):
            return (Macro(name, None, syntax.at),)
        case Items():
            return tuple([macro for item in syntax.items for macro in macros(item)])
        case Entries():
            name_given = syntax.get("Name")
            if name_given is not None and isinstance(name_given.value, Scalar):
                given = syntax.get("Parameters")
                parameters = given.value if given is not None and isinstance(given.value, Entries) else None
                return (Macro(str(name_given.value.value), parameters, syntax.at),)
        case Call(name="Fn::Transform"):
            return macros(syntax.argument)
        case _:
            pass
    raise InputError("a macro is called by its name", hint="give Name, and Parameters where it takes any")


def included(macro: Macro, frame: Frame) -> Syntax | tuple[Reason, ...]:
    """What ``AWS::Include`` includes; the reasons why it is not known what another makes, with a gap."""
    what = f"{frame.label}: the macro {macro.name}"
    if not macro.only_adds:
        gap = Gap(GapKind.MODULE, what, macro.at, "what the macro makes of this is not known", _SETTLED_BY)
        frame.run.gap(gap)
        return (Reason(what, macro.at, _SETTLED_BY),)
    location = None if macro.parameters is None else macro.parameters.get("Location")
    if location is None:
        raise InputError("AWS::Include is given no Location", hint="give the file that is to be included")
    place = evaluate(location.value, frame)
    found = frame.stack.options.include(place)
    if found is not None:
        return found
    why = "the file that is included here is not on disk"
    hint = "give the file beside the template"
    frame.run.gap(Gap(GapKind.MODULE, what, macro.at, why, hint))
    return (Reason(what, macro.at, hint), *reasons_of(place))


def transform(call: Call, frame: Frame) -> Node:
    """``Fn::Transform`` as a value."""
    found = macros(call.argument)
    if len(found) != 1:
        raise InputError("one macro makes a value")
    value = included(found[0], frame)
    return Unknown(value, call.at) if isinstance(value, tuple) else evaluate(value, frame)
