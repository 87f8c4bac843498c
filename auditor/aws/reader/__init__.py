"""The shared reader: what every area of AWS reads the bodies of resources with."""

from __future__ import annotations

from auditor.aws.reader.block import Block
from auditor.aws.reader.estate import Estate, kind_of, own_names
from auditor.aws.reader.links import is_data, joined, kind_named, one_of, uncertain
from auditor.aws.reader.meanings import meant, tags_of
from auditor.aws.reader.mentions import mentions
from auditor.aws.reader.nodes import bodies, both, fact, given, label, number, opposite, why
from auditor.aws.reader.ports import listening, port_of, tcp
from auditor.aws.reader.row import ProfileRow, Row, owner
from auditor.aws.reader.rows import has_ipv6, placed, read_outside, read_profile, read_row
from auditor.aws.reader.services import service_named
from auditor.aws.reader.speech import at_port, spoken
from auditor.aws.reader.spelling import Spelling, respelled, snake
from auditor.aws.reader.standing import standing, standing_of
from auditor.aws.reader.tagging import open_tags
from auditor.aws.reader.unread import read_unread
from auditor.aws.reader.users import given_by

__all__ = [
    "Block",
    "Estate",
    "ProfileRow",
    "Row",
    "Spelling",
    "at_port",
    "bodies",
    "both",
    "fact",
    "given",
    "given_by",
    "has_ipv6",
    "is_data",
    "joined",
    "kind_named",
    "kind_of",
    "label",
    "listening",
    "meant",
    "mentions",
    "number",
    "one_of",
    "open_tags",
    "opposite",
    "own_names",
    "owner",
    "placed",
    "port_of",
    "read_outside",
    "read_profile",
    "read_row",
    "read_unread",
    "respelled",
    "service_named",
    "snake",
    "spoken",
    "standing",
    "standing_of",
    "tags_of",
    "tcp",
    "uncertain",
    "why",
]
