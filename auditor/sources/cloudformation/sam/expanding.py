"""A template of the Serverless Application Model as one of CloudFormation's own types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.cloudformation.sam import library
from auditor.sources.cloudformation.sam.native import (
    application_as_stack,
    mapped,
    natively,
    properties,
    serverless_type,
    with_globals,
)
from auditor.sources.cloudformation.sam.plain import placed, plain
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry, Items, Syntax
from auditor.tree import Gap, GapKind, Location, Scalar

TRANSFORM = "AWS::Serverless-2016-10-31"
INSTALL = "pip install 'netaudit[sam]'"
_NETWORK = "VpcConfig"
_EVENTS = ("Api", "HttpApi", "WebSocketApi", "GraphQLApi")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A template without ``AWS::Serverless`` types, and what is not known of what they stand for."""

    root: Entries
    gaps: tuple[Gap, ...] = ()


def is_serverless(root: Entries) -> bool:
    """Whether a template asks for SAM's transform."""
    found = root.get("Transform")
    return found is not None and TRANSFORM in _names(found.value)


def _names(transform: Syntax) -> tuple[object, ...]:
    match transform:
        case Scalar(value=name):
            return (name,)
        case Items(items=items):
            return tuple(each.value for each in items if isinstance(each, Scalar))
        case _:
            return ()


def expanded(root: Entries) -> Expanded:
    """The template as AWS's library expands it; without the library, what bears on the network of it.

    What it makes of a resource stands at that resource. A ``Ref`` of a parameter stays one, unless the
    library cannot expand the template without a value: then it takes the defaults, and
    at last something for what only a deployment says and bears on no network.
    """
    own = _without_transform(mapped(root, lambda each: (_stack_or_same(each),)))
    if not library.is_installed():
        return Expanded(natively(own), _not_expanded(root))
    found = library.translated(_without_defaults(plain(own)))
    if isinstance(found, library.Refusal):
        found = library.translated(plain(own))
    if isinstance(found, library.Refusal):
        complete = library.translated(plain(own), completed=True)
        found = found if isinstance(complete, library.Refusal) else complete
    if isinstance(found, library.Refusal):
        at = _transform_at(root)
        gap = Gap(GapKind.INVALID, TRANSFORM, at, f"SAM does not expand the template: {found.why}")
        return Expanded(natively(own), (gap,))
    return Expanded(_with_places(found, with_globals(own)))


def _stack_or_same(resource: Entry) -> Entry:
    """AWS's library would ask the Serverless Application Repository for applications."""
    return application_as_stack(resource) if serverless_type(resource.value) == "Application" else resource


def _without_transform(root: Entries) -> Entries:
    return replace(root, entries=tuple(filter(None, map(_without_sam, root.entries))))


def _without_sam(section: Entry) -> Entry | None:
    """A section, ``Transform`` without SAM's own name; None where nothing is left of it."""
    if section.key != "Transform":
        return section
    if not isinstance(section.value, Items):
        return None
    others = tuple(
        each for each in section.value.items if not (isinstance(each, Scalar) and each.value == TRANSFORM)
    )
    return replace(section, value=replace(section.value, items=others)) if others else None


def _without_defaults(template: Any) -> dict[str, Any]:
    """The template with parameters that have no value: what refers to them is left as it is."""
    declared = template.get("Parameters")
    known = declared if isinstance(declared, dict) else {}
    left = {
        name: {key: value for key, value in each.items() if key != "Default"}
        if isinstance(each, dict)
        else each
        for name, each in known.items()
    }
    return {**template, "Parameters": left} if left else template


def _with_places(found: dict[str, Any], own: Entries) -> Entries:
    """What the library gives, with places: the template's own resources at theirs, others at their source."""
    resources = own.get("Resources")
    known = resources.value if resources and isinstance(resources.value, Entries) else None
    entries: list[Entry] = []
    for section in own.entries:
        if section.key == "Resources" and known is not None:
            generated = found.get("Resources") or {}
            placed_ones = tuple(_resource(name, body, known, section.at) for name, body in generated.items())
            entries.append(replace(section, value=replace(known, entries=placed_ones)))
        elif section.key in {"Conditions", "Outputs"} and section.key in found:
            entries.append(replace(section, value=placed(found[section.key], section.value, section.at)))
        elif section.key != "Globals":
            entries.append(section)
    present = {each.key for each in entries}
    extra = (key for key in ("Conditions", "Outputs") if key in found and key not in present)
    entries += [Entry(key, own.at, placed(found[key], None, own.at)) for key in extra]
    return replace(own, entries=tuple(entries))


def _resource(name: str, body: Any, known: Entries, at: Location) -> Entry:
    """A generated resource, at the one that it comes from, whose logical id begins its own."""
    same = known.get(name)
    if same is not None:
        return _as_written(replace(same, value=placed(body, same.value, same.at)), same.value)
    sources = (each for each in known.entries if name.startswith(each.key) and serverless_type(each.value))
    source = max(sources, key=lambda each: len(each.key), default=None)
    place = source.at if source else at
    return Entry(str(name), place, placed(body, None, place))


def _as_written(generated: Entry, source: Syntax) -> Entry:
    """A resource of SAM's in the network that it itself names: the library may have put defaults in."""
    body, at = generated.value, generated.at
    written = properties(source).get(_NETWORK) if isinstance(source, Entries) else None
    if written is None or not serverless_type(source) or not isinstance(body, Entries):
        return generated
    given = properties(body)
    others = (each for each in given.entries if each.key != _NETWORK)
    changed = Entry("Properties", at, replace(given, entries=(*others, written)))
    kept = (each for each in body.entries if each.key != "Properties")
    return replace(generated, value=replace(body, entries=(*kept, changed)))


def _transform_at(root: Entries) -> Location:
    found = root.get("Transform")
    return found.at if found else root.at


def _not_expanded(root: Entries) -> tuple[Gap, ...]:
    """What the native reading leaves out, where there is anything: events, and what APIs consist of."""
    found = root.get("Resources")
    resources = found.value.entries if found and isinstance(found.value, Entries) else ()
    left = [each.key for each in resources if _is_more(each.value)]
    if not left:
        return ()
    what = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
    why = "without AWS's translator, of SAM's resources that alone is read which has a place in the network"
    return (Gap(GapKind.RESOURCE, f"{TRANSFORM} of {what}", _transform_at(root), why, INSTALL),)


def _is_more(resource: Syntax) -> bool:
    kind = serverless_type(resource)
    if kind == "Function" and isinstance(resource, Entries):
        return properties(resource).get("Events") is not None
    return kind in _EVENTS
