"""What a collection comes to, in words: how much there is, and what is missing from it and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from auditor.sources.snapshot.collect import Denied, Manifest, Reason, action_of

_MOST_PLACES = 4


def summary(manifest: Manifest, folder: str) -> str:
    """How much was collected, in a line."""
    accounts = {each.account for each in manifest.collected}
    regions = {each.region for each in manifest.collected}
    return (
        f"{_many(sum(each.count for each in manifest.collected), 'thing')} "
        f"in {_many(len(manifest.collected), 'file')}, "
        f"of {_many(len(accounts), 'account')} and {_many(len(regions), 'Region')}, in {folder}\n"
    )


def missing(manifest: Manifest) -> tuple[Denied, ...]:
    """The calls without an answer; a service that a Region does not have is not missing there."""
    return tuple(each for each in manifest.denied if each.reason != Reason.NOT_OFFERED)


def warning(denied: tuple[Denied, ...]) -> str:
    """What is missing, by reason, with what would mend it; empty where nothing is."""
    return "\n".join(_lines(denied))


def _lines(denied: tuple[Denied, ...]) -> Iterator[str]:
    if not denied:
        return
    yield "netaudit: the snapshot is not whole, and answers from it may lack what was not collected"
    not_allowed = tuple(each for each in denied if each.reason == Reason.DENIED)
    if not_allowed:
        yield "the credentials do not allow these actions:"
        yield from _grouped(not_allowed, lambda each: action_of(each.operation))
        yield "  hint: netaudit snapshot --print-policy prints a policy that does; then --resume"
    not_enabled = tuple(each for each in denied if each.reason == Reason.NOT_ENABLED)
    if not_enabled:
        yield "these are not enabled for the account:"
        yield from _grouped(not_enabled, lambda each: f"{each.operation}: {each.error}")
    failed = tuple(each for each in denied if each not in {*not_allowed, *not_enabled})
    if failed:
        yield "these failed:"
        yield from _grouped(failed, lambda each: f"{each.operation}: {each.error}")
        yield "  hint: the same command with --resume asks for them again"


def _grouped(denied: tuple[Denied, ...], title: Callable[[Denied], str]) -> Iterator[str]:
    places: dict[str, dict[str, None]] = {}
    for each in denied:
        places.setdefault(title(each), {})[f"{each.account} {each.region}"] = None
    for name, where in places.items():
        shown = ", ".join([*where][:_MOST_PLACES])
        more = f" and {len(where) - _MOST_PLACES} more" if len(where) > _MOST_PLACES else ""
        yield f"  {name} ({shown}{more})"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
