"""What stacks are called: by the stems of their files, with as many folders as tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SUFFIXES = (".json", ".yaml", ".yml", ".template")
STANDARD_INPUT, _PIPED = "-", "stdin"


def stem(path: str) -> str:
    """The name of a file without what says that it is a template."""
    name = path.replace("\\", "/").rpartition("/")[2]
    for suffix in (*_SUFFIXES, ".template"):
        shorter = name.removesuffix(suffix)
        name = shorter or name
    return name


def unique_names(paths: Iterable[str]) -> Mapping[str, str]:
    """The name of the stack of each file, no two alike.

    Files of one folder that differ by what they are written in alone keep their suffixes.
    """
    left = dict.fromkeys(paths, 0)
    while True:
        names = {path: _name(path, depth) for path, depth in left.items()}
        alike = _alike(names)
        deeper = {path for path in alike if names[path] != _name(path, left[path] + 1)}
        if not deeper:
            whole = {path: names[path] + path[len(path) - _suffixes(path) :] for path in alike}
            named = {**names, **whole}
            return {**named, **{path: path for path in _alike(named)}}
        left = {path: depth + (path in deeper) for path, depth in left.items()}


def _suffixes(path: str) -> int:
    return len(path.replace("\\", "/").rpartition("/")[2]) - len(stem(path))


def _name(path: str, depth: int) -> str:
    if path == STANDARD_INPUT:
        return _PIPED
    folders = [each for each in path.replace("\\", "/").split("/")[:-1] if each not in {"", "."}]
    return "/".join((*folders[len(folders) - depth :], stem(path)) if depth else (stem(path),))


def _alike(names: Mapping[str, str]) -> set[str]:
    by_name: dict[str, list[str]] = {}
    for path, name in names.items():
        by_name.setdefault(name, []).append(path)
    return {path for paths in by_name.values() if len(paths) > 1 for path in paths}
