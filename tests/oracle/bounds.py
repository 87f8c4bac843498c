"""Whether what was evaluated leaves room for what was planned, and whether it says all that was planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from auditor.tree import Map, Node, Reference, Scalar, Seq, Unknown

ABSENT = object()
JSON_KINDS = {
    "string": str,
    "number": (int, float),
    "bool": bool,
    "list": list,
    "set": list,
    "tuple": list,
    "map": dict,
    "object": dict,
}


class Fault(StrEnum):
    """How an evaluated value misses the planned one."""

    WRONG = "wrong"  # it excludes what was planned
    RETYPED = (
        "retyped"  # it is the planned text, but a string for a number or a boolean, or the other way round
    )
    LOOSE = "loose"  # it allows what was planned, and more
    SHARP = "sharp"  # it is known where the plan does not say


@dataclass(frozen=True, slots=True)
class Miss:
    """One place where an evaluated value misses the planned one."""

    path: str
    fault: Fault
    evaluated: str
    planned: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.path}: evaluated {self.evaluated}, planned {self.planned}"


def misses(path: str, node: Node, planned: Any, unknown: Any = False) -> Iterator[Miss]:
    """Every place where ``node`` misses ``planned``; ``unknown`` is the plan's ``after_unknown``."""
    if unknown is True:
        if wholly_known(node):
            yield Miss(path, Fault.SHARP, show(node), "unknown")
        return
    match node:
        case Unknown():
            yield _of_unknown(path, node, planned, unknown)
        case Reference():
            yield Miss(path, Fault.LOOSE, show(node), repr(planned))
        case Scalar():
            yield from _of_scalar(path, node, planned)
        case Map():
            yield from _of_map(path, node, planned, unknown)
        case Seq():
            yield from _of_sequence(path, node, planned, unknown)
        case _:
            assert_never(node)


def _of_scalar(path: str, node: Scalar, planned: Any) -> Iterator[Miss]:
    if not same(node.value, planned):
        fault = Fault.RETYPED if _one_text(node.value, planned) else Fault.WRONG
        yield Miss(path, fault, show(node), repr(planned))


def fits(node: Node, planned: Any, unknown: Any = False) -> bool:
    """Whether ``node`` leaves room for ``planned``."""
    return all(miss.fault is not Fault.WRONG for miss in misses("", node, planned, unknown))


def _of_unknown(path: str, node: Unknown, planned: Any, unknown: Any) -> Miss:
    excluded = bool(node.options) and not any(fits(option, planned, unknown) for option in node.options)
    if node.type and planned is not None and not excluded:
        kind = JSON_KINDS.get(node.type.partition("(")[0])
        excluded = kind is not None and not isinstance(planned, kind)
    return Miss(path, Fault.WRONG if excluded else Fault.LOOSE, show(node), repr(planned))


def _of_map(path: str, node: Map, planned: Any, unknown: Any) -> Iterator[Miss]:
    if not isinstance(planned, dict):
        yield Miss(path, Fault.WRONG, show(node), repr(planned))
        return
    parts = unknown if isinstance(unknown, dict) else {}
    names = planned.keys() | {name for name, part in parts.items() if part is True}
    for name in sorted(names | node.entries.keys()):
        value, part = planned.get(name, ABSENT), parts.get(name, False)
        if name in node.entries and name in names:
            yield from misses(f"{path}.{name}", node.entries[name], value, part)
        elif name in node.entries:
            yield Miss(f"{path}.{name}", Fault.WRONG, show(node.entries[name]), "absent")
        elif node.more is None:
            yield Miss(f"{path}.{name}", Fault.WRONG, "absent", repr(value))
        else:
            wrong = not fits(node.more, value, part)
            yield Miss(f"{path}.{name}", Fault.WRONG if wrong else Fault.LOOSE, show(node.more), repr(value))


