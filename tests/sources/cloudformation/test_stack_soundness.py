"""What is found without the parameters leaves room for what is found with them.

Random templates are evaluated twice: with a value for every parameter, and with some of them open. All that
the second calls certain must be so in the first.
"""

from __future__ import annotations

import re
from itertools import chain

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.sources.cloudformation.template.options import StackReading
from auditor.sources.cloudformation.values.identity import text_of
from auditor.tree import Map, Node, Presence, Reference, Scalar, Seq, Unknown
from tests.sources.cloudformation.evaluating import plain, read, resources

VALUES = {
    "Env": ("dev", "prod"),
    "Free": ("a", "b,c", ""),
    "Items": ("x,y", "a, b,c", "x"),
    "Index": ("0", "1"),
    "Cidr": ("10.0.0.0/16", "192.168.0.0/20"),
    "Sub": ("subnet-1", "subnet-2"),
}
TEMPLATE = """
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Free: {Type: String}
  Items: {Type: CommaDelimitedList}
  Index: {Type: Number, AllowedValues: [0, 1]}
  Cidr: {Type: String}
  Sub: {Type: "AWS::EC2::Subnet::Id"}
Mappings:
  M:
    dev: {Size: small, Zones: [x], Free: a}
    prod: {Size: large, Zones: [x, y], Free: b}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition Prod]
  Empty: !Equals [!Ref Free, ""]
  Both: !And [!Condition Prod, !Condition Empty]
  Either: !Or [!Condition Both, !Equals [!Ref Index, 1]]
  Tested: CONDITION
Resources:
  Base:
    Type: T
    Properties:
      Fixed: 10.0.0.0/16
      Loose: !If [Prod, given, !Ref AWS::NoValue]
      Items: !Ref Items
  Sometimes: {Type: T, Condition: Either, Properties: {V: VALUE, W: !If [Either, 1, 2]}}
  When: {Type: T, Condition: Tested, Properties: {V: !If [Tested, VALUE, OTHER]}}
  It:
    Type: T
    Properties:
      V: VALUE
      W: !If [Tested, VALUE, OTHER]
      L: [OTHER, !If [Tested, VALUE, !Ref AWS::NoValue], last]
      J: !Join ["+", [a, !If [Tested, b, !Ref AWS::NoValue], !If [Either, !Ref Free, c]]]
      S: !Select [!Ref Index, [OTHER, !If [Tested, x, !Ref AWS::NoValue], z, w]]
      N: {Fn::Length: [1, !If [Tested, x, !Ref AWS::NoValue]]}
  Fn::ForEach::Loop:
    - X
    - COLLECTION
    - "Each&{X}":
        Type: T
        Properties: {X: !Ref X, Y: "-${X}-", Z: !Sub "${X}/${Env}", V: OTHER}
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: {P: VALUE_TEXT, L: !Join [",", [!Ref Base, VALUE_TEXT, !Ref Sub]]}
  After: {Type: T, Properties: {V: !GetAtt Child.Outputs.O, L: !GetAtt Child.Outputs.L}}
"""
CHILD = """
Parameters:
  P: {Type: String}
  L: {Type: CommaDelimitedList}
Conditions:
  C: !Equals [!Ref P, a]
Resources:
  In: {Type: T, Condition: C, Properties: {P: !Ref P, L: !Ref L}}
Outputs:
  O: {Value: !If [C, yes, !Sub "${P}!"]}
  L: {Value: !Select [0, !Ref L]}
"""
ATOMS = (
    "a",
    "'x,y'",
    "7",
    "true",
    "!Ref Env",
    "!Ref Free",
    "!Ref Index",
    "!Ref Cidr",
    "!Ref Sub",
    "!Ref Base",
    "!GetAtt Base.Fixed",
    "!GetAtt Base.Loose",
    "!Ref AWS::Region",
    "'{{resolve:ssm:/x}}'",
    "!Select [0, !Ref Items]",
    "!Select [!Ref Index, !Ref Items]",
    "!FindInMap [M, !Ref Env, Size]",
    "!FindInMap [M, !Ref Free, Size, {DefaultValue: none}]",
    "!FindInMap [M, dev, !Ref Free, {DefaultValue: !Ref Free}]",
    "!Select [1, !Cidr [!Ref Cidr, 2, 8]]",
)
LISTS = (
    "[a, b]",
    "!Ref Items",
    "!GetAtt Base.Items",
    "!Split [',', !Ref Free]",
    "!Split [',', 'a,b,a']",
    "!FindInMap [M, !Ref Env, Zones]",
    "!Cidr [!Ref Cidr, 2, 8]",
    "!If [Either, [p], [p, q]]",
    "[a, !If [Empty, b, !Ref AWS::NoValue], !Ref Env]",
    "!Split [',', !Join [',', [!Ref Sub, !Ref Base, !Ref Free]]]",
    "!Split [',', !Join [',', !Ref Items]]",
)


