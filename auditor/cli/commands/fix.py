"""``netaudit fix``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings

if TYPE_CHECKING:
    from auditor.fixing import Fixed
    from auditor.gating import Gated
    from auditor.pipeline import Network
    from auditor.report import RewritesDocument


@click.command("fix", cls=NetworkCommand)
@click.option("--write", "writes", is_flag=True, help="Change the files; without it the patch is only shown.")
@click.option("--only", multiple=True, metavar="ID", help="Rewrite for this rule alone. Repeatable.")
@click.option("--skip", multiple=True, metavar="ID", help="Do not rewrite for this rule. Repeatable.")
@click.option(
    "--rules", "folders", multiple=True, metavar="DIR", help="Rewrite for the rules of a folder too."
)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    writes: bool,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    folders: tuple[str, ...],
) -> None:
    """Rewrite what has one right rewrite, and show what that changes.

    A range that is there for the members of one group becomes a reference to the group, a network ACL that
    drops replies gets the entries that it lacks, a rule that repeats another is taken away: in Terraform code
    (*.tf), with its comments and its layout; templates of CloudFormation and all else are left to be done by
    hand. The patch is shown with the difference in reachability that it makes. A rewrite that would let pass
    what does not pass is never made, save the replies of what passes. What is suppressed stays.

    Exit codes: 0 done, 2 nothing could be read.
    """
    from datetime import date

    from auditor import pipeline
    from auditor.cli.run import configuration, network, progress, show
    from auditor.cli.scopes import own_rules
    from auditor.fixing import fix, write
    from auditor.gating import Gate, chosen_rules, gate

    read = network(settings)
    given = configuration(settings)
    own = own_rules(read.inventory, given.path, ())
    chosen = chosen_rules(given.checking, folders, only, skip, own=own)
    statements = {rule.id for rule in own}
    chosen = replace(chosen, rules=tuple(rule for rule in chosen.rules if rule.id not in statements))
    with progress("looking for what to rewrite", quiet=settings.quiet):
        how = Gate(given=given.checking, baseline=None, today=date.today())  # noqa: DTZ011 - where it runs
        gated = gate(read, chosen, given.tiers, how)
        fixed = fix(
            read,
            gated.findings,
            lambda: network(settings, fresh=True),
            lambda after: pipeline.check(after, chosen.rules, given.tiers),
            gated.suppressed,
        )
    if writes:
        write(fixed)
    show(_document(fixed, read, gated, only, written=writes), settings)


def _document(
    fixed: Fixed, read: Network, gated: Gated, named: tuple[str, ...], *, written: bool
) -> RewritesDocument:
    from auditor.finding import Judgement
    from auditor.report import RewritesDocument
    from auditor.report.documents import Rewriting
    from auditor.sources import InputKind

    done = tuple(Rewriting(finding=one.finding) for one in fixed.rewrites)
    refused = tuple(Rewriting(finding=one.finding, refused=one.why) for one in fixed.refusals)
    suppressed = [one for one in gated.suppressed if one.finding.remedy is not None]
    told = tuple(
        Rewriting(finding=one.finding, refused=f"it is suppressed at {one.by.at}: {one.by.reason}")
        for one in suppressed
        if one.finding.rule in named
    )
    plain = (one for one in gated.findings if one.judgement is Judgement.VIOLATED and one.remedy is None)
    return RewritesDocument(
        rewritings=(*done, *refused, *told),
        patch=fixed.patch,
        difference=fixed.difference,
        written=written and bool(fixed.files),
        inputs=read.input_names,
        suppressed=len(suppressed),
        others=sum(1 for _ in plain),
        code=any(one.kind in {InputKind.TERRAFORM, InputKind.TERRAGRUNT} for one in read.inputs),
        saved=any(one.kind in {InputKind.PLAN, InputKind.STATE} for one in read.inputs),
    )
