from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.report.documents import Style
from auditor.report.text.paint import bounds_text, columns, gap_lines, packed, paint, row_lines, wrapped
from auditor.traffic import NOTHING, Bounds, Traffic, exact, parse_traffic
from auditor.tree import Gap, GapKind, Location

NARROW = Style(width=40)
COLOURED = Style(width=40, colour=True)


def traffic(*texts: str) -> Traffic:
    return Traffic.union([parse_traffic(text) for text in texts])


def test_what_fits_on_a_line_stands_on_it():
    assert packed("  ● ", [("aws_vpc.main", ""), ("main.tf:1:1", "dim")], NARROW, 4) == [
        "  ● aws_vpc.main  main.tf:1:1"
    ]


def test_what_does_not_fit_stands_on_a_line_of_its_own():
    assert packed("  ● ", [("aws_vpc.main", ""), ("some/long/folder/main.tf:1:1", "")], NARROW, 4) == [
        "  ● aws_vpc.main",
        "    some/long/folder/main.tf:1:1",
    ]


def test_an_address_is_never_broken():
    long = "module.network.aws_security_group.database_of_everything"
    assert packed("  ", [(long, "")], NARROW, 2) == [f"  {long}"]


def test_words_are_broken_between_them():
    lines = packed("  ", [("a rule that is told in many words indeed", "")], NARROW, 2)
    assert lines == ["  a rule that is told in many words", "  indeed"]


def test_colours_take_no_room():
    plain = packed("  ", [("aws_vpc.main", ""), ("main.tf:100:100", "")], NARROW, 2)
    dim = packed("  ", [("aws_vpc.main", "bold"), ("main.tf:100:100", "dim")], COLOURED, 2)
    assert len(plain) == len(dim) == 1


def test_nothing_to_say_leaves_what_it_begins_with():
    assert packed("  by ", [("", "")], NARROW, 5) == ["  by "]


@pytest.mark.parametrize(
    ("must", "may", "said"),
    [
        ((), (), "nothing"),
        (("tcp/443",), ("tcp/443",), "tcp/443"),
        ((), ("tcp/443",), "perhaps tcp/443"),
        (("tcp/443",), ("tcp/443", "udp/53"), "tcp/443; perhaps udp/53"),
        (("tcp/443",), ("all",), "tcp/443; perhaps all"),
        (("tcp/1", "tcp/3", "tcp/5", "tcp/7", "tcp/9"),) * 2 + ("tcp/1, tcp/3, tcp/5, tcp/7 +1 more",),
    ],
)
def test_traffic_is_told_with_its_bounds(must: tuple[str, ...], may: tuple[str, ...], said: str):
    assert bounds_text(Bounds(traffic(*must), traffic(*may))) == said


def test_what_only_some_addresses_can_use_is_told_once():
    some = traffic("tcp/443")
    here = Traffic.of(sources=traffic("all").sources) & some
    assert bounds_text(Bounds(here, some)) == "tcp/443"
    assert bounds_text(exact(NOTHING)) == "nothing"


def test_columns_are_aligned_whatever_their_colours():
    table = columns([[paint("a", "bold", COLOURED), "b"], ["long", "c"]], ["X", "Y"])
    assert [len(line.replace("\x1b[1m", "").replace("\x1b[0m", "")) for line in table] == [9, 9, 9]


def test_the_lines_of_a_row_stay_together():
    assert [len(lines) for lines in row_lines([["a", "b\nc"], ["d", "e"]], ["X", "Y"])] == [1, 2, 1]
    assert [len(lines) for lines in row_lines([["a", "b\nc"], ["d", "e"]])] == [2, 1]


def test_numbers_in_a_table_are_texts():
    assert columns([["1e3", "007"]]) == ["  1e3  007"]


def test_a_gap_is_told_with_place_reason_and_remedy():
    gap = Gap(GapKind.INVALID, "aws_vpc.x", Location("main.tf", 3, 1), "it is wrong", "make it right")
    assert gap_lines([gap], NARROW) == [
        "  ! aws_vpc.x  main.tf:3:1",
        "    it is wrong",
        "    settled by: make it right",
    ]


def test_a_file_that_is_a_gap_is_named_once():
    gap = Gap(GapKind.SYNTAX, "net/main.tf", Location("net/main.tf", 3, 1), "it does not parse")
    assert gap_lines([gap], NARROW) == ["  ! net/main.tf:3:1", "    it does not parse"]


def test_many_gaps_are_counted():
    gaps = [Gap(GapKind.INVALID, f"x{n}", Location("a"), f"why {n}") for n in range(5)]
    assert gap_lines(gaps, NARROW, 3)[-1] == "  … and 2 more: netaudit show lists them all"


def test_gaps_of_one_reason_are_one_and_all_are_there_when_asked_for():
    gaps = [Gap(GapKind.INVALID, f"x{n}", Location("a", n, 1), "no local y") for n in range(1, 4)]
    assert gap_lines(gaps, NARROW) == [
        "  ! x1  a:1:1",
        "    no local y",
        "    … and 2 more for the same reason: --verbose shows them",
    ]
    everything = gap_lines(gaps, replace(NARROW, verbose=True))
    assert [line for line in everything if "!" in line] == ["  ! x1  a:1:1", "  ! x2  a:2:1", "  ! x3  a:3:1"]


def test_no_line_of_prose_is_wider_than_the_terminal():
    lines = wrapped("word " * 60, NARROW, "    ")
    assert max(map(len, lines)) <= 40
