"""Every function with random arguments: a value or an InputError, and what is unknown admits what is not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from auditor.errors import InputError
from auditor.sources.terraform import functions
from auditor.sources.terraform.functions import _functions
from auditor.sources.terraform.values import CallSite
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown
from tests.sources.terraform.test_evaluate_soundness import allows

AT = Location("main.tf", 3, 5)
WHY = (Reason("var.x", AT, "--var x=…"),)
NAMES = sorted(_functions())
ROUNDS = 300
TEXTS = [
    "", "a", "b", "10.0.0.0/16", "fd00::/48", "1", "0.5", "true", "é", "e\u0301", "a,b", "a\nb", "%s-%d",
    "%v", "[a-z]+", "(a)(b)?", "/a*/", "2024-01-31T00:00:00Z", "1h", "YYYY", "{\"a\":[1]}", "a: 1", "aGk=",
    "UTF-8", "hello.txt", "dns", "ff", "😀", "arn:aws:iam::1:role/x/y",
]  # fmt: skip
NUMBERS: list[int | float] = [0, 1, 2, 3, 8, -1, 16, 0.5, 0.1, 10**20, 63]


L = ["b", "a", "b", ""]
USUAL: dict[str, list[tuple[object, ...]]] = {
    "base64decode": [("aGk=",)],
    "cidrhost": [("10.0.0.0/16", 5), ("fd00::/64", -1)],
    "cidrnetmask": [("10.0.0.0/12",)],
    "cidrsubnet": [("10.0.0.0/16", 8, 2), ("10.0.0.0/8", 1, 1)],
    "cidrsubnets": [("10.0.0.0/16", 4, 8, 8)],
    "csvdecode": [("a,b\n1,2",)],
    "element": [(L, 1), (L, 9)],
    "format": [("%s-%03d", "a", 7), ("%v", L)],
    "formatdate": [("YYYY-MM", "2024-01-31T00:00:00Z")],
    "formatlist": [("%s-%s", L, "x"), ("%s%s", L, ["1", "2", "3", "4"])],
    "index": [(L, "b"), (L, "")],
    "log": [(8, 2), (5, 10), (9, 3)],
    "lookup": [({"a": "x", "b": "y"}, "a", "z"), ({"a": "x"}, "c", "z")],
    "matchkeys": [(["x", "y"], ["1", "2"], ["2"])],
    "merge": [({"a": 1, "b": 2}, {"b": 3}), ({"a": 1}, {"c": {"d": 2}}, {})],
    "parseint": [("ff", 16), ("12", 10)],
    "range": [(3,), (1, 4), (0, 1, 0.25)],
    "regex": [("[a-z]+", "1ab2"), ("(a)(b)?", "xab")],
    "regexall": [("[a-z]", "1ab2"), ("(?P<n>a)", "xaa")],
    "replace": [("a-b", "-", "_"), ("a1b", "/[0-9]/", "<$0>")],
    "slice": [(L, 1, 3), (L, 0, 4)],
    "substr": [("hello", 1, 3), ("hello", -3, -1)],
    "sum": [([1, 2.5, 0.1],)],
    "textdecodebase64": [("aABpAA==", "UTF-16LE")],
    "textencodebase64": [("hi", "UTF-16LE")],
    "timeadd": [("2024-01-31T00:00:00Z", "1h")],
    "timecmp": [("2024-01-31T00:00:00Z", "2024-01-31T00:00:00Z")],
    "transpose": [({"a": ["x", "y"], "b": ["y"]},)],
    "uuidv5": [("dns", "a.b")],
    "zipmap": [(["a", "b"], [1, 2]), (["a", "a"], ["x", "y"])],
    "provider::aws::arn_build": [("aws", "iam", "", "4", "role/x")],
    "provider::aws::arn_parse": [("arn:aws:iam::4:role/x",)],
    "provider::aws::trim_iam_role_path": [("arn:aws:iam::4:role/x/y",)],
}
# Those whose results are never known, and those that read files, of which there are none here.
NEVER = {name for name in NAMES if name.startswith("file")} | {"abspath"}


def node_of(value: object) -> Node:
    match value:
        case list():
            return Seq(tuple(map(node_of, value)), AT)
        case dict():
            return Map({key: node_of(item) for key, item in value.items()}, AT)
        case None | str() | int() | float():
            return Scalar(value, AT)
        case _:
            raise TypeError(value)


def read(path: str) -> bytes:
    raise OSError(path)


def site(name: str) -> CallSite:
    return CallSite(name=name, at=AT, root_folder="/nowhere", module_folder="/nowhere", read_file=read)


class Dice:
    """Random values, and for each a bound: the same value with parts of it not known."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0

    def value(self, depth: int = 0) -> Node:
        kind = self.random.random()
        if depth < 2 and kind < 0.3:
            items = tuple(self.value(depth + 1) for _ in range(self.random.randint(0, 3)))
            return Seq(items, AT)
        if depth < 2 and kind < 0.45:
            keys = self.random.sample(["a", "b", "c"], self.random.randint(0, 3))
            return Map({key: self.value(depth + 1) for key in keys}, AT)
        if kind < 0.5:
            return Scalar(self.random.choice([None, True, False]), AT)
        if kind < 0.65:
            return Scalar(self.random.choice(NUMBERS), AT)
        return Scalar(self.random.choice(TEXTS), AT)

    def list_of_one_kind(self) -> Node:
        pool = self.random.choice([TEXTS, NUMBERS, [True, False]])
        items = tuple(Scalar(self.random.choice(pool), AT) for _ in range(self.random.randint(0, 4)))
        return Seq(items, AT)

    def argument(self) -> Node:
        return self.list_of_one_kind() if self.random.random() < 0.25 else self.value()

    def arguments(self, name: str) -> tuple[Node, ...]:
        if name in USUAL and self.random.random() < 0.5:
            return tuple(map(node_of, self.random.choice(USUAL[name])))
        function = _functions()[name]
        rest = self.random.choice([0, 0, 0, 1, 2]) if function.rest else 0
        return tuple(self.argument() for _ in range(len(function.parameters) + rest))

    def bound(self, node: Node, chance: float = 0.35) -> Node:
        """A value that is less known than ``node``, and admits it."""
        if self.random.random() < chance:
            return self.unknown(node)
        match node:
            case Seq(items=items):
                kept = self.random.randint(0, len(items)) if self.random.random() < 0.3 else len(items)
                more = self.further(items[kept:]) if kept < len(items) else None
                return Seq(tuple(self.bound(item, 0.2) for item in items[:kept]), AT, more=more)
            case Map(entries=entries):
                certain = {key: item for key, item in entries.items() if self.random.random() < 0.8}
                rest = tuple(item for key, item in entries.items() if key not in certain)
                more = self.further(rest) if rest else None
                return Map({key: self.bound(item, 0.2) for key, item in certain.items()}, AT, more=more)
            case _:
                return node

    def further(self, items: tuple[Node, ...]) -> Node:
        if self.random.random() < 0.5:
            return Unknown(WHY, AT)
        return Unknown(WHY, AT, options=items) if len(items) > 1 else items[0]

    def unknown(self, node: Node) -> Node:
        self.names += 1
        name = f"var.v{self.names}"
        kind = self.random.random()
        if kind < 0.4:
            others = tuple(self.value(1) for _ in range(self.random.randint(0, 2)))
            return Unknown(WHY, AT, identity=name, options=(node, *others))
        types = {str: "string", bool: "bool", int: "number", float: "number"}
        if isinstance(node, Scalar) and kind < 0.7:
            return Unknown(WHY, AT, identity=name, type=types.get(type(node.value), ""))
        if isinstance(node, Scalar) and isinstance(node.value, str) and kind < 0.85:
            return Reference("aws_vpc.a", f"tags.{name}", AT)
        return Unknown(WHY, AT, identity=name)


