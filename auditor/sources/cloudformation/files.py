"""Template files as syntax: parsed once each, what SAM and top-level includes stand for put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.cloudformation.sam import expanded, is_serverless
from auditor.sources.cloudformation.syntax import parse
from auditor.sources.cloudformation.syntax.nodes import Entries
from auditor.tree import Gap, GapKind, Location

# CloudFormation refuses more than 1 MB; what a transform makes of a template may be larger.
LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is to be evaluated. ``root`` is None where it does not parse: ``gaps`` say why."""

    path: str
    root: Entries | None
    gaps: tuple[Gap, ...] = ()


class Templates:
    """The template files of one run, each read once; ``given`` are texts that stand for no file, by path."""

    __slots__ = ("_given", "_loaded")

    def __init__(self, given: Mapping[str, bytes]) -> None:
        self._given = given
        self._loaded: dict[str, Template] = {}

    def load(self, path: str) -> Template:
        """The template at ``path``."""
        found = self._loaded.get(path)
        if found is None:
            found = self._loaded[path] = self._read(path)
        return found

    def roots(self) -> Iterator[Entries]:
        """All that was loaded and parses."""
        return (each.root for each in self._loaded.values() if each.root is not None)

    def gaps(self) -> tuple[Gap, ...]:
        """What was not understood of all that was loaded."""
        return tuple(gap for each in self._loaded.values() for gap in each.gaps)

    def _read(self, path: str) -> Template:
        try:
            content = self._given[path] if path in self._given else disk.content(path, LARGEST)
        except OSError as error:
            why = f"the file cannot be read: {error.strerror}"
            return Template(path, None, (Gap(GapKind.SYNTAX, path, Location(path), why),))
        return template(content, path)


def template(content: bytes, path: str) -> Template:
    """The text of a template as it is to be evaluated."""
    parsed = parse(content, path)
    if parsed.root is None:
        return Template(path, None, parsed.gaps)
    if not is_serverless(parsed.root):
        return Template(path, parsed.root, parsed.gaps)
    without = expanded(parsed.root)
    return Template(path, without.root, (*parsed.gaps, *without.gaps))


def is_template(root: Entries) -> bool:
    """Whether what parses is a template."""
    return any(root.get(name) for name in ("Resources", "AWSTemplateFormatVersion", "Transform"))
