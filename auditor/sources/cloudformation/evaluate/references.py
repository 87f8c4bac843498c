"""``Ref``, ``Fn::GetAtt``, ``Fn::ImportValue`` and ``Fn::GetStackOutput``."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import InputError
from auditor.sources.cloudformation.evaluate.arguments import lifted, single
from auditor.sources.cloudformation.evaluate.dispatch import evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call, Items, Syntax
from auditor.sources.cloudformation.values.identity import text_of, unknown_call
from auditor.sources.values import identity, passed
from auditor.tree import Location, Map, Node, Reason, Scalar, Unknown

_ANOTHER_STACK = "write the value out, or make it a parameter"
_NOT_IN_THIS_RUN = "load the template of the stack that exports it beside this one"


def ref(call: Call, frame: Frame) -> Node:
    """``Ref``: a parameter's value, or what names a resource.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
    """
    name = f"{frame.stack.name}/Ref"
    return _named((_name(call.argument, frame),), name, call, lambda texts: named(texts[0], call.at, frame))


def get_att(call: Call, frame: Frame) -> Node:
    """``Fn::GetAtt``, whose argument is ``resource.attribute`` or a list of the two.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
    """
    argument = call.argument
    items = argument.items if isinstance(argument, Items) else (argument,)
    if not 1 <= len(items) <= 2:
        raise InputError("Fn::GetAtt takes a resource and an attribute")

    def found(texts: tuple[str, ...]) -> Node:
        resource, _, path = ".".join(texts).partition(".")
        return attribute(resource, path, call.at, frame)

    name = f"{frame.stack.name}/GetAtt"
    return _named(tuple([_name(item, frame) for item in items]), name, call, found)


def _name(syntax: Syntax, frame: Frame) -> Node:
    return syntax if isinstance(syntax, Scalar) else evaluate(syntax, frame)


def _named(
    arguments: tuple[Node, ...], name: str, call: Call, found: Callable[[tuple[str, ...]], Node]
) -> Node:
    """What ``found`` gives for the texts that the arguments are, where they are known."""

    def unknown() -> Unknown:
        return unknown_call(name, call.at, arguments)

    def apply(way: tuple[Node, ...]) -> Node:
        texts = tuple([text for each in way if (text := text_of(each)) is not None])
        if len(texts) == len(way):
            return found(texts)
        if any(
            isinstance(each, Scalar) or not isinstance(each, Unknown) for each in way if text_of(each) is None
        ):
            raise InputError(f"{call.name} takes a name")
        return unknown()

    return lifted(arguments, unknown, apply)


def named(name: str, at: Location, frame: Frame) -> Node:
    """What a name in a template stands for. InputError where nothing has the name."""
    bound = frame.names.get(name)
    return passed(frame.stack.named(name, at) if bound is None else bound, at)


def attribute(resource: str, path: str, at: Location, frame: Frame) -> Node:
    """An attribute of a resource. InputError where there is no such resource."""
    if not path:
        raise InputError(f"Fn::GetAtt names no attribute of {resource}", hint="write Resource.Attribute")
    return passed(frame.stack.attribute(resource, path, at), at)


def import_value(call: Call, frame: Frame) -> Node:
    """``Fn::ImportValue``: what a stack of this run exports, else one value for each name and Region."""
    argument = evaluate(single(call), frame)
    function = _in_place("ImportValue", frame)

    def unknown() -> Unknown:
        return unknown_call(function, call.at, (argument,))

    def apply(way: tuple[Node, ...]) -> Node:
        text = text_of(way[0])
        if text is None:
            if isinstance(way[0], Unknown):
                return unknown_call(function, call.at, way)
            raise InputError("Fn::ImportValue takes the name of an export")
        found = frame.stack.options.imports(text)
        if found is not None:
            return passed(found, call.at)
        reason = Reason(f"the export {text}", call.at, _NOT_IN_THIS_RUN)
        name = unknown_call(function, call.at, (Scalar(text, call.at),)).identity
        return Unknown((reason,), call.at, identity=identity(name))

    return lifted((argument,), unknown, apply)


def get_stack_output(call: Call, frame: Frame) -> Node:
    """``Fn::GetStackOutput``: an output of a stack that stands when this one is made, in any Region.

    It is one value for each stack and output, and not known: which stacks stand, no template tells.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
    """
    given = evaluate(call.argument, frame)
    if not isinstance(given, Map):
        raise InputError("Fn::GetStackOutput takes a map with StackName and OutputName")
    if not {"StackName", "OutputName"} <= given.entries.keys():
        raise InputError("Fn::GetStackOutput takes StackName and OutputName")
    name, output = given.entries["StackName"], given.entries["OutputName"]
    places = [given.entries.get(each, Scalar(None, call.at)) for each in ("Region", "RoleArn")]
    found = unknown_call(_in_place("GetStackOutput", frame), call.at, (name, output, *places))
    what = f"the output {text_of(output) or '?'} of the stack {text_of(name) or '?'}"
    return Unknown((Reason(what, call.at, _ANOTHER_STACK), *found.reasons), call.at, identity=found.identity)


def _in_place(function: str, frame: Frame) -> str:
    scope = frame.stack.scope
    return ":".join(filter(None, (function, scope.account, scope.region)))
