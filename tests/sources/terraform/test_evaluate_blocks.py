"""What is said of blocks whose count is not known holds for every value of the variables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor.tree import Map, Node, Presence, Reading, Seq
from tests.sources.terraform.evaluating import resources, written
from tests.sources.terraform.test_evaluate_soundness import (
    BOOLS,
    DECLARATIONS,
    LISTS,
    MAPS,
    NUMBERS,
    RESOURCES,
    VARIABLES,
    allows,
    any_instance,
    read_with,
)

INNER = """
variable "name" {
  type = any
}
variable "each" {
  default = []
}
resource "x_in" "single" {
  name = var.name
}
resource "x_in" "many" {
  for_each = toset([for e in var.each : tostring(e)])
  name     = "${each.key}!"
}
output "id" {
  value = x_in.single.id
}
output "name" {
  value = var.name
}
output "many" {
  value = [for one in x_in.many : one.name]
}
"""

BLOCKS = """
resource "x_probe" "blocks" {
  rule {
    key   = "first"
    value = 1
  }
  dynamic "rule" {
    for_each = <each>
    content {
      key   = rule.key
      value = rule.value
    }
  }
  rule {
    key = "last"
    dynamic "inner" {
      for_each = <list>
      iterator = it
      content {
        value = it.value
      }
    }
  }
}
resource "x_made" "counted" {
  count = <number>
  name  = "c-${count.index}"
}
resource "x_made" "cond" {
  count = <bool> ? 2 : 1
  name  = try(x_made.counted[count.index].id, "none")
}
resource "x_made" "keyed" {
  for_each = <map>
  name     = each.value
  key      = each.key
}
resource "x_made" "set" {
  for_each = toset(<list>)
  name     = each.value
}
module "counted" {
  source = "./inner"
  count  = <number>
  name   = count.index
  each   = <list>
}
module "keyed" {
  source   = "./inner"
  for_each = <map>
  name     = each.key
}
module "cond" {
  source = "./inner"
  count  = <bool> ? 1 : 0
  name   = "it"
}
resource "x_probe" "from" {
  a = one(module.cond[*].id)
  b = try(module.cond[0].id, "none")
  c = { for k, m in module.keyed : k => m.name }
  d = flatten(module.counted[*].many)
  e = [for m in module.counted : m.id]
  f = length(module.keyed) + length(x_made.cond)
  g = <bool> ? module.cond[*].name : x_made.keyed[*]
  h = concat(x_made.cond[*].id, values(x_made.set)[*].name)
  i = coalesce(one(x_made.counted[*].id), "none")
  j = element(concat(module.cond[*].id, [""]), 0)
  k = lookup({ for k, x in x_made.keyed : k => x.name }, "a", "none")
  l = can(x_made.keyed["a"].name)
  m = try(module.keyed["a"].name, x_made.cond[1].name, "none")
}
"""


def unordered(node: Node) -> Node:
    """The same, with repeated blocks in any order: Terraform's providers take most of them for sets."""
    match node:
        case Seq() if node.items and all(isinstance(item, Map) for item in node.items):
            items = tuple(unordered(item) for item in node.items)
            return replace(node, items=items, unordered=True)
        case Map():
            return replace(node, entries={name: unordered(inner) for name, inner in node.entries.items()})
        case _:
            return node


def broken(found: Reading) -> bool:
    return any(gap.kind.value in {"syntax", "invalid"} for gap in found.gaps)


@given(data=st.data())
@settings(max_examples=100, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
def test_blocks_found_without_the_variables_allow_those_found_with_them(
    tmp_path: Path, data: st.DataObject
) -> None:
    holes = {"number": NUMBERS, "bool": BOOLS, "list": LISTS, "map": MAPS, "each": st.one_of(LISTS, MAPS)}
    text = BLOCKS
    for name, expressions in holes.items():
        while f"<{name}>" in text:
            text = text.replace(f"<{name}>", f"({data.draw(expressions)})", 1)
    written(tmp_path, {"main.tf": DECLARATIONS + RESOURCES + text, "inner/main.tf": INNER})
    chosen = {name: data.draw(st.sampled_from(values)) for name, (_, values) in VARIABLES.items()}
    exact = read_with(tmp_path, chosen)
    if broken(exact) or any(each.presence is not Presence.CERTAIN for each in exact.resources):
        return  # what is there depends on more than the variables
    given_names = data.draw(st.sets(st.sampled_from(sorted(VARIABLES))))
    bound = read_with(tmp_path, {name: value for name, value in chosen.items() if name in given_names})
    assert not broken(bound), f"{text}\n{bound.gaps}"
    before, after = resources(bound), resources(exact)
    for address, resource in after.items():
        matching = [each for pattern, each in before.items() if any_instance(pattern, address)]
        assert matching, address
        assert any(allows(unordered(each.body), unordered(resource.body)) for each in matching), (
            f"{address}\n{[each.body for each in matching]}\n{resource.body}\n{text}"
        )
    certain = {address for address, each in before.items() if each.presence is Presence.CERTAIN}
    assert certain <= after.keys()
