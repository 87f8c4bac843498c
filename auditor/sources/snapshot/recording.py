"""AWS Config: what it recorded of each thing, in the words of the API or of CloudFormation.

https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from auditor.sources.snapshot.answers import Answers
from auditor.sources.snapshot.files import Seen
from auditor.sources.snapshot.kinds import KINDS_BY_NAME, RECORDED
from auditor.sources.snapshot.kinds.finding import identity
from auditor.sources.snapshot.nodes import DEEPEST, body
from auditor.sources.snapshot.text import Stretch
from auditor.sources.snapshot.thing import Thing
from auditor.tree import GapKind, Location

_GONE = ("ResourceDeleted", "ResourceDeletedNotRecorded")
_RANGES = "ipRanges"


def read_items(answers: Answers, items: Stretch) -> None:
    """Put all that Config recorded where it belongs."""
    for item in items.items():
        value, at = item.value(), answers.lines.at(item.start)
        if isinstance(value, dict):
            _item(answers, value, at)
        else:
            answers.things.gap(GapKind.INVALID, "a configuration item", at, "it is no object")


def _item(answers: Answers, item: Mapping[str, Any], at: Location) -> None:
    kind, name, moment = item.get("resourceType"), item.get("resourceId"), _moment(item)
    if not isinstance(kind, str) or not kind.startswith("AWS::"):
        return
    if item.get("configurationItemStatus") in _GONE:
        answers.things.end((str(name), _arn(item)), moment)
        return
    seen = _seen(item, answers.seen)
    configuration = _configuration(item)
    if configuration is None:
        if kind in RECORDED:
            why = "AWS Config has no configuration of it"
            answers.things.gap(GapKind.RESOURCE, f"{kind} {name}", at, why, "a snapshot that describes it")
        return
    if kind in RECORDED:
        _recorded(
            answers, (RECORDED[kind], str(name)), _tagged(_api(configuration), item), at, (seen, moment)
        )
    else:
        _modelled(answers, (kind, _arn(item) or str(name)), _tagged(configuration, item), at, (seen, moment))


def _recorded(
    answers: Answers, named: tuple[str, str], value: dict[str, Any], at: Location, sight: tuple[Seen, str]
) -> None:
    kind, (seen, when) = KINDS_BY_NAME[named[0]], sight
    if identity(kind, value) is None:
        value[kind.id[0].split("|")[0]] = named[1]
    answers.coverage.told(seen, kind.keys[0], at)
    answers.things.add(kind, value, at, seen, when=when)


def _modelled(
    answers: Answers, named: tuple[str, str], value: Mapping[str, Any], at: Location, sight: tuple[Seen, str]
) -> None:
    """What Config recorded as its CloudFormation type has it."""
    seen, when = sight
    answers.things.put(
        Thing(kind=named[0], address=named[1], body=body(value, at), seen=seen, home=seen, when=when)
    )


def _moment(item: Mapping[str, Any]) -> str:
    """When an item was recorded: UTC, so that its text sorts as its time does."""
    when = item.get("configurationItemCaptureTime")
    return when if isinstance(when, str) else ""


def _seen(item: Mapping[str, Any], seen: Seen) -> Seen:
    account = item.get("awsAccountId") or item.get("accountId")
    region = item.get("awsRegion")
    return Seen(
        account if isinstance(account, str) else seen.account,
        region if isinstance(region, str) else seen.region,
    )


def _arn(item: Mapping[str, Any]) -> str:
    found = item.get("ARN") or item.get("arn")
    return found if isinstance(found, str) else ""


def _configuration(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was recorded: an object, or the text of one."""
    found = item.get("configuration")
    if isinstance(found, str):
        try:
            found = msgspec.json.decode(found)
        except (msgspec.MsgspecError, RecursionError):
            return None
    return found if isinstance(found, dict) and found else None


def _tagged(value: dict[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    tags = item.get("tags")
    if isinstance(tags, dict) and tags and not {"Tags", "TagList", "TagSet"} & set(value):
        value["Tags"] = [{"Key": key, "Value": text} for key, text in tags.items()]
    return value


def _api(value: Any, depth: int = 0) -> Any:
    """The API's words: Config begins them with a small letter, and has a rule's IPv4 ranges twice."""
    if depth > DEEPEST:
        return value
    if isinstance(value, list):
        return [_api(inner, depth + 1) for inner in value]
    if not isinstance(value, dict):
        return value
    twice = "ipv4Ranges" in value
    renamed = {"ipv4Ranges": "IpRanges"} if twice else {}
    return {
        renamed.get(key, key[:1].upper() + key[1:]): _api(
            _ranges(inner) if key == _RANGES else inner, depth + 1
        )
        for key, inner in value.items()
        if not (twice and key == _RANGES)
    }


def _ranges(value: Any) -> Any:
    """The ranges of a rule, which older recordings have as text."""
    if not isinstance(value, list):
        return value
    return [{"cidrIp": each} if isinstance(each, str) else each for each in value]
