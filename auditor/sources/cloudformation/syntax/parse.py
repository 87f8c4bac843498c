"""Bytes of a template, in YAML or JSON, as nodes; what cannot be read as a gap."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import InputError
from auditor.sources.cloudformation.syntax.limits import SIZE_LIMIT, Notes
from auditor.sources.cloudformation.syntax.nodes import Entries, Parsed
from auditor.sources.places import place_of, utf8
from auditor.tree import Gap, GapKind, Location

_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_YAML = (".yaml", ".yml")


def parse(content: bytes, path: str) -> Parsed:
    """The nodes of one template. What it is written in shows in its text, whatever the file is called.

    Never raises: a text that is no template's has no root and one gap, which says what is wrong and where.
    """
    try:
        return _parse(content, path)
    except InputError as error:
        place = place_of(error, Location(path))
        return Parsed(None, (Gap(GapKind.SYNTAX, path, place, error.message, error.hint),))


def _parse(content: bytes, path: str) -> Parsed:
    from auditor.sources.cloudformation.syntax import json_text, yaml_text

    if len(content) > SIZE_LIMIT:
        message = f"a template of {len(content) / 1e6:,.0f} MB"
        raise InputError(message, at=path, hint="CloudFormation takes templates of at most 1 MB")
    text = _text(content, path)
    if not text.lstrip().startswith("{"):
        return _read(yaml_text.read, text, path)
    try:
        return _read(json_text.read, text, path)
    except InputError as error:
        if path.endswith(".json"):
            raise
        in_json = error
    try:
        return _read(yaml_text.read, text, path)
    except InputError as error:
        raise (error if path.endswith(_YAML) else in_json) from None


def _read(reader: Callable[[str, str, Notes], Entries], text: str, path: str) -> Parsed:
    notes = Notes()
    root = reader(text, path, notes)
    return Parsed(root, notes.gaps())


def _text(content: bytes, path: str) -> str:
    encoding = _UTF_16.get(content[:2])
    if encoding is None:
        return utf8(content, path).decode()
    try:
        return content[2:].decode(encoding)
    except UnicodeDecodeError:
        raise InputError(
            "this is not the UTF-16 that it begins as", at=path, hint="save it as UTF-8"
        ) from None
