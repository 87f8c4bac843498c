"""The readers: the only part of netaudit that reads the disk. Paths go in, resources and gaps come out."""

from __future__ import annotations

from dataclasses import replace

from auditor.errors import UsageError
from auditor.sources.detect import Input, InputKind, find_inputs
from auditor.sources.join import joined
from auditor.sources.options import ReadOptions
from auditor.tree import Gap, Reading

__all__ = ["Input", "InputKind", "ReadOptions", "find_inputs", "read"]


_OPTIONS = ("--var ", "--assume ")


def read(paths: tuple[str, ...], options: ReadOptions) -> tuple[tuple[Input, ...], Reading]:
    """Everything that ``paths`` declare, as one reading, and the inputs that were found in them.

    Raises InputError where a path does not exist or nothing that netaudit reads is in it, and UsageError
    where an option names what no input has.
    """
    inputs = find_inputs(paths)
    options.require_roots(inputs)
    alone = len(inputs) == 1
    readings = tuple((each, _read_one(each, options, alone=alone)) for each in inputs)
    _refuse_misdirected(tuple(reading for _, reading in readings))
    told = tuple((each, replace(reading, gaps=_of_the_input(reading.gaps))) for each, reading in readings)
    return inputs, joined(told)


def _read_one(found: Input, options: ReadOptions, *, alone: bool) -> Reading:
    match found.kind:
        case InputKind.TERRAFORM:
            from auditor.sources import terraform

            return terraform.read(found.path, options.terraform(found, alone=alone))
        case InputKind.TERRAGRUNT:
            from auditor.sources import terragrunt

            return terragrunt.read(found.path, options.terraform(found, alone=alone))


def _refuse_misdirected(readings: tuple[Reading, ...]) -> None:
    """An option for one of several roots need not mean anything to the others; one for none is a mistake."""
    for gap in readings[0].gaps:
        everywhere = all(any(gap.at == each.at for each in reading.gaps) for reading in readings[1:])
        if gap.at.path.startswith(_OPTIONS) and everywhere:
            raise UsageError(f"{gap.at}: {gap.why}", hint=gap.settled_by)


def _of_the_input(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if not gap.at.path.startswith(_OPTIONS))
