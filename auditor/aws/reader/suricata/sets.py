"""Addresses and ports as rules name them: ranges, lists, negations and variables.

https://docs.suricata.io/en/suricata-7.0.8/rules/intro.html#source-and-destination
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from auditor.frozen import dataclass
from auditor.traffic import ANY, EMPTY, PORTS, Bounds, IntSet, exact, parse_cidr
from auditor.tree import Reason

HOME, EXTERNAL = "HOME_NET", "EXTERNAL_NET"


@dataclass(frozen=True, slots=True)
class Place:
    """Numbers (addresses or ports) in bounds, of which those count that are in HOME_NET, or outside of it."""

    numbers: Bounds[IntSet]
    home: bool = False
    outside: bool = False
    reasons: tuple[Reason, ...] = ()

    def __and__(self, other: Place) -> Place:
        return Place(
            self.numbers & other.numbers,
            self.home or other.home,
            self.outside or other.outside,
            (*self.reasons, *other.reasons),
        )


class Sets:
    """The variables of one rule group, and what was made of texts with them.

    ``addresses`` and ``ports`` are by name, ``references`` those that rules call by ``@``. Where ``open`` is
    given, there may be others, too. HOME_NET and EXTERNAL_NET are the firewall's, unless they are given.
    """

    __slots__ = ("_places", "_ports", "addresses", "open", "ports", "references")

    def __init__(
        self,
        addresses: Mapping[str, Place] | None = None,
        ports: Mapping[str, Place] | None = None,
        references: Mapping[str, Place] | None = None,
        open_: tuple[Reason, ...] = (),
    ) -> None:
        self.addresses = addresses or {}
        self.ports = ports or {}
        self.references = references or {}
        self.open = open_
        self._places: dict[str, Place | str] = {}
        self._ports: dict[str, Place | str] = {}

    def address(self, text: str) -> Place | str:
        """The addresses that a text names, or why it names none."""
        found = self._places.get(text)
        if found is None:
            found = self._places[text] = _expression(text, ANY, self._one_address)
        return found

    def port(self, text: str) -> Place | str:
        """The ports that a text names, or why it names none."""
        found = self._ports.get(text)
        if found is None:
            found = self._ports[text] = _expression(text, PORTS, self._one_port)
        return found

    def _one_address(self, text: str) -> Place | str:
        if text.startswith("$"):
            return self._variable(text[1:])
        if text.startswith("@"):
            return self.references.get(text[1:]) or self._missing(text, ANY)
        first, dash, last = text.partition("-")
        try:
            low = parse_cidr(first.strip())
            high = parse_cidr(last.strip()) if dash else low
            return Place(exact(IntSet.of((low.intervals[0][0], high.intervals[0][1]))))
        except ValueError:
            return f"{text!r} is no address and no range of them"

    def _variable(self, name: str) -> Place | str:
        if name == HOME:
            return Place(exact(ANY), home=True)
        found = self.addresses.get(name)
        if found is None and name == EXTERNAL:
            return Place(exact(ANY), outside=True)
        return found or self._missing(f"${name}", ANY)

    def _one_port(self, text: str) -> Place | str:
        if text.startswith("$"):
            return self.ports.get(text[1:]) or self._missing(text, PORTS)
        low, colon, high = (part.strip() for part in text.partition(":"))
        first, last = low or "0", (high or "65535") if colon else low
        if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
            return f"{text!r} is no port and no range of them"
        if not int(first) <= int(last) <= 65535:
            return f"{text!r} is no range of ports"
        return Place(exact(IntSet.of((int(first), int(last)))))

    def _missing(self, name: str, everything: IntSet) -> Place | str:
        if not self.open:
            return f"no variable {name} is defined"
        return Place(Bounds(EMPTY, everything), reasons=self.open)


One = Callable[[str], "Place | str"]


def _expression(text: str, everything: IntSet, one: One) -> Place | str:
    """``any``, one thing, ``!`` before one, or a list in brackets: what it names without what it negates."""
    text = text.strip()
    if text.lower() == "any":
        return Place(exact(everything))
    if text.startswith("!"):
        found = _expression(text[1:], everything, one)
        return found if isinstance(found, str) else _negated(found, everything)
    if not text.startswith("["):
        return one(text)
    if not text.endswith("]"):
        return f"{text!r} has no end"
    return _list(tuple(parts_of(text[1:-1])), everything, one)


def _list(parts: tuple[str, ...], everything: IntSet, one: One) -> Place | str:
    named: list[Place] = []
    without: list[Place] = []
    for part in parts:
        negated = part.startswith("!")
        found = _expression(part.removeprefix("!"), everything, one)
        if isinstance(found, str):
            return found
        (without if negated else named).append(found)
    if not named and not without:
        return "a list in it is empty"
    result = _union(named) if named else Place(exact(everything))
    for place in without:
        result = result & _negated(place, everything)
    return result


def _union(places: list[Place]) -> Place:
    """All of them. Beside others, what lies in HOME_NET or outside is not told apart from all that may."""
    if len(places) == 1:
        return places[0]
    numbers = [_loose(place) for place in places]
    union = Bounds(IntSet.union(one.must for one in numbers), IntSet.union(one.may for one in numbers))
    return Place(union, reasons=tuple(reason for place in places for reason in place.reasons))


def _loose(place: Place) -> Bounds[IntSet]:
    return Bounds(EMPTY, place.numbers.may) if place.home or place.outside else place.numbers


def _negated(place: Place, everything: IntSet) -> Place:
    whole = place.numbers.known and place.numbers.may == everything
    if (place.home or place.outside) and whole and place.home != place.outside:
        return Place(exact(everything), home=place.outside, outside=place.home, reasons=place.reasons)
    numbers = _loose(place)
    return Place(exact(everything) - numbers, reasons=place.reasons)


def parts_of(text: str) -> Iterator[str]:
    """What stands between the commas of a list, those of inner lists apart."""
    depth = start = 0
    for place, sign in enumerate(text):
        depth += (sign == "[") - (sign == "]")
        if sign == "," and not depth:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()
