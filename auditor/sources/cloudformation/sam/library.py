"""A template as AWS's own translator expands it: https://github.com/aws/serverless-application-model."""

from __future__ import annotations

import copy
import importlib.util
import logging
import os
import sys
from typing import Any

from auditor import disk
from auditor.frozen import dataclass

_NAME = "samtranslator"
# The library asks for one where it writes partitions and endpoints, which bear on no network.
_REGION = "us-east-1"
# These it puts in wherever they are named. As they are written in Fn::Sub, they can be told afterwards.
_KEPT = {name: f"${{{name}}}" for name in ("AWS::Region", "AWS::Partition")}

_HEAD = 4096
_SERVERLESS = "AWS::Serverless::"
_LOCAL = frozenset({"CodeUri", "ContentUri", "DefinitionUri", "SchemaUri"})
_CODE = frozenset({"CodeUri", "InlineCode", "ImageUri"})
_IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/image:tag"
_BUCKET = "s3://bucket/key"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the library does not expand a template."""

    why: str


def is_installed() -> bool:
    """Whether the library is at hand (the extra ``sam``)."""
    for folder in sys.path:
        disk.kind(os.path.join(folder, _NAME))  # noqa: PTH118 -- noted: an answer rests on whether it is there
    found = importlib.util.find_spec(_NAME)
    if found is not None and found.origin is not None:
        disk.head(found.origin, _HEAD)  # it holds the version
    return found is not None


def translated(template: dict[str, Any], *, completed: bool = False) -> dict[str, Any] | Refusal:
    """The template with the resources that its ``AWS::Serverless`` ones stand for.

    If ``completed``, what is known only when it is deployed, and bears on no network, is made up.

    No credentials are looked at, and nothing is asked of the network. A refusal where the library finds the
    template wrong, or fails.
    """
    from types import SimpleNamespace

    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.utils.py27hash_fix import (
        to_py27_compatible_template,
        undo_mark_unicode_str_in_template,
    )

    # It warns of what its own service would do; without a handler that would reach the user's terminal.
    logging.getLogger(_NAME).setLevel(logging.CRITICAL)
    given, values = _packaged(copy.deepcopy(template), completed=completed), dict[str, Any](_KEPT)
    try:
        to_py27_compatible_template(given, values)
        translator = Translator({}, Parser(), boto_session=SimpleNamespace(region_name=_REGION))
        found = translator.translate(given, parameter_values=values, get_managed_policy_map=dict)
        expanded: dict[str, Any] = _named(undo_mark_unicode_str_in_template(found))
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes)
        return Refusal(causes or str(error.message))
    except Exception as error:  # what is foreign may fail as it likes; the template is then read natively
        return Refusal(f"AWS's translator fails: {str(error) or type(error).__name__}")
    return expanded


def _named(value: Any) -> Any:
    """What was translated, with the pseudo parameters named again that were put in."""
    match value:
        case {"Fn::Sub": [text, variables]} if len(value) == 1:
            return {"Fn::Sub": [text, _named(variables)]}
        case {"Fn::Sub": str()} if len(value) == 1:
            return value
        case {**pairs}:
            return {key: _named(each) for key, each in pairs.items()}
        case [*items]:
            return [_named(each) for each in items]
        case str():
            whole = next((name for name, kept in _KEPT.items() if value == kept), None)
            if whole is not None:
                return {"Ref": whole}
            return {"Fn::Sub": value} if any(kept in value for kept in _KEPT.values()) else value
        case _:
            return value


def _packaged(template: dict[str, Any], *, completed: bool) -> dict[str, Any]:
    """The template with its code in a bucket, where ``sam package`` would put it: the library wants that.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-package.html
    """
    resources, shared = template.get("Resources"), template.get("Globals")
    bodies = resources.values() if isinstance(resources, dict) else ()
    for body in bodies:
        kind = body.get("Type") if isinstance(body, dict) else None
        if isinstance(kind, str) and kind.startswith(_SERVERLESS):
            given = body.setdefault("Properties", {})
            if isinstance(given, dict):
                _upload(given)
                if kind == f"{_SERVERLESS}Function" and completed:
                    _complete(given, template)
                elif kind == f"{_SERVERLESS}Function" and not given.keys() & _CODE:
                    given["CodeUri"] = _BUCKET
    for given in shared.values() if isinstance(shared, dict) else ():
        if isinstance(given, dict):
            _upload(given)
    return template


def _complete(function: dict[str, Any], template: dict[str, Any]) -> None:
    """Gives a function what the library must know to expand it, and what bears on no network."""
    if not function.keys() & _CODE:
        of_image = function.get("PackageType") == "Image"
        function["ImageUri" if of_image else "CodeUri"] = _IMAGE if of_image else _BUCKET
    if not _known(function.get("AutoPublishAlias", ""), template):
        function["AutoPublishAlias"] = "alias"
    if not _known(function.get("AutoPublishCodeSha256", ""), template):
        del function["AutoPublishCodeSha256"]


def _known(value: Any, template: dict[str, Any]) -> bool:
    """Whether a value is written out, or the default of a parameter."""
    match value:
        case {"Ref": str(name)}:
            parameters = template.get("Parameters")
            found = parameters.get(name) if isinstance(parameters, dict) else None
            return isinstance(found, dict) and "Default" in found
        case _:
            return isinstance(value, str)


def _upload(given: dict[str, Any]) -> None:
    for name in _LOCAL & given.keys():
        if not isinstance(given[name], str) or not given[name].startswith("s3://"):
            given[name] = _BUCKET
