"""A YAML file of settings, with the place of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from auditor import disk
from auditor.errors import RuleError, one_of
from auditor.tree import Location

if TYPE_CHECKING:
    import yaml

Keys = tuple[str, ...]


class Document:
    """The settings of a file by the keys that lead to them; every error names the place of the last key."""

    __slots__ = ("_content", "_node", "path")

    def __init__(self, path: str, content: object, node: yaml.Node | None) -> None:
        self.path = path
        self._content = content
        self._node = node

    def place(self, keys: Keys) -> Location:
        """Where the last of the keys stands; the file alone where there is no such."""
        import yaml

        node, mark = self._node, None
        for key in keys:
            if isinstance(node, yaml.SequenceNode) and key.isdigit() and int(key) < len(node.value):
                node = node.value[int(key)]
                mark = node.start_mark
                continue
            pairs: Iterable[Any] = node.value if isinstance(node, yaml.MappingNode) else ()
            for name, value in pairs:
                if name.value == key:
                    node, mark = value, name.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1) if mark else Location(self.path)

    def error(self, message: str, keys: Keys = (), hint: str = "") -> RuleError:
        """That something is wrong with a setting."""
        return RuleError(message, at=str(self.place(keys)), hint=hint)

    def value(self, keys: Keys) -> Any:
        """The setting as Python has it; None where there is none."""
        found: Any = self._content
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def mapping(self, keys: Keys, expected: str, known: Collection[str] = ()) -> dict[str, Any]:
        """A setting that is ``name: value`` pairs, of the ``known`` names alone if these are given."""
        found = self.value(keys)
        if found is None:
            return {}
        if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
            raise self.error(f"{keys[-1]}: expected {expected}" if keys else f"expected {expected}", keys)
        for key in found:
            if known and key not in known:
                raise self.error(f"unknown setting {key!r}", (*keys, key), one_of(key, known))
        return found

    def texts(self, keys: Keys) -> dict[str, str]:
        """A setting that is ``name: text`` pairs."""
        found = self.mapping(keys, "`name: text` pairs")
        for key, each in found.items():
            if not isinstance(each, str):
                raise self.error(f"{keys[-1]}: expected `name: text` pairs", (*keys, key))
        return dict(found)

    def text(self, keys: Keys, expected: str, hint: str = "") -> str | None:
        """A setting that is one text; None where there is none."""
        found = self.value(keys)
        if found is not None and not isinstance(found, str):
            raise self.error(f"{keys[-1]}: expected {expected}", keys, hint)
        return found


def read_document(path: str) -> Document:
    """The settings in a file. Raises RuleError where it cannot be read or is no YAML."""
    import yaml

    try:
        loader = yaml.SafeLoader(disk.content(path).decode())
        node = loader.get_single_node()
        content = None if node is None else loader.construct_document(node)
    except OSError as error:
        raise RuleError(f"cannot read: {error.strerror}", at=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise RuleError(f"not YAML: {error.problem or error.context}", at=at) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RuleError(f"not YAML: {str(error).splitlines()[0]}", at=path) from error
    return Document(path, content, node)
