"""Encodings: JSON, CSV, base64, URLs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_nodes, over_values, to_node, to_python
from auditor.sources.terraform.values import CallSite, format_number, unknown_call
from auditor.sources.terraform.values.primitive import parse_number
from auditor.sources.values import is_wholly_known
from auditor.tree import Node, Precise

_GO_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def json_text(value: Any) -> str:
    """The value as JSON in the one way in which Terraform writes it: no spaces, sorted keys, Go's escapes."""
    match value:
        case bool() | None:
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return json.dumps(value, ensure_ascii=False).translate(_GO_ESCAPES)
        case int() | float() | Precise():
            return format_number(value)
        case Mapping():
            return f"{{{','.join(f'{json_text(key)}:{json_text(value[key])}' for key in sorted(value))}}}"
        case _:
            return f"[{','.join(map(json_text, value))}]"


@over_nodes(nullable=["val"])
def jsonencode(site: CallSite, val: Node) -> Node:
    if not is_wholly_known(val):
        return unknown_call(site, (val,), "string")
    return to_node(json_text(to_python(val)), site.at)


def _refuse(constant: str) -> Any:
    raise InputError(f"invalid JSON: {constant} is not a value")


@over_values
def jsondecode(str_: str) -> Any:
    try:
        return json.loads(str_, parse_int=parse_number, parse_float=parse_number, parse_constant=_refuse)
    except json.JSONDecodeError as problem:
        raise InputError(f"invalid JSON: {problem}") from None
    except RecursionError:
        raise InputError("invalid JSON: nested too deeply") from None


_CSV_FIELD = r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\Z)'


def _csv_lines(text: str) -> Iterator[list[str]]:
    pattern, position = re.compile(_CSV_FIELD), 0
    line: list[str] = []
    while position < len(text) or line:
        field = pattern.match(text, position)
        if field is None:
            raise InputError("CSV parse error: a quote or a line end where none may be")
        quoted, bare, end = field.groups()
        line.append(bare if quoted is None else quoted.replace('""', '"'))
        position = field.end()
        if end != ",":
            if line != [""] or quoted is not None:
                yield line
            line = []


@over_values
def csvdecode(str_: str) -> Any:
    lines = list(_csv_lines(str_))
    if not lines:
        raise InputError("missing header line")
    header, *rows = lines
    if len(set(header)) < len(header):
        raise InputError("duplicate column names in the header line")
    if any(len(row) != len(header) for row in rows):
        raise InputError(
            "CSV parse error: wrong number of fields: all lines must have as many as the header line"
        )
    return tuple(dict(zip(header, row, strict=True)) for row in rows)


def encoded(content: bytes) -> str:
    """The bytes in base64."""
    import base64

    return base64.b64encode(content).decode()


@over_values
def base64encode(str_: str) -> str:
    return encoded(str_.encode())


def _decode(text: str, argument: str) -> bytes:
    import base64

    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        raise InputError(f'invalid value for "{argument}" parameter: failed to decode base64 data') from None


@over_values
def base64decode(str_: str) -> str:
    try:
        return _decode(str_, "str").decode()
    except UnicodeDecodeError:
        raise InputError("the result of decoding the provided string is not valid UTF-8") from None


@over_nodes({"str_": "string"})
def base64gzip(site: CallSite, str_: Node) -> Node:
    """Not known: its bytes depend on the compressor."""
    return unknown_call(site, (str_,), "string")


def _codec(name: str) -> str:
    import codecs

    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        raise InputError(f'"{name}" is not a supported IANA encoding name or alias') from None
    return found


@over_values
def textencodebase64(string: str, encoding: str) -> str:
    try:
        codec = _codec(encoding)
        mark = "\ufeff" if codec == "utf-16" else ""
        return encoded(f"{mark}{string}".encode("utf-16-be" if mark else codec))
    except UnicodeEncodeError:
        raise InputError(
            f"the given string contains characters that cannot be represented in {encoding}"
        ) from None


@over_values
def textdecodebase64(source: str, encoding: str) -> str:
    try:
        content, codec = _decode(source, "source"), _codec(encoding)
        if codec == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            codec = "utf-16-be"
        return content.decode(codec)
    except UnicodeDecodeError:
        raise InputError(f"the provided string contains bytes that are not valid in {encoding}") from None


@over_values
def urlencode(str_: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(str_)
