"""``netaudit snapshot``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import click

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.sources.snapshot.collect import Done, Manifest, Request, Task


@click.command("snapshot", short_help="Collect the live network through the AWS API, read-only.")
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="The folder to write, a new one.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Collect this Region. Repeatable (default: the profile's Region).",
)
@click.option("--all-regions", is_flag=True, help="Collect every Region that is enabled for the account.")
@click.option("--profile", metavar="NAME", help="The profile of the AWS configuration (also: AWS_PROFILE).")
@click.option(
    "--role-arn",
    "roles",
    multiple=True,
    metavar="ARN",
    help="Collect as this role, in its account, instead of the profile's own. Repeatable.",
)
@click.option("--external-id", metavar="ID", help="The external id that the roles ask for.")
@click.option(
    "--only",
    multiple=True,
    metavar="NAME",
    help="Collect no more than this service, operation or file (ec2, DescribeVpcs, Vpcs). Repeatable.",
)
@click.option("--resume", is_flag=True, help="Go on with the snapshot in DIR: ask for what it lacks.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    metavar="N",
    help="Make N calls at a time.",
)
@click.option("--endpoint-url", metavar="URL", help="Call this instead of AWS (also: AWS_ENDPOINT_URL).")
@click.option(
    "--print-policy", is_flag=True, help="Print the IAM policy that collecting needs, and do nothing."
)
@click.option("--strict", is_flag=True, help="Exit 2 where anything could not be collected.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what is missing.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for each file.")
@click.option("--debug", is_flag=True, help="Show a traceback where netaudit itself fails.")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    output: str | None,
    regions: tuple[str, ...],
    all_regions: bool,
    profile: str | None,
    roles: tuple[str, ...],
    external_id: str | None,
    only: tuple[str, ...],
    resume: bool,
    jobs: int,
    endpoint_url: str | None,
    print_policy: bool,
    strict: bool,
    quiet: bool,
    verbose: bool,
    debug: bool,  # noqa: ARG001 - read by the command line
) -> None:
    """Collect the live network through the AWS API into DIR, which every other command then reads.

    The calls are read-only, and write neither secrets nor what programs are given to run with. Needs
    `pip install 'netaudit[aws]'`. Exit code 0 if there is a snapshot, 2 if there is none; where it is not
    whole, what is missing is told, and --strict makes it 2.
    """
    from auditor.sources.snapshot.collect import Access, Request, policy

    if print_policy:
        click.echo(policy(only), nl=False)
        return
    if output is None:
        raise UsageError("where to? give -o DIR")
    if all_regions and regions:
        raise UsageError("--region and --all-regions exclude each other")
    access = Access(
        profile=profile, roles=roles, external_id=external_id, endpoint=endpoint_url, connections=jobs
    )
    request = Request(access=access, regions=regions, all_regions=all_regions, only=only)
    manifest = _collected(
        request, output, resume=resume, jobs=jobs, shown=_shown(quiet=quiet, verbose=verbose)
    )
    sys.exit(_told(manifest, output, strict=strict, quiet=quiet))


def _collected(
    request: Request, output: str, *, resume: bool, jobs: int, shown: Callable[[int], _Shown]
) -> Manifest:
    from datetime import UTC, datetime

    from auditor.sources.snapshot.collect import collect, opened, tasks

    folder = opened(output, resume=resume)
    stop = threading.Event()
    wanted = tasks(request, stop)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with shown(len(wanted)) as told:
            return collect(wanted, folder, started=started, jobs=jobs, stop=stop, told=told)
    except KeyboardInterrupt:
        click.echo(f"\nnetaudit: interrupted; what {output} lacks is collected with --resume", err=True)
        raise


def _told(manifest: Manifest, output: str, *, strict: bool, quiet: bool) -> int:
    """Say what there is and what is missing; the exit code."""
    from auditor.cli.collected import missing, summary, warning

    lacking = missing(manifest)
    if not quiet:
        click.echo(summary(manifest, output), nl=False)
    if lacking:
        click.echo(warning(lacking), err=True)
    return 2 if not manifest.collected or (strict and lacking) else 0


_Told = Callable[["Task", "Done"], None]
_Shown = AbstractContextManager[_Told]


def _shown(*, quiet: bool, verbose: bool) -> Callable[[int], _Shown]:
    """How progress is shown: a line for each file, a bar where a person sees it, or nothing."""
    if verbose and not quiet:
        return _lines
    return _bar if sys.stderr.isatty() and not quiet else _nothing


@contextmanager
def _lines(length: int) -> Iterator[_Told]:
    def told(task: Task, done: Done) -> None:
        what = str(done.collected.count) if done.collected else done.denied[0].error if done.denied else ""
        click.echo(f"{task.file}: {what}", err=True)

    click.echo(f"{length} files", err=True)
    yield told


@contextmanager
def _bar(length: int) -> Iterator[_Told]:
    with click.progressbar(length=length, label="netaudit: collecting", file=sys.stderr) as bar:
        yield lambda _, __: bar.update(1)


@contextmanager
def _nothing(_: int) -> Iterator[_Told]:
    yield lambda _, __: None
