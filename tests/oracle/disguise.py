"""Known values written as random expressions that give them: through locals, functions, loops."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from random_types import quoted


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute that is known after apply, as an expression."""

    text: str


Value = str | int | bool | None | Ref | list["Value"] | dict[str, "Value"]


@dataclass(slots=True)
class Disguise:
    """Writes values as expressions, and gathers the declarations that these need."""

    random: Random
    prefix: str = "d"
    locals: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    arguments: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def of(self, value: Value, depth: int = 2) -> str:
        """An expression that gives the value."""
        if depth <= 0 or self.random.random() < 0.3:
            return self.plain(value, depth)
        if self.random.random() < 0.35:
            return self.random.choice(EVERY)(self, value, depth - 1)
        match value:
            case bool():
                return self.random.choice(OF_BOOL)(self, value, depth - 1)
            case str():
                return self.random.choice(OF_TEXT)(self, value, depth - 1)
            case int():
                return self.random.choice(OF_NUMBER)(self, value, depth - 1)
            case list():
                return self.random.choice(OF_LIST)(self, value, depth - 1)
            case dict():
                return self.random.choice(OF_MAP)(self, value, depth - 1)
            case _:
                return self.random.choice(EVERY)(self, value, depth - 1)

    def plain(self, value: Value, depth: int = 0) -> str:
        """The value as a literal, its parts disguised."""
        match value:
            case None:
                return "null"
            case Ref(text):
                return text
            case str():
                return quoted(value)
            case bool() | int():
                return json.dumps(value)
            case list():
                return f"[{', '.join(self.of(item, depth - 1) for item in value)}]"
            case dict():
                pairs = [
                    f"{self._key(key)} {self.random.choice('=:')} {self.of(v, depth - 1)}"
                    for key, v in value.items()
                ]
                return f"{{ {', '.join(pairs)} }}"

    def _key(self, key: str) -> str:
        return key if key.isidentifier() and self.random.random() < 0.7 else quoted(key)

    def name(self) -> str:
        """A name that is not used yet."""
        self.count += 1
        return f"{self.prefix}{self.count}"


def _local(d: Disguise, value: Value, depth: int) -> str:
    text, name = d.of(value, depth), d.name()
    d.locals.append(f"  {name} = {text}\n")
    return f"local.{name}"


def _variable(d: Disguise, value: Value, depth: int) -> str:
    if value is None or _has_reference(value):
        return _local(d, value, depth)
    name = d.name()
    text = Disguise(d.random).plain(value)
    type_ = _type(d.random, value)
    lines = [f"  type = {type_}\n"] if type_ else []
    if d.random.random() < 0.5:
        lines.append(f"  default = {text}\n")
    else:
        d.arguments.append((name, text))
        if d.random.random() < 0.3:
            lines.append("  nullable = false\n")
    d.variables.append(f'variable "{name}" {{\n{"".join(lines)}}}\n')
    return f"var.{name}"


def _has_reference(value: Value) -> bool:
    match value:
        case Ref():
            return True
        case list():
            return any(map(_has_reference, value))
        case dict():
            return any(map(_has_reference, value.values()))
        case _:
            return False


def _type(random: Random, value: Value) -> str:
    """A type constraint that the value fits without being changed; empty for none."""
    if random.random() < 0.25:
        return random.choice(("", "any"))
    match value:
        case bool():
            return "bool"
        case str():
            return "string"
        case int():
            return "number"
        case list():
            kinds = {_type(random, item) for item in value}
            return f"list({kinds.pop()})" if len(kinds) == 1 and kinds != {""} else "any"
        case dict():
            if not all(key.isidentifier() for key in value):
                return "any"
            pairs = [
                f"{key} = {_optional(random, _type(random, item) or 'any')}" for key, item in value.items()
            ]
            return f"object({{ {', '.join(pairs)} }})"
        case _:
            return "any"


def _optional(random: Random, type_: str) -> str:
    return f"optional({type_})" if random.random() < 0.3 else type_


def _chosen(d: Disguise, value: Value, depth: int) -> str:
    truth = d.of(True, depth)
    return d.random.choice(
        (
            f"({truth} ? {d.of(value, depth)} : null)",
            f"(!{truth} ? null : {d.of(value, depth)})",
            f"({truth} ? {d.of(value, depth)} : {d.of(value, depth)})",
        )
    )


def _picked(d: Disguise, value: Value, depth: int) -> str:
    inner = d.of(value, depth)
    return d.random.choice(
        (
            f"[{inner}][0]",
            f"[null, {inner}][1]",
            f"{{ it = {inner}, other = 3 }}.it",
            f'{{ it = {inner} }}["it"]',
            f'lookup({{ it = {inner} }}, "it", null)',
            f'lookup({{}}, "it", {inner})',
            f"element([{inner}], 7)",
            f"one([{inner}])",
            f"try({{ a = 1 }}.it, {inner})",
            f"try({inner}, null)",
            f"[for x in [{inner}] : x][0]",
            f'{{ for k, v in {{ a = {inner} }} : upper(k) => v }}["A"]',
            f"merge({{ it = 1 }}, {{ it = {inner} }}).it",
            f"(\n    # a comment\n    {inner} // and another\n  )",
            f"flatten([[{{ v = {inner} }}], []])[0].v",
            f"[for o in [{{ v = {inner}, on = true }}, {{ v = null, on = false }}] : o.v if o.on][0]",
            f"values({{ a = {inner} }})[0]",
            f'zipmap(["a"], [{inner}]).a',
            f'{{ for o in [{{ k = "x", v = {inner} }}] : o.k => o.v... }}.x[0]',
            f"([{{ v = {inner} }}][*].v)[0]",
        )
    )


