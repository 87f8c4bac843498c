"""Lambda functions and their kin: they open connections and accept none, and never have a public address.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from auditor.aws.reader import Row, Spelling
from auditor.aws.reader.respelling import unless_empty

ROWS = (
    Row(
        kinds=("aws_lambda_function",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        accepts=False,
        names=("function_name",),
    ),
    Row(
        kinds=("aws_synthetics_canary",),
        requires="vpc_config",
        outside=True,
        subnets=("vpc_config.subnet_ids",),
        groups=("vpc_config.security_group_ids",),
        accepts=False,
    ),
)

# AWS answers with an empty ``VpcConfig`` where there is none, and takes one for none.
_FUNCTION = Spelling(kind="aws_lambda_function", then=unless_empty("vpc_config"))

SPELLINGS = {
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Synthetics::Canary": Spelling(kind="aws_synthetics_canary", then=unless_empty("vpc_config")),
    "Functions": _FUNCTION,
}
