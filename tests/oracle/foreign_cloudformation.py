"""Evaluates templates with moto, and expands loops with cfn-lint: run by a Python that has both.

Takes JSON ``{"values": [template, …], "loops": [template, …]}`` (YAML texts) on standard input. Gives for
each of ``values`` the properties of the resource ``It`` or the error, and for each of ``loops`` the template.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import yaml
from cfnlint.decode import decode_str
from cfnlint.template import Template
from cfnlint.template.transforms._language_extensions import language_extension
from moto.cloudformation.parsing import ResourceMap, clean_json
from moto.cloudformation.utils import yaml_tag_constructor

yaml.add_multi_constructor("", yaml_tag_constructor)


def evaluated(text: str) -> Any:
    template = yaml.load(text, Loader=yaml.Loader)  # noqa: S506 - as moto loads it, of our own templates
    known = ResourceMap(
        "arn:aws:cloudformation:us-east-1:123456789012:stack/net/1",
        "net",
        {"Items": "x,y,z"},
        {},
        "us-east-1",
        "123456789012",
        template,
        {},
    )
    known.load_mapping()
    known.load_parameters()
    known.load_conditions()
    return clean_json(template["Resources"]["It"]["Properties"], known)


def attempted(text: str) -> Any:
    try:
        return {"value": evaluated(text)}
    except Exception as error:
        return {"error": repr(error)}


def expanded(text: str) -> Any:
    decoded, matches = decode_str(text)
    problems, found = language_extension(Template("net.yaml", decoded, ["us-east-1"]))
    return {"error": str(matches + problems)} if matches or problems else {"value": found}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answers = {
        "values": [attempted(text) for text in asked["values"]],
        "loops": [expanded(text) for text in asked["loops"]],
    }
    json.dump(answers, sys.stdout, default=str)
