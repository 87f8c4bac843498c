"""How a parser says that it cannot go on, before there are words for a person."""

from __future__ import annotations

HEAD = '"=" or "{" after the name'


class Misread(Exception):  # noqa: N818 - the error of the input is made from it
    """The text cannot be read at ``offset``, where ``expected`` should be."""

    def __init__(self, offset: int, expected: str = "something else") -> None:
        super().__init__(offset, expected)
        self.offset = offset
        self.expected = expected
