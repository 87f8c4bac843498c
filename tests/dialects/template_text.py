"""A template that is being written: each text in one of the ways that there are to write it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """The text of a template, and the values of its parameters that have no default."""

    text: str
    values: tuple[tuple[str, str], ...]


@dataclass
class Writing:
    """A template that is being written. Where ``open`` is above 0, so many of its values are parameters."""

    dice: Random
    open: float = 0.0
    resources: dict[str, Body] = field(default_factory=dict)
    parameters: dict[str, Body] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, kind: str, properties: Body, **more: Any) -> None:
        self.resources[name] = {"Type": f"AWS::{kind}", "Properties": properties, **more}

    def parameter(self, value: str) -> Body:
        name = f"P{len(self.parameters)}"
        self.parameters[name] = {"Type": "String"}
        if self.dice.random() < self.open:
            self.values[name] = value
        else:
            self.parameters[name]["Default"] = value
        return {"Ref": name}

    def text(self, value: str) -> Any:
        """``value``, written in some way."""
        match self.dice.randrange(10):
            case 0:
                return self.parameter(value)
            case 1:
                return {"Fn::Sub": f"${{{self.parameter(value)['Ref']}}}"}
            case 2:
                half = len(value) // 2
                return {"Fn::Join": ["", [value[:half], value[half:]]]}
            case 3:
                self.known[f"K{len(self.known)}"] = {"it": value}
                return {"Fn::FindInMap": ["Known", f"K{len(self.known) - 1}", "it"]}
            case 4:
                return {"Fn::Select": [1, {"Fn::Split": ["|", f"other|{value}"]}]}
            case 5:
                return {"Fn::If": ["IsProduction", value, "192.0.2.0/24"]}
            case _:
                return value

    def made(self) -> Template:
        stage: Body = {"Type": "String", "AllowedValues": ["production", "test"]}
        if self.dice.random() < self.open:
            self.values["Stage"] = "production"
        else:
            stage["Default"] = "production"
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {**self.parameters, "Stage": stage},
            "Mappings": {"Known": self.known or {"K": {"it": "x"}}},
            "Conditions": {"IsProduction": {"Fn::Equals": [{"Ref": "Stage"}, "production"]}},
            "Resources": self.resources,
        }
        short = self.dice.random() < 0.5
        return Template(_yaml(template, short=short), tuple(self.values.items()))


def _yaml(value: Any, *, short: bool) -> str:
    match value:
        case dict() if len(value) == 1 and short and next(iter(value)).startswith(("Ref", "Fn::")):
            name, argument = next(iter(value.items()))
            return f"!{name.removeprefix('Fn::')} {_yaml(argument, short=short)}"
        case dict():
            entries = (f"{json.dumps(key)}: {_yaml(each, short=short)}" for key, each in value.items())
            return f"{{{', '.join(entries)}}}"
        case list():
            return f"[{', '.join(_yaml(each, short=short) for each in value)}]"
        case _:
            return json.dumps(value)
