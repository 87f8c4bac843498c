"""The types of scalars: what YAML 1.1 reads in a plain word, as far as CloudFormation has such values.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: YAML 1.1 without
timestamps. So ``yes`` and ``off`` are booleans, ``0644`` is octal, and so is an account id of octal digits
that begins with 0 (aws-cloudformation/cloudformation-coverage-roadmap#745), one with 8 or 9 in it is text;
``22:22`` is 1342, and dates are text. What is quoted is text, whatever it looks like.
"""

from __future__ import annotations

import re
from math import isfinite

from auditor.sources.twin import twin
from auditor.tree import Location, Scalar

Value = str | int | float | bool | None

_DIGITS_LIMIT = 400  # what is longer is no number of CloudFormation's, and costs the square of its length
_NUMERIC = frozenset("0123456789+-.")
_WORDY = frozenset("~nNtTfFyYoO")
_TRUE = ("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_WORDS: dict[str, Value] = {
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
}
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0b_*(?P<two>[01][01_]*)|0x_*(?P<sixteen>[0-9a-fA-F][0-9a-fA-F_]*)|0_*(?P<eight>[0-7][0-7_]*)"
    r"|(?P<sixty>[1-9][0-9_]*(?::[0-5]?[0-9])+)|(?P<ten>0_*|[1-9][0-9_]*))"
)
_BASES = {"two": 2, "eight": 8, "ten": 10, "sixteen": 16}
_DECIMAL = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|(?<![-+])\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)"
)
_SIXTIETHS = re.compile(r"([-+]?)([0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)")

MakeScalar = twin(Scalar)


def plain(text: str) -> Value:
    """The value of a scalar without quotes."""
    first = text[:1]
    if first in _NUMERIC:
        return _number(text)
    if first in _WORDY:
        return _WORDS.get(text, text)
    return text or None


def json_number(digits: str, at: Location) -> Scalar:
    """The number that JSON spells; its text where no number of this language is that large."""
    if len(digits) > _DIGITS_LIMIT:
        return MakeScalar(digits, at)
    try:
        return MakeScalar(int(digits), at)
    except ValueError:
        return MakeScalar(_finite(float(digits), digits), at)


def _number(text: str) -> Value:
    if len(text) > _DIGITS_LIMIT:
        return text
    if text.isdecimal() and text.isascii() and text[0] != "0":
        return int(text)
    if found := _INTEGER.fullmatch(text):
        kind = found.lastgroup or ""
        digits = found[kind].replace("_", "")
        value = _of_base_sixty(digits) if kind == "sixty" else int(digits, _BASES[kind])
        return -int(value) if found["sign"] == "-" else int(value)
    if _DECIMAL.fullmatch(text):
        return _finite(float(text.replace("_", "")), text)
    if found := _SIXTIETHS.fullmatch(text):
        value = _of_base_sixty(found[2].replace("_", ""))
        return _finite(-value if found[1] == "-" else value, text)
    return text


def _of_base_sixty(digits: str) -> int | float:
    first, *others = digits.split(":")
    value: int | float = int(first)
    for each in others:
        value = value * 60 + (float(each) if "." in each else int(each))
    return value


def _finite(value: float, text: str) -> float | str:
    return value if isfinite(value) else text
