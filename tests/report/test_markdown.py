"""Markdown that no name can break: rendered, a hostile name is text."""

from __future__ import annotations

import pytest

from auditor.report.markdown.cells import code, plain, table

HOSTILE = ("a|b", "`x`", "``", "<img src=x>", "[l](http://x)", "a\nb", "@everyone", "*b*", "\x1b[31m", "#1")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_in_its_cell(name: str):
    for cell in (code(name), plain(name)):
        (row,) = table(("name",), [(cell,)])[2:]
        assert "\n" not in row
        assert row.replace("\\|", "").count("|") == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_text_is_no_markup(name: str):
    shown = plain(name)
    for sign in "`*[<|#":
        assert shown.count(sign) == shown.count(f"\\{sign}")


def test_code_with_ticks_is_fenced_by_more_of_them():
    assert code("plain") == "`plain`"
    assert code("a`b") == "`` a`b ``"
    assert code("a``b") == "``` a``b ```"
