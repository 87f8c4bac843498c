"""Random expressions that, as far as can be told without evaluating them, give values of a type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from random_types import (
    BOOL,
    KEYS,
    NUMBER,
    SCALARS,
    STRING,
    Type,
    list_of,
    literal,
    map_of,
    quoted,
    set_of,
    some_type,
)

CIDRS = ('"10.0.0.0/16"', '"10.20.0.0/20"', '"192.168.4.0/22"', '"2001:db8::/48"', '"172.16.0.0/12"')
PATTERNS = ('"[a-z]+"', '"^([a-z])(.*)$"', '"(?P<head>[a-z0-9]+)"', '"[0-9]"', '","', '"x*"')
FORMATS = ('"%s-%v"', '"%v|%s"', '"%[2]v %[1]v"', '"%5s%v"', '"%-4s;%v"', '"%q %v"', '"100%% %s %v"')
SEPARATORS = ('","', '"-"', '""')
REPLACED = ('"a"', '"/[a-c]+/"', '"/(.)b/"', '"-"')
REPLACEMENTS = ('"x"', '"$1"', '""')
CUTSETS = ('"ab"', '" -"')
PARSED = ('"ff", 16', '"0101", 2', '"777", 8')
TWO = "{ a = 1, b = 2 }"
NUMERALS = ('"12"', '"1.5"')
ONE_TEXT = (
    "upper({})",
    "lower({})",
    "title({})",
    "trimspace({})",
    "chomp({})",
    "strrev({})",
    "sha1({})",
    "md5({})",
    "base64encode({})",
    "base64decode(base64encode({}))",
    "urlencode({})",
    "jsonencode({})",
    "sha256({})",
    "jsondecode(jsonencode({}))",
    "indent(2, {})",
)


@dataclass(frozen=True, slots=True)
class Name:
    """Something that an expression can name: its text and its type."""

    text: str
    type: Type


class Expressions:
    """Draws expressions that name what is in ``scope``."""

    def __init__(self, random: Random, scope: Sequence[Name] = ()) -> None:
        self.random = random
        self.scope = list(scope)
        self.loops = 0

    def of(self, wanted: Type, depth: int) -> str:
        """An expression of a type, nested about ``depth`` times."""
        named = self._named(wanted)
        if named and self.random.random() < (0.7 if depth <= 0 else 0.3):
            return self.random.choice(named)
        if depth <= 0 or self.random.random() < 0.08:
            return literal(self.random, wanted, outer=0.0)
        if self.random.random() < 0.16:
            return self._any_kind(wanted, depth - 1)
        return self.random.choice(PRODUCTIONS[wanted.kind])(self, wanted, depth - 1)

    def _named(self, wanted: Type) -> list[str]:
        found = []
        for name in self.scope:
            if name.type == wanted:
                found.append(name.text)
            elif name.type.kind == "object":
                pairs = zip(name.type.names, name.type.parts, strict=True)
                found += [f"{name.text}.{attribute}" for attribute, part in pairs if part == wanted]
            elif name.type.kind == "tuple":
                found += [f"{name.text}[{at}]" for at, part in enumerate(name.type.parts) if part == wanted]
        return found

    def text(self, depth: int) -> str:
        return self.of(STRING, depth)

    def number(self, depth: int) -> str:
        return self.of(NUMBER, depth)

    def small(self) -> str:
        """A small index."""
        return self.random.choice(("0", "0", "0", "1", "1", "2", '"0"', "length([1])"))

    def condition(self, depth: int) -> str:
        return self.of(BOOL, depth)

    def scalar(self, depth: int) -> str:
        return self.of(self.random.choice(SCALARS), depth)

    def key(self) -> str:
        return quoted(self.random.choice(KEYS))

    def loop(self) -> str:
        """A fresh name for a loop's variable."""
        self.loops += 1
        return f"v{self.loops}"

    def within(self, names: Sequence[Name], draw: Callable[[], str]) -> str:
        """What ``draw`` gives while further names are in scope."""
        before = len(self.scope)
        self.scope += [*names, *names]
        try:
            return draw()
        finally:
            del self.scope[before:]

    def _any_kind(self, wanted: Type, depth: int) -> str:
        """An expression of any type: what is done with every type alike."""
        return self.random.choice(GENERIC)(self, wanted, depth)


