"""Date and time functions, on timestamps as RFC 3339 writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditor.errors import InputError
from auditor.sources.terraform.functions.hashing import undecided
from auditor.sources.terraform.functions.signature import over_nodes, over_values
from auditor.sources.terraform.values import CallSite
from auditor.tree import Node

if TYPE_CHECKING:
    from datetime import datetime

_TIMESTAMP = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(?:Z|([+-])(\d\d):(\d\d))"
_DURATION = r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)"
_NANOSECONDS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9,
    "m": 60 * 10**9, "h": 3600 * 10**9,
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKENS = r"''|'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+"


def _parse(text: str) -> tuple[datetime, int]:
    """The moment, and the nanoseconds after its second."""
    from datetime import datetime, timedelta, timezone

    found = re.fullmatch(_TIMESTAMP, text, re.ASCII)
    if found is None:
        raise InputError(f'not a valid RFC3339 timestamp: "{text}"', hint="write it as 2024-01-31T23:59:59Z")
    *numbers, fraction, sign, hours, minutes = found.groups()
    zone = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        moment = datetime(*map(int, numbers), tzinfo=timezone(-zone if sign == "-" else zone))  # type: ignore[arg-type,misc]
    except ValueError as problem:
        raise InputError(f"not a valid RFC3339 timestamp: {problem}") from None
    return moment, int((fraction or ".0")[1:10].ljust(9, "0"))


def _duration(text: str) -> int:
    """A duration in nanoseconds."""
    from decimal import Decimal

    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if digits == "0":
        return 0
    if not digits or re.sub(_DURATION, "", digits, flags=re.ASCII):
        raise InputError(f'time: invalid duration "{text}"', hint='write it as "1h30m"')
    parts = re.findall(_DURATION, digits, re.ASCII)
    return sign * sum(int(Decimal(number) * _NANOSECONDS[unit]) for number, unit in parts)


def _zone(moment: datetime, colon: str) -> str:
    offset = moment.strftime("%z")
    return f"{offset[:3]}{colon}{offset[3:5]}"


def _rfc3339(moment: datetime) -> str:
    zone = _zone(moment, ":")
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + ("Z" if zone == "+00:00" else zone)


@over_values
def timeadd(timestamp: str, duration: str) -> str:
    from datetime import timedelta

    moment, fraction = _parse(timestamp)
    seconds = (fraction + _duration(duration)) // 10**9
    try:
        return _rfc3339(moment + timedelta(seconds=seconds))
    except OverflowError:
        raise InputError("the year must be between 1 and 9999") from None


@over_values
def timecmp(timestamp_a: str, timestamp_b: str) -> int:
    from datetime import UTC

    (a, more_a), (b, more_b) = _parse(timestamp_a), _parse(timestamp_b)
    one, other = (a.astimezone(UTC), more_a), (b.astimezone(UTC), more_b)
    return (one > other) - (one < other)


@over_values
def formatdate(format: str, time: str) -> str:  # noqa: A002 -- the parameter's name in Terraform
    moment, _ = _parse(time)
    return "".join(_render(token.group(), moment) for token in re.finditer(_TOKENS, format))


def _render(token: str, moment: datetime) -> str:
    if token.startswith("'"):
        if len(token) == 1 or not token.endswith("'"):
            raise InputError('invalid value for "format" parameter: unterminated literal \'')
        return "'" if len(token) == 2 else token[1:-1].replace("''", "'")
    if not token[0].isalpha():
        return token
    forms = _forms(token[0], moment)
    if len(token) not in forms:
        raise InputError(f'invalid value for "format" parameter: invalid date format verb "{token}"')
    return forms[len(token)]


def _forms(letter: str, moment: datetime) -> dict[int, str]:
    match letter:
        case "Y":
            return {2: f"{moment.year % 100:02}", 4: f"{moment.year:04}"}
        case "M":
            name = _MONTHS[moment.month - 1]
            return {1: str(moment.month), 2: f"{moment.month:02}", 3: name[:3], 4: name}
        case "E":
            day = _DAYS[moment.weekday()]
            return {3: day[:3], 4: day}
        case "A" | "a":
            half = "PM" if moment.hour >= 12 else "AM"
            return {2: half if letter == "A" else half.lower()}
        case "Z":
            short, long = _zone(moment, ""), _zone(moment, ":")
            is_utc = short == "+0000"
            return {1: "Z" if is_utc else long, 3: "UTC" if is_utc else short, 4: short, 5: long}
        case _:
            return _number_forms(letter, moment)


def _number_forms(letter: str, moment: datetime) -> dict[int, str]:
    numbers = {
        "D": moment.day,
        "h": moment.hour,
        "H": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }
    if letter not in numbers:
        return {}
    return {1: str(numbers[letter]), 2: f"{numbers[letter]:02}"}


@over_nodes()
def timestamp(site: CallSite) -> Node:
    return undecided(site, "a plan or state: it is the time of the run")


@over_nodes()
def plantimestamp(site: CallSite) -> Node:
    return undecided(site, "a plan: it is the time of the plan", identity="plantimestamp()")
