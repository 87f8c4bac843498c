"""What is open to the world by IPv6 alone, where the rules keep it closed to most of IPv4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditor.rules.openings import Opening, Width, World, worlds
from auditor.rules.words import listed
from auditor.traffic import IPV4, Bounds, Traffic, exact


def only_ipv6(found: Iterable[World], given: Sequence[Opening], width: Width) -> Iterator[World]:
    """The worlds of IPv6 on what other rules open to some addresses of IPv4, and to no world of those.

    Where IPv4 may be open as widely, or nobody knows whether it is at all, the world is not sure.
    """
    candidates = [one for one in found if not width.reached(one.addresses & IPV4)]
    if not candidates:
        return
    narrow = [replace(one, addresses=one.addresses & exact(IPV4)) for one in given]
    wide = worlds(narrow, width)
    opened = Bounds(
        Traffic.union([world.service for world in wide if world.sure]),
        Traffic.union([world.service for world in wide]),
    )
    for world in candidates:
        left = world.service - opened.must
        beside = [one for one in narrow if one.addresses.may and one.service.may & left]
        if not left or not beside:
            continue
        sure = [one for one in beside if (one.addresses.must or one.most) and one.service.must & left]
        doubts = () if sure and not left & opened.may else tuple(why for one in beside for why in one.reasons)
        yield replace(
            world,
            service=left,
            sure=world.sure and bool(sure) and not left & opened.may,
            beside=f", and by IPv4 to {listed(dict.fromkeys(one.text for one in sure or beside))} only",
            reasons=doubts,
        )
