"""What is said of an expression whose variables are not set holds for every value that they are given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import sources
from auditor.sources.terraform import TerraformOptions, read
from auditor.sources.terraform.values import to_text
from auditor.tree import Map, Node, Presence, Reading, Reference, Scalar, Seq, Unknown
from tests.sources.terraform.evaluating import resources, written

VARIABLES = {
    "b": ("bool", ["true", "false"]),
    "n": ("number", ["0", "1", "2"]),
    "s": ("string", ["a", "b", ""]),
    "l": ("list(string)", ["[]", '["a"]', '["b", "a", "c"]']),
    "t": ("set(string)", ["[]", '["a", "b"]', '["c"]']),
    "m": ("map(string)", ["{}", '{ a = "x" }', '{ b = "a", c = "y" }']),
    "o": ("object({ a = string, k = list(number) })", ['{ a = "a", k = [] }', '{ a = "z", k = [1, 2] }']),
}
DECLARATIONS = "".join(
    f'variable "{name}" {{\n  type = {kind}\n}}\n' for name, (kind, _) in VARIABLES.items()
)
RESOURCES = """
resource "x_net" "cond" {
  count = var.b ? 1 : 0
  name  = var.s
}
resource "x_net" "counted" {
  count = var.n
  name  = "n-${count.index}"
}
resource "x_net" "each" {
  for_each = var.m
  name     = each.value
  key      = each.key
}
resource "x_net" "mixed" {
  for_each = merge({ a = "1" }, var.b ? { b = "2" } : {})
  name     = each.value
}
resource "x_net" "of_set" {
  for_each = toset(concat(["a"], var.l))
  name     = each.key
}
resource "aws_vpc" "v" {
  for_each   = merge({ a = "10.0.0.0/16" }, var.b ? { b = "10.1.0.0/16" } : {})
  cidr_block = each.value
}
data "aws_vpc" "by_id" {
  for_each = var.b ? aws_vpc.v : { a = aws_vpc.v["a"] }
  id       = each.value.id
}
data "aws_vpc" "either" {
  id = var.b ? aws_vpc.v["a"].id : "vpc-0123456789abcdef0"
}
data "aws_subnets" "found" {
  count = var.n
  tags  = { Name = var.s }
}
"""
STRINGS = st.sampled_from(
    [
        '"a"',
        '"b"',
        '""',
        "var.s",
        "var.o.a",
        'var.m["a"]',
        "var.l[0]",
        'x_net.mixed["a"].name',
        'x_net.mixed["b"].name',
        'data.aws_vpc.by_id["a"].cidr_block',
        'data.aws_vpc.by_id["b"].id',
        "data.aws_vpc.either.id",
        "data.aws_vpc.either.cidr_block",
    ]
)
NUMBERS = st.sampled_from(["0", "1", "2", "var.n", "length(var.l)", "length(var.m)", "var.o.k[0]"])
LISTS = st.sampled_from(
    [
        "[]",
        '["a", "b"]',
        "var.l",
        "x_net.cond[*].id",
        "x_net.counted[*].name",
        "keys(var.m)",
        "values(x_net.each)[*].id",
        "values(data.aws_vpc.by_id)[*].cidr_block",
        "[for one in data.aws_vpc.by_id : one.id]",
        "flatten(data.aws_subnets.found[*].ids)",
    ]
)
MAPS = st.sampled_from(["{}", '{ a = "x", d = "y" }', "var.m", "{ for k, v in x_net.each : k => v.name }"])
BOOLS = st.sampled_from(
    ["true", "false", "var.b", "!var.b", 'var.s == "a"', "var.n > 1", 'contains(var.l, "a")']
)


def filled(pattern: str, **holes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of a pattern in which each ``<name>`` stands for an expression."""

    def fill(parts: dict[str, str]) -> str:
        return re.sub(r"<(\w)>", lambda hole: f"({parts[hole.group(1)]})", pattern)

    return st.fixed_dictionaries(holes).map(fill)


def patterns(values: st.SearchStrategy[str], texts: list[str]) -> st.SearchStrategy[str]:
    """Expressions of one kind: those given, or a pattern over any expressions."""
    holes = {"s": STRINGS, "n": NUMBERS, "l": LISTS, "m": MAPS, "b": BOOLS, "v": values, "w": values}
    choices = [filled(text, **{name: holes[name] for name in re.findall(r"<(\w)>", text)}) for text in texts]
    return st.one_of(values, *choices)


