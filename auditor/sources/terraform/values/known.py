"""What is known of a value, why not, and the name that what is not known goes by."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import assert_never

from auditor.frozen import dataclass
from auditor.sources.terraform.values.numbers import digits
from auditor.sources.values import reasons_in
from auditor.tree import Location, Map, Node, Precise, Reason, Reference, Scalar, Seq, Unknown

AFTER_APPLY = "known after apply: a plan, state or snapshot settles it"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSite:
    """A call of a function: its ``name`` as written, where it stands, and the folders that it may read.

    ``read_file`` gives the bytes of a file by its path; it raises ``OSError`` where there is none.
    """

    name: str
    at: Location
    root_folder: str
    module_folder: str
    read_file: Callable[[str], bytes]


def reasons_of(*nodes: Node) -> tuple[Reason, ...]:
    """All the reasons why the values are not wholly known, in the order in which they stand, each once."""
    return reasons_in(nodes, AFTER_APPLY)


def identity_of(node: Node) -> str:
    """The value as one canonical expression: equal texts are equal values. Empty where a part has no name."""
    match node:
        case Scalar(value=value):
            return digits(value) if isinstance(value, Precise) else json.dumps(value, ensure_ascii=False)
        case Seq():
            parts = [identity_of(item) for item in node.items]
            whole = f"[{', '.join(parts)}]"
            if node.more is not None or not all(parts):
                return ""
            return f"toset({whole})" if node.unordered else whole
        case Map():
            pairs = [(key, identity_of(item)) for key, item in sorted(node.entries.items())]
            if node.more is not None or not all(text for _, text in pairs):
                return ""
            inside = ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {text}" for key, text in pairs)
            return f"{{{inside}}}"
        case Unknown():
            return node.identity
        case Reference():
            name = f"{node.target}.{node.attribute}"
            return "" if "[*]" in name else name  # one of many: two such need not be one value
        case _:
            assert_never(node)


def unknown_call(site: CallSite, arguments: tuple[Node, ...], type_: str = "") -> Unknown:
    """The result of a call that its arguments do not decide.

    Its identity is ``name(argument, …)`` where each argument has one.
    """
    parts = [identity_of(argument) for argument in arguments]
    identity = f"{site.name.removeprefix('core::')}({', '.join(parts)})" if all(parts) else ""
    return Unknown(reasons_of(*arguments), site.at, identity=identity, type=type_)
