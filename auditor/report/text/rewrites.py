"""``fix`` as text: what is rewritten and why, the patch, and the difference that it makes."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.report.documents import DifferenceDocument, RewritesDocument, Rewriting, Style
from auditor.report.text.difference import difference_lines
from auditor.report.text.paint import paint, wrapped

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def rewrite_lines(document: RewritesDocument, style: Style) -> list[str]:
    """The rewrites, the patch as it can be applied, the difference, and what is left to be done by hand."""
    done = [each for each in document.rewritings if not each.refused]
    refused = [each for each in document.rewritings if each.refused]
    lines = [_headline(document, len(done), style)]
    for each in done:
        lines += _finding(each, style)
    if done:
        lines += ["", *(_patched(line, style) for line in document.patch.splitlines()), ""]
        lines += _difference(document, style)
    if refused:
        lines += ["", paint("left to be done by hand", "bold", style)]
        lines += [line for each in refused for line in _finding(each, style)]
    if rest := _rest(document):
        lines += ["", *rest]
    return lines


def _rest(document: RewritesDocument) -> list[str]:
    """How many findings it is not about, and who tells of them."""
    lines = []
    if document.suppressed:
        lines.append(
            f"{document.suppressed} suppressed: left as {'it is' if document.suppressed == 1 else 'they are'}"
        )
    if document.others:
        count = f"{document.others} other finding{'s' * (document.others != 1)}"
        lines.append(f"{count} without one right rewrite: netaudit check tells what to do")
    return lines


def _headline(document: RewritesDocument, done: int, style: Style) -> str:
    if not done:
        return f"nothing to rewrite{_why_none(document)}"
    count = f"{done} rewrite{'s' * (done != 1)}"
    text = (
        f"{count} written" if document.written else f"{count}: --write applies {'them' if done > 1 else 'it'}"
    )
    return paint(text, "bold", style)


def _why_none(document: RewritesDocument) -> str:
    """Why nothing can be rewritten at all; empty where it could be."""
    if document.code:
        return ""
    if document.saved:
        return (
            ": what is read is a plan or a state, and fix rewrites Terraform code (*.tf): give it that alone"
        )
    return ": fix rewrites Terraform code (*.tf) alone, and there is none here"


def _finding(each: Rewriting, style: Style) -> Iterator[str]:
    yield f"  {each.finding.rule}  {each.finding.component}  {paint(str(each.finding.at), 'dim', style)}"
    if each.refused:
        yield from wrapped(f"not rewritten: {each.refused}", style, "    ")
    yield from wrapped(each.finding.fix, style, "    ")


def _patched(line: str, style: Style) -> str:
    colour = "bold" if line.startswith(("+++", "---")) else _COLOURS.get(line[:1], "")
    return paint(line, colour, style) if colour else line


def _difference(document: RewritesDocument, style: Style) -> list[str]:
    sides = DifferenceDocument(difference=document.difference, inputs=document.inputs, sides=((), ()))
    lines = difference_lines(sides, style)
    return [lines[0], *(line for line in lines[1:] if line.strip() not in {"-", "+"})]