def _truth(d: Disguise, value: Value, depth: int) -> str:
    if value is not True:
        return f"!{d.of(True, depth)}"
    a = d.of(d.random.choice(("a", "tcp")), depth)
    return d.random.choice(
        (
            f'contains(["a", "tcp"], {a})',
            f"length([1, {a}]) == 2",
            "1 < 2 && !false",
            f"({d.of(3, depth)} >= 3)",
            f"can({a})",
            '!can({}["x"])',
            'alltrue([true, "true"])',
            'startswith("web-1", "web")',
            'tobool("true")',
            f"({a} != null)",
            'length(regexall("^10[.]", "10.0.0.1")) > 0',
        )
    ).join(("(", ")"))


def _text(d: Disguise, value: Value, depth: int) -> str:
    text = str(value)
    at = d.random.randint(0, len(text))
    first, last = d.of(text[:at], depth), d.of(text[at:], depth)
    plain = quoted(text)
    return d.random.choice(
        (
            f'"${{{first}}}${{{last}}}"',
            f'format("%s%s", {first}, {last})',
            f'join("", [{first}, {last}])',
            f'replace({quoted(text[:at] + "§" + text[at:])}, "§", "")',
            f"jsondecode(jsonencode({plain}))",
            f"yamldecode({json.dumps(json.dumps(text))})" if text.isascii() and "{" not in text else plain,
            f"base64decode(base64encode({plain}))",
            f'trimsuffix("{plain[1:-1]}zz", "zz")',
            f'split("§", {quoted(text + "§x")})[0]',
            f'"%{{ if {d.of(True, depth)} }}{plain[1:-1]}%{{ else }}no%{{ endif }}"',
            f'"%{{ for x in [{first}, {last}] }}${{x}}%{{ endfor }}"',
            f"trimspace(<<-EOT\n      {text.replace('${', '$${').replace('%{', '%%{')}\n    EOT\n  )"
            if text == text.strip()
            else plain,
            f'coalesce(null, "", {plain})' if text else plain,
            f'formatlist("%s%s", [{first}], {last})[0]',
            f'templatefile("${{path.module}}/joined.tftpl", {{ a = {first}, b = {last} }})',
            f"substr({quoted('éx' + text)}, 2, -1)",
            f"strrev({quoted(text[::-1])})" if text.isascii() else plain,
            f'regex("^(?:.*)$", {plain})' if "\n" not in text else plain,
            f"tostring({plain})",
        )
    )


def _number(d: Disguise, value: Value, depth: int) -> str:
    number = int(str(value))
    return d.random.choice(
        (
            f"({d.of(number - 3, depth)} + 3)",
            f"({d.of(number * 2, depth)} / 2)",
            f'tonumber("{number}")',
            f"max({number}, {number - 1})",
            f"min([{number}, {number + 9}]...)",
            f"floor({number}.5)",
            f'parseint("{abs(number)}", 10)' if number >= 0 else f"-{abs(number)}",
            f"sum([{number}, 0])",
            f"range({number}, {number + 1})[0]",
            f'jsondecode("{number}")',
            f'yamldecode("port: {number}").port',
            f"({d.of(True, depth)} ? {number} : 0)",
            f"({number} % {abs(number) + 1})",
        )
    )


def _list(d: Disguise, value: Value, depth: int) -> str:
    assert isinstance(value, list)
    at = d.random.randint(0, len(value))
    first, last, whole = d.of(value[:at], depth), d.of(value[at:], depth), d.of(value, depth)
    return d.random.choice(
        (
            f"concat({first}, {last})",
            f"flatten([{first}, [{last}]])",
            f"[for x in {whole} : x]",
            f"[for i, x in {whole} : x if i >= 0]",
            f"{whole}[*]",
            f"reverse({d.of(value[::-1], depth)})",
            f"slice(concat({whole}, [null]), 0, {len(value)})",
            f"({d.of(True, depth)} ? {whole} : [])",
            f"coalescelist([], {whole})" if value else whole,
            f"[for o in [for x in {whole} : {{ v = x }}] : o.v]",
            f"chunklist({whole}, 50)[0]" if value else whole,
        )
    )


def _map(d: Disguise, value: Value, depth: int) -> str:
    assert isinstance(value, dict)
    keys = list(value)
    at = d.random.randint(0, len(keys))
    first, last = ({k: value[k] for k in part} for part in (keys[:at], keys[at:]))
    whole = d.of(value, depth)
    one_kind = len({type(item) for item in value.values()}) <= 1
    return d.random.choice(
        (
            f"merge({d.of(first, depth)}, {d.of(last, depth)})",
            f"merge([{d.of(first, depth)}, {d.of(last, depth)}]...)",
            f"{{ for k, v in {whole} : k => v }}",
            f"{{ for k in keys({whole}) : k => {d.of(value, 0)}[k] }}",
            f"zipmap({d.of(keys, depth)}, {d.of(list(value.values()), depth)})",
            f"({d.of(True, depth)} ? {whole} : {{}})" if one_kind else whole,
            f"merge({whole}, null, {{}})",
            f"{{ for p in [for k, v in {whole} : {{ k = k, v = v }}] : p.k => p.v }}",
        )
    )


Writer = Callable[[Disguise, Value, int], str]
EVERY: tuple[Writer, ...] = (_local, _local, _variable, _chosen, _picked, _picked)
OF_BOOL: tuple[Writer, ...] = (_truth,)
OF_TEXT: tuple[Writer, ...] = (_text,)
OF_NUMBER: tuple[Writer, ...] = (_number,)
OF_LIST: tuple[Writer, ...] = (_list,)
OF_MAP: tuple[Writer, ...] = (_map,)
