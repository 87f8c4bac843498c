"""The suppressions in the files that findings stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.checking import Checking
from auditor.sources.suppressing.comments import in_hcl, in_yaml
from auditor.sources.suppressing.metadata import in_template
from auditor.sources.suppressing.words import MARK, parsed_words, suppression
from auditor.suppression import Invalid, Suppression

_HCL = (".tf", ".tofu", ".hcl")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")


@dataclass(frozen=True, slots=True)
class Found:
    """The suppressions, and what was meant as one."""

    suppressions: tuple[Suppression, ...]
    invalid: tuple[Invalid, ...]


def suppressions_in(paths: Iterable[str], known: Collection[str]) -> Found:
    """The suppressions in files, of the rules that are ``known``. A file that is not read has none."""
    found = [one for path in sorted(set(paths)) for one in _in_file(path, known)]
    return Found(
        tuple(one for one in found if isinstance(one, Suppression)),
        tuple(one for one in found if isinstance(one, Invalid)),
    )


def ignored(given: Checking, known: Collection[str]) -> Found:
    """The suppressions of the settings, of the rules that are ``known``."""
    found = [suppression(one.words, one.at, None, known, one.component) for one in given.ignored]
    return Found(
        tuple(one for one in found if isinstance(one, Suppression)),
        tuple(one for one in found if isinstance(one, Invalid)),
    )


def _in_file(path: str, known: Collection[str]) -> Iterator[Suppression | Invalid]:
    if not path.endswith((*_HCL, *_TEMPLATES)):
        return
    try:
        text = disk.content(path).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return
    if MARK in text:
        comments = in_hcl(path, text) if path.endswith(_HCL) else in_yaml(path, text)
        for one in comments:
            yield suppression(parsed_words(one.words), one.at, one.lines, known)
    if path.endswith(_TEMPLATES) and "netaudit" in text and "Metadata" in text:
        for words, at, lines in in_template(path, text):
            yield suppression(words, at, lines, known)
