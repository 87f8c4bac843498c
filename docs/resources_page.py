"""The page with every type of resource that netaudit knows, in three dialects."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from auditor import aws
from auditor.aws.reader import ProfileRow, Row, Spelling

HEAD = "| Terraform | CloudFormation | API | what netaudit takes from it |"
LINE = "| --- | --- | --- | --- |"


def resources_page() -> str:
    """Every type that is read and every one that is told as a gap, by the area that knows it."""
    lines = [
        "# Resources",
        "",
        "Search this page for a type, in the words of Terraform, of CloudFormation, or of the answers of",
        "the AWS API (`service:` where services share a word). A name that ends with `*` is the beginning of",
        "several. The areas are the files of `auditor/aws`. Below a table stands what its types can leave",
        "undecided: the answers that it could affect are unknown and say so in these words.",
        "",
        "A type that is not here and names a security group is shown as a workload that is not modelled;",
        "one that names none decides nothing. Those that could carry traffic and are not read are told as",
        "gaps; they stand here with the reason.",
        "",
    ]
    areas = {
        found.name: importlib.import_module(f"auditor.aws.{found.name}")
        for found in sorted(pkgutil.iter_modules(aws.__path__), key=lambda module: module.name)
    }
    others = other_dialects(areas.values())
    for name, area in areas.items():
        if rows := list(area_rows(area, others)):
            lines += [f"## {name}", "", first_sentence(area), "", HEAD, LINE, *rows, "", *left_open(area)]
    return "\n".join(lines)


def area_rows(area: ModuleType, others: Mapping[str, list[str]]) -> Iterator[str]:
    """The rows of an area: a type with its other names, or what is not read with its reason."""
    reasons: Mapping[str, str] = getattr(area, "CARRIERS", {})
    spelled: Mapping[str, tuple[str, ...]] = getattr(area, "SPELLED", {})
    for kind, why in sorted(reasons.items()):
        names = (f"{each}*" for each in (kind, *spelled.get(kind, ())))
        yield row(names, f"Not read, so a gap: {why}.")
    if not reasons:
        yield from (row((kind, *others.get(kind, ())), text) for kind, text in sorted(declared(area)))


def row(names: Iterable[str], text: str) -> str:
    """One type: its names in three dialects, and what is taken from it."""
    columns: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name in dict.fromkeys(names):
        terraform = name.startswith(("aws_", "data.")) or name == "module"
        columns[0 if terraform else 1 if name.startswith("AWS::") else 2].append(f"`{name}`")
    return f"| {' | '.join(', '.join(sorted(column)) for column in columns)} | {cell(text)} |"


def cell(text: str) -> str:
    """The text on one line, safe in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def other_dialects(areas: Iterable[ModuleType]) -> dict[str, list[str]]:
    """What the types of Terraform are called elsewhere."""
    found: dict[str, list[str]] = {}
    for area in areas:
        spellings: Mapping[str, Spelling] = getattr(area, "SPELLINGS", {})
        for name, spelling in spellings.items():
            for kind in (spelling.kind, *spelling.also):
                found.setdefault(kind, []).append(name)
    return found


def declared(area: ModuleType) -> Iterator[tuple[str, str]]:
    """The types that an area declares, each with what is taken from it."""
    readers: Mapping[str, object] = getattr(area, "READERS", {})
    prefixes: Mapping[str, object] = getattr(area, "PREFIXES", {})
    rows: tuple[Row, ...] = getattr(area, "ROWS", ())
    profiles: tuple[ProfileRow, ...] = getattr(area, "PROFILES", ())
    yield from ((kind, first_sentence(read)) for kind, read in readers.items())
    yield from ((f"{prefix}*", first_sentence(read)) for prefix, read in prefixes.items())
    yield from ((kind, workload_text(row)) for row in rows for kind in row.kinds)
    yield from ((kind, "Subnets or groups for those that name it.") for row in profiles for kind in row.kinds)


def workload_text(row: Row) -> str:
    """What a row says of the workloads of its types."""
    own = {"subnets": row.subnets or row.subnet, "groups": row.groups or row.group}
    shown = " and ".join(name for name, paths in own.items() if paths)
    parts = [f"A workload: its {shown}" if shown else "A workload"]
    if kinds := sorted({kind for _, kind in row.profiles}):
        parts.append(f"those of its {', '.join(f'`{kind}`' for kind in kinds)}")
    if row.public or row.private:
        parts.append(f"public by `{row.public or row.private}`")
    if ports := ", ".join(str(port) for port in sorted({*row.ports, *row.ports_of.values()})):
        parts.append(f"listens on {ports} by default")
    parts += ["takes no connection"] * (not row.accepts) + ["opens no connection"] * (not row.initiates)
    return "; ".join(parts) + "."


def left_open(area: ModuleType) -> list[str]:
    """What the readers of an area may leave undecided, in the words of the reasons that they give."""
    found = reasons_of(ast.parse(inspect.getsource(area)))
    texts = sorted({text for text in found if len(text.replace("…", "").split()) > 2 and text[0] != "…"})
    return ["Left open:", "", *(f"- {cell(text)}" for text in texts), ""] if texts else []


def reasons_of(module: ast.Module) -> Iterator[str]:
    """The texts of the reasons and the gaps that stand in a module."""
    for each in ast.walk(module):
        if isinstance(each, ast.Call):
            called = each.func.id if isinstance(each.func, ast.Name) else getattr(each.func, "attr", "")
            places = {"Reason": 0, "flag": 2}.get(called)
            if places is not None and len(each.args) > places:
                yield text_of(each.args[places])


def text_of(written: ast.expr) -> str:
    """A text as it stands in code, with ``…`` for what is only known when it runs; else empty."""
    match written:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return ""


def first_sentence(thing: object) -> str:
    """The beginning of a docstring, up to the first empty line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
