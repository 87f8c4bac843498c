"""What a YAML tag makes of the value behind it."""

from __future__ import annotations

import re

from auditor.sources.cloudformation.syntax.limits import Notes, shown
from auditor.sources.cloudformation.syntax.maps import MakeCall
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Items, Syntax
from auditor.sources.cloudformation.syntax.scalars import MakeScalar, plain
from auditor.tree import Location, Scalar

_SHORT = re.compile(r"!([A-Za-z][A-Za-z0-9]*(?:::[A-Za-z0-9]+)*)")
_YAML = "tag:yaml.org,2002:"
STRING = f"{_YAML}str"
_UNPREFIXED = frozenset(("Ref", "Condition"))
_SCALARS: dict[str, tuple[type, ...]] = {
    f"{_YAML}int": (int,),
    f"{_YAML}float": (int, float),
    f"{_YAML}bool": (bool,),
    f"{_YAML}null": (type(None),),
}


def tagged(tag: str, value: Syntax, notes: Notes) -> Syntax:
    """A value with its tag: the call that a short tag is, or the value that a YAML type asks for.

    Nothing else is constructed. What CloudFormation does not know (``!!binary``, ``!!timestamp``, a tag of
    another program's) becomes a call under the tag itself, whose value nobody knows, and is noted.
    """
    if short := _SHORT.fullmatch(tag):
        name = short[1]
        return MakeCall(name if name in _UNPREFIXED else f"Fn::{name}", value, value.at)
    if _is_of_type(tag, value):
        return value
    if isinstance(value, Scalar) and isinstance(value.value, str) and tag in _SCALARS:
        typed = plain(value.value)
        if type(typed) in _SCALARS[tag]:
            return MakeScalar(typed, value.at)
    return _unknown(tag, value, value.at, notes)


def _is_of_type(tag: str, value: Syntax) -> bool:
    match value:
        case Scalar():
            return tag == STRING
        case Items():
            return tag == f"{_YAML}seq"
        case Entries() | Call():
            return tag == f"{_YAML}map"


def _unknown(tag: str, value: Syntax, at: Location, notes: Notes) -> Call:
    name = tag if tag.startswith("!") else f"!<{tag}>"
    if tag.startswith(_YAML):
        name = f"!!{tag.removeprefix(_YAML)}"
    why = "CloudFormation knows no such tag for this value, and what it stands for is not known"
    notes.add(f"the tag {shown(name)}", at, why, "write the value without it")
    return MakeCall(name, value, at)
