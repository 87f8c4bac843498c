"""What of ``AWS::Serverless`` types bears on the network, without AWS's library.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.tree import Location, Scalar

PREFIX = "AWS::Serverless::"
STACK = "AWS::CloudFormation::Stack"
# What each of them is where it is not more than that; all else of it has no interfaces.
TYPES = {
    "Function": "AWS::Lambda::Function",
    "LayerVersion": "AWS::Lambda::LayerVersion",
    "Api": "AWS::ApiGateway::RestApi",
    "HttpApi": "AWS::ApiGatewayV2::Api",
    "WebSocketApi": "AWS::ApiGatewayV2::Api",
    "SimpleTable": "AWS::DynamoDB::Table",
    "StateMachine": "AWS::StepFunctions::StateMachine",
    "GraphQLApi": "AWS::AppSync::GraphQLApi",
}
_FUNCTION = ("FunctionName", "VpcConfig", "Tags", "Role")
_ATTACHED = ("Condition", "DependsOn", "Metadata")
_NONE = Entries((), Location(""))


def natively(root: Entries) -> Entries:
    """The template with each of its ``AWS::Serverless`` resources as what it is in the first place."""
    return mapped(with_globals(root), _resources)


def with_globals(root: Entries) -> Entries:
    """The template with what ``Globals`` says in each of the resources that it is said of."""
    shared = _globals(root)

    def change(resource: Entry) -> tuple[Entry]:
        kind, body = serverless_type(resource.value), resource.value
        if kind not in shared or not isinstance(body, Entries):
            return (resource,)
        given = properties(body)
        whole = Entry("Properties", given.at, merged_maps(shared[kind], given))
        others = (each for each in body.entries if each.key != "Properties")
        return (replace(resource, value=replace(body, entries=(*others, whole))),)

    return mapped(root, change)


def mapped(root: Entries, change: Callable[[Entry], Iterable[Entry]]) -> Entries:
    """The template with each of its resources as those that ``change`` makes of it."""
    sections = (
        replace(each, value=replace(each.value, entries=tuple(_changed(each.value, change))))
        if each.key == "Resources" and isinstance(each.value, Entries)
        else each
        for each in root.entries
    )
    return replace(root, entries=tuple(sections))


def _changed(section: Entries, change: Callable[[Entry], Iterable[Entry]]) -> Iterator[Entry]:
    for resource in section.entries:
        yield from change(resource)


def serverless_type(resource: Syntax) -> str:
    """The name of a resource's type after ``AWS::Serverless::``; empty for any other type."""
    kind = resource.get("Type") if isinstance(resource, Entries) else None
    text = kind.value.value if kind and isinstance(kind.value, Scalar) else None
    return text.removeprefix(PREFIX) if isinstance(text, str) and text.startswith(PREFIX) else ""


def application_as_stack(resource: Entry) -> Entry:
    """An ``AWS::Serverless::Application`` as the nested stack that it is."""
    body = resource.value
    assert isinstance(body, Entries)  # noqa: S101 -- it has a type
    given = properties(body)
    renamed = {"Location": "TemplateURL"}
    kept = tuple(replace(each, key=renamed.get(each.key, each.key)) for each in given.entries)
    return replace(resource, value=_with(body, STACK, replace(given, entries=kept)))


def properties(resource: Entries) -> Entries:
    """The properties of a resource; none where they are no map."""
    found = resource.get("Properties")
    return found.value if found and isinstance(found.value, Entries) else replace(_NONE, at=resource.at)


def _resources(resource: Entry) -> Iterator[Entry]:
    kind, body = serverless_type(resource.value), resource.value
    if not kind or not isinstance(body, Entries):
        yield resource
        return
    own = properties(body)
    match kind:
        case "Application":
            yield application_as_stack(resource)
        case "Function":
            yield replace(resource, value=_with(body, TYPES[kind], _function(own)))
            yield from _address(resource, body, own)
        case "CapacityProvider":
            yield replace(resource, value=_with(body, "AWS::Lambda::CapacityProvider", own))
        case "Connector":
            return
        case _:
            yield replace(resource, value=_with(body, TYPES[kind], own)) if kind in TYPES else resource


def _function(given: Entries) -> Entries:
    kept = (each for each in given.entries if each.key in _FUNCTION)
    return replace(given, entries=tuple(_listed(each) if each.key == "Tags" else each for each in kept))


def _listed(tags: Entry) -> Entry:
    """The tags of SAM, which are a map, as the list of Lambda's."""
    if not isinstance(tags.value, Entries):
        return tags
    items = tuple(
        Entries((Entry("Key", each.at, Scalar(each.key, each.at)), replace(each, key="Value")), each.at)
        for each in tags.value.entries
    )
    return replace(tags, value=Items(items, tags.value.at))


def _address(resource: Entry, body: Entries, given: Entries) -> Iterator[Entry]:
    """The URL of a function that asks for one, under the logical id that SAM gives it."""
    found = given.get("FunctionUrlConfig")
    if found is None or not isinstance(found.value, Entries):
        return
    target = Entry("TargetFunctionArn", found.at, Call("Ref", Scalar(resource.key, found.at), found.at))
    entries = replace(found.value, entries=(target, *found.value.entries))
    kept = tuple(each for each in body.entries if each.key == "Condition")
    url = _with(replace(body, entries=kept), "AWS::Lambda::Url", entries)
    yield Entry(f"{resource.key}Url", resource.at, url)


def _with(resource: Entries, kind: str, given: Entries) -> Entries:
    kept = (each for each in resource.entries if each.key in _ATTACHED or each.key.endswith("Policy"))
    stated = resource.get("Type")
    at = stated.at if stated else resource.at
    type_ = Entry("Type", at, Scalar(kind, stated.value.at if stated else at))
    return replace(resource, entries=(type_, *kept, Entry("Properties", given.at, given)))


def _globals(root: Entries) -> dict[str, Entries]:
    """What ``Globals`` says of each type.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    found = root.get("Globals")
    sections = found.value.entries if found and isinstance(found.value, Entries) else ()
    return {each.key: each.value for each in sections if isinstance(each.value, Entries)}


def merged(shared: Syntax, own: Syntax) -> Syntax:
    """A value of ``Globals`` under a resource's own: maps are merged, lists joined, else its own counts."""
    match shared, own:
        case Entries(), Entries():
            return merged_maps(shared, own)
        case Items(), Items():
            return replace(own, items=(*shared.items, *own.items))
        case _:
            return own


def merged_maps(shared: Entries, own: Entries) -> Entries:
    """The same for two maps."""
    both = (
        replace(each, value=merged(known.value, each.value)) if (known := shared.get(each.key)) else each
        for each in own.entries
    )
    others = (each for each in shared.entries if own.get(each.key) is None)
    return replace(own, entries=(*both, *others))
