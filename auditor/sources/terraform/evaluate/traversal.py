"""Names and what is reached from them: ``var.x``, ``aws_vpc.main.id``, ``module.net.ids[0]``."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.access import attribute, index
from auditor.sources.terraform.evaluate.alternatives import passed
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.syntax import ast
from auditor.tree import Location, Node, Reason, Scalar, Unknown

Steps = list[ast.GetAttribute | ast.Index]


def traversal(expression: ast.GetAttribute | ast.Index | ast.Name, frame: Frame) -> Node:
    """The value that a traversal leads to, as used where the traversal stands."""
    steps: Steps = []
    node: ast.Expression = expression
    while isinstance(node, ast.GetAttribute | ast.Index):
        steps.append(node)
        node = node.object
    steps.reverse()
    if not isinstance(node, ast.Name):
        value, used = evaluate(node, frame), 0
    elif node.name in frame.names:
        value, used = frame.names[node.name], 0
    else:
        value, used = _root(node, steps, frame)
    for step in steps[used:]:
        value = take(value, step, frame)
    return passed(value, expression.at)


def take(value: Node, step: ast.GetAttribute | ast.Index, frame: Frame) -> Node:
    """One step of a traversal."""
    if isinstance(step, ast.GetAttribute):
        return attribute(frame.module.run, value, step.name, step.at)
    return index(frame.module.run, value, evaluate(step.key, frame), step.at)


def _root(name: ast.Name, steps: Steps, frame: Frame) -> tuple[Node, int]:
    """The value of the first steps from a name, and how many they are."""
    first = name.name
    if frame.isolated:
        raise InputError(f"the template is given no variable {first}", at=str(name.at))
    if first in {"each", "count", "self"}:
        return _unbound(first, frame, name.at), 0
    if not steps or not isinstance(steps[0], ast.GetAttribute):
        hint = "a reference is var.name, local.name, or a resource's type and name"
        raise InputError(f"{first} alone is no value", at=str(name.at), hint=hint)
    second = steps[0].name
    module = frame.module
    match first:
        case "var":
            return module.variable(second, name.at), 1
        case "local":
            return module.local(second, name.at), 1
        case "path":
            return module.path_value(second, name.at), 1
        case "terraform":
            return _terraform(second, frame, name.at), 1
        case "module":
            return module.calls.value(second, steps, frame)
        case "data" | "resource" | "ephemeral" if len(steps) > 1:
            return _declared(first, second, steps, frame)
        case _:
            return module.resources.value("", first, steps, frame)


def _declared(first: str, kind: str, steps: Steps, frame: Frame) -> tuple[Node, int]:
    """``data.type.name`` and ``resource.type.name``: the same with one word more before it."""
    mode = "" if first == "resource" else f"{first}."
    value, used = frame.module.resources.value(mode, kind, steps[1:], frame)
    return value, used + 1


def _unbound(name: str, frame: Frame, at: Location) -> Node:
    if name == "self":
        return Unknown((Reason("self", at),), at)
    setting = "for_each" if name == "each" else "count"
    raise InputError(
        f"{name} is used where there is no {setting}", at=str(at), hint=f"set {setting} in this block"
    )


def _terraform(name: str, frame: Frame, at: Location) -> Node:
    if name == "workspace":
        return Scalar(frame.module.run.options.workspace, at)
    if name == "applying":
        return Unknown((Reason("terraform.applying", at),), at, identity="terraform.applying", type="bool")
    raise InputError(f"there is no terraform.{name}", at=str(at), hint="there is terraform.workspace")


EVALUATORS[ast.Name] = traversal
EVALUATORS[ast.GetAttribute] = traversal
EVALUATORS[ast.Index] = traversal
