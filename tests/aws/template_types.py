"""Prints, as JSON, the properties of CloudFormation's types as cfn-lint has them: paths with dots, by type.

It runs in a Python that has cfn-lint, which need not be the tests' own.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def paths(schema: dict[str, Any], node: dict[str, Any], above: str, seen: frozenset[str]) -> Iterator[str]:
    """The paths of all properties below a part of a schema, also through lists."""
    while "$ref" in node:
        name = node["$ref"]
        if name in seen:
            return
        seen |= {name}
        node = named(schema, name)
    alternatives = [part for word in ("oneOf", "anyOf", "allOf") for part in node.get(word, ())]
    for part in (*alternatives, node.get("items")):
        if isinstance(part, dict):
            yield from paths(schema, part, above, seen)
    for word, inner in node.get("properties", {}).items():
        yield above + word
        yield from paths(schema, inner, f"{above}{word}.", seen)


def named(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The part of a schema that a reference names: ``#/definitions/VpcConfig``."""
    found: Any = schema
    for word in name.removeprefix("#/").split("/"):
        found = found[word]
    return dict(found)


def main() -> None:
    """Prints all types."""
    found = importlib.util.find_spec("cfnlint")
    if found is None or found.origin is None:
        sys.exit("there is no cfn-lint")
    folder = Path(found.origin).parent / "data" / "schemas" / "resources"
    types: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        types.setdefault(schema["typeName"], set()).update(paths(schema, schema, "", frozenset()))
        read_only = {
            name.removeprefix("/properties/").replace("/", ".")
            for name in schema.get("readOnlyProperties", ())
        }
        types[schema["typeName"]] |= {f"={name}" for name in read_only}
    json.dump({kind: sorted(found) for kind, found in types.items()}, sys.stdout)


if __name__ == "__main__":
    main()
