"""Lambda functions and their kin: they open connections and accept none, and never have a public address.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

from auditor.aws.reader import Row

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
