"""Templates in JSON (ECMA-404)."""

from __future__ import annotations

from auditor.errors import InputError
from auditor.sources.cloudformation.syntax.limits import DEEP, NODE_LIMIT, Notes, too_many
from auditor.sources.cloudformation.syntax.maps import MakeEntry, MakeItems, called, entries
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry, Syntax
from auditor.sources.cloudformation.syntax.scalars import MakeScalar, json_number
from auditor.sources.json_text import Forms, read_json
from auditor.tree import Location


def read(text: str, path: str, notes: Notes) -> Entries:
    """The map that a text holds. Raises ``InputError`` where it is not JSON or holds no map."""
    if sum(map(text.count, ",:[{")) > NODE_LIMIT:
        raise too_many(Location(path))
    outermost: Entries | None = None

    def of_members(members: tuple[Entry, ...], at: Location) -> Syntax:
        nonlocal outermost
        outermost = entries(members, at, notes)  # the last that is made holds all others
        return called(outermost)

    root = read_json(text, path, Forms(MakeScalar, json_number, MakeItems, MakeEntry, of_members, DEEP))
    if outermost is None or root.at != outermost.at:
        raise InputError("a template is a map, and this is none", at=str(root.at))
    return outermost