CONDITIONAL = ["<b> ? <v> : <w>", "try(<v>, <w>)"]
STRINGS = patterns(
    STRINGS,
    [
        *CONDITIONAL,
        '"${<s>}-x"',
        "upper(<s>)",
        "coalesce(<s>, <v>)",
        "element(<l>, <n>)",
        "<l>[<n>]",
        'join(",", <l>)',
        "lookup(<m>, <s>, <v>)",
        "<m>[<s>]",
        'format("%s-%d", <s>, <n>)',
        "one(x_net.cond[*].id)",
        "x_net.counted[<n>].id",
        '"%{ for i in <l> }${i};%{ endfor }"',
        '"%{ if <b> }y%{ else }${<s>}%{ endif }"',
        "replace(<s>, <v>, <w>)",
    ],
)
NUMBERS = patterns(
    NUMBERS,
    [
        *CONDITIONAL,
        "<v> + <w>",
        "<v> * <w>",
        "<v> % <w>",
        "-<v>",
        "length(<l>)",
        "length(<m>)",
        "max(<v>, <w>)",
    ],
)
LISTS = patterns(
    LISTS,
    [
        *CONDITIONAL,
        "[<s>, <s>]",
        "concat(<v>, <w>)",
        "[for i in <v> : upper(i)]",
        "[for i in <v> : i if i != <s>]",
        "[for i, x in <v> : i]",
        "[for k, v in <m> : k]",
        "distinct(<v>)",
        "compact(<v>)",
        "slice(<v>, 0, <n>)",
        "keys(<m>)",
        "tolist(toset(<v>))",
        "sort(<v>)",
        "reverse(<v>)",
        "flatten([<v>, [<s>]])",
        "<v>[*]",
        "tolist(var.t)",
        "range(<n>)",
        "x_net.of_set[*]",
        "[for x in x_net.of_set : x.name]",
        "values(<m>)",
        "split(<s>, <s>)",
        "setunion(<v>, <w>)",
    ],
)
MAPS = patterns(
    MAPS,
    [
        *CONDITIONAL,
        "merge(<v>, <w>)",
        "{ (<s>) = <s>, z = <s> }",
        "{ for i in <l> : i => <s> }",
        "zipmap(<l>, <l>)",
        "{ for i in <l> : i => 1... }",
        "{ for k, v in <v> : v => k if <b> }",
        "{ for k, v in <v> : k => v if v != <s> }",
    ],
)
BOOLS = patterns(
    BOOLS,
    [
        *CONDITIONAL,
        "<v> && <w>",
        "<v> || <w>",
        "!<v>",
        "<s> == <s>",
        "<s> != <s>",
        "<n> < <n>",
        "<n> >= <n>",
        "<l> == <l>",
        "contains(<l>, <s>)",
        "can(<l>[<n>])",
        "can(<m>[<s>])",
        "alltrue([<v>, <w>])",
        "anytrue([<v>])",
        "<m> == <m>",
    ],
)
EXPRESSIONS = st.one_of(
    patterns(STRINGS, CONDITIONAL),
    patterns(NUMBERS, []),
    patterns(LISTS, CONDITIONAL),
    patterns(MAPS, []),
    BOOLS,
)


def allows(bound: Node, exact: Node) -> bool:
    """Whether what is said before the variables are set allows the value after, as far as that is decided."""
    match bound, exact:
        case (Unknown(options=()), _) | (_, Unknown(options=()) | Unknown(reasons=())):
            return True
        case _, Unknown():
            return all(allows(bound, option) for option in exact.options)
        case Unknown(), _:
            return any(allows(option, exact) for option in bound.options)
        case Scalar(), Scalar():
            return spelled(bound) == spelled(exact)
        case Reference(), Reference():
            return any_instance(f"{bound.target}.{bound.attribute}", f"{exact.target}.{exact.attribute}")
        case Seq(), Seq():
            return allows_items(bound, exact)
        case Map(), Map():
            return allows_entries(bound, exact)
        case _:
            return False


def spelled(node: Scalar) -> str | None:
    """A scalar as providers take it: what stands beside a value of no known type may yet make it a string."""
    text = to_text(node)
    assert isinstance(text, Scalar)
    return None if text.value is None else str(text.value)


def any_instance(pattern: str, name: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\[\*\]", r"\[[^\]]*\]"), name) is not None


def allows_items(bound: Seq, exact: Seq) -> bool:
    if len(exact.items) < len(bound.items) or (bound.more is None and len(exact.items) > len(bound.items)):
        return bound.unordered and all(any(allows(b, e) for e in exact.items) for b in bound.items)
    if not bound.unordered:
        ahead = zip(bound.items, exact.items, strict=False)
        rest = exact.items[len(bound.items) :]
        return all(allows(b, e) for b, e in ahead) and all(
            bound.more is not None and allows(bound.more, e) for e in rest
        )
    wide = [*bound.items, *([bound.more] if bound.more is not None else [])]
    return all(any(allows(b, e) for b in wide) for e in exact.items) and all(
        any(allows(b, e) for e in exact.items) for b in bound.items
    )


