"""Sides of a comparison that are revisions of git, read as if they stood where the working tree stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import disk
from auditor.cli.options import Settings
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.pipeline import Network
    from auditor.sources.revisions import Exported, Revision


def network_at(
    settings: Settings, found: Revision, more: Iterable[str] = (), *, shared: bool = False
) -> Network:
    """The network of a revision, read with the working tree's configuration.

    Files of variables and parameters are the revision's own, where it has them. Places are spelled as git
    spells them: ``main:infra/vpc.tf:12:3``.
    """
    from auditor.sources.revisions import exported

    with exported(found) as tree:
        paths = (tree.path, *map(tree.counterpart, more))
        return _network(settings, tree, paths, tree.renamed, shared=shared)


def networks_at(settings: Settings, found: Revision) -> Network | None:
    """The network of the command's own paths in a revision, with the places of the working tree.

    None where the revision has none of the paths.
    """
    from auditor.sources.revisions import exported

    with exported(found) as tree:
        paths = [tree.counterpart(path) for path in settings.paths or (".",)]
        there = tuple(path for path in paths if path.startswith(tree.top))
        try:
            return _network(settings, tree, there, tree.restored) if there else None
        except InputError:
            return None


def _network(
    settings: Settings,
    tree: Exported,
    paths: tuple[str, ...],
    rename: Callable[[str], str],
    *,
    shared: bool = True,
) -> Network:
    from auditor.cli.run import network
    from auditor.relocation import relocated

    own = replace(
        settings,
        var_files=tuple(_file(tree, each) for each in settings.var_files),
        parameter_files=tuple(_file(tree, each) for each in settings.parameter_files),
        config=_configured(tree, settings.config),
    )
    read = network(own, paths, shared=shared, fresh=True)
    return replace(read, inventory=relocated(read.inventory, rename), inputs=relocated(read.inputs, rename))


def _file(tree: Exported, text: str) -> str:
    """``FILE`` or ``ROOT=FILE`` with the revision's file."""
    root, equals, path = text.rpartition("=")
    return f"{tree.counterpart(root) if root else ''}{equals}{tree.counterpart(path)}"


def _configured(tree: Exported, path: str | None) -> str | None:
    """The working tree's configuration, put where its paths mean those of the revision.

    Folders and files that it names and the revision lacks are there all the same: the folders empty, the
    files as they are now.
    """
    from auditor.sources.config import DEFAULT_NAME, read_configuration
    from auditor.sources.revisions import inside_of

    named = path or (DEFAULT_NAME if disk.kind(DEFAULT_NAME) is disk.Kind.FILE else None)
    inside = None if named is None else inside_of(tree.revision.root, named)
    if named is None or inside is None:
        return named
    target = Path(tree.top, inside)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(disk.content(named))
    given = read_configuration(named)
    for folder, root in given.roots.items():
        for lacking in _lacking(tree, (folder,)):
            lacking.mkdir(parents=True, exist_ok=True)
        for lacking in _lacking(tree, root.var_files):
            lacking.parent.mkdir(parents=True, exist_ok=True)
            lacking.write_bytes(disk.content(str(Path(tree.revision.root, lacking.relative_to(tree.top)))))
    return str(target)


def _lacking(tree: Exported, paths: Iterable[str]) -> Iterator[Path]:
    """Where paths of the working tree would be in the revision, of those that it does not have."""
    from auditor.sources.revisions import inside_of

    for path in paths:
        inside = inside_of(tree.revision.root, path)
        if inside and not Path(tree.top, inside).exists():
            yield Path(tree.top, inside)
