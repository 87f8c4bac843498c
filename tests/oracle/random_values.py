"""Random modules of values: variables, chains of locals, a called module, outputs of any type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from random_expressions import Expressions, Name
from random_types import STRING, Type, constraint, list_of, literal, map_of, some_type


@dataclass(frozen=True, slots=True)
class Statement:
    """A local value or an output: ``sort`` is ``local`` or ``output``."""

    sort: str
    name: str
    text: str

    def render(self) -> str:
        if self.sort == "local":
            return f"locals {{\n  {self.name} = {self.text}\n}}\n"
        return f'output "{self.name}" {{\n  value = {self.text}\n}}\n'


@dataclass(frozen=True, slots=True)
class Values:
    """A module of values: ``fixed`` are its declarations, ``call`` what its call gives."""

    name: str
    fixed: str
    call: str
    statements: tuple[Statement, ...]

    def without(self, dropped: set[tuple[str, str]]) -> Values:
        """The module without some statements, and without all that names one of them."""
        kept: list[Statement] = []
        gone = {name for sort, name in dropped if sort == "local"}
        for each in self.statements:
            if (each.sort, each.name) in dropped or any(
                f"local.{name}" in _words(each.text) for name in gone
            ):
                if each.sort == "local":
                    gone.add(each.name)
            else:
                kept.append(each)
        return replace(self, statements=tuple(kept))

    def named(self, name: str) -> Statement | None:
        return next((each for each in self.statements if each.name == name), None)

    def main(self) -> tuple[str, list[tuple[int, Statement]]]:
        """The text of ``main.tf``, and the line at which each statement begins."""
        lines = self.fixed.count("\n") + 1
        texts, places = [self.fixed], []
        for each in self.statements:
            text = each.render()
            places.append((lines, each))
            lines += text.count("\n")
            texts.append(text)
        return "".join(texts), places


def _words(text: str) -> set[str]:
    import re

    return set(re.findall(r"local\.\w+", text))


def some_values(seed: int, *, unknown: bool) -> Values:
    """The module of values of a seed; with ``unknown``, some of what it starts from is known after apply."""
    random = Random(seed)
    declarations, arguments, scope = [], [], []
    for number in range(random.randint(2, 4)):
        kind = some_type(random, 3)
        declared, given = _variable(random, f"v{number}", kind)
        declarations.append(declared)
        arguments.append(given)
        scope.append(Name(f"var.v{number}", kind))
    for number in range(random.randint(1, 3)):
        kind = random.choice((STRING, list_of(STRING), map_of(STRING), some_type(random, 2)))
        text = literal(random, kind, null=0.0)
        declarations.append(_source(number, text, unknown=unknown))
        scope.append(Name(f"local.k{number}", kind))
    statements = _statements(random, scope)
    return Values(
        name=f"c{seed}{'u' if unknown else 'k'}",
        fixed="".join(declarations),
        call="".join(arguments),
        statements=tuple(statements),
    )


def _source(number: int, text: str, *, unknown: bool) -> str:
    if not unknown:
        return f"locals {{\n  k{number} = {text}\n}}\n"
    return (
        f'resource "terraform_data" "u{number}" {{\n  input = {text}\n}}\n'
        f"locals {{\n  k{number} = terraform_data.u{number}.output\n}}\n"
    )


def _variable(random: Random, name: str, kind: Type) -> tuple[str, str]:
    """A variable's declaration, and its argument in the call (or nothing)."""
    lines = []
    if random.random() < 0.85:
        lines.append(f"  type = {constraint(random, kind)}")
    given = random.random() < 0.6
    if not given or random.random() < 0.5:
        lines.append(f"  default = {literal(random, kind, null=0.0)}")
        if random.random() < 0.2:
            lines.append(f"  nullable = {random.choice(('true', 'false'))}")
    if random.random() < 0.2:
        lines.append('  description = "a variable" # of any type')
    body = "\n".join(lines)
    argument = f"  {name} = {literal(random, kind)}\n" if given else ""
    return f'variable "{name}" {{\n{body}\n}}\n', argument


def _statements(random: Random, scope: list[Name]) -> list[Statement]:
    expressions = Expressions(random, scope)
    statements = []
    for number in range(random.randint(2, 6)):
        kind = some_type(random, 2)
        statements.append(Statement("local", f"l{number}", expressions.of(kind, random.randint(1, 3))))
        expressions.scope.append(Name(f"local.l{number}", kind))
    for number in range(random.randint(3, 8)):
        kind = some_type(random, 2)
        statements.append(Statement("output", f"o{number}", expressions.of(kind, random.randint(2, 4))))
    return statements
