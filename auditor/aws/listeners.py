"""Listeners of application, network and gateway load balancers, and the rules of those.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.aws.reader import Block, Spelling, joined, spoken, uncertain
from auditor.model import Links, Listener
from auditor.tree import Dialect, Presence, Reason

RULES = ("aws_lb_listener_rule", "aws_alb_listener_rule")
_FORWARDING = ("target_group_arn", "forward.target_group.arn")
_ALONE = frozenset({"tcp", "tls", "udp", "tcp_udp", "quic", "tcp_quic", "geneve"})


def read_listener(block: Block) -> Iterator[Listener]:
    """A listener, with the target groups of its default action and of all its rules.

    Redirects, fixed responses and authentication have none; a group of weight 0 is one still.
    """
    parts = [_forwarded(block, "default_action")]
    rules = [use for kind in RULES for use in block.users(kind, "listener_arn", *block.ids)]
    for rule, link in rules:
        found = _forwarded(rule, "action")
        sure = link.certain and rule.presence is Presence.CERTAIN
        parts.append(found if sure else uncertain(found, link.reasons or rule.reasons))
    if not rules:
        parts.append(_untold(block))
    yield Listener(
        id=block.address,
        at=block.at,
        proxy=block.target("load_balancer_arn"),
        service=spoken(block, "protocol", "port", "http"),
        targets=joined(*parts),
        names=block.names(),
        presence=block.presence,
    )


def _forwarded(block: Block, actions: str) -> Links:
    return block.one(*(f"{actions}.{path}" for path in _FORWARDING))


def _untold(block: Block) -> Links:
    """AWS tells a default rule of each listener: where a snapshot has no rule at all, it has not asked."""
    alone = (block.choices("protocol", "geneve") or {""}) <= {each.upper() for each in _ALONE} | _ALONE
    if block.resource.dialect is not Dialect.SNAPSHOT or alone:
        return Links()
    return Links(open=(Reason(f"the rules of {block.address}", block.at, "describe-rules in the snapshot"),))


READERS = dict.fromkeys(("aws_lb_listener", "aws_alb_listener"), read_listener)


def _renamed(theirs: str, ours: str) -> dict[str, str]:
    config = f"{theirs}.ForwardConfig"
    return {
        theirs: ours,
        config: "forward",
        f"{config}.TargetGroups": "target_group",
        f"{config}.TargetGroups.TargetGroupArn": "arn",
    }


_LISTENER = Spelling(
    kind="aws_lb_listener",
    renamed=_renamed("DefaultActions", "default_action"),
    attributes={"ListenerArn": "arn"},
)
_RULE = Spelling(kind="aws_lb_listener_rule", renamed=_renamed("Actions", "action"))

SPELLINGS = {
    "AWS::ElasticLoadBalancingV2::Listener": _LISTENER,
    "AWS::ElasticLoadBalancingV2::ListenerRule": _RULE,
    "Listeners": _LISTENER,
    "Rules": _RULE,
}
