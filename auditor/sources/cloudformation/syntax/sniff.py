"""Whether a file is a CloudFormation or SAM template, by its begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SECTIONS = frozenset(
    (
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings"),
        *("Conditions", "Transform", "Globals", "Hooks", "Resources", "Outputs"),
    )
)
_MAPS = frozenset(("Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Globals", "Hooks"))
_WORD = re.compile("AWSTemplateFormatVersion|Transform|" + "|".join(sorted(_MAPS | {"Resources"})))
_TYPE = re.compile(
    r"""["']?Type["']?\s*:\s*["']?[A-Za-z0-9]+::[A-Za-z0-9@:_-]+|Fn::(?:ForEach|Transform)\b"""
)
# Types have colons, and where none is seen yet a section comes first: most files of other kinds end here.
_HINTS = (b"::", b"AWSTemplateFormatVersion")
_UTF_16 = {b"\xff\xfe", b"\xfe\xff"}
_FIRST = re.compile(
    rb"""\s*#|[^A-Za-z]{0,99}(?:%s)\b""" % b"|".join(sorted(each.encode() for each in _SECTIONS))
)
_TRANSFORM = re.compile(r"AWS::[A-Za-z]+")
_LINE = re.compile(r"""^([ ]*)(["']?)([A-Za-z][\w:.-]*)\2[ \t]*:(?=\s)""", re.MULTILINE)
_CONTENT = re.compile(r"^(?![ \t]*#|---|%)([ \t]*+)([^\s])", re.MULTILINE)
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)(\s*+:)?|([{\[])|[}\]]|(?<!\w)([A-Za-z]\w*+)\s*+:(?=\s)', re.DOTALL
)
HEAD = 65536  # bytes: a begin that is shorter is the whole file


def is_template(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a template, by all of it or its first ``HEAD`` bytes.

    A template has ``AWSTemplateFormatVersion`` or ``Transform``, or ``Resources`` that are a map with types
    such as ``AWS::EC2::VPC``; where the head ends before these can be seen, nothing but sections of a
    template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """
    if not _may_be(head):
        return False
    text = _text(head)
    if not _WORD.search(text):
        return False
    sections = dict(_sections(text))
    if "AWSTemplateFormatVersion" in sections:
        return True
    if _TRANSFORM.search(sections.get("Transform", "")[:200]):
        return True
    cut = len(head) >= HEAD
    resources = sections.get("Resources")
    if resources is not None:
        return _is_map(resources) and (cut or _TYPE.search(resources) is not None)
    maps = [name for name in _MAPS & sections.keys() if _is_map(sections[name])]
    return cut and sections.keys() <= _SECTIONS and bool(maps)


def _may_be(head: bytes) -> bool:
    return head[:2] in _UTF_16 or any(hint in head for hint in _HINTS) or _FIRST.match(head) is not None


def _text(head: bytes) -> str:
    if head[:2] in _UTF_16:
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The outermost keys with the text of their values, comments and all."""
    found = list(_in_braces(text) if text.lstrip().startswith("{") else _in_lines(text))
    for number, (name, begin) in enumerate(found):
        end = found[number + 1][1] if number + 1 < len(found) else len(text)
        yield name, text[begin:end]


def _in_braces(text: str) -> Iterator[tuple[str, int]]:
    depth = 0
    for token in _TOKEN.finditer(text):
        name = token[1] if token[2] else token[4]
        if name is not None:
            if depth == 1:
                yield name, token.end()
        elif token[3]:
            depth += 1
        elif token[1] is None:
            depth -= 1


def _in_lines(text: str) -> Iterator[tuple[str, int]]:
    first = _CONTENT.search(text)
    if first is None or first[2] in "-[":
        return
    for line in _LINE.finditer(text, first.start()):
        if line[1] == first[1]:
            yield line[3], line.end()


def _is_map(value: str) -> bool:
    """Whether a value begins as a map does, or not at all before the text ends."""
    first = _CONTENT.search(value)
    return first is None or first[2] not in "-[|>"
