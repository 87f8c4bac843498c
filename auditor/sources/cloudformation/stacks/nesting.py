"""The files that templates name: those of nested stacks, and what is included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.cloudformation.cdk import asset_file
from auditor.sources.cloudformation.files import Templates
from auditor.sources.cloudformation.locations import file_of_key, local_file, object_key, written_key
from auditor.sources.cloudformation.stacks.stack import is_stack, property_of, resources_of
from auditor.sources.cloudformation.syntax import parse
from auditor.sources.cloudformation.syntax.nodes import Entries, Syntax
from auditor.sources.cloudformation.template.options import FindInclude, NestedTemplate
from auditor.tree import Gap, GapKind, Node, Scalar

_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class _Found:
    """A template file; ``by_name`` where it is only called like what lies in a bucket."""

    path: str
    by_name: bool = False


class Nesting:
    """Finds nested templates and included files, and knows which files were taken for some."""

    __slots__ = ("_gaps", "nested", "templates")

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self.nested: dict[str, set[str]] = {}
        self._gaps: dict[str, Gap] = {}

    def gaps(self) -> tuple[Gap, ...]:
        """What is not certain of the files that were found."""
        return tuple(self._gaps.values())

    def template_of(self, url: Node, resource: Entries, parent: str, stack: str) -> NestedTemplate | None:
        """The template of a nested stack in the template at ``parent``, that of ``stack``."""
        found = _find(url, resource, parent)
        if found is None:
            return None
        path, child = found.path, f"{stack}/{self._logical_id(resource, parent)}"
        if found.by_name:
            why = f"its template is taken to be {path}, the only file here with the name that its URL ends in"
            self._gaps.setdefault(child, Gap(GapKind.MODULE, child, resource.at, why))
        self.nested.setdefault(place(path), set()).add(place(parent))
        root = self.templates.load(path).root
        if root is None:
            return None
        return NestedTemplate(
            root=root,
            path=path,
            templates=lambda url, resource: self.template_of(url, resource, path, child),
            include=self.includes(path),
        )

    def _logical_id(self, resource: Entries, parent: str) -> str:
        root = self.templates.load(parent).root
        found = resources_of(root) if root else ()
        return next((each.key for each in found if each.value.at == resource.at), "?")

    def includes(self, parent: str) -> FindInclude:
        """Finds what the template at ``parent`` includes."""

        def find(location: Node) -> Syntax | None:
            text = location.value if isinstance(location, Scalar) else None
            path = local_file(text, parent) if isinstance(text, str) else None
            if path is None:
                return None
            try:
                return parse(disk.content(path, _LARGEST), path).root
            except OSError:
                return None

        return find

    def outermost(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The templates that no other one nests; of those that nest one another in a circle, all."""
        by_place = {place(path): path for path in paths}
        nests = {one: {place(child) for child in self._children(path)} for one, path in by_place.items()}
        parents = {child for one, children in nests.items() for child in children if child != one}
        roots = [one for one in by_place if one not in parents]
        reached, waiting = set(roots), list(roots)
        while waiting:
            fresh = nests.get(waiting.pop(), set()) - reached
            reached |= fresh
            waiting += fresh
        return tuple(path for one, path in by_place.items() if one in roots or one not in reached)

    def _children(self, path: str) -> Iterator[str]:
        """The files of the stacks that a template nests, as far as it writes them out."""
        root = self.templates.load(path).root
        for resource in resources_of(root) if root else ():
            body = resource.value
            if is_stack(body) and isinstance(body, Entries):
                url = property_of(body, "TemplateURL")
                found = _find(url if isinstance(url, Scalar) else Scalar(None, body.at), body, path)
                if found is not None:
                    yield found.path


def _find(url: Node, resource: Entries, parent: str) -> _Found | None:
    asset = _asset(resource)
    if asset:
        path = local_file(asset, parent)
        return _Found(path) if path else None
    text = url.value if isinstance(url, Scalar) and isinstance(url.value, str) else ""
    path = local_file(text, parent)
    if path is not None or (text and not object_key(text)):
        return _Found(path) if path else None
    written = property_of(resource, "TemplateURL")
    key = object_key(text) or (written_key(written) if written is not None else "")
    uploaded = asset_file(key, parent)
    if uploaded is not None:
        return _Found(uploaded)
    path = file_of_key(key, parent)
    return _Found(path, by_name=True) if path else None


def _asset(resource: Entries) -> str:
    """The file beside the template that the CDK notes for a nested stack."""
    metadata = resource.get("Metadata")
    found = metadata.value.get("aws:asset:path") if metadata and isinstance(metadata.value, Entries) else None
    value = found.value.value if found and isinstance(found.value, Scalar) else ""
    return value if isinstance(value, str) else ""


def place(path: str) -> str:
    """A file by its place on disk, so that two ways to it are one."""
    return path if path == "-" else disk.real(path)
