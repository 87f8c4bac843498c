"""What the names of a policy stand for in one network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from auditor.errors import UsageError, nearest
from auditor.frozen import dataclass
from auditor.model import YES, Fact, Truth, Workload
from auditor.reach.ends import Ends
from auditor.reach.names import Endpoint
from auditor.reach.spot import Party
from auditor.reach.tiers import TierName
from auditor.reach.verdict import EndpointKind
from auditor.rules.evidence import Evidence
from auditor.rules.policy.ends import Atom, Held, Meaning, doubted
from auditor.rules.policy.statement import Named, Names
from auditor.rules.section import Problem
from auditor.rules.selectors import means, parse_selector
from auditor.traffic import EMPTY, IntSet

EVERYTHING, ANYWHERE = "everything", "anywhere"
WORDS = (EVERYTHING, ANYWHERE)
_SELECTING = frozenset({"tier", "kind", "name", "exposure"})


@dataclass(frozen=True, slots=True)
class Resolver:
    """The names of one policy in one network; what means nothing is put into ``problems``."""

    evidence: Evidence
    names: Mapping[str, Names]
    problems: list[Problem]
    _known: dict[Names, Meaning] = field(default_factory=dict)

    def meaning(self, names: Names) -> Meaning:
        """What the names mean, the same thing once."""
        found = self._known.get(names)
        if found is None:
            spelled = tuple(self._spelled(names))
            anywhere = any(one.text == ANYWHERE for one in spelled)
            atoms: dict[Atom, None] = {}
            for one in spelled:
                if one.text == ANYWHERE:
                    continue
                try:
                    atoms.update(dict.fromkeys(self._atoms(one.text)))
                except UsageError as error:
                    self.problems.append(
                        Problem(str(one.at), error.message, self._hint(one.text, error.hint))
                    )
            found = self._known[names] = Meaning(tuple(atoms), anywhere)
        return found

    def _spelled(self, names: Names) -> Iterator[Named]:
        for one in names:
            if one.text in self.names:
                yield from self._spelled(self.names[one.text])
            else:
                yield one

    def _hint(self, text: str, hint: str) -> str:
        return nearest(text, (*self.names, *WORDS)) or hint

    # -- one name ----------------------------------------------------------------------------------

    def _atoms(self, text: str) -> Iterator[Atom]:
        word, colon, rest = text.partition(":")
        if text.lower() == EVERYTHING:
            yield from self.everything()
        elif colon and (word.lower() in _SELECTING or (word.lower() == "tag" and "*" in rest)):
            yield from self._selected(f"{word.lower()}:{rest}")
        else:
            engine = self.evidence.engine
            tagged = engine.names.tagged(rest) if word.lower() == "tag" else ()
            found = tagged or engine.endpoints(text)
            if len(found) > 1 and word.lower() != "tag":
                several = ", ".join(sorted(one.text for one in found))
                raise UsageError(f"{text!r} names several things: {several}", hint="use one of these")
            for endpoint in found:
                atoms = doubted(self.of_endpoint(endpoint), endpoint)
                network = endpoint.kind in {EndpointKind.SUBNET, EndpointKind.VPC}
                yield from _selected(atoms) if network or len(found) > 1 else atoms

    def everything(self) -> Iterator[Atom]:
        """Every workload that lies in a VPC; where there is none, every group."""
        workloads = self.evidence.workloads
        if workloads:
            yield from _selected(self._classes((one, YES) for one in workloads))
            return
        engine = self.evidence.engine
        for group in engine.index.groups:
            yield from self.of_endpoint(engine.names.by_id(group))

    def _selected(self, text: str) -> Iterator[Atom]:
        try:
            selector = parse_selector(text)
        except ValueError as error:
            word, _, rest = text.partition(":")
            hint = f"one of {', '.join(TierName)}" if word == "tier" else ""
            near = nearest(rest, tuple(TierName)) if word == "tier" else ""
            raise UsageError(f"no {word} is called {rest!r}", hint=near or hint) from error
        chosen = []
        for workload in self.evidence.engine.inventory.workloads:
            fact = means(selector, workload, self.evidence)
            if fact.truth is not Truth.NO:
                chosen.append((workload, fact))
        if not chosen:
            raise UsageError(f"no workload is {text}", hint=self._tiers() if text.startswith("tier:") else "")
        yield from _selected(self._classes(chosen))

    def _tiers(self) -> str:
        tiers = map(self.evidence.tiers.of, self.evidence.engine.inventory.workloads)
        found = sorted({tier.name.value for tier in tiers if tier})
        return f"there are: {', '.join(found) or 'none'}; netaudit show tells them"

    def _classes(self, workloads: Iterable[tuple[Workload, Fact]]) -> Iterator[Atom]:
        engine = self.evidence.engine
        classes: dict[object, list[tuple[Workload, Fact]]] = {}
        for workload, fact in workloads:
            party = engine.spots.of_workload(workload)
            told = (fact.truth, fact.reasons)
            key = (party, workload.listens, told) if workload.placed else workload.id
            classes.setdefault(key, []).append((workload, fact))
        for same in classes.values():
            first, fact = same[0]
            endpoint = engine.names.endpoint(first)
            yield Atom(
                text=first.id,
                endpoint=endpoint,
                ends=engine.resolved.ends(endpoint),
                workloads=tuple(one.id for one, _ in same),
                sure=fact.truth is Truth.YES,
                doubts=fact.reasons,
            )

    def of_endpoint(self, endpoint: Endpoint) -> Iterator[Atom]:
        """An end of the command line's as those that are asked about."""
        engine = self.evidence.engine
        match endpoint.kind:
            case EndpointKind.WORKLOAD if endpoint.id:
                yield from self._classes([(engine.spots.carriers.workloads[endpoint.id], YES)])
            case EndpointKind.SUBNET | EndpointKind.VPC:
                yield from self._network(endpoint)
            case EndpointKind.SECURITY_GROUP:
                members = engine.spots.carriers.members.get(endpoint.id, ())
                sure = tuple(one.id for one in members if self._carries(one, endpoint.id))
                ends = engine.resolved.ends(endpoint)
                yield Atom(
                    text=endpoint.text, endpoint=endpoint, ends=ends, workloads=sure, group=endpoint.id
                )
            case _:
                yield Atom(
                    text=endpoint.text,
                    endpoint=endpoint,
                    ends=Ends() if endpoint.kind is EndpointKind.SERVICE else engine.resolved.ends(endpoint),
                )

    def _carries(self, workload: Workload, group: str) -> bool:
        engine = self.evidence.engine
        spots = engine.spots.of_workload(workload).spots
        return bool(spots) and all(group in spot.groups for spot in spots)

    def _network(self, endpoint: Endpoint) -> Iterator[Atom]:
        """The workloads that stand, or may stand, in subnets; hosts without a filter where there are none."""
        engine = self.evidence.engine
        subnets = {endpoint.id}
        if endpoint.kind is EndpointKind.VPC:
            subnets = {one.id for one in engine.index.subnets_of.get(endpoint.id, ())}
        here: dict[tuple[Party, bool], list[Workload]] = {}
        for workload in self.evidence.workloads:
            party = engine.spots.of_workload(workload)
            spots = tuple(
                spot
                for spot in party.spots
                if spot.subnet in subnets or (endpoint.kind is EndpointKind.VPC and spot.vpc == endpoint.id)
            )
            if spots:
                here.setdefault((Party(spots), len(spots) == len(party.spots)), []).append(workload)
        for (party, whole), ones in here.items():
            ids = tuple(one.id for one in ones) if whole else ()
            ends = Ends(parties=(party,))
            one = engine.names.endpoint(ones[0])
            yield Atom(text=ones[0].id, endpoint=one, ends=ends, workloads=ids)
        perhaps = tuple(spot for one in sorted(subnets) for spot in engine.spots.perhaps_in(one))
        if perhaps:
            ends = Ends(parties=(Party(perhaps),))
            yield Atom(text=f"what may stand in {endpoint.text}", endpoint=endpoint, ends=ends, sure=False)
        if not here:
            yield Atom(text=endpoint.text, endpoint=endpoint, ends=engine.resolved.ends(endpoint))

    # -- what is held ------------------------------------------------------------------------------

    def held(self, names: Names) -> Held:
        """All that names certainly mean, to be left out of what a statement is about."""
        meaning = self.meaning(names)
        sure = [atom for atom in meaning.atoms if atom.sure]
        ranges = [atom.endpoint.addresses for atom in sure]
        ranges += [self._range(name.text) for name in self._spelled(names)]
        return Held(
            workloads=frozenset(one for atom in sure for one in atom.workloads),
            perhaps=tuple(
                (one, atom.doubts) for atom in meaning.atoms if atom.doubts for one in atom.workloads
            ),
            groups=frozenset(atom.group for atom in sure if atom.group),
            addresses=IntSet.union(ranges),
            kinds=frozenset(
                [*(EndpointKind if meaning.anywhere else ()), *(atom.endpoint.kind for atom in sure)]
            )
            & _WHOLE,
            texts=frozenset(atom.text for atom in sure if atom.endpoint.kind not in _OF_HOSTS),
        )

    def _range(self, text: str) -> IntSet:
        """The addresses of a subnet or a VPC that is named as such."""
        engine = self.evidence.engine
        if not text.lower().startswith(("subnet:", "vpc:")):
            return EMPTY
        try:
            found = engine.endpoints(text)
        except UsageError:
            return EMPTY
        subnets = [engine.index.subnets[one.id].cidrs.must for one in found if one.id in engine.index.subnets]
        return IntSet.union(
            [*subnets, *(engine.index.ranges(one.id).must for one in found if one.id in engine.index.vpcs)]
        )

    def without(self, atom: Atom, held: Held) -> Iterator[Atom]:
        """What is left of an end without what is held; the end itself where that is none of it."""
        if atom.text in held.texts or (atom.group and atom.group in held.groups):
            return
        kind = atom.endpoint.kind
        if kind in held.kinds:
            return
        if atom.workloads:
            yield from self._other_workloads(atom, held)
        elif kind in {EndpointKind.CIDR, EndpointKind.INTERNET} and held.addresses:
            yield from self._other_addresses(atom, held)
        else:
            yield atom

    def _other_workloads(self, atom: Atom, held: Held) -> Iterator[Atom]:
        left = tuple(one for one in atom.workloads if one not in held.workloads)
        doubted = dict(held.perhaps)
        if len(left) == len(atom.workloads) and doubted.keys().isdisjoint(left):
            yield atom
            return
        workloads = self.evidence.engine.spots.carriers.workloads
        perhaps = self._perhaps(atom, held)
        facts = ((one, (*atom.doubts, *doubted.get(one, ()))) for one in left)
        known = [
            (workloads[one], YES if atom.sure and not why else Fact(Truth.UNKNOWN, None, why))
            for one, why in facts
        ]
        yield from self._classes([*known, *perhaps])

    def _perhaps(self, atom: Atom, held: Held) -> Iterator[tuple[Workload, Fact]]:
        """The workloads that may carry the group that an end is."""
        if not atom.group:
            return
        carriers = self.evidence.engine.spots.carriers
        members = (*carriers.members.get(atom.group, ()), *carriers.undecided)
        for one in dict.fromkeys(members):
            if one.id not in held.workloads and one.id not in atom.workloads:
                yield one, Fact(Truth.UNKNOWN, one.at)

    def _other_addresses(self, atom: Atom, held: Held) -> Iterator[Atom]:
        left = atom.endpoint.addresses - held.addresses
        if left == atom.endpoint.addresses:
            yield atom
        elif left:
            yield self.at(atom, left)

    def at(self, atom: Atom, addresses: IntSet) -> Atom:
        """The part of an end that has some of its addresses."""
        endpoint = replace(atom.endpoint, addresses=addresses)
        return replace(atom, endpoint=endpoint, ends=self.evidence.engine.resolved.ends(endpoint))

    def of_workloads(self, ids: Iterable[str]) -> Iterator[Atom]:
        """Workloads as ends."""
        workloads = self.evidence.engine.spots.carriers.workloads
        yield from self._classes((workloads[one], YES) for one in ids)

    def each(self, meaning: Meaning) -> Iterator[Atom]:
        """What names mean, groups as their members where they have any."""
        for atom in meaning.atoms:
            if atom.group and atom.workloads:
                yield from self.of_workloads(atom.workloads)
            else:
                yield atom


_OF_HOSTS = frozenset({EndpointKind.WORKLOAD, EndpointKind.SECURITY_GROUP})
_WHOLE = frozenset({EndpointKind.INTERNET, EndpointKind.ON_PREMISES})


def _selected(atoms: Iterable[Atom]) -> Iterator[Atom]:
    yield from (replace(atom, selected=True) for atom in atoms)