def _conditional(e: Expressions, t: Type, depth: int) -> str:
    other = t
    if e.random.random() < 0.3 and t.kind in {"string", "number", "bool"}:
        other = STRING
    elif e.random.random() < 0.3 and t.kind in {"list", "tuple", "set"}:
        other = e.random.choice((list_of(e.random.choice(SCALARS)), t))
    elif e.random.random() < 0.3 and t.kind in {"map", "object"}:
        other = e.random.choice((map_of(e.random.choice(SCALARS)), some_type(e.random, 2)))
    sides = [e.of(t, depth), e.of(other, depth)]
    e.random.shuffle(sides)
    return f"({e.condition(depth)} ? {sides[0]} : {sides[1]})"


def _try(e: Expressions, t: Type, depth: int) -> str:
    bad = e.random.choice(
        (
            lambda: f"{e.of(map_of(t), depth)}[{e.key()}]",
            lambda: f"{e.of(list_of(t), depth)}[{e.small()}]",
            lambda: f"{e.of(some_type(e.random, 2), depth)}.{e.random.choice(('a', 'b', 'name'))}",
            lambda: f"tonumber({e.text(depth)})",
        )
    )()
    return f"try({bad}, {e.of(t, depth)})"


def _indexed(e: Expressions, t: Type, depth: int) -> str:
    items = e.of(list_of(t), depth)
    return e.random.choice(
        (f"{items}[{e.small()}]", f"element({items}, {e.small()})", f"concat({items}, [{e.of(t, 0)}])[0]")
    )


def _looked_up(e: Expressions, t: Type, depth: int) -> str:
    mapped, key = e.of(map_of(t), depth), e.key()
    return e.random.choice(
        (
            f"lookup({mapped}, {key}, {e.of(t, depth)})",
            f"merge({mapped}, {{ {key} = {e.of(t, depth)} }})[{key}]",
            f"{mapped}[{key}]",
        )
    )


def _attribute_of(e: Expressions, t: Type, depth: int) -> str:
    other = e.of(some_type(e.random, 1), depth)
    return e.random.choice(
        (
            f"{{ x = {e.of(t, depth)}, y = {other} }}.x",
            f'{{ x = {e.of(t, depth)}, "y" : {other} }}["x"]',
            f"[{other}, {e.of(t, depth)}][1]",
            f"one([{e.of(t, depth)}])",
            f"coalesce(null, {e.of(t, depth)})"
            if t.kind in {"string", "number", "bool"}
            else f"({e.of(t, depth)})",
            f"jsondecode(jsonencode({e.of(t, depth)}))",
            f"yamldecode(yamlencode({e.of(t, depth)}))",
            f"[for x in [{e.of(t, depth)}] : x][0]",
        )
    )


def _template(e: Expressions, t: Type, depth: int) -> str:
    return f'"{"".join(_piece(e, depth) for _ in range(e.random.randint(2, 4)))}"'


def _piece(e: Expressions, depth: int) -> str:
    tilde = e.random.choice(("", "", "~"))
    match e.random.choice(("text", "text", "value", "value", "if", "for")):
        case "text":
            return e.random.choice(("-", " ", "web", "\\n", "$${x}", "% ", "é", "  "))
        case "value":
            return f"${{{tilde}{e.scalar(depth)}{tilde}}}"
        case "if":
            otherwise = e.random.choice(("", f"%{{ else }}{e.random.choice((' no ', 'é'))}"))
            then = f" yes ${{{e.scalar(depth - 1)}}}"
            return f"%{{ if {e.condition(depth)} {tilde}}}{then}{otherwise}%{{ endif {tilde}}}"
        case _:
            item = e.random.choice(SCALARS)
            name = e.loop()
            body = e.within((Name(name, item),), lambda: f"${{{e.scalar(depth - 1)}}}")
            return f"%{{ for {name} in {e.of(list_of(item), depth)} {tilde}}} {body},%{{ endfor {tilde}}}"


def _heredoc(e: Expressions, t: Type, depth: int) -> str:
    mark = e.random.choice(("<<EOT", "<<-EOT"))
    pad = "    " if mark == "<<-EOT" else ""
    lines = "\n".join(
        f"{pad}{'  ' * e.random.randint(0, 1)}{_line(e, depth)}" for _ in range(e.random.randint(1, 3))
    )
    return f'join("", [{mark}\n{lines}\n{pad}EOT\n])'


