"""House rules that neither ruff nor mypy knows."""

from __future__ import annotations

import ast
import re

from tests.house.pythonfiles import AUDITOR, classes, nodes

VAGUE_NAMES = ("Manager", "Helper", "Utils", "Base", "Context")
BASES_WITHOUT_BEHAVIOUR = {"Protocol", "NamedTuple", "TypedDict", "Generic"}
BASES_OF_ENUMS = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
BASES_OF_FOREIGN_MACHINERY = {"click.Group", "click.Command", "click.ParamType"}


def dataclass_arguments(node: ast.ClassDef) -> set[str] | None:
    """The keywords given to ``@dataclass`` as true, or None where the class is no dataclass."""
    for decorator in node.decorator_list:
        call = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(call) in {"dataclass", "dataclasses.dataclass"}:
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            return {str(word.arg) for word in keywords if ast.unparse(word.value) == "True"}
    return None


def keeps_what_it_computed(node: ast.ClassDef) -> bool:
    """Whether the class has a cached property, which needs the dictionary that slots take away."""
    methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
    return any("cached_property" in ast.unparse(mark) for method in methods for mark in method.decorator_list)


def test_every_dataclass_is_frozen():
    loose = [
        f"{at} {node.name}"
        for at, node in classes(AUDITOR)
        if (arguments := dataclass_arguments(node)) is not None and "frozen" not in arguments
    ]
    assert loose == []


def test_every_dataclass_has_slots():
    loose = [
        f"{at} {node.name}"
        for at, node in classes(AUDITOR)
        if (arguments := dataclass_arguments(node)) is not None
        and "slots" not in arguments
        and not keeps_what_it_computed(node)
    ]
    assert loose == []


def test_classes_inherit_from_exceptions_and_enums_only():
    def is_allowed(base: ast.expr) -> bool:
        name = ast.unparse(base).split("[")[0]
        return (
            name in BASES_WITHOUT_BEHAVIOUR | BASES_OF_ENUMS | BASES_OF_FOREIGN_MACHINERY
            or name.endswith(("Exception", "Error"))
            or name.rsplit(".", 1)[-1] in BASES_OF_ENUMS
        )

    heirs = [
        f"{at} {node.name}"
        for at, node in classes(AUDITOR)
        if not all(is_allowed(base) for base in node.bases)
    ]
    assert heirs == []


def test_no_class_has_a_name_that_says_nothing():
    vague = re.compile(rf"({'|'.join(VAGUE_NAMES)})$")
    assert [f"{at} {node.name}" for at, node in classes(AUDITOR) if vague.search(node.name)] == []


def test_types_are_never_cast():
    casts = [
        at
        for at, node in nodes(AUDITOR)
        if isinstance(node, ast.ImportFrom)
        and node.module == "typing"
        and any(name.name == "cast" for name in node.names)
    ]
    assert casts == []