def texts(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("!Sub ['${{A}}-${{B}}', {{A: {}, B: {}}}]".format, inner, inner),
        st.builds("!Sub ['${{A}}', {{A: {}}}]".format, inner),
        st.builds("!Join ['', [{}, {}]]".format, inner, inner),
        st.builds("!Join [{}, [{}, {}]]".format, inner, inner, inner),
        st.builds("!Join ['/', {}]".format, st.sampled_from(LISTS)),
        st.builds("!Select [0, !Split ['-', {}]]".format, inner),
        st.builds("!Select [1, {}]".format, st.sampled_from(LISTS)),
        st.builds("!If [Prod, {}, {}]".format, inner, inner),
        st.builds("!If [Either, {}, {}]".format, inner, inner),
        st.builds("!Base64 {{'Fn::Sub': ['${{A}}', {{A: {}}}]}}".format, inner),
    )


TEXTS = st.recursive(st.sampled_from(ATOMS), texts, max_leaves=5)
# Conditions and loops are worked out before there are resources.
EARLY_LISTS = tuple(each for each in LISTS if "Base" not in each)
EARLY = st.recursive(
    st.sampled_from([each for each in ATOMS if "Base" not in each]),
    lambda inner: st.one_of(
        st.builds("!Join ['-', [{}, {}]]".format, inner, inner),
        st.builds("!Sub ['${{A}}', {{A: {}}}]".format, inner),
        st.builds("!Select [0, {}]".format, st.sampled_from(EARLY_LISTS)),
        st.builds("!Join ['/', {}]".format, st.sampled_from(EARLY_LISTS)),
    ),
    max_leaves=3,
)
VALUE = st.one_of(
    TEXTS,
    st.sampled_from(LISTS),
    st.builds("{{k: {}, l: !If [Empty, {}, !Ref AWS::NoValue]}}".format, TEXTS, TEXTS),
    st.builds("[{}, !If [Prod, {}, !Ref AWS::NoValue]]".format, TEXTS, TEXTS),
    st.builds("{{'Fn::Length': {}}}".format, st.sampled_from(LISTS)),
    st.builds("{{'Fn::ToJsonString': {{a: {}}}}}".format, TEXTS),
)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("!Equals [{}, {}]".format, EARLY, EARLY),
        st.builds("!Equals [{}, {}]".format, st.sampled_from(EARLY_LISTS), st.sampled_from(EARLY_LISTS)),
        st.sampled_from(("!Condition Prod", "!Condition Both", "!Condition Either", "!Condition Empty")),
        st.builds("{{'Fn::Contains': [{}, {}]}}".format, st.sampled_from(EARLY_LISTS), EARLY),
    ),
    lambda inner: st.one_of(
        st.builds("!Not [{}]".format, inner),
        st.builds("!And [{}, {}]".format, inner, inner),
        st.builds("!Or [{}, {}]".format, inner, inner),
    ),
    max_leaves=3,
)


def allows(bound: Node, exact: Node) -> bool:
    """Whether what is known of a value leaves room for what it turned out to be."""
    if isinstance(exact, Unknown) and exact.options:
        return all(allows(bound, option) for option in exact.options)
    match bound, exact:
        case Unknown(), _ if not bound.options:
            return not bound.parts or fits(bound.parts, exact)
        case Unknown(), _:
            return any(allows(option, exact) for option in bound.options)
        case Scalar(), Scalar():
            return text_of(bound) == text_of(exact) and (bound.value is None) == (exact.value is None)
        case Reference(), Reference():
            pattern = re.escape(f"{bound.target}.{bound.attribute}").replace(r"\[\*\]", ".*")
            return re.fullmatch(pattern, f"{exact.target}.{exact.attribute}") is not None
        case Seq(), Seq():
            return allows_items(bound, exact)
        case Map(), Map():
            return allows_entries(bound, exact)
        case _:
            return False


