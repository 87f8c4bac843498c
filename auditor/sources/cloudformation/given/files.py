"""Files of parameters, in all shapes that tools take them in.

The AWS CLI's list: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
CodePipeline's template configuration:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
The SAM CLI's configuration:
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor import disk
from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.tree import Location

_LARGEST = 50_000_000
_SHAPES = (
    "a list of ParameterKey and ParameterValue, a map of names to values, the same under Parameters, "
    "or SAM's samconfig.toml"
)
_PAIR = re.compile(r"ParameterKey=(.*?),ParameterValue=(.*)", re.DOTALL)
_SAM = ("deploy", "global")


@dataclass(frozen=True, slots=True)
class FileValue:
    """One value of a file. ``text`` is None where the file leaves it open (``UsePreviousValue``)."""

    name: str
    text: str | None
    at: Location


def read_parameter_file(path: str) -> tuple[FileValue, ...]:
    """The values in a file of parameters. InputError where it cannot be read, or has none of the shapes."""
    try:
        text = disk.content(path, _LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the parameters: {error.strerror}", at=path) from None
    except UnicodeDecodeError:
        raise InputError("the parameters are not in UTF-8", at=path) from None
    content = _decoded(text, path)
    sam = _sam(content)
    pairs = _overrides(sam) if sam is not None else _pairs(content, path)
    return tuple(FileValue(name, value, _place(name, text, path)) for name, value in pairs)


def _decoded(text: str, path: str) -> Any:
    import json
    import tomllib

    try:
        if path.endswith(".toml"):
            return tomllib.loads(text)
        if text.lstrip()[:1] in {"{", "["}:
            return json.loads(text)
        return _yaml(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        at = str(Location(path, line, getattr(error, "colno", 0)) if line else path)
        raise InputError(f"the parameters cannot be read: {error}", at=at, hint=f"write {_SHAPES}") from None


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error).splitlines()[0]) from None


def _pairs(content: Any, path: str) -> Iterator[tuple[str, str | None]]:
    if isinstance(content, dict) and isinstance(content.get("Parameters"), dict | list):
        content = content["Parameters"]
    if isinstance(content, dict):
        yield from ((str(name), as_text(value)) for name, value in content.items())
        return
    if not isinstance(content, list):
        raise InputError("no file of parameters", at=path, hint=f"write {_SHAPES}")
    for each in content:
        if isinstance(each, dict) and isinstance(each.get("ParameterKey"), str):
            yield each["ParameterKey"], _listed(each)
        elif isinstance(each, str) and "=" in each:
            name, _, value = each.partition("=")
            yield name, value
        else:
            raise InputError("no list of parameters", at=path, hint=f"write {_SHAPES}")


def _listed(pair: Mapping[str, Any]) -> str | None:
    return None if pair.get("UsePreviousValue") is True else as_text(pair.get("ParameterValue"))


def as_text(value: object) -> str | None:
    """A value as CloudFormation takes it, as text; None for what only a deployment works out."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case [*items]:
            texts = [as_text(item) for item in items]
            return None if None in texts else ",".join(text for text in texts if text is not None)
        case _:
            return None


def _sam(content: Any) -> Mapping[str, Any] | None:
    """The parameters of SAM's command ``deploy`` in the environment ``default``; None for another file."""
    default = content.get("default") if isinstance(content, dict) else None
    if not isinstance(default, dict):
        return None
    found: dict[str, Any] = {}
    for command in reversed(_SAM):
        given = default.get(command)
        parameters = given.get("parameters") if isinstance(given, dict) else None
        found |= parameters if isinstance(parameters, dict) else {}
    return found


def _overrides(sam: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    import shlex

    given = sam.get("parameter_overrides")
    words = shlex.split(given) if isinstance(given, str) else given if isinstance(given, list) else ()
    if isinstance(given, dict):
        yield from ((str(name), as_text(value)) for name, value in given.items())
    for word in words:
        pair = _PAIR.fullmatch(str(word))
        name, _, value = str(word).partition("=")
        yield (pair[1], pair[2]) if pair else (name, value.strip("\"'"))
    for key, name in (("region", "AWS::Region"), ("stack_name", "AWS::StackName")):
        if isinstance(sam.get(key), str):
            yield name, sam[key]


def _place(name: str, text: str, path: str) -> Location:
    """Where a file first has a name: as a key, as a key's value, or in a list of overrides."""
    if name.startswith("AWS::") and path.endswith(".toml"):
        name = "region" if name == "AWS::Region" else "stack_name"
    word = re.escape(name)
    found = re.search(rf"""(?:ParameterKey["']?\s*[:=]\s*["']?|(?<![\w.:-])){word}(?![\w-])""", text)
    if not found:
        return Location(path)
    start = found.end() - len(name)
    line = text.count("\n", 0, start) + 1
    return Location(path, line, start - (text.rfind("\n", 0, start) + 1) + 1)
