"""A collection: every piece of every account and Region, several at a time, each written once it is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import field

from auditor import __version__
from auditor.errors import UsageError
from auditor.frozen import dataclass
from auditor.sources.snapshot.collect.asking import Api, ask
from auditor.sources.snapshot.collect.calls import Piece, needed_by
from auditor.sources.snapshot.collect.folder import Collected, Denied, Folder, Manifest, path_of
from auditor.sources.snapshot.collect.refusals import Reason, RefusedError

EVERYWHERE = "global"  # the folder of services that are one for all Regions
_SAVE_EVERY = 25


@dataclass(frozen=True, slots=True)
class Place:
    """One Region of one account, and its API."""

    account: str
    region: str
    api: Api


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of one place: one file."""

    place: Place
    piece: Piece

    @property
    def file(self) -> str:
        """Where it stands below the folder."""
        return path_of(self.place.account, self.place.region, self.piece.file)

    @property
    def needs(self) -> tuple[str, ...]:
        """The files whose ids it asks for."""
        names = needed_by(self.piece.call)
        return tuple(path_of(self.place.account, self.place.region, name) for name in names)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task; nothing is collected where all was refused."""

    collected: Collected | None
    denied: tuple[Denied, ...]


@dataclass(frozen=True, slots=True)
class _Progress:
    """What is known of all files so far."""

    collected: dict[str, Collected] = field(default_factory=dict)
    denied: dict[str, tuple[Denied, ...]] = field(default_factory=dict)

    def forget_unfinished(self, tasks: Sequence[Task], folder: Folder) -> None:
        """Count as not collected what lacks an answer or its file, and what was asked with ids from such."""
        for task in (task for level in _levels(tasks) for task in level):
            whole = not self.denied.get(task.file) and folder.holds(task.file)
            if not whole or any(file not in self.collected for file in task.needs):
                self.collected.pop(task.file, None)

    def lacking(self, task: Task) -> tuple[str, Reason] | None:
        """A file without whose ids the task cannot be done, and why it is not there; None where all are."""
        for file in task.needs:
            if file not in self.collected:
                rows = self.denied.get(file)
                return file, Reason(rows[0].reason) if rows else Reason.FAILED
        return None

    def note(self, file: str, done: Done) -> None:
        if done.collected:
            self.collected[file] = done.collected
        self.denied[file] = done.denied


def chosen(pieces: Sequence[Piece], only: Sequence[str]) -> tuple[Piece, ...]:
    """The pieces that ``only`` names (a service, operation or file) and those they need; all if it is empty.

    Raises UsageError for a word that names none.
    """
    by_file = {piece.file: piece for piece in pieces}
    wanted: set[str] = set()
    for word in only:
        found = {piece.file for piece in pieces if word.lower() in _names(piece)}
        if not found:
            services = ", ".join(sorted({piece.call.service for piece in pieces}))
            raise UsageError(f"--only {word}: nothing is called that", hint=f"the services are {services}")
        wanted |= found
    while more := {name for file in wanted for name in needed_by(by_file[file].call)} - wanted:
        wanted |= more
    return tuple(piece for piece in pieces if not only or piece.file in wanted)


def _names(piece: Piece) -> set[str]:
    call = piece.call
    names = (call.service, call.operation, f"{call.service}:{call.operation}", piece.file)
    return {name.lower() for name in names}


def collect(
    tasks: Sequence[Task],
    folder: Folder,
    *,
    started: str,
    jobs: int,
    stop: threading.Event,
    told: Callable[[Task, Done], None],
) -> Manifest:
    """Collect what ``folder`` does not hold yet of ``tasks``, ``jobs`` at a time; what there is then.

    ``told`` hears of each task as it is done. The manifest is written now and then and at the end, also where
    the run is interrupted: ``stop`` is set then, which ends the calls that are under way. Raises InputError
    where the disk does not take a file.
    """
    before = folder.manifest()
    progress = _Progress(
        {each.file: each for each in before.collected} if before else {},
        {each.file: () for each in before.denied} if before else {},
    )
    for each in before.denied if before else ():
        progress.denied[each.file] += (each,)
    progress.forget_unfinished(tasks, folder)
    begun = before.started if before else started
    try:
        for level in _levels(tasks):
            for number, (task, done) in enumerate(_together(level, folder, progress, jobs=jobs, stop=stop)):
                progress.note(task.file, done)
                told(task, done)
                if number % _SAVE_EVERY == 0:
                    folder.write_manifest(_manifest(begun, progress))
    finally:
        stop.set()
        result = _manifest(begun, progress)
        folder.write_manifest(result)
    return result


def tasks_of(places: Iterable[Place], pieces: Sequence[Piece]) -> tuple[Task, ...]:
    """Every piece of every place; those of services that are one for all Regions once an account."""
    found = []
    accounts: set[str] = set()
    for place in places:
        if place.account not in accounts:
            accounts.add(place.account)
            one = Place(place.account, EVERYWHERE, place.api)
            found += [Task(one, piece) for piece in pieces if piece.everywhere]
        found += [Task(place, piece) for piece in pieces if not piece.everywhere]
    return tuple(found)


def _levels(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The tasks in the order in which their ids become known: first those that need none."""
    by_file = {task.piece.file: task.piece for task in tasks}

    def depth(piece: Piece) -> int:
        return 1 + max((depth(by_file[name]) for name in needed_by(piece.call)), default=-1)

    depths = {file: depth(piece) for file, piece in by_file.items()}
    for level in range(max(depths.values(), default=-1) + 1):
        yield [task for task in tasks if depths[task.piece.file] == level]


