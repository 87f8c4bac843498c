"""The use ``fix``: rewrites of the findings that have one right rewrite, each proved by what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from auditor import disk
from auditor.finding import (
    AdmitReplies,
    ByHand,
    Finding,
    Judgement,
    ReferenceGroup,
    Remedy,
    RemoveRule,
    ReplyEntry,
)
from auditor.frozen import dataclass
from auditor.pipeline import Network, diff
from auditor.traffic import traffic_text

if TYPE_CHECKING:
    from auditor.difference import Change, Difference, Undecided
    from auditor.rewrite import Refusal, Rewrite
    from auditor.suppression import Suppressed
    from auditor.tree import Location

_MOST_NAMED = 4

Found = Callable[[Network], Sequence[Finding]]


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


def fix(
    network: Network,
    findings: Sequence[Finding],
    load_again: Callable[[], Network],
    check_again: Found,
    suppressed: Sequence[Suppressed] = (),
) -> Fixed:
    """What of ``findings`` can be rewritten, and what that changes in reachability.

    ``load_again`` reads the same input once more: it sees the files as rewritten, and nothing is written;
    ``check_again`` is what found the findings, and the ``suppressed`` ones, which are left. What would change
    more than it is for, or after which the finding is there still, or a file does not parse, is refused.
    """
    from auditor.difference import Difference
    from auditor.rewrite import Refusal, rewrites

    ours, refused = _of_terraform(network, findings)
    done, refusals = rewrites(ours, _uses(network))
    proof = _Proof(network, load_again, check_again, _counted(_all(findings, suppressed)))
    kept: tuple[Rewrite, ...] = ()
    for kind in (RemoveRule, ReferenceGroup, AdmitReplies):
        part = tuple(one for one in done if isinstance(one.remedy, kind))
        if not part or not proof.why_not(kept, part):
            kept += part
            continue
        for one in part:
            made, why = _as_far(one, kept, proof)
            kept += made
            if why:
                refused.append(Refusal(*why))
    return Fixed(
        rewrites=kept,
        refusals=(*refused, *refusals),
        files=tuple(_files(kept)),
        difference=diff(network, proof.after(kept)) if kept else Difference(),
    )


def write(fixed: Fixed) -> None:
    """Write the files. Raises InputError where one cannot be written."""
    from auditor.errors import InputError

    for path, _, after in fixed.files:
        try:
            Path(path).write_text(after, encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", at=path) from error


# -- what is rewritten at all --------------------------------------------------------------------------


def _of_terraform(network: Network, findings: Iterable[Finding]) -> tuple[list[Finding], list[Refusal]]:
    """The findings in Terraform code, and those elsewhere that would have a rewrite there, refused."""
    from auditor.rewrite import Refusal

    ours: list[Finding] = []
    refused: list[Refusal] = []
    for finding in findings:
        if finding.remedy is None or finding.judgement is not Judgement.VIOLATED:
            continue
        if why := _elsewhere(network, finding):
            refused.append(Refusal(finding, why))
        else:
            ours.append(finding)
    return ours, refused


def _elsewhere(network: Network, finding: Finding) -> str:
    """What it is that is not rewritten, in words; empty for Terraform code."""
    from auditor.sources import InputKind
    from auditor.sources.join import saved_in

    path = finding.at.path
    if path.endswith((".tf", ".tofu")):
        saved = saved_in(finding.component, network.inputs)
        found = saved and f"it is found in the {saved.kind} {saved.path}, which stays as it is"
        return f"{found} when the code is rewritten: give fix the code without it" if found else ""
    if path.endswith((".tf.json", ".tofu.json")):
        return "it stands in Terraform's JSON, and fix rewrites Terraform code in its own syntax alone"
    held = [one for one in network.inputs if one.path in {path, "."} or path.startswith(f"{one.path}/")]
    kinds = {one.kind for one in held or network.inputs}
    if kinds & {InputKind.CLOUDFORMATION, InputKind.CDK}:
        return "it stands in a template of CloudFormation, and fix rewrites Terraform code alone"
    return "it stands in no code, and fix rewrites Terraform code alone"


def _uses(network: Network) -> Counter[Location]:
    """How many rules, entries and ACLs each place makes, as a peer of a rule's or as the thing itself."""
    from auditor.model import AddressPeer

    places: Counter[Location] = Counter()
    for rule in network.inventory.rules:
        peers = {peer.at for peer in rule.peers if isinstance(peer, AddressPeer)}
        places.update(peers | {rule.at})
    places.update(entry.at for entry in network.inventory.acl_entries)
    places.update(acl.at for acl in network.inventory.acls)
    return places


def _files(done: Sequence[Rewrite]) -> Iterator[tuple[str, str, str]]:
    from auditor.rewrite import rewritten

    for path, (before, after) in rewritten(done).items():
        yield path, before, after


# -- what it changes -----------------------------------------------------------------------------------


