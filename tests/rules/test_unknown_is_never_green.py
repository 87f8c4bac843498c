"""What violates a rule by a known value may do so where the value is not known: no rule falls silent.

Every literal of every violated example is made a variable without a value, one at a time. The value may be
what it was: a rule that then finds nothing would have taken an unknown for an absence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.rules import Example, Expectation, RuleDefinition, load_catalogue

CATALOGUE = load_catalogue()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in CATALOGUE
    for number, example in enumerate(rule.examples)
    if example.expect is Expectation.VIOLATED
]
HIDDEN = '\nvariable "hidden" {}\n'
VALUE = re.compile(
    r'(?<==)(?P<blank>\s*)(?P<value>"[^"${]*"|-?\d+|true|false)(?=\s*(?:#[^\n]*)?$)', re.MULTILINE
)
ELEMENT = re.compile(r'(?<=[\[,])(?P<blank>\s*)(?P<value>"[^"${]*"|\d+)(?=\s*[,\]])')

# What a value decides here is not what the rule is about: a name in a document that is read as text, and the
# settings that say which resource it is.
NOT_ASKED = re.compile(
    r"^\s*(?:provider|alias|source|version|ami|instance_type|engine|node_type|description)\b"
)


def hidden(text: str) -> Iterator[tuple[str, str]]:
    """The text with each literal hidden in turn, and the line that it stands on."""
    for pattern in (VALUE, ELEMENT):
        for found in pattern.finditer(text):
            begin = text.rfind("\n", 0, found.start()) + 1
            line = text[begin : text.find("\n", found.end())]
            if not NOT_ASKED.match(line):
                yield (
                    line.strip(),
                    f"{text[: found.start('value')]}var.hidden{text[found.end('value') :]}{HIDDEN}",
                )


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_value_that_is_not_known_silences_no_rule(rule: RuleDefinition, example: Example, tmp_path: Path):
    silent = []
    for line, text in hidden(example.terraform):
        (tmp_path / "main.tf").write_text(text, encoding="utf-8")
        network = pipeline.load(str(tmp_path))
        if not pipeline.check(network, [rule]):
            silent.append(line)
    assert silent == []
