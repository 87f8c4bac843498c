"""Buckets of S3: whether their policies ask by which VPC requests come."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling
from auditor.aws.reader.policies import document, mentioning
from auditor.model import Bucket, Component, Fact, Truth
from auditor.tree import Presence

BUCKET = "aws_s3_bucket"
POLICY = "aws_s3_bucket_policy"
_WORDS = ("aws:SourceVpc", "aws:VpcSourceIp")


def read_bucket(block: Block) -> Iterator[Bucket]:
    """A bucket, with its own policy or that of a resource."""
    yield Bucket(
        id=block.address,
        at=block.at,
        names=block.names("bucket"),
        by_vpc=_by_vpc(block),
        presence=block.presence,
    )


def _by_vpc(block: Block) -> Fact:
    found = [mentioning(document(block, "policy"), _WORDS)]
    for user, link in block.users(POLICY, "bucket", *block.ids):
        own = mentioning(document(user, "policy"), _WORDS)
        sure = link.certain and user.presence is Presence.CERTAIN
        if own.truth is Truth.YES and not sure:
            own = Fact(Truth.UNKNOWN, own.at, (*link.reasons, *user.reasons))
        found.append(own)
    order = (Truth.NO, Truth.UNKNOWN, Truth.YES)
    return max(found, key=lambda fact: (order.index(fact.truth), fact.at is not None))


def read_nothing(block: Block) -> Iterator[Component]:  # noqa: ARG001 - a reader takes what all take
    """What the bucket that it is about asks for."""
    yield from ()


READERS = {BUCKET: read_bucket, POLICY: read_nothing}
SPELLINGS = {
    "AWS::S3::Bucket": Spelling(
        kind=BUCKET, renamed={"BucketName": "bucket"}, attributes={"Arn": "arn", "DomainName": "domain_name"}
    ),
    "AWS::S3::BucketPolicy": Spelling(kind=POLICY, renamed={"PolicyDocument": "policy"}),
}
