"""Random types of Terraform's, and random values of them as text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random

TEXTS = (
    "a",
    "b",
    "c",
    "",
    "web",
    "db-1",
    "10.0.0.0/16",
    "10.1.2.3",
    "true",
    "1",
    "007",
    "1.50",
    "Ünïcode ✓",
    "two words",
    "x,y,,z",
    'q"uote',
    "back\\slash",
    "line\nbreak",
    "${literal}",
    "%{if}",
    "tcp",
    "null",
    "A",
)
NUMBERS = ("0", "1", "2", "3", "-1", "7", "10", "80", "443", "1.5", "0.25", "65535", "-2.25", "1e3", "1.0")
KEYS = ("a", "b", "c", "web", "db", "k1", "10", "é")
NAMES = ("a", "b", "c", "name", "port", "cidr", "tags", "items")


@dataclass(frozen=True, slots=True)
class Type:
    """A type: ``kind`` is Terraform's word for it, ``parts`` are in it, ``names`` an object's attributes."""

    kind: str
    parts: tuple[Type, ...] = ()
    names: tuple[str, ...] = ()


STRING, NUMBER, BOOL = Type("string"), Type("number"), Type("bool")
SCALARS = (STRING, NUMBER, BOOL)


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def set_of(item: Type) -> Type:
    return Type("set", (item,))


def map_of(item: Type) -> Type:
    return Type("map", (item,))


def some_type(random: Random, depth: int) -> Type:
    """A random type, nested at most ``depth`` times."""
    if depth <= 0 or random.random() < 0.35:
        return random.choice(SCALARS)
    kind = random.choice(("list", "list", "set", "map", "map", "object", "object", "tuple"))
    if kind == "object":
        names = tuple(random.sample(NAMES, random.randint(1, 4)))
        return Type(kind, tuple(some_type(random, depth - 1) for _ in names), names)
    if kind == "tuple":
        return Type(kind, tuple(some_type(random, depth - 1) for _ in range(random.randint(0, 3))))
    return Type(kind, (some_type(random, depth - 1),))


def literal(random: Random, wanted: Type, *, null: float = 0.04, outer: float | None = None) -> str:
    """A literal expression of a value of a type, or (rarely) null, or one that must be converted.

    ``null`` is the share of nulls inside, ``outer`` that of the whole.
    """
    if random.random() < (null if outer is None else outer):
        return "null"
    match wanted.kind:
        case "string":
            return random.choice(NUMBERS) if random.random() < 0.05 else quoted(random.choice(TEXTS))
        case "number":
            number = random.choice(NUMBERS)
            return f'"{number}"' if random.random() < 0.05 else number
        case "bool":
            return random.choice(("true", "false", "true", "false", "true", "false", '"true"'))
        case "list" | "set":
            items = [
                literal(random, wanted.parts[0], null=null / 2)
                for _ in range(random.choice((0, 1, 2, 2, 3, 4)))
            ]
            return f"[{', '.join(items)}]"
        case "tuple":
            return f"[{', '.join(literal(random, part, null=null) for part in wanted.parts)}]"
        case "map":
            keys = random.sample(KEYS, random.choice((0, 1, 2, 2, 3)))
            pairs = [f"{quoted(key)} = {literal(random, wanted.parts[0], null=null / 2)}" for key in keys]
            return f"{{ {', '.join(pairs)} }}"
        case _:
            pairs = [
                f"{name} = {literal(random, part, null=null)}"
                for name, part in zip(wanted.names, wanted.parts, strict=True)
            ]
            return f"{{ {', '.join(pairs)} }}"


def quoted(text: str) -> str:
    """A text as a quoted template that gives it."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def constraint(random: Random, wanted: Type, *, inside: bool = False) -> str:
    """A type constraint that values of a type fit, some attributes of objects optional, rarely ``any``."""
    if random.random() < 0.04 and not inside:
        return "any"
    match wanted.kind:
        case "list" | "set" | "map":
            return f"{wanted.kind}({constraint(random, wanted.parts[0], inside=True)})"
        case "tuple":
            return f"tuple([{', '.join(constraint(random, part, inside=True) for part in wanted.parts)}])"
        case "object":
            pairs = [
                f"{name} = {_attribute(random, part)}"
                for name, part in zip(wanted.names, wanted.parts, strict=True)
            ]
            return f"object({{ {', '.join(pairs)} }})"
        case _:
            return wanted.kind


def _attribute(random: Random, wanted: Type) -> str:
    inner = constraint(random, wanted, inside=True)
    match random.choice(("plain", "plain", "optional", "default")):
        case "optional":
            return f"optional({inner})"
        case "default" if "any" not in inner:
            return f"optional({inner}, {literal(random, wanted, null=0.0)})"
        case _:
            return inner
