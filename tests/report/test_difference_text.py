"""``diff`` as text: what is said once, and what is said in full."""

from __future__ import annotations

from auditor.difference import Change, Difference, Doubt, Evidence, Kind, Named, Undecided
from auditor.reach import End, EndpointKind
from auditor.reach.verdict import DecisiveRule, Verdict
from auditor.report.documents import DifferenceDocument, Style
from auditor.report.text.difference import difference_lines
from auditor.traffic import parse_traffic
from auditor.tree import Location

WEB, APP = (End(kind=EndpointKind.SECURITY_GROUP, name=name) for name in ("web", "app"))
# Where a snapshot has its rules: all of a group's at the group.
RULES = tuple(
    DecisiveRule(component=group, at=Location("SecurityGroups.json", line, 3), text=text)
    for group, line, text in (
        ("sg-web", 3, "egress tcp/22"),
        ("sg-web", 3, "egress tcp/443"),
        ("sg-app", 9, "ingress tcp/22-443"),
    )
)


def lines(*, verbose: bool) -> list[str]:
    change = Change(
        kind=Kind.ADDED,
        source=Named(before=WEB, after=WEB),
        destination=Named(before=APP, after=APP),
        traffic=parse_traffic("tcp/22"),
        before=Evidence(verdict=Verdict.BLOCKED),
        after=Evidence(verdict=Verdict.REACHABLE, rules=RULES),
    )
    document = DifferenceDocument(
        difference=Difference(changes=(change,)), inputs=("a", "b"), sides=(("a",), ("b",))
    )
    told = difference_lines(document, Style(verbose=verbose))
    return [line.strip() for line in told if line.strip().startswith(("by ", "…"))]


def test_two_rules_of_one_component_in_one_place_are_told_once():
    assert lines(verbose=False) == [
        "by sg-web  SecurityGroups.json:3:3",
        "by sg-app  SecurityGroups.json:9:3",
    ]


def test_each_rule_is_told_with_its_words_where_all_is_asked_for():
    assert lines(verbose=True) == [
        "by sg-web  egress tcp/22  SecurityGroups.json:3:3",
        "by sg-web  egress tcp/443  SecurityGroups.json:3:3",
        "by sg-app  ingress tcp/22-443  SecurityGroups.json:9:3",
    ]


def undecided(*, verbose: bool) -> list[str]:
    services = (End(kind=EndpointKind.SERVICE, name=f"service:{name}") for name in ("dynamodb", "s3"))
    difference = Difference(
        undecided=tuple(
            Undecided(
                doubt=Doubt.NOW_DECIDED,
                source=Named(before=WEB, after=WEB),
                destination=Named(before=end, after=end),
                traffic=parse_traffic("tcp/443"),
                before=Verdict.UNKNOWN,
                after=Verdict.BLOCKED,
                unknowns=(),
                opens=False,
            )
            for end in (*services, APP)
        )
    )
    document = DifferenceDocument(difference=difference, inputs=("a", "b"), sides=(("a",), ("b",)))
    told = difference_lines(document, Style(verbose=verbose))
    return [line.strip() for line in told if line.strip().startswith("?")]


def test_what_is_undecided_of_several_services_of_aws_alike_is_told_once():
    assert undecided(verbose=False) == [
        "? web → 2 services of AWS  tcp/443  unknown, now blocked",
        "? web → app  tcp/443  unknown, now blocked",
    ]
    assert undecided(verbose=True) == [
        "? web → service:dynamodb  tcp/443  unknown, now blocked",
        "? web → service:s3  tcp/443  unknown, now blocked",
        "? web → app  tcp/443  unknown, now blocked",
    ]
