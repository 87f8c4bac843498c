"""Addresses of Terraform resources: which module, and which resource in it."""

from __future__ import annotations

import re

from auditor.frozen import dataclass
from auditor.rewrite.edits import RefusedError

_KEY = r'(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?'
_RESOURCE = re.compile(
    rf"(?P<data>data\.)?(?P<type>[A-Za-z_][\w-]*)\.(?P<name>[A-Za-z_][\w-]*)(?P<key>{_KEY})$"
)


@dataclass(frozen=True, slots=True)
class Address:
    """``module`` is all that stands before the resource: the input and the modules, with their keys."""

    module: str
    data: bool
    type: str
    name: str
    key: str

    @property
    def words(self) -> str:
        """The resource as other expressions of its module name it, without its key."""
        return f"{'data.' if self.data else ''}{self.type}.{self.name}"


def address(text: str) -> Address:
    """The parts of an address. Raises RefusedError where it is no resource of Terraform."""
    found = _RESOURCE.search(text)
    if found is None or (found.start() and text[found.start() - 1] not in ".:/"):
        raise RefusedError(f"{text} is no resource of Terraform")
    return Address(text[: found.start()], bool(found["data"]), found["type"], found["name"], found["key"])
