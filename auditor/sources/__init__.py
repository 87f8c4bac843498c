"""The readers: the only part of netaudit that reads the disk. Paths go in, resources and gaps come out."""

from __future__ import annotations

from auditor.sources.detect import Input, InputKind, find_inputs
from auditor.sources.join import joined
from auditor.sources.options import ReadOptions
from auditor.tree import Reading

__all__ = ["Input", "InputKind", "ReadOptions", "find_inputs", "read"]


def read(paths: tuple[str, ...], options: ReadOptions) -> tuple[tuple[Input, ...], Reading]:
    """Everything that ``paths`` declare, as one reading, and the inputs that were found in them.

    Raises InputError where a path does not exist or nothing that netaudit reads is in it.
    """
    inputs = find_inputs(paths)
    readings = tuple((each, _read_one(each, options)) for each in inputs)
    return inputs, joined(readings)


def _read_one(found: Input, options: ReadOptions) -> Reading:
    match found.kind:
        case InputKind.TERRAFORM:
            from auditor.sources import terraform

            return terraform.read(found.path, options.terraform(found))
