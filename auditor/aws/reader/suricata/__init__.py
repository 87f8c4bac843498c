"""Suricata rules: their text -> what of them decides, in the model's words.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-suricata.html
https://docs.suricata.io/en/suricata-7.0.8/rules/intro.html
"""

from auditor.aws.reader.suricata.headers import Header, Selections, header_of
from auditor.aws.reader.suricata.lines import Line, lines_of
from auditor.aws.reader.suricata.rules import parsed, rules_of
from auditor.aws.reader.suricata.sets import Place, Sets
from auditor.aws.reader.suricata.wording import Option, option_of, options_of

__all__ = [
    "Header",
    "Line",
    "Option",
    "Place",
    "Selections",
    "Sets",
    "header_of",
    "lines_of",
    "option_of",
    "options_of",
    "parsed",
    "rules_of",
]
