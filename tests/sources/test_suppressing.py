"""Which lines a suppression in YAML or in metadata speaks of."""

from __future__ import annotations

from auditor.sources.suppressing.comments import in_yaml
from auditor.sources.suppressing.metadata import in_template

ONE_LINE_EACH = """{"Resources": {
"A": {"Type": "AWS::EC2::SecurityGroup"},
"B": {"Type": "AWS::EC2::VPC", "Metadata": {"netaudit": {"ignore": [{"rule": "x", "reason": "y"}]}}},
"C": {"Type": "AWS::EC2::SecurityGroup"}
}}
"""
BLOCKS = """Resources:
  A:
    Type: AWS::EC2::SecurityGroup
  B:
    Type: AWS::EC2::SecurityGroup
    Metadata:
      netaudit:
        ignore:
          - { rule: x, reason: y }
  C:
    Type: AWS::EC2::SecurityGroup
"""


def metadata_lines(text: str) -> list[range]:
    return [lines for _, _, lines in in_template("t", text)]


def test_metadata_speaks_of_the_lines_of_its_own_resource_alone():
    assert metadata_lines(BLOCKS) == [range(4, 10)]
    assert metadata_lines(ONE_LINE_EACH) == [range(3, 4)]


def test_metadata_speaks_of_nothing_where_resources_share_a_line():
    assert metadata_lines(ONE_LINE_EACH.replace("\n", "")) == [range(0)]


def test_a_sign_in_a_text_of_several_lines_is_no_comment():
    text = "UserData: |\n  # netaudit:ignore x reason=y\nName: 'a\n  # netaudit:ignore x reason=y'\n"
    assert list(in_yaml("t.yaml", text)) == []


def test_an_apostrophe_before_a_comment_does_not_hide_it():
    (found,) = in_yaml("t.yaml", "Description: it's open # netaudit:ignore x reason=y\n")
    assert found.words == "x reason=y"
    assert found.lines[0] == 1


def test_a_key_has_the_list_below_it_that_stands_no_deeper():
    text = "# netaudit:ignore x reason=y\nIngress:\n- CidrIp: 0.0.0.0/0\n  IpProtocol: tcp\nOther:\n"
    (found,) = in_yaml("t.yaml", text)
    assert list(found.lines)[:3] == [2, 3, 4]
    assert 5 not in found.lines


def test_an_item_of_a_list_ends_where_the_next_begins():
    text = (
        "Rules:\n- CidrIp: 10.0.0.0/8 # netaudit:ignore x reason=y\n  IpProtocol: tcp\n- CidrIp: 0.0.0.0/0\n"
    )
    (found,) = in_yaml("t.yaml", text)
    assert list(found.lines) == [2, 3]
