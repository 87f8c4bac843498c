"""Each use of netaudit as one short function: paths to resources, to a network, to answers, to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import disk
from auditor.collecting import collector_off
from auditor.model import Inventory
from auditor.reach import Answer, Engine, Neighbour, Verdict
from auditor.reach.asked import Asked, Ways, asked_traffic
from auditor.sources import Input, ReadOptions

if TYPE_CHECKING:
    import networkx

    from auditor.difference import Change, Difference, Undecided
    from auditor.finding import Finding
    from auditor.reach.further import Further
    from auditor.report import FindingsDocument
    from auditor.rules import RuleDefinition

# Where the classes of what is kept in the cache are.
_KEPT = ("auditor.model", "auditor.sources.inputs", "auditor.traffic", "auditor.tree")


@dataclass(frozen=True)
class Network:
    """One network, read from one or more inputs, and the questions that it answers.

    Sources and destinations are names as on the command line (``sg-database-postgres``, an address in the
    input, ``internet``, ``10.0.0.0/8``); traffic is ``tcp/5432``, several such, or None for any. A name that
    nothing has, or several have, raises UsageError. ``tiers`` are pairs of a name and its tier.
    """

    inventory: Inventory
    inputs: tuple[Input, ...] = ()
    strict: bool = False
    tiers: tuple[tuple[str, str], ...] = ()

    @cached_property
    def engine(self) -> Engine:
        """The reachability engine over this network, built at the first question."""
        with collector_off():
            return Engine(self.inventory, strict=self.strict, tiers=dict(self.tiers))

    @cached_property
    def further(self) -> Further:
        """The same questions with ways of several connections."""
        from auditor.reach.further import Further

        return Further(self.engine)

    def can_reach(
        self, source: str, destination: str, traffic: Asked = None, *, through_proxies: bool = False
    ) -> Answer:
        """Whether ``source`` can open a connection to ``destination``, with the proof."""
        asked = asked_traffic(traffic)
        return self.further.can_reach(source, destination, asked, through_proxies=through_proxies)

    def who_can_reach(
        self, target: str, traffic: Asked = None, *, through_proxies: bool = False, lateral: int = 0
    ) -> tuple[Neighbour, ...]:
        """Every source that can open a connection to ``target``, or perhaps can, in so many hops."""
        return self.further.who_can_reach(target, asked_traffic(traffic), Ways(through_proxies, lateral)).rows

    def reach_from(
        self, source: str, traffic: Asked = None, *, through_proxies: bool = False, lateral: int = 0
    ) -> tuple[Neighbour, ...]:
        """Every destination that ``source`` can open a connection to, or perhaps can, in so many hops."""
        return self.further.reach_from(source, asked_traffic(traffic), Ways(through_proxies, lateral)).rows

    def matrix(self, traffic: Asked = None) -> tuple[tuple[str, str, Verdict], ...]:
        """The verdict between every two security groups: source, destination, verdict."""
        return tuple(self.engine.matrix(asked_traffic(traffic)))

    @property
    def input_names(self) -> tuple[str, ...]:
        """The inputs as the user would type them."""
        return tuple(each.path for each in self.inputs)

    @cached_property
    def graph(self) -> networkx.DiGraph[str, dict[str, str], dict[str, str]]:
        """The topology as a networkx graph: components by id, edges by what carries packets between them."""
        from auditor.reach.graph import graph

        return graph(self.inventory)


def load(
    *paths: str,
    options: ReadOptions | None = None,
    strict: bool = False,
    cache: bool = False,
    jobs: int = 1,
) -> Network:
    """The network that ``paths`` describe; the current folder where none is given.

    What could not be understood is in ``network.inventory.gaps``. With ``cache``, what was read is kept in
    the user's cache folder, and taken from there while all that it rests on is unchanged; without, nothing
    is written. Several roots are read in ``jobs`` processes. Raises InputError where a path does not exist or
    holds nothing that netaudit reads.
    """
    chosen = options or ReadOptions()
    with collector_off():
        read = _remembered(paths, chosen, jobs) if cache else _read(paths, chosen, jobs)
    return Network(inventory=read.inventory, inputs=read.inputs, strict=strict)


@dataclass(frozen=True, slots=True)
class _Read:
    inputs: tuple[Input, ...]
    inventory: Inventory


def _read(paths: tuple[str, ...], options: ReadOptions, jobs: int) -> _Read:
    from auditor import aws, sources

    inputs, reading = sources.read(paths, options, jobs)
    return _Read(inputs, aws.inventory(reading))


def _remembered(paths: tuple[str, ...], options: ReadOptions, jobs: int) -> _Read:
    from auditor.cache.remembered import remembered

    return remembered(
        ("network", paths, options.question()),
        lambda: _read(paths, options, jobs),
        environment=options.environment,
        to_bytes=_packed,
        from_bytes=_unpacked,
    )


def _packed(read: _Read) -> bytes | None:
    from auditor.packed import NotPackedError, pack

    try:
        return pack((read.inputs, read.inventory))
    except (NotPackedError, RecursionError):
        return None


def _unpacked(content: bytes) -> _Read | None:
    from auditor.packed import NotPackedError, unpack

    try:
        match unpack(content, _KEPT):
            case (tuple(inputs), Inventory() as inventory):
                return _Read(inputs, inventory)
            case _:
                return None
    except NotPackedError:
        return None


def check(
    network: Network,
    rules: Sequence[RuleDefinition] | None = None,
    tiers: Mapping[str, str] | None = None,
    spent: dict[str, float] | None = None,
) -> tuple[Finding, ...]:
    """What the rules find in ``network``, the most severe first; by default those that come with netaudit.

    ``tiers`` are tiers by the names of workloads, groups or subnets, as the configuration gives them;
    ``spent`` is filled with the seconds that each rule takes. Raises RuleError for a tier that there is not.
    """
    from auditor.rules import Evidence, load_catalogue, run

    chosen = load_catalogue() if rules is None else rules
    with collector_off():
        return run(chosen, Evidence(network.engine, tiers or {}), spent)


def diff(before: Network, after: Network) -> Difference:
    """What became reachable from ``before`` to ``after`` and what ceased to be, each with its evidence.

    The two may come from two dialects: things are matched by ids, names and places. What a side does not
    decide is in ``undecided``, and no change.
    """
    from auditor.compare import compare

    engines = before.engine, after.engine
    with collector_off():
        return compare(*engines)


def new_reachability(
    before: Network, after: Network, difference: Difference, names: Sequence[str] = ()
) -> tuple[tuple[Change, ...], tuple[Undecided, ...]]:
    """What of a difference is new, and what may be, of all that is named: ``internet``, a tier, a group.

    Everything where no name is given. Raises UsageError for a name that nothing has in either network.
    """
    from auditor.compare import Matters

    matters = Matters((before.engine, after.engine), names)
    return matters.new(difference), matters.perhaps_new(difference)


def rules(
    folders: Sequence[str] = (),
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
) -> tuple[RuleDefinition, ...]:
    """The rules of netaudit, ``folders`` and packages: ``only`` some of them, or all but ``skip``.

    Raises RuleError for a wrong rule, UsageError for an id that no rule has.
    """
    from auditor.rules import catalogue, load_folders, some_rules, with_installed

    found = with_installed(load_folders((catalogue(), *(Path(folder) for folder in folders))))
    return some_rules(found, only=only, skip=skip)


def findings_document(
    network: Network, rules: Sequence[RuleDefinition], findings: tuple[Finding, ...]
) -> FindingsDocument:
    """What ``check`` found, with the rules that ran and the source line of each place, for a report."""
    from auditor.report import FindingsDocument
    from auditor.report.documents import RuleSummary

    summaries = tuple(
        RuleSummary(
            id=rule.id,
            title=rule.title,
            severity=rule.severity.value,
            why=rule.why,
            fix=rule.fix,
            references=rule.references,
            frameworks=tuple(f"{name} {clause}" for name, clauses in rule.frameworks for clause in clauses),
        )
        for rule in rules
    )
    return FindingsDocument(
        findings=findings,
        rules=summaries,
        gaps=network.inventory.gaps,
        inputs=network.input_names,
        excerpts=excerpts(findings),
    )


def excerpts(findings: Iterable[Finding]) -> tuple[tuple[str, str], ...]:
    """The source line of each place that findings name, as (place, line) pairs, of what can be read."""
    files: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for at in (at for each in findings for at in (each.at, *(related.at for related in each.related))):
        if at.path not in files:
            files[at.path] = _lines(at.path)
        if 0 < at.line <= len(files[at.path]):
            found[str(at)] = files[at.path][at.line - 1]
    return tuple(found.items())


def _lines(path: str) -> list[str]:
    try:
        text = disk.content(path).decode("utf-8", errors="replace")
        return text.replace("\r\n", "\n").split("\n")
    except OSError:
        return []


def failing_examples(rule: RuleDefinition) -> Iterator[str]:
    """What is wrong with the examples of ``rule``, each run alone, in words; nothing where all prove it."""
    from tempfile import TemporaryDirectory

    for example in rule.examples:
        with TemporaryDirectory(prefix="netaudit-") as folder:
            Path(folder, "main.tf").write_text(example.terraform, encoding="utf-8")
            network = load(folder)
            found = tuple(
                (each.judgement.value, each.at.line, each.message) for each in check(network, [rule])
            )
            unread = "; ".join(str(gap.at) + ": " + gap.why for gap in network.inventory.gaps)
        expected = {(example.expect.value, line) for line in example.flagged}
        if unread:
            yield f"{example.name}: not understood: {unread}"
        elif {(judgement, line) for judgement, line, _ in found} != expected:
            told = "; ".join(f"{judgement} at line {line}: {message}" for judgement, line, message in found)
            lines = ", ".join(str(line) for line in example.flagged)
            wanted = example.expect.value + (f" at line {lines}" if lines else "")
            yield f"{example.name}: expected {wanted}, found {told or 'nothing'}"
