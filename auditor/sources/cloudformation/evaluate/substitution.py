"""The identifier of an ``Fn::ForEach`` replaced in what the loop repeats.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from dataclasses import replace

from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.tree import Scalar

MANY = "[*]"


def substituted(syntax: Syntax, identifier: str, text: str) -> Syntax:
    """Syntax with ``${identifier}``, ``&{identifier}`` and ``Ref`` of it replaced by a known text.

    ``&{identifier}`` is the text without what may not stand in a logical id.
    """
    match syntax:
        case Scalar(value=str() as value):
            found = filled(value, identifier, text)
            return syntax if found == value else replace(syntax, value=found)
        case Scalar():
            return syntax
        case Items():
            return replace(
                syntax, items=tuple([substituted(item, identifier, text) for item in syntax.items])
            )
        case Entries():
            entries = [
                Entry(filled(e.key, identifier, text), e.at, substituted(e.value, identifier, text))
                for e in syntax.entries
            ]
            return replace(syntax, entries=tuple(entries))
        case Call():
            if names(syntax, identifier):
                return Scalar(text, syntax.at)
            name = filled(syntax.name, identifier, text)
            return Call(name, substituted(syntax.argument, identifier, text), syntax.at)


def names(call: Call, identifier: str) -> bool:
    """Whether a call is ``Ref`` of the identifier."""
    argument = call.argument
    return call.name == "Ref" and isinstance(argument, Scalar) and argument.value == identifier


def filled(value: str, identifier: str, text: str) -> str:
    """A text with the identifier's places filled."""
    if "{" not in value:
        return value
    plain = "".join([sign for sign in text if sign.isalnum()])
    return value.replace(f"${{{identifier}}}", text).replace(f"&{{{identifier}}}", plain)


def opened(syntax: Syntax, identifier: str) -> Syntax:
    """Syntax where the identifier's value is not known: texts that hold it are put together by functions.

    In keys ``[*]`` stands for it, since one such key stands for many.
    """
    match syntax:
        case Scalar(value=str() as value):
            return _joined(value, identifier, syntax)
        case Scalar():
            return syntax
        case Items():
            return replace(syntax, items=tuple([opened(item, identifier) for item in syntax.items]))
        case Entries():
            entries = [
                Entry(_starred(e.key, identifier), e.at, opened(e.value, identifier)) for e in syntax.entries
            ]
            return replace(syntax, entries=tuple(entries))
        case Call():
            return Call(_starred(syntax.name, identifier), _opened_argument(syntax, identifier), syntax.at)


def _opened_argument(call: Call, identifier: str) -> Syntax:
    """``Fn::Sub`` and ``Ref`` find the identifier by its name."""
    argument = call.argument
    if names(call, identifier):
        return argument
    if call.name == "Fn::Sub" and isinstance(argument, Scalar):
        return argument
    if call.name == "Fn::Sub" and isinstance(argument, Items):
        text, *rest = argument.items or (argument,)
        return replace(argument, items=(text, *(opened(each, identifier) for each in rest)))
    return opened(argument, identifier)


def _starred(value: str, identifier: str) -> str:
    return value.replace(f"${{{identifier}}}", MANY).replace(f"&{{{identifier}}}", MANY)


def _joined(value: str, identifier: str, node: Scalar) -> Syntax:
    marked = value.replace(f"&{{{identifier}}}", f"${{{identifier}}}")
    pieces = marked.split(f"${{{identifier}}}")
    if len(pieces) == 1:
        return node
    items: list[Syntax] = [Scalar(pieces[0], node.at)]
    for piece in pieces[1:]:
        items += [Call("Ref", Scalar(identifier, node.at), node.at), Scalar(piece, node.at)]
    arguments = Items((Scalar("", node.at), Items(tuple(items), node.at)), node.at)
    return Call("Fn::Join", arguments, node.at)
