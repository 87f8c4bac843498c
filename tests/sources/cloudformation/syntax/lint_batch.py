"""What cfn-lint's loaders say of texts: run by a Python that has it, texts in and answers out as JSON."""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any

DATE = "<a date>"


def answer(text: str) -> dict[str, Any]:
    """The value of a text, or the places (from 1) that cfn-lint refuses it for."""
    from cfnlint.decode import cfn_json, cfn_yaml
    from cfnlint.decode.cfn_yaml import CfnParseError
    from yaml import YAMLError

    try:
        if text.lstrip().startswith("{"):
            return {"value": told(json.loads(text, cls=cfn_json.CfnJSONDecoder))}
        return {"value": told(cfn_yaml.loads(text, "template"))}
    except (CfnParseError, cfn_json.JSONDecodeError) as error:
        return {"refused": sorted({match.linenumber for match in error.matches})}
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return {"refused": [mark.line + 1 if mark else 0]}


def told(value: Any) -> Any:
    """A value as JSON has it; dates, which CloudFormation does not know, by a sign."""
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, list):
        return [told(each) for each in value]
    return DATE if isinstance(value, datetime.date) else value


if __name__ == "__main__":
    json.dump([answer(text) for text in json.load(sys.stdin)], sys.stdout)
