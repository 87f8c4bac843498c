"""The readers: the only part of netaudit that reads the disk. Paths go in, resources and gaps come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from auditor.errors import UsageError
from auditor.sources.detect import Input, InputKind, find_inputs
from auditor.sources.documents import DocumentReading, read_document, refuse_values
from auditor.sources.join import joined
from auditor.sources.options import ReadOptions
from auditor.tree import Gap, Reading

if TYPE_CHECKING:
    from auditor.sources.terraform import States, TerraformOptions

__all__ = ["Input", "InputKind", "ReadOptions", "find_inputs", "read"]

Asked: TypeAlias = "tuple[Input, TerraformOptions]"
_OPTIONS = ("--var ", "--assume ")


def read(paths: tuple[str, ...], options: ReadOptions, jobs: int = 1) -> tuple[tuple[Input, ...], Reading]:
    """Everything that ``paths`` declare, as one reading, and the inputs that were found in them.

    Several roots are read in as many as ``jobs`` processes, to the same result.

    Raises InputError where a path does not exist or nothing that netaudit reads is in it, and UsageError
    where an option names what no input has.
    """
    inputs = find_inputs(paths, options.environment)
    options.require_roots(inputs)
    if all(each.kind is InputKind.SAVED for each in inputs):
        refuse_values(options)
    documents = _documents(inputs, options)
    # A root of which a plan or state is given serves to place what that says, and is no network beside it.
    taken = {found.folder for found in documents.values()}
    inputs = tuple(each for each in inputs if each.kind is not InputKind.TERRAFORM or each.path not in taken)
    inputs = tuple(
        replace(each, kind=documents[each.path].kind) if each.path in documents else each for each in inputs
    )
    readings = _readings(inputs, {path: found.reading for path, found in documents.items()}, options, jobs)
    _refuse_misdirected(tuple(readings[each.path] for each in inputs))
    told = tuple(
        (each, replace(reading, gaps=_of_the_input(reading.gaps)))
        for each, reading in ((each, readings[each.path]) for each in inputs)
    )
    return inputs, joined(told)


def _documents(inputs: tuple[Input, ...], options: ReadOptions) -> dict[str, DocumentReading]:
    """What the plans and state among the inputs declare, by path."""
    roots = tuple(each.path for each in inputs if each.kind is InputKind.TERRAFORM)
    saved = (each for each in inputs if each.kind is InputKind.SAVED)
    return {each.path: read_document(each, roots, options) for each in saved}


def _readings(
    inputs: tuple[Input, ...], documents: Mapping[str, Reading], options: ReadOptions, jobs: int
) -> dict[str, Reading]:
    """What each of the inputs declares, by its path."""
    from auditor.sources.terraform import States

    chosen = tuple((each, options.terraform(each, alone=len(inputs) == 1)) for each in inputs)
    roots = {each.path: own for each, own in chosen if each.kind is InputKind.TERRAFORM}
    unread = tuple((each, own) for each, own in chosen if each.path not in documents)
    apart = None
    if jobs > 1 and len(unread) > 1:
        from auditor.sources.parallel import read_apart

        apart = read_apart(partial(_read_alone, roots=roots), unread, jobs)
    if apart is None:
        states = States(roots)
        apart = tuple(_read_one(each, states) for each in unread)
        states.release()
    return {**documents, **{each.path: found for (each, _), found in zip(unread, apart, strict=True)}}


def _read_alone(asked: Asked, roots: Mapping[str, TerraformOptions]) -> Reading:
    """One of several inputs without the others. Raises NotAloneError where it asks for the state of one."""
    from auditor.sources.terraform import States

    return _read_one(asked, States(roots, alone=True))


def _read_one(asked: Asked, states: States) -> Reading:
    found, options = asked
    if found.kind is InputKind.TERRAFORM:
        return states.reading(found.path)
    from auditor.sources import terragrunt

    return terragrunt.read(found.path, options)


def _refuse_misdirected(readings: tuple[Reading, ...]) -> None:
    """An option for one of several roots need not mean anything to the others; one for none is a mistake."""
    for gap in readings[0].gaps:
        everywhere = all(any(gap.at == each.at for each in reading.gaps) for reading in readings[1:])
        if gap.at.path.startswith(_OPTIONS) and everywhere:
            raise UsageError(f"{gap.at}: {gap.why}", hint=gap.settled_by)


def _of_the_input(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if not gap.at.path.startswith(_OPTIONS))