def _of_sequence(path: str, node: Seq, planned: Any, unknown: Any) -> Iterator[Miss]:
    if not isinstance(planned, list):
        yield Miss(path, Fault.WRONG, show(node), repr(planned))
        return
    parts = [*(unknown if isinstance(unknown, list) else []), *[False] * len(planned)][: len(planned)]
    left = list(zip(planned, parts, strict=True))
    merging = node.unordered and any(part is not False for part in parts)
    too_many = len(left) > len(node.items) and node.more is None and not merging
    if len(left) < len(node.items) or too_many:
        yield Miss(path, Fault.WRONG, f"{show(node)} ({len(node.items)} items)", repr(planned))
        return
    for place, item in enumerate(node.items):
        at = _fitting(item, left) if node.unordered else 0
        value, part = left.pop(at)
        yield from misses(f"{path}[{place}]", item, value, part)
    for value, part in left if not merging else ():
        wrong = node.more is None or not fits(node.more, value, part)
        yield Miss(f"{path}[…]", Fault.WRONG if wrong else Fault.LOOSE, show(node), repr(value))


def _fitting(item: Node, left: list[tuple[Any, Any]]) -> int:
    """The place of what a set's element stands for: the closest of those that are left."""
    ranks = [_rank(item, *pair) for pair in left]
    return ranks.index(min(ranks))


def _rank(item: Node, planned: Any, unknown: Any) -> int:
    found = [miss.fault for miss in misses("", item, planned, unknown)]
    return 2 if Fault.WRONG in found else int(bool(found) or (unknown is True and isinstance(item, Scalar)))


def wholly_known(node: Node) -> bool:
    """Whether nothing of the value is left open."""
    match node:
        case Seq():
            return node.more is None and all(wholly_known(item) for item in node.items)
        case Map():
            return node.more is None and all(wholly_known(value) for value in node.entries.values())
        case _:
            return isinstance(node, Scalar)


def same(value: object, planned: object) -> bool:
    """Whether a scalar is the planned one, type and all: the text ``"1"`` is not the number 1."""
    if isinstance(value, bool) or isinstance(planned, bool):
        return value is planned
    if isinstance(value, int | float) and isinstance(planned, int | float):
        return value == planned or abs(value - planned) <= 1e-12 * max(abs(value), abs(planned))
    return type(value) is type(planned) and value == planned


def _one_text(value: object, planned: object) -> bool:
    if value is None or planned is None or isinstance(planned, list | dict):
        return False
    return _text(value) == _text(planned)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def show(node: Node) -> str:
    """A value as text, short."""
    match node:
        case Scalar():
            return repr(node.value)
        case Reference():
            return f"&{node.target}.{node.attribute}"
        case Unknown():
            options = f" one of {[show(option) for option in node.options]}" if node.options else ""
            return f"?{node.type}{options} ({'; '.join(reason.what for reason in node.reasons[:2])})"
        case Seq():
            more = "" if node.more is None else f", …{show(node.more)}"
            return f"{'set' if node.unordered else ''}[{', '.join(map(show, node.items))}{more}]"
        case Map():
            more = "" if node.more is None else f", …{show(node.more)}"
            pairs = [f"{name}: {show(value)}" for name, value in node.entries.items()]
            return f"{{{', '.join(pairs)}{more}}}"
        case _:
            assert_never(node)


def wrong_kinds(path: str, node: Node, type_: Any) -> Iterator[Miss]:
    """Every known set that was planned as a list or tuple, and every other way round."""
    kind, inner = (type_[0], type_[1]) if isinstance(type_, list) else (type_, None)
    match node:
        case Seq() if kind in {"list", "set", "tuple"}:
            if node.unordered is not (kind == "set") and node.items:
                yield Miss(path, Fault.WRONG, show(node), f"a {kind}")
            each = inner if kind == "tuple" else [inner] * len(node.items)
            for place, (item, part) in enumerate(zip(node.items, each, strict=False)):
                yield from wrong_kinds(f"{path}[{place}]", item, part)
        case Map() if kind in {"map", "object"}:
            for name, value in node.entries.items():
                part = inner.get(name) if kind == "object" else inner
                yield from wrong_kinds(f"{path}.{name}", value, part)
        case _:
            return