def _as_far(
    one: Rewrite, kept: tuple[Rewrite, ...], proof: _Proof
) -> tuple[tuple[Rewrite, ...], tuple[Finding, str] | None]:
    """A rewrite as far as nothing speaks against it, and what is left, with what does."""
    why = proof.why_not(kept, (one,))
    if not why:
        return (one,), None
    if not isinstance(one.remedy, AdmitReplies) or len(one.remedy.entries) < 2:
        return (), (one.finding, why)
    return _some_entries(one.finding, one.remedy, kept, proof)


def _some_entries(
    finding: Finding, remedy: AdmitReplies, kept: tuple[Rewrite, ...], proof: _Proof
) -> tuple[tuple[Rewrite, ...], tuple[Finding, str] | None]:
    """The entries that let replies pass and nothing else; and the others, with what they would let pass."""
    made: tuple[Rewrite, ...] = ()
    good: tuple[ReplyEntry, ...] = ()
    left: list[ReplyEntry] = []
    reasons: dict[str, None] = {}
    for entry in remedy.entries:
        more = _with(finding, remedy, (*good, entry))
        if why := proof.why_not(kept, more):
            left.append(entry)
            reasons[why] = None
        else:
            made, good = more, (*good, entry)
    return made, (_asked(finding, remedy, left), "; ".join(reasons))


def _with(finding: Finding, remedy: AdmitReplies, entries: tuple[ReplyEntry, ...]) -> tuple[Rewrite, ...]:
    from auditor.rewrite import rewrites

    asked = replace(_asked(finding, remedy, entries), remedy=replace(remedy, entries=entries))
    return rewrites((asked,), {})[0]


def _asked(finding: Finding, remedy: AdmitReplies, entries: Sequence[ReplyEntry]) -> Finding:
    """The finding as far as it is about some entries."""
    ends = [
        f"{one.protocol}/{one.ports[0]}-{one.ports[1]} {'to' if one.egress else 'from'} {one.cidr} "
        f"({'egress' if one.egress else 'ingress'})"
        for one in entries
    ]
    return replace(finding, fix=f"Allow {' and '.join(ends)} in {remedy.acl}.")


def _all(findings: Iterable[Finding], suppressed: Iterable[Suppressed]) -> Iterator[Finding]:
    yield from findings
    yield from (one.finding for one in suppressed)


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    violated = (one for one in findings if one.judgement is Judgement.VIOLATED)
    return Counter((one.rule, one.component) for one in violated)


class _Proof:
    """The networks that rewrites make, and what speaks against these."""

    def __init__(
        self,
        network: Network,
        load_again: Callable[[], Network],
        check_again: Found,
        before: Counter[tuple[str, str]],
    ) -> None:
        self.network = network
        self.load_again = load_again
        self.check_again = check_again
        self.before = before
        self.after = cache(self._after)

    def _after(self, done: tuple[Rewrite, ...]) -> Network:
        if not done:
            return self.network
        changed = {disk.real(path): after.encode() for path, _, after in _files(done)}
        with disk.in_place(changed):
            return self.load_again()

    def why_not(self, kept: tuple[Rewrite, ...], more: tuple[Rewrite, ...]) -> str:
        """What speaks against more rewrites of one kind beside those that are kept; empty: nothing."""
        from auditor.rewrite import RefusedError

        try:
            base, head = self.after(kept), self.after(kept + more)
        except RefusedError as error:
            return str(error)
        if len(head.inventory.gaps) > len(self.network.inventory.gaps):
            return "what it makes is not understood"
        if why := _harm(more[0].remedy, diff(base, head)):
            return why
        found = tuple(self.check_again(head))
        left, same = _counted(found), {one.fingerprint for one in found}
        wanted = Counter((one.finding.rule, one.finding.component) for one in kept + more)
        for one in kept + more:
            key = one.finding.rule, one.finding.component
            if one.finding.fingerprint in same and left[key] > self.before[key] - wanted[key]:
                return "what is found would still be found: the input is not made of this code alone"
        return ""


def _told(change: Change | Undecided) -> str:
    """What passes, or not any more, on one line."""
    ends = f"from {change.source.end.name} to {change.destination.end.name}"
    return f"{', '.join(traffic_text(change.traffic)[:_MOST_NAMED])} {ends}"


def _harm(remedy: Remedy, found: Difference) -> str:
    """What a difference holds that a remedy is not for; empty: nothing."""
    from auditor.difference import Kind

    if doubt := next((each for each in found.undecided if each.opens), None):
        return f"it cannot be told that it lets nothing more pass: {_told(doubt)}"
    match remedy:
        case ReferenceGroup():
            more = [each for each in found.changes if each.kind.opens]
            return f"it would let pass what does not pass today: {_told(more[0])}" if more else ""
        case RemoveRule():
            changed = f": {_told(found.changes[0])}" if found.changes else ""
            more_or_less = changed or found.undecided
            return f"it would change what can be reached{changed}" if more_or_less else ""
        case AdmitReplies():
            more = [each for each in found.changes if each.kind is not Kind.NOW_ANSWERED]
            return f"it would let requests pass, not replies alone: {_told(more[0])}" if more else ""
        case ByHand():
            return remedy.why
        case _:
            assert_never(remedy)
