"""YAML with its lines: a mapping that is read key by key, with everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, TypeGuard

from auditor import disk
from auditor.errors import RuleError, nearest, one_of
from auditor.frozen import dataclass

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place, ``path:line:column``, and what would mend it."""

    at: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class Section:
    """One YAML mapping. Keys that nobody asked for are wrong; ``finish`` tells them.

    Readers give an empty value for what is missing or wrong, and put the problem into ``problems``.
    """

    def __init__(self, path: str, node: MappingNode, problems: list[Problem]) -> None:
        self.path = path
        self.node = node
        self.problems = problems
        self._asked: list[str] = []
        self._nodes: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in self._nodes:
                self.wrong(key, f"{name} stands here twice")
            self._nodes[name] = value
        self._keys = {str(key.value): key for key, _ in node.value}

    @property
    def at(self) -> str:
        """Where the mapping begins."""
        return self.place(self.node)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are given."""
        return tuple(self._nodes)

    def place(self, node: Node) -> str:
        """Where a node begins, as ``path:line:column``."""
        return f"{self.path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        """Tell that something is wrong at a node."""
        self.problems.append(Problem(self.place(node), message, hint))

    def refuse(self, key: str, message: str, hint: str = "") -> None:
        """Tell that something is wrong with a key's value."""
        self.wrong(self._nodes.get(key, self.node), f"{key}: {message}", hint)

    def get(self, key: str, *, required: bool = True) -> Node | None:
        """The node of a key; None where it is missing or empty."""
        self._asked.append(key)
        node = self._nodes.get(key)
        if node is None or node.tag == _NULL:
            if required:
                self.wrong(self._keys.get(key, self.node), f"{key} is missing")
            return None
        return node

    def text(self, key: str, *, required: bool = True) -> str:
        """A text, without white space around it."""
        node = self.get(key, required=required)
        return "" if node is None else self._text(node, key).strip()

    def raw_text(self, key: str) -> str:
        """A text as it stands."""
        node = self.get(key)
        return "" if node is None else self._text(node, key)

    def _text(self, node: Node, key: str) -> str:
        if _is_scalar(node):
            return str(node.value)
        self.wrong(node, f"{key}: expected a text")
        return ""

    def choice(self, key: str, choices: Collection[str], default: str = "") -> str:
        """One of ``choices``; the default, or the first of them, where it is missing or wrong."""
        found = self.text(key, required=not default)
        if found in choices:
            return found
        if found:
            self.refuse(key, f"{found!r} is none of {', '.join(choices)}", nearest(found, choices))
        return default or next(iter(choices))

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        node = self.get(key, required=required)
        if node is None:
            return ()
        if _is_scalar(node):
            return (str(node.value),)
        if not isinstance(node.value, list) or not all(_is_scalar(item) for item in node.value):
            self.wrong(node, f"{key}: expected a list of texts")
            return ()
        return tuple(str(item.value) for item in node.value)

    def matching(self, key: str, pattern: str, meaning: str) -> str:
        """A text of a certain form."""
        found = self.text(key)
        if found and not re.fullmatch(pattern, found):
            self.refuse(key, f"{found!r} is not {meaning}")
        return found

    def section(self, key: str, *, required: bool = True) -> Section | None:
        """A mapping below a key."""
        node = self.get(key, required=required)
        return None if node is None else self._section(node, key)

    def _section(self, node: Node, key: str) -> Section | None:
        if _is_mapping(node):
            return Section(self.path, node, self.problems)
        self.wrong(node, f"{key}: expected `name: value` pairs")
        return None

    def sections(self, key: str) -> Iterator[Section]:
        """A list of mappings below a key."""
        node = self.get(key)
        if node is None:
            return
        if _is_scalar(node) or _is_mapping(node):
            self.wrong(node, f"{key}: expected a list")
            return
        for item in node.value:
            found = self._section(item, key)
            if found is not None:
                yield found

    def finish(self) -> None:
        """Tell the keys that nobody asked for."""
        for name, key in self._keys.items():
            if name not in self._asked:
                known = sorted(set(self._asked))
                self.wrong(key, f"unknown key {name!r}", one_of(name, known))


def composed(path: str) -> Node | None:
    """The YAML in a file, as nodes that know their lines; None where it is empty.

    Raises:
        RuleError: it cannot be read, or is no YAML.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node: Node | None = yaml.compose(disk.content(path).decode(), Loader=loader)
    except OSError as error:
        raise RuleError(f"cannot read: {error.strerror}", at=path) from error
    except UnicodeDecodeError as error:
        raise RuleError("not UTF-8", at=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise RuleError(f"not YAML: {error.problem}", at=at) from error
    except yaml.YAMLError as error:
        raise RuleError(f"not YAML: {error}", at=path) from error
    return node


def refusal(problems: Sequence[Problem], path: str) -> RuleError:
    """The one error that tells all problems of a file, in its order; there is one at least."""
    if len(problems) == 1:
        return RuleError(problems[0].message, at=problems[0].at, hint=problems[0].hint)
    lines = "".join(f"\n  {problem}" for problem in sorted(problems, key=_line))
    return RuleError(f"{len(problems)} things are wrong:{lines}", at=path)


def _line(problem: Problem) -> tuple[int, int]:
    line, column = problem.at.rsplit(":", 2)[1:]
    return int(line), int(column)


def _is_scalar(node: Node) -> TypeGuard[ScalarNode]:
    from yaml.nodes import ScalarNode

    return isinstance(node, ScalarNode)


def _is_mapping(node: Node) -> TypeGuard[MappingNode]:
    from yaml.nodes import MappingNode

    return isinstance(node, MappingNode)
