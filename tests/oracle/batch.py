"""Many random modules of values as one root: what terraform plans for them, and what is evaluated."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bounds import Fault, Miss, misses, wrong_kinds
from planning import Refused, planned
from random_values import Statement, Values

from auditor.sources.terraform.evaluate.frame import Run
from auditor.sources.terraform.modules.module import Module
from auditor.sources.terraform.options import TerraformOptions
from auditor.tree import Gap, GapKind, Location, Map, Node

ROUNDS = 8
NOWHERE = Location("")
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The outputs of every module as evaluated, and the statements that were found to be wrong."""

    outputs: dict[str, Node]
    gaps: tuple[Gap, ...]

    def invalid(self) -> dict[Key, str]:
        """Why each statement is invalid: by its module, sort and name."""
        found = {}
        for gap in self.gaps:
            if gap.kind is GapKind.SYNTAX:
                found[Path(gap.at.path).parent.name, "file", gap.what] = gap.why
                continue
            what = gap.what.removeprefix("output ")
            sort = "output" if what != gap.what else ""
            module, _, name = what.removeprefix("module.").partition(".")
            if name.startswith("local."):
                sort, name = "local", name.removeprefix("local.")
            found[module, sort or "variable", name] = gap.why
        return found


def evaluated(root: Path) -> Evaluated:
    """The outputs of a root as netaudit has them."""
    run = Run(str(root), TerraformOptions(), lambda path: Path(path).read_bytes())
    top = Module(run, str(root), None, None)
    outputs = {}
    for name in top.declarations.blocks["output"]:
        outputs[name] = top.output(name, NOWHERE)
    for child in top.calls.all():
        for name in child.declarations.locals:
            child.local(name, NOWHERE)
    return Evaluated(outputs, tuple(run.gaps))


def write(root: Path, modules: Iterable[Values]) -> dict[str, list[tuple[int, Statement]]]:
    """Writes the root and its modules; gives the lines at which each module's statements begin."""
    if root.exists():
        shutil.rmtree(root)
    places, main = {}, []
    for module in modules:
        folder = root / module.name
        folder.mkdir(parents=True)
        text, places[module.name] = module.main()
        (folder / "main.tf").write_text(text, "utf-8")
        main.append(
            f'module "{module.name}" {{\n  source = "./{module.name}"\n{module.call}}}\n'
            f'output "{module.name}" {{\n  value = module.{module.name}\n}}\n'
        )
    root.mkdir(parents=True, exist_ok=True)
    (root / "main.tf").write_text("".join(main), "utf-8")
    return places


def refused_statements(refused: Refused, places: dict[str, list[tuple[int, Statement]]]) -> dict[Key, str]:
    """The statements that terraform refuses, and why."""
    found: dict[Key, str] = {}
    for problem in refused.problems:
        module = problem.file.rpartition("/")[0]
        if not module:
            found["", "root", f"{problem.file}:{problem.line}"] = problem.why
            continue
        before = [each for line, each in places.get(module, []) if line <= problem.line]
        sort, name = (before[-1].sort, before[-1].name) if before else ("variable", str(problem.line))
        found[module, sort, name] = problem.why
    return found


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement: what was compared, and how it differs."""

    module: str
    name: str
    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.module} {self.name}\n    {self.text}\n    {self.what}"


def drop(modules: list[Values], keys: Iterable[Key]) -> list[Values]:
    """The modules without those statements; a module whose declarations are wrong goes altogether."""
    wrong: dict[str, set[tuple[str, str]]] = {}
    whole = set()
    for module, sort, name in keys:
        if sort in {"local", "output"}:
            wrong.setdefault(module, set()).add((sort, name))
        else:
            whole.add(module)
    return [each.without(wrong.get(each.name, set())) for each in modules if each.name not in whole]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch showed."""

    compared: int
    refused: int
    wrong: list[Finding]
    lenient: list[Finding]
    loose: list[Finding]
    retyped: list[Finding]


