"""What a connection may carry, as far as the rules tell it apart: an application, and the server's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.reach.firewalls.rulings import Ruling

_OTHER = "other name"


def payloads(rulings: Sequence[Ruling]) -> tuple[tuple[int, ...], ...]:
    """For each kind of payload, the places of the rules that fit its application and name.

    The first is what no rule knows; a rule for all but one application fits it. A name stands for all that
    the rules treat alike: each name that is listed, one that is below it where all below it fit, and one that
    is not listed at all.
    """
    others = [(place, one.application[1:]) for place, one in enumerate(rulings) if _is_other(one)]
    found: dict[tuple[int, ...], None] = {tuple(place for place, _ in others): None}
    named = {one.application.removeprefix("!") for one in rulings if one.application}
    for application in sorted(named):
        places = [place for place, one in enumerate(rulings) if one.application == application]
        lists = _Lists([(place, rulings[place]) for place in places])
        beside = [place for place, but in others if but != application]
        for name in lists.names():
            found[tuple(sorted({*lists.fitting(name), *beside}))] = None
    return tuple(found)


def _is_other(ruling: Ruling) -> bool:
    return ruling.application.startswith("!")


class _Lists:
    """The lists of names of one application's rules, by name."""

    def __init__(self, rulings: Sequence[tuple[int, Ruling]]) -> None:
        self._always: list[int] = []
        self._negated: set[int] = set()
        self._exactly: dict[str, list[int]] = {}
        self._below: dict[str, list[int]] = {}
        for place, one in rulings:
            listed = {domain.lower() for domain in one.domains}
            if not listed:
                self._always.append(place)
            for domain in listed:
                shelf = self._below if domain.startswith(".") else self._exactly
                shelf.setdefault(domain.removeprefix("."), []).append(place)
            if listed and one.negated:
                self._negated.add(place)

    def names(self) -> Iterator[str]:
        yield _OTHER
        yield from dict.fromkeys((*self._exactly, *self._below))
        yield from (f"{_OTHER}.{name}" for name in self._below)

    def fitting(self, name: str) -> tuple[int, ...]:
        listed = set(self._exactly.get(name, ()))
        labels = name.split(".")
        for start in range(len(labels)):
            listed.update(self._below.get(".".join(labels[start:]), ()))
        return tuple(sorted({*self._always, *(listed - self._negated), *(self._negated - listed)}))
