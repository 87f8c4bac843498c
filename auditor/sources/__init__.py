"""The readers: the only part of netaudit that reads the disk. Paths go in, resources and gaps come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from auditor.errors import UsageError
from auditor.sources.detect import find_inputs
from auditor.sources.documents import DocumentReading, TemplateText, read_document, refuse_values
from auditor.sources.inputs import Input, InputKind
from auditor.sources.join import joined
from auditor.sources.options import ReadOptions
from auditor.tree import Gap, Reading

if TYPE_CHECKING:
    from auditor.sources.terraform import States, TerraformOptions

__all__ = ["Input", "InputKind", "ReadOptions", "find_inputs", "read"]

Asked: TypeAlias = "tuple[Input, TerraformOptions]"
Told: TypeAlias = "tuple[tuple[Input, Reading], ...]"
_OPTIONS = ("--var ", "--assume ")
_CODE = (InputKind.TERRAFORM, InputKind.TERRAGRUNT)
_SAVED = (InputKind.PLAN, InputKind.STATE)
_NAMED_APART = (*_CODE, *_SAVED)
_TEMPLATES = (InputKind.CLOUDFORMATION, InputKind.CDK)
_NOTHING = Reading()


def read(paths: tuple[str, ...], options: ReadOptions, jobs: int = 1) -> tuple[tuple[Input, ...], Reading]:
    """Everything that ``paths`` declare, as one reading, and the inputs that were found in them.

    Several roots are read in as many as ``jobs`` processes, to the same result.

    Raises InputError where a path does not exist or nothing that netaudit reads is in it, and UsageError
    where an option names what no input has.
    """
    inputs = find_inputs(paths, options.environment)
    options.require_roots(inputs)
    opened = _documents(inputs, options)
    documents = {path: found for path, found in opened.items() if isinstance(found, DocumentReading)}
    # A root of which a plan or state is given serves to place what that says, and is no network beside it.
    taken = {found.folder for found in documents.values()}
    inputs = tuple(
        replace(each, kind=opened[each.path].kind) if each.path in opened else each
        for each in inputs
        if each.kind is not InputKind.TERRAFORM or each.path not in taken
    )
    if not options.shared:
        refuse_values(inputs, options)
    readings = {path: found.reading for path, found in documents.items()}
    readings |= _code(inputs, options, jobs)
    readings |= _snapshots(inputs)
    texts = {path: found.content for path, found in opened.items() if isinstance(found, TemplateText)}
    readings |= _templates(inputs, texts, options)
    told = tuple((each, readings[each.path]) for each in inputs if each.path in readings)
    if not options.shared:
        _refuse_misdirected(told)
    joint = joined(tuple((each, replace(one, gaps=_of_the_input(one.gaps))) for each, one in told))
    return tuple(each for each, _ in told), joint


def _documents(inputs: tuple[Input, ...], options: ReadOptions) -> dict[str, DocumentReading | TemplateText]:
    """What the documents among the inputs hold, by path."""
    roots = tuple(each.path for each in inputs if each.kind is InputKind.TERRAFORM)
    saved = (each for each in inputs if each.kind is InputKind.SAVED)
    return {each.path: read_document(each, roots, options) for each in saved}


def _snapshots(inputs: tuple[Input, ...]) -> dict[str, Reading]:
    """What all snapshots hold, under the path of the first, and nothing under those of the others."""
    found = tuple(each.path for each in inputs if each.kind is InputKind.SNAPSHOT)
    if not found:
        return {}
    from auditor.sources.snapshot import read_together

    return dict.fromkeys(found, _NOTHING) | {found[0]: read_together(found)}


def _templates(
    inputs: tuple[Input, ...], texts: Mapping[str, bytes], options: ReadOptions
) -> dict[str, Reading]:
    """What all templates declare, under the path of the first, and nothing under those of other roots."""
    found = tuple(each for each in inputs if each.kind in _TEMPLATES)
    if not found:
        return {}
    from auditor.sources.cloudformation import asked, reading

    whole = reading.read(
        asked.Asked(
            templates=tuple(each.path for each in found if each.kind is InputKind.CLOUDFORMATION),
            assemblies=tuple(each.path for each in found if each.kind is InputKind.CDK),
            texts=texts,
            values=options.values(),
            assumed=options.assumed,
        )
    )
    roots = [each.path for each in found if each.path not in whole.nested]
    return dict.fromkeys(roots, _NOTHING) | {roots[0]: whole.reading}


def _code(inputs: tuple[Input, ...], options: ReadOptions, jobs: int) -> dict[str, Reading]:
    """What each root and unit among the inputs declares, by its path."""
    code = tuple(each for each in inputs if each.kind in _CODE)
    if not code:
        return {}

    alone = sum(each.kind in _NAMED_APART for each in inputs) == 1
    unread = tuple((each, options.terraform(each, alone=alone)) for each in code)
    apart = None
    if jobs > 1 and len(unread) > 1:
        from auditor.sources.parallel import read_apart

        apart = read_apart(partial(_read_alone, asked=unread), unread, jobs)
    if apart is None:
        states = _states(unread)
        apart = tuple(states.reading(each.path) for each, _ in unread)
        states.release()
    return {each.path: found for (each, _), found in zip(unread, apart, strict=True)}


def _read_alone(one: Asked, asked: tuple[Asked, ...]) -> Reading:
    """One of several inputs without the others. Raises NotAloneError where it asks for the state of one."""
    return _states(asked, alone=True).reading(one[0].path)


def _states(asked: tuple[Asked, ...], *, alone: bool = False) -> States:
    """The states of all roots and units among the inputs."""
    from auditor.sources.terraform import States

    roots = {each.path: own for each, own in asked if each.kind is InputKind.TERRAFORM}
    units = {each.path: own for each, own in asked if each.kind is InputKind.TERRAGRUNT}
    if not units:
        return States(roots, alone=alone)
    from auditor.sources.terragrunt import UnitRoot

    return States(roots, {path: partial(UnitRoot, path, own) for path, own in units.items()}, alone=alone)


def _refuse_misdirected(told: Told) -> None:
    """An option for one of several inputs need not mean anything to the others; one for none is a mistake."""
    for option in _OPTIONS:
        readings = [one for each, one in told if _is_meant(option, each, one)]
        for gap in readings[0].gaps if readings else ():
            everywhere = all(any(gap.at == each.at for each in one.gaps) for one in readings[1:])
            if gap.at.path.startswith(option) and everywhere:
                raise UsageError(f"{gap.at}: {gap.why}", hint=gap.settled_by)


def _is_meant(option: str, found: Input, reading: Reading) -> bool:
    """Whether an input could have taken an option."""
    if found.kind in _CODE:
        return True
    named = found.kind in _SAVED or (found.kind in _TEMPLATES and reading is not _NOTHING)
    return option == "--assume " and named


def _of_the_input(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if not gap.at.path.startswith(_OPTIONS))
