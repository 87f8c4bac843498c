"""YAML, as Terraform reads and writes it (https://github.com/zclconf/go-cty-yaml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import over_nodes, over_values, to_node, to_python
from auditor.sources.terraform.values import CallSite, format_number, unknown_call
from auditor.sources.terraform.values.primitive import parse_number
from auditor.sources.values import is_wholly_known
from auditor.tree import Node

_MOST_NODES = 100_000
_TAG = "tag:yaml.org,2002:"
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("~", "null", "Null", "NULL", ""), None),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"), False),
}
_BASED = r"0(?:(o)([0-7]+)|(x)([0-9A-Fa-f]+))"
_INFINITE = r"[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_MOMENT = r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?)?"
_BLOCK_TEXT = (
    r"(?:[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]*\n)+[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*"
)


@over_values
def yamldecode(src: str) -> Any:
    """The value of the one document; InputError for several, unknown tags, and aliases without end."""
    import yaml

    try:
        root = yaml.compose(src, Loader=yaml.SafeLoader)
        if root is None:
            raise InputError("missing start of document")
        return _Composition(yaml).read(root)
    except yaml.YAMLError as problem:
        raise InputError(f"invalid YAML: {' '.join(str(problem).split())}") from None
    except RecursionError:
        raise InputError("invalid YAML: nested too deeply, or an alias within itself") from None


class _Composition:
    """Reads the nodes of one document, and counts them: an alias costs as much as what it stands for."""

    def __init__(self, yaml: Any) -> None:
        self.yaml = yaml
        self.seen = 0

    def read(self, node: Any) -> Any:
        self.seen += 1
        if self.seen > _MOST_NODES:
            raise InputError(f"the document has more than {_MOST_NODES} values, with its aliases written out")
        if isinstance(node, self.yaml.ScalarNode):
            return _scalar(node)
        if not node.tag.startswith(_TAG):
            raise InputError(f'unsupported tag "{node.tag}"')
        if isinstance(node, self.yaml.SequenceNode):
            return tuple(self.read(item) for item in node.value)
        if node.tag != f"{_TAG}map":
            raise InputError(f"can't interpret mapping as {node.tag}")
        return self._mapping(node)

    def _mapping(self, node: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == f"{_TAG}merge":
                parts = value.value if isinstance(value, self.yaml.SequenceNode) else [value]
                for part in parts:
                    result.update(self._mapping(part))
            elif isinstance(key, self.yaml.ScalarNode):
                result[key.value] = self.read(value)
            else:
                raise InputError("only strings are allowed as mapping keys")
        return result


def _scalar(node: Any) -> Any:
    kind = node.tag.removeprefix(_TAG)
    if kind == node.tag:
        raise InputError(f'unsupported tag "{node.tag}"')
    if node.style is not None or kind == "binary":
        return node.value
    return node.value if _is_forced_text(node) else plain(node.value)


def _is_forced_text(node: Any) -> bool:
    """Whether a tag says that a plain text is a string though it reads as something else."""
    mark = node.start_mark
    return bool(mark.buffer) and mark.buffer[mark.pointer :].startswith("!!str")


def plain(text: str) -> Any:
    """What a plain scalar stands for: null, a boolean, a number, a timestamp, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if based := re.fullmatch(_BASED, text):
        return int(based[2], 8) if based[1] else int(based[4], 16)
    if re.fullmatch(_INFINITE, text):
        raise InputError(f"{text} is not a number that can be used")
    number = parse_number(text)
    if number is not None:
        return number
    return _moment(text) or text


def _moment(text: str) -> str | None:
    found = re.fullmatch(_MOMENT, text)
    if found is None or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[3]) <= 31:
        return None
    clock = (found[4] or "00:00:00").rjust(8, "0")
    zone = found[5] or "Z"
    zone = zone if zone == "Z" or ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}T{clock}{zone}"


@over_nodes(nullable=["value"])
def yamlencode(site: CallSite, value: Node) -> Node:
    """The value in block style, each string in double quotes, or as a block where it has several lines."""
    if not is_wholly_known(value):
        return unknown_call(site, (value,), "string")
    import yaml

    text = yaml.serialize(_compose(yaml, to_python(value)), allow_unicode=True, Dumper=yaml.SafeDumper)
    return to_node(text.removesuffix("...\n") if text.startswith("|") else text, site.at)


def _compose(yaml: Any, value: Any) -> Any:
    match value:
        case Mapping():
            pairs = [(_compose(yaml, key), _compose(yaml, value[key])) for key in sorted(value)]
            return yaml.MappingNode(f"{_TAG}map", pairs, flow_style=not pairs)
        case tuple():
            items = [_compose(yaml, item) for item in value]
            return yaml.SequenceNode(f"{_TAG}seq", items, flow_style=not items)
        case str():
            style = "|" if _is_block(value) else '"'
            return yaml.ScalarNode(f"{_TAG}str", value, style=style)
        case bool() | None:
            word = {None: "null", True: "true", False: "false"}[value]
            return yaml.ScalarNode(f"{_TAG}{'null' if value is None else 'bool'}", word)
        case number:
            kind = "int" if isinstance(number, int) else "float"
            return yaml.ScalarNode(f"{_TAG}{kind}", format_number(number))


def _is_block(text: str) -> bool:
    return bool(re.fullmatch(_BLOCK_TEXT, text)) and " \n" not in text and not text.endswith(" ")
