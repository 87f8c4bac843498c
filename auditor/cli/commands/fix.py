"""``netaudit fix``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings

if TYPE_CHECKING:
    from auditor.fixing import Fixed
    from auditor.pipeline import Network
    from auditor.report import RewritesDocument


@click.command("fix", cls=NetworkCommand)
@click.option("--write", "writes", is_flag=True, help="Change the files; without it the patch is only shown.")
@click.option("--only", multiple=True, metavar="ID", help="Rewrite for this rule alone. Repeatable.")
@click.option("--skip", multiple=True, metavar="ID", help="Do not rewrite for this rule. Repeatable.")
@click.pass_obj
def command(settings: Settings, /, *, writes: bool, only: tuple[str, ...], skip: tuple[str, ...]) -> None:
    """Rewrite what has one right rewrite, and show what that changes.

    A range that is there for the members of one group becomes a reference to the group, a network ACL that
    drops replies gets the entry that it lacks, a rule that repeats another is taken away: in Terraform code,
    with its comments and its layout. The patch is shown with the difference in reachability that it makes. A
    rewrite that would let pass what does not pass is never made, save the entry for replies.

    Exit codes: 0 done, 2 nothing could be read.
    """
    from auditor import pipeline
    from auditor.cli.run import configuration, network, progress, show
    from auditor.fixing import fix, write

    read = network(settings)
    given = configuration(settings)
    rules = pipeline.rules((), only=only, skip=skip)
    with progress("looking for what to rewrite", quiet=settings.quiet):
        findings = pipeline.check(read, rules, given.tiers)
        fixed = fix(read, findings, lambda: network(settings, fresh=True))
    if writes:
        write(fixed)
    show(_document(fixed, read, written=writes), settings)


def _document(fixed: Fixed, read: Network, *, written: bool) -> RewritesDocument:
    from auditor.report import RewritesDocument
    from auditor.report.documents import Rewriting

    done = tuple(Rewriting(finding=one.finding) for one in fixed.rewrites)
    refused = tuple(Rewriting(finding=one.finding, refused=one.why) for one in fixed.refusals)
    return RewritesDocument(
        rewritings=(*done, *refused),
        patch=fixed.patch,
        difference=fixed.difference,
        written=written and bool(fixed.files),
        inputs=read.input_names,
    )
