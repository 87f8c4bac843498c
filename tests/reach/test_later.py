"""What is worked out when it is asked for is worked out once, and compares by its value."""

from __future__ import annotations

from auditor.reach.later import Later


def test_the_value_is_worked_out_at_the_first_call_and_kept():
    asked: list[int] = []

    def work() -> int:
        asked.append(1)
        return 7

    later = Later(work)
    assert asked == []
    assert (later(), later(), asked) == (7, 7, [1])


def test_two_are_equal_where_their_values_are():
    assert Later(lambda: "a") == Later(lambda: "a")
    assert Later(lambda: "a") != Later(lambda: "b")
    assert len({Later(lambda: "a"), Later(lambda: "a")}) == 1
    assert repr(Later(lambda: "a")) == "'a'"