def settled(node: Node) -> Node:
    """The value with what an attribute will be as an unknown: here it stands for any text."""
    match node:
        case Reference():
            return Unknown(WHY, AT)
        case Seq(items=items, more=more):
            return replace(
                node, items=tuple(map(settled, items)), more=None if more is None else settled(more)
            )
        case Map(entries=entries, more=more):
            kept = {key: settled(item) for key, item in entries.items()}
            return replace(node, entries=kept, more=None if more is None else settled(more))
        case Unknown(options=options):
            found = tuple(map(settled, options))
            return replace(node, options=() if any(map(is_open, found)) else found)
        case _:
            return node


def is_open(node: Node) -> bool:
    return isinstance(node, Unknown) and not node.options


def attempt(name: str, arguments: tuple[Node, ...]) -> Node | InputError:
    try:
        return functions.call(site(name), arguments)
    except InputError as problem:
        return problem


@pytest.mark.parametrize("name", NAMES)
def test_a_call_gives_a_value_or_is_refused_and_what_is_unknown_admits_what_is_not(name: str) -> None:
    dice = Dice(sum(name.encode()))
    good = 0
    for _ in range(ROUNDS):
        exact = dice.arguments(name)
        bounds = tuple(dice.bound(node) for node in exact)
        after = attempt(name, exact)
        before = attempt(name, bounds)
        if isinstance(after, InputError):
            assert after.at
            continue
        good += 1
        assert not isinstance(before, InputError), f"{name}{bounds}\n{exact}\n{before}"
        assert allows(settled(before), after), f"{name}\n{bounds}\n{exact}\n{before}\n{after}"
    assert good > 2 or name in NEVER