def _together(
    tasks: Sequence[Task], folder: Folder, progress: _Progress, *, jobs: int, stop: threading.Event
) -> Iterator[tuple[Task, Done]]:
    """The tasks that are not done yet, several at a time, each when it is done."""
    pool = ThreadPoolExecutor(max_workers=jobs)
    running: dict[Future[Done], Task] = {}
    try:
        for task in (task for task in tasks if task.file not in progress.collected):
            lacking = progress.lacking(task)
            if lacking is None:
                running[pool.submit(_do, task, folder, stop)] = task
            else:
                yield task, _not_asked(task, *lacking)
        for future in as_completed(running):
            yield running[future], future.result()
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _do(task: Task, folder: Folder, stop: threading.Event) -> Done:
    piece, place = task.piece, task.place
    known = {
        name: folder.objects(path_of(place.account, place.region, name)) for name in needed_by(piece.call)
    }
    try:
        asked = ask(piece, place.api, known)
    except RefusedError as error:
        return Done(None, (_denied(task, error.operation, error.reason, error.text),))
    if stop.is_set():
        return Done(None, ())  # the rest of its ids may have been left out
    folder.write(task.file, asked.content)
    told = {_denied(task, error.operation, error.reason, error.text) for error in asked.refusals}
    collected = Collected(
        account=place.account,
        region=place.region,
        operation=_operation(piece),
        file=task.file,
        count=asked.count,
    )
    return Done(collected, tuple(sorted(told)))


def _not_asked(task: Task, file: str, reason: Reason) -> Done:
    why = f"not asked, since {file.rpartition('/')[2]} could not be collected"
    return Done(None, (_denied(task, _operation(task.piece), reason, why),))


def _operation(piece: Piece) -> str:
    return f"{piece.call.service}:{piece.call.operation}"


def _denied(task: Task, operation: str, reason: Reason, text: str) -> Denied:
    return Denied(
        account=task.place.account,
        region=task.place.region,
        operation=operation,
        error=text,
        reason=reason.value,
        file=task.file,
    )


def _manifest(started: str, progress: _Progress) -> Manifest:
    denied = tuple(each for rows in progress.denied.values() for each in rows)
    return Manifest(
        netaudit=__version__, started=started, collected=tuple(progress.collected.values()), denied=denied
    )
