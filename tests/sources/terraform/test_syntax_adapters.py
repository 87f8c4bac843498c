"""The fast adapter and the reference read the same."""

from __future__ import annotations

import pytest
from syntax_corpus import MISREAD, SNIPPETS

from auditor.errors import InputError
from auditor.sources.terraform.syntax import fast, reference
from auditor.sources.terraform.syntax.misread import Misread


@pytest.mark.parametrize("text", SNIPPETS)
def test_both_adapters_give_equal_values_and_places(text: str) -> None:
    assert fast.read(fast.utf8(text, "m.tf"), "m.tf") == reference.parse(text, "m.tf")


@pytest.mark.parametrize("text", MISREAD)
def test_what_the_grammar_misreads_comes_from_the_reference(text: str) -> None:
    with pytest.raises(Misread):
        fast.read(text.encode(), "m.tf")
    assert fast.parse(text, "m.tf") == reference.parse(text, "m.tf")


@pytest.mark.parametrize("text", reference.DEVIATIONS)
def test_the_reference_rejects_its_known_deviations_alone(text: str) -> None:
    assert fast.parse(text, "m.tf").attributes
    with pytest.raises(InputError):
        reference.parse(text, "m.tf")


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    assert len(set(SNIPPETS)) == len(SNIPPETS) > 180
