"""The use ``fix``: rewrites of the findings that have one right rewrite, each proved by what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import disk
from auditor.frozen import dataclass
from auditor.pipeline import Network, diff

if TYPE_CHECKING:
    from auditor.difference import Difference
    from auditor.finding import Finding
    from auditor.rewrite import Refusal, Rewrite
    from auditor.tree import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The rewrites, the files that they change as (path, before, after), and the network after them."""

    rewrites: tuple[Rewrite, ...]
    refusals: tuple[Refusal, ...]
    files: tuple[tuple[str, str, str], ...]
    difference: Difference

    @property
    def patch(self) -> str:
        """The changes of all files as one unified diff."""
        from auditor.rewrite import patch

        return "".join(patch(path, before, after) for path, before, after in self.files)


def fix(network: Network, findings: Sequence[Finding], load_again: Callable[[], Network]) -> Fixed:
    """What of ``findings`` can be rewritten, and what that changes in reachability.

    ``load_again`` reads the same input once more: it sees the files as rewritten, and nothing is written.
    A rewrite that lets pass what did not is refused, save where that is what it is for; so is one after
    which a file does not parse.
    """
    from auditor.difference import Difference
    from auditor.rewrite import Refusal, rewrites

    @cache
    def after(done: tuple[Rewrite, ...]) -> Network | None:
        return _after(done, load_again)

    done, refusals = rewrites(findings, _uses(network))
    refused = list(refusals)
    kept: list[Rewrite] = []
    for part in (tuple(one for one in done if not one.opens), tuple(one for one in done if one.opens)):
        harmless = _why_not(network, part, after(part)) == ""
        for one in part:
            why = "" if harmless else _why_not(network, (one,), after((one,)))
            if why:
                refused.append(Refusal(one.finding, why))
            else:
                kept.append(one)
    result = after(tuple(kept))
    return Fixed(
        rewrites=tuple(kept),
        refusals=tuple(refused),
        files=tuple(_files(kept)),
        difference=diff(network, result) if result else Difference(),
    )


def write(fixed: Fixed) -> None:
    """Write the files. Raises InputError where one cannot be written."""
    from auditor.errors import InputError

    for path, _, after in fixed.files:
        try:
            Path(path).write_text(after, encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", at=path) from error


def _uses(network: Network) -> Counter[Location]:
    """How many rules each place makes, as a peer of theirs or as the rule itself."""
    from auditor.model import AddressPeer

    places: Counter[Location] = Counter()
    for rule in network.inventory.rules:
        peers = {peer.at for peer in rule.peers if isinstance(peer, AddressPeer)}
        places.update(peers | {rule.at})
    places.update(entry.at for entry in network.inventory.acl_entries)
    return places


def _files(done: Sequence[Rewrite]) -> Iterator[tuple[str, str, str]]:
    from auditor.rewrite import rewritten

    for path, (before, after) in rewritten(done).items():
        yield path, before, after


def _after(done: Sequence[Rewrite], load_again: Callable[[], Network]) -> Network | None:
    """The network as it is with the rewrites; None without any."""
    if not done:
        return None
    with disk.in_place({disk.real(path): after.encode() for path, _, after in _files(done)}):
        return load_again()


def _why_not(network: Network, done: Sequence[Rewrite], after: Network | None) -> str:
    """What speaks against rewrites, which make ``after`` together; empty where nothing does."""
    if after is None:
        return ""
    if len(after.inventory.gaps) > len(network.inventory.gaps):
        return "what it makes is not understood"
    found = diff(network, after)
    if not all(one.opens for one in done) and any(change.kind.opens for change in found.changes):
        return "it would let pass what does not pass today"
    if any(each.opens for each in found.undecided):
        return "it cannot be told that it lets nothing more pass"
    return ""