def _line(e: Expressions, depth: int) -> str:
    return (
        f"k = ${{{e.scalar(depth)}}}"
        if e.random.random() < 0.6
        else e.random.choice(("plain", 'quo"te', "b\\n", "%{ if true }x%{ endif }"))
    )


def _string_call(e: Expressions, t: Type, depth: int) -> str:
    a, b = e.text(depth), e.text(0)
    return e.random.choice(
        (
            e.random.choice(ONE_TEXT).format(a),
            f"format({e.random.choice(FORMATS)}, {a}, {e.scalar(depth)})",
            f'format("%03d/%x/%.2f", {e.random.choice(("7", "80"))}, 255, {e.random.choice(("1.5", "2"))})',
            f"join({e.random.choice(SEPARATORS)}, {e.of(list_of(STRING), depth)})",
            f"replace({a}, {e.random.choice(REPLACED)}, {e.random.choice(REPLACEMENTS)})",
            f"substr({a}, {e.random.choice(('0', '1', '-2'))}, {e.random.choice(('1', '2', '-1', '9'))})",
            f"trimprefix({a}, {b})",
            f"trimsuffix({a}, {b})",
            f"trim({a}, {e.random.choice(CUTSETS)})",
            f"try(regex({e.random.choice(PATTERNS[3:])}, {a}), {b})",
            f"cidrsubnet({e.random.choice(CIDRS)}, {e.random.choice('248')}, {e.random.choice('0123')})",
            f"cidrhost({e.random.choice(CIDRS)}, {e.random.choice(('0', '1', '5', '-2'))})",
            f"cidrnetmask({e.random.choice(CIDRS[:3])})",
            f"tostring({e.scalar(depth)})",
            f"jsonencode({e.of(some_type(e.random, 2), depth)})",
            f"coalesce({a}, {b})",
            f"yamlencode({e.of(some_type(e.random, 2), depth)})",
            f"trimspace(<<-X\n  ${{{a}}}\n  X\n)",
            f'formatdate("YYYY-MM-DD\'T\'hh", "2024-0{e.random.randint(1, 9)}-11T13:04:05Z")',
        )
    )


def _number_call(e: Expressions, t: Type, depth: int) -> str:
    a, b = e.number(depth), e.number(depth)
    return e.random.choice(
        (
            f"({a} {e.random.choice('+-*')} {b})",
            f"({a} / {e.random.choice(('2', '4', '0.5'))})",
            f"({a} % {e.random.choice(('2', '3', '1.5'))})",
            f"-{a}" if a[0] not in '-"' else f"-({a})",
            f"max({a}, {b})",
            f"min({a}, {b})",
            f"abs({a})",
            f"ceil({a})",
            f"floor({a})",
            f"signum({a})",
            f"pow(2, {e.random.choice(('0', '3', '10'))})",
            f"parseint({e.random.choice(PARSED)})",
            f"length({e.of(some_type(e.random, 2) if e.random.random() < 0.2 else list_of(STRING), depth)})",
            f"length({e.text(depth)})",
            f"sum(concat([{a}], {e.of(list_of(NUMBER), depth)}))",
            f"max(concat([{b}], {e.of(list_of(NUMBER), depth)})...)",
            f"tonumber({e.random.choice((*NUMERALS, a))})",
            f"try(index({e.of(list_of(STRING), depth)}, {e.text(0)}), {b})",
        )
    )


def _bool_call(e: Expressions, t: Type, depth: int) -> str:
    kind = e.random.choice(SCALARS)
    other = e.random.choice((kind, kind, e.random.choice(SCALARS)))
    return e.random.choice(
        (
            f"({e.of(kind, depth)} {e.random.choice(('==', '!='))} {e.of(other, depth)})",
            f"({e.number(depth)} {e.random.choice(('<', '<=', '>', '>='))} {e.number(depth)})",
            f"({e.condition(depth)} {e.random.choice(('&&', '||'))} {e.condition(depth)})",
            f"!{e.condition(depth)}",
            f"contains({e.of(list_of(kind), depth)}, {e.of(kind, depth)})",
            f"contains(keys({e.of(map_of(kind), depth)}), {e.key()})",
            f"can({e.of(map_of(kind), depth)}[{e.key()}])",
            f"can(tonumber({e.text(depth)}))",
            f"can(regex({e.random.choice(PATTERNS)}, {e.text(depth)}))",
            f"startswith({e.text(depth)}, {e.text(0)})",
            f"endswith({e.text(depth)}, {e.text(0)})",
            f"strcontains({e.text(depth)}, {e.text(0)})",
            f"alltrue({e.of(list_of(BOOL), depth)})",
            f"anytrue({e.of(list_of(BOOL), depth)})",
            f"({e.of(some_type(e.random, 2), depth)} {e.random.choice(('==', '!='))} null)",
            f"({e.of(list_of(kind), depth)} == {e.of(list_of(other), depth)})",
            f"({e.of(map_of(kind), depth)} != {e.of(map_of(kind), depth)})",
        )
    )