def allows_entries(bound: Map, exact: Map) -> bool:
    if bound.entries.keys() - exact.entries.keys():
        return False
    for key, value in exact.entries.items():
        within = bound.entries.get(key, bound.more)
        if within is None or not allows(within, value):
            return False
    return True


def read_with(folder: Path, chosen: dict[str, str]) -> Reading:
    return read(str(folder), TerraformOptions(variables=tuple(chosen.items())))


def broken(found: Reading) -> bool:
    return any("x_probe" in gap.what or gap.kind.value == "syntax" for gap in found.gaps)


@given(expression=EXPRESSIONS, data=st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_value_found_without_the_variables_allows_the_value_found_with_them(
    tmp_path: Path, expression: str, data: st.DataObject
) -> None:
    text = f'{DECLARATIONS}{RESOURCES}\nresource "x_probe" "it" {{\n  value = {expression}\n}}\n'
    written(tmp_path, {"main.tf": text})
    given_names = data.draw(st.sets(st.sampled_from(sorted(VARIABLES))))
    chosen = {name: data.draw(st.sampled_from(values)) for name, (_, values) in VARIABLES.items()}
    exact = read_with(tmp_path, chosen)
    if broken(exact):
        return
    bound = read_with(tmp_path, {name: value for name, value in chosen.items() if name in given_names})
    assert not broken(bound), f"{expression}: {bound.gaps}"
    before = resources(bound)["x_probe.it"].body.entries["value"]
    after = resources(exact)["x_probe.it"].body.entries["value"]
    assert allows(before, after), f"{expression}\n{before}\n{after}"


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_instances_found_without_the_variables_allow_those_found_with_them(
    tmp_path: Path, data: st.DataObject
) -> None:
    written(tmp_path, {"main.tf": DECLARATIONS + RESOURCES})
    given_names = data.draw(st.sets(st.sampled_from(sorted(VARIABLES))))
    chosen = {name: data.draw(st.sampled_from(values)) for name, (_, values) in VARIABLES.items()}
    exact = resources(read_with(tmp_path, chosen))
    bound = resources(
        read_with(tmp_path, {name: value for name, value in chosen.items() if name in given_names})
    )
    for address, resource in exact.items():
        matching = [each for pattern, each in bound.items() if any_instance(pattern, address)]
        assert any(allows(each.body, resource.body) for each in matching), address
    certain = {address for address, each in bound.items() if each.presence is Presence.CERTAIN}
    assert certain <= exact.keys()


ACROSS = """
data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "../net/terraform.tfstate" }
}
locals {
  net = data.terraform_remote_state.net.outputs
}
resource "x_probe" "it" {
  value = data.terraform_remote_state.net.outputs.value
}
resource "x_probe" "passed_on" {
  value = local.net.value
}
resource "x_probe" "tried" {
  value = [try(data.terraform_remote_state.net.outputs.value, "none"), try(local.net.value, "none")]
}
"""


def read_across(chosen: dict[str, str]) -> Reading:
    return sources.read(("app", "net"), sources.ReadOptions(variables=tuple(chosen.items())))[1]


@given(expression=EXPRESSIONS, data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_comes_from_another_root_without_its_variables_allows_what_comes_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expression: str, data: st.DataObject
) -> None:
    monkeypatch.chdir(tmp_path)
    net = f'{DECLARATIONS}{RESOURCES}\noutput "value" {{\n  value = {expression}\n}}\n'
    written(tmp_path, {"net/main.tf": net, "app/main.tf": ACROSS})
    given_names = data.draw(st.sets(st.sampled_from(sorted(VARIABLES))))
    chosen = {name: data.draw(st.sampled_from(values)) for name, (_, values) in VARIABLES.items()}
    exact = read_across(chosen)
    if any("output value" in gap.what for gap in exact.gaps):
        return
    bound = read_across({name: value for name, value in chosen.items() if name in given_names})
    before, after = resources(bound), resources(exact)
    open_still = isinstance(after["app:x_probe.it"].body.entries["value"], Unknown)
    for address in ("it", "passed_on") if open_still else ("it", "passed_on", "tried"):
        if not any(f"x_probe.{address}." in gap.what for gap in exact.gaps):
            pair = [each[f"app:x_probe.{address}"].body.entries["value"] for each in (before, after)]
            assert allows(*pair), f"{address}: {expression}\n{pair[0]}\n{pair[1]}"
