"""Names and what is reached from them: ``var.x``, ``aws_vpc.main.id``, ``module.net.ids[0]``."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.access import attribute, index
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.syntax import ast
from auditor.sources.values import passed
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
        if frame.module.run.assumed is not None:
            value = frame.module.run.assumed.settle(value)
    for step in steps[used:]:
        value = take(value, step, frame)
    # A stand-in has no places of its own: a value of the call stays where the call has it.
    return value if frame.module.standing is not None else passed(value, expression.at)


def take(value: Node, step: ast.GetAttribute | ast.Index, frame: Frame) -> Node:
    """One step of a traversal."""
    run = frame.module.run
    if isinstance(step, ast.GetAttribute):
        found = attribute(run, value, step.name, step.at)
    else:
        found = index(run, value, evaluate(step.key, frame), step.at)
    return found if run.assumed is None else run.assumed.settle(found)


def _root(name: ast.Name, steps: Steps, frame: Frame) -> tuple[Node, int]:
    """The value of the first steps from a name, and how many they are."""
    first = name.name
    if frame.isolated:
        raise InputError(
            f"{first} cannot be named here", at=str(name.at), hint="a template sees its variables alone"
        )
    if first in {"each", "count", "self"}:
        return _unbound(first, name.at), 0
    step = steps[0] if steps else None
    if not isinstance(step, ast.GetAttribute):
        hint = "a reference is var.name, local.name, or a resource's type and name"
        raise InputError(f"{first} alone is no value", at=str(name.at), hint=hint)
    found = _single(first, step.name, frame, name.at)
    return (found, 1) if found is not None else _declared(first, step.name, steps, frame)


def _single(first: str, second: str, frame: Frame, at: Location) -> Node | None:
    """The value of a name of two words; None where the first one names a block."""
    module = frame.module
    match first:
        case "var":
            return module.variable(second, at)
        case "local":
            return module.local(second, at)
        case "path":
            return module.path_value(second, at)
        case "terraform":
            return _terraform(second, frame, at)
        case _:
            return None


def _declared(first: str, second: str, steps: Steps, frame: Frame) -> tuple[Node, int]:
    """The value of a block's address: ``data.type.name`` and ``resource.type.name`` have one word more."""
    module = frame.module
    if first == "module":
        return module.calls.value(second, steps, frame)
    if first in {"data", "resource", "ephemeral"} and len(steps) > 1:
        mode = "" if first == "resource" else f"{first}."
        value, used = module.resources.value(mode, second, steps[1:], frame)
        return value, used + 1
    return module.resources.value("", first, steps, frame)


def _unbound(name: str, at: Location) -> Node:
    if name == "self":
        return Unknown((Reason("self", at),), at)
    setting = "for_each" if name == "each" else "count"
    raise InputError(
        f"{name} is used where there is no {setting}", at=str(at), hint=f"set {setting} in this block"
    )


def _terraform(name: str, frame: Frame, at: Location) -> Node:
    if name == "workspace":
        return Scalar(frame.module.run.workspace, at)
    if name == "applying":
        return Unknown((Reason("terraform.applying", at),), at, identity="terraform.applying", type="bool")
    raise InputError(f"there is no terraform.{name}", at=str(at), hint="there is terraform.workspace")


EVALUATORS[ast.Name] = traversal
EVALUATORS[ast.GetAttribute] = traversal
EVALUATORS[ast.Index] = traversal