def check(root: Path, modules: list[Values]) -> Outcome:
    """Holds the evaluation of the modules against terraform's."""
    wrong: list[Finding] = []
    lenient: list[Finding] = []
    texts = {(m.name, each.sort, each.name): each.text for m in modules for each in m.statements}
    write(root, modules)
    ours = evaluated(root).invalid()
    valid = drop(modules, ours)
    document: dict[str, Any] = {}
    for _ in range(ROUNDS):
        places = write(root, valid)
        result = planned(root)
        if not isinstance(result, Refused):
            document = result
            break
        theirs = refused_statements(result, places)
        for key, why in theirs.items():
            text = texts.get(key, "")
            lenient.append(Finding(key[0], key[2], text, f"terraform refuses it, netaudit does not: {why}"))
        valid = drop(valid, theirs)
    compared = 0
    by_fault: dict[Fault, list[Finding]] = {fault: [] for fault in Fault}
    by_fault[Fault.WRONG] = wrong
    if document:
        found = evaluated(root)
        for key, why in found.invalid().items():
            wrong.append(Finding(key[0], key[2], texts.get(key, ""), f"netaudit refuses it now: {why}"))
        for module, name, miss in compare(found, document):
            compared += 1
            if miss is None:
                continue
            finding = Finding(module, name, texts.get((module, "output", name), ""), str(miss))
            by_fault[miss.fault].append(finding)
        wrong += excluded(found, document, texts)
    wrong += too_strict(root, modules, ours, texts)
    return Outcome(compared, len(ours), wrong, lenient, by_fault[Fault.LOOSE], by_fault[Fault.RETYPED])


def compare(found: Evaluated, document: dict[str, Any]) -> Iterator[tuple[str, str, Miss | None]]:
    """Each output of each module with its misses; with None where it agrees."""
    for module, change in document.get("output_changes", {}).items():
        node = found.outputs[module]
        unknown = change.get("after_unknown", False)
        type_ = document["planned_values"]["outputs"][module].get("type")
        if not isinstance(node, Map):
            yield module, "", Miss(module, Fault.WRONG, repr(node), "an object")
            continue
        after = change.get("after") or {}
        for name in sorted(node.entries):
            part = unknown.get(name, False) if isinstance(unknown, dict) else unknown
            all_misses = list(misses(name, node.entries[name], after.get(name), part))
            if type_ is not None:
                all_misses += wrong_kinds(name, node.entries[name], type_[1][name])
            yield from ((module, name, miss) for miss in all_misses or [None])


def excluded(found: Evaluated, document: dict[str, Any], texts: dict[Key, str]) -> Iterator[Finding]:
    """The outputs that, where some of what they come from is unknown, exclude what they turn out to be."""
    for module, change in document.get("output_changes", {}).items():
        node = found.outputs.get(f"{module.removesuffix('k')}u")
        if not module.endswith("k") or not isinstance(node, Map):
            continue
        after = change.get("after") or {}
        for name in sorted(node.entries.keys() & after.keys()):
            for miss in misses(name, node.entries[name], after[name]):
                if miss.fault is Fault.WRONG:
                    text = texts.get((module, "output", name), "")
                    yield Finding(f"{module} for {module.removesuffix('k')}u", name, text, str(miss))


def too_strict(
    root: Path, modules: list[Values], ours: dict[Key, str], texts: dict[Key, str]
) -> Iterator[Finding]:
    """The statements that netaudit refuses and terraform does not."""
    left = {key for key in ours if key[1] in {"local", "output"}}
    if not left:
        return
    broken = [key for key in ours if key not in left]
    rest = drop(modules, broken)
    for _ in range(ROUNDS):
        places = write(root, rest)
        result = planned(root)
        if not isinstance(result, Refused):
            break
        theirs = refused_statements(result, places)
        left -= theirs.keys()
        rest = drop(rest, theirs)
    standing = {(m.name, each.sort, each.name) for m in rest for each in m.statements}
    for key in sorted(left & standing):
        known = (key[0].removesuffix("u") + "k", *key[1:])
        if known in ours and known not in left:
            continue  # what the unknown turns out to be makes no difference: it fails
        yield Finding(
            key[0], key[2], texts.get(key, ""), f"netaudit refuses it, terraform does not: {ours[key]}"
        )