def fits(parts: tuple[Node, ...], exact: Node) -> bool:
    """Whether a text consists of the pieces: those that are known are in it."""
    pieces = exact.parts if isinstance(exact, Unknown) else (exact,)
    if isinstance(exact, Unknown) and not exact.parts:
        return True
    whole = "".join(text_of(piece) if text_of(piece) is not None else "\0" for piece in pieces)  # type: ignore[misc]
    pattern = "".join(re.escape(text_of(part) or "") if text_of(part) is not None else ".*" for part in parts)
    return re.fullmatch(pattern, whole, re.DOTALL) is not None


def allows_items(bound: Seq, exact: Seq) -> bool:
    if not bound.unordered:
        if bound.more is None and len(bound.items) != len(exact.items) and exact.more is None:
            return False
        ahead = all(allows(b, e) for b, e in zip(bound.items, exact.items, strict=False))
        rest = exact.items[len(bound.items) :]
        return (
            ahead
            and len(exact.items) >= len(bound.items)
            and all(bound.more is not None and allows(bound.more, e) for e in rest)
        )
    wide = [*bound.items, *([bound.more] if bound.more is not None else [])]
    return all(any(allows(b, e) for b in wide) for e in exact.items) and all(
        any(allows(b, e) for e in exact.items) for b in bound.items
    )


def allows_entries(bound: Map, exact: Map) -> bool:
    for key, within in bound.entries.items():
        if key not in exact.entries and not allows(within, Scalar(None, bound.at)):
            return False
    for key, value in exact.entries.items():
        within_or_more = bound.entries.get(key, bound.more)
        if within_or_more is None or not allows(within_or_more, value):
            return False
    return True


def matching(bound: StackReading, address: str) -> list[Map]:
    return [
        each.body
        for each in bound.resources
        if re.fullmatch(re.escape(each.address).replace(r"\[\*\]", ".*"), address)
    ]


def refused(reading: StackReading) -> bool:
    return any(gap.kind.value == "invalid" for gap in reading.gaps)


@given(
    value=VALUE,
    other=VALUE,
    text=TEXTS,
    condition=CONDITIONS,
    collection=st.sampled_from(EARLY_LISTS),
    chosen=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    known=st.sets(st.sampled_from(sorted(VALUES))),
)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_found_without_the_parameters_allows_what_is_found_with_them(
    value: str,
    other: str,
    text: str,
    condition: str,
    collection: str,
    chosen: dict[str, str],
    known: set[str],
) -> None:
    template = TEMPLATE.replace("VALUE_TEXT", text).replace("VALUE", value).replace("OTHER", other)
    template = template.replace("CONDITION", condition).replace("COLLECTION", collection)
    exact = read(template, chosen, files={"child.yaml": CHILD})
    bound = read(
        template, {name: each for name, each in chosen.items() if name in known}, files={"child.yaml": CHILD}
    )
    if refused(exact):
        return
    told = f"{template}\n{chosen} {known}"
    for each in exact.resources:
        assert any(allows(body, each.body) for body in matching(bound, each.address)), (
            f"{told}\n{each.address}\n{[plain(body) for body in matching(bound, each.address)]}"
            f"\n{plain(each.body)}"
        )
    certain = {each.address for each in bound.resources if each.presence is Presence.CERTAIN}
    assert certain <= resources(exact).keys(), told
    assert_equal_names_are_equal(bound, exact, told)


def named(reading: StackReading) -> dict[str, Node]:
    """The values of ``V`` and ``W`` of the resource ``It`` and its kin, by their places."""
    return dict(
        chain.from_iterable(
            ((f"{each.address}.{key}", node) for key, node in each.body.entries.items())
            for each in reading.resources
        )
    )


def assert_equal_names_are_equal(bound: StackReading, exact: StackReading, told: str) -> None:
    """Unknowns of one name turn out to be one value."""
    before, after = named(bound), named(exact)
    places: dict[str, str] = {}
    for place, node in before.items():
        if isinstance(node, Unknown) and node.identity and place in after:
            first = places.setdefault(node.identity, place)
            assert plain(after[first]) == plain(after[place]), f"{told}\n{first} {place} {node.identity}"