def _source(e: Expressions, depth: int) -> tuple[str, Type, str]:
    """A collection to loop over, its elements' type, and its kind."""
    item = some_type(e.random, 1)
    kind = e.random.choice(("list", "list", "set", "map"))
    return e.of(Type(kind, (item,)), depth), item, kind


def _for_list(e: Expressions, t: Type, depth: int) -> str:
    collection, item, kind = _source(e, depth)
    key, value = e.loop(), e.loop()
    names = [Name(value, item)]
    both = kind != "set" and e.random.random() < 0.5
    if both:
        names.append(Name(key, NUMBER if kind == "list" else STRING))

    def draw() -> str:
        condition = f" if {e.condition(depth)}" if e.random.random() < 0.4 else ""
        return f"{e.of(t.parts[0], depth)}{condition}"

    return f"[for {f'{key}, ' if both else ''}{value} in {collection} : {e.within(names, draw)}]"


def _for_map(e: Expressions, t: Type, depth: int) -> str:
    value = e.loop()
    grouped = t.parts[0].kind in {"list", "tuple"} and bool(t.parts[0].parts)
    item = t.parts[0].parts[0] if grouped else t.parts[0]
    if not grouped:
        key = e.loop()
        collection = e.of(map_of(item), depth)
        names = (Name(key, STRING), Name(value, item))
        body = e.within(names, lambda: f"{_key_of(e, key)} => {e.of(item, depth)}{_filter(e, depth)}")
        return f"{{ for {key}, {value} in {collection} : {body} }}"
    collection = e.of(list_of(STRING), depth)
    body = e.within(
        (Name(value, STRING),),
        lambda: (
            f"{e.random.choice((value, f'upper({value})', f'substr({value}, 0, 1)'))} => "
            f"{e.of(item, depth)}...{_filter(e, depth)}"
        ),
    )
    return f"{{ for {value} in {collection} : {body} }}"


def _key_of(e: Expressions, key: str) -> str:
    return e.random.choice((key, f"upper({key})", f'"p-${{{key}}}"', f'format("%s-x", {key})'))


def _filter(e: Expressions, depth: int) -> str:
    return f" if {e.condition(depth)}" if e.random.random() < 0.35 else ""


def _list_call(e: Expressions, t: Type, depth: int) -> str:
    item = t.parts[0]
    a, b = e.of(t, depth), e.of(t, depth)
    return e.random.choice(
        (
            f"concat({a}, {b})",
            f"reverse({a})",
            f"distinct({a})",
            f"slice(concat({a}, [{e.of(item, 0)}]), 0, 1)",
            f"flatten([{a}, [{b}]])"
            if item.kind in {"string", "number", "bool", "object", "map"}
            else f"concat({a})",
            f"values({e.of(map_of(item), depth)})",
            f"tolist({e.of(set_of(item), depth)})",
            f"tolist({a})",
            f"coalescelist({a}, [{e.of(item, depth)}])",
            f"chunklist({a}, 2)[0]",
            f"{e.of(list_of(Type('object', (item, STRING), ('x', 'y'))), depth)}[*].x",
            f"{e.of(list_of(Type('object', (item,), ('x',))), depth)}.*.x",
            f"matchkeys({a}, {e.of(list_of(STRING), depth)}, [{e.key()}])",
            f"{e.of(item, depth)}[*]" if item.kind in {"string", "number", "bool", "object", "map"} else a,
            f"[{e.of(item, depth)}, {e.of(item, depth)}]",
            f"[for p in setproduct({a}, [1, 2]) : p[0]]",
            f'[for k, v in zipmap(["a", "b"], [{e.of(item, depth)}, {e.of(item, depth)}]) : v]',
        )
    )


