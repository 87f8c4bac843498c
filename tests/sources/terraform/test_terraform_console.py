"""Expressions as ``terraform console`` evaluates them, in one process: the oracle of the evaluator."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.sources.terraform.evaluating import Plain, plain, reading, resources, written

DECLARATIONS = r"""
variable "text" {
  default = "x"
}
variable "rules" {
  type = map(object({ port = number, cidr = optional(string, "10.0.0.0/8"), tags = optional(map(string)) }))
  default = {
    web = { port = "80" }
    api = { port = 443, cidr = "1.2.3.4/32", tags = { a = 1 } }
  }
}
variable "nested" {
  type = list(object({ name = string, ports = optional(set(number), [22, 22]) }))
  default = [{ name = "a" }, { name = 1, ports = ["2", 1] }]
}
variable "any_list" {
  type    = list(any)
  default = [1, "a", true]
}
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "pair" {
  type    = tuple([string, bool])
  default = [1, "true"]
}
variable "number" {
  type    = number
  default = "1.50"
}
locals {
  list  = ["a", "b", "c"]
  map   = { b = 2, a = 1, "c d" = 3 }
  null  = null
  text  = <<-EOT
    one
      two ${var.text}
    three
  EOT
  ports = { for name, rule in var.rules : name => rule.port }
}
"""

EXPRESSIONS = r"""
1 + 2 * 3
10 / 4
10 / 5
-7 % 3
7 % -3
7.5 % 2
-(3 - 5)
1.0
0.1 + 0.2
1e3
100000 * 100000
1 == 1.0
1 == "1"
"a" == "a"
"1" + 2
null == null
local.null == "x"
true && !false || false
"true" ? 1 : 2
1 < 2 && "2" > 1
3 >= 3 && 2 <= 1
true ? "a" : "b"
false ? 1 : 2
"a${1 + 1}b${true}"
"${local.list}"
"${1}"
"x${1.50}"
"%{ if true }yes%{ else }no%{ endif }"
"%{ if false }yes%{ endif }"
"%{ for x in local.list }<${x}>%{ endfor }"
"%{ for k, v in local.map }${k}=${v};%{ endfor }"
"a %{~ if true ~} b %{~ endif ~} c"
"$${literal} %%{ literal } \"q\" \\ \t \u00e9"
local.text
local.list[0]
local.list["1"]
local.list.2
local.map["c d"]
local.map.a
local.list[*]
local.null[*]
"one"[*]
var.nested[*].name
var.nested.*.name
var.nested[*].ports
[for x in local.list : upper(x)]
[for i, x in local.list : "${i}${x}"]
[for x in local.list : x if x != "b"]
[for k, v in local.map : "${k}${v}"]
[for x in var.set : x]
[for i, x in var.set : i]
{ for k, v in local.map : v => k }
{ for x in local.list : x => length(x) if x != "a" }
{ for i, x in ["a", "b", "a"] : x => i... }
{ (var.text) = 1, "b" = 2, c : 3 }
{ "${var.text}y" = 1 }
[1, "a", true, null, [], {}]
var.rules
var.rules.web.cidr
var.rules["api"].tags
var.rules["web"].tags
var.nested
var.any_list
var.set
var.pair
var.number
local.ports
try(local.map.zzz, "fallback")
try(local.list[9], local.map.a)
can(local.map.zzz)
can(local.map.a)
merge(local.map, { a = 9 })
concat(local.list, ["d"])
max([1, 5, 3]...)
format("%s-%03d", "a", 7)
join(",", [for s in var.set : s])
cidrsubnet("10.0.0.0/16", 8, 2)
length(var.set)
contains(local.list, "b")
keys(local.map)
values(local.map)
flatten([[1, [2]], 3])
toset(["b", "a", "a"])
tolist(var.set)[0]
zipmap(["a", "b"], [1, 2])
lookup(local.map, "zz", 0)
coalesce(null, "", "a")
element(local.list, 4)
slice(local.list, 1, 3)
setproduct(["a"], [1, 2])
one(["x"])
path.module
path.root
terraform.workspace
templatestring(local.text, {})
(local.list)[1]
[for g in [for x in local.list : { n = x }] : g.n]
{ for k, v in { for x in local.list : x => [x] } : k => v[0] }
[for x in [[1, 2], [3]] : [for y in x : y * 2]]
local.map == { a = 1, b = 3, "c d" = 3 }
"<%{ for x in [] }x%{ endfor }>"
!("false")
true ? null : "a"
[true ? 1 : "a"]
[for k in keys(local.map) : local.map[k]]
tomap({ a = 1, b = "x" })
tolist([1, "a"])
distinct([1, 1, 2])
reverse(local.list)
0.1 * 3 - 0.3
1 / 8
1 / 0.5
1e20 + 1
[true ? true : "a"]
[false ? "a" : 2.50]
length("é")
"""


def expressions() -> list[str]:
    return [line for line in EXPRESSIONS.splitlines() if line]


def asked(folder: Path) -> list[Plain]:
    """What Terraform says to all the expressions."""
    written(folder, {"main.tf": DECLARATIONS})
    question = f"jsonencode([{', '.join(expressions())}])\n"
    answer = subprocess.run(
        ["terraform", "console"],
        cwd=folder,
        input=question,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    values: list[Plain] = json.loads(json.loads(_unescaped(answer.stdout)))
    return values


def _unescaped(line: str) -> str:
    """A string as the console writes it, as JSON: it escapes interpolations, which JSON does not know."""
    return line.replace("$${", "${").replace("%%{", "%{")


def _text(answer: Plain) -> str:
    """An answer so that ``1`` is not ``true``, and keys have no order."""
    return json.dumps(answer, sort_keys=True)


@pytest.mark.terraform
def test_expressions_have_the_values_that_terraform_gives_them(tmp_path: Path) -> None:
    names = [f"v{number}" for number in range(len(expressions()))]
    lines = [f"  {name} = {expression}" for name, expression in zip(names, expressions(), strict=True)]
    text = DECLARATIONS + 'resource "x" "y" {\n' + "\n".join(lines) + "\n}\n"
    found = reading(tmp_path / "ours", text)
    assert found.gaps == ()
    body = resources(found)["x.y"].body.entries
    expected = asked(tmp_path / "theirs")
    ours = {expression: plain(body[name]) for name, expression in zip(names, expressions(), strict=True)}
    theirs = dict(zip(expressions(), expected, strict=True))
    assert {each: found for each, found in ours.items() if _text(found) != _text(theirs[each])} == {}
