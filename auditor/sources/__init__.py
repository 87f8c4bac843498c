"""The readers: the only part of netaudit that reads the disk. Paths go in, resources and gaps come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.errors import UsageError
from auditor.sources.detect import Input, InputKind, find_inputs
from auditor.sources.documents import DocumentReading, read_document, refuse_values
from auditor.sources.join import joined
from auditor.sources.options import ReadOptions
from auditor.tree import Gap, Reading

if TYPE_CHECKING:
    from auditor.sources.terraform import States, TerraformOptions

__all__ = ["Input", "InputKind", "ReadOptions", "find_inputs", "read"]


_OPTIONS = ("--var ", "--assume ")


def read(paths: tuple[str, ...], options: ReadOptions) -> tuple[tuple[Input, ...], Reading]:
    """Everything that ``paths`` declare, as one reading, and the inputs that were found in them.

    Raises InputError where a path does not exist or nothing that netaudit reads is in it, and UsageError
    where an option names what no input has.
    """
    inputs = find_inputs(paths)
    options.require_roots(inputs)
    if all(each.kind is InputKind.SAVED for each in inputs):
        refuse_values(options)
    documents = _documents(inputs, options)
    # A root of which a plan or state is given serves to place what that says, and is no network beside it.
    taken = {found.folder for found in documents.values()}
    inputs = tuple(each for each in inputs if each.kind is not InputKind.TERRAFORM or each.path not in taken)
    readings = _readings(inputs, documents, options)
    _refuse_misdirected(tuple(reading for _, reading in readings))
    told = tuple((each, replace(reading, gaps=_of_the_input(reading.gaps))) for each, reading in readings)
    return inputs, joined(told)


def _documents(inputs: tuple[Input, ...], options: ReadOptions) -> dict[str, DocumentReading]:
    """What the plans and state among the inputs declare, by path."""
    roots = tuple(each.path for each in inputs if each.kind is InputKind.TERRAFORM)
    saved = (each for each in inputs if each.kind is InputKind.SAVED)
    return {each.path: read_document(each, roots, options) for each in saved}


def _readings(
    inputs: tuple[Input, ...], documents: Mapping[str, DocumentReading], options: ReadOptions
) -> tuple[tuple[Input, Reading], ...]:
    from auditor.sources import terraform

    chosen = tuple((each, options.terraform(each, alone=len(inputs) == 1)) for each in inputs)
    roots = {each.path: own for each, own in chosen if each.kind is InputKind.TERRAFORM}
    states = terraform.States(roots)
    found = tuple(
        (each, documents[each.path].reading if each.path in documents else _read_one(each, own, states))
        for each, own in chosen
    )
    states.release()
    return found


def _read_one(found: Input, options: TerraformOptions, states: States) -> Reading:
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