def _list_of_text(e: Expressions, t: Type, depth: int) -> str:
    if t.parts[0] != STRING:
        return _list_call(e, t, depth)
    a = e.of(t, depth)
    return e.random.choice(
        (
            f"sort({a})",
            f"compact({a})",
            f"split({e.random.choice(SEPARATORS)}, {e.text(depth)})",
            f"keys({e.of(map_of(STRING), depth)})",
            f'formatlist("%s-%s", {a}, {e.key()})',
            f"regexall({e.random.choice(PATTERNS[3:])}, {e.text(depth)})",
            f"cidrsubnets({e.random.choice(CIDRS)}, 4, {e.random.choice('248')}, 4)",
            f'[for n in range({e.random.choice(("3", "1, 4", "0, 6, 2", "3, 0, -1"))}) : "s${{n}}"]',
            f"distinct(concat({a}, {e.of(t, depth)}))",
            f"tolist(setunion({a}, {e.of(t, depth)}))",
            f"sort(setsubtract({a}, {e.of(t, depth)}))",
            f"matchkeys(keys({TWO}), values({TWO}), {e.of(list_of(NUMBER), depth)})",
        )
    )


def _list_of_number(e: Expressions, t: Type, depth: int) -> str:
    if t.parts[0] != NUMBER:
        return _list_call(e, t, depth)
    return e.random.choice(
        (
            f"range({e.random.choice(('3', '1, 4', '0, 1, 0.25', '3, 0, -1'))})",
            f"[for s in {e.of(list_of(STRING), depth)} : length(s)]",
            f"{e.of(list_of(NUMBER), depth)}[*]",
        )
    )


def _set_call(e: Expressions, t: Type, depth: int) -> str:
    items = e.of(list_of(t.parts[0]), depth)
    return e.random.choice(
        (
            f"toset({items})",
            f"toset({items})",
            f"setunion({e.of(t, depth)}, {items})",
            f"setintersection({e.of(t, depth)}, {items})",
            f"setsubtract({e.of(t, depth)}, {items})",
        )
    )


def _map_call(e: Expressions, t: Type, depth: int) -> str:
    item = t.parts[0]
    a, b = e.of(t, depth), e.of(t, depth)
    return e.random.choice(
        (
            f"merge({a}, {b})",
            f"merge([{a}, {b}]...)",
            f'zipmap([{e.key()}, "z"], [{e.of(item, depth)}, {e.of(item, depth)}])',
            f"tomap({a})",
            f'{{ {e.key()} = {e.of(item, depth)}, ("k${{1}}") = {e.of(item, depth)} }}',
            f"tomap({{ {e.key()} = {e.of(item, depth)}, z : {e.of(item, depth)} }})",
            f"{{ for k in {e.of(set_of(STRING), depth)} : k => {e.of(item, depth)} }}",
            f'{{ for p in setproduct(["x", "y"], [1, 2]) : "${{p[0]}}${{p[1]}}" => {e.of(item, depth)} }}',
        )
    )


def _object(e: Expressions, t: Type, depth: int) -> str:
    pairs = [f"{name} = {e.of(part, depth)}" for name, part in zip(t.names, t.parts, strict=True)]
    whole = f"{{ {', '.join(pairs)} }}"
    return e.random.choice(
        (whole, whole, f"merge({e.of(t, depth)}, {{ {pairs[0]} }})", f"merge({{ extra = 1 }}, {whole})")
    )


def _tuple(e: Expressions, t: Type, depth: int) -> str:
    return f"[{', '.join(e.of(part, depth) for part in t.parts)}]"


GENERIC = (_conditional, _conditional, _try, _indexed, _looked_up, _attribute_of)
PRODUCTIONS: dict[str, tuple[Callable[[Expressions, Type, int], str], ...]] = {
    "string": (_string_call, _string_call, _string_call, _template, _template, _heredoc),
    "number": (_number_call,),
    "bool": (_bool_call,),
    "list": (_list_call, _list_of_text, _list_of_number, _for_list, _for_list),
    "set": (_set_call,),
    "map": (_map_call, _map_call, _for_map),
    "object": (_object,),
    "tuple": (_tuple,),
}
