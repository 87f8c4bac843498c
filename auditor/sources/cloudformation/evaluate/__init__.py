"""Syntax to values: what the input decides is computed, what it does not keeps its bounds."""

from auditor.sources.cloudformation.evaluate import (
    choices,
    collections,
    joining,
    lists,
    logic,
    references,
    rules,
    transforms,
)
from auditor.sources.cloudformation.evaluate.dispatch import COLLECTIONS, FUNCTIONS, evaluate
from auditor.sources.cloudformation.evaluate.frame import Frame, Run
from auditor.sources.cloudformation.syntax.nodes import Entries, Items

COLLECTIONS.update({Items: collections.sequence, Entries: collections.mapping})
FUNCTIONS.update(
    {
        "Ref": references.ref,
        "Fn::GetAtt": references.get_att,
        "Fn::ImportValue": references.import_value,
        "Fn::GetStackOutput": references.get_stack_output,
        "Fn::Sub": joining.sub,
        "Fn::Join": joining.join,
        "Fn::Base64": joining.base64,
        "Fn::ToJsonString": joining.to_json_string,
        "Fn::Split": lists.split,
        "Fn::Select": lists.select,
        "Fn::Length": lists.length,
        "Fn::GetAZs": lists.get_azs,
        "Fn::Cidr": lists.cidr,
        "Fn::If": choices.if_,
        "Fn::FindInMap": choices.find_in_map,
        "Fn::Transform": transforms.transform,
        "Fn::RefAll": rules.ref_all,
        "Fn::ValueOf": rules.value_of,
        "Fn::ValueOfAll": rules.value_of,
        "Condition": logic.as_value,
        **dict.fromkeys(logic.CONDITIONS, logic.as_value),
    }
)

__all__ = ["Frame", "Run", "evaluate"]
