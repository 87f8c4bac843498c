"""The functions that ask AWS for properties of parameters, in rules alone: what they give is not known."""

from __future__ import annotations

from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.syntax.nodes import Call
from auditor.tree import Node, Reason, Unknown


def ref_all(call: Call, frame: Frame) -> Node:
    """``Fn::RefAll``: the values of all parameters of one type."""
    return _asked(call, frame)


def value_of(call: Call, frame: Frame) -> Node:
    """``Fn::ValueOf`` and ``Fn::ValueOfAll``: an attribute of what parameters name."""
    return _asked(call, frame)


def _asked(call: Call, frame: Frame) -> Node:
    return Unknown((Reason(f"{call.name} in {frame.label}", call.at, "a snapshot"),), call.at)
